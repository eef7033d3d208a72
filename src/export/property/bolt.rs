//! Property graphs into a database over Bolt: Neo4j, and what speaks as it does.
//!
//! Every batch is a transaction of its own that looks for what is there by `iri`, so that a second export doubles nothing, and one that was cut short is made
//! whole by the next.
//! Properties are set as the graph has them: what a node had before and has no more goes. Nodes and relationships that an earlier graph held and this one does
//! not stay.

use super::csv::CONSTRAINT;
use super::{Column, Kind, Properties, PropertyGraph, Relationship, RelationshipTable};
use crate::error::{Error, Result};
use crate::export::address::Address;
use crate::graph::iri::Iri;
use neo4rs::{BoltDate, BoltDateTime, BoltList, BoltMap, BoltNull, BoltType, ConfigBuilder, Neo4jErrorKind, Query};
use std::time::Duration;

/// Schemes of addresses.
pub const SCHEMES: &[&str] = &["bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"];

/// Rows of a transaction.
const BATCH: usize = 1000;
/// How often a transaction is tried that a deadlock or a change of leader ended.
const ATTEMPTS: u32 = 8;
/// Before the second try; twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(50);
/// How long the server may take to answer at all.
const GREETING: Duration = Duration::from_secs(20);
/// How long it may take over a batch.
const PATIENCE: Duration = Duration::from_secs(600);

/// What makes `iri` unique or at least quick to find, the best first: each dialect of Cypher has its own words.
const CONSTRAINTS: &[&str] = &[
    CONSTRAINT,
    "CREATE INDEX wiregraph_iri IF NOT EXISTS FOR (n:Wiregraph) ON (n.iri)",
    "CREATE CONSTRAINT ON (n:Wiregraph) ASSERT n.iri IS UNIQUE",
    "CREATE INDEX ON :Wiregraph(iri)",
];

/// What an export wrote, and what the database then holds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Written {
    pub nodes: usize,
    pub relationships: usize,
    pub nodes_held: usize,
    pub relationships_held: usize,
    /// Whether the database keeps `iri` unique, or at least has an index on it.
    pub indexed: bool,
}

/// Writes a graph into the database at an address.
///
/// # Errors
/// When the database cannot be reached, refuses the user or the data, goes away meanwhile, or holds less in the end than was written.
pub fn write(graph: &PropertyGraph<'_>, address: &Address) -> Result<Written> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|source| Error::Io { path: address.to_string(), source })?;
    let written = runtime.block_on(async {
        let database = Database::connect(address).await?;
        database.write(graph).await
    })?;
    if written.nodes_held < written.nodes || written.relationships_held < written.relationships {
        let reason = format!(
            "of {} nodes and {} relationships the database holds {} and {}",
            written.nodes, written.relationships, written.nodes_held, written.relationships_held
        );
        return Err(server(address, reason, "something else may be deleting from it: export again when that is done"));
    }
    Ok(written)
}

struct Database<'a> {
    address: &'a Address,
    server: neo4rs::Graph,
}

