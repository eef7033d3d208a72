// Claims by source
// How many figures each source gives, of what, and between which values. Where nobody is named the outlet speaks for itself.
MATCH (claim:Claim)-[:APPEARANCE]->(article:Article)
UNWIND claim.eventType AS event
OPTIONAL MATCH (claim)-[:AUTHOR]->(author)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
WITH coalesce(author.name, outlet.name, 'not named') AS source, event, claim, coalesce(claim.value, claim.minValue) AS low,
  coalesce(claim.value, claim.maxValue) AS high
WITH source, event, count(DISTINCT claim) AS claims, count(*) AS figures, count(low) AS told, min(low) AS lowest, max(high) AS highest
// A vague figure among them leaves open where they start and end.
RETURN source, event, claims, CASE WHEN told = figures THEN lowest END AS lowest, CASE WHEN told = figures THEN highest END AS highest
ORDER BY source, claims DESC, event;
