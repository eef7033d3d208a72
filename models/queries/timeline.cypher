// Timeline
// Each running figure from its first report to its last: what was said, by whom, where it stood, and how it follows on what was said before.
// Repeats of a report are left out; `reports` counts the articles that give it.
MATCH (series:Series)<-[:SERIES]-(claim:Claim)-[:APPEARANCE]->(article:Article)
WHERE NOT EXISTS { MATCH (claim)-[:REPEATS]->(:Claim) }
OPTIONAL MATCH (claim)<-[:REPEATS]-(repeat:Claim)-[:APPEARANCE]->(repeating:Article)
WITH series, claim, article, count(DISTINCT repeating) + 1 AS reports
UNWIND series.eventType AS event
OPTIONAL MATCH (series)-[:COUNTED_ACTOR]->(owner)
OPTIONAL MATCH (series)-[:PLACE]->(place)
OPTIONAL MATCH (claim)-[:AUTHOR]->(author)
OPTIONAL MATCH (article)-[:SOURCE_ORGANIZATION]->(agency)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
OPTIONAL MATCH (claim)-[link:REPEATS|CORROBORATES|REFINES|UPDATES|CONTRADICTS|MISREPORTS]->(before:Claim)
UNWIND coalesce(claim.asOfEnd, [null]) AS given
UNWIND coalesce(claim.asOfStart, [null]) AS givenFrom
UNWIND coalesce(article.datePublished, [null]) AS published
UNWIND coalesce(article.dateModified, [null]) AS modified
RETURN event, owner.name AS `of`, place.name AS place, coalesce(given, givenFrom, published, modified) AS day, claim.valueText AS words,
  claim.counted AS counted, coalesce(author.name, agency.name, outlet.name) AS source, reports, toLower(type(link)) AS follows,
  before.valueText AS before, series.iri AS series, claim.iri AS claim
ORDER BY event, `of`, series, day, claim, follows, before;
