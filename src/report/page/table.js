// The claims that are wanted, as a table: sorted by any column, a page at a time.
import { dayWords } from "./data.js";
import { h, plural } from "./dom.js";

const PAGE = innerWidth > 720 ? 40 : 15;

const COLUMNS = [
  { name: "Claim", of: (claim) => claim.title, by: (claim) => claim.value ?? -Infinity },
  { name: "Event", of: (claim) => claim.event },
  { name: "Of", of: (claim) => claim.roles.countedActor?.[0]?.name ?? claim.roles.agent?.[0]?.name ?? "" },
  { name: "Place", of: (claim) => claim.roles.place?.[0]?.name ?? "" },
  { name: "Source", of: (claim) => claim.sourceName },
  { name: "Day", of: (claim) => dayWords(claim.dayText), by: (claim) => claim.dayText },
  { name: "Certainty", of: (claim) => claim.certainty },
  { name: "Confidence", of: (claim) => claim.confidence.toFixed(2), by: (claim) => claim.confidence },
];

export class Table {
  /** @param {(claim: any) => void} open */
  constructor(open) {
    this.open = open;
    this.sort = { column: 5, down: true };
    this.page = 0;
    this.headers = COLUMNS.map(({ name }, at) => h("th", { scope: "col" }, h("button", { type: "button", onclick: () => this.sortBy(at) }, name)));
    this.body = h("tbody");
    this.where = h("p", { class: "where", "aria-live": "polite" });
    this.back = h("button", { type: "button", onclick: () => this.turn(-1) }, "Previous");
    this.on = h("button", { type: "button", onclick: () => this.turn(1) }, "Next");
    this.element = h("section", { id: "claims", "aria-labelledby": "claims-title" },
      h("h2", { id: "claims-title" }, "Claims"),
      h("table", {}, h("caption", { class: "unseen" }, "Claims under the filters; a claim's button opens its sentence"), h("thead", {}, h("tr", {}, this.headers)), this.body),
      h("div", { class: "pager" }, this.back, this.where, this.on));
  }

  /** @param {any[]} chosen @param {any} selected */
  update(chosen, selected) {
    this.chosen = chosen;
    this.selected = selected;
    this.page = 0;
    this.order();
  }

  sortBy(column) {
    this.sort = { column, down: this.sort.column === column ? !this.sort.down : column >= 5 };
    this.page = 0;
    this.order();
  }

  order() {
    const { column, down } = this.sort;
    const { of, by = of } = COLUMNS[column];
    const keyed = this.chosen.map((claim) => ({ claim, key: by(claim) }));
    const compare = (a, b) => (typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0);
    // What has no value stands last, whichever way.
    const empty = (key) => key === "" || key === -Infinity;
    keyed.sort((a, b) => empty(a.key) - empty(b.key) || (down ? compare(b.key, a.key) : compare(a.key, b.key)) || a.claim.index - b.claim.index);
    this.sorted = keyed.map(({ claim }) => claim);
    for (const [at, header] of this.headers.entries()) header.setAttribute("aria-sort", at !== column ? "none" : down ? "descending" : "ascending");
    this.draw();
  }

  turn(by) {
    this.page += by;
    this.draw();
    this.element.scrollIntoView({ block: "start" });
  }

  /** @param {any} claim */
  select(claim) {
    this.selected = claim;
    for (const row of this.body.children) row.classList.toggle("selected", Number(row.dataset.claim) === claim?.index);
  }

  draw() {
    const from = this.page * PAGE;
    const rows = this.sorted.slice(from, from + PAGE);
    this.body.replaceChildren(...rows.map((claim) => this.row(claim)));
    if (rows.length === 0) this.body.append(h("tr", {}, h("td", { colspan: COLUMNS.length, class: "empty" }, "No claim under these filters.")));
    const pages = Math.ceil(this.sorted.length / PAGE);
    this.where.textContent = pages > 1 ? `${from + 1}–${from + rows.length} of ${plural(this.sorted.length, "claim")}` : "";
    this.back.hidden = this.on.hidden = pages <= 1;
    this.back.disabled = this.page === 0;
    this.on.disabled = this.page >= pages - 1;
  }

  row(claim) {
    const classes = [claim === this.selected && "selected", claim.rejected && "rejected"].filter(Boolean).join(" ");
    return h("tr", { "data-claim": claim.index, class: classes || null, onclick: () => this.open(claim) },
      COLUMNS.map(({ name, of }, at) => (at === 0
        ? h("th", { scope: "row" }, h("button", { type: "button", class: "plain" }, of(claim)))
        : h("td", { "data-name": name }, of(claim)))));
  }
}
