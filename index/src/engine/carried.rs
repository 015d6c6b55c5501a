//! Words on their way into the engine: one text a field, blanks between them.
//!
//! The engine can take words that are already analysed, but it packs each list of them as JSON and unpacks it in its
//! writing thread, which cost more than the analysis. A text is copied once, and cutting it at its blanks costs nothing.
//! A place that no word takes (between title and lead, a word too long to keep) is a mark with the number of such places.

use salastampa_text::Token;
use tantivy::tokenizer::{Token as Term, TokenStream, Tokenizer};

/// The name by which fields ask for [`Carried`].
pub(crate) const CARRIED: &str = "carried";
/// Begins a number of places that no word takes. No word has it: words are letters, digits and signs between them.
const SKIPPED: char = '\u{1}';

/// The words of a field as one text: the forms that `form` gives, at their positions.
pub(crate) fn pack<'a>(tokens: &'a [Token], form: impl Fn(&'a Token) -> Option<&'a str>) -> String {
    let mut out = String::with_capacity(tokens.len() * 8);
    let mut next = 0;
    for token in tokens {
        let Some(text) = form(token) else { continue };
        if !out.is_empty() {
            out.push(' ');
        }
        if token.position > next {
            out.push(SKIPPED);
            out.push_str(&(token.position - next).to_string());
            out.push(' ');
        }
        out.push_str(text);
        next = token.position + 1;
    }
    out
}

/// Cuts a packed text into its words again.
#[derive(Clone, Default)]
pub(crate) struct Carried {
    term: Term,
}

impl Tokenizer for Carried {
    type TokenStream<'a> = Pieces<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Pieces<'a> {
        self.term.reset();
        Pieces { rest: text, next: 0, term: &mut self.term }
    }
}

/// The words that are left.
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    next: usize,
    term: &'a mut Term,
}

impl<'a> Pieces<'a> {
    fn piece(&mut self) -> &'a str {
        let (piece, rest) = self.rest.split_once(' ').unwrap_or((self.rest, ""));
        self.rest = rest;
        piece
    }
}

impl TokenStream for Pieces<'_> {
    fn advance(&mut self) -> bool {
        let mut piece = self.piece();
        if let Some(places) = piece.strip_prefix(SKIPPED) {
            self.next += places.parse::<usize>().unwrap_or(0);
            piece = self.piece();
        }
        self.term.text.clear();
        self.term.text.push_str(piece);
        self.term.position = self.next;
        self.next += 1;
        !piece.is_empty()
    }

    fn token(&self) -> &Term {
        self.term
    }

    fn token_mut(&mut self) -> &mut Term {
        self.term
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_text::analyse;

    fn exact(token: &Token) -> Option<&str> {
        Some(&token.exact)
    }

    fn stem(token: &Token) -> Option<&str> {
        token.stem.as_deref()
    }

    #[test]
    fn words_and_their_places_come_out_as_they_went_in() {
        let mut tokens = analyse("L'acqua della fontana, un po' d'acqua");
        tokens.extend(analyse("e ancora").into_iter().map(|t| Token { position: t.position + 100, ..t }));
        let long = analyse(&format!("{} ponte", "x".repeat(70)));
        for tokens in [tokens, long, Vec::new()] {
            for form in [exact as fn(&Token) -> Option<&str>, stem] {
                let packed = pack(&tokens, form);
                let mut carried = Carried::default();
                let mut stream = carried.token_stream(&packed);
                let mut out = Vec::new();
                while stream.advance() {
                    out.push((stream.token().position, stream.token().text.clone()));
                }
                let wanted: Vec<_> =
                    tokens.iter().filter_map(|t| Some((t.position as usize, form(t)?.to_owned()))).collect();
                assert_eq!(out, wanted);
            }
        }
    }
}
