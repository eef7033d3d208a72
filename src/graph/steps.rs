//! The steps of uniting graphs as processes, for an engine that sorts and distributes records itself.
//!
//! A record is a channel, a group and a payload. On the way in and out each is a frame: the channel in one byte, the lengths of group and payload in four bytes
//! each, least significant first, then the two. A step that reads groups wants its frames in the order of group and payload, by bytes; the group decides on
//! which process gets a frame. Which channels a step reads is said with [`Step`].

use super::bytes::damaged;
use super::conclusions::handed::{Channel, Emit};
use super::conclusions::{Concluder, Corrections, Reading, Survey, Table};
use super::iri::Iri;
use super::rdf::{append_n_quads, by_article};
use super::sorter::Group;
use super::source::{Gathering, Take};
use super::told::node;
use super::vocabulary::Property;
use super::{Graph, Node, Value};
use crate::error::{Error, Result};
use std::io::{BufRead, Read as _, Write};

/// What one process does. In the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Step {
    /// Lines of `stream` to `articles` and `graph`
    Facts,
    /// `articles` to a survey of them, one frame
    Survey,
    /// All surveys to the table that the steps below look up: bytes, no frames
    Table,
    /// `articles` to `references`, `bands` and `captures`
    Compare,
    /// `captures` to `graph`
    Revise,
    /// `bands` to `alike`
    Alike,
    /// `alike`, in one process, to `articles` and `graph`
    Copies,
    /// `references` to `articles` and `graph`
    Entities,
    /// `articles`, those of all steps before it, to `votes`, `settling` and `graph`
    Roles,
    /// `votes` to `settling`
    Vote,
    /// `settling` to `figures`
    Settle,
    /// `figures` to `graph`
    Figures,
    /// `graph` to N-Quads
    Write,
}

/// What a process of a cluster is told.
pub struct Process<'a> {
    /// The gazetteer, word lists and base.
    pub concluder: &'a Concluder<'a>,
    /// What an analyst has put right.
    pub corrections: &'a Corrections,
    /// What [`Step::Table`] wrote; empty before it.
    pub table: &'a [u8],
}

impl Process<'_> {
    /// Runs a step. Gives words that are for people: corrections of what is not there, documents that failed.
    ///
    /// # Errors
    /// When what comes in is not what the step reads, or what goes out cannot be written.
    pub fn run(&self, step: Step, name: &str, input: impl BufRead, out: impl Write) -> Result<Vec<String>> {
        let mut out = Frames { out };
        let mut loose = Graph::new(self.concluder.minter);
        self.corrections.add_to(self.concluder.minter, &mut loose);
        let reading = Reading::of(&loose);
        let mut told = Vec::new();
        match step {
            Step::Facts => told = self.facts(&reading, &loose, name, input, &mut out)?,
            Step::Survey => {
                let mut survey = Survey::new(&reading);
                each_frame(input, name, |group| survey.add_group(self.concluder, &reading, &group))?;
                out.emit(Channel::Surveys, &[], &postcard::to_stdvec(&survey).map_err(|_| damaged())?)?;
            }
            Step::Table => {
                let mut all = Survey::new(&reading);
                each_frame(input, name, |group| {
                    group
                        .payloads()
                        .try_for_each(|survey| postcard::from_bytes(survey).map(|survey| all.unite(survey)).map_err(|_| damaged()))
                })?;
                let table = all.table(self.concluder.rules);
                told = table.unmet(self.concluder.minter, &reading);
                out.write_all(&postcard::to_stdvec(&table).map_err(|_| damaged())?)?;
            }
            Step::Write => {
                let (mut iri, mut properties): (Iri, Vec<(Property, Value)>) = (Iri::named(""), Vec::new());
                let mut lines = Vec::new();
                each_frame(input, name, |group| {
                    node(&group, &mut iri, &mut properties)?;
                    lines.clear();
                    append_n_quads(&loose, Node { iri: &iri, properties: &properties }, None, &mut lines);
                    out.write_all(&lines)
                })?;
            }
            step => {
                let table: Table = postcard::from_bytes(self.table).map_err(|_| Error::Usage {
                    reason: "--table: is no table that the step `table` wrote".into(),
                    hint: Some("give the file that all processes share".into()),
                })?;
                let steps = reading.steps(self.concluder, &table);
                each_frame(input, name, |group| match step {
                    Step::Compare => steps.compare(group, &mut out),
                    Step::Revise => steps.revise(group, &mut out),
                    Step::Alike => steps.alike(group, &mut out),
                    Step::Copies => steps.copies(group, &mut out),
                    Step::Entities => steps.entities(group, &mut out),
                    Step::Roles => steps.roles(group, &mut out),
                    Step::Vote => steps.vote(group, &mut out),
                    Step::Settle => steps.settle(group, &mut out),
                    _ => steps.figures(group, &mut out),
                })?;
            }
        }
        out.out.flush().map_err(wrong)?;
        Ok(told)
    }

    /// The facts of fragments, a line each.
    fn facts(
        &self,
        reading: &Reading,
        loose: &Graph,
        name: &str,
        input: impl BufRead,
        out: &mut Frames<impl Write>,
    ) -> Result<Vec<String>> {
        super::conclusions::handed::tell(out, loose)?;
        let mut failed = Vec::new();
        for (index, line) in input.lines().enumerate() {
            let line = line.map_err(|source| Error::Io { path: name.to_owned(), source })?;
            if line.trim().is_empty() {
                continue;
            }
            let mut gathering = Gathering::new(Take::Facts);
            gathering.add(&format!("{name}: line {}", index + 1), line.as_bytes())?;
            failed.extend(gathering.failed().iter().cloned());
            let Some((_, graph)) = gathering.finish() else { continue };
            super::conclusions::handed::tell(out, &graph)?;
            for part in by_article(graph) {
                let Some(article) = &part.name else { continue };
                reading.send(article, &part.graph, out)?;
            }
        }
        Ok(failed)
    }
}

