// The page: its parts, and how a choice in one shows in the others.
import { ArticlePane } from "./article.js";
import { dayWords, read } from "./data.js";
import { h, hideTooltip, plural } from "./dom.js";
import { Figures } from "./figures.js";
import { Filters } from "./filters.js";
import { LeftOut } from "./left-out.js";
import { PlaceMap } from "./map.js";
import { Network } from "./network.js";
import { Table } from "./table.js";

const model = read(document.getElementById("data").textContent);
let selected = null;

const open = (claim) => {
  hideTooltip();
  selected = claim;
  pane.show(claim);
  table.select(claim);
  figures.select(claim);
};
const goTo = (element) => {
  element.scrollIntoView({ block: "start" });
  element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
};
const pane = new ArticlePane(model, {
  open,
  entity: (entity) => {
    network.centre(entity);
    if (document.body.classList.contains("article-open") && innerWidth <= 1080) pane.close();
    goTo(network.element);
  },
  // The mark that was clicked has been drawn anew since.
  close: () => document.querySelector(".chart .point.selected")?.focus(),
});
const figures = new Figures(model, open);
const table = new Table(open);
const network = new Network(model, open);
const map = new PlaceMap((entity) => {
  filters.set({ place: String(entity.index) });
  goTo(table.element);
});
const leftOut = new LeftOut(model);
/** What stands further down is drawn after what the reader looks at, each part by itself. */
const PAUSE = 120;
let later = [];
const filters = new Filters(model, (chosen) => {
  hideTooltip();
  figures.update(chosen, selected);
  table.update(chosen, selected);
  later.forEach(clearTimeout);
  later = [leftOut, network, map].map((part, at) => setTimeout(() => part.update(chosen), PAUSE * (at + 1)));
});

const { about, articles, claims, series } = model;
const days = articles.map((article) => article.day).filter(Boolean).sort();
const outlets = new Set(articles.map((article) => article.publisher).filter(Boolean)).size;
document.querySelector(".masthead").append(h("div", {},
  h("h1", {}, "What was reported"),
  h("p", {}, [plural(articles.length, "article"), outlets > 0 && `from ${plural(outlets, "outlet")}`, days.length > 0 && `${dayWords(days[0])} to ${dayWords(days.at(-1))}`].filter(Boolean).join(" · "),
    ` · ${plural(claims.length, "claim")} · ${plural(series.length, "running figure")}`),
  about.articlesInGraph > articles.length
    && h("p", { class: "notice" }, `This page holds the most connected ${articles.length.toLocaleString("en-GB")} of the graph's ${plural(about.articlesInGraph, "article")}; the rest is left out for its size.`),
  h("nav", { "aria-label": "Parts of the page" }, [figures, table, network, map, leftOut].map(({ element }) => h("a", { href: `#${element.id}` }, element.querySelector("h2").textContent)))));
document.querySelector("main").replaceChildren(filters.element, figures.element, table.element, network.element, map.element, leftOut.element);
document.querySelector("main").after(pane.element);
document.querySelector(".made").textContent = `Made by wiregraph ${about.version}. Figures are what was reported, not what is true; each leads to the sentence that says it.`;
filters.set({});
// On a wide screen the pane is never empty: it starts with the claim of the first figure that most others answer.
const answers = (claim) => claim.links.length + claim.linked.length;
const first = [...(figures.series[0]?.series.claims ?? claims)].sort((a, b) => answers(b) - answers(a) || a.index - b.index)[0];
if (first && innerWidth > 1080) pane.show(first, false);
document.documentElement.dataset.ready = "true";
