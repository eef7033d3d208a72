// The running figures: a list, most reports first, and the chart of the one that is chosen.
import { chart, legend, reports, troubles } from "./chart.js";
import { dayWords } from "./data.js";
import { h, plural } from "./dom.js";

/** Figures in the list before it is asked to show more. */
const SHOWN = 6;

export class Figures {
  /** @param {any} model @param {(claim: any) => void} open */
  constructor(model, open) {
    this.model = model;
    this.open = open;
    this.shown = SHOWN;
    this.list = h("ol", { class: "series", "aria-label": "Running figures" });
    this.more = h("button", { type: "button", class: "quiet", onclick: () => this.showMore() });
    this.chart = h("div", { class: "chart" });
    this.element = h("section", { id: "figures", "aria-labelledby": "figures-title" },
      h("h2", { id: "figures-title" }, "Figures over time"),
      h("div", { class: "figures" }, h("div", { class: "chooser" }, this.list, this.more), this.chart));
    new ResizeObserver(() => this.width() !== this.drawn && this.drawChart()).observe(this.chart);
  }

  width() {
    return Math.max(260, Math.floor(this.chart.clientWidth));
  }

  showMore() {
    const before = this.shown;
    this.shown += 24;
    this.drawList();
    this.list.children[before]?.querySelector("button").focus();
  }

  /** @param {any[]} chosen @param {any} selected */
  update(chosen, selected) {
    this.chosen = new Set(chosen);
    this.selected = selected;
    this.series = this.model.series
      .map((series) => ({ series, count: series.claims.filter((claim) => this.chosen.has(claim)).length }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || a.series.index - b.series.index);
    if (!this.series.some(({ series }) => series === this.current)) this.current = this.series[0]?.series ?? null;
    this.drawList();
    this.drawChart();
  }

  /** Shows the series of a claim. @param {any} claim */
  select(claim) {
    this.selected = claim;
    if (claim?.series && this.chosen.has(claim)) this.current = claim.series;
    this.drawList();
    this.drawChart();
  }

  drawList() {
    this.list.replaceChildren(...this.series.slice(0, this.shown).map(({ series }) => this.item(series)));
    const rest = this.series.length - this.shown;
    this.more.hidden = rest <= 0;
    this.more.textContent = `Show more of ${plural(rest, "further figure")}`;
    if (this.series.length === 0) this.list.append(h("li", { class: "empty" }, "No running figure under these filters."));
  }

  item(series) {
    const all = reports(series, this.chosen);
    const told = all.reduce((sum, { repeats }) => sum + repeats.length + 1, 0);
    const wrong = all.filter(({ claim }) => troubles(claim).length > 0).length;
    const last = all.at(-1).claim;
    const first = all[0].claim;
    const course = first.figure === last.figure ? last.figure : `${first.figure} → ${last.figure}`;
    return h("li", {}, h("button", { type: "button", class: "one", "aria-pressed": String(series === this.current), onclick: () => {
      this.current = series;
      for (const button of this.list.querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
      this.list.querySelector(`[data-series="${series.index}"]`)?.setAttribute("aria-pressed", "true");
      this.drawChart();
    }, "data-series": series.index },
      h("span", { class: "what" }, title(series)),
      h("span", { class: "course" }, course),
      h("span", { class: "facts" }, `${plural(told, "report")}, ${plural(new Set(all.map(({ claim }) => claim.sourceName)).size, "source")}`,
        wrong > 0 && h("span", { class: "trouble" }, ` · ${wrong} disputed`))));
  }

  drawChart() {
    const series = this.current;
    this.drawn = this.width();
    if (!series) {
      this.chart.replaceChildren(h("p", { class: "empty" }, "Nothing to draw."));
      return;
    }
    const { element, marks } = chart(series, this.chosen, this.drawn, this.selected, this.open);
    const shown = series.claims.filter((claim) => this.chosen.has(claim));
    const without = shown.length - marks.reduce((sum, { repeats }) => sum + repeats.length + 1, 0);
    const notes = [
      shown.length < series.total && `${shown.length} of its ${series.total} claims are shown.`,
      without > 0 && `${plural(without, "claim")} without a day or a number ${without === 1 ? "is" : "are"} in the table alone.`,
    ].filter(Boolean);
    this.chart.replaceChildren(
      h("h3", {}, title(series)),
      h("p", { class: "period" }, period(shown)),
      element, legend(series, marks),
      h("p", { class: "key" }, "Bars are ranges and “about”; arrows are “at least” and “at most”. ",
        marks.some((mark) => mark.troubles.length) && h("span", { class: "trouble" }, "Ringed: ! contradicted, ≠ misreported. "),
        marks.some((mark) => mark.repeats.length) && "×2 counts reprints. ", notes.join(" ")));
  }
}

/** @param {any} series */
export function title(series) {
  const counted = new Map();
  for (const { said } of series.claims) if (said.counted) counted.set(said.counted, (counted.get(said.counted) ?? 0) + 1);
  const most = [...counted].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length)[0]?.[0];
  const where = [series.actor?.name, series.place?.name].filter((name, at, all) => name && all.indexOf(name) === at);
  return [series.event + (most ? `: ${most}` : ""), ...where].join(" · ");
}

function period(claims) {
  const days = claims.map((claim) => claim.dayText).filter(Boolean).sort();
  if (days.length === 0) return "";
  return days[0] === days.at(-1) ? dayWords(days[0]) : `${dayWords(days[0])} to ${dayWords(days.at(-1))}`;
}
