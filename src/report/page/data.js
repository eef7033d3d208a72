// The block of data in the page, with names for its numbers. `src/report/data.rs` writes it, and says what stands in it.

/** @typedef {{index: number, iri: string, types: string[], name: string, kind: string, at: [number, number] | null, raw: any}} Entity */
/**
 * @typedef {object} Claim
 * @property {number} index
 * @property {string} iri
 * @property {boolean} relation  Whether it has no figure.
 * @property {any} article
 * @property {string} event
 * @property {Record<string, string>} said  Literals by the property's local name.
 * @property {Record<string, Entity[]>} roles  Entities by the property's local name.
 * @property {Entity | null} source  Whose word it is: its author, else the agency or the outlet.
 * @property {Claim | null} first  The report that it repeats.
 * @property {Claim[]} repeats  Claims that repeat it.
 * @property {{kind: string, other: Claim, reason: string}[]} links  To earlier claims.
 * @property {{kind: string, other: Claim, reason: string}[]} linked  From later claims.
 */

const WORDS = /[a-z]+|[A-Z][a-z]*/g;

/** The local part of a name: "wg:Killed" is "Killed". @param {string} name */
export const local = (name) => name.slice(Math.max(name.lastIndexOf(":"), name.lastIndexOf("/"), name.lastIndexOf("#")) + 1);

/** "MemberOf" in words: "Member of". @param {string} name */
export function words(name) {
  const parts = name.match(WORDS) ?? [name];
  return parts.map((part, at) => (at === 0 ? part[0].toUpperCase() + part.slice(1) : part.toLowerCase())).join(" ");
}

/** @param {string[]} types */
function kind(types) {
  const known = [["Country", "state"], ["Person", "person"], ["MilitaryUnit", "unit"], ["Organization", "organisation"], ["Equipment", "equipment"],
    ["Event", "event"], ["Place", "place"]];
  return known.find(([type]) => types.some((own) => local(own) === type))?.[1] ?? "thing";
}

const day = (text) => (text ? new Date(`${text}T00:00:00Z`) : null);

/** A list in parts of `size`. @param {any[]} list @param {number} size @returns {any[][]} */
const several = (list, size) => Array.from({ length: list.length / size }, (_, at) => list.slice(size * at, size * (at + 1)));

