//! Quotation marks as Italian print has them: « » around what is said, “ ” inside. People type the straight ones.

use crate::markdown::{Block, Span};

/// Where a text stands between its quotation marks.
#[derive(Default)]
struct Quoting {
    before: Option<char>,
    outer: bool,
    inner: bool,
}

/// A line of text with « » for double quotes, and “ ” for those inside them.
pub fn guillemets(text: &str) -> String {
    Quoting::default().mend(text)
}

/// The same for every line of a text.
pub(crate) fn guillemets_in(blocks: &mut [Block]) {
    blocks.iter_mut().for_each(guillemets_in_block);
}

fn guillemets_in_block(block: &mut Block) {
    match block {
        Block::Paragraph(spans) | Block::Heading(_, spans) => guillemets_in_spans(spans, &mut Quoting::default()),
        Block::List(_, items) => items.iter_mut().flatten().for_each(guillemets_in_block),
        Block::Quote(inner) => guillemets_in(inner),
        Block::Rule => {}
    }
}

fn guillemets_in_spans(spans: &mut [Span], quoting: &mut Quoting) {
    for span in spans {
        match span {
            Span::Text(text) => *text = quoting.mend(text),
            Span::Strong(inner) | Span::Emphasis(inner) | Span::Link(_, inner) => guillemets_in_spans(inner, quoting),
            Span::Break => quoting.before = None,
        }
    }
}

impl Quoting {
    fn mend(&mut self, text: &str) -> String {
        text.chars()
            .map(|c| {
                let opens = self.before.is_none_or(|b| b.is_whitespace() || "([{'’‘«“—–-/".contains(b));
                let mended = match c {
                    '“' => self.open(),
                    '"' if opens => self.open(),
                    '"' | '”' => self.close(c),
                    '«' => {
                        self.outer = true;
                        c
                    }
                    '»' => {
                        self.outer = false;
                        c
                    }
                    other => other,
                };
                self.before = Some(mended);
                mended
            })
            .collect()
    }

    fn open(&mut self) -> char {
        if self.outer {
            self.inner = true;
            '“'
        } else {
            self.outer = true;
            '«'
        }
    }

    fn close(&mut self, found: char) -> char {
        if self.inner {
            self.inner = false;
            '”'
        } else if self.outer {
            self.outer = false;
            '»'
        } else {
            found
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{paragraphs, parse};
    use salastampa_locale::Lang;

    #[test]
    fn double_quotes_become_guillemets_in_italian() {
        for (given, expected) in [
            ("\"Riapriamo\", dice", "«Riapriamo», dice"),
            ("dice: “Il \"ponte\" riapre”", "dice: «Il “ponte” riapre»"),
            ("all'\"ora\" giusta", "all'«ora» giusta"),
            ("uno schermo da 12\" nuovo", "uno schermo da 12\" nuovo"),
            ("«già scritto»", "«già scritto»"),
        ] {
            assert_eq!(guillemets(given), expected);
        }
        let (blocks, _) = parse("\"Il *ponte*\" riapre", Lang::It);
        assert_eq!(paragraphs(&blocks), ["«Il ponte» riapre"]);
        let (blocks, _) = parse("\"The *bridge*\" opens", Lang::En);
        assert_eq!(paragraphs(&blocks), ["\"The bridge\" opens"]);
    }
}