impl Database<'_> {
    async fn connect(address: &Address) -> Result<Database<'_>> {
        let wrong = |error| named(address, error, false);
        let mut config = ConfigBuilder::default()
            .uri(format!("{}://{}", address.scheme, address.host))
            .user(address.user.as_deref().unwrap_or("neo4j"))
            .password(address.password.as_deref().unwrap_or_default())
            .connection_timeout(PATIENCE)
            .max_connections(1);
        if !address.path.is_empty() {
            config = config.db(address.path.as_str());
        }
        let server = neo4rs::Graph::connect(config.build().map_err(wrong)?).map_err(wrong)?;
        let database = Database { address, server };
        match tokio::time::timeout(GREETING, database.once("RETURN 1 AS held", Vec::new())).await {
            Ok(answer) => answer.map_err(wrong)?,
            Err(_) => {
                return Err(self::server(
                    address,
                    format!("no answer in {} s", GREETING.as_secs()),
                    "see that the address and port are the server's",
                ));
            }
        };
        Ok(database)
    }

    async fn write(&self, graph: &PropertyGraph<'_>) -> Result<Written> {
        let mut written = Written { nodes: 0, relationships: 0, nodes_held: 0, relationships_held: 0, indexed: false };
        for statement in CONSTRAINTS {
            match self.managed(statement, Vec::new()).await {
                Ok(_) => {
                    written.indexed = true;
                    break;
                }
                Err(neo4rs::Error::Neo4j(_)) => {}
                Err(error) => return Err(named(self.address, error, true)),
            }
        }
        for table in &graph.nodes {
            let labels: String = table.labels.iter().map(|label| format!(":{label}")).collect();
            // Not MERGE: one with every label finds no index in some databases, and one with the common label alone followed by SET of the others is two
            // changes of one node in one transaction, which their constraint takes for two nodes.
            let create = format!("{NODE} WITH row, n WHERE n IS NULL CREATE (new{labels}) SET new = row RETURN count(new) AS held");
            let update = format!("{NODE} SET n = row SET n{labels} RETURN count(n) AS held").replace("OPTIONAL ", "");
            for rows in table.rows.chunks(BATCH) {
                let rows: Vec<BoltType> = rows.iter().map(|(iri, properties)| node(graph, iri, &table.columns, properties)).collect();
                let all = rows.len();
                if self.run(&create, rows.clone()).await? < all {
                    self.run(&update, rows).await?;
                }
                written.nodes += all;
            }
        }
        for table in &graph.relationships {
            let merge = format!("{ENDS} MERGE {} SET r = row.properties", pattern(table));
            for rows in table.rows.chunks(BATCH) {
                self.run(&merge, rows.iter().map(|row| relationship(graph, row, &table.columns)).collect()).await?;
                written.relationships += rows.len();
            }
        }
        self.count(graph, &mut written).await?;
        Ok(written)
    }

    /// Counts what the database holds of a graph.
    async fn count(&self, graph: &PropertyGraph<'_>, written: &mut Written) -> Result<()> {
        let count = format!("{NODE} RETURN count(n) AS held");
        for rows in graph.nodes.iter().flat_map(|table| table.rows.chunks(BATCH)) {
            let rows = rows.iter().map(|(iri, _)| node(graph, iri, &[], &Properties::default()));
            written.nodes_held += self.run(&count, rows.collect()).await?;
        }
        for table in &graph.relationships {
            let count = format!("{ENDS} MATCH {} RETURN count(r) AS held", pattern(table));
            for rows in table.rows.chunks(BATCH) {
                written.relationships_held += self.run(&count, rows.iter().map(|row| relationship(graph, row, &[])).collect()).await?;
            }
        }
        Ok(())
    }

    async fn run(&self, cypher: &str, rows: Vec<BoltType>) -> Result<usize> {
        self.managed(cypher, rows).await.map_err(|error| named(self.address, error, true))
    }

    /// Runs a statement in a transaction, again where the server says that it may pass another time.
    async fn managed(&self, cypher: &str, rows: Vec<BoltType>) -> std::result::Result<usize, neo4rs::Error> {
        let mut pause = PAUSE;
        for _ in 1..ATTEMPTS {
            match self.once(cypher, rows.clone()).await {
                Err(error) if is_transient(&error) => tokio::time::sleep(pause).await,
                outcome => return outcome,
            }
            pause *= 2;
        }
        self.once(cypher, rows).await
    }

    /// One transaction; gives the number that the statement returns as `held`.
    async fn once(&self, cypher: &str, rows: Vec<BoltType>) -> std::result::Result<usize, neo4rs::Error> {
        let mut transaction = self.server.start_txn().await?;
        let query = Query::new(cypher.to_owned()).param("rows", BoltType::List(BoltList { value: rows }));
        let mut answer = transaction.execute(query).await?;
        let mut held = 0;
        while let Some(row) = answer.next(&mut transaction).await? {
            held += row.get::<usize>("held").unwrap_or(0);
        }
        transaction.commit().await.map(|()| held)
    }
}

/// Whether the same may pass another time: a deadlock, a concurrent change, another leader.
fn is_transient(error: &neo4rs::Error) -> bool {
    const WORDS: &[&str] = &["ConcurrentModification", "NeedRetry", "Deadlock", "deadlock"];
    let neo4rs::Error::Neo4j(error) = error else { return false };
    error.kind() == Neo4jErrorKind::Transient
        || error.code().ends_with("NotALeader")
        // Another export made the node between this one's looking and making.
        || error.code().ends_with("ConstraintValidationFailed")
        || WORDS.iter().any(|word| error.code().contains(word) || error.message().contains(word))
}

/// Finds nodes, and is null where there is none.
const NODE: &str = "UNWIND $rows AS row OPTIONAL MATCH (n:Wiregraph {iri: row.iri})";

/// Finds the ends of relationships.
const ENDS: &str = "UNWIND $rows AS row MATCH (a:Wiregraph {iri: row.from}) MATCH (b:Wiregraph {iri: row.to})";

