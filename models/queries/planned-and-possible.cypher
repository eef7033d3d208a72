// Planned and possible
// What is announced, feared or thought possible and has not been reported to have happened, soonest first.
MATCH (report)-[:APPEARANCE]->(article:Article)
WHERE (report:Claim OR report:Relation) AND report.certainty IN ['planned', 'possible']
UNWIND report.eventType AS event
OPTIONAL MATCH (report)-[:AGENT]->(agent)
OPTIONAL MATCH (report)-[:PLACE]->(place)
OPTIONAL MATCH (report)-[:AUTHOR]->(author)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
UNWIND coalesce(report.startDate, [null]) AS start
UNWIND coalesce(report.endDate, [null]) AS last
RETURN report.certainty AS certainty, event, agent.name AS agent, report.valueText AS words, report.counted AS counted, place.name AS place, start,
  last AS `end`, coalesce(author.name, outlet.name) AS source, report.iri AS report, report.text AS sentence
ORDER BY certainty, start, event, report;
