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
        let id = values(&record, &self.id).find_map(scalar).unwrap_or_else(|| place.to_owned());
        let line = |names: &[String]| values(&record, names).find_map(first_line);
        let hints = Metadata {
            headline: line(&self.title),
            authors: values(&record, &self.author).next().map(|value| people(value, &self.bylines)).unwrap_or_default(),
            published: values(&record, &self.date).filter_map(first_line).find_map(|d| day(&d)),
            modified: values(&record, &self.modified).filter_map(first_line).find_map(|d| day(&d)),
            // A source may be an address, or the outlet's name.
            publisher: values(&record, &self.sitename).filter_map(first_line).find(|name| !name.contains("://")),
            url: values(&record, &self.url).filter_map(first_line).find(|url| url.contains("://")),
            language: line(&self.language).and_then(|l| language(&l)),
            captured: values(&record, &self.captured).filter_map(first_line).find_map(|when| date_time(&when)),
            ..Metadata::default()
        };
        let mut take = |names: &[String]| {
            let key = names.iter().find_map(|name| key(&record, name).filter(|k| record.get(k).is_some_and(|value| !is_blank(value))))?;
            match record.remove(&key)? {
                Value::String(text) => Some(text),
                // Paragraph by paragraph, as selectors give them.
                Value::Array(all) => {
                    let lines: Vec<&str> = all.iter().filter_map(Value::as_str).map(str::trim).collect();
                    (!lines.is_empty()).then(|| lines.join("\n"))
                }
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
                    let at = if id == place { String::new() } else { format!("{place}: ") };
                    return Err(Error::document(&id, Stage::Read, format!("{at}the record has no text or html"))
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

/// What a record says under any of `names`, in their order.
fn values<'r>(record: &'r Map<String, Value>, names: &'r [String]) -> impl Iterator<Item = &'r Value> {
    names
        .iter()
        .filter_map(|name| {
            record.get(name).or_else(|| record.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
        })
        .filter(|value| !is_blank(value))
}

/// Whether a field says nothing. Python's word for nothing gets into records as text.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => matches!(text.trim(), "" | "None"),
        Value::Array(all) => all.iter().all(is_blank),
        _ => false,
    }
}

/// The two letters of a language: "en" of "en-GB".
fn language(text: &str) -> Option<String> {
    let code = text.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    (code.len() == 2).then_some(code)
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
    // As archives write it; the forms that people write are tried else.
    let date = if date.len() == 10 { date.parse().ok() } else { None }.or_else(|| day(date))?;
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
    fn records_of_trafilatura() {
        // As `trafilatura --json --with-metadata` writes them.
        let d = document(
            r#"{"title":"Dam fails","author":"Ann Lee; Li Na","hostname":"a.example","date":"2025-05-03","fingerprint":"368c","id":null,"license":null,
            "comments":"First!","raw_text":"x","text":"Two ships left.\nAll safe.","language":null,"image":null,"pagetype":null,"filedate":"2025-05-04",
            "source":"https://a.example/1","source-hostname":"A Post","excerpt":null,"categories":"","tags":""}"#,
        )
        .expect("a record");
        assert_eq!((d.id.as_str(), d.bytes.as_slice(), d.content), ("f.jsonl#7", "Two ships left.\nAll safe.".as_bytes(), Content::Clean));
        assert_eq!((d.hints.headline.as_deref(), d.hints.authors), (Some("Dam fails"), vec!["Ann Lee".to_owned(), "Li Na".to_owned()]));
        assert_eq!(
            (d.hints.url.as_deref(), d.hints.publisher.as_deref(), d.hints.captured),
            (Some("https://a.example/1"), Some("A Post"), None)
        );
        assert_eq!(d.hints.published.map(|d| d.to_string()).as_deref(), Some("2025-05-03"));
        // Without metadata.
        let d = document(r#"{"text":"Two ships left.","comments":""}"#).expect("a record");
        assert_eq!((d.bytes.as_slice(), d.hints), ("Two ships left.".as_bytes(), Metadata::default()));
    }

    #[test]
    fn records_of_news_please() {
        // Dates go through Python's str(), which makes "None" of none.
        let d = document(
            r#"{"authors":["Ann Lee"],"date_download":"2025-05-04 10:00:01+00:00","date_modify":"None","date_publish":"2025-05-03 09:00:00","description":"A dam.",
            "filename":"a.example%2F2.json","image_url":"https://a.example/2.jpg","language":"en","localpath":null,"maintext":"Two ships.","source_domain":"a.example",
            "text":null,"title":"Dam fails","title_page":null,"title_rss":null,"url":"https://a.example/2"}"#,
        )
        .expect("a record");
        assert_eq!((d.bytes.as_slice(), d.hints.captured.as_deref()), ("Two ships.".as_bytes(), Some("2025-05-04T10:00:01+00:00")));
        assert_eq!((d.hints.published.map(|d| d.to_string()).as_deref(), d.hints.modified), (Some("2025-05-03"), None));
        assert_eq!((d.hints.publisher.as_deref(), d.hints.language.as_deref()), (Some("a.example"), Some("en")));
        // The items of its crawler, before they are cleaned up.
        let d = document(
            r#"{"article_title":"Dam fails","article_author":["Ann Lee"],"article_text":"Two ships.","article_publish_date":"2025-05-03 09:00:00","article_language":"en",
            "download_date":"2025-05-04 10:00:01","modified_date":"2025-05-04 08:00:00","source_domain":"a.example","url":"https://a.example/2","html_title":"Dam"}"#,
        )
        .expect("a record");
        assert_eq!((d.hints.headline.as_deref(), d.hints.authors), (Some("Dam fails"), vec!["Ann Lee".to_owned()]));
        assert_eq!((d.hints.captured.as_deref(), d.hints.modified.is_some()), (Some("2025-05-04T10:00:01"), true));
    }

    #[test]
    fn records_of_scrapy() {
        // A project of one's own names fields as it likes, and selectors give lists.
        let d = document(
            r#"{"title":["Dam fails"],"link":"https://a.example/3","source":"A Post","published":"two hours ago","published_at":"2025-05-03T09:00:00Z","lang":"en-GB",
            "scraped_at":"2025-05-04T10:00:01Z","paragraphs":["Two ships left.","  ","All safe. "],"byline":"By Ann Lee"}"#,
        )
        .expect("a record");
        assert_eq!(d.bytes, b"Two ships left.\n\nAll safe.");
        assert_eq!((d.hints.headline.as_deref(), d.hints.publisher.as_deref()), (Some("Dam fails"), Some("A Post")));
        assert_eq!((d.hints.url.as_deref(), d.hints.language.as_deref()), (Some("https://a.example/3"), Some("en")));
        assert_eq!(
            (d.hints.published.map(|d| d.to_string()).as_deref(), d.hints.authors),
            (Some("2025-05-03"), vec!["Ann Lee".to_owned()])
        );
        let d = document(r#"{"id":17,"HTML":"<p>x</p>"}"#).expect("a page");
        assert_eq!((d.id.as_str(), d.content), ("17", Content::Html));
        let d = document(r#"{"content":"<div><p>Two ships</p><p>left</p></div>"}"#).expect("html in content");
        assert_eq!(d.content, Content::Html);
        let d = document(r#"{"source":{"id":"bbc","name":"A Post"},"content":"Two ships.","publishedAt":"2025-05-03T09:00:00Z"}"#)
            .expect("a search");
        assert_eq!(d.hints.publisher.as_deref(), Some("A Post"));
    }

    #[test]
    fn a_record_without_text_says_what_to_do() {
        let error = document(r#"{"id":"x","text":" "}"#).expect_err("no text");
        assert!(error.to_string().contains("no text") && error.hint().is_some());
    }
}
