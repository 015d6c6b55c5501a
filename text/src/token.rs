//! The tokenizer: one pass over a text that gives its words with their places.
//!
//! The rules, in order: a token is a run of letters and digits, marks and soft hyphens joined to it; points and commas
//! between digits join, dotted single letters join (*S.p.A.*); an apostrophe ends a token, which is a clitic
//! (*dell'acqua*), a cut word that keeps it (*un po'*), or neither (typewriter accents: *CITTA'*); a single quote that
//! closes what an earlier one of the same sentence opened is a quote, no apostrophe.

use crate::fold::fold;
use crate::italian;
use crate::term::{Form, Term, afresh, term};
use unicode_normalization::char::is_combining_mark;

/// What a word is in its sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// It carries content.
    Content,
    /// A function word: kept for phrases, dropped for ranking.
    Stop,
    /// A form that leans on the next word (*l'*, *dell'*): kept for phrases, dropped for ranking.
    Clitic,
}

/// A word of a text in both forms in which it is searched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// The folded form.
    pub exact: Form,
    /// The Snowball stem of the folded form; `None` unless the word carries content.
    pub stem: Option<Form>,
    /// What it is.
    pub class: Class,
    /// Byte offset of its first letter in the original.
    pub start: usize,
    /// Byte offset after its last letter (after the apostrophe of a cut word).
    pub end: usize,
    /// Its place among the tokens of the text, from 0. Every token takes one; so does a word too long to be kept.
    pub position: u32,
}

/// Cuts a text into its words. Never fails; linear in the length of the text.
pub fn analyse(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 6);
    out.extend(tokens(text));
    out
}

/// The words of a text, each as it is asked for.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    Tokens::new(text, term)
}

/// The same without the memory of words: what the memory is measured against.
pub fn tokens_afresh(text: &str) -> impl Iterator<Item = Token> {
    Tokens::new(text, afresh)
}

/// A text on its way through the tokenizer.
struct Tokens<'a> {
    text: &'a str,
    /// Where the next word is looked for.
    at: usize,
    /// Its place.
    position: u32,
    /// A single quote was opened in this sentence.
    open_quote: bool,
    /// What a word is searched by.
    term: fn(&str) -> Option<Term>,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str, term: fn(&str) -> Option<Term>) -> Self {
        Self { text, at: 0, position: 0, open_quote: false, term }
    }

    /// Goes to the next letter or digit, and minds the quotes and sentences that it passes.
    fn find(&mut self) -> Option<()> {
        loop {
            let c = char_at(self.text, self.at)?;
            if is_letter(c) {
                return Some(());
            }
            let after = self.at + c.len_utf8();
            if c == ' ' {
                // most of what stands between words
            } else if is_apostrophe(c) {
                self.open_quote |= opens_quote(self.text, self.at, after);
            } else if ends_sentence(c, char_at(self.text, after)) {
                self.open_quote = false;
            }
            self.at = after;
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            self.find()?;
            let (text, start, position) = (self.text, self.at, self.position);
            let end = run_end(text, start);
            let end = initials_end(text, start, end).unwrap_or(end);
            let surface = &text[start..end];
            self.position += 1;
            let tail = tail(text, surface, end, &mut self.open_quote);
            if let Tail::Apocope(form, end) = tail {
                self.at = end;
                return Some(Token { exact: form.into(), stem: None, class: Class::Stop, start, end, position });
            }
            // an apostrophe that follows belongs to this word, whatever it was: it opens nothing
            self.at = char_at(text, end).filter(|c| is_apostrophe(*c)).map_or(end, |c| end + c.len_utf8());
            // a word too long to be kept takes its place all the same
            let Some(Term { exact, stem }) = (self.term)(surface) else { continue };
            let (class, stem) = match stem {
                _ if matches!(tail, Tail::Clitic) => (Class::Clitic, None),
                Some(stem) => (Class::Content, Some(stem)),
                None => (Class::Stop, None),
            };
            return Some(Token { exact, stem, class, start, end, position });
        }
    }
}

/// What follows a word.
#[derive(Clone, Copy)]
enum Tail {
    Plain,
    Clitic,
    /// The form with its apostrophe, and where it ends.
    Apocope(&'static str, usize),
}

fn tail(text: &str, surface: &str, end: usize, open_quote: &mut bool) -> Tail {
    let Some(mark) = char_at(text, end).filter(|c| is_apostrophe(*c)) else { return Tail::Plain };
    let after = end + mark.len_utf8();
    let next = char_at(text, after);
    let inside = next.is_some_and(is_letter);
    if !inside && std::mem::take(open_quote) {
        return Tail::Plain;
    }
    // the longest listed form has four letters
    if surface.len() > 8 {
        return Tail::Plain;
    }
    let folded = fold(surface);
    if italian::is_clitic(&folded) {
        return Tail::Clitic;
    }
    let doubled = next.is_some_and(is_apostrophe);
    match italian::apocope(&folded) {
        Some(form) if !inside && !doubled => Tail::Apocope(form, after),
        _ => Tail::Plain,
    }
}

/// The end of the run of letters and digits that starts here.
fn run_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut end, mut after_digit) = (start, start, false);
    while let Some(byte) = bytes.get(at) {
        let joins = |c: char| is_letter(c) || is_joiner(c);
        if byte.is_ascii_alphanumeric() {
            at += 1;
            end = at;
            after_digit = byte.is_ascii_digit();
        } else if matches!(byte, b'.' | b',') && after_digit && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            at += 1;
            after_digit = false;
        } else if let Some(c) = char_at(text, at).filter(|c| !c.is_ascii() && joins(*c)) {
            at += c.len_utf8();
            end = at;
            after_digit = false;
        } else {
            break;
        }
    }
    end
}

