//! How much of a text is new beside what was told already: by its names and numbers, for they are what a second word to
//! a reader must bring.
//!
//! Left out: what the new words mean. A denial with the same names is no news here; an agency marks its corrections.

use salastampa_domain::ForeignText;
use salastampa_text::fold;
use std::collections::BTreeSet;
use std::ops::Range;

/// Fewer new names and numbers than this are a detail, however short the text.
const FEWEST: usize = 3;
/// Bytes of a text that are read.
const LONGEST: usize = 20_000;

/// What is compared of an article.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// Its title.
    pub title: &'a str,
    /// The outlet's own summary.
    pub lead: &'a ForeignText,
    /// Its body.
    pub body: &'a ForeignText,
}

impl Text<'_> {
    fn words(&self) -> impl Iterator<Item = (String, bool)> {
        words(self.title).chain(words(self.lead.for_analysis())).chain(words(self.body.for_analysis()))
    }
}

/// The share of names and numbers of `new` that stand in none of the texts that were told, in thousandths.
pub fn novelty(told: &[Text<'_>], new: &Text<'_>) -> i64 {
    let known: BTreeSet<String> = told.iter().flat_map(|text| text.words().map(|(key, _)| key)).collect();
    let marks: BTreeSet<String> = new.words().filter(|(_, mark)| *mark).map(|(key, _)| key).collect();
    let fresh = marks.iter().filter(|key| !known.contains(*key)).count();
    if fresh < FEWEST {
        return 0;
    }
    i64::try_from(fresh * 1_000 / marks.len()).unwrap_or(0)
}

/// Of sentences of other texts, each a byte range of one, that which brings most names and numbers that stand in none of the
/// texts that were told: its number among them, the first of equals. `None` where none brings any.
pub fn most_new(told: &[Text<'_>], sentences: &[(&ForeignText, Range<usize>)]) -> Option<usize> {
    let known: BTreeSet<String> = told.iter().flat_map(|text| text.words().map(|(key, _)| key)).collect();
    let fresh = |(text, range): &(&ForeignText, Range<usize>)| {
        let sentence = text.for_analysis().get(range.clone()).unwrap_or_default();
        let marks: BTreeSet<String> = words(sentence).filter(|(_, mark)| *mark).map(|(key, _)| key).collect();
        marks.iter().filter(|key| !known.contains(*key)).count()
    };
    let counts = sentences.iter().map(fresh).enumerate();
    counts.filter(|(_, n)| *n > 0).max_by_key(|(at, n)| (*n, std::cmp::Reverse(*at))).map(|(at, _)| at)
}

/// The words of a text, folded, each with whether it is a name or a number. The first word of a sentence has a capital
/// anyway and is neither.
fn words(text: &str) -> impl Iterator<Item = (String, bool)> {
    let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut opens = true;
    text[..end].split_inclusive(|c: char| !c.is_alphanumeric()).filter_map(move |piece| {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let stops = piece.ends_with(['.', '!', '?', '\n', '«', '"', ':']);
        let first = opens;
        opens = stops || (word.is_empty() && opens);
        if word.is_empty() {
            return None;
        }
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let name = !first && word.chars().count() > 2 && word.starts_with(char::is_uppercase);
        Some((fold(word), number || name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "Frana sulla provinciale: nessun ferito. I pompieri di Olmeta hanno chiuso la strada alle 4.";

    fn beside(told: &[&str], new: &str) -> i64 {
        let none = ForeignText::default();
        let bodies: Vec<ForeignText> = told.iter().map(|text| ForeignText::new(*text)).collect();
        let told: Vec<Text> = bodies.iter().map(|body| Text { title: "", lead: &none, body }).collect();
        novelty(&told, &Text { title: "", lead: &none, body: &ForeignText::new(new) })
    }

    #[test]
    fn the_sentence_that_brings_most_is_the_one_with_most_new_names_and_numbers() {
        let sentences = [
            "La strada resta chiusa.",
            "Il prefetto Bruno Salis parla di Olmeta.",
            "Con Ines Ferri ci sono 300 volontari.",
            "Con Ugo Nardi ci sono 200 volontari.",
        ];
        let texts = sentences.map(|words| ForeignText::new(format!("Ieri. {words}")));
        let sentences: Vec<(&ForeignText, Range<usize>)> =
            texts.iter().zip(sentences).map(|(text, words)| (text, 6..6 + words.len())).collect();
        let (none, told) = (ForeignText::default(), ForeignText::new(TOLD));
        let text = |body| Text { title: "", lead: &none, body };
        assert_eq!(most_new(&[text(&told)], &sentences), Some(2), "of equals the first");
        assert_eq!(most_new(&[text(&told), text(&texts[2]), text(&texts[3])], &sentences), Some(1));
        assert_eq!(most_new(&[text(&told)], &sentences[..1]), None);
        assert_eq!(most_new(&[], &[]), None);
    }

    #[test]
    fn new_is_what_brings_names_and_numbers_that_were_not_told() {
        for (new, least, most) in [
            (TOLD, 0, 0),
            ("", 0, 0),
            ("La strada resta chiusa. I geologi saliranno sul versante nel pomeriggio.", 0, 0),
            ("Il prefetto Bruno Salis ha visto la frana di Olmeta.", 0, 0),
            ("Il prefetto Bruno Salis e la ministra Ines Ferri a Olmeta: 300 sfollati.", 800, 850),
            (
                "Salgono a 12 i feriti, 3 gravi; indaga Ivo Marra della procura di Corvara. Olmeta è isolata.",
                900,
                1_000,
            ),
        ] {
            let found = beside(&[TOLD], new);
            assert!((least..=most).contains(&found), "{found} for {new}");
        }
        assert_eq!(beside(&[], "Ieri Bruno Salis e Ines Ferri a Olmeta."), 1_000);
    }
}
