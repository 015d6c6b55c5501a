//! What stands inside an article without belonging to its text, known by element and class: captions, credits, boxes that
//! lead elsewhere, calls to subscribe, what is said about the author.
//!
//! Classes are the words of those who made the page, so they are read as words: `article-related__list` says `related`,
//! `correlated` does not. A part that holds much of the text stays, whatever it is called.

use super::lines;
use crate::feed::tokens::{Token, Tokens};

/// Elements that are never text of an article.
const ELEMENTS: [&str; 13] = [
    "aside",
    "audio",
    "button",
    "canvas",
    "figcaption",
    "figure",
    "footer",
    "form",
    "iframe",
    "nav",
    "noscript",
    "object",
    "video",
];

/// Words of classes and ids that mark what stands apart, in order.
const WORDS: [&str; 59] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "adv",
    "affiliate",
    "author",
    "authors",
    "autore",
    "banner",
    "bio",
    "breadcrumb",
    "breadcrumbs",
    "byline",
    "caption",
    "comment",
    "comments",
    "condividi",
    "copyright",
    "correlate",
    "correlati",
    "credit",
    "credits",
    "dida",
    "didascalia",
    "disclaimer",
    "disclosure",
    "firma",
    "footer",
    "gallery",
    "hidden",
    "infobox",
    "newsletter",
    "pagination",
    "paywall",
    "player",
    "popup",
    "promo",
    "promotion",
    "pubblicita",
    "read-more",
    "recirc",
    "recirculation",
    "recommended",
    "related",
    "screen-reader",
    "share",
    "sharing",
    "sidebar",
    "social",
    "sponsor",
    "sponsored",
    "subscribe",
    "subscription",
    "tags",
    "teaser",
    "toolbar",
    "trending",
    "tweet",
];

/// How much of a text may stand apart in one piece.
const LARGEST: f64 = 0.3;

/// The markup without such parts. It must be balanced, as a serialised tree is.
pub(super) fn without(html: &str) -> String {
    let whole = weight(html) as f64;
    let mut out = String::with_capacity(html.len());
    let mut kept_from = 0;
    let mut part: Option<(String, usize, usize)> = None;
    for token in Tokens::of(html) {
        let source = match token {
            Token::Start { source, .. } | Token::End { source, .. } => source,
            Token::Text(text) | Token::Cdata(text) => text,
        };
        // slices of one text: where a token begins is a matter of subtraction
        let begin = source.as_ptr() as usize - html.as_ptr() as usize;
        let end = begin + source.len();
        match (&mut part, token) {
            (None, Token::Start { name, attributes, empty: false, .. })
                if !is_void(name) && stands_apart(name, attributes) =>
            {
                part = Some((name.to_owned(), 1, begin));
            }
            (Some((name, depth, _)), Token::Start { name: inner, empty: false, .. }) if inner == name => *depth += 1,
            (Some((name, depth, from)), Token::End { name: inner, .. }) if inner == name => {
                *depth -= 1;
                if *depth == 0 {
                    if weight(&html[*from..end]) as f64 <= LARGEST * whole {
                        out.push_str(&html[kept_from..*from]);
                        kept_from = end;
                    }
                    part = None;
                }
            }
            _ => {}
        }
    }
    out.push_str(&html[kept_from..]);
    out
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "img"
            | "hr"
            | "input"
            | "source"
            | "wbr"
            | "meta"
            | "link"
            | "embed"
            | "track"
            | "col"
            | "area"
            | "base"
    )
}

fn weight(html: &str) -> usize {
    lines::lines(html).iter().map(|line| line.text.len()).sum()
}

fn stands_apart(name: &str, attributes: &str) -> bool {
    if ELEMENTS.contains(&name) {
        return true;
    }
    super::markup::attributes(attributes)
        .filter(|(key, _)| matches!(*key, "class" | "id"))
        .any(|(_, written)| words(written).any(|word| WORDS.contains(&word.as_str())))
}

/// The words of a class or an id: between signs, and where lower case turns to upper case.
fn words(written: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for c in written.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && before_lower {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("one at least").extend(c.to_lowercase());
        }
        before_lower = c.is_lowercase();
    }
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "<p>Il ponte sul torrente riapre lunedì alle sette del mattino, dopo quattro mesi di lavori.</p>";

    #[test]
    fn what_stands_apart_goes_by_the_words_of_its_class() {
        for (part, goes) in [
            ("<figure><img src=a><figcaption>Il ponte</figcaption></figure>", true),
            ("<div class='article-related__list'><ul><li>Altro</li></ul></div>", true),
            ("<div class='relatedBox'><div>Altro</div></div>", true),
            ("<p id='author-bio'>Ada Corti scrive di laghi.</p>", true),
            ("<div class='correlated'><p>Il lago</p></div>", false),
            ("<div class='headline'><p>Il lago</p></div>", false),
            ("<div><br class=ad>Il lago</div>", false),
        ] {
            let page = format!("<div>{TEXT}{part}{TEXT}</div>");
            let expected = if goes { format!("<div>{TEXT}{TEXT}</div>") } else { page.clone() };
            assert_eq!(without(&page), expected, "{part}");
        }
    }

    #[test]
    fn a_part_that_is_most_of_the_text_stays() {
        let page = format!("<div class=share>{TEXT}{TEXT}</div><p>Il ponte.</p>");
        assert_eq!(without(&page), page);
    }
}
