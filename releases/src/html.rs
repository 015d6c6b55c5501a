//! The tree of a text as HTML: plain for the newsroom page, with inline styles for mail (Outlook and Gmail read no
//! other). Our writer knows only the tags below and escapes every word; the allow-list of `ammonia` then reads the
//! result as a browser does, a second net under the first.

use crate::markdown::{Block, Span};
use ammonia::{Builder, UrlRelative};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// Inline styles of the tags that the text is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Styles(pub &'static [(&'static str, &'static str)]);

/// No styles: the page has its own style sheet.
pub const PLAIN: Styles = Styles(&[]);

/// What mail programs are told, tag by tag.
pub const MAIL: Styles = Styles(&[
    ("p", "margin:0 0 16px 0;font-size:17px;line-height:27px"),
    ("h2", "margin:28px 0 10px 0;font-size:20px;line-height:26px"),
    ("h3", "margin:24px 0 8px 0;font-size:17px;line-height:24px"),
    ("ul", "margin:0 0 16px 0;padding:0 0 0 24px"),
    ("ol", "margin:0 0 16px 0;padding:0 0 0 28px"),
    ("li", "margin:0 0 6px 0;font-size:17px;line-height:27px"),
    ("blockquote", "margin:0 0 16px 0;padding:14px 0 1px 18px;border-left:3px solid #0b5c68"),
    ("hr", "margin:24px 0;border:0;border-top:1px solid #c9d3d6"),
    ("a", "color:#0b5c68;text-decoration:underline"),
]);

/// The text as HTML, cleaned.
pub fn render(blocks: &[Block], styles: Styles) -> String {
    let mut out = String::new();
    for block in blocks {
        write_block(block, styles, &mut out);
    }
    clean(&out)
}

/// Words made safe for HTML text and for attributes in double quotes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn clean(html: &str) -> String {
    let tags = ["p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "a", "strong", "em", "br"];
    let attributes = HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]);
    Builder::empty()
        .tags(HashSet::from(tags))
        .tag_attributes(attributes)
        .add_generic_attributes(["style"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .clean(html)
        .to_string()
}

fn open(tag: &str, styles: Styles, out: &mut String) {
    let style = styles.0.iter().find(|(name, _)| *name == tag);
    let _ = match style {
        Some((_, style)) => write!(out, "<{tag} style=\"{style}\">"),
        None => write!(out, "<{tag}>"),
    };
}

fn write_block(block: &Block, styles: Styles, out: &mut String) {
    match block {
        Block::Paragraph(spans) => write_line("p", spans, styles, out),
        Block::Heading(level, spans) => write_line(if *level == 2 { "h2" } else { "h3" }, spans, styles, out),
        Block::List(first, items) => {
            let tag = if first.is_some() { "ol" } else { "ul" };
            open(tag, styles, out);
            if let Some(first) = first.filter(|n| *n != 1) {
                out.truncate(out.len() - 1);
                let _ = write!(out, " start=\"{first}\">");
            }
            out.push('\n');
            for item in items {
                write_item(item, styles, out);
            }
            let _ = writeln!(out, "</{tag}>");
        }
        Block::Quote(inner) => {
            open("blockquote", styles, out);
            out.push('\n');
            for block in inner {
                write_block(block, styles, out);
            }
            out.push_str("</blockquote>\n");
        }
        Block::Rule => {
            open("hr", styles, out);
            out.push('\n');
        }
    }
}

/// An entry of one paragraph has no `p` inside: it would stand too far from the next.
fn write_item(item: &[Block], styles: Styles, out: &mut String) {
    open("li", styles, out);
    let mut rest = item;
    if let [Block::Paragraph(spans), after @ ..] = item
        && !matches!(after.first(), Some(Block::Paragraph(_)))
    {
        write_spans(spans, styles, out);
        rest = after;
    }
    for block in rest {
        write_block(block, styles, out);
    }
    out.push_str("</li>\n");
}

fn write_line(tag: &str, spans: &[Span], styles: Styles, out: &mut String) {
    open(tag, styles, out);
    write_spans(spans, styles, out);
    let _ = writeln!(out, "</{tag}>");
}

fn write_spans(spans: &[Span], styles: Styles, out: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) => out.push_str(&escape(text)),
            Span::Strong(inner) => {
                out.push_str("<strong>");
                write_spans(inner, styles, out);
                out.push_str("</strong>");
            }
            Span::Emphasis(inner) => {
                out.push_str("<em>");
                write_spans(inner, styles, out);
                out.push_str("</em>");
            }
            Span::Link(url, inner) => {
                open("a", styles, out);
                out.truncate(out.len() - 1);
                let _ = write!(out, " href=\"{}\">", escape(url));
                write_spans(inner, styles, out);
                out.push_str("</a>");
            }
            Span::Break => out.push_str("<br>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;
    use expect_test::expect;
    use salastampa_locale::Lang;

    const TEXT: &str = "Apre **oggi** il [cantiere](https://esempio.test/?a=1&b=2).\n\n## Orari\n\n3. tre\n4. quattro\n\n- a\n  - b\n\n> detto\n\nriga  \nnuova & <b>";

    #[test]
    fn the_page_has_no_style_of_its_own() {
        expect![[r#"
            <p>Apre <strong>oggi</strong> il <a href="https://esempio.test/?a=1&amp;b=2">cantiere</a>.</p>
            <h2>Orari</h2>
            <ol start="3">
            <li>tre</li>
            <li>quattro</li>
            </ol>
            <ul>
            <li>a<ul>
            <li>b</li>
            </ul>
            </li>
            </ul>
            <blockquote>
            <p>detto</p>
            </blockquote>
            <p>riga<br>nuova &amp; &lt;b&gt;</p>
        "#]]
        .assert_eq(&render(&parse(TEXT, Lang::It).0, PLAIN));
    }

    #[test]
    fn mail_carries_its_styles_on_each_tag() {
        let html = render(&parse(TEXT, Lang::It).0, MAIL);
        assert_eq!(html.matches("<p style=\"margin").count(), 3);
        assert!(
            html.contains(
                "<a style=\"color:#0b5c68;text-decoration:underline\" href=\"https://esempio.test/?a=1&amp;b=2\">"
            ),
            "{html}"
        );
    }
}
