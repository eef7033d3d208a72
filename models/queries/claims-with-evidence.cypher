// Claims with evidence
// Every claim with the sentence that makes it, and the file and bytes where that sentence stands.
MATCH (claim:Claim)-[:WAS_DERIVED_FROM]->(evidence:Evidence)-[:HAS_SOURCE]->(article:Article)
UNWIND article.sourceFile AS file
UNWIND claim.eventType AS event
RETURN file, evidence.start AS start, evidence.`end` AS `end`, event, claim.valueText AS words, claim.counted AS counted, claim.iri AS claim,
  claim.text AS sentence
ORDER BY file, start, claim;
