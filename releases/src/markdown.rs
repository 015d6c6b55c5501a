//! The text of a release as a tree: what its Markdown may mean, and nothing else.
//!
//! Both the HTML and the text part are written from this tree, so that they say the same words. The tree is closed:
//! it has no name for raw HTML (shown as the text that it is; comments are dropped), scripts, tables or images (an
//! image becomes a link with its description, so that no reader's program asks a stranger for anything). A link with a
//! scheme that we do not know keeps its words and loses its target. Depth is bounded: what is nested deeper is read as
//! if it stood at the deepest level.

use crate::quotes;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use salastampa_locale::Lang;

/// Deepest nesting of quotes and lists.
const DEEPEST: usize = 6;

/// A part of the text that stands on its own lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A heading inside the text; level 2 or 3 (the title is level 1).
    Heading(u8, Vec<Span>),
    /// A list; the first number if it is numbered.
    List(Option<u64>, Vec<Vec<Block>>),
    /// Something set apart.
    Quote(Vec<Block>),
    /// A break between parts.
    Rule,
}

/// A part of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Span {
    /// Words.
    Text(String),
    /// Words of weight.
    Strong(Vec<Span>),
    /// Words in another voice.
    Emphasis(Vec<Span>),
    /// A link whose target is `http`, `https`, `mailto` or `tel`.
    Link(String, Vec<Span>),
    /// A new line.
    Break,
}

/// What the reading gave up, for the lints.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Lost {
    /// Pieces of raw HTML, shown as text.
    pub html: usize,
    /// Images, turned into links.
    pub images: usize,
    /// Links whose target was dropped.
    pub links: usize,
}

/// Reads Markdown (CommonMark without extensions). Straight and English double quotes become « » in Italian.
pub fn parse(markdown: &str, lang: Lang) -> (Vec<Block>, Lost) {
    let mut reader = Reader { events: Parser::new_ext(markdown, Options::empty()), lost: Lost::default() };
    let mut blocks = reader.blocks(0);
    if lang == Lang::It {
        quotes::guillemets_in(&mut blocks);
    }
    (blocks, reader.lost)
}

/// The words of a paragraph or heading, without marks.
pub fn words(spans: &[Span]) -> String {
    let mut out = String::new();
    collect(spans, &mut out);
    out
}

fn collect(spans: &[Span], out: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) => out.push_str(text),
            Span::Strong(inner) | Span::Emphasis(inner) | Span::Link(_, inner) => collect(inner, out),
            Span::Break => out.push(' '),
        }
    }
}

/// The words of every paragraph, heading and list entry, in order.
pub fn paragraphs(blocks: &[Block]) -> Vec<String> {
    blocks
        .iter()
        .flat_map(|block| match block {
            Block::Paragraph(spans) | Block::Heading(_, spans) => vec![words(spans)],
            Block::List(_, items) => items.iter().flat_map(|item| paragraphs(item)).collect(),
            Block::Quote(inner) => paragraphs(inner),
            Block::Rule => Vec::new(),
        })
        .collect()
}

/// Whether a link may stand: a scheme that we know, and nothing that a program could read otherwise than a person.
pub fn is_safe_link(url: &str) -> bool {
    let known = ["https://", "http://", "mailto:", "tel:"].into_iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    });
    known
        && url.len() <= 2_000
        && !url.chars().any(|c| c.is_control() || turns_around(c) || c.is_whitespace() || "<>\"`".contains(c))
}

struct Reader<'a> {
    events: Parser<'a>,
    lost: Lost,
}

