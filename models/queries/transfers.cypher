// Transfers
// What passed from one actor to another: supplied, delivered, sold or received, with figures and without.
MATCH (report)-[:APPEARANCE]->(article:Article)
WHERE (report:Claim OR report:Relation) AND 'Transferred' IN report.eventType
OPTIONAL MATCH (report)-[:AGENT]->(giver)
OPTIONAL MATCH (report)-[:RECIPIENT]->(receiver)
OPTIONAL MATCH (report)-[:EQUIPMENT]->(equipment)
OPTIONAL MATCH (report)-[:AUTHOR]->(author)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
UNWIND coalesce(report.startDate, [null]) AS start
UNWIND coalesce(report.endDate, [null]) AS last
RETURN giver.name AS giver, receiver.name AS receiver, coalesce(report.counted, equipment.name) AS what, report.bound AS bound, report.value AS value,
  report.minValue AS `min`, report.maxValue AS `max`, report.unitText AS unit, start, last AS `end`, coalesce(author.name, outlet.name) AS source,
  report.certainty AS certainty, report.iri AS report
ORDER BY giver, receiver, what, report;
