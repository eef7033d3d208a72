//! Every sentence of a page's text leads back to the page: the bytes it came from, with markup out and references resolved, are the sentence.

use std::path::{Path, PathBuf};
use wiregraph::read::Reader;
use wiregraph::split::Splitter;
use wiregraph::strip::Stripper;
use wiregraph::types::Content;

/// Tags and comments out, references resolved, white space and characters without width dropped.
fn bare(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some(open) = rest.find('<') {
        let tag = rest[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !tag {
            text.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        }
        text.push_str(&rest[..open]);
        let comment = rest[open..].starts_with("<!--");
        let hidden = ["script", "style", "svg", "noscript", "template"]
            .iter()
            .find(|name| rest[open + 1..].get(..name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name)));
        let close = match hidden {
            _ if comment => rest[open..].find("-->").map(|at| at + 3),
            Some(name) => rest[open..].to_ascii_lowercase().find(&format!("</{name}")).map(|at| at + name.len() + 3),
            None => end_of_tag(&rest[open..]),
        };
        rest = close.map_or("", |close| &rest[open + close..]);
    }
    text.push_str(rest);
    squeezed(&htmlize::unescape(text))
}

fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}')).collect()
}

/// Sentences of the pages below a directory, and those that do not lead back.
fn walk(directory: &Path) -> (usize, Vec<String>) {
    let (stripper, splitter) = (Stripper::load(None).expect("built-in data"), Splitter::load(None).expect("built-in data"));
    let (mut all, mut astray) = (0, Vec::new());
    let reader = Reader::load(None).expect("built-in data");
    for raw in reader.inputs(&[directory.to_path_buf()]).flatten().filter(|raw| raw.content == Content::Html) {
        for document in stripper.strip(&raw).into_iter().flatten() {
            for sentence in &splitter.split(&document).sentences {
                all += 1;
                let words = sentence.span.of(&document.text);
                let source =
                    document.map.to_source(sentence.span).map(|s| String::from_utf8_lossy(&raw.bytes[s.start as usize..s.end as usize]));
                let slice = source.as_deref().map(bare);
                if slice.as_deref() != Some(squeezed(words).as_str()) {
                    astray.push(format!("{}: {words:?} from {:?}", document.id, slice.unwrap_or_default()));
                }
            }
        }
    }
    (all, astray)
}

/// On the corpus; and on a directory of pages of your own: `PAGES=DIR cargo test --test suite every_sentence`.
#[test]
fn every_sentence_leads_back_to_its_page() {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/articles");
    for directory in std::iter::once(corpus).chain(std::env::var_os("PAGES").map(PathBuf::from)) {
        let (all, astray) = walk(&directory);
        assert!(all > 100, "{all} sentences below {}", directory.display());
        assert_eq!(astray, Vec::<String>::new());
    }
}
