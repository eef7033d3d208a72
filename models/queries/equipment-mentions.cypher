// Equipment
// Every weapon, vehicle, vessel, aircraft or system that is named: in how many articles, how often, and in how many claims and relations.
MATCH (article:Article)<-[:APPEARANCE]-(reference:Reference)-[:REFERS_TO]->(equipment:Equipment)
MATCH (reference)-[:MENTION]->(mention:Evidence)
WITH equipment, count(DISTINCT article) AS articles, count(mention) AS mentions
OPTIONAL MATCH (report)-[:EQUIPMENT]->(equipment)
WITH equipment, articles, mentions, count(report) AS reports
RETURN equipment.name AS name, articles, mentions, CASE WHEN reports > 0 THEN reports END AS reports, equipment.iri AS equipment
ORDER BY articles DESC, mentions DESC, name, equipment;
