// Casualties over time
// Every figure of killed, wounded or both, in the order of the days that it speaks of, with whose people and whose figure it is.
// The day is when the figure was given, else the last day of what happened, else the article's.
MATCH (claim:Claim)-[:APPEARANCE]->(article:Article)
UNWIND claim.eventType AS type
WITH claim, article, type
WHERE type IN ['Killed', 'Wounded', 'Casualties']
OPTIONAL MATCH (claim)-[:COUNTED_ACTOR]->(owner)
OPTIONAL MATCH (claim)-[:PLACE]->(place)
OPTIONAL MATCH (claim)-[:AUTHOR]->(author)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
UNWIND coalesce(claim.asOfEnd, [null]) AS given
UNWIND coalesce(claim.endDate, [null]) AS last
UNWIND coalesce(claim.startDate, [null]) AS first
UNWIND coalesce(article.datePublished, [null]) AS published
RETURN coalesce(given, last, published, first) AS day, toLower(type) AS event, owner.name AS `of`, claim.counted AS counted, claim.bound AS bound,
  claim.value AS value, claim.minValue AS `min`, claim.maxValue AS `max`, place.name AS place, coalesce(author.name, outlet.name) AS source,
  claim.certainty AS certainty, claim.iri AS claim
ORDER BY day, event, `of`, claim;
