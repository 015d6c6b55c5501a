//! An article as weighted terms: what stories compare.
//!
//! Stems of the title (three times) and of the first 1,200 characters. Title and opening carry a news story; a longer
//! text adds nothing to the measure. An English text is read as English: foreign news comes in it. Runs of capitalised
//! words are no terms of their own (they weigh twice what their words say already); a name of one word counts once
//! more, and all words of names are marked, because two articles on one event share who and where.

use salastampa_text::{Form, Token, analyse, english_stem, is_english, is_english_stop, names_among, shingle};
use std::collections::BTreeMap;

/// How much a word of the title counts more.
const TITLE: u16 = 3;
/// Characters of the text that are read.
const OPENING: usize = 1_200;

/// Words of an outlet's name at the end of a title, at most.
const TAIL: usize = 5;
/// Characters of a title that can do without its tail.
const SHORTEST_TITLE: usize = 20;

/// A term of an article.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// Hash of the term.
    pub key: u32,
    /// How often it stands there, the title's words counted three times.
    pub count: u16,
    /// Where and as what it stands there: some of [`IN_TITLE`], [`IN_NAME`], [`NUMBER`].
    pub kinds: u8,
}

/// It stands in the title.
pub const IN_TITLE: u8 = 1;
/// It is a word of a name.
pub const IN_NAME: u8 = 2;
/// It has a digit.
pub const NUMBER: u8 = 4;

impl Term {
    /// `1 + ln tf`.
    pub fn weight(&self) -> f64 {
        1.0 + f64::from(self.count).ln()
    }
}

/// A title without the name of the outlet or of a column that feeds and search engines hang on it: `… - La Voce di
/// Bellariva`, `… | Il corsivo`. It is cut after the last such mark, if what follows is short and what remains is a title.
pub fn own_title(title: &str) -> &str {
    let (at, mark) = match title.rfind(" - ").map(|at| (at, 3)).or(title.rfind(" | ").map(|at| (at, 3))) {
        Some(found) => found,
        None => return title,
    };
    let (own, tail) = (&title[..at], &title[at + mark..]);
    let is_name = tail.split_whitespace().count() <= TAIL && tail.contains(|c: char| c.is_uppercase() || c == '.');
    if is_name && own.chars().count() > SHORTEST_TITLE { own } else { title }
}

/// The terms of an article, in ascending order of their keys.
pub fn terms(title: &str, text: &str) -> Vec<Term> {
    let title = own_title(title);
    let opening = match text.char_indices().nth(OPENING) {
        Some((end, _)) => &text[..end],
        None => text,
    };
    let parts = [(title, analyse(title), TITLE, IN_TITLE), (opening, analyse(opening), 1, 0)];
    let english = is_english(parts.iter().flat_map(|(_, tokens, ..)| tokens));
    let mut counts: BTreeMap<u32, (u16, u8)> = BTreeMap::new();
    for (part, tokens, times, place) in parts {
        let names = names_among(part, &tokens);
        let mut names = names.iter().peekable();
        for token in tokens {
            let Some(stem) = stem(&token, english) else { continue };
            while names.next_if(|name| name.end <= token.start).is_some() {}
            let name = names.peek().filter(|name| name.start <= token.start && token.end <= name.end);
            let alone = name.is_some_and(|name| name.start == token.start && token.end == name.end);
            let number = token.exact.bytes().any(|b| b.is_ascii_digit());
            let entry = counts.entry(key(&stem)).or_default();
            entry.0 = entry.0.saturating_add(times + u16::from(alone));
            entry.1 |= place | if name.is_some() { IN_NAME } else { 0 } | if number { NUMBER } else { 0 };
        }
    }
    counts.into_iter().map(|(key, (count, kinds))| Term { key, count, kinds }).collect()
}

fn stem(token: &Token, english: bool) -> Option<Form> {
    if english {
        (!is_english_stop(&token.exact)).then(|| Form::from(&*english_stem(&token.exact)))
    } else {
        token.stem.clone()
    }
}

/// The hash of a stem.
fn key(stem: &str) -> u32 {
    // the low half of a good hash is a good hash
    shingle(stem) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(found: &[Term], word: &str) -> Option<(u16, u8)> {
        let terms = terms("", &format!("il {word} di"));
        let key = terms.first().map(|t| t.key)?;
        found.iter().find(|t| t.key == key).map(|t| (t.count, t.kinds))
    }

    #[test]
    fn a_word_of_the_title_counts_three_times() {
        let found = terms("Frana sulla strada", "La strada resta chiusa");
        assert_eq!(
            ["frana", "strada", "chiusa", "ponte"].map(|w| of(&found, w)),
            [Some((3, IN_TITLE)), Some((4, IN_TITLE)), Some((1, 0)), None]
        );
    }

    #[test]
    fn names_and_numbers_are_told_from_other_words() {
        let found = terms("", "Ieri la sindaca Ada Corti ha aperto 12 aule a Montefosco.");
        for (word, kinds) in [
            ("corti", Some((1, IN_NAME))),
            ("montefosco", Some((2, IN_NAME))),
            ("12", Some((1, NUMBER))),
            ("aule", Some((1, 0))),
        ] {
            assert_eq!(of(&found, word), kinds, "{word}");
        }
    }

    #[test]
    fn the_name_of_an_outlet_is_no_part_of_a_title() {
        for (title, own) in [
            ("Il ponte di San Rocco riapre lunedì - La Voce di Bellariva", "Il ponte di San Rocco riapre lunedì"),
            ("Il ponte di San Rocco riapre | Il corsivo", "Il ponte di San Rocco riapre"),
            ("Il ponte di San Rocco - riapre lunedì", "Il ponte di San Rocco - riapre lunedì"),
            ("Il ponte - La Voce", "Il ponte - La Voce"),
            (
                "Il ponte di San Rocco - Lunedì la riapertura con la sindaca",
                "Il ponte di San Rocco - Lunedì la riapertura con la sindaca",
            ),
            ("", ""),
        ] {
            assert_eq!(own_title(title), own);
        }
    }

    #[test]
    fn an_english_text_is_read_as_english() {
        let (one, other) =
            (terms("The mayor announces the openings", ""), terms("What the mayor announced: an opening", ""));
        let keys = |terms: &[Term]| terms.iter().map(|t| t.key).collect::<Vec<_>>();
        assert_eq!(keys(&one), keys(&other));
    }

    #[test]
    fn what_follows_the_opening_does_not_count() {
        let short = format!("{} fine", "parola ".repeat(200));
        let long = format!("{short} coda aggiunta");
        assert_eq!(terms("Titolo", &short), terms("Titolo", &long));
    }

    #[test]
    fn terms_come_in_the_order_of_their_keys() {
        let found = terms("Ada Corti inaugura la scuola", "La sindaca Ada Corti ha aperto 12 aule.");
        assert!(found.is_sorted_by_key(|t| t.key) && found.len() > 5);
    }
}
