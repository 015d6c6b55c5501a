//! Looking for a text among those that are public: by its words, and by a passage that somebody has before the eyes.
//!
//! The newsroom has some thousands of texts at most: their words are kept as one line each and looked through. The great
//! archive is not asked, because it knows texts whose hour has not come. Left out: ranking (the newest comes first).

use salastampa_text::{stems, words};
use std::collections::BTreeSet;

/// Words of a question that are heard; the rest is passed over.
const ASKED: usize = 12;
/// Longest question, in bytes.
const QUESTION: usize = 400;
/// Different words of a text that can be found.
const KEPT: usize = 4_000;
/// Fewest words that make a passage: fewer stand in many texts.
pub const PASSAGE: usize = 8;

/// The content words of texts, each once, as one line for [`holds`].
pub fn line(texts: &[&str]) -> String {
    let all: BTreeSet<String> =
        texts.iter().flat_map(|text| stems(text)).map(|word| word.text).take(KEPT * 8).collect();
    let mut line = String::from(" ");
    for word in all.iter().take(KEPT) {
        line.push_str(word);
        line.push(' ');
    }
    line
}

/// The content words of a question.
pub fn asked(question: &str) -> Vec<String> {
    let end = (0..=question.len().min(QUESTION)).rev().find(|at| question.is_char_boundary(*at)).unwrap_or_default();
    let mut found: Vec<String> = Vec::new();
    for word in stems(&question[..end]) {
        if found.len() < ASKED && !found.contains(&word.text) {
            found.push(word.text);
        }
    }
    found
}

/// Whether a line holds all the words that are asked for; none are in no text.
pub fn holds(line: &str, asked: &[String]) -> bool {
    !asked.is_empty() && asked.iter().all(|word| line.contains(&format!(" {word} ")))
}

/// A text as the order of its words, without case, accents, marks and line breaks: two texts that read alike are equal.
pub fn order(text: &str) -> String {
    let mut out = String::from(" ");
    for word in words(text) {
        out.push_str(&word.text);
        out.push(' ');
    }
    out
}

/// Whether a passage is long enough to say something, and stands in a text word for word (both as [`order`] gives them).
pub fn is_passage(passage: &str, of: &str) -> bool {
    passage.split_whitespace().count() >= PASSAGE && of.contains(passage)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "Riapre il lungolago: dal 25 novembre si cammina fino alla darsena, dice l'assessora all'Orto botanico.";

    #[test]
    fn a_text_is_found_by_its_words_in_any_form() {
        let line = line(&[TEXT]);
        for (question, found) in [
            ("lungolago", true),
            ("LUNGOLAGO darsene", true),
            ("orto", true),
            ("25 novembre", true),
            ("dell'orto", true),
            ("lungolago funivia", false),
            ("", false),
            ("il la che", false),
            ("lungo", false),
        ] {
            assert_eq!(holds(&line, &asked(question)), found, "{question}");
        }
        assert!(asked(&"parola perché ".repeat(1_000)).len() <= ASKED);
        assert!(asked(&"è".repeat(1_000)).len() <= 1, "cut between letters");
    }

    #[test]
    fn a_passage_stands_word_for_word_whatever_its_marks_and_breaks() {
        let of = order(TEXT);
        for (passage, stands) in [
            (TEXT.to_owned(), true),
            (TEXT.replace(' ', "\n  ").to_uppercase(), true),
            ("dal 25 novembre si cammina fino alla darsena".into(), true),
            ("«dal 25 novembre» si cammina – fino alla darsena!".into(), true),
            ("dal 26 novembre si cammina fino alla darsena".into(), false),
            ("si cammina".into(), false),
            (String::new(), false),
        ] {
            assert_eq!(is_passage(&order(&passage), &of), stands, "{passage}");
        }
    }
}
