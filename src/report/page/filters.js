// What the reader wants to see: one choice of each kind, a least confidence, and words.
import { actors, places } from "./data.js";
import { announce, h, plural, save } from "./dom.js";
import { toCsv, toJsonLd } from "./exports.js";

/** Choices: what they are called, and the keys that a claim has under them. */
const CHOICES = [
  ["event", "Event", (claim) => [[claim.event, claim.event]]],
  ["actor", "Actor", (claim) => actors(claim).map((entity) => [entity.index, entity.name])],
  ["place", "Place", (claim) => places(claim).map((entity) => [entity.index, entity.name])],
  ["equipment", "Equipment", (claim) => (claim.roles.equipment ?? []).map((entity) => [entity.index, entity.name])],
  ["source", "Source", (claim) => [[claim.source?.index ?? "none", claim.sourceName]]],
  ["certainty", "Certainty", (claim) => [[claim.certainty, claim.certainty]]],
];
const NOTHING = Object.fromEntries(CHOICES.map(([name]) => [name, ""]));
/** Choices of a kind, those with most claims first: a browser is slow with more, and a reader, too. Words find the others. */
const MOST = 300;
/** Between a key stroke and the answer to it. */
const PAUSE = 80;

export class Filters {
  /** @param {any} model @param {(claims: any[]) => void} changed */
  constructor(model, changed) {
    this.model = model;
    this.changed = changed;
    this.wanted = { ...NOTHING, confidence: 0, text: "" };
    this.keys = model.claims.map((claim) => Object.fromEntries(CHOICES.map(([name, , keys]) => [name, keys(claim).map(([key]) => String(key))])));
    this.element = this.draw();
    this.chosen = this.select();
  }

  draw() {
    this.selects = {};
    const choices = CHOICES.map(([name, label, keys]) => {
      const counts = new Map();
      for (const claim of this.model.claims) {
        for (const [key, words] of new Map(keys(claim))) {
          const known = counts.get(key) ?? { words, count: 0 };
          known.count += 1;
          counts.set(key, known);
        }
      }
      const sorted = [...counts].sort(([, a], [, b]) => b.count - a.count || a.words.localeCompare(b.words));
      const options = sorted.slice(0, MOST).map(([key, { words, count }]) => h("option", { value: key }, `${words} (${count})`));
      if (sorted.length > MOST) options.push(h("option", { disabled: true }, `and ${(sorted.length - MOST).toLocaleString("en-GB")} more: search for them by words`));
      const select = h("select", { id: `filter-${name}`, onchange: () => this.set({ [name]: select.value }) }, h("option", { value: "" }, "All"), options);
      this.selects[name] = select;
      return h("div", { class: "field" }, h("label", { for: `filter-${name}` }, label), select);
    });
    this.text = h("input", { id: "filter-text", type: "search", placeholder: "Words in claims and sentences", autocomplete: "off", spellcheck: "false" });
    let waiting = 0;
    this.text.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.set({ text: this.text.value }), PAUSE);
    });
    this.least = h("input", { id: "filter-confidence", type: "range", min: 0, max: 0.9, step: 0.05, value: 0 });
    this.least.addEventListener("input", () => this.set({ confidence: Number(this.least.value) }));
    this.leastWords = h("output", { for: "filter-confidence" });
    this.count = h("p", { class: "count" });
    this.clear = h("button", { type: "button", class: "quiet", onclick: () => this.reset() }, "Clear filters");
    const exportAs = (name, type, file, make) =>
      h("button", { type: "button", onclick: () => save(file, type, make(this.model, this.chosen)) }, h("span", { class: "unseen" }, "Save the selection as "), name);
    // On a phone the choices fold away.
    this.choices = h("details", { class: "choices", open: innerWidth > 720 },
      h("summary", {}, "Filters"),
      h("div", { class: "fields" }, choices, h("div", { class: "field" },
        h("label", { for: "filter-confidence" }, "Confidence ", this.leastWords), this.least)));
    return h("form", { class: "filters", role: "search", "aria-label": "Filter claims", onsubmit: (event) => event.preventDefault() },
      h("div", { class: "result" },
        h("div", { class: "words" }, h("label", { for: "filter-text", class: "unseen" }, "Words"), this.text), this.count, this.clear,
        exportAs("CSV", "text/csv", "claims.csv", toCsv), exportAs("JSON-LD", "application/ld+json", "claims.jsonld", toJsonLd)),
      this.choices);
  }

  /** Changes what is wanted, and shows the answer. @param {Record<string, any>} wanted */
  set(wanted) {
    Object.assign(this.wanted, wanted);
    for (const [name, select] of Object.entries(this.selects)) {
      const key = this.wanted[name];
      if (select.value !== key) select.value = key;
      // A place on the map may be none of the choices.
      if (select.value !== key) {
        const entity = this.model.entities[Number(key)];
        select.append(h("option", { value: key, selected: true }, entity?.name ?? key));
      }
    }
    if (this.text.value !== this.wanted.text) this.text.value = this.wanted.text;
    this.least.value = this.wanted.confidence;
    this.chosen = this.select();
    this.tell();
    this.changed(this.chosen);
    announce(this.count.textContent);
  }

  reset() {
    this.set({ ...NOTHING, confidence: 0, text: "" });
  }

  /** The claims that are wanted. */
  select() {
    const { text, confidence, ...choices } = this.wanted;
    const asked = Object.entries(choices).filter(([, key]) => key !== "");
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return this.model.claims.filter((claim) =>
      claim.confidence >= confidence
      && asked.every(([name, key]) => this.keys[claim.index][name].includes(key))
      && words.every((word) => claim.search.includes(word)));
  }

  tell() {
    const { claims } = this.model;
    const all = this.chosen.length === claims.length;
    this.count.textContent = all ? plural(claims.length, "claim") : `${this.chosen.length.toLocaleString("en-GB")} of ${plural(claims.length, "claim")}`;
    this.clear.hidden = all && !Object.values(this.wanted).some(Boolean);
    this.leastWords.textContent = this.wanted.confidence ? `≥ ${this.wanted.confidence.toFixed(2)}` : "any";
    const set = Object.entries(this.wanted).filter(([name, value]) => name !== "text" && value).length;
    this.choices.querySelector("summary").textContent = set ? `Filters (${set})` : "Filters";
  }
}