impl Reader<'_> {
    /// The blocks up to the end of what they are in.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut loose: Vec<Span> = Vec::new();
        let mut flattened = 0_usize;
        let close = |loose: &mut Vec<Span>, blocks: &mut Vec<Block>| {
            let spans = trimmed(std::mem::take(loose));
            if !spans.is_empty() {
                blocks.push(Block::Paragraph(spans));
            }
        };
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::Paragraph) => {
                    close(&mut loose, &mut blocks);
                    loose = self.spans(0);
                    close(&mut loose, &mut blocks);
                }
                Event::Start(Tag::Heading { level, .. }) => {
                    close(&mut loose, &mut blocks);
                    let spans = trimmed(self.spans(0));
                    let level = if matches!(level, HeadingLevel::H1 | HeadingLevel::H2) { 2 } else { 3 };
                    if !spans.is_empty() {
                        blocks.push(Block::Heading(level, spans));
                    }
                }
                Event::Start(Tag::CodeBlock(_)) => {
                    close(&mut loose, &mut blocks);
                    loose = self.spans(0);
                    close(&mut loose, &mut blocks);
                }
                Event::Start(Tag::HtmlBlock) => {
                    close(&mut loose, &mut blocks);
                    loose = self.spans(0);
                    close(&mut loose, &mut blocks);
                }
                Event::Start(Tag::BlockQuote(_)) if depth < DEEPEST => {
                    close(&mut loose, &mut blocks);
                    let inner = self.blocks(depth + 1);
                    if !inner.is_empty() {
                        blocks.push(Block::Quote(inner));
                    }
                }
                Event::Start(Tag::List(first)) if depth < DEEPEST => {
                    close(&mut loose, &mut blocks);
                    let items = self.items(depth + 1);
                    if !items.is_empty() {
                        blocks.push(Block::List(first, items));
                    }
                }
                Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) => {
                    close(&mut loose, &mut blocks);
                    flattened += 1;
                }
                Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) if flattened > 0 => {
                    close(&mut loose, &mut blocks);
                    flattened -= 1;
                }
                Event::End(_) => break,
                Event::Rule => {
                    close(&mut loose, &mut blocks);
                    blocks.push(Block::Rule);
                }
                inline => self.span(inline, 0, &mut loose),
            }
        }
        close(&mut loose, &mut blocks);
        blocks
    }

    /// The entries of a list, up to its end.
    fn items(&mut self, depth: usize) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.blocks(depth)),
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        items.retain(|item| !item.is_empty());
        items
    }

    /// The spans up to the end of what they are in. Marks nested too deep are passed over, their words stay.
    fn spans(&mut self, depth: usize) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut flattened = 0_usize;
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(_) if depth >= DEEPEST => flattened += 1,
                Event::End(_) if flattened > 0 => flattened -= 1,
                Event::End(_) => break,
                other => self.span(other, depth, &mut spans),
            }
        }
        spans
    }

    fn span(&mut self, event: Event<'_>, depth: usize, into: &mut Vec<Span>) {
        match event {
            Event::Text(text) | Event::Code(text) => push_text(into, &text.replace(['\n', '\r', '\t'], " ")),
            Event::Html(html) | Event::InlineHtml(html) => {
                self.lost.html += 1;
                push_text(into, &without_comments(&html).replace(['\n', '\r', '\t'], " "));
            }
            Event::SoftBreak => push_text(into, " "),
            Event::HardBreak => into.push(Span::Break),
            Event::Start(Tag::Emphasis) => into.push(Span::Emphasis(self.spans(depth + 1))),
            Event::Start(Tag::Strong) => into.push(Span::Strong(self.spans(depth + 1))),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let inner = self.spans(depth + 1);
                self.link(&dest_url, inner, into);
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let inner = self.spans(depth + 1);
                self.lost.images += 1;
                self.link(&dest_url, inner, into);
            }
            _ => {}
        }
    }

    fn link(&mut self, url: &str, inner: Vec<Span>, into: &mut Vec<Span>) {
        // `<name@domain>` comes without its scheme
        let url = if url.contains('@') && !url.contains(':') { format!("mailto:{url}") } else { url.to_owned() };
        let inner = if words(&inner).trim().is_empty() { vec![Span::Text(url.clone())] } else { inner };
        if is_safe_link(&url) {
            into.push(Span::Link(url, inner));
        } else {
            self.lost.links += 1;
            into.extend(inner);
        }
    }
}

