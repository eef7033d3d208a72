//! Records of JSON Lines: which field is what.

use super::{Bylines, day};
use crate::error::{Error, Result, Stage};
use crate::lexicon;
use crate::types::{Content, Metadata, RawDocument};
use serde_json::{Map, Value};
use std::path::Path;

/// Names of fields, the most telling first.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Fields {
    id: Vec<String>,
    text: Vec<String>,
    html: Vec<String>,
    url: Vec<String>,
    title: Vec<String>,
    date: Vec<String>,
    modified: Vec<String>,
    author: Vec<String>,
    sitename: Vec<String>,
    language: Vec<String>,
    captured: Vec<String>,
    /// Of `models/bylines.toml`.
    #[serde(skip)]
    bylines: Bylines,
}

impl Fields {
    pub(super) fn load(rules: Option<&Path>) -> Result<Fields> {
        let mut all = Fields { bylines: Bylines::load(rules)?, ..Fields::default() };
        for file in lexicon::layers("fields.toml", include_str!("../../models/fields.toml"), rules)? {
            let layer: Fields = lexicon::toml(&file)?;
            // A later layer, the user's, goes first.
            for (names, more) in [
                (&mut all.id, layer.id),
                (&mut all.text, layer.text),
                (&mut all.html, layer.html),
                (&mut all.url, layer.url),
                (&mut all.title, layer.title),
                (&mut all.date, layer.date),
                (&mut all.modified, layer.modified),
                (&mut all.author, layer.author),
                (&mut all.sitename, layer.sitename),
                (&mut all.language, layer.language),
                (&mut all.captured, layer.captured),
            ] {
                names.splice(0..0, more);
            }
        }
        Ok(all)
    }

    /// The document of a record. `place` is `path#line`.
    pub(super) fn document(&self, mut record: Map<String, Value>, place: &str) -> Result<RawDocument> {
        let id = find(&record, &self.id).and_then(scalar).unwrap_or_else(|| place.to_owned());
        let line = |names: &[String]| find(&record, names).and_then(first_line);
        let hints = Metadata {
            headline: line(&self.title),
            authors: find(&record, &self.author).map(|value| people(value, &self.bylines)).unwrap_or_default(),
            published: line(&self.date).and_then(|d| day(&d)),
            modified: line(&self.modified).and_then(|d| day(&d)),
            publisher: line(&self.sitename),
            url: line(&self.url).filter(|url| url.contains("://")),
            language: line(&self.language).map(|l| l.to_lowercase()).filter(|l| l.len() == 2),
            captured: line(&self.captured).and_then(|when| date_time(&when)),
            ..Metadata::default()
        };
        let mut take = |names: &[String]| {
            let key = names.iter().find_map(|name| {
                key(&record, name).filter(|k| record.get(k).and_then(Value::as_str).is_some_and(|t| !t.trim().is_empty()))
            })?;
            match record.remove(&key) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            }
        };
        let (text, content) = match take(&self.text) {
            Some(text) => {
                let content = if super::kind(text.as_bytes()) == super::Kind::Html { Content::Html } else { Content::Clean };
                (text, content)
            }
            None => match take(&self.html) {
                Some(html) => (html, Content::Html),
                None => {
                    return Err(Error::document(&id, Stage::Read, format!("{place}: the record has no text or html"))
                        .with_hint("name its field in a fields.toml of --rules DIR, as models/fields.toml does"));
                }
            },
        };
        Ok(RawDocument { id, source_file: place.to_owned(), bytes: text.into_bytes(), content, charset: None, hints })
    }
}

/// The record's own spelling of a field's name.
fn key(record: &Map<String, Value>, name: &str) -> Option<String> {
    if record.contains_key(name) {
        return Some(name.to_owned());
    }
    record.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned()
}

fn find<'r>(record: &'r Map<String, Value>, names: &[String]) -> Option<&'r Value> {
    names
        .iter()
        .filter_map(|name| {
            record.get(name).or_else(|| record.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
        })
        .find(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(all) => !all.is_empty(),
            _ => true,
        })
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn first_line(value: &Value) -> Option<String> {
    let text = match value {
        Value::Array(all) => return all.first().and_then(first_line),
        Value::Object(object) => {
            return object.get("name").or_else(|| object.get("$date")).or_else(|| object.get("$oid")).and_then(first_line);
        }
        other => scalar(other)?,
    };
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!folded.is_empty()).then_some(folded)
}

