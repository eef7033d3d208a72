//! Gold files: what annotators signed for an article, with every quote found in the gold text.

use crate::error::{Error, Result};
use crate::types::{Amount, Bound, ByteSpan, Certainty, EVENT_TYPES, Kind, RELATION_TYPES, Scope, Slot};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How far after its sentence's first words a claim's number may stand, in bytes.
const NUMBER_WITHIN: usize = 700;

/// One annotated story.
#[derive(Clone, Debug)]
pub struct GoldArticle {
    /// The gold file's name without its ending.
    pub name: String,
    /// The page or text that is annotated.
    pub article: PathBuf,
    /// Which story of the page, from 1.
    pub story: usize,
    /// What the page says of the article.
    pub meta: GoldMeta,
    /// The body, paragraphs joined by a blank line.
    pub text: String,
    /// What the article speaks of, by the annotator's key.
    pub entities: BTreeMap<String, GoldEntity>,
    /// Mentions in order.
    pub mentions: Vec<GoldMention>,
    /// Claims.
    pub claims: Vec<GoldClaim>,
    /// Relations.
    pub relations: Vec<GoldClaim>,
}

/// What the page or its text says of the article.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the gold files")]
pub struct GoldMeta {
    pub headline: Option<String>,
    #[serde(default)]
    pub author: Vec<String>,
    #[serde(default, deserialize_with = "day")]
    pub published: Option<Date>,
    #[serde(default, deserialize_with = "day")]
    pub modified: Option<Date>,
    pub publisher: Option<String>,
    pub agency: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    pub dateline: Option<String>,
}

/// One actor, place or thing.
#[derive(Clone, Debug)]
pub struct GoldEntity {
    /// What it is.
    pub kind: Kind,
    /// Proper forms.
    pub names: Vec<String>,
    /// The article's descriptions of it.
    pub nominals: Vec<String>,
    /// Degrees north and east, for a place that exists.
    pub at: Option<(f64, f64)>,
}

/// A mention where it stands in the gold text.
#[derive(Clone, Debug)]
pub struct GoldMention {
    /// Its words.
    pub span: ByteSpan,
    /// What it names.
    pub kind: Kind,
    /// The key of the entity that it names, where it has one.
    pub key: Option<String>,
}

/// The number of a gold claim.
#[derive(Clone, Debug)]
pub struct GoldFigure {
    /// Its words, with cue.
    pub span: ByteSpan,
    /// Value, range or vague.
    pub amount: Amount,
    /// How it bounds.
    pub bound: Bound,
    /// The unit, singular.
    pub unit: Option<String>,
    /// What is counted, as written.
    pub counted: Option<String>,
}