/// A relationship between ends that are found.
fn pattern(table: &RelationshipTable<'_>) -> String {
    let key = if table.has_iris() { " {iri: row.properties.iri}" } else { "" };
    format!("(a)-[r:{}{key}]->(b)", table.name)
}

fn node(graph: &PropertyGraph<'_>, iri: &Iri, columns: &[Column], properties: &Properties<'_>) -> BoltType {
    let mut map = bolt_properties(columns, properties);
    map.put("iri".into(), graph.written(iri).into());
    BoltType::Map(map)
}

fn relationship(graph: &PropertyGraph<'_>, row: &Relationship<'_>, columns: &[Column]) -> BoltType {
    let mut properties = bolt_properties(columns, &row.properties);
    if let Some(iri) = row.iri {
        properties.put("iri".into(), graph.written(iri).into());
    }
    let mut map = BoltMap::default();
    map.put("from".into(), graph.written(row.from).into());
    map.put("to".into(), graph.written(row.to).into());
    map.put("properties".into(), BoltType::Map(properties));
    BoltType::Map(map)
}

fn bolt_properties(columns: &[Column], properties: &Properties<'_>) -> BoltMap {
    let mut map = BoltMap::default();
    for column in columns {
        let mut values = properties.values(*column).map(|text| bolt_value(column.kind(), text)).peekable();
        if values.peek().is_some() {
            let value = if column.several { BoltType::List(BoltList { value: values.collect() }) } else { values.next().unwrap_or(NULL) };
            map.put(column.name().into(), value);
        }
    }
    map
}

const NULL: BoltType = BoltType::Null(BoltNull);

/// A value of its type; a text where it is none of it.
fn bolt_value(kind: Kind, text: &str) -> BoltType {
    let typed = match kind {
        Kind::Text => None,
        Kind::Decimal => text.parse::<f64>().ok().map(BoltType::from),
        Kind::Integer => text.parse::<i64>().ok().map(BoltType::from),
        Kind::Date => text.parse::<chrono::NaiveDate>().ok().map(|day| BoltType::Date(BoltDate::from(day))),
        Kind::DateTime => {
            let zoned = chrono::DateTime::parse_from_rfc3339(text).ok();
            // A moment without a zone is in universal time, as the databases read it from CSV.
            let moment = zoned.or_else(|| text.parse::<chrono::NaiveDateTime>().ok().map(|moment| moment.and_utc().fixed_offset()));
            moment.map(|moment| BoltType::DateTime(BoltDateTime::from(moment)))
        }
    };
    typed.unwrap_or_else(|| text.into())
}

/// An error of the driver in the user's words. `was_there`: the server had answered before.
fn named(address: &Address, error: neo4rs::Error, was_there: bool) -> Error {
    use neo4rs::Error as E;
    use std::io::ErrorKind as Io;
    let again = "start the server and export again: what is written already stays, and nothing doubles";
    let listens = "see that the address and port are the server's, and that it listens for Bolt there";
    let (reason, hint) = match &error {
        E::AuthenticationError(_) => {
            let hint = "name the user with --user, and give the password in the environment variable WIREGRAPH_PASSWORD";
            (format!("the server refuses the user “{}”, or the password", address.user.as_deref().unwrap_or("neo4j")), hint)
        }
        E::IOError { detail } => match detail.kind() {
            Io::ConnectionRefused if !was_there => ("nothing listens there".to_owned(), listens),
            Io::ConnectionRefused | Io::UnexpectedEof | Io::ConnectionReset | Io::ConnectionAborted | Io::BrokenPipe => {
                ("the server went away".to_owned(), again)
            }
            _ => (one_line(&detail.to_string()), listens),
        },
        E::ProtocolMismatch(_) | E::UnsupportedVersion(..) => ("what listens there does not speak Bolt 4".to_owned(), listens),
        E::ConnectionTimedOut | E::ConnectionError => (error.to_string(), again),
        E::Neo4j(told) if told.code().contains("DatabaseNotFound") || told.message().contains("does not exist") => {
            (one_line(told.message()), "name a database that is there, after the port: bolt://localhost:7687/news")
        }
        E::Neo4j(told) if is_transient(&error) => {
            (one_line(told.message()), "others write to the same nodes: export again when they are done")
        }
        E::Neo4j(told) => (one_line(&format!("{}: {}", told.code(), told.message())), "the server's log says more"),
        _ => (one_line(&error.to_string()), listens),
    };
    server(address, reason, hint)
}

fn server(address: &Address, reason: String, hint: &str) -> Error {
    Error::Server { address: address.to_string(), reason, hint: Some(hint.to_owned()) }
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
