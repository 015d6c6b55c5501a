//! The values inside a feed's elements: how they are encoded, and what of them is carried over.

use super::tokens::{self, Token, Tokens};
use super::vocabulary::{Dialect, Field};
use super::{entities, plain, repair};

/// How the content of an element stands for HTML.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Encoding {
    /// As text, unless elements stand in it: what nearly all feeds mean, whatever they declare.
    Usual,
    /// As markup.
    Inline,
    /// In base64 (Atom 0.3 `mode`, or a `type` of Atom 1.0 that is neither text nor XML, RFC 4287 §4.1.3.3).
    Base64,
}

/// What a start tag declares of its content.
pub(super) fn encoding(attributes: &str) -> Encoding {
    let attribute = |wanted| tokens::attributes(attributes).find(|(name, _)| *name == wanted).map(|(_, value)| value);
    let kind = attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    match attribute("mode") {
        Some("base64") => Encoding::Base64,
        Some(_) => Encoding::Usual,
        None if kind == "xhtml" => Encoding::Inline,
        None if kind.contains('/') && !kind.starts_with("text/") && !kind.contains("xml") => Encoding::Base64,
        None => Encoding::Usual,
    }
}

/// The content as HTML, from its two readings.
pub(super) fn html(encoding: Encoding, escaped: String, inline: String, has_children: bool) -> String {
    match encoding {
        Encoding::Base64 if !has_children => base64(&escaped).unwrap_or(escaped),
        Encoding::Inline => inline,
        _ if has_children => inline,
        _ => escaped,
    }
}

/// Writes a link or an enclosure; `false` if it has no address.
pub(super) fn address(
    out: &mut String,
    dialect: Dialect,
    field: Field,
    attributes: &str,
    text: &str,
    base: Option<&str>,
) -> bool {
    let attribute = |wanted| tokens::attributes(attributes).find(|(name, _)| *name == wanted).map(|(_, value)| value);
    let carried = attribute(if field == Field::Enclosure { "url" } else { "href" });
    let address = match carried {
        Some(value) => entities::decode(value),
        None => text.to_owned(),
    };
    let address: String = address.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
    let rel = attribute("rel").unwrap_or("alternate");
    if address.is_empty() {
        return false;
    }
    let mut written = String::new();
    let mut put = |name: &str, value: &str| {
        written.push_str(&format!(" {name}=\""));
        entities::encode(value, &mut written);
        written.push('"');
    };
    if let Some(base) = base {
        put("xml:base", base);
    }
    match (dialect, field) {
        (Dialect::Atom, _) => {
            put("href", &address);
            put("rel", if field == Field::Enclosure { "enclosure" } else { rel });
            if let Some(kind) = attribute("type") {
                put("type", kind);
            }
            repair::element(out, "link", &written, "");
        }
        (Dialect::Rss, Field::Enclosure) => {
            put("url", &address);
            repair::element(out, "enclosure", &written, "");
        }
        (Dialect::Rss, _) if rel == "alternate" => repair::element(out, "link", &written, &address),
        (Dialect::Rss, _) => return false,
    }
    true
}

/// The name in a signature: that of `<name>` in a person of Atom, without mail addresses ("redazione@esempio.test (Ada
/// Corti)" is Ada Corti).
pub(super) fn signature(html: &str) -> String {
    let mut name = String::new();
    let (mut inside, mut person) = (false, false);
    for token in Tokens::of(html) {
        match token {
            Token::Start { name: tag, .. } => {
                inside = tag.rsplit(':').next().is_some_and(|t| t.eq_ignore_ascii_case("name"));
                person |= inside;
            }
            Token::End { .. } => inside = false,
            Token::Text(text) | Token::Cdata(text) if inside => name.push_str(text),
            _ => {}
        }
    }
    let whole = if person { plain::line(&name) } else { plain::line(html) };
    let kept: Vec<&str> = whole.split(' ').filter(|word| !word.contains('@')).collect();
    let kept = kept.join(" ");
    let bare = kept.strip_prefix('(').and_then(|k| k.strip_suffix(')')).unwrap_or(&kept);
    bare.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '-' | ':')).to_owned()
}

/// The name of a category: `term` or `label` of Atom, else the text.
pub(super) fn term(attributes: &str, html: &str) -> Option<String> {
    let attribute = |wanted| tokens::attributes(attributes).find(|(name, _)| *name == wanted).map(|(_, value)| value);
    let term = attribute("label").or_else(|| attribute("term")).map(entities::decode);
    Some(plain::line(&term.unwrap_or_else(|| html.to_owned()))).filter(|term| !term.is_empty())
}

/// Base64 (RFC 4648 §4) to text, blanks allowed; `None` if it is no base64 or no UTF-8.
fn base64(text: &str) -> Option<String> {
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xFF).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_out_of_signatures() {
        for (html, expected) in [
            ("redazione@esempio.test (Ada Corti)", "Ada Corti"),
            ("Ada Corti &lt;ada@esempio.test&gt;", "Ada Corti"),
            ("<name>Ada Corti</name><email>ada@esempio.test</email>", "Ada Corti"),
            ("perch\u{e9}\u{bb}ada@esempio.it\u{bb}", ""),
            ("Ada Corti", "Ada Corti"),
        ] {
            assert_eq!(signature(html), expected, "{html}");
        }
    }

    #[test]
    fn base64_is_decoded_or_left() {
        assert_eq!(base64("Y2l0dMOg\n").as_deref(), Some("città"));
        assert_eq!(base64("YQ==").as_deref(), Some("a"));
        assert_eq!(base64("due parole!"), None);
        assert_eq!(encoding(" type='image/png'"), Encoding::Base64);
        assert_eq!(encoding(" type='application/xhtml+xml'"), Encoding::Usual);
        assert_eq!(encoding(" mode='escaped' type='application/octet-stream'"), Encoding::Usual);
    }
}
