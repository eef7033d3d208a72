//! A graph that grows on disk: a directory that batches are added to, and that is asked like a graph in a file.
//!
//! It holds one file of N-Quads, the facts of each article in a graph that has the article's IRI, conclusions in the default graph, so that any triple store
//! loads it as it is. A batch reads it, takes the place of what it held of the same articles, concludes anew and writes it beside before it is renamed: what
//! breaks off midway leaves the graph as it was. Kept in memory while it is asked: no RocksDB, whose C++ takes many times as long to build as everything here.

use super::bytes::{read_graph, read_iri};
use super::iri::{Instance, Iri};
use super::rdf::{Part, append_n_quads, write_n_quads};
use super::shards::{Shards, United};
use super::sorter::Space;
use super::told::Told;
use super::{Graph, Node};
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

    /// Adds a batch: the facts of its articles take the place of what was held of the same source. `conclude` unites and draws conclusions. Gives the number
    /// of triples that the directory then holds, and corrections of what is not there, in words.
    ///
    /// # Errors
    /// When what is held cannot be read, stands on another base, or the new graph cannot be written; then all is as it was.
    pub fn add(&self, batch: &mut Told, conclude: impl FnOnce(Shards) -> Result<Option<United>>) -> Result<(usize, Vec<String>)> {
        let mut shards = Shards::new(&Space::of(&self.path));
        let mut anew: FxHashSet<String> = FxHashSet::default();
        batch.each(|_, node| {
            anew.extend(digests(node).map(str::to_owned));
            shards.add_node(node)
        })?;
        self.add_held(&mut shards, &anew, batch.base())?;
        let Some(united) = conclude(shards)? else { return Ok((0, Vec::new())) };
        let unmet = united.unmet.clone();
        Ok((self.write(united)?, unmet))
    }

    /// Adds what is held, without conclusions and without the articles of sources that come anew.
    fn add_held(&self, shards: &mut Shards, anew: &FxHashSet<String>, base: &str) -> Result<()> {
        let path = self.path.join(GRAPH);
        let name = path.display().to_string();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(Error::Io { path: name, source }),
        };
        let mut elsewhere: Option<String> = None;
        // The facts of an article stand together, and the article itself comes first.
        let mut replaced: Option<Iri> = None;
        shards.add_unless(&name, BufReader::new(file), |read| {
            if **read.minter.base() != *base {
                elsewhere.get_or_insert_with(|| read.minter.base().to_string());
            }
            let node = Node { iri: &read.subject, properties: &read.statements };
            if read.graph.is_some() && digests(node).any(|digest| anew.contains(digest)) {
                replaced.clone_from(&read.graph);
            }
            read.graph.is_some() && read.graph == replaced
        })?;
        match elsewhere {
            None => Ok(()),
            Some(held) => Err(Error::Usage {
                reason: format!("{}: stands on the base {held}, and not on {base}", self.path.display()),
                hint: Some("say the same --base, or take another directory".into()),
            }),
        }
    }

    fn write(&self, united: United) -> Result<usize> {
        let path = self.path.join(GRAPH);
        let wrong = |source| Error::Io { path: path.display().to_string(), source };
        let mut out = BufWriter::new(NamedTempFile::new_in(&self.path).map_err(wrong)?);
        let United { minter, mut articles, rest, .. } = united;
        let mut triples = 0;
        articles.each_group(|group| {
            let mut facts = Graph::new(&minter);
            group.payloads().try_for_each(|bytes| read_graph(bytes, &mut facts))?;
            triples += facts.len();
            let name = Some(read_iri(&mut group.key.as_slice())?);
            write_n_quads(&Part { name, graph: facts }, &mut out)
        })?;
        let mut lines = Vec::new();
        Told::new(&minter, rest).each(|base, node| {
            triples += node.properties.len();
            lines.clear();
            append_n_quads(base, node, None, &mut lines);
            out.write_all(&lines).map_err(wrong)
        })?;
        out.flush().map_err(wrong)?;
        let file = out.into_inner().map_err(|error| wrong(error.into_error()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(wrong)?;
        }
        file.as_file().sync_all().map_err(wrong)?;
        file.persist(&path).map_err(|error| wrong(error.error))?;
        Ok(triples)
    }
}

/// The digest of the source, where the node is an article.
fn digests<'n>(node: Node<'n>) -> impl Iterator<Item = &'n str> + use<'n> {
    let is_article = matches!(node.iri, Iri::Minted(Instance::Article, ..));
    node.texts("wg:sha256").filter(move |_| is_article)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::bytes::write_graph;
    use crate::graph::conclusions::{Concluder, Corrections};
    use crate::graph::fixtures;
    use crate::graph::iri::{DEFAULT_BASE, Minter};
    use crate::graph::rdf::by_article;
    use crate::graph::sorter::Sorter;
    use crate::graph::source::{Gathering, Take};

    fn conclude(shards: Shards) -> Result<Option<United>> {
        let minter = Minter::new(DEFAULT_BASE);
        let conclude = |with: &Concluder<'_>| shards.conclude(Some(with.minter), with.gazetteer, with.rules, &Corrections::default());
        fixtures::concluder(&minter, conclude)
    }

    fn told(graph: &Graph) -> Told {
        let mut bytes = Vec::new();
        write_graph(graph, &mut bytes);
        let mut sorter = Sorter::new(&Space::default());
        sorter.push_graph(&bytes).expect("room");
        Told::new(&Minter::new(graph.base()), sorter.finish().expect("room"))
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
            directory.add(&mut told(&part.graph), conclude).expect("added");
        }
        assert_eq!(held(), whole);
        assert_eq!(directory.add(&mut told(&whole), conclude).expect("added").0, whole.len());
        assert_eq!(held(), whole);
        // A newer model no longer finds a headline.
        let mut anew = by_article(whole.clone()).swap_remove(0).graph;
        let article = articles(&anew).remove(0);
        let headline = |graph: &Graph| graph.node(&article).texts("schema:headline").count();
        assert_eq!(headline(&whole), 1);
        let properties = anew.nodes.get_mut(&article).expect("the article");
        properties.retain(|(property, _)| property.name() != "schema:headline");
        directory.add(&mut told(&anew), conclude).expect("added");
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
        directory.add(&mut told(&fixtures::graph()), conclude).expect("added");
        let elsewhere = Graph::new(&Minter::new("https://example.org/"));
        assert!(directory.add(&mut told(&elsewhere), conclude).is_err());
        drop(directory);
        assert!(file(&path).is_ok());
        Directory::open(&path).expect("opened again");
    }
}
