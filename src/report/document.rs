//! The page's file: template, styles, script and data, and the policy that lets nothing else run.

use super::data::Data;
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};

const TEMPLATE: &str = include_str!("page/template.html");
const SCRIPT: &str = include_str!("page/product/page.js");
const STYLE: &str = include_str!("page/product/page.css");
const LICENCES: &str = include_str!("page/product/LICENCES.txt");

/// Bytes of the page without data.
#[must_use]
pub fn page_size() -> usize {
    TEMPLATE.len() + SCRIPT.len() + STYLE.len() + escape_html(LICENCES).len() + content_security_policy().len()
}

/// The page's policy: its own script and styles by their digests, and nothing from anywhere.
#[must_use]
pub fn content_security_policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        digest(SCRIPT),
        digest(STYLE)
    )
}

/// The page with its data.
///
/// # Errors
/// When the data cannot be written as JSON.
pub(super) fn fill(data: &Data) -> Result<String> {
    let data = escape_data(&serde_json::to_string(data).map_err(|error| Error::Graph(format!("the report's data: {error}")))?);
    let policy = content_security_policy();
    let licences = escape_html(LICENCES);
    let parts = [("policy", policy.as_str()), ("style", STYLE), ("licences", &licences), ("data", &data), ("script", SCRIPT)];
    let mut page = String::with_capacity(page_size() + data.len());
    // Once, from the front: what is put in is not looked at again.
    let mut rest = TEMPLATE;
    for (name, part) in parts {
        let (before, after) = rest.split_once(&format!("{{{{{name}}}}}")).expect("the template names every part once, in this order");
        page.push_str(before);
        page.push_str(part);
        rest = after;
    }
    page.push_str(rest);
    Ok(page)
}

/// JSON that no parser of HTML or script can take for anything else.
pub(super) fn escape_data(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn digest(text: &str) -> String {
    base64(&Sha256::digest(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let all = chunk.iter().chain([&0, &0]).take(3).fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        for place in 0..4 {
            let digit = DIGITS[(all >> (18 - 6 * place)) as usize & 63];
            out.push(if place > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands between the last opening of an element and its end.
    fn element<'p>(page: &'p str, open: &str, close: &str) -> &'p str {
        let from = page.find(open).expect(open) + open.len();
        &page[from..from + page[from..].find(close).expect(close)]
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, written) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), written);
        }
    }

    #[test]
    fn the_policy_is_of_the_script_and_the_styles_in_the_page() {
        let data = super::super::tests::data();
        let page = fill(&data).expect("a page");
        let policy = element(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
        // A browser takes a digest over what it finds between the tags.
        let script = element(&page, "<script>", "</script>");
        let style = element(&page, "<style>", "</style>");
        assert_eq!((script, style), (SCRIPT, STYLE));
        assert!(policy.contains(&format!("script-src 'sha256-{}'", digest(script))), "{policy}");
        assert!(policy.contains(&format!("style-src 'sha256-{}'", digest(style))), "{policy}");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn nothing_in_the_product_ends_its_element() {
        assert!(!SCRIPT.contains("</script") && !SCRIPT.contains("<!--") && !SCRIPT.contains('\r'));
        assert!(!STYLE.contains("</style") && !STYLE.contains("url(") && !STYLE.contains("@import") && !STYLE.contains('\r'));
    }

    #[test]
    fn data_in_the_page_is_the_same_data() {
        let hostile = "</script><script>alert(1)</script><!-- & \u{2028}\u{2029} {{script}} {{data}}";
        let escaped = escape_data(&serde_json::to_string(hostile).expect("JSON"));
        assert!(!escaped.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{escaped}");
        assert_eq!(serde_json::from_str::<String>(&escaped).expect("JSON"), hostile);
        let mut data = super::super::tests::data();
        data.articles[0].headline = Some(hostile.to_owned());
        let page = fill(&data).expect("a page");
        let block = element(&page, "<script type=\"application/json\" id=\"data\">", "</script>");
        let read: serde_json::Value = serde_json::from_str(block).expect("JSON");
        assert_eq!(read["articles"][0]["headline"], hostile);
        assert_eq!(page.matches("<script").count(), 2 + SCRIPT.matches("<script").count());
    }
}
