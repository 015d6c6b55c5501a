//! The lines of a text, what each was in the markup, and how far one text supports another: what the vote counts in.

use crate::feed::entities;
use crate::feed::plain;
use crate::feed::tokens::{Token, Tokens};
use std::collections::HashSet;

/// One block of text.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Line {
    /// Without tags, blanks single.
    pub(super) text: String,
    /// How much of it is the text of links, 0 to 1.
    pub(super) linked: f64,
    /// The block around it, by the first letter that matters: `h` heading, `l` list, `c` caption, `t` table, `p` else.
    pub(super) kind: char,
}

/// The blocks of a piece of HTML, in order, empty ones left out.
pub(super) fn lines(html: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut text = String::new();
    let (mut linked, mut links) = (0usize, 0usize);
    let mut kind = 'p';
    let mut hidden: Option<String> = None;
    let mut end = |text: &mut String, linked: &mut usize, kind: char| {
        let line = plain::collapse(text);
        let size = text.chars().filter(|c| !c.is_whitespace()).count();
        if !line.is_empty() {
            lines.push(Line { text: line, linked: *linked as f64 / size.max(1) as f64, kind });
        }
        text.clear();
        *linked = 0;
    };
    for token in Tokens::of(html) {
        match token {
            Token::Start { name, empty, .. } => {
                let name = name.to_ascii_lowercase();
                if hidden.is_none() && !empty && matches!(name.as_str(), "script" | "style" | "noscript" | "iframe") {
                    hidden = Some(name);
                } else if name == "a" && !empty {
                    links += 1;
                } else if plain::is_block(&name) {
                    end(&mut text, &mut linked, kind);
                    kind = kind_of(&name).unwrap_or(if name == "br" { kind } else { 'p' });
                }
            }
            Token::End { name, .. } => {
                let name = name.to_ascii_lowercase();
                if hidden.as_ref() == Some(&name) {
                    hidden = None;
                } else if name == "a" {
                    links = links.saturating_sub(1);
                } else if plain::is_block(&name) {
                    end(&mut text, &mut linked, kind);
                    kind = 'p';
                }
            }
            Token::Text(piece) if hidden.is_none() => {
                let piece = entities::decode(piece);
                if links > 0 {
                    linked += piece.chars().filter(|c| !c.is_whitespace()).count();
                }
                text.push_str(&piece);
            }
            Token::Text(_) | Token::Cdata(_) => {}
        }
    }
    end(&mut text, &mut linked, kind);
    lines
}

fn kind_of(name: &str) -> Option<char> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some('h'),
        "li" | "dt" | "dd" => Some('l'),
        "figcaption" => Some('c'),
        "td" | "th" => Some('t'),
        _ => None,
    }
}

/// Words that stand in a row, as one key.
pub(super) type Shingles = HashSet<u64>;

/// The words of a text, in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

/// The words of a text as keys: what is compared, without a string for each.
pub(super) fn keys(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(key).collect()
}

/// The runs of `n` words in a text; a shorter text is one run.
pub(super) fn shingles(words: &[u64], n: usize) -> Shingles {
    if words.is_empty() {
        return Shingles::new();
    }
    words.windows(n.min(words.len())).map(run).collect()
}

/// How much of a line stands in a text, 0 to 1; `None` for a line shorter than a run.
pub(super) fn support(words: &[u64], text: &Shingles, n: usize) -> Option<f64> {
    if words.len() < n {
        return None;
    }
    let runs = words.windows(n);
    let all = runs.len();
    Some(runs.map(run).filter(|run| text.contains(run)).count() as f64 / all as f64)
}

/// FNV-1a of a word in lower case: nobody gains by a clash.
fn key(word: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    if word.is_ascii() {
        return word.bytes().map(|b| b.to_ascii_lowercase()).fold(0xcbf2_9ce4_8422_2325, mix);
    }
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for c in word.chars().flat_map(char::to_lowercase) {
        hash = c.encode_utf8(&mut [0; 4]).bytes().fold(hash, mix);
    }
    hash
}

fn run(words: &[u64]) -> u64 {
    words
        .iter()
        .fold(0x9e37_79b9_7f4a_7c15, |hash, word| (hash.rotate_left(5) ^ word).wrapping_mul(0x2127_599b_f432_5c37))
}
