// Places that claims name, on an outline of the world.
import * as Plot from "@observablehq/plot";
import { feature } from "topojson-client";
import world from "world-atlas/land-110m.json";
import { places } from "./data.js";
import { h, picture, plural, roving, tooltip } from "./dom.js";

const LAND = feature(world, world.objects.land);
/** Places that are drawn, those with most claims first. */
const MOST = 300;
/** Places whose names are written out, as far as they do not cover each other. */
const NAMED = 14;

export class PlaceMap {
  /** @param {(entity: any) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.near = true;
    this.zoom = h("button", { type: "button", class: "quiet", onclick: () => { this.near = !this.near; this.draw(); } });
    this.picture = h("div", { class: "picture" });
    this.note = h("p", { class: "note" });
    this.element = h("section", { id: "places", "aria-labelledby": "places-title" },
      h("h2", { id: "places-title" }, "Places"), h("p", {}, this.zoom), this.picture, this.note);
    new ResizeObserver(() => this.picture.clientWidth !== this.drawn && this.draw()).observe(this.picture);
  }

  /** @param {any[]} chosen */
  update(chosen) {
    const counts = new Map();
    let unplaced = 0;
    for (const claim of chosen) {
      for (const place of new Set(places(claim))) {
        if (!place.at) continue;
        if (!counts.has(place)) counts.set(place, []);
        counts.get(place).push(claim);
      }
      const named = places(claim);
      if (named.length > 0 && !named.some((place) => place.at)) unplaced += 1;
    }
    const all = [...counts].map(([entity, claims]) => ({ entity, claims, lat: entity.at[0], lon: entity.at[1] })).sort((a, b) => b.claims.length - a.claims.length || a.entity.index - b.entity.index);
    this.points = all.slice(0, MOST);
    this.note.textContent = [
      all.length > MOST && `The ${MOST} places with most claims, of ${all.length.toLocaleString("en-GB")}.`,
      unplaced > 0 && `${plural(unplaced, "claim")} of places whose coordinates are not known.`,
    ].filter(Boolean).join(" ");
    this.draw();
  }

  draw() {
    this.drawn = this.picture.clientWidth;
    this.zoom.textContent = this.near ? "Show the whole world" : "Show these places closer";
    const { points } = this;
    if (!points) return;
    const width = Math.max(280, this.drawn);
    const height = Math.round(Math.min(520, width * (width < 600 ? 0.8 : 0.5)));
    const near = this.near && points.length > 0;
    const domain = near ? around(points) : { type: "Sphere" };
    const most = points[0]?.claims.length ?? 1;
    const figure = picture(Plot.plot({
      width, height, margin: 0, projection: { type: near ? "mercator" : "equal-earth", domain, inset: near ? 24 : 2, clip: "frame" },
      color: { type: "identity" }, r: { type: "identity" },
      marks: [
        Plot.geo(LAND, { fill: "var(--land)", stroke: "var(--shore)", strokeWidth: 0.75, className: "land" }),
        Plot.dot(points, { x: "lon", y: "lat", r: (d) => 4 + 9 * Math.sqrt(d.claims.length / most), fill: "var(--kind-place)", fillOpacity: 0.75, stroke: "var(--page)", className: "place", sort: null }),
        Plot.text(points.slice(0, NAMED), { x: "lon", y: "lat", text: (d) => d.entity.name, dy: -13, fill: "currentColor", stroke: "var(--page)", strokeWidth: 3.5, fontSize: 11.5, className: "name" }),
      ],
    }));
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", `${plural(points.length, "place")} on a map; arrow keys move between them, Enter shows their claims`);
    const dots = [...figure.querySelectorAll("g.place > *")];
    for (const dot of dots) {
      const { entity, claims } = points[dot.__data__];
      dot.setAttribute("role", "button");
      dot.setAttribute("class", "point");
      dot.setAttribute("aria-label", `${entity.name}: ${plural(claims.length, "claim")}`);
      dot.addEventListener("click", () => this.choose(entity));
      tooltip(dot, () => [h("strong", {}, entity.name), h("span", {}, plural(claims.length, "claim")), ...claims.slice(0, 4).map((claim) => h("span", {}, `${claim.event}: ${claim.title}`))]);
    }
    roving(dots);
    this.picture.replaceChildren(figure);
    thin([...figure.querySelectorAll("g.name > *")]);
  }
}

/** Takes out names that would cover others, which are of places with more claims. @param {any[]} names */
function thin(names) {
  const kept = [];
  for (const name of names) {
    const own = name.getBoundingClientRect();
    const covers = (other) => own.left < other.right && own.right > other.left && own.top < other.bottom && own.bottom > other.top;
    if (kept.some(covers)) name.remove();
    else kept.push(own);
  }
}

/** What the places span, with some land around them. */
function around(points) {
  const [lons, lats] = [points.map(({ lon }) => lon), points.map(({ lat }) => lat)];
  const pad = (values, least) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const more = Math.max((least - (high - low)) / 2, (high - low) * 0.05);
    return [low - more, high + more];
  };
  const [west, east] = pad(lons, 16);
  const [south, north] = pad(lats, 10);
  const clamp = (value, most) => Math.max(-most, Math.min(most, value));
  return { type: "MultiPoint", coordinates: [[clamp(west, 179.9), clamp(south, 78)], [clamp(east, 179.9), clamp(north, 78)]] };
}