fn people(value: &Value, bylines: &Bylines) -> Vec<String> {
    let lines: Vec<String> = match value {
        Value::Array(all) => all.iter().filter_map(first_line).collect(),
        one => first_line(one).into_iter().collect(),
    };
    let mut names: Vec<String> = Vec::new();
    for line in lines {
        let parts = bylines.authors(&line);
        let parts = if parts.is_empty() { vec![bylines.clean(&line)] } else { parts };
        for name in parts {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// A written moment as `xsd:dateTime`; a day alone is none.
pub(super) fn date_time(text: &str) -> Option<String> {
    let (date, time) = text.split_once(['T', ' '])?;
    let date = day(date)?;
    let clock: String = time.chars().take_while(|c| c.is_ascii_digit() || matches!(c, ':' | '.')).collect();
    let mut parts = clock.splitn(3, ':');
    let two = |part: Option<&str>, most: u8| part.filter(|p| p.len() == 2 && p.parse::<u8>().is_ok_and(|n| n <= most)).map(str::to_owned);
    let (hour, minute) = (two(parts.next(), 23)?, two(parts.next(), 59)?);
    let second =
        parts.next().map_or(Some("00".to_owned()), |s| (s.len() >= 2 && s.parse::<f64>().is_ok_and(|n| n < 60.0)).then(|| s.to_owned()))?;
    let zone = time[clock.len()..].trim();
    let offset = zone.len() == 6
        && zone.starts_with(['+', '-'])
        && zone.is_char_boundary(3)
        && &zone[3..4] == ":"
        && zone.chars().filter(char::is_ascii_digit).count() == 4;
    let zone = match zone {
        "Z" | "z" | "UTC" | "GMT" => "Z",
        zone if offset => zone,
        _ => "",
    };
    Some(format!("{date}T{hour}:{minute}:{second}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(json: &str) -> Result<RawDocument> {
        let Ok(Value::Object(record)) = serde_json::from_str(json) else { panic!("{json}") };
        Fields::load(None)?.document(record, "f.jsonl#7")
    }

    #[test]
    fn records_as_tools_write_them() {
        let d = document(r#"{"title":"Dam fails","author":"Ann Lee; Li Na","source":"https://a.example/1","source-hostname":"A Post","date":"2025-05-03","filedate":"2025-05-04","id":null,"raw_text":"x","text":"Two ships left.\nAll safe."}"#).expect("trafilatura");
        assert_eq!((d.id.as_str(), d.bytes.as_slice(), d.content), ("f.jsonl#7", "Two ships left.\nAll safe.".as_bytes(), Content::Clean));
        assert_eq!(d.hints.authors, ["Ann Lee", "Li Na"]);
        assert_eq!(
            (d.hints.url.as_deref(), d.hints.publisher.as_deref(), d.hints.captured),
            (Some("https://a.example/1"), Some("A Post"), None)
        );
        let d = document(r#"{"authors":["Ann Lee"],"date_download":"2025-05-04 10:00:01+00:00","date_publish":"2025-05-03 09:00:00","maintext":"Two ships.","source_domain":"a.example","title":"T","url":"https://a.example/2"}"#).expect("news-please");
        assert_eq!(d.hints.captured.as_deref(), Some("2025-05-04T10:00:01+00:00"));
        assert_eq!(d.hints.published.map(|d| d.to_string()).as_deref(), Some("2025-05-03"));
        let d = document(r#"{"id":17,"HTML":"<p>x</p>"}"#).expect("scrapy");
        assert_eq!((d.id.as_str(), d.content), ("17", Content::Html));
        let d = document(r#"{"content":"<div><p>Two ships</p><p>left</p></div>"}"#).expect("html in content");
        assert_eq!(d.content, Content::Html);
    }

    #[test]
    fn a_record_without_text_says_what_to_do() {
        let error = document(r#"{"id":"x","text":" "}"#).expect_err("no text");
        assert!(error.to_string().contains("no text") && error.hint().is_some());
    }
}
