// Relays
// Whose figure came through whom: the source of each claim, and everybody who passed it on.
MATCH (claim)-[:RELAYED_BY]->(through)
MATCH (claim)-[:APPEARANCE]->(article:Article)
UNWIND claim.eventType AS event
OPTIONAL MATCH (claim)-[:AUTHOR]->(source)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
RETURN source.name AS source, through.name AS through, claim.attributionText AS words, event, claim.valueText AS figure, claim.counted AS counted,
  outlet.name AS outlet, claim.iri AS claim
ORDER BY source, through, claim;