/** Reads the block. @param {string} json */
export function read(json) {
  const raw = JSON.parse(json);
  const { strings, base } = raw;
  const whole = (id) => (id.includes(":") ? id : base + id);
  const entities = raw.entities.map((entity, index) => {
    const types = entity.types.map((type) => strings[type]);
    return { index, iri: whole(entity.id), types, name: entity.name, kind: kind(types), at: entity.at?.map(Number) ?? null, raw: entity };
  });
  const entity = (at) => entities[at] ?? null;
  const articles = raw.articles.map((article, index) => ({
    ...article,
    index,
    iri: whole(article.id),
    authors: (article.authors ?? []).map(entity),
    publisher: entity(article.publisher),
    agency: entity(article.agency),
    urls: article.urls ?? [],
    headings: new Set(article.headings),
    title: article.headline ?? "No headline",
    day: article.published ?? article.modified ?? "",
    references: article.references.map(([name, kind, reason, at]) => ({ name, kind: strings[kind], reason: strings[reason], entity: entity(at) })),
    mentions: several(article.mentions, 3).map(([start, length, reference]) => ({ start, end: start + length, reference })),
    claims: [],
  }));
  const byId = new Map(articles.map((article) => [article.id, article]));
  const series = raw.series.map((one, index) => ({
    index, iri: whole(one.id), event: words(local(strings[one.event])), eventName: strings[one.event], actor: entity(one.actor), place: entity(one.place),
    sources: one.sources ?? 0, total: one.claims, claims: [] }));
  const claims = raw.claims.map((row, index) => {
    const [id, at, sentence, evidence, attributedTo, events, certainty, confidence, dayText, literals, entitiesOf, inSeries, [least, most], slots, corrections] = row;
    const roles = {};
    for (const [property, own] of several(entitiesOf, 2)) (roles[local(strings[property])] ??= []).push(entities[own]);
    const literal = several(literals, 2).map(([property, text]) => [strings[property], strings[text]]);
    const said = Object.fromEntries(literal.map(([property, text]) => [local(property), text]));
    const article = articles[at];
    const original = byId.get(article.reprintOf) ?? article;
    const number = said.value ?? said.minValue;
    const one = {
      index, iri: whole(id), article, said, roles,
      // For exports, as the graph has them.
      raw: { literals: literal, roles: several(entitiesOf, 2), evidence, confidence, attributedTo: strings[attributedTo] },
      relation: id.startsWith("relation/"),
      events: events.map((event) => strings[event]),
      event: words(local(strings[events[0]])),
      certainty: strings[certainty], confidence: Number(confidence),
      dayText: dayText ?? "", day: day(dayText),
      source: roles.author?.[0] ?? original.agency ?? original.publisher,
      value: number === undefined ? null : said.maxValue === undefined ? Number(number) : (Number(number) + Number(said.maxValue)) / 2,
      least, most,
      series: series[inSeries] ?? null,
      sentence: { start: sentence[0], end: sentence[1] },
      text: article.text.slice(...sentence),
      slots: several(slots, 5).map(([slot, start, length, reason, reference]) => ({
        name: strings[slot], slot: local(strings[slot]), start: length ? start : undefined, end: start + length, reason: strings[reason],
        reference: article.references[reference] })),
      corrections: corrections ?? [],
      rejected: (corrections ?? []).some((correction) => !correction.slot),
      first: null, repeats: [], links: [], linked: [],
    };
    const names = Object.values(roles).flat().map((entity) => entity.name);
    one.sourceName = one.source?.name ?? "no source named";
    // "$25 million" needs no "US dollar".
    const unit = said.unitText && !/\p{Sc}/u.test(said.valueText ?? "") && !said.valueText?.includes(said.unitText) ? said.unitText : "";
    one.figure = [said.valueText ?? words(said.predicate ?? ""), unit].filter(Boolean).join(" ");
    one.title = [one.figure, said.counted].filter(Boolean).join(" ");
    one.search = [one.title, one.text, one.event, ...names, one.sourceName, article.title, article.publisher?.name].join("\n").toLowerCase();
    article.claims.push(one);
    one.series?.claims.push(one);
    return one;
  });
  for (const [claim, kind, other, reason] of raw.links) {
    const [name, later, earlier] = [local(strings[kind]), claims[claim], claims[other]];
    later.links.push({ kind: name, other: earlier, reason });
    earlier.linked.push({ kind: name, other: later, reason });
    if (name === "repeats") later.first = earlier;
  }
  for (const claim of claims) {
    let first = claim;
    for (let step = 0; first.first && step < 100; step++) first = first.first;
    if (first !== claim) {
      claim.first = first;
      first.repeats.push(claim);
    }
  }
  return { raw, base, whole, about: raw.about, entities, articles, series, claims, omissions: raw.omissions };
}

/** The actors that a claim is about. @param {Claim} claim */
export function actors(claim) {
  const { countedActor = [], agent = [], recipient = [] } = claim.roles;
  return [...countedActor, ...agent, ...recipient].filter((entity) => entity.types.includes("wg:Actor"));
}

/** The places that a claim names. @param {Claim} claim */
export const places = (claim) => [...(claim.roles.place ?? []), ...(claim.roles.origin ?? [])];

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A day in words. @param {string} text */
export const dayWords = (text) => (text ? DAY.format(day(text)) : "");

/** What each link says, told from the later claim and from the earlier one. */
export const LINKS = {
  contradicts: ["contradicts", "is contradicted by"],
  misreports: ["misreports", "is misreported by"],
  updates: ["updates", "is updated by"],
  refines: ["narrows", "is narrowed by"],
  corroborates: ["bears out", "is borne out by"],
  repeats: ["repeats", "is repeated by"],
};