/// A claim where it has a figure, a relation where it has none.
#[derive(Clone, Debug)]
pub struct GoldClaim {
    /// Its name in a [story](super::stories).
    pub id: Option<String>,
    /// The first words of its sentence.
    pub sentence: ByteSpan,
    /// The number, for a claim.
    pub figure: Option<GoldFigure>,
    /// Event type.
    pub event: String,
    /// Lemma of the word that says so.
    pub predicate: Option<String>,
    /// Actors, places and things: a key of the article's entities, or words.
    pub roles: Vec<(Slot, String)>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// First day on which the source gave the figure.
    pub as_of_start: Option<Date>,
    /// Last day on which the source gave the figure.
    pub as_of_end: Option<Date>,
    /// How sure the text is.
    pub certainty: Certainty,
    /// Total or increment.
    pub scope: Option<Scope>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOnDisk {
    article: String,
    #[serde(default = "one")]
    story: usize,
    meta: GoldMeta,
    text: Vec<String>,
    #[serde(default)]
    entities: BTreeMap<String, EntityOnDisk>,
    #[serde(default)]
    mentions: Vec<MentionOnDisk>,
    #[serde(default)]
    claims: Vec<ClaimOnDisk>,
    #[serde(default)]
    relations: Vec<ClaimOnDisk>,
}

fn one() -> usize {
    1
}

fn day<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Option<Date>, D::Error> {
    let words = Option::<String>::deserialize(from)?;
    words.map(|words| words.parse().map_err(serde::de::Error::custom)).transpose()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityOnDisk {
    kind: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    nominals: Vec<String>,
    lat: Option<f64>,
    lon: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MentionOnDisk {
    Plain(String, String),
    Keyed(String, String, String),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ClaimOnDisk {
    id: Option<String>,
    sentence: String,
    number: Option<String>,
    event: String,
    predicate: Option<String>,
    counted: Option<String>,
    actor: Option<String>,
    value: Option<String>,
    min: Option<String>,
    max: Option<String>,
    bound: Option<String>,
    unit: Option<String>,
    place: Option<String>,
    origin: Option<String>,
    #[serde(default)]
    agent: Vec<String>,
    #[serde(default)]
    recipient: Vec<String>,
    #[serde(default)]
    equipment: Vec<String>,
    #[serde(default, deserialize_with = "day")]
    start: Option<Date>,
    #[serde(default, deserialize_with = "day")]
    end: Option<Date>,
    #[serde(rename = "timeText")]
    _time_text: Option<String>,
    #[serde(default, deserialize_with = "day")]
    as_of_start: Option<Date>,
    #[serde(default, deserialize_with = "day")]
    as_of_end: Option<Date>,
    author: Option<String>,
    #[serde(default)]
    relayed_by: Vec<String>,
    certainty: String,
    scope: Option<String>,
}

/// Every gold file of a directory, by name.
///
/// # Errors
/// When the directory has none, or one cannot be read, or says what its text does not hold.
pub fn load_directory(directory: &Path) -> Result<Vec<GoldArticle>> {
    let files = files(directory)?;
    files.iter().map(|file| load(file)).collect()
}

/// The gold files of a directory, by name.
///
/// # Errors
/// When the directory cannot be read or has none.
pub fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let io = |source| Error::Io { path: directory.display().to_string(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        let reason = format!("{}: no gold files (*.json)", directory.display());
        return Err(Error::Usage { reason, hint: Some("a gold directory holds one JSON file a story, as corpus/gold does".to_owned()) });
    }
    Ok(files)
}

/// A gold file, its quotes found in its text.
///
/// # Errors
/// When it cannot be read, is not as the guidelines say, or quotes what its text does not hold; names file and entry.
pub fn load(file: &Path) -> Result<GoldArticle> {
    let shown = file.display().to_string();
    let json = std::fs::read_to_string(file).map_err(|source| Error::Io { path: shown.clone(), source })?;
    let name = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut article = parse(&shown, &name, &json)?;
    article.article = file.parent().unwrap_or(Path::new("")).join(&article.article);
    Ok(article)
}

/// The gold of a file's text; its article's path stays relative.
///
/// # Errors
/// As [`load`]'s.
pub fn parse(file: &str, name: &str, json: &str) -> Result<GoldArticle> {
    let wrong = |place: &str, reason: String| Error::Data { file: file.to_owned(), place: place.to_owned(), reason };
    let disk: FileOnDisk = serde_json::from_str(json).map_err(|error| wrong(&format!("line {}", error.line()), error.to_string()))?;
    if disk.story == 0 {
        return Err(wrong("story", "stories count from 1".to_owned()));
    }
    let text = disk.text.join("\n\n");
    let mut entities = BTreeMap::new();
    for (key, entity) in disk.entities {
        let place = format!("entities: {key}");
        let kind = Kind::from_name(&entity.kind).ok_or_else(|| wrong(&place, format!("unknown kind {:?}", entity.kind)))?;
        if entity.names.is_empty() && entity.nominals.is_empty() {
            return Err(wrong(&place, "neither names nor nominals".to_owned()));
        }
        entities.insert(key, GoldEntity { kind, names: entity.names, nominals: entity.nominals, at: entity.lat.zip(entity.lon) });
    }
    let mut mentions = Vec::with_capacity(disk.mentions.len());
    let mut from = 0;
    for (index, mention) in disk.mentions.into_iter().enumerate() {
        let place = format!("mentions[{index}]");
        let (words, kind, key) = match mention {
            MentionOnDisk::Plain(words, kind) => (words, kind, None),
            MentionOnDisk::Keyed(words, kind, key) => (words, kind, Some(key)),
        };
        let span = find_words(&text, &words, from, text.len())
            .ok_or_else(|| wrong(&place, format!("{words:?} is not in the text after {:?}", before(&text, from))))?;
        let kind = Kind::from_name(&kind).ok_or_else(|| wrong(&place, format!("unknown kind {kind:?}")))?;
        if let Some(key) = key.as_ref().filter(|key| !entities.contains_key(*key)) {
            return Err(wrong(&place, format!("no entity {key:?}")));
        }
        from = span.end as usize;
        mentions.push(GoldMention { span, kind, key });
    }
    let resolve = |list: Vec<ClaimOnDisk>, what: &str, counts: bool| -> Result<Vec<GoldClaim>> {
        let claim = |(index, entry)| claim(&text, &entities, entry, counts).map_err(|reason| wrong(&format!("{what}[{index}]"), reason));
        list.into_iter().enumerate().map(claim).collect()
    };
    let claims = resolve(disk.claims, "claims", true)?;
    let relations = resolve(disk.relations, "relations", false)?;
    let article = PathBuf::from(disk.article);
    Ok(GoldArticle { name: name.to_owned(), article, story: disk.story, meta: disk.meta, text, entities, mentions, claims, relations })
}

/// One claim or relation of a file; says what is wrong with it.
fn claim(text: &str, entities: &BTreeMap<String, GoldEntity>, entry: ClaimOnDisk, counts: bool) -> std::result::Result<GoldClaim, String> {
    let mut found = text.match_indices(&entry.sentence);
    let sentence = match (found.next(), found.next()) {
        (Some((start, words)), None) if !words.is_empty() => ByteSpan::new(start, start + words.len()),
        (None, _) => return Err(format!("the sentence's words {:?} are not in the text", entry.sentence)),
        _ => return Err(format!("the sentence's words {:?} are there more than once", entry.sentence)),
    };
    let listed = EVENT_TYPES.contains(&entry.event.as_str()) || !counts && RELATION_TYPES.contains(&entry.event.as_str());
    if !listed && !entry.event.contains(':') {
        return Err(format!("unknown event {:?}", entry.event));
    }
    let figure = match (counts, &entry.number) {
        (true, Some(number)) => Some(figure(text, sentence, number, &entry)?),
        (true, None) => return Err("a claim needs its number's words".to_owned()),
        (false, None) => None,
        (false, Some(_)) => return Err("a relation has no number".to_owned()),
    };
    let mut roles = Vec::new();
    let single =
        [(Slot::CountedActor, entry.actor), (Slot::Place, entry.place), (Slot::Origin, entry.origin), (Slot::Author, entry.author)];
    roles.extend(single.into_iter().filter_map(|(slot, key)| Some((slot, key?))));
    let lists = [
        (Slot::Agent, entry.agent),
        (Slot::Recipient, entry.recipient),
        (Slot::Equipment, entry.equipment),
        (Slot::RelayedBy, entry.relayed_by),
    ];
    for (slot, keys) in lists {
        roles.extend(keys.into_iter().map(|key| (slot, key)));
    }
    for (slot, key) in &roles {
        let literal = *slot == Slot::Equipment && text.contains(key.as_str());
        if !literal && !entities.contains_key(key) {
            return Err(format!("{slot:?}: no entity {key:?}"));
        }
    }
    let certainty = Certainty::from_name(&entry.certainty).ok_or_else(|| format!("unknown certainty {:?}", entry.certainty))?;
    let scope = match entry.scope.as_deref() {
        None => None,
        Some("total") => Some(Scope::Total),
        Some("increment") => Some(Scope::Increment),
        Some(other) => return Err(format!("unknown scope {other:?}")),
    };
    Ok(GoldClaim {
        id: entry.id,
        sentence,
        figure,
        event: entry.event,
        predicate: entry.predicate,
        roles,
        start: entry.start,
        end: entry.end,
        as_of_start: entry.as_of_start,
        as_of_end: entry.as_of_end,
        certainty,
        scope,
    })
}

fn figure(text: &str, sentence: ByteSpan, number: &str, entry: &ClaimOnDisk) -> std::result::Result<GoldFigure, String> {
    let from = sentence.start as usize;
    let to = from + NUMBER_WITHIN + number.len();
    let span = find_words(text, number, from, to)
        .or_else(|| find(text, number, from, to))
        .ok_or_else(|| format!("the number {number:?} is not in the text from {:?} on", entry.sentence))?;
    let bound = entry.bound.as_deref().and_then(Bound::from_name).ok_or_else(|| format!("unknown bound {:?}", entry.bound))?;
    let decimal = |words: &str| Decimal::from_str_exact(words).map_err(|_| format!("{words:?} is no decimal number"));
    let amount = match (bound, &entry.value, &entry.min, &entry.max) {
        (Bound::Range, None, Some(low), Some(high)) => Amount::Range(decimal(low)?, decimal(high)?),
        (Bound::Vague, None, None, None) => Amount::Vague,
        (Bound::Range | Bound::Vague, ..) | (_, None, ..) => return Err("value, min and max do not fit the bound".to_owned()),
        (_, Some(value), None, None) => Amount::Value(decimal(value)?),
        _ => return Err("value, min and max do not fit the bound".to_owned()),
    };
    Ok(GoldFigure { span, amount, bound, unit: entry.unit.clone(), counted: entry.counted.clone() })
}

/// The first place from `from` on, ending by `to`, where `words` stand for themselves: not within a longer word or number.
pub(super) fn find_words(text: &str, words: &str, from: usize, to: usize) -> Option<ByteSpan> {
    let mut start = from;
    while let Some(span) = find(text, words, start, to) {
        let (left, right) = (&text[..span.start as usize], &text[span.end as usize..]);
        let (mut leftwards, mut rightwards) = (left.chars().rev(), right.chars());
        let begins = !joins(words.chars().next(), leftwards.next(), leftwards.next());
        if begins && !joins(words.chars().next_back(), rightwards.next(), rightwards.next()) {
            return Some(span);
        }
        start = span.start as usize + words.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// Whether a quote's outermost character, the one beside it and the one beyond that belong to one word or number.
fn joins(outermost: Option<char>, beside: Option<char>, beyond: Option<char>) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    match beside {
        Some('.' | ',') => digit(outermost) && digit(beyond),
        Some(c) => c.is_alphanumeric(),
        None => false,
    }
}

fn find(text: &str, words: &str, from: usize, to: usize) -> Option<ByteSpan> {
    if words.is_empty() {
        return None;
    }
    let start = from + text.get(from..)?.find(words)?;
    (start + words.len() <= to).then(|| ByteSpan::new(start, start + words.len()))
}

/// The last few words before an offset, for messages.
fn before(text: &str, offset: usize) -> &str {
    let start = text[..offset].char_indices().rev().nth(29).map_or(0, |(at, _)| at);
    &text[start..offset]
}

#[cfg(test)]
mod tests {
    use super::*;

    const FERRY: &str = r#"{
        "article": "../articles/ferry.txt",
        "meta": {"headline": "“Quay” café burns", "published": "2025-02-11"},
        "text": ["SAMAR, Feb. 11 — The Café\u00a0Guard 🚢 said 1,140 ferries and 14 tugs burned.", "“We lost 14 of them,” it said."],
        "entities": {"guard": {"kind": "Organization", "names": ["Café\u00a0Guard"], "nominals": ["the guard"]}},
        "mentions": [["SAMAR", "Place"], ["Café\u00a0Guard", "Organization", "guard"]],
        "claims": [
            {"sentence": "SAMAR, Feb", "number": "14", "event": "Destroyed", "predicate": "burn", "counted": "tugs", "value": "14",
             "bound": "exact", "author": "guard", "equipment": ["tugs"], "start": "2025-02-11", "certainty": "stated", "scope": "total"}
        ],
        "relations": [{"sentence": "“We lost", "event": "Says", "agent": ["guard"], "certainty": "stated"}]
    }"#;

    #[test]
    fn quotes_become_spans_of_the_gold_text() {
        let gold = parse("ferry.json", "ferry", FERRY).expect("the file is right");
        assert_eq!(gold.story, 1);
        let words: Vec<_> = gold.mentions.iter().map(|m| m.span.of(&gold.text)).collect();
        assert_eq!(words, ["SAMAR", "Café\u{a0}Guard"]);
        let figure = gold.claims[0].figure.as_ref().expect("a claim has a figure");
        assert_eq!(&gold.text[figure.span.start as usize - 4..figure.span.end as usize + 5], "and 14 tugs");
        assert_eq!(figure.amount, Amount::Value(14.into()));
        assert_eq!(gold.claims[0].roles, [(Slot::Author, "guard".to_owned()), (Slot::Equipment, "tugs".to_owned())]);
        assert_eq!(gold.relations[0].sentence.of(&gold.text), "“We lost");
    }

    fn refusal(from: &str, to: &str) -> String {
        assert!(FERRY.contains(from), "{from}");
        parse("ferry.json", "ferry", &FERRY.replace(from, to)).expect_err("the file is wrong").to_string()
    }

    #[test]
    fn a_wrong_file_is_refused_by_name_and_entry() {
        assert!(refusal(r#"[["SAMAR""#, r#"[["LEYTE""#).starts_with("ferry.json: mentions[0]: \"LEYTE\" is not in the text"));
        assert!(refusal(r#""Organization", "guard"]"#, r#""Organization", "navy"]"#).contains("mentions[1]: no entity \"navy\""));
        assert!(refusal(r#""number": "14""#, r#""number": "15""#).contains("claims[0]: the number \"15\""));
        assert!(refusal(r#""sentence": "SAMAR, Feb""#, r#""sentence": "SAMAR, March""#).contains("claims[0]: the sentence's words"));
        assert!(
            refusal(r#""sentence": "“We lost""#, r#""sentence": "14""#)
                .contains("relations[0]: the sentence's words \"14\" are there more")
        );
        assert!(refusal(r#""event": "Destroyed""#, r#""event": "Says""#).contains("claims[0]: unknown event"));
        assert!(refusal(r#""bound": "exact""#, r#""bound": "range""#).contains("do not fit"));
        assert!(refusal(r#""scope": "total""#, r#""sum": "total""#).contains("unknown field `sum`"));
        assert!(refusal(r#""start": "2025-02-11""#, r#""start": "2025-02-31""#).starts_with("ferry.json: line"));
        assert!(refusal(r#""equipment": ["tugs"]"#, r#""equipment": ["boats"]"#).contains("no entity \"boats\""));
    }
}