/// Writes frames.
struct Frames<W> {
    out: W,
}

impl<W: Write> Frames<W> {
    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(wrong)
    }
}

impl<W: Write> Emit for Frames<W> {
    fn emit(&mut self, channel: Channel, group: &[u8], payload: &[u8]) -> Result<()> {
        let size = |bytes: &[u8]| {
            u32::try_from(bytes.len()).map(u32::to_le_bytes).map_err(|_| Error::Graph("a record is larger than 4 GB".into()))
        };
        self.write_all(&[channel as u8])?;
        self.write_all(&size(group)?)?;
        self.write_all(&size(payload)?)?;
        self.write_all(group)?;
        self.write_all(payload)
    }
}

fn wrong(source: std::io::Error) -> Error {
    Error::Io { path: "standard output".into(), source }
}

/// Calls with each group of the frames that come in. Their channels were looked at by whoever sent them here.
fn each_frame(mut input: impl BufRead, name: &str, mut call: impl FnMut(Group) -> Result<()>) -> Result<()> {
    let io = |source| Error::Io { path: name.to_owned(), source };
    let mut group = Group::default();
    let mut is_open = false;
    let (mut head, mut key, mut payload) = ([0; 9], Vec::new(), Vec::new());
    while !input.fill_buf().map_err(io)?.is_empty() {
        input.read_exact(&mut head).map_err(io)?;
        let size = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]).into();
        for (bytes, size) in [(&mut key, size(1)), (&mut payload, size(5))] {
            bytes.clear();
            if input.by_ref().take(size).read_to_end(bytes).map_err(io)? as u64 != size {
                return Err(Error::Graph(format!("{name}: a frame breaks off")));
            }
        }
        if is_open && key < group.key {
            return Err(Error::Graph(format!("{name}: the frames are not in the order of their groups")));
        }
        if is_open && key != group.key {
            call(std::mem::take(&mut group))?;
            is_open = false;
        }
        if !is_open {
            group.start(&key);
            is_open = true;
        }
        group.add(&payload);
    }
    if is_open { call(group) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;
    use crate::graph::iri::{DEFAULT_BASE, Instance, Minter};
    use std::collections::{BTreeMap, BTreeSet};

    /// Frames by channel, as an engine keeps them.
    type Kept = BTreeMap<u8, BTreeSet<(Vec<u8>, Vec<u8>)>>;

    fn frames(bytes: &[u8]) -> Vec<(u8, Vec<u8>, Vec<u8>)> {
        let mut all = Vec::new();
        let mut rest = bytes;
        while let [channel, a, b, c, d, e, f, g, h, after @ ..] = rest {
            let (group, payload) = (u32::from_le_bytes([*a, *b, *c, *d]) as usize, u32::from_le_bytes([*e, *f, *g, *h]) as usize);
            all.push((*channel, after[..group].to_vec(), after[group..group + payload].to_vec()));
            rest = &after[group + payload..];
        }
        all
    }

    fn written<'f>(channel: Channel, all: impl Iterator<Item = &'f (Vec<u8>, Vec<u8>)>) -> Vec<u8> {
        let mut out = Frames { out: Vec::new() };
        for (group, payload) in all {
            out.emit(channel, group, payload).expect("memory");
        }
        out.out
    }

    /// Runs a step in several processes, each with the groups whose last byte says so.
    fn run(process: &Process<'_>, step: Step, reads: Channel, kept: &mut Kept) {
        let processes = if step == Step::Copies { 1 } else { 3 };
        let all = kept.get(&(reads as u8)).cloned().unwrap_or_default();
        for number in 0..processes {
            let own = all.iter().filter(|(group, _)| usize::from(group.last().copied().unwrap_or_default()) % processes == number);
            let mut out = Vec::new();
            process.run(step, "frames", written(reads, own).as_slice(), &mut out).expect("it runs");
            for (channel, group, payload) in frames(&out) {
                kept.entry(channel).or_default().insert((group, payload));
            }
        }
    }

    #[test]
    fn steps_in_several_processes_make_the_graph_of_one() {
        let minter = Minter::new(DEFAULT_BASE);
        let mut expected = fixtures::graph();
        expected.nodes.retain(|iri, _| !matches!(iri, Iri::Minted(Instance::Run | Instance::Omission, ..)));
        let mut fragments = Vec::new();
        for part in by_article(expected.clone()) {
            part.graph.write_json_ld_line(&mut fragments).expect("memory");
        }
        fragments.extend_from_slice(b"{\"error\":{\"id\":\"x\",\"stage\":\"read\",\"reason\":\"no JSON\"}}\n");
        fixtures::concluder(&minter, |concluder| {
            let corrections = Corrections::default();
            let process = |table| Process { concluder, corrections: &corrections, table };
            let mut kept = Kept::default();
            let mut out = Vec::new();
            let told = process(&[]).run(Step::Facts, "fragments", fragments.as_slice(), &mut out).expect("facts");
            assert_eq!(told.len(), 1, "{told:?}");
            for (channel, group, payload) in frames(&out) {
                kept.entry(channel).or_default().insert((group, payload));
            }
            run(&process(&[]), Step::Survey, Channel::Articles, &mut kept);
            let mut table = Vec::new();
            let surveys = written(Channel::Surveys, kept[&(Channel::Surveys as u8)].iter());
            process(&[]).run(Step::Table, "surveys", surveys.as_slice(), &mut table).expect("a table");
            assert!(process(&[1, 2]).run(Step::Vote, "-", &b""[..], Vec::new()).expect_err("no table").hint().is_some());
            for (step, reads) in [
                (Step::Compare, Channel::Articles),
                (Step::Revise, Channel::Captures),
                (Step::Alike, Channel::Bands),
                (Step::Copies, Channel::Alike),
                (Step::Entities, Channel::References),
                (Step::Roles, Channel::Articles),
                (Step::Vote, Channel::Votes),
                (Step::Settle, Channel::Settling),
                (Step::Figures, Channel::Figures),
            ] {
                run(&process(&table), step, reads, &mut kept);
            }
            let mut n_quads = Vec::new();
            let nodes = written(Channel::Graph, kept[&(Channel::Graph as u8)].iter());
            process(&[]).run(Step::Write, "nodes", nodes.as_slice(), &mut n_quads).expect("written");
            let mut gathering = Gathering::new(Take::All);
            gathering.add("written", n_quads.as_slice()).expect("a graph");
            assert_eq!(gathering.finish().expect("a graph").1, expected);
            let (first, last) = (kept[&(Channel::Graph as u8)].first(), kept[&(Channel::Graph as u8)].last());
            let backwards = written(Channel::Graph, last.into_iter().chain(first));
            assert!(process(&[]).run(Step::Write, "nodes", backwards.as_slice(), Vec::new()).is_err());
            assert!(process(&[]).run(Step::Write, "nodes", &nodes[..nodes.len() - 1], Vec::new()).is_err());
        });
    }
}
