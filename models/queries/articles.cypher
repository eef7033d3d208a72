// Articles
// Every article read: its date, outlet, agency and headline, and how many claims and relations it gave.
MATCH (article:Article)
OPTIONAL MATCH (claim:Claim)-[:APPEARANCE]->(article)
WITH article, count(DISTINCT claim) AS claims
OPTIONAL MATCH (relation:Relation)-[:APPEARANCE]->(article)
WITH article, claims, count(DISTINCT relation) AS relations
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
OPTIONAL MATCH (article)-[:SOURCE_ORGANIZATION]->(agency)
UNWIND article.sourceFile AS file
UNWIND coalesce(article.datePublished, [null]) AS published
UNWIND coalesce(article.headline, [null]) AS headline
RETURN published, outlet.name AS outlet, agency.name AS agency, headline,
  CASE WHEN claims > 0 THEN claims END AS claims,
  CASE WHEN relations > 0 THEN relations END AS relations,
  file, article.iri AS article
ORDER BY published, outlet, file, article;
