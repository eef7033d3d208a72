// Contradictions
// Figures that cannot both be right, with who gives them and why they cannot.
MATCH (claim:Claim)-[link:CONTRADICTS]->(other:Claim)
MATCH (claim)-[:APPEARANCE]->(article:Article)
MATCH (other)-[:APPEARANCE]->(otherArticle:Article)
UNWIND claim.eventType AS event
OPTIONAL MATCH (claim)-[:AUTHOR]->(author)
OPTIONAL MATCH (other)-[:AUTHOR]->(otherAuthor)
OPTIONAL MATCH (article)-[:PUBLISHER]->(outlet)
OPTIONAL MATCH (otherArticle)-[:PUBLISHER]->(otherOutlet)
RETURN event, claim.valueText AS words, claim.counted AS counted, coalesce(author.name, outlet.name, 'not named') AS source,
  other.valueText AS otherWords, other.counted AS otherCounted, coalesce(otherAuthor.name, otherOutlet.name, 'not named') AS otherSource,
  link.reason AS why, claim.iri AS claim, other.iri AS other
ORDER BY event, claim, other;
