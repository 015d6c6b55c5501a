//! Bounds on a page before anything that recurses or goes quadratic sees it.
//!
//! The extractors walk the tree by recursion: a page of 112 kB of nested `<div>` overflows their stack, which nobody can
//! catch. And HTML (§13.2.4.3) opens unclosed `<b>`, `<font>`.. again in each later block, so that a thousand of them
//! make a million nodes. So the markup itself is bounded: tags that nest too deeply go, as does all formatting, and their
//! text stays. Pages that keep the bounds are not touched.

use super::Problem;
use crate::feed::tokens::{Token, Tokens};
use std::borrow::Cow;

/// Longest page that is read, in bytes.
const LARGEST: usize = 2 << 20;
/// Deepest nesting of elements.
const DEPTH: usize = 200;
/// Most elements that a parser may have to open again because they were not closed.
const REOPENED: usize = 200_000;
/// Most attributes of one element; one with more is dropped.
const ATTRIBUTES: usize = 1_000;

/// The page within its bounds, and what was done to it.
pub(super) fn bounded(text: &str) -> (Cow<'_, str>, Vec<Problem>) {
    let mut problems = Vec::new();
    let cut = &text[..text.floor_char_boundary(LARGEST.min(text.len()))];
    if cut.len() < text.len() {
        problems.push(Problem { what: format!("cut at {LARGEST} bytes") });
    }
    let mut walk = Walk::default();
    Tokens::of(cut).for_each(|token| walk.token(token, None));
    if walk.deepest <= DEPTH && walk.reopened <= REOPENED && !walk.overloaded {
        return (Cow::Borrowed(cut), problems);
    }
    problems.push(Problem { what: "nested or decorated without measure: tags dropped".into() });
    let mut flat = String::with_capacity(cut.len());
    let mut walk = Walk::default();
    Tokens::of(cut).for_each(|token| walk.token(token, Some(&mut flat)));
    (Cow::Owned(flat), problems)
}

/// The elements that are open, as a parser of HTML would roughly see them.
#[derive(Default)]
struct Walk<'a> {
    open: Vec<&'a str>,
    /// Inside the element of this name nothing is markup.
    raw: Option<&'a str>,
    deepest: usize,
    /// Formatting elements that no end tag of their own has closed.
    loose: usize,
    reopened: usize,
    overloaded: bool,
}

impl<'a> Walk<'a> {
    fn token(&mut self, token: Token<'a>, mut out: Option<&mut String>) {
        let mut put = |pieces: &[&str]| {
            if let Some(out) = out.as_deref_mut() {
                pieces.iter().for_each(|piece| out.push_str(piece));
            }
        };
        match token {
            Token::Text(text) => put(&[text]),
            // no CDATA in HTML: a comment to the parser, and so to us
            Token::Cdata(_) => {}
            Token::Start { name, attributes, empty, source } => {
                if self.raw.is_some() {
                    return put(&[source]);
                }
                if attributes.bytes().filter(|b| *b == b'=').count() > ATTRIBUTES {
                    self.overloaded = true;
                    return;
                }
                if is_raw(name) && !empty {
                    self.raw = Some(name);
                    return put(&[source]);
                }
                if is_formatting(name) {
                    self.loose += 1;
                    self.deepest = self.deepest.max(self.open.len() + self.loose);
                    return;
                }
                self.reopened += self.loose;
                if is_void(name) || empty {
                    return put(&[source]);
                }
                self.open.push(name);
                self.deepest = self.deepest.max(self.open.len() + self.loose);
                if self.open.len() <= DEPTH {
                    put(&[source]);
                }
            }
            Token::End { name, source } => {
                if let Some(raw) = self.raw {
                    if raw.eq_ignore_ascii_case(name) {
                        self.raw = None;
                    }
                    return put(&[source]);
                }
                if is_formatting(name) {
                    self.loose = self.loose.saturating_sub(1);
                    return;
                }
                let Some(at) = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name)) else {
                    // an end tag without start, such as </p>, makes at most an empty element
                    return;
                };
                while self.open.len() > at {
                    let depth = self.open.len();
                    if let Some(open) = self.open.pop()
                        && depth <= DEPTH
                    {
                        put(&["</", open, ">"]);
                    }
                }
            }
        }
    }
}

/// Elements that stay open across blocks until their own end tag (HTML §13.2.4.3).
fn is_formatting(name: &str) -> bool {
    const FORMATTING: [&str; 14] =
        ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    FORMATTING.iter().any(|formatting| formatting.eq_ignore_ascii_case(name))
}

/// Elements whose inside is text.
fn is_raw(name: &str) -> bool {
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed"]
        .iter()
        .any(|raw| raw.eq_ignore_ascii_case(name))
}

/// Elements that hold nothing, or that the parser closes by itself at the next of their kind.
fn is_void(name: &str) -> bool {
    const VOID: [&str; 23] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
        "p", "li", "dt", "dd", "tr", "td", "th", "option", "!doctype",
    ];
    VOID.iter().any(|void| void.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_page_is_not_touched() {
        let page =
            "<html><body><p>Uno<p>Due<ul><li>a<li>b</ul><script>if (a<b) { \"</div>\" }</script><br></body></html>";
        let (bounded, problems) = bounded(page);
        assert!(matches!(bounded, Cow::Borrowed(kept) if kept == page));
        assert!(problems.is_empty());
    }

    #[test]
    fn tags_that_nest_too_deeply_go_and_their_text_stays() {
        let page = format!("{}fondo{}", "<div>".repeat(1_000), "</div>".repeat(1_000));
        let (bounded, problems) = bounded(&page);
        assert_eq!(bounded, format!("{}fondo{}", "<div>".repeat(DEPTH), "</div>".repeat(DEPTH)));
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn formatting_that_is_never_closed_goes() {
        let page = "<p><b id=1>x".repeat(2_000);
        assert_eq!(bounded(&page).0, "<p>x".repeat(2_000));
    }

    #[test]
    fn a_page_is_cut_between_characters() {
        let page = "è".repeat(LARGEST);
        let (bounded, problems) = bounded(&page);
        assert!(bounded.len() <= LARGEST && bounded.chars().all(|c| c == 'è'));
        assert_eq!(problems[0].what, format!("cut at {LARGEST} bytes"));
    }
}
