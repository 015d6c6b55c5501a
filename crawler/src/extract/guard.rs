//! Bounds on a page before anything that recurses or goes quadratic sees it.
//!
//! The extractors walk the tree by recursion: a page of 112 kB of nested `<div>` overflows their stack, which nobody can
//! catch. And HTML (§13.2.4.3) opens unclosed `<b>`, `<font>`.. again in each later block, so that a thousand of them
//! make a million nodes. So the markup itself is bounded: tags that nest too deeply go, as does all formatting, and their
//! text stays. Pages that keep the bounds are not touched.

use super::Problem;
use super::markup::{Piece, Pieces, is_raw};
use scraper::Html;
use std::borrow::Cow;

/// Longest page that is read, in bytes.
const LARGEST: usize = 2 << 20;
/// Deepest nesting of elements.
const DEPTH: usize = 200;
/// Most elements that a parser may have to open again because they were not closed.
const REOPENED: usize = 200_000;
/// Deepest tree that is given to what recurses: rows, cells and items come on top of the elements counted.
const WALKABLE: usize = 1_000;
/// Most attributes of one element; one with more is dropped.
const ATTRIBUTES: usize = 2_000;

/// The page within its bounds, and what was done to it.
pub(super) fn bounded(text: &str) -> (Cow<'_, str>, Vec<Problem>) {
    let mut problems = Vec::new();
    let cut = &text[..text.floor_char_boundary(LARGEST.min(text.len()))];
    if cut.len() < text.len() {
        problems.push(Problem { what: format!("cut at {LARGEST} bytes") });
    }
    // to a parser each zero is a fault and a piece of its own
    if cut.contains('\0') {
        let without = cut.replace('\0', "");
        let (kept, told) = bounded(&without);
        problems.extend(told);
        return (Cow::Owned(kept.into_owned()), problems);
    }
    let mut walk = Walk::default();
    let keeps_bounds = Pieces::of(cut).all(|piece| {
        walk.piece(piece, None);
        walk.deepest <= DEPTH && walk.reopened <= REOPENED && !walk.doubtful
    });
    if keeps_bounds {
        return (Cow::Borrowed(cut), problems);
    }
    problems.push(Problem { what: "nested or decorated without measure: tags dropped".into() });
    let mut flat = String::with_capacity(cut.len());
    let mut walk = Walk::default();
    Pieces::of(cut).for_each(|piece| walk.piece(piece, Some(&mut flat)));
    (Cow::Owned(flat), problems)
}

/// The elements that are open, as a parser of HTML would roughly see them.
#[derive(Default)]
struct Walk<'a> {
    open: Vec<&'a str>,
    deepest: usize,
    /// Formatting elements that no end tag of their own has closed.
    loose: usize,
    reopened: usize,
    /// Something that parsers read in their own ways, or that is more than one should have.
    doubtful: bool,
    /// The start tag of the script whose inside comes next.
    script: Option<&'a str>,
}

impl<'a> Walk<'a> {
    /// Counts a piece, and writes it if it may stay.
    fn piece(&mut self, piece: Piece<'a>, out: Option<&mut String>) {
        let mut written = String::new();
        match piece {
            Piece::Text(text) => written.push_str(text),
            Piece::Raw(text) => match self.script.take() {
                None => written.push_str(text),
                Some(tag) => {
                    self.doubtful |= ends_later(text);
                    // JSON-LD stays; what could be read in two ways does not
                    if !text.contains("<!--") {
                        written.push_str(tag);
                        written.push_str(text);
                        written.push_str("</script>");
                    }
                }
            },
            Piece::Start { name, attributes, closed, source } => {
                self.doubtful |= attributes > ATTRIBUTES;
                if attributes <= ATTRIBUTES && self.start(name, closed, source) {
                    written.push_str(source);
                }
            }
            Piece::End { name } => self.end(name, &mut written),
        }
        if let Some(out) = out {
            out.push_str(&written);
        }
    }

    /// Whether the start tag stays where tags are dropped.
    fn start(&mut self, name: &'a str, closed: bool, source: &'a str) -> bool {
        if is_formatting(name) {
            self.loose += 1;
            self.deepest = self.deepest.max(self.open.len() + self.loose);
            return false;
        }
        self.reopened += self.loose;
        if name.eq_ignore_ascii_case("script") {
            self.script = Some(source);
            return false;
        }
        // only drawings close themselves: `<div/>` is an open one
        if is_void(name) || is_raw(name) || closed && self.open.iter().rev().take(8).any(|open| is_drawing(open)) {
            return true;
        }
        self.deepest = self.deepest.max(self.open.len() + 1 + self.loose);
        // deeper ones are dropped, with whatever end tag first bears their name
        let fits = self.open.len() < DEPTH;
        if fits {
            self.open.push(name);
        }
        fits
    }

    fn end(&mut self, name: &str, out: &mut String) {
        if is_formatting(name) {
            self.loose = self.loose.saturating_sub(1);
            return;
        }
        if is_raw(name) {
            if !name.eq_ignore_ascii_case("script") {
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
            return;
        }
        let found = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name));
        // an end tag without start, or one that does not reach its start (§13.2.6.4.7), ends nothing
        let Some(at) = found.filter(|at| !self.open[at + 1..].iter().any(|open| stops(open, name))) else { return };
        for open in self.open.drain(at..).rev() {
            out.push_str("</");
            out.push_str(open);
            out.push('>');
        }
    }
}

/// Whether a script goes on behind what seems its end: it opened a comment and in it a script (HTML §13.2.5.26).
fn ends_later(script: &str) -> bool {
    let comment = script.rfind("<!--").map(|at| script[at..].to_ascii_lowercase());
    comment.is_some_and(|comment| !comment.contains("-->") && comment.contains("<script"))
}

/// Whether an open element keeps an end tag from reaching further out: a table or an object any, a block those of inline
/// elements.
fn stops(open: &str, end: &str) -> bool {
    const BARRIERS: [&str; 7] = ["table", "object", "template", "marquee", "applet", "caption", "select"];
    const INLINE: [&str; 16] = [
        "span", "label", "q", "cite", "abbr", "sub", "sup", "time", "mark", "del", "ins", "kbd", "samp", "var", "bdi",
        "ruby",
    ];
    let is = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    // names that nobody knows are inline to a parser
    let ends_inline = is(&INLINE, end) || end.contains('-');
    let ends_barrier = is(&BARRIERS, end) || matches!(end, "body" | "html" | "tbody" | "thead" | "tfoot");
    is(&BARRIERS, open) && !ends_barrier || ends_inline && !is(&INLINE, open) && !open.contains('-')
}

/// Whether the tree can be walked by recursion. What was counted in the markup is a good guess of the tree; this is the
/// tree itself.
pub(super) fn is_walkable(page: &Html) -> bool {
    let mut open = vec![(page.tree.root(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > WALKABLE {
            return false;
        }
        open.extend(node.children().map(|child| (child, depth + 1)));
    }
    true
}

fn is_drawing(name: &str) -> bool {
    name.eq_ignore_ascii_case("svg") || name.eq_ignore_ascii_case("math")
}

/// Elements that stay open across blocks until their own end tag (HTML §13.2.4.3).
fn is_formatting(name: &str) -> bool {
    const FORMATTING: [&str; 14] =
        ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    FORMATTING.iter().any(|formatting| formatting.eq_ignore_ascii_case(name))
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
