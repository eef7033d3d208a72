//! A directory's graph, read node by node.

use super::records::{self, ARTICLES, LOOSE, RECORDS, STATE, State, guarded, open_to_read, unpacked, wrong};
use crate::error::Result;
use crate::graph::Value;
use crate::graph::bytes::{each_node, read_id, read_iri, read_length, read_node, take};
use crate::graph::conclusions::handed::Channel;
use crate::graph::iri::{Iri, Minter};
use crate::graph::source::Read;
use crate::graph::vocabulary::Property;
use redb::{ReadOnlyDatabase, ReadTransaction, ReadableDatabase, ReadableTable};
use std::path::{Path, PathBuf};

/// The graph of a directory, as the last batch left it.
pub struct Held {
    path: PathBuf,
    minter: Minter,
    now: ReadTransaction,
    _file: ReadOnlyDatabase,
}

impl Held {
    /// Opens the file of a directory; `None` where no batch was ever added.
    pub(super) fn open(path: &Path) -> Result<Option<Held>> {
        guarded(path, || Held::open_file(path))
    }

    fn open_file(path: &Path) -> Result<Option<Held>> {
        let file = open_to_read(path)?;
        let now = file.begin_read().map_err(wrong(path))?;
        let state: Option<State> = match now.open_table(STATE) {
            Err(redb::TableError::TableDoesNotExist(_)) => None,
            table => records::read_state(path, &table.map_err(wrong(path))?)?,
        };
        let held = |state: State| Held { path: path.to_owned(), minter: Minter::new(&state.base), now, _file: file };
        Ok(state.map(held))
    }

    /// Makes IRIs on the base of the graph.
    #[must_use]
    pub fn minter(&self) -> &Minter {
        &self.minter
    }

    /// What errors call it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Calls with the nodes of the graph, each once or several times: the facts of each article, in a graph of the article's name; then what is of no
    /// article, and conclusions.
    ///
    /// # Errors
    /// When the file cannot be read, or what is called fails.
    pub fn each(&self, call: impl FnMut(Read<'_>) -> Result<()>) -> Result<()> {
        guarded(&self.path, || self.each_node(call))
    }

    fn each_node(&self, mut call: impl FnMut(Read<'_>) -> Result<()>) -> Result<()> {
        let mut tell = |subject: Iri, bytes: &[u8], graph: Option<&Iri>| {
            let mut statements: Vec<(Property, Value)> = Vec::new();
            read_node(bytes, &mut statements)?;
            call(Read { minter: &self.minter, subject, statements, graph: graph.cloned() })
        };
        for entry in self.table(ARTICLES)?.iter().map_err(wrong(&self.path))? {
            let (article, facts) = entry.map_err(wrong(&self.path))?;
            let article = read_id(&mut article.value())?.iri();
            each_node(&unpacked(facts.value())?, |subject, statements| tell(subject, statements, Some(&article)))?;
        }
        for entry in self.table(LOOSE)?.iter().map_err(wrong(&self.path))? {
            let (node, statements) = entry.map_err(wrong(&self.path))?;
            tell(read_iri(&mut node.value())?, statements.value(), None)?;
        }
        let told = [Channel::Graph as u8];
        for entry in self.table(RECORDS)?.range(told.as_slice()..).map_err(wrong(&self.path))? {
            let (key, value) = entry.map_err(wrong(&self.path))?;
            let Some(mut key) = key.value().strip_prefix(told.as_slice()) else { break };
            let length = read_length(&mut key)?;
            let mut statements = value.value();
            read_length(&mut statements)?;
            tell(read_iri(&mut take(&mut key, length)?)?, statements, None)?;
        }
        Ok(())
    }

    fn table(&self, table: records::Bytes) -> Result<redb::ReadOnlyTable<&'static [u8], &'static [u8]>> {
        self.now.open_table(table).map_err(wrong(&self.path))
    }
}