/// The end of dotted single letters (`S.p.A`), if the run `start..end` is the first of at least two of them.
fn initials_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let single = |from: usize, to: usize| {
        // a letter of at most four bytes and a mark or two; longer runs are not even looked at
        to - from <= 12
            && text[from..to].chars().next().is_some_and(char::is_alphabetic)
            && text[from..to].chars().skip(1).all(is_joiner)
    };
    if !single(start, end) {
        return None;
    }
    let mut last = None;
    let mut to = end;
    while text[to..].starts_with('.') {
        let from = to + 1;
        if !char_at(text, from).is_some_and(is_letter) {
            break;
        }
        to = run_end(text, from);
        if !single(from, to) {
            break;
        }
        last = Some(to);
    }
    last
}

/// Whether an apostrophe outside a word opens a quote: a letter follows, and it is not a word that lost its beginning
/// (*'ndrangheta*, *'sto*, *'90*).
fn opens_quote(text: &str, at: usize, after: usize) -> bool {
    let rest = &text[after..];
    let mut letters = rest.chars().flat_map(char::to_lowercase);
    let (Some(first), second) = (letters.next(), letters.next()) else { return false };
    let cut = first.is_numeric()
        || (first == 'n' && second.is_some_and(|c| c.is_alphabetic() && !"aeiouàèéìòùy".contains(c)))
        || ["sta ", "sto ", "sti ", "ste "].iter().any(|w| rest.starts_with(w));
    is_letter(first) && !cut && !text[..at].chars().next_back().is_some_and(is_apostrophe)
}

fn ends_sentence(c: char, next: Option<char>) -> bool {
    c == '\n' || (matches!(c, '.' | '!' | '?' | '…') && next.is_none_or(char::is_whitespace))
}

fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The signs that writers use as an apostrophe.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02BC}' | '`' | '\u{00B4}' | '\u{FF07}')
}

/// Letters and digits.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric()
    } else {
        c.is_alphanumeric() && !is_apostrophe(c) && !is_combining_mark(c)
    }
}

/// What goes on with a word without being a letter: marks, the soft hyphen, joiners of no width.
fn is_joiner(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> String {
        let shown = |t: &Token| match t.class {
            Class::Content => t.exact.to_string(),
            Class::Stop => format!("({})", t.exact),
            Class::Clitic => format!("{}+", t.exact),
        };
        analyse(text).iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn apostrophes_are_told_apart() {
        for (text, tokens) in [
            ("l'acqua dell’Orto", "l+ acqua dell+ orto"),
            ("CITTA' e' città", "citta (e) citta"),
            ("un po' di Po", "(un) po') (di) po"),
            ("'ndrangheta", "ndrangheta"),
            ("quest'anno", "quest anno"),
            ("l'8 marzo", "l+ 8 marzo"),
            ("c'e' un'ora", "c+ (e) un+ ora"),
            ("detto 'va' e basta", "detto va (e) basta"),
            ("la 'ndrangheta e un po' di più", "(la) ndrangheta (e) (un) (po') (di) (piu)"),
        ] {
            assert_eq!(exact(text), tokens.replace(" po') ", " (po') "), "{text}");
        }
    }

    #[test]
    fn numbers_and_initials_are_one_word() {
        for (text, tokens) in [
            ("3,5 per cento, poi", "3,5 (per) cento poi"),
            ("1.200.000 euro.", "1200000 euro"),
            ("la S.p.A. dell'A.N.C.I.", "(la) spa dell+ anci"),
            ("G. Rossi e G.B. Vico", "g rossi (e) gb vico"),
            ("co-working 2026/27", "co working 2026 27"),
            ("comu\u{AD}nicato", "comunicato"),
        ] {
            assert_eq!(exact(text), tokens, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn offsets_lie_on_characters_in_order(text in "(\\PC|['’.,aàlnS0-9 \n])*") {
            let mut last = 0;
            let mut place = None;
            for token in analyse(&text) {
                proptest::prop_assert!(text.get(token.start..token.end).is_some_and(|s| !s.is_empty()));
                proptest::prop_assert!(token.start >= last);
                proptest::prop_assert!(place.is_none_or(|p| p < token.position));
                proptest::prop_assert_eq!(token.stem.is_some(), token.class == Class::Content);
                last = token.end;
                place = Some(token.position);
            }
        }
    }
}
