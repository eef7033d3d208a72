// One running figure over time: a mark a report, its bounds as an interval, colour and shape by source.
import * as Plot from "@observablehq/plot";
import { LINKS, dayWords } from "./data.js";
import { h, picture, plural, roving, tooltip } from "./dom.js";

const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "cross", "wye"];
/** What the sources beyond those that have a colour and a shape of their own share. */
const OTHERS = { color: "var(--other)", symbol: "hexagon" };
const DAY = 86_400_000;
const PLAIN = new Intl.NumberFormat("en-GB");
const BIG = new Intl.NumberFormat("en-GB", { notation: "compact" });
/** Pixels between marks of one day and one figure. */
const APART = 15;

/** The look of each source of a series: those with most reports have a shape of their own. @param {any} series @returns {Map<string, {color: string, symbol: string}>} */
export function looks(series) {
  const counts = new Map();
  for (const claim of series.claims) counts.set(claim.sourceName, (counts.get(claim.sourceName) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
  return new Map(sorted.map((name, at) => [name, at < SYMBOLS.length ? { color: `var(--source-${at + 1})`, symbol: SYMBOLS[at] } : OTHERS]));
}

/** The reports of a series: claims that are chosen, each with those that repeat it. @param {any} series @param {Set<any>} chosen */
export function reports(series, chosen) {
  const all = new Map();
  for (const claim of series.claims) {
    if (!chosen.has(claim)) continue;
    const first = claim.first && chosen.has(claim.first) ? claim.first : claim;
    all.set(first, [...(all.get(first) ?? []), ...(first === claim ? [] : [claim])]);
  }
  return [...all].map(([claim, repeats]) => ({ claim, repeats })).sort((a, b) => a.claim.dayText.localeCompare(b.claim.dayText) || a.claim.index - b.claim.index);
}

/** What is wrong with a claim's figure, in words: contradictions and misreports, from either side. @param {any} claim */
export function troubles(claim) {
  const side = (links, at) => links.filter(({ kind }) => kind === "contradicts" || kind === "misreports")
    .map(({ kind, other, reason }) => ({ kind, other, reason, words: LINKS[kind][at] }));
  return [...side(claim.links, 0), ...side(claim.linked, 1)];
}

/** What a mark says on hover and on focus. */
function told({ claim, repeats }) {
  const { article } = claim;
  return [
    h("strong", {}, claim.title),
    h("span", {}, [claim.sourceName, dayWords(claim.dayText), article.publisher?.name].filter(Boolean).join(" · ")),
    h("span", {}, `${claim.certainty}, confidence ${claim.confidence.toFixed(2)}`),
    repeats.length > 0 && h("span", {}, `and ${plural(repeats.length, "reprint")} of it`),
    ...troubles(claim).map(({ words, other, reason }) => h("span", { class: "trouble" }, `${words} “${other.figure}”: ${reason}`)),
  ].filter(Boolean);
}

/**
 * @param {any} series @param {Set<any>} chosen @param {number} width
 * @param {any} selected @param {(claim: any) => void} open
 */
export function chart(series, chosen, width, selected, open) {
  const all = reports(series, chosen);
  const marks = all.filter(({ claim }) => claim.day && claim.value !== null).map((report) => ({ ...report }));
  if (marks.length === 0) return { element: h("p", { class: "empty" }, "None of its reports has both a day and a number."), marks };
  const look = looks(series);
  const narrow = width < 500;
  const times = marks.map(({ claim }) => claim.day.getTime());
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const spread = Math.max(to - from, 2 * DAY);
  const domain = [new Date(from - spread * 0.05 - DAY / 2), new Date(to + spread * 0.08 + DAY / 2)];
  const marginLeft = 52;
  const perPixel = (domain[1] - domain[0]) / (width - marginLeft - 20);
  // Marks of one day and one figure stand side by side.
  const stacked = new Map();
  for (const mark of marks) {
    const key = `${mark.claim.dayText} ${mark.claim.value}`;
    const before = stacked.get(key) ?? 0;
    stacked.set(key, before + 1);
    mark.x = new Date(mark.claim.day.getTime() + before * APART * perPixel);
    mark.y = mark.claim.value;
    Object.assign(mark, look.get(mark.claim.sourceName) ?? OTHERS);
    mark.troubles = troubles(mark.claim);
  }
  const highest = Math.max(...marks.map(({ claim }) => claim.most ?? claim.value));
  const top = highest > 0 ? highest * 1.12 : 1;
  const open_ = top * 0.09;
  const whiskers = marks.filter(({ claim }) => claim.most !== null && claim.least !== claim.most && claim.least > 0);
  const upwards = marks.filter(({ claim }) => claim.most === null && claim.least !== null);
  const downwards = marks.filter(({ claim }) => claim.least === 0 && claim.most > 0);
  const at = new Map(marks.flatMap((mark) => [[mark.claim, mark], ...mark.repeats.map((claim) => [claim, mark])]));
  const between = (kind) => marks.flatMap((mark) => mark.claim.links.filter((link) => link.kind === kind && at.has(link.other))
    .map((link) => ({ from: at.get(link.other), to: mark }))).filter(({ from, to }) => from !== to);
  const line = (data, options) => Plot.link(data, { x1: (d) => d.from.x, y1: (d) => d.from.y, x2: (d) => d.to.x, y2: (d) => d.to.y, ...options });
  const arrow = (data, to) => Plot.arrow(data, { x1: "x", x2: "x", y1: "y", y2: (d) => d.y + to, stroke: "color", strokeWidth: 1.75, headLength: 7, insetStart: 6, className: "open-bound" });
  const figure = Plot.plot({
    width, height: narrow ? 260 : 330, marginLeft, marginRight: 20, marginTop: 26, marginBottom: 34,
    x: { type: "utc", domain, ticks: narrow ? 3 : 6, label: null },
    y: { domain: [0, top], grid: true, ticks: 5, tickFormat: (d) => (top >= 100_000 ? BIG : PLAIN).format(d), label: series.claims[0].said.unitText ?? null, nice: true },
    marks: [
      Plot.ruleY([0], { stroke: "var(--line)" }),
      line(between("updates"), { stroke: "var(--faint)", strokeWidth: 1.25, className: "update" }),
      line(between("contradicts"), { stroke: "var(--trouble)", strokeWidth: 1.25, strokeDasharray: "4 3", className: "contradiction" }),
      Plot.ruleX(whiskers, { x: "x", y1: (d) => d.claim.least, y2: (d) => d.claim.most, stroke: "color", strokeWidth: 2, marker: "tick", className: "interval" }),
      arrow(upwards, open_), arrow(downwards, -open_),
      Plot.dot(marks.filter((mark) => mark.troubles.length), { x: "x", y: "y", r: 11, stroke: "var(--trouble)", strokeWidth: 1.75, className: "ring" }),
      Plot.dot(marks, { x: "x", y: "y", r: 6.5, symbol: "symbol", fill: "color", stroke: "var(--page)", strokeWidth: 1.25, className: "report" }),
      Plot.text(marks.filter((mark) => mark.repeats.length), { x: "x", y: "y", dx: 13, dy: 9, text: (d) => `×${d.repeats.length + 1}`, textAnchor: "start", fill: "currentColor", stroke: "var(--page)", strokeWidth: 3, fontWeight: 600 }),
      Plot.text(marks.filter((mark) => mark.troubles.length), { x: "x", y: "y", dx: -12, dy: -11, text: (d) => (d.troubles.some(({ kind }) => kind === "misreports") ? "≠" : "!"), fill: "var(--trouble)", fontWeight: 700 }),
    ],
    symbol: { type: "identity" }, color: { type: "identity" },
  });
  const element = picture(figure);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", `${plural(marks.length, "report")} over time; arrow keys move between them, Enter opens the sentence`);
  const points = [...element.querySelectorAll("g.report > *")];
  for (const point of points) {
    const mark = marks[point.__data__];
    const { claim, repeats } = mark;
    point.setAttribute("role", "button");
    point.setAttribute("class", claim === selected ? "point selected" : "point");
    point.setAttribute("data-claim", claim.index);
    point.setAttribute("aria-label", [claim.title, claim.sourceName, dayWords(claim.dayText), repeats.length ? plural(repeats.length + 1, "report") : "",
      ...mark.troubles.map(({ words, other, reason }) => `${words} ${other.figure}: ${reason}`)].filter(Boolean).join("; "));
    point.addEventListener("click", () => open(claim));
    tooltip(point, () => told(mark));
  }
  roving(points);
  return { element, marks };
}

/** The sources of a series with their colour and shape. @param {any} series @param {any[]} marks */
export function legend(series, marks) {
  const shown = new Map(marks.map(({ claim, color, symbol }) => [claim.sourceName, { color, symbol }]));
  const named = [...looks(series)].filter(([name, look]) => shown.has(name) && look !== OTHERS);
  const others = [...shown.keys()].filter((name) => !named.some(([known]) => known === name));
  const item = (name, { color, symbol }) => h("li", {},
    picture(Plot.plot({ width: 16, height: 16, margin: 0, axis: null, x: { domain: [-1, 1] }, y: { domain: [-1, 1] }, color: { type: "identity" }, symbol: { type: "identity" },
      marks: [Plot.dot([0], { x: 0, y: 0, r: 5.5, fill: () => color, symbol: () => symbol })] })), name);
  const items = named.map(([name, look]) => item(name, look));
  if (others.length) items.push(item(others.length === 1 ? others[0] : `${others.length} other sources`, OTHERS));
  for (const svg of items.flatMap((one) => [...one.querySelectorAll("svg")])) svg.setAttribute("aria-hidden", "true");
  return h("ul", { class: "legend", "aria-label": "Sources" }, items);
}
