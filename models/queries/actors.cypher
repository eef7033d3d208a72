// Actors
// Who acts, loses, receives or speaks: how many articles name them, and in how many claims and relations they do what.
MATCH (actor:Actor)<-[:REFERS_TO]-(reference:Reference)-[:APPEARANCE]->(article:Article)
WITH actor, count(DISTINCT article) AS articles
OPTIONAL MATCH (doing)-[:AGENT]->(actor)
WITH actor, articles, count(doing) AS acts
OPTIONAL MATCH (giving)-[:RECIPIENT]->(actor)
WITH actor, articles, acts, count(giving) AS receives
OPTIONAL MATCH (counting)-[:COUNTED_ACTOR]->(actor)
WITH actor, articles, acts, receives, count(counting) AS isCounted
OPTIONAL MATCH (actor)<-[:AUTHOR]-(saying)-[:WAS_DERIVED_FROM]->(evidence:Evidence)
WITH actor, articles, acts, receives, isCounted, count(DISTINCT saying) AS speaks
RETURN actor.name AS name, articles,
  CASE WHEN acts > 0 THEN acts END AS acts,
  CASE WHEN receives > 0 THEN receives END AS receives,
  CASE WHEN isCounted > 0 THEN isCounted END AS isCounted,
  CASE WHEN speaks > 0 THEN speaks END AS speaks,
  actor.iri AS actor
ORDER BY articles DESC, name, actor;
