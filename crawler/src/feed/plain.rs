//! HTML to plain text, in one pass and without a tree: titles, summaries and the content that feeds carry.
//!
//! A parser of HTML would be right more often, but is quadratic on nested markup; what is needed here is only text.
//! Left out: the choice of what belongs to the article (see `extract`).

use super::entities;
use super::tokens::{Token, Tokens};

/// One line of text: tags out, references decoded, blanks single.
pub(crate) fn line(html: &str) -> String {
    let mut text = String::new();
    write(html, &mut text, false);
    collapse(&text)
}

/// Text with a line break between paragraphs.
pub(crate) fn paragraphs(html: &str) -> String {
    let mut text = String::new();
    write(html, &mut text, true);
    let lines: Vec<String> = text.split('\u{b}').map(collapse).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Blanks single, none at the ends. A no-break space is a blank, a soft hyphen or a control
/// character is nothing.
pub(crate) fn collapse(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split(char::is_whitespace).filter(|w| !w.is_empty()) {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.extend(word.chars().filter(|c| !c.is_control() && !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}')));
    }
    collapsed
}

/// Appends the text; where `breaks`, a vertical tab (which no text holds) marks the end of a block.
fn write(html: &str, text: &mut String, breaks: bool) {
    let mut hidden: Option<String> = None;
    for token in Tokens::of(html) {
        match token {
            Token::Start { name, empty, .. } => {
                let name = name.to_ascii_lowercase();
                if hidden.is_none() && !empty && matches!(name.as_str(), "script" | "style") {
                    hidden = Some(name);
                } else if is_block(&name) {
                    text.push(if breaks { '\u{b}' } else { ' ' });
                }
            }
            Token::End { name, .. } => {
                let name = name.to_ascii_lowercase();
                if hidden.as_ref() == Some(&name) {
                    hidden = None;
                } else if is_block(&name) {
                    text.push(if breaks { '\u{b}' } else { ' ' });
                }
            }
            Token::Text(piece) if hidden.is_none() => text.push_str(&entities::decode(piece)),
            Token::Cdata(piece) if hidden.is_none() => text.push_str(piece),
            Token::Text(_) | Token::Cdata(_) => {}
        }
    }
}

pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "br"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "tr"
            | "td"
            | "th"
            | "table"
            | "blockquote"
            | "pre"
            | "hr"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "figure"
            | "figcaption"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_words_stay_apart() {
        for (html, expected) in [
            ("Il <b>sindaco</b> di&nbsp;Bellariva", "Il sindaco di Bellariva"),
            ("uno<br/>due", "uno due"),
            ("se 1 < 2 &amp; 3 > 2", "se 1 < 2 & 3 > 2"),
            ("a<script>var x = '<b>';</script>b<style>p{}</style>", "ab"),
            ("  molti \n\t blanks\u{ad} ", "molti blanks"),
            ("<p", "<p"),
        ] {
            assert_eq!(line(html), expected, "{html}");
        }
    }

    #[test]
    fn paragraphs_are_kept() {
        assert_eq!(paragraphs("<div><p>Uno\n e mezzo.</p><p>Due.<br>Tre.</p></div>"), "Uno e mezzo.\nDue.\nTre.");
        assert_eq!(paragraphs("<p></p>"), "");
    }

    #[test]
    fn a_million_tags_are_read_in_one_pass() {
        let html = "<b>x ".repeat(200_000);
        assert_eq!(line(&html).len(), 2 * 200_000 - 1);
    }
}
