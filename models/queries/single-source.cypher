// Single-source figures
// Figures that one source alone gives: no other source bears them out, refines or updates them, however often they are repeated.
MATCH (claim:Claim)-[:APPEARANCE]->(article:Article)
WHERE NOT EXISTS { MATCH (claim)-[:REPEATS]->(:Claim) }
  AND NOT EXISTS { MATCH (claim)-[:SERIES]->(series:Series) WHERE series.independentSources > 1 }
OPTIONAL MATCH (claim)<-[:REPEATS]-(repeat:Claim)-[:APPEARANCE]->(repeating:Article)
WITH claim, article, count(DISTINCT repeating) + 1 AS reports
UNWIND claim.eventType AS event
WITH claim, article, reports, event
WHERE NOT event IN ['Other', 'Measured']
OPTIONAL MATCH (claim)-[:COUNTED_ACTOR]->(owner)
OPTIONAL MATCH (claim)-[:AUTHOR]->(author)
OPTIONAL MATCH (article)-[:SOURCE_ORGANIZATION]->(agency)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
UNWIND coalesce(claim.asOfEnd, [null]) AS given
UNWIND coalesce(article.datePublished, [null]) AS published
RETURN coalesce(given, published) AS day, event, owner.name AS `of`, claim.valueText AS words, claim.counted AS counted,
  coalesce(author.name, agency.name, outlet.name) AS source, reports, claim.iri AS claim
ORDER BY day, event, `of`, claim;
