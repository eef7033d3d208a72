"""Runs Cypher over Bolt with Neo4j's own driver: cypher.py URL USER PASSWORD DATABASE < STATEMENTS

Standard input holds a JSON string a line. Of each statement the rows are printed as JSON, one line: a list of cells each, in words.
"""

import json
import sys

import neo4j

url, user, password, database = sys.argv[1:]


def words(cell):
    if cell is None or isinstance(cell, (str, int, float, bool)):
        return cell
    if isinstance(cell, list):
        return [words(each) for each in cell]
    return cell.iso_format() if hasattr(cell, "iso_format") else str(cell)


with neo4j.GraphDatabase.driver(url, auth=(user, password)) as driver, driver.session(database=database) as session:
    for line in sys.stdin:
        rows = [[words(cell) for cell in record.values()] for record in session.run(json.loads(line))]
        print(json.dumps(rows), flush=True)
