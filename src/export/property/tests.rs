use super::csv::CsvDirectory;
use super::*;
use crate::graph::conclusions::LINKS;
use crate::graph::fixtures;
use crate::graph::iri::{DEFAULT_BASE, Instance, Minter};
use crate::graph::store::{GraphStore, plain};
use crate::graph::vocabulary::PROPERTIES;
use std::path::Path;

fn nodes_with<'t, 'g>(graph: &'t PropertyGraph<'g>, label: &str) -> Vec<(&'t NodeTable<'g>, &'t Properties<'g>)> {
    let tables = graph.nodes.iter().filter(|table| table.labels.iter().any(|own| own == label));
    tables.flat_map(|table| table.rows.iter().map(move |(_, properties)| (table, properties))).collect()
}

fn relationships<'t, 'g>(graph: &'t PropertyGraph<'g>, name: &str) -> &'t [Relationship<'g>] {
    graph.relationships.iter().find(|table| table.name == name).map_or(&[], |table| &table.rows)
}

fn values(columns: &[Column], properties: &Properties<'_>, name: &str) -> Vec<String> {
    let column = columns.iter().find(|column| column.name() == name);
    column.map(|column| properties.values(*column).map(str::to_owned).collect()).unwrap_or_default()
}

fn count(store: &GraphStore, pattern: &str) -> usize {
    let sparql = crate::graph::queries::with_prefixes(&format!("SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"));
    store.query(&sparql).expect("rows").text(0, "n").and_then(|n| n.parse().ok()).expect("a number")
}

#[test]
fn there_is_as_much_of_everything_as_in_the_graph() {
    let graph = fixtures::graph();
    let store = fixtures::store();
    let property = PropertyGraph::from(&graph);
    for (label, pattern) in [
        ("Article", "?n a schema:NewsArticle"),
        ("Claim", "?n a wg:Claim"),
        ("Relation", "?n a wg:Relation"),
        ("Actor", "?n a wg:Actor"),
        ("Reference", "?n a wg:Reference"),
        ("Evidence", "?n a oa:SpecificResource"),
        ("Series", "?n a wg:Series"),
    ] {
        let nodes = nodes_with(&property, label).len();
        assert!(nodes > 0, "{label}");
        assert_eq!(nodes, count(&store, pattern), "{label}");
    }
    let entities = graph.nodes().filter(|node| matches!(node.iri, Iri::Minted(Instance::Entity, ..))).count();
    assert_eq!(nodes_with(&property, ENTITY).len(), entities);
    assert_eq!(relationships(&property, "MENTION").len(), count(&store, "?r wg:mention ?m"));
    assert_eq!(relationships(&property, SUPPORT).len(), count(&store, "?s a wg:Support"));
    let links: Vec<usize> = LINKS.iter().map(|link| relationships(&property, &relationship_name(link)).len()).collect();
    assert_eq!(links, LINKS.iter().map(|link| count(&store, &format!("?a {link} ?b"))).collect::<Vec<_>>());
    assert_eq!(links.iter().sum::<usize>(), count(&store, "?link a rdf:Statement"));
    // Every statement is a label, a property, a relationship, or part of what was folded into one.
    assert_eq!(property.node_count(), graph.nodes().filter(|node| !is_folded(*node)).count());
}

