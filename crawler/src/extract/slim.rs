//! A page without what no reader of its text looks at: scripts, styles, drawings, comments, most attributes, and the
//! menus, head and foot of the site around the article.
//!
//! Half to nine tenths of a page is such matter, and a page is parsed several times: once by us and once by each
//! extractor. Left in: JSON-LD, and every attribute by which an element is recognised, dated, hidden or linked.

use super::markup::{Piece, Pieces, attributes};

/// Attributes that are looked at by us or by an extractor.
const KEPT: [&str; 24] = [
    "class",
    "href",
    "id",
    "src",
    "style",
    "alt",
    "rel",
    "type",
    "role",
    "hidden",
    "aria-hidden",
    "aria-modal",
    "charset",
    "colspan",
    "content",
    "data-component",
    "datetime",
    "dir",
    "itemprop",
    "itemtype",
    "lang",
    "name",
    "property",
    "pubdate",
];

/// Most pieces of a page, tags and texts: parsers and extractors take kilobytes and microseconds for each.
const PIECES: usize = 120_000;
/// Most character references: a parser looks each up by itself.
const REFERENCES: usize = 100_000;

/// The page without it, and whether it was cut. Linear in its length.
pub(super) fn slim(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len() / 2);
    let mut pieces = Pieces::of(text);
    // articles that are open: a header in one is the article's own
    let mut articles = 0_usize;
    // parts that were not closed once: looked for again, they would cost the square of the page
    let mut unclosed: Vec<&str> = Vec::new();
    let (mut count, mut references) = (0, 0);
    while let Some(piece) = pieces.next() {
        count += 1;
        if count > PIECES {
            return (out, true);
        }
        match piece {
            Piece::Text(text) | Piece::Raw(text) => {
                references += text.bytes().filter(|b| *b == b'&').count();
                if references > REFERENCES {
                    return (out, true);
                }
                out.push_str(text);
            }
            Piece::Start { name, closed, source, .. } => {
                let is = |known: &str| name.eq_ignore_ascii_case(known);
                if is("style") || is("script") && !source.contains("ld+json") {
                    // its inside, and its end tag
                    pieces.next();
                    pieces.next();
                    continue;
                }
                let part = is("svg") || is("nav") || articles == 0 && (is("footer") || is("header"));
                if part && !closed && !unclosed.iter().any(|known| is(known)) {
                    match behind(&pieces, name) {
                        Some(_) if is("header") && holds_title(&pieces) => {}
                        Some(after) => {
                            pieces = after;
                            continue;
                        }
                        None => unclosed.push(name),
                    }
                }
                articles += usize::from(is("article") || is("main"));
                tag(name, closed, source, &mut out);
            }
            Piece::End { name } => {
                if name.eq_ignore_ascii_case("article") || name.eq_ignore_ascii_case("main") {
                    articles = articles.saturating_sub(1);
                }
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
        }
    }
    (out, false)
}

/// The pieces behind the end of an element whose start was just taken; `None` if it does not end.
fn behind<'a>(pieces: &Pieces<'a>, name: &str) -> Option<Pieces<'a>> {
    let mut ahead = pieces.clone();
    let mut depth = 1;
    while let Some(piece) = ahead.next() {
        match piece {
            Piece::Start { name: inner, closed: false, .. } if inner.eq_ignore_ascii_case(name) => depth += 1,
            Piece::End { name: inner } if inner.eq_ignore_ascii_case(name) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(ahead);
        }
    }
    None
}

/// Whether the header that was just opened holds a heading or a standfirst: then it is the article's.
fn holds_title(pieces: &Pieces<'_>) -> bool {
    let mut depth = 1;
    for piece in pieces.clone() {
        match piece {
            Piece::Start { name, .. } if name.eq_ignore_ascii_case("h1") || name.eq_ignore_ascii_case("time") => {
                return true;
            }
            Piece::Start { name, closed: false, .. } if name.eq_ignore_ascii_case("header") => depth += 1,
            Piece::End { name } if name.eq_ignore_ascii_case("header") => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return false;
        }
    }
    false
}

/// Writes a start tag with the attributes that matter.
fn tag(name: &str, closed: bool, source: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    for (key, written) in attributes(&source[1 + name.len()..]) {
        if KEPT.iter().any(|kept| kept.eq_ignore_ascii_case(key)) {
            out.push(' ');
            out.push_str(written);
        }
    }
    out.push_str(if closed { " />" } else { ">" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reads_goes_and_the_rest_stays_as_it_was() {
        for (page, expected) in [
            ("<p class='a' data-x=\"1\" onclick='f()' id=b>x</p>", "<p class='a' id=b>x</p>"),
            ("<script>if (a<b) {}</script><p>x", "<p>x"),
            (
                "<script type='application/ld+json'>{\"a\":\"</p>\"}</script>",
                "<script type='application/ld+json'>{\"a\":\"</p>\"}</script>",
            ),
            ("<style>p{}</style><!-- x --><p>x", "<p>x"),
            ("<svg><g><svg></svg></g></svg>a<svg><g>b", "a<svg><g>b"),
            ("<nav><ul><li>x</ul></nav><p>y", "<p>y"),
            ("<nav><p>never closed", "<nav><p>never closed"),
            ("<header>logo</header><header><h1>x</h1></header>", "<header><h1>x</h1></header>"),
            (
                "<article><header>lead</header><footer>z</footer></article><footer>x</footer>",
                "<article><header>lead</header><footer>z</footer></article>",
            ),
            ("<br/><img src=a alt='b c'>", "<br /><img src=a alt='b c'>"),
        ] {
            assert_eq!(slim(page), (expected.to_owned(), false), "{page}");
        }
    }

    #[test]
    fn a_page_of_too_many_pieces_is_cut() {
        let (kept, is_cut) = slim(&"<b>x".repeat(PIECES));
        assert!(is_cut && kept.len() == "<b>x".len() * PIECES / 2);
        assert!(slim(&"&amp;".repeat(REFERENCES + 1)).1);
    }
}
