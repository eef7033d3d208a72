// The article: its text with every mention and figure marked, and below the chosen claim's sentence what the claim says and why.
import { LINKS, dayWords, words } from "./data.js";
import { h, link, roving, tooltip } from "./dom.js";

/** What slots are called, in the order in which they are told. */
const SLOTS = {
  eventType: "event", value: "number", minValue: "from", maxValue: "to", valueText: "number", bound: "bound", unitText: "unit", counted: "counted",
  countedActor: "whose", agent: "who did it", recipient: "to whom", equipment: "with what", place: "where", origin: "from where", startDate: "when",
  endDate: "when", asOfStart: "as of", asOfEnd: "as of", timeText: "when", author: "source", relayedBy: "passed on by", certainty: "certainty", scope: "scope",
  wholeText: "part of",
};
const ORDER = Object.keys(SLOTS);

export class ArticlePane {
  /** @param {any} model @param {{open: (claim: any) => void, entity: (entity: any) => void, close: () => void}} to */
  constructor(model, to) {
    this.model = model;
    this.to = to;
    this.body = h("div", { class: "reading" });
    this.element = h("aside", { id: "article", "aria-label": "Article", class: "closed" },
      h("button", { type: "button", class: "close", onclick: () => this.close() }, "Close ", h("span", { class: "unseen" }, "the article")), this.body);
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  close() {
    this.element.classList.add("closed");
    document.body.classList.remove("article-open");
    const { back } = this;
    this.back = null;
    if (back?.isConnected) back.focus();
    else this.to.close();
  }

  /** Shows a claim in its article. @param {any} claim @param {boolean} [focus] Whether the reader asked for it. */
  show(claim, focus = true) {
    const { article } = claim;
    if (focus && !this.element.contains(document.activeElement)) this.back = document.activeElement;
    this.element.classList.remove("closed");
    document.body.classList.toggle("article-open", focus);
    this.body.replaceChildren(this.head(article), this.text(article, claim), this.foot(article));
    if (!focus) return;
    const sentence = this.body.querySelector(".sentence");
    const pane = this.element;
    if (sentence) {
      pane.scrollTop += sentence.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight * 0.2;
      sentence.focus({ preventScroll: true });
    }
  }

  head(article) {
    const by = [article.publisher?.name, article.agency && article.agency !== article.publisher && article.agency.name, dayWords(article.day)].filter(Boolean);
    return h("header", {},
      h("h2", {}, article.title),
      h("p", { class: "by" }, by.join(" · "), article.authors.length > 0 && ` · ${article.authors.map((author) => author.name).join(", ")}`),
      h("p", { class: "note" }, article.urls.length > 0 && [link(article.urls[0], "Original page"), " · "],
        article.whole ? "The whole text." : "The sentences that the graph quotes; … is what it leaves out."));
  }

  foot(article) {
    return h("footer", {}, h("p", { class: "note" }, `${article.files.join(", ")} · sha256 ${article.sha256.slice(0, 16)}…`));
  }

  /** The text, cut wherever a mark begins or ends. */
  text(article, claim) {
    const text = h("div", { class: "text", role: "group", "aria-label": "Text of the article; arrow keys move between marked words" });
    const figures = article.claims.map((own) => {
      const slot = own.slots.find(({ slot }) => ["value", "minValue", "valueText"].includes(slot)) ?? own.slots.find(({ slot }) => slot === "eventType");
      return slot?.start === undefined ? null : { start: slot.start, end: slot.end, claim: own };
    }).filter(Boolean);
    const slots = labelled(claim);
    let at = 0;
    let card = null;
    for (const [number, paragraph] of article.text.split("\n\n").entries()) {
      const [start, end] = [at, at + paragraph.length];
      at = end + 2;
      const inside = (mark) => mark.start < end && mark.end > start;
      const marks = [...figures, ...article.mentions, ...slots, claim.sentence].filter(inside);
      const cuts = [...new Set([start, end, ...marks.flatMap((mark) => [mark.start, mark.end])])].filter((cut) => cut >= start && cut <= end).sort((a, b) => a - b);
      const block = h(article.headings.has(number) ? "h3" : "p");
      let sentence = null;
      for (let cut = 0; cut + 1 < cuts.length; cut++) {
        const [from, to] = [cuts[cut], cuts[cut + 1]];
        const covers = (mark) => mark.start <= from && mark.end >= to;
        const piece = this.piece(article, claim, article.text.slice(from, to), { from, to }, figures.filter(covers), article.mentions.filter(covers), slots.filter(covers));
        if (covers(claim.sentence)) {
          sentence ??= h("span", { class: "sentence", tabindex: "-1" });
          if (!sentence.isConnected && sentence.parentNode !== block) block.append(sentence);
          sentence.append(piece);
        } else {
          block.append(piece);
        }
      }
      text.append(block);
      if (sentence && !card) {
        card = this.card(claim, text);
        text.append(card);
      }
    }
    if (!card) text.prepend(this.card(claim, text));
    roving([...text.querySelectorAll(".figure, .mention")]);
    return text;
  }

  piece(article, claim, words_, { to }, figures, mentions, slots) {
    if (figures.length + mentions.length + slots.length === 0) return words_;
    const figure = figures.find((own) => own.claim === claim) ?? figures[0];
    const mention = mentions.at(-1);
    let piece;
    if (figure) {
      piece = h("span", { role: "button", class: "figure", "data-claim": figure.claim.index, "aria-current": figure.claim === claim ? "true" : null,
        onclick: () => this.to.open(figure.claim) }, words_);
      tooltip(piece, () => [h("strong", {}, `${figure.claim.event}: ${figure.claim.title}`), h("span", {}, `${figure.claim.sourceName}, ${figure.claim.certainty}`)]);
    } else if (mention) {
      const { entity, kind, reason, name } = article.references[mention.reference];
      piece = h("span", { role: "button", class: `mention ${kind.toLowerCase()}`, onclick: () => entity && this.to.entity(entity) }, words_);
      tooltip(piece, () => [h("strong", {}, entity?.name ?? name), h("span", {}, `${words(kind).toLowerCase()}: ${reason}`), !entity && h("span", {}, "leads to nothing known")].filter(Boolean));
    } else {
      piece = h("span", {}, words_);
    }
    if (slots.length === 0) return piece;
    const ending = slots.filter((slot) => slot.end === to).flatMap((slot) => slot.labels);
    return h("mark", { class: "slot", "data-slots": slots.flatMap((slot) => slot.names).join(" ") }, piece,
      ending.length > 0 && h("span", { class: "label" }, "\u2060", h("span", { class: "unseen" }, " ("), [...new Set(ending)].join(", "), h("span", { class: "unseen" }, ") ")));
  }

  /** What the claim says, why, who passed it on, and how it stands to others. */
  card(claim, text) {
    const rows = ORDER.flatMap((slot) => claim.slots.filter((own) => own.slot === slot).map((own) => [slot, own]));
    const seen = new Set();
    const light = (name, on) => text.querySelectorAll(`mark[data-slots~="${name}"]`).forEach((mark) => mark.classList.toggle("lit", on));
    const told = rows.filter(([slot, { start }]) => {
      const key = `${SLOTS[slot]} ${start}`;
      return !seen.has(key) && seen.add(key);
    }).map(([slot, own]) => {
      const value = (claim.roles[slot] ?? []).map((entity) => entity.name).join(", ")
        || { eventType: claim.event, certainty: claim.certainty }[slot] || claim.said[slot] || "";
      const show = () => {
        const mark = text.querySelector(`mark[data-slots~="${slot}"]`);
        mark?.scrollIntoView({ block: "nearest" });
        light(slot, true);
      };
      const quoted = own.start === undefined ? "" : claim.article.text.slice(own.start, own.end);
      return h("div", { onpointerenter: () => light(slot, true), onpointerleave: () => light(slot, false) },
        h("dt", {}, SLOTS[slot]),
        h("dd", {}, h("span", { class: "value" }, value),
          quoted && h("button", { type: "button", class: "quote", onclick: show, onfocus: () => light(slot, true), onblur: () => light(slot, false) }, `“${quoted}”`),
          h("span", { class: "why" }, own.reason + (own.reference && own.reference.name !== quoted ? `; “${own.reference.name}”: ${own.reference.reason}` : ""))));
    });
    const links = [...claim.links.map((one) => ({ ...one, words: LINKS[one.kind][0] })), ...claim.linked.map((one) => ({ ...one, words: LINKS[one.kind][1] }))];
    return h("section", { class: "card", "aria-label": "The chosen claim" },
      h("p", { class: "title" }, h("strong", {}, `${claim.event}: ${claim.title}`),
        h("span", { class: "note" }, ` ${claim.certainty}, confidence ${claim.confidence.toFixed(2)}`)),
      h("ol", { class: "chain", "aria-label": "Who says so, from the source to the page" }, chain(claim).map(([who, as]) => h("li", {}, who, h("span", { class: "note" }, ` ${as}`)))),
      claim.corrections.map(({ slot, to, by, why }) => h("p", { class: "correction" }, slot ? `${words(slot.split(":").at(-1))} put right to “${to}”` : "Rejected", ` by ${by}: ${why}`)),
      links.length > 0 && h("ul", { class: "links", "aria-label": "Other claims" }, links.map(({ kind, words, other, reason }) => h("li", { class: kind === "contradicts" || kind === "misreports" ? "trouble" : null },
        `${words} `, h("button", { type: "button", class: "plain", onclick: () => this.to.open(other) }, other.title), ` · ${other.article.publisher?.name ?? other.article.title}`,
        h("span", { class: "why" }, reason)))),
      h("details", { open: true }, h("summary", {}, "Every slot, its words and why"), h("dl", {}, told)));
  }
}

/** The slots of a claim with what they are called, those of the same words together. */
function labelled(claim) {
  const all = new Map();
  for (const { slot, start, end } of claim.slots) {
    if (start === undefined || !(slot in SLOTS)) continue;
    const key = `${start} ${end}`;
    const one = all.get(key) ?? { start, end, names: [], labels: [] };
    one.names.push(slot);
    if (!one.labels.includes(SLOTS[slot])) one.labels.push(SLOTS[slot]);
    all.set(key, one);
  }
  return [...all.values()];
}

/** From whose figure it is to the page that tells it: those who passed it on nearest to the source first. */
function chain(claim) {
  const { article, roles } = claim;
  const at = (slot, entity) => claim.slots.find((own) => own.slot === slot && (!entity || own.reference?.entity === entity))?.start;
  const source = at("author") ?? claim.sentence.start;
  const away = (entity) => Math.abs((at("relayedBy", entity) ?? Infinity) - source);
  const steps = [];
  for (const author of roles.author ?? []) steps.push([author.name, "says so"]);
  for (const relay of [...(roles.relayedBy ?? [])].sort((a, b) => away(a) - away(b))) steps.push([relay.name, "passes it on"]);
  if (article.agency) steps.push([article.agency.name, "agency copy"]);
  if (article.publisher) steps.push([article.publisher.name, steps.length ? "prints it" : "for itself"]);
  if (steps.length === 0) steps.push(["An article that names no source", ""]);
  return steps;
}
