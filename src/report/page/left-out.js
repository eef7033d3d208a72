// What is not in the page, or not in full, and why.
import { h, plural } from "./dom.js";

/** Confidence below which claims are called doubtful here. */
const LOW = 0.2;
const SHOWN = 40;

export class LeftOut {
  /** @param {any} model */
  constructor(model) {
    this.model = model;
    this.hidden = h("p");
    const { about, articles, claims, omissions } = model;
    const unresolved = articles.flatMap((article) => article.references.filter(({ entity }) => !entity).map((reference) => ({ article, ...reference })));
    const low = claims.filter(({ confidence }) => confidence < LOW).length;
    const count = (test) => claims.filter(test).length;
    const whole = articles.filter((article) => article.whole).length;
    const list = [
      about.articlesInGraph > articles.length && `${plural(about.articlesInGraph - articles.length, "article")} and ${plural(about.claimsInGraph - claims.length, "claim")} of the graph: the page holds the most connected part of it, the articles of the figures with most reports first (--limit-mb).`,
      about.articlesInGraph === articles.length && claims.length < about.claimsInGraph && `${plural(about.claimsInGraph - claims.length, "claim")} whose sentence the graph does not hold.`,
      whole < articles.length && `The full text of ${plural(articles.length - whole, "article")}: the source file was not found beside the graph, or is no longer the same. Their quoted sentences are shown.`,
      `${plural(low, "claim")} of confidence below ${LOW.toFixed(2)} ${low === 1 ? "is" : "are"} shown; raise the confidence asked for above to hide ${low === 1 ? "it" : "them"}.`,
      `${plural(count((claim) => !claim.relation && !claim.series), "claim")} told once, or like no other: in the table, and in no chart.`,
      count((claim) => !claim.relation && claim.value === null) > 0 && `${plural(count((claim) => !claim.relation && claim.value === null), "claim")} with words for a number (“dozens”): in the table, and in no chart.`,
      count((claim) => claim.rejected) > 0 && `${plural(count((claim) => claim.rejected), "claim")} that an analyst has rejected: struck through in the table.`,
    ].filter(Boolean);
    this.element = h("section", { id: "left-out", "aria-labelledby": "left-out-title" },
      h("h2", { id: "left-out-title" }, "Left out, and why"),
      this.hidden,
      h("ul", {}, list.map((words) => h("li", {}, words))),
      h("h3", {}, "Documents"),
      omissions.length === 0 ? h("p", {}, "No document failed or was left out.")
        : table(["Document", "Stage", "Reason"], omissions.map(({ file, stage, reason, failed }) => [file, stage, `${failed ? "failed" : "left out"}: ${reason}`])),
      h("h3", {}, "Names that lead to nothing"),
      unresolved.length === 0 ? h("p", {}, "Every name leads to somebody or something.")
        : table(["Name", "Kind", "Article"], unresolved.map(({ name, kind, article }) => [name, kind, article.title])));
  }

  /** @param {any[]} chosen */
  update(chosen) {
    const rest = this.model.claims.length - chosen.length;
    this.hidden.textContent = rest > 0 ? `The filters hide ${plural(rest, "claim")}.` : "";
  }
}

function table(names, rows) {
  return h("div", {}, h("table", { class: "small" }, h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.slice(0, SHOWN).map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))),
    rows.length > SHOWN && h("p", { class: "note" }, `And ${rows.length - SHOWN} more.`));
}