#[test]
fn claims_keep_source_and_evidence() {
    let graph = fixtures::graph();
    let property = PropertyGraph::from(&graph);
    let (table, claim) = nodes_with(&property, "Claim")
        .into_iter()
        .find(|(table, claim)| values(&table.columns, claim, "value") == ["120.5"])
        .expect("the claim of the shells");
    assert_eq!(table.labels, [COMMON, "Claim"]);
    assert_eq!(values(&table.columns, claim, "eventType"), ["Transferred"]);
    assert_eq!(values(&table.columns, claim, "unitText"), ["tonne"]);
    let kind = |name: &str| table.columns.iter().find(|column| column.name() == name).map(|column| (column.kind(), column.several));
    assert_eq!(kind("value"), Some((Kind::Decimal, false)));
    assert_eq!(kind("startDate"), Some((Kind::Date, true)));
    let iri = table.rows.iter().find(|(_, properties)| properties == claim).map(|(iri, _)| *iri).expect("its IRI");
    for name in ["AGENT", "RECIPIENT", "AUTHOR", "APPEARANCE", "WAS_DERIVED_FROM", "WAS_ATTRIBUTED_TO"] {
        assert_eq!(relationships(&property, name).iter().filter(|row| row.from == iri).count(), 1, "{name}");
    }
    let supports = property.relationships.iter().find(|table| table.name == SUPPORT).expect("supports");
    let agent = supports.rows.iter().find(|row| row.from == iri && values(&supports.columns, &row.properties, "slot") == ["agent"]);
    let agent = agent.expect("why the agent is the agent");
    assert!(!values(&supports.columns, &agent.properties, "reason").is_empty());
    assert!(values(&supports.columns, &agent.properties, "reference")[0].starts_with("https://w3id.org/wiregraph/id/reference/"));
    let evidence = property.nodes.iter().find(|table| table.labels == [COMMON, "Evidence"]).expect("evidence");
    let (_, words) = evidence.rows.iter().find(|(iri, _)| *iri == agent.to).expect("its words");
    assert!(!values(&evidence.columns, words, "start").is_empty());
    let linked = property.relationships.iter().find(|table| table.name == "CONTRADICTS").expect("contradictions");
    assert!(linked.rows.iter().all(|row| values(&linked.columns, &row.properties, "reason").len() == 1));
}

/// What the shapes let a node have several of is an array, and nothing else.
#[test]
fn arrays_are_what_the_shapes_let_be_several() {
    let store = GraphStore::new().expect("a store");
    let shapes = include_str!("../../../models/ontology/shapes.ttl");
    store.load("shapes", shapes.as_bytes()).expect("shapes");
    let several = "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT DISTINCT ?class ?path WHERE {
        ?shape sh:targetClass ?class ; sh:property/sh:path ?path . FILTER(isIRI(?path))
        FILTER NOT EXISTS { ?shape sh:property [ sh:path ?path ; sh:maxCount ?most ] } }";
    let rows = store.query(several).expect("rows").rows;
    let mut expected = BTreeSet::new();
    for row in &rows {
        let [Some(class), Some(path)] = row.as_slice() else { panic!("a class and a path") };
        let (class, path) = (crate::graph::vocabulary::compact(plain(class)), crate::graph::vocabulary::compact(plain(path)));
        let Some((path, kind)) = PROPERTIES.iter().find(|(name, _)| *name == path) else { continue };
        // Links to nodes are relationships, of which there may be any number.
        let is_property = !matches!(kind, Type::Node) || ["wg:eventType", "wg:slot"].contains(path);
        let own = LABELS.iter().find(|(known, _)| *known == class).map_or(vec![local(&class)], |(_, own)| own.to_vec());
        let owner = if own.contains(&ENTITY) { Some(ENTITY) } else { own.first().copied() };
        if let Some(owner) = owner.filter(|owner| is_property && !["Statement", "Support"].contains(owner)) {
            expected.insert((owner.to_owned(), *path));
        }
    }
    let of_nodes = SEVERAL.iter().filter(|(owner, _)| *owner != SUPPORT);
    let held: BTreeSet<(String, &str)> =
        of_nodes.flat_map(|(owner, properties)| properties.iter().map(|property| ((*owner).to_owned(), *property))).collect();
    assert_eq!(held, expected);
}

#[test]
fn no_two_properties_have_one_name() {
    let mut names: Vec<&str> = PROPERTIES.iter().map(|(name, _)| *name).filter(|name| *name != "rdf:predicate").map(local).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    assert_eq!(relationship_name("wg:countedActor"), "COUNTED_ACTOR");
    assert_eq!(relationship_name("https://example.org/a`]-()b"), "AB");
}

