// Who sent what where
// Deployments, arrivals and returns, with figures and without: who sent whom or what, how many, from where to where, when, and according to whom.
MATCH (report)-[:APPEARANCE]->(article:Article)
WHERE report:Claim OR report:Relation
UNWIND report.eventType AS type
WITH report, article, type
WHERE type IN ['Deployed', 'Arrived', 'Returned']
OPTIONAL MATCH (report)-[:AGENT]->(named)
OPTIONAL MATCH (report)-[:COUNTED_ACTOR]->(owner)
OPTIONAL MATCH (report)-[:EQUIPMENT]->(equipment)
OPTIONAL MATCH (report)-[:ORIGIN]->(origin)
OPTIONAL MATCH (report)-[:PLACE]->(place)
OPTIONAL MATCH (report)-[:AUTHOR]->(author)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
UNWIND coalesce(report.startDate, [null]) AS start
UNWIND coalesce(report.endDate, [null]) AS last
RETURN toLower(type) AS event, coalesce(named.name, owner.name) AS agent, coalesce(report.counted, equipment.name) AS what, report.bound AS bound,
  report.value AS value, report.minValue AS `min`, report.maxValue AS `max`, origin.name AS `from`, place.name AS `to`, start, last AS `end`,
  coalesce(author.name, outlet.name) AS source, report.certainty AS certainty, report.iri AS report
ORDER BY agent, event, start, report;
