//! What a run did, as triples: which articles it read, what it left out and what failed, and who ran. Nothing in the graph points at it.

use super::Graph;
use super::bytes::Id;
use super::iri::{Fields, Instance, Iri, Minter};
use crate::error::Stage;
use std::collections::BTreeSet;

/// The program, its configuration and its model: what decides the facts beside the articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentInfo {
    /// Version of the program.
    pub version: String,
    /// Digest of the configuration, rules included.
    pub configuration_hash: String,
    /// Digest of the model.
    pub model_hash: String,
}

impl AgentInfo {
    /// The IRI of the agent: the same for the same program, configuration and model.
    #[must_use]
    pub fn iri(&self, minter: &Minter) -> Iri {
        minter.mint(Instance::Agent, &[&self.version, &self.configuration_hash, &self.model_hash])
    }

    /// Writes the agent's node and gives its IRI. Claims are attributed to it, so it stands wherever they do.
    pub fn describe(&self, graph: &mut Graph, minter: &Minter) -> Iri {
        let iri = self.iri(minter);
        graph.types(&iri, &["prov:SoftwareAgent"]);
        graph.text(&iri, "schema:name", "wiregraph");
        graph.text(&iri, "schema:softwareVersion", &self.version);
        graph.text(&iri, "wg:configurationHash", &self.configuration_hash);
        graph.text(&iri, "wg:modelHash", &self.model_hash);
        iri
    }
}

/// What leads from a run to an article that it used.
pub const USED: &str = "prov:used";

/// A document that gave no article to the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Failure {
    /// The path or record as given.
    pub source_file: String,
    /// Where it stopped.
    pub stage: Stage,
    /// Why, in words.
    pub reason: String,
}

/// Adds the record of one run, but for the articles that it used, and gives its IRI: of very many articles those are told one by one. `articles` are in the
/// order of their IRIs, each once.
pub fn record(graph: &mut Graph, minter: &Minter, agent: &AgentInfo, articles: &[Id], left_out: &[Failure], failed: &[Failure]) -> Iri {
    let agent = agent.describe(graph, minter);
    let mut fields = articles.iter().fold(minter.of(&agent).text(USED), |all, article| all.iri(minter, &article.iri()));
    let mut omissions: Vec<(&'static str, BTreeSet<Iri>)> = Vec::new();
    for (property, failures) in [("wg:leftOut", left_out), ("wg:failed", failed)] {
        let nodes: BTreeSet<Iri> = failures.iter().map(|failure| omission(graph, minter, failure)).collect();
        fields = nodes.iter().fold(fields.text(property), |all: Fields, node| all.iri(minter, node));
        omissions.push((property, nodes));
    }
    let activity = fields.mint(Instance::Run);
    graph.types(&activity, &["prov:Activity"]);
    graph.link(&activity, "prov:wasAssociatedWith", agent);
    for (property, nodes) in omissions {
        for node in nodes {
            graph.link(&activity, property, node);
        }
    }
    activity
}

fn omission(graph: &mut Graph, minter: &Minter, failure: &Failure) -> Iri {
    let Failure { source_file, stage, reason } = failure;
    let reason = if reason.is_empty() { "no reason given" } else { reason };
    let iri = minter.mint(Instance::Omission, &[source_file, stage.name(), reason]);
    graph.types(&iri, &["wg:Omission"]);
    graph.text(&iri, "wg:sourceFile", source_file);
    graph.text(&iri, "wg:stage", stage.name());
    graph.text(&iri, "wg:reason", reason);
    iri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::iri::DEFAULT_BASE;

    fn agent() -> AgentInfo {
        AgentInfo { version: "1.0.0".into(), configuration_hash: "c0".into(), model_hash: "m0".into() }
    }

    fn failure(file: &str) -> Failure {
        Failure { source_file: file.into(), stage: Stage::Strip, reason: "no text".into() }
    }

    #[test]
    fn order_and_repeats_change_nothing() {
        let minter = Minter::new(DEFAULT_BASE);
        let (mut one, mut other) = (Graph::new(&minter), Graph::new(&minter));
        let (a, b) = (minter.article("aa", 0), minter.article("bb", 0));
        let mut articles = [a, b].map(|iri| Id::of(&iri).expect("an instance"));
        articles.sort_unstable();
        let runs = [
            record(&mut one, &minter, &agent(), &articles, &[failure("x"), failure("y")], &[]),
            record(&mut other, &minter, &agent(), &articles, &[failure("y"), failure("x"), failure("x")], &[]),
        ];
        assert_eq!(runs[0], runs[1]);
        assert_ne!(runs[0], record(&mut Graph::new(&minter), &minter, &agent(), &articles[..1], &[failure("x"), failure("y")], &[]));
        assert_eq!(one, other);
    }

    #[test]
    fn a_document_left_out_is_no_failure() {
        let minter = Minter::new(DEFAULT_BASE);
        let (mut one, mut other) = (Graph::new(&minter), Graph::new(&minter));
        record(&mut one, &minter, &agent(), &[], &[failure("x")], &[]);
        record(&mut other, &minter, &agent(), &[], &[], &[failure("x")]);
        let runs = |graph: &Graph| {
            graph.nodes().map(|node| node.iri.clone()).filter(|iri| matches!(iri, Iri::Minted(Instance::Run, ..))).collect::<Vec<_>>()
        };
        assert_eq!((runs(&one).len(), runs(&other).len()), (1, 1));
        assert_ne!(runs(&one), runs(&other));
    }
}
