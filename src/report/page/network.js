// The neighbourhood of one actor, piece of equipment or place: what flows from whom to whom. Never more than a few around the one that is chosen.
import * as Plot from "@observablehq/plot";
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { h, picture, plural, roving, tooltip } from "./dom.js";

/** Neighbours that are drawn. */
const MOST = 14;
/** Whom one can put in the middle, those with most claims first; others are reached by their names in articles. */
const CHOICES = 200;
/** Flows that the list tells. */
const FLOWS = 12;
const SYMBOLS = { equipment: "square", place: "triangle", state: "circle", person: "circle", organisation: "circle", unit: "circle" };
const GROUPS = [["Actors", ["state", "person", "organisation", "unit"]], ["Equipment", ["equipment"]], ["Places", ["place"]]];

/** Events that bring somebody or something to their place; what else happens, happens there. */
const TOWARDS = new Set(["Deployed", "Arrived", "Returned", "Transferred", "Evacuated", "Displaced", "Launched", "Struck"]);

/**
 * The flows that a claim tells: from whom to whom, or who and where.
 * @param {any} claim @returns {{from: any, to: any, there: boolean}[]}
 */
function flows(claim) {
  const { agent = [], recipient = [], countedActor = [], place = [], origin = [], equipment = [] } = claim.roles;
  const all = [];
  const flow = (from, to, there = false) => {
    for (const one of from) for (const other of to) if (one !== other) all.push({ from: one, to: other, there });
  };
  const targets = recipient.length ? recipient : countedActor;
  const there = !TOWARDS.has(claim.event);
  flow(agent, targets);
  flow(agent, equipment);
  flow(equipment, targets);
  flow(origin, place);
  const subjects = [countedActor, agent, equipment].find((some) => some.length) ?? [];
  flow(subjects, place, there);
  return all;
}

export class Network {
  /** @param {any} model @param {(claim: any) => void} open */
  constructor(model, open) {
    this.model = model;
    this.open = open;
    this.flows = model.claims.map(flows);
    this.chosen = model.claims;
    this.select = h("select", { id: "network-of", onchange: () => this.centre(model.entities[Number(this.select.value)]) });
    this.picture = h("div", { class: "picture" });
    this.list = h("div", { class: "flows" });
    this.element = h("section", { id: "network", "aria-labelledby": "network-title" },
      h("h2", { id: "network-title" }, "Who with whom"),
      h("p", { class: "field inline" }, h("label", { for: "network-of" }, "Around "), this.select),
      this.picture, this.list);
    new ResizeObserver(() => this.picture.clientWidth !== this.drawn && this.draw()).observe(this.picture);
  }

