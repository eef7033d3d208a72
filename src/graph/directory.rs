//! A graph that grows on disk: a directory that batches are added to, and that is asked like a graph in a file.
//!
//! It holds one file of N-Quads, the facts of each article in a graph that has the article's IRI, conclusions in the default graph, so that any triple store
//! loads it as it is. A batch reads it, takes the place of what it held of the same articles, concludes anew and writes it beside before it is renamed: what
//! breaks off midway leaves the graph as it was. Kept in memory while it is asked: no RocksDB, whose C++ takes many times as long to build as everything here.

use super::Graph;
use super::iri::{Instance, Iri};
use super::rdf::{by_article, write_n_quads};
use super::source::{Gathering, Take, is_concluded};
use crate::error::{Error, Result};
use rustc_hash::FxHashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The file that holds the graph.
const GRAPH: &str = "graph.nq";
/// The file that a batch locks while it adds.
const LOCK: &str = "lock";

/// A directory that one batch at a time adds to.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Opens a directory for adding, and makes it where there is none.
    ///
    /// # Errors
    /// When it cannot be made or written to, holds something else, or another run is adding to it.
    pub fn open(path: &Path) -> Result<Directory> {
        let wrong = |source| Error::Io { path: path.display().to_string(), source };
        std::fs::create_dir_all(path).map_err(wrong)?;
        let is_foreign = !path.join(LOCK).exists() && std::fs::read_dir(path).map_err(wrong)?.next().is_some();
        if is_foreign {
            return Err(Error::Usage {
                reason: format!("{}: is a directory of other files, and no graph", path.display()),
                hint: Some("name an empty directory, or one that is not there yet".into()),
            });
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK)).map_err(wrong)?;
        // Writing must be possible, too, before the long run starts.
        NamedTempFile::new_in(path).map_err(wrong)?;
        match lock.try_lock() {
            Ok(()) => Ok(Directory { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Usage {
                reason: format!("{}: another run is adding to it", path.display()),
                hint: Some("wait for it to end".into()),
            }),
            Err(TryLockError::Error(source)) => Err(wrong(source)),
        }
    }

    /// Adds a graph: the facts of its articles take the place of what was held of the same source. `conclude` draws conclusions over all. Gives the number of
    /// triples that it then holds.
    ///
    /// # Errors
    /// When what is held cannot be read, stands on another base, or the new graph cannot be written; then all is as it was.
    pub fn add(&self, batch: Graph, conclude: impl FnOnce(&mut Graph) -> Result<()>) -> Result<usize> {
        let mut whole = facts(batch);
        if let Some(held) = self.read()? {
            if held.base() != whole.base() {
                return Err(Error::Usage {
                    reason: format!("{}: stands on the base {}, and not on {}", self.path.display(), held.base(), whole.base()),
                    hint: Some("say the same --base, or take another directory".into()),
                });
            }
            whole.unite(without(held, &whole));
        }
        conclude(&mut whole)?;
        let triples = whole.len();
        self.write(whole)?;
        Ok(triples)
    }

    /// What is held, without conclusions; `None` where there is nothing yet.
    fn read(&self) -> Result<Option<Graph>> {
        let path = self.path.join(GRAPH);
        let name = path.display().to_string();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Io { path: name, source }),
        };
        let mut gathering = Gathering::new(Take::Facts);
        gathering.add(&name, BufReader::new(file))?;
        Ok(gathering.finish().map(|(_, graph)| graph))
    }

    fn write(&self, whole: Graph) -> Result<()> {
        let path = self.path.join(GRAPH);
        let wrong = |source| Error::Io { path: path.display().to_string(), source };
        let mut out = BufWriter::new(NamedTempFile::new_in(&self.path).map_err(wrong)?);
        for part in by_article(whole) {
            write_n_quads(&part, &mut out)?;
        }
        out.flush().map_err(wrong)?;
        let file = out.into_inner().map_err(|error| wrong(error.into_error()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(wrong)?;
        }
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(&path).map_err(|error| wrong(error.error))?;
        Ok(())
    }
}

