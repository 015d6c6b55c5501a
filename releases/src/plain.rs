//! The tree of a text as plain text: what a newsroom's desk copies. A paragraph is one line, a blank line stands
//! between two, a link is `testo (https://…)`. Never made from the HTML.

use crate::markdown::{Block, Span, words};

/// The text, without a line break at the end.
pub fn render(blocks: &[Block]) -> String {
    let mut parts = Vec::new();
    for block in blocks {
        parts.push(block_text(block, ""));
    }
    parts.join("\n\n")
}

fn block_text(block: &Block, indent: &str) -> String {
    match block {
        Block::Paragraph(spans) | Block::Heading(_, spans) => line(spans, indent),
        Block::Quote(inner) => inner.iter().map(|b| block_text(b, indent)).collect::<Vec<_>>().join("\n\n"),
        Block::Rule => "* * *".to_owned(),
        Block::List(first, items) => {
            let deeper = format!("{indent}  ");
            let entry = |(n, item): (u64, &Vec<Block>)| {
                let mark = first.map_or("-".to_owned(), |first| format!("{}.", first.saturating_add(n)));
                let text = item.iter().map(|b| block_text(b, &deeper)).collect::<Vec<_>>().join(&format!("\n{deeper}"));
                format!("{mark} {text}")
            };
            (0..).zip(items).map(entry).collect::<Vec<_>>().join(&format!("\n{indent}"))
        }
    }
}

fn line(spans: &[Span], indent: &str) -> String {
    let mut out = String::new();
    write_spans(spans, indent, &mut out);
    out
}

fn write_spans(spans: &[Span], indent: &str, out: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) => out.push_str(text),
            Span::Strong(inner) | Span::Emphasis(inner) => write_spans(inner, indent, out),
            Span::Link(url, inner) => {
                write_spans(inner, indent, out);
                let target = url.strip_prefix("mailto:").or_else(|| url.strip_prefix("tel:")).unwrap_or(url);
                let said = words(inner);
                if said != target && said != *url {
                    out.push_str(" (");
                    out.push_str(target);
                    out.push(')');
                }
            }
            Span::Break => {
                out.push('\n');
                out.push_str(indent);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;
    use expect_test::expect;
    use salastampa_locale::Lang;

    #[test]
    fn a_desk_can_copy_it() {
        let text = "Il *lungolago*\nriapre, dice \"Ada\".\n\n## Orari\n\nVedi [la mappa](https://esempio.test/m), \
                    <https://esempio.test/x> o <stampa@esempio.test>.\n\n1. lunedì\n2. martedì\n   - mattina\n   - sera\n\n\
                    > Un detto\n\nriga  \nnuova";
        expect![[r#"
            Il lungolago riapre, dice «Ada».

            Orari

            Vedi la mappa (https://esempio.test/m), https://esempio.test/x o stampa@esempio.test.

            1. lunedì
            2. martedì
              - mattina
              - sera

            Un detto

            riga
            nuova"#]]
        .assert_eq(&render(&parse(text, Lang::It).0));
    }
}
