//! The text of a wire out of its markup: paragraphs, a line each, in the order of the document.
//!
//! NITF and the XHTML inside NewsML mark the same few things: paragraphs, headings between them, lists, tables. A row of a
//! table is a line; media with their captions are not text of the piece. Left out: what is bold or linked.

use super::tree::{Node, Part};
use crate::feed::plain::{collapse, is_block};

/// The most bytes that are kept of one text.
const LONGEST: usize = 1 << 20;

/// The paragraphs of an element, none empty.
pub(super) fn paragraphs(node: &Node) -> Vec<String> {
    let mut text = Text::default();
    text.read(node);
    text.end();
    text.lines
}

/// Paragraphs as one text, a line break between two.
pub(super) fn joined(paragraphs: &[String]) -> String {
    let mut text = paragraphs.join("\n");
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
    }
    text
}

/// The paragraphs of a text without markup: a blank line ends one, and so does a line that begins with blanks; other
/// line ends are only where the line was full.
pub(super) fn unwrapped(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.split('\n') {
        let words = collapse(line);
        let goes_on = open && !line.starts_with([' ', '\t']);
        open = !words.is_empty();
        match out.last_mut() {
            _ if words.is_empty() => {}
            Some(last) if goes_on => {
                last.push(' ');
                last.push_str(&words);
            }
            _ => out.push(words),
        }
    }
    out
}

#[derive(Default)]
struct Text {
    lines: Vec<String>,
    line: String,
    bytes: usize,
    /// The line was ended by a break inside a paragraph, which may be only where it was full.
    broken: bool,
}

impl Text {
    fn read(&mut self, node: &Node) {
        for part in &node.parts {
            match part {
                Part::Text(text) => self.line.push_str(text),
                Part::Node(node) => self.read_node(node),
            }
        }
    }

    fn read_node(&mut self, node: &Node) {
        let name = node.name.to_ascii_lowercase();
        match name.as_str() {
            "script" | "style" | "media" | "img" | "video" | "audio" | "object" | "figure" | "head" | "title" => {}
            "br" => {
                self.end();
                self.broken = true;
            }
            "td" | "th" => {
                self.line.push(' ');
                self.read(node);
                self.line.push(' ');
            }
            "pre" => {
                self.end();
                let mut whole = String::new();
                raw(node, &mut whole);
                for line in unwrapped(&whole) {
                    self.line = line;
                    self.end();
                }
            }
            name if is_block(name)
                || matches!(name, "block" | "hl1" | "hl2" | "nitf-table" | "bq" | "hr" | "credit") =>
            {
                self.end();
                self.read(node);
                self.end();
            }
            _ => self.read(node),
        }
    }

    fn end(&mut self) {
        let line = collapse(&std::mem::take(&mut self.line));
        let broken = std::mem::take(&mut self.broken);
        if line.is_empty() || self.bytes > LONGEST {
            return;
        }
        self.bytes += line.len();
        match self.lines.last_mut() {
            // agencies break full lines by hand: one that goes on in lower case is the same paragraph
            Some(last) if broken && line.starts_with(char::is_lowercase) => {
                last.push(' ');
                last.push_str(&line);
            }
            _ => self.lines.push(line),
        }
    }
}

fn raw(node: &Node, into: &mut String) {
    for part in &node.parts {
        match part {
            Part::Text(text) => into.push_str(text),
            Part::Node(node) => raw(node, into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn a_paragraph_is_a_line_and_so_is_a_row() {
        for (markup, expected) in [
            ("<b><p>Uno\n  e mezzo.</p><p/><p>Due.</p></b>", "Uno e mezzo.|Due."),
            (
                "<b><p>Le prime <br/>righe sono<br/>piene.<br/>Questa no.</p></b>",
                "Le prime righe sono piene.|Questa no.",
            ),
            (
                "<b><table><tr><td>Lago</td><td>2</td></tr><tr><td>Monte</td><td>1</td></tr></table></b>",
                "Lago 2|Monte 1",
            ),
            (
                "<b><block><hl2>Titolo</hl2></block><media><media-caption>foto</media-caption></media>fine</b>",
                "Titolo|fine",
            ),
            ("<b><pre>Lago-Monte 2-1\n\nReti: Rota\ne Corti.</pre></b>", "Lago-Monte 2-1|Reti: Rota e Corti."),
        ] {
            let document = tree::parse(markup).expect("within limits").expect("an element");
            assert_eq!(paragraphs(&document.root).join("|"), expected, "{markup}");
        }
    }

    #[test]
    fn full_lines_are_joined_again() {
        for (text, expected) in [
            ("Il molo\nriapre.\n\nDomani.", "Il molo riapre.|Domani."),
            ("Il molo\r\nriapre.\r\n\r\nDomani.", "Il molo riapre.|Domani."),
            ("   Il molo\nriapre.\n   Domani.", "Il molo riapre.|Domani."),
            ("\n\n", ""),
        ] {
            assert_eq!(unwrapped(text).join("|"), expected, "{text:?}");
        }
    }
}