  /** @param {any[]} chosen */
  update(chosen) {
    this.chosen = chosen;
    const counts = new Map();
    for (const claim of chosen) {
      for (const entity of new Set(this.flows[claim.index].flatMap(({ from, to }) => [from, to]))) counts.set(entity, (counts.get(entity) ?? 0) + 1);
    }
    const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0].name.localeCompare(b[0].name));
    if (!this.entity || !counts.has(this.entity)) this.entity = sorted[0]?.[0] ?? null;
    const choices = sorted.filter(([entity], at) => at < CHOICES || entity === this.entity);
    this.select.replaceChildren(...GROUPS.map(([label, kinds]) => h("optgroup", { label },
      choices.filter(([entity]) => kinds.includes(entity.kind)).map(([entity, count]) => h("option", { value: entity.index, selected: entity === this.entity }, `${entity.name} (${count})`)))));
    this.draw();
  }

  /** Chooses what stands in the middle. @param {any} entity */
  centre(entity) {
    this.entity = entity;
    this.update(this.chosen);
  }

  draw() {
    this.drawn = this.picture.clientWidth;
    const { entity } = this;
    if (!entity) {
      this.picture.replaceChildren(h("p", { class: "empty" }, "No flow under these filters."));
      this.list.replaceChildren();
      return;
    }
    const edges = new Map();
    const neighbours = new Map();
    for (const claim of this.chosen) {
      for (const { from, to, there } of this.flows[claim.index]) {
        if (from !== entity && to !== entity) continue;
        const key = `${from.index} ${to.index} ${claim.event}`;
        const edge = edges.get(key) ?? { from, to, there, event: claim.event, claims: [] };
        edge.claims.push(claim);
        edges.set(key, edge);
        const other = from === entity ? to : from;
        neighbours.set(other, (neighbours.get(other) ?? 0) + 1);
      }
    }
    const nearest = new Set([...neighbours].sort((a, b) => b[1] - a[1] || a[0].index - b[0].index).slice(0, MOST).map(([other]) => other));
    const kept = [...edges.values()].filter(({ from, to }) => nearest.has(from === entity ? to : from)).sort((a, b) => b.claims.length - a.claims.length);
    if (kept.length === 0) {
      this.picture.replaceChildren(h("p", { class: "empty" }, `No claim under these filters says what ${entity.name} did or had done to it.`));
      this.list.replaceChildren();
      return;
    }
    this.picture.replaceChildren(this.network(entity, [...nearest], kept));
    this.list.replaceChildren(this.table(kept, neighbours.size - nearest.size));
  }

  network(entity, nearest, edges) {
    const width = Math.max(280, this.drawn);
    const height = Math.min(440, Math.max(320, width * 0.6));
    const nodes = [entity, ...nearest].map((one) => ({ entity: one, fx: one === entity ? width / 2 : undefined, fy: one === entity ? height / 2 : undefined }));
    const at = new Map(nodes.map((node) => [node.entity, node]));
    const links = new Map();
    for (const { from, to, there, event, claims } of edges) {
      const key = `${from.index} ${to.index} ${there}`;
      const one = links.get(key) ?? { source: at.get(from), target: at.get(to), there, count: 0, events: new Map() };
      one.count += claims.length;
      one.events.set(event, (one.events.get(event) ?? 0) + claims.length);
      links.set(key, one);
    }
    const all = [...links.values()];
    // The layout starts from fixed places and draws no chance: the same claims give the same picture.
    forceSimulation(nodes)
      .force("link", forceLink(all.map(({ source, target }) => ({ source, target }))).distance(Math.min(width, height) * 0.36).strength(0.5))
      .force("charge", forceManyBody().strength(-420))
      .force("apart", forceCollide(34))
      .force("x", forceX(width / 2).strength(0.05)).force("y", forceY(height / 2).strength(0.13))
      .stop().tick(240);
    for (const node of nodes) {
      // The room is wider than it is high.
      node.x = width / 2 + (node.x - width / 2) * (width > 600 ? 1.45 : 1);
      node.x = Math.max(60, Math.min(width - 60, node.x));
      node.y = Math.max(20, Math.min(height - 34, node.y));
    }
    const most = Math.max(...all.map(({ count }) => count));
    const figure = picture(Plot.plot({
      width, height, margin: 0, axis: null, x: { domain: [0, width], range: [0, width] }, y: { domain: [height, 0], range: [height, 0] },
      color: { type: "identity" }, symbol: { type: "identity" }, r: { type: "identity" },
      marks: [
        Plot.link(all.filter(({ there }) => there), { x1: (d) => d.source.x, y1: (d) => d.source.y, x2: (d) => d.target.x, y2: (d) => d.target.y,
          stroke: "var(--faint)", strokeWidth: (d) => 1 + (2 * d.count) / most, strokeDasharray: "2 4" }),
        Plot.arrow(all.filter(({ there }) => !there), { x1: (d) => d.source.x, y1: (d) => d.source.y, x2: (d) => d.target.x, y2: (d) => d.target.y, bend: 12, inset: 15, headLength: 9,
          stroke: "var(--faint)", strokeWidth: (d) => 1.25 + (2.5 * d.count) / most, className: "flow" }),
        // Nearer to the neighbour than to the middle, where all lines meet.
        Plot.text(all, { x: (d) => between(d, entity, "x"), y: (d) => between(d, entity, "y"), text: (d) => [...d.events.keys()].slice(0, 2).join(", ") + (d.there ? " there" : ""),
          fill: "var(--quiet)", stroke: "var(--page)", strokeWidth: 4, fontSize: 10.5 }),
        Plot.dot(nodes, { x: "x", y: "y", r: (d) => (d.entity === entity ? 12 : 8), symbol: (d) => SYMBOLS[d.entity.kind] ?? "diamond", fill: (d) => `var(--kind-${d.entity.kind})`,
          stroke: "var(--page)", strokeWidth: 1.5, className: "node" }),
        Plot.text(nodes, { x: "x", y: "y", dy: 21, text: (d) => (d.entity.name.length > 24 ? `${d.entity.name.slice(0, 23)}…` : d.entity.name),
          fill: "currentColor", stroke: "var(--page)", strokeWidth: 4, fontSize: 11.5, fontWeight: (d) => (d.entity === entity ? 700 : 400) }),
      ],
    }));
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", `${entity.name} and ${plural(nearest.length, "neighbour")}; arrow keys move between them, Enter puts one in the middle`);
    const points = [...figure.querySelectorAll("g.node > *")];
    for (const point of points) {
      const node = nodes[point.__data__];
      const own = all.filter(({ source, target }) => source === node || target === node);
      const told = own.map(({ source, target, there, events }) => `${source.entity.name} ${there ? "in" : "→"} ${target.entity.name}: ${[...events].map(([event, count]) => `${event} (${count})`).join(", ")}`);
      point.setAttribute("role", "button");
      point.setAttribute("class", "point");
      point.setAttribute("aria-label", `${node.entity.name}, ${node.entity.kind}; ${told.slice(0, 4).join("; ")}`);
      point.addEventListener("click", () => this.centre(node.entity));
      tooltip(point, () => [h("strong", {}, node.entity.name), h("span", {}, node.entity.kind), ...told.slice(0, 6).map((words) => h("span", {}, words))]);
    }
    roving(points);
    return figure;
  }

  table(edges, beyond) {
    return h("div", {}, h("table", { class: "small" }, h("caption", {}, "What flows to whom, and what happened where"),
      h("thead", {}, h("tr", {}, ["Who or what", "To or in", "Event", "Claims"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, edges.slice(0, FLOWS).map(({ from, to, there, event, claims }) => h("tr", {},
        h("td", {}, from.name), h("td", {}, `${there ? "in" : "→"} ${to.name}`), h("td", {}, event),
        h("td", {}, h("div", { class: "row" }, distinct(claims).slice(0, 3).map((claim) => h("button", { type: "button", class: "plain", onclick: () => this.open(claim) }, claim.title)),
          claims.length > 3 && h("span", { class: "note" }, `${claims.length} in all`))))))),
      (edges.length > FLOWS || beyond > 0) && h("p", { class: "note" }, [edges.length > FLOWS && `${plural(edges.length - FLOWS, "further flow")}`, beyond > 0 && `${plural(beyond, "further neighbour")}`].filter(Boolean).join(" and "), " not shown."));
  }
}

/** A point of a line, some way from the middle of the picture, another for each sort of line between two. */
function between({ source, target, there }, entity, axis) {
  const [near, far] = source.entity === entity ? [source, target] : [target, source];
  return near[axis] + (far[axis] - near[axis]) * (there ? 0.58 : source.entity === entity ? 0.74 : 0.42);
}

/** Claims of which no two are told alike. @param {any[]} claims */
const distinct = (claims) => [...new Map(claims.map((claim) => [claim.title, claim])).values()];