#[test]
fn several_values_are_arrays_and_a_lone_link_leads_to_a_bare_node() {
    let minter = Minter::new(DEFAULT_BASE);
    let mut graph = Graph::new(&minter);
    let iri = |kind| minter.mint(kind, &["x"]);
    graph.types(&iri(Instance::Claim), &["wg:Claim", "schema:Claim", "schema:Observation"]);
    graph.link(&iri(Instance::Claim), "wg:eventType", Iri::named("wg:Captured"));
    graph.link(&iri(Instance::Claim), "wg:eventType", Iri::named("https://example.org/Looted"));
    graph.text(&iri(Instance::Claim), "wg:counted", "b");
    graph.text(&iri(Instance::Claim), "wg:counted", "a");
    graph.text(&iri(Instance::Claim), "wg:timeText", "");
    graph.link(&iri(Instance::Claim), "wg:place", iri(Instance::Entity));
    let property = PropertyGraph::from(&graph);
    let [bare, claims] = property.nodes.as_slice() else { panic!("two tables: {:?}", property.nodes) };
    assert_eq!((bare.labels.as_slice(), bare.rows.len()), (&[COMMON.to_owned()][..], 1));
    let (_, claim) = &claims.rows[0];
    assert_eq!(values(&claims.columns, claim, "eventType"), ["Captured", "https://example.org/Looted"]);
    // Against the shapes, but not lost.
    assert_eq!(values(&claims.columns, claim, "counted"), ["a; b"]);
    assert_eq!(claims.columns.iter().map(|column| column.name()).collect::<Vec<_>>(), ["counted", "eventType"]);
    assert_eq!(relationships(&property, "PLACE").len(), 1);
}

fn records(file: &Path) -> Vec<::csv::StringRecord> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_path(file).expect("a file");
    reader.records().collect::<Result<_, _>>().expect("strict CSV: as many cells in each row")
}

#[test]
fn files_hold_every_node_and_relationship_once() {
    let mut graph = fixtures::graph();
    let article = graph.nodes().find(|node| node.is_a("schema:NewsArticle")).expect("an article").iri.clone();
    graph.text(&article, "schema:headline", "Toll rises; “many” \"dead\",\nsay sources");
    let property = PropertyGraph::from(&graph);
    let around = tempfile::TempDir::new().expect("a directory");
    let place = around.path().join("csv");
    for _ in 0..2 {
        CsvDirectory::open(&place).expect("opened").write(&property).expect("written");
    }
    let mut iris = FxHashSet::default();
    let mut ends = Vec::new();
    let mut relationships = 0;
    for entry in std::fs::read_dir(&place).expect("the directory") {
        let path = entry.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if name.starts_with("nodes-") {
            let records = records(&path);
            assert!(records[0].iter().take(2).eq(["iri:ID", ":LABEL"]), "{name}");
            assert!(records[1..].iter().all(|record| record[1].starts_with("Wiregraph|")), "a semicolon stands in a headline: {name}");
            for record in &records[1..] {
                assert!(iris.insert(record[0].to_owned()), "{} twice", &record[0]);
            }
        } else if name.starts_with("relationships-") {
            let records = records(&path);
            assert!(records[0].iter().take(3).eq([":START_ID", ":END_ID", ":TYPE"]), "{name}");
            ends.extend(records[1..].iter().flat_map(|record| [record[0].to_owned(), record[1].to_owned()]));
            relationships += records.len() - 1;
        }
    }
    assert_eq!((iris.len(), relationships), (property.node_count(), property.relationship_count()));
    assert!(ends.iter().all(|end| iris.contains(end)));
    let text = |name: &str| std::fs::read_to_string(place.join(name)).expect("a file");
    let header = text("nodes-Claim.csv").lines().next().expect("a header").to_owned();
    for column in ["value:double", "counted:string", "startDate:date[]", "eventType:string[]"] {
        assert!(header.split(',').any(|own| own == column), "{column} in {header}");
    }
    assert!(text("README.txt").contains("--array-delimiter='|' --multiline-fields=true"));
    assert!(
        text("README.txt").contains("--nodes=nodes-Claim.csv") && text("README.txt").contains("--relationships=relationships-AGENT.csv")
    );
    let script = text("load.cypher");
    assert!(script.contains("n.value = CASE WHEN row.`value:double` <> '' THEN toFloat(row.`value:double`) END"), "{script}");
    assert!(script.contains("THEN [x IN split(row.`startDate:date[]`, '|') | date(x)]"), "{script}");
    assert!(script.contains("MERGE (a)-[r:SUPPORT {iri: row.`iri:string`}]->(b)"), "{script}");
}
