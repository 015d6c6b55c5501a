//! English words for the comparison of texts: foreign news comes in English too.
//!
//! The archive and the watches read every text by the Italian rules, so that a word is found as it was typed. Where two
//! texts are only weighed against one another, an English one is better read as English: *announced* and *announces*
//! are one word, and *the* is none.

use crate::italian::is_stop;
use crate::token::Token;
use ecow::EcoString;
use foldhash::fast::RandomState;
use frostem::{Algorithm, Stemmer};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Folded words that carry no content. The letters are what an apostrophe leaves (*don't*, *we'll*).
const STOP_WORDS: &[&str] = &[
    "a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any", "are", "as", "at",
    "be", "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "could", "d", "did",
    "do", "does", "doing", "down", "during", "each", "few", "for", "from", "further", "had", "has", "have", "having",
    "he", "her", "here", "hers", "herself", "him", "himself", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "itself", "just", "ll", "m", "me", "more", "most", "mr", "mrs", "my", "myself", "new", "no", "nor", "not", "now",
    "of", "off", "on", "once", "one", "only", "or", "other", "our", "ours", "out", "over", "own", "re", "s", "said",
    "same", "say", "says", "she", "should", "so", "some", "such", "t", "than", "that", "the", "their", "theirs",
    "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "two", "under", "until", "up",
    "ve", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will", "with",
    "would", "you", "your", "yours",
];

/// Words remembered before the memory is emptied and fills anew.
const REMEMBERED: usize = 60_000;

thread_local! {
    static STEMS: RefCell<(Stemmer, HashMap<EcoString, EcoString, RandomState>)> =
        RefCell::new((Stemmer::new(Algorithm::English), HashMap::default()));
}

/// Whether a folded English word carries no content.
pub fn is_english_stop(folded: &str) -> bool {
    static ALL: LazyLock<HashSet<&str, RandomState>> = LazyLock::new(|| STOP_WORDS.iter().copied().collect());
    ALL.contains(folded)
}

/// Whether these are the words of an English text: it has more of the small words of English than of Italian.
pub fn is_english<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> bool {
    let (mut english, mut italian) = (0, 0);
    for token in tokens {
        match (is_english_stop(&token.exact), is_stop(&token.exact)) {
            (true, false) => english += 1,
            (false, true) => italian += 1,
            _ => {}
        }
    }
    english > italian
}

/// The English stem of a folded word; a word with a digit is its own.
pub fn english_stem(folded: &str) -> EcoString {
    if folded.bytes().any(|b| b.is_ascii_digit()) {
        return folded.into();
    }
    STEMS.with_borrow_mut(|(stemmer, known)| {
        if let Some(stem) = known.get(folded) {
            return stem.clone();
        }
        let stem: EcoString = stemmer.stem(folded).as_ref().into();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(folded.into(), stem.clone());
        stem
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse;

    #[test]
    fn the_list_is_sorted_folded_and_without_repeats() {
        assert!(STOP_WORDS.is_sorted_by(|a, b| a < b));
        for word in STOP_WORDS {
            assert_eq!(crate::fold(word), *word);
        }
    }

    #[test]
    fn an_english_text_is_told_from_an_italian_one() {
        for (text, english) in [
            ("The mayor of Bellariva announces that the bridge will open on Monday", true),
            ("La sindaca di Bellariva annuncia che il ponte riapre lunedì", false),
            // small words that both languages have decide nothing
            ("In Bellariva a marathon", false),
            ("Bellariva", false),
            ("", false),
        ] {
            assert_eq!(is_english(&analyse(text)), english, "{text}");
        }
    }

    #[test]
    fn english_words_lose_their_endings_and_small_words_go() {
        let stems: Vec<String> = analyse("The bridges' openings, announced in 2026")
            .iter()
            .filter(|t| !is_english_stop(&t.exact))
            .map(|t| english_stem(&t.exact).to_string())
            .collect();
        assert_eq!(stems, ["bridg", "open", "announc", "2026"]);
    }
}