/// Marks that turn the order of what follows around (Unicode bidirectional embeddings, overrides and isolates): a word
/// that is shown otherwise than it is written. No text of an office needs them.
pub(crate) fn turns_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

fn push_text(into: &mut Vec<Span>, text: &str) {
    let clean: String = text.chars().filter(|c| !c.is_control() && !turns_around(*c)).collect();
    match into.last_mut() {
        Some(Span::Text(before)) => before.push_str(&clean),
        _ if clean.is_empty() => {}
        _ => into.push(Span::Text(clean)),
    }
}

/// Spans without blanks or line breaks at the ends; none where no words are left.
fn trimmed(mut spans: Vec<Span>) -> Vec<Span> {
    while matches!(spans.last(), Some(Span::Break)) {
        spans.pop();
    }
    if let Some(Span::Text(text)) = spans.last_mut() {
        text.truncate(text.trim_end().len());
    }
    if let Some(Span::Text(text)) = spans.first_mut() {
        text.trim_start().to_owned().clone_into(text);
    }
    if words(&spans).trim().is_empty() { Vec::new() } else { spans }
}

fn without_comments(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn what_the_tree_has_no_name_for_does_not_come_in() {
        let (blocks, lost) = parse(
            "# Titolo\n\nUn *testo* con [un rimando](https://esempio.test/a) e [uno falso](javascript:alert(1)).\n\n\
             <script>alert(1)</script>\n\n![la foto](https://esempio.test/f.jpg) e <b>grassetto</b> <!-- nota interna -->\n\n\
             - uno\n- due\n\n> citazione\n\n---\n\n    codice",
            Lang::It,
        );
        let lines: Vec<String> = blocks.iter().map(|block| format!("{block:?}")).collect();
        expect![[r#"
            Heading(2, [Text("Titolo")])
            Paragraph([Text("Un "), Emphasis([Text("testo")]), Text(" con "), Link("https://esempio.test/a", [Text("un rimando")]), Text(" e "), Text("uno falso.")])
            Paragraph([Text("<script>alert(1)</script>")])
            Paragraph([Link("https://esempio.test/f.jpg", [Text("la foto")]), Text(" e <b>grassetto</b>")])
            List(None, [[Paragraph([Text("uno")])], [Paragraph([Text("due")])]])
            Quote([Paragraph([Text("citazione")])])
            Rule
            Paragraph([Text("codice")])"#]].assert_eq(&lines.join("\n"));
        assert_eq!(lost, Lost { html: 4, images: 1, links: 1 });
    }

    #[test]
    fn only_links_that_a_person_can_follow_stand() {
        for (url, safe) in [
            ("https://esempio.test/a?b=c", true),
            ("HTTP://esempio.test", true),
            ("mailto:stampa@esempio.test", true),
            ("tel:+390000000", true),
            ("javascript:alert(1)", false),
            ("JaVaScRiPt:alert(1)", false),
            ("data:text/html,x", false),
            ("//esempio.test", false),
            ("/novita", false),
            ("https://", false),
            ("https://esempio.test/\" onclick=\"x", false),
        ] {
            assert_eq!(is_safe_link(url), safe, "{url}");
        }
    }

    #[test]
    fn nesting_without_end_is_flattened() {
        let (blocks, _) = parse(&format!("{} fondo", ">".repeat(5_000)), Lang::It);
        assert_eq!(paragraphs(&blocks), ["fondo"]);
        let deep: String = (0..200).map(|n| format!("{}- voce {n}\n", "  ".repeat(n))).collect();
        assert_eq!(paragraphs(&parse(&deep, Lang::It).0).len(), 200);
        let marks = format!("{}x{}", "**a ".repeat(20_000), "**".repeat(20_000));
        assert_eq!(paragraphs(&parse(&marks, Lang::It).0).len(), 1);
    }
}
