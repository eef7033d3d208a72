// Misreports
// What an outlet changed: the same figure of the same source, told of another event than elsewhere.
MATCH (claim:Claim)-[link:MISREPORTS]->(other:Claim)
MATCH (claim)-[:APPEARANCE]->(article:Article)
UNWIND claim.eventType AS told
UNWIND other.eventType AS elsewhere
UNWIND article.sourceFile AS file
OPTIONAL MATCH (article)-[:PUBLISHER]->(publisher)
OPTIONAL MATCH (article)-[:SOURCE_ORGANIZATION]->(agency)
OPTIONAL MATCH (claim)-[:AUTHOR]->(source)
RETURN coalesce(publisher.name, agency.name) AS outlet, claim.valueText AS words, told, elsewhere, source.name AS source, link.reason AS why, file,
  claim.iri AS claim, other.iri AS other
ORDER BY outlet, file, claim;
