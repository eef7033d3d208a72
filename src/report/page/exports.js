// The selection for other programs.
import { local } from "./data.js";

const COLUMNS = [
  ["claim", (claim) => claim.iri],
  ["event", (claim) => claim.events.map(local).join(" ")],
  ["words", (claim) => claim.said.valueText],
  ["value", (claim) => claim.said.value],
  ["min_value", (claim) => claim.said.minValue],
  ["max_value", (claim) => claim.said.maxValue],
  ["bound", (claim) => claim.said.bound],
  ["unit", (claim) => claim.said.unitText],
  ["counted", (claim) => claim.said.counted],
  ["counted_actor", (claim) => names(claim, "countedActor")],
  ["agent", (claim) => names(claim, "agent")],
  ["recipient", (claim) => names(claim, "recipient")],
  ["equipment", (claim) => names(claim, "equipment")],
  ["place", (claim) => names(claim, "place")],
  ["origin", (claim) => names(claim, "origin")],
  ["start_date", (claim) => claim.said.startDate],
  ["end_date", (claim) => claim.said.endDate],
  ["as_of", (claim) => claim.said.asOfEnd ?? claim.said.asOfStart],
  ["source", (claim) => claim.sourceName],
  ["relayed_by", (claim) => names(claim, "relayedBy")],
  ["certainty", (claim) => claim.certainty],
  ["confidence", (claim) => claim.raw.confidence],
  ["series", (claim) => claim.series?.iri],
  ["outlet", (claim) => claim.article.publisher?.name],
  ["published", (claim) => claim.article.day],
  ["headline", (claim) => claim.article.headline],
  ["address", (claim) => claim.article.urls[0]],
  ["source_file", (claim) => claim.article.files[0]],
  ["start_byte", (claim) => claim.raw.evidence[3]],
  ["end_byte", (claim) => claim.raw.evidence[4]],
  ["sentence", (claim) => claim.text],
];

const names = (claim, role) => (claim.roles[role] ?? []).map((entity) => entity.name).join("; ");

/** A cell of RFC 4180 that no spreadsheet takes for a formula. @param {any} value */
export function cell(value) {
  let text = value === undefined || value === null ? "" : String(value);
  if (/^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {any} _model @param {any[]} claims */
export function toCsv(_model, claims) {
  const rows = [COLUMNS.map(([name]) => name), ...claims.map((claim) => COLUMNS.map(([, value]) => value(claim)))];
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** The claims with the nodes that they lead to: sentences, articles, entities, series, and links among them. @param {any} model @param {any[]} claims */
export function toJsonLd(model, claims) {
  const { strings } = model.raw;
  const nodes = new Map();
  const node = (iri, make) => {
    if (!nodes.has(iri)) {
      nodes.set(iri, null);
      nodes.set(iri, { "@id": iri, ...make() });
    }
    return iri;
  };
  const entity = (one) => one && node(one.iri, () => ({
    "@type": one.types,
    "schema:name": one.name,
    "schema:alternateName": one.raw.also,
    "schema:latitude": one.raw.at?.[0],
    "schema:longitude": one.raw.at?.[1],
    "schema:sameAs": one.raw.sameAs,
  }));
  const article = (one) => node(one.iri, () => ({
    "@type": "schema:NewsArticle",
    "schema:headline": one.headline,
    "schema:datePublished": one.published,
    "schema:dateModified": one.modified,
    "schema:publisher": entity(one.publisher) ?? undefined,
    "schema:sourceOrganization": entity(one.agency) ?? undefined,
    "schema:author": one.authors.map(entity),
    "schema:url": one.urls,
    "wg:sourceFile": one.files,
    "wg:sha256": one.sha256,
  }));
  const evidence = (claim) => {
    const [id, quote, position, start, end] = claim.raw.evidence;
    const selectors = [quote, position].map((digits) => `${model.base}selector/${digits}`);
    node(selectors[0], () => ({ "@type": "oa:TextQuoteSelector", "oa:exact": claim.text }));
    node(selectors[1], () => ({ "@type": "oa:DataPositionSelector", "oa:start": start, "oa:end": end }));
    return node(`${model.base}evidence/${id}`, () => ({
      "@type": "oa:SpecificResource", "oa:hasSource": article(claim.article), "oa:hasSelector": selectors }));
  };
  const series = (one) => one && node(one.iri, () => ({
    "@type": "wg:Series",
    "wg:eventType": one.eventName,
    "wg:countedActor": entity(one.actor) ?? undefined,
    "wg:place": entity(one.place) ?? undefined,
    "wg:independentSources": one.sources || undefined,
  }));
  const chosen = new Set(claims);
  for (const claim of claims) {
    node(claim.iri, () => {
      const own = { "@type": claim.relation ? ["schema:Claim", "wg:Relation"] : ["schema:Claim", "schema:Observation", "wg:Claim"] };
      for (const [property, text] of claim.raw.literals) own[property] = text;
      for (const [property, at] of claim.raw.roles) (own[strings[property]] ??= []).push(entity(model.entities[at]));
      for (const { kind, other } of claim.links) if (chosen.has(other)) (own[`wg:${kind}`] ??= []).push(other.iri);
      return {
        ...own,
        "schema:text": claim.text,
        "wg:eventType": claim.events,
        "wg:certainty": claim.certainty,
        "wg:confidence": claim.raw.confidence,
        "wg:series": series(claim.series) ?? undefined,
        "schema:appearance": article(claim.article),
        "prov:wasDerivedFrom": evidence(claim),
        "prov:wasAttributedTo": model.whole(claim.raw.attributedTo),
      };
    });
  }
  const sorted = [...nodes.values()].sort((a, b) => (a["@id"] < b["@id"] ? -1 : 1));
  return JSON.stringify({ "@context": model.raw.context, "@graph": sorted }, null, 1);
}
