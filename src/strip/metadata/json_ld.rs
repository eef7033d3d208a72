//! What a page's JSON-LD says of its article.

use crate::read::{Bylines, day};
use crate::types::Metadata;
use serde_json::Value;

/// Objects looked at in one page, at most; a page's scripts may hold anything.
const MOST: usize = 5000;

/// What the JSON-LD blocks of a page say; the article's own object first, then the page's.
pub(super) fn read<'s>(scripts: impl Iterator<Item = &'s str>, bylines: &Bylines) -> Metadata {
    let values: Vec<Value> = scripts.filter_map(parse).collect();
    let mut objects = Vec::new();
    for value in &values {
        collect(value, &mut objects);
    }
    let mut ranked: Vec<(u8, &Value)> = objects.iter().filter_map(|object| rank(object).map(|rank| (rank, *object))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut meta = Metadata::default();
    for (rank, object) in ranked {
        let text = |key: &str| object.get(key).and_then(words);
        let page = rank == PAGE;
        if !page {
            meta.headline = meta.headline.or_else(|| text("headline").or_else(|| text("name")));
            if meta.authors.is_empty() {
                meta.authors = ["author", "creator"]
                    .into_iter()
                    .find_map(|key| object.get(key).map(|v| names(v, &objects, bylines)).filter(|n| !n.is_empty()))
                    .unwrap_or_default();
            }
        }
        meta.published =
            meta.published.or_else(|| ["datePublished", "dateCreated", "uploadDate"].into_iter().find_map(|key| day(&text(key)?)));
        meta.modified = meta.modified.or_else(|| day(&text("dateModified")?));
        meta.publisher = meta.publisher.or_else(|| names(object.get("publisher")?, &objects, bylines).into_iter().next());
        meta.language = meta.language.or_else(|| text("inLanguage"));
        meta.url = meta.url.or_else(|| {
            text("url")
                .or_else(|| object.get("mainEntityOfPage").and_then(|v| v.as_str().map(str::to_owned).or_else(|| words(v.get("@id")?))))
        });
    }
    meta
}

const PAGE: u8 = 9;

fn rank(object: &Value) -> Option<u8> {
    let of = |kind: &str| match kind.rsplit(['/', ':']).next().unwrap_or_default() {
        "NewsArticle"
        | "ReportageNewsArticle"
        | "AnalysisNewsArticle"
        | "BackgroundNewsArticle"
        | "LiveBlogPosting"
        | "OpinionNewsArticle" => Some(0),
        "Article" | "BlogPosting" | "Report" | "TechArticle" | "ScholarlyArticle" | "MedicalScholarlyArticle" | "SocialMediaPosting" => {
            Some(1)
        }
        "Recipe" | "HowTo" | "Review" | "CreativeWork" => Some(4),
        "WebPage" | "MedicalWebPage" | "ItemPage" => Some(PAGE),
        other if other.ends_with("Article") => Some(2),
        _ => None,
    };
    match object.get("@type")? {
        Value::String(kind) => of(kind),
        Value::Array(kinds) => kinds.iter().filter_map(|kind| of(kind.as_str()?)).min(),
        _ => None,
    }
}

/// The objects of a value that may describe the page: itself, lists and graphs of them, and the main thing of a page.
fn collect<'v>(value: &'v Value, into: &mut Vec<&'v Value>) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if into.len() >= MOST {
            return;
        }
        match value {
            Value::Array(all) => waiting.extend(all.iter().rev()),
            Value::Object(object) => {
                into.push(value);
                waiting.extend(["mainEntity", "@graph", "mainEntityOfPage"].iter().filter_map(|key| object.get(*key)));
            }
            _ => {}
        }
    }
}

fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Array(all) => return all.first().and_then(words),
        Value::Object(object) => return ["name", "@value"].into_iter().find_map(|key| object.get(key).and_then(words)),
        _ => return None,
    };
    let plain = super::plain(text);
    (!plain.is_empty()).then_some(plain)
}

/// Names of people or organisations; a bare `@id` is looked up.
fn names(value: &Value, objects: &[&Value], bylines: &Bylines) -> Vec<String> {
    let all = match value {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut found: Vec<String> = Vec::new();
    for one in all {
        let name = match one {
            Value::Object(object) => object.get("name").and_then(words).or_else(|| {
                let id = object.get("@id")?.as_str()?;
                objects
                    .iter()
                    .find(|o| o.get("@id").and_then(Value::as_str) == Some(id) && o.get("name").is_some())
                    .and_then(|o| words(o.get("name")?))
            }),
            other => words(other),
        };
        for name in name.iter().flat_map(|name| split(name, bylines)) {
            if !name.is_empty() && !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// One string may hold several names.
fn split(name: &str, bylines: &Bylines) -> Vec<String> {
    if name.contains("://") {
        return Vec::new();
    }
    let parts = bylines.authors(name);
    if parts.len() > 1 && parts.iter().all(|part| bylines.looks_like_name(part)) {
        return parts;
    }
    let whole = bylines.clean(name);
    let lower = whole.to_lowercase();
    vec![lower.strip_prefix("by ").map_or(whole.clone(), |rest| whole[whole.len() - rest.len()..].to_owned())]
}

/// Scripts hold JSON with comments round it and raw line breaks inside strings.
fn parse(script: &str) -> Option<Value> {
    let text = script.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let text = text.trim_end_matches("-->").trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let first = |text: &str| serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok();
        // Some pages escape their scripts as if they were text.
        first(&spaced).or_else(|| spaced.contains("&quot;").then(|| first(&htmlize::unescape(&spaced)))?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_with_references() {
        let script = r##"{"@graph":[{"@type":"WebPage","datePublished":"2020-01-01","name":"x"},{"@type":["Thing","NewsArticle"],"headline":"Dam &amp; bridge\nfail","author":[{"@id":"#a"},"By Li Na"],
            "datePublished":"2025-05-03T10:00:00Z","publisher":{"name":"The Post"}},{"@id":"#a","@type":"Person","name":"Ann Lee"}]}"##;
        let meta = read([script].into_iter(), &Bylines::load(None).expect("built-in data"));
        assert_eq!(meta.headline.as_deref(), Some("Dam & bridge fail"));
        assert_eq!(meta.authors, ["Ann Lee", "Li Na"]);
        assert_eq!(meta.published.map(|d| d.to_string()).as_deref(), Some("2025-05-03"));
        assert_eq!(meta.publisher.as_deref(), Some("The Post"));
    }

    #[test]
    fn broken_scripts_say_nothing() {
        for script in ["", "{", "[[[[", "null", "{\"@type\":3}", "{\"@type\":\"NewsArticle\",\"author\":null}", "/*<![CDATA[*/ {}"] {
            assert_eq!(read([script].into_iter(), &Bylines::load(None).expect("built-in data")), Metadata::default(), "{script}");
        }
    }
}