/// The file of a graph: of a directory the one that holds it, else the path itself.
///
/// # Errors
/// When it is a directory of something else.
pub fn file(path: &Path) -> Result<PathBuf> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let file = path.join(GRAPH);
    if file.is_file() {
        return Ok(file);
    }
    Err(Error::Usage {
        reason: format!("{}: is a directory that holds no graph", path.display()),
        hint: Some("`run --store DIR` makes one; or name the file that `run -o` wrote".into()),
    })
}

/// A graph without what was concluded.
fn facts(mut graph: Graph) -> Graph {
    graph.nodes.retain(|subject, properties| {
        properties.retain(|(property, value)| !is_concluded(subject, property.name(), value));
        !properties.is_empty()
    });
    graph
}

/// What is held of other sources than those of `new`: their articles, run records, and corrections.
fn without(held: Graph, new: &Graph) -> Graph {
    fn sources(graph: &Graph) -> impl Iterator<Item = (&Iri, &str)> {
        graph
            .nodes
            .keys()
            .filter(|iri| matches!(iri, Iri::Minted(Instance::Article, ..)))
            .flat_map(|iri| graph.node(iri).texts("wg:sha256").map(move |digest| (iri, digest)))
    }
    let anew: FxHashSet<&str> = sources(new).map(|(_, digest)| digest).collect();
    let replaced: FxHashSet<Iri> = sources(&held).filter(|(_, digest)| anew.contains(digest)).map(|(iri, _)| iri.clone()).collect();
    let mut kept = held.empty();
    for part in by_article(held) {
        if part.name.as_ref().is_none_or(|article| !replaced.contains(article)) {
            kept.unite(part.graph);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;
    use crate::graph::iri::{DEFAULT_BASE, Minter};

    fn conclude(graph: &mut Graph) -> Result<()> {
        fixtures::concluder(&Minter::new(DEFAULT_BASE), |concluder| concluder.conclude(graph)).map(drop)
    }

    fn articles(graph: &Graph) -> Vec<Iri> {
        graph.nodes().filter(|node| node.is_a("schema:NewsArticle")).map(|node| node.iri.clone()).collect()
    }

    #[test]
    fn batches_make_the_graph_of_one_run_and_an_article_read_again_takes_its_place() {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("graph");
        let directory = Directory::open(&path).expect("opened");
        let whole = fixtures::graph();
        let held = || {
            let mut gathering = Gathering::new(Take::All);
            gathering.add("held", BufReader::new(File::open(file(&path).expect("a file")).expect("opened"))).expect("read");
            gathering.finish().expect("a graph").1
        };
        for part in by_article(whole.clone()) {
            directory.add(part.graph, conclude).expect("added");
        }
        assert_eq!(held(), whole);
        assert_eq!(directory.add(whole.clone(), conclude).expect("added"), whole.len());
        assert_eq!(held(), whole);
        // A newer model no longer finds a headline.
        let mut anew = by_article(whole.clone()).swap_remove(0).graph;
        let article = articles(&anew).remove(0);
        let headline = |graph: &Graph| graph.node(&article).texts("schema:headline").count();
        assert_eq!(headline(&whole), 1);
        let properties = anew.nodes.get_mut(&article).expect("the article");
        properties.retain(|(property, _)| property.name() != "schema:headline");
        directory.add(anew, conclude).expect("added");
        assert_eq!(headline(&held()), 0);
        assert_eq!(articles(&held()), articles(&whole));
    }

    #[test]
    fn one_at_a_time_and_nothing_foreign() {
        let place = tempfile::tempdir().expect("a directory");
        let refused = |path: &Path| Directory::open(path).expect_err("refused").hint().is_some();
        std::fs::write(place.path().join("letter.txt"), "Dear").expect("written");
        assert!(refused(place.path()));
        let path = place.path().join("graph");
        let directory = Directory::open(&path).expect("opened");
        assert!(refused(&path));
        assert!(file(&path).is_err());
        directory.add(fixtures::graph(), conclude).expect("added");
        let elsewhere = Graph::new(&Minter::new("https://example.org/"));
        assert!(directory.add(elsewhere, conclude).is_err());
        drop(directory);
        assert!(file(&path).is_ok());
        Directory::open(&path).expect("opened again");
    }
}
