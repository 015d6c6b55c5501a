//! Neighbours with a function word, each pair one term without places.
//!
//! *il furto* stands in one article of fifty, *il* in all of them: a phrase that begins at the places of *il* reads the whole
//! archive. The pair says where the phrase may be. A function word goes in as it is, and so does one of the commonest words
//! with content (see [`crate::engine::common`]): *e di*, *è stato* are then answered by their pair alone. Of any other word
//! only a mark of its spelling goes in, one of sixty-four, so that the terms stay few and a pair that is looked for meets
//! few others: with every word whole, writing an archive took twice the time and the pairs nearly three times the room.
//! Left out: pairs of two words with content, which are rare enough by themselves.

use crate::engine::common::is_common;
use salastampa_text::{Token, italian};

/// What a word is for its pairs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half<'a> {
    Small(&'a str),
    Common(&'a str),
    Rare(char),
}

/// The pairs of a text, blanks between them.
pub(crate) fn of_text(tokens: &[Token]) -> String {
    let mut out = String::with_capacity(tokens.len() * 6);
    for two in tokens.windows(2) {
        if two[1].position == two[0].position + 1 {
            write(&mut out, of_token(&two[0]), of_token(&two[1]));
        }
    }
    out
}

/// The pair of two exact words as it stands in the archive; `None` if both carry content.
pub(crate) fn pair(first: &str, second: &str) -> Option<String> {
    let mut out = String::new();
    write(&mut out, of_word(first), of_word(second));
    (!out.is_empty()).then_some(out)
}

/// Whether a pair says all of its two words: neither is there by its mark.
pub(crate) fn is_whole(first: &str, second: &str) -> bool {
    let whole = |word| !matches!(of_word(word), Half::Rare(_));
    whole(first) && whole(second)
}

fn of_word(word: &str) -> Half<'_> {
    if italian::is_stop(word) || italian::is_clitic(word) { Half::Small(word) } else { with_content(word) }
}

/// The same, where the analysis has looked already: what has no stem is a function word.
fn of_token(token: &Token) -> Half<'_> {
    match &token.stem {
        Some(_) if token.exact.len() > 4 => with_content(&token.exact),
        Some(_) => of_word(&token.exact),
        None => Half::Small(&token.exact),
    }
}

fn with_content(word: &str) -> Half<'_> {
    if is_common(word) { Half::Common(word) } else { Half::Rare(mark(word)) }
}

fn write(out: &mut String, first: Half<'_>, second: Half<'_>) {
    if ![first, second].iter().any(|half| matches!(half, Half::Small(_))) {
        return;
    }
    if !out.is_empty() {
        out.push(' ');
    }
    // no word has the signs between and before them
    for (n, half) in [first, second].into_iter().enumerate() {
        if n == 1 {
            out.push('#');
        }
        match half {
            Half::Small(word) | Half::Common(word) => out.push_str(word),
            Half::Rare(mark) => out.extend(['~', mark]),
        }
    }
}

/// One of sixty-four, the same in every version and on every machine (FNV-1a).
fn mark(word: &str) -> char {
    let hash = word.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    char::from(b'0' + (hash >> 26).to_le_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_text::analyse;

    #[test]
    fn a_text_has_the_pairs_that_a_phrase_of_it_asks_for() {
        let text = "Dell'acqua e di un po' d'altro; il sig. D. e la S.p.A. dissero: c'e' tempo, v'era l'8 marzo";
        let tokens = analyse(text);
        let of_text = of_text(&tokens);
        let of_text: Vec<&str> = of_text.split(' ').collect();
        let asked: Vec<String> = tokens.windows(2).filter_map(|two| pair(&two[0].exact, &two[1].exact)).collect();
        assert_eq!(of_text, asked);
        assert_eq!(pair("e", "di").as_deref(), Some("e#di"));
        assert_eq!(pair("e", "stato").as_deref(), Some("e#stato"));
        assert!(is_whole("e", "di") && is_whole("e", "stato") && !is_whole("il", "furgone"));
        assert_eq!(pair("furto", "grave"), None);
        assert_ne!(pair("il", "furto"), pair("furto", "il"));
    }
}
