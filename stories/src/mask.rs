//! What stands in an article's text and is not the article: dateline, agency signature, footer, *leggi anche* lines.
//!
//! They are equal under unrelated articles and differ between copies, so every comparison of texts leaves them out.
//! The rules name classes of lines, in Italian and English; they ask for a capital letter, because "le leggi anche
//! regionali" is a sentence like any other.

use salastampa_text::{Word, is_month, words};

/// Words that open a pointer to another article; what follows on the line is that article's title.
const POINTERS: [&[&str]; 16] = [
    &["leggi", "anche"],
    &["leggi", "pure"],
    &["leggi", "qui"],
    &["vedi", "anche"],
    &["guarda", "anche"],
    &["ti", "potrebbe", "interessare"],
    &["potrebbe", "interessarti"],
    &["potrebbero", "interessarti"],
    &["per", "approfondire"],
    &["approfondisci"],
    &["articoli", "correlati"],
    &["read", "also"],
    &["also", "read"],
    &["read", "more"],
    &["see", "also"],
    &["related", "articles"],
];

/// Words that open a footer; what follows in the sentence belongs to it.
const FOOTERS: [&[&str]; 17] = [
    &["riproduzione", "riservata"],
    &["tutti", "i", "diritti", "riservati"],
    &["copyright"],
    &["iscriviti", "alla", "newsletter"],
    &["iscriviti", "al", "canale"],
    &["iscriviti", "al", "nostro", "canale"],
    &["ricevi", "le", "notizie"],
    &["seguici", "su"],
    &["segui", "il", "canale"],
    &["scarica", "l", "app"],
    &["resta", "aggiornato"],
    &["clicca", "qui", "per"],
    &["abbonati"],
    &["all", "rights", "reserved"],
    &["sign", "up", "for"],
    &["follow", "us", "on"],
    &["click", "here", "to"],
];

/// Buttons and labels that extraction took for text; they have no mark at their end and take nothing with them.
const LABELS: [&[&str]; 5] = [
    &["ascolta", "la", "versione", "audio", "dell", "articolo"],
    &["ascolta", "l", "articolo"],
    &["di", "lettura"],
    &["loading"],
    &["listen", "to", "this", "article"],
];

/// Agencies that sign a text inside brackets, folded.
const AGENCIES: [&str; 15] = [
    "adnkronos",
    "afp",
    "agi",
    "aise",
    "ansa",
    "ap",
    "askanews",
    "dire",
    "dpa",
    "efe",
    "italpress",
    "lapresse",
    "nova",
    "radiocor",
    "reuters",
];

/// A pointer or footer without end is held to so many words.
const LONGEST: usize = 40;

/// The words of a text that are the article's own, in order.
pub fn own_words(text: &str) -> Vec<Word> {
    let all = words(text);
    let masked = masked(text, &all);
    all.into_iter().zip(masked).filter_map(|(word, masked)| (!masked).then_some(word)).collect()
}

/// For each word of a text, whether it is left out of comparisons.
pub fn masked(text: &str, all: &[Word]) -> Vec<bool> {
    let mut masked = vec![false; all.len()];
    let dateline = dateline_end(text);
    for (word, mask) in all.iter().zip(&mut masked) {
        *mask = word.end <= dateline || is_signature(text, word);
    }
    let mut i = 0;
    while i < all.len() {
        let end = if let Some(label) =
            phrase_at(all, i, &LABELS).filter(|_| starts_capital(text, &all[i]) || follows_minutes(text, &all[i]))
        {
            i + label.len()
        } else if opens(text, all, i, &POINTERS) {
            extent(text, all, i, |gap| gap.contains('\n'), true)
        } else if opens(text, all, i, &FOOTERS) {
            extent(text, all, i, |gap| gap.contains('\n') || gap.contains(". ") || gap.contains('!'), false)
        } else {
            i
        };
        masked[i..end].fill(true);
        i = end.max(i + 1);
    }
    masked
}

/// The byte where the text proper starts: after `BELLARIVA, 23 NOV - ` or `(ANSA) - BELLARIVA, 23 NOV - ` or
/// `BELLARIVA - `; 0 where there is no dateline.
pub fn dateline_end(text: &str) -> usize {
    let mut end = 0;
    for _ in 0..2 {
        let rest = &text[end..];
        let Some((at, dash)) = rest.char_indices().take(60).find(|(_, c)| matches!(c, '-' | '–' | '—' | '\n'))
        else {
            break;
        };
        let before = &rest[..at];
        let spaced = before.ends_with([' ', '.', ')']) && rest[at + dash.len_utf8()..].starts_with([' ', '\u{a0}']);
        if dash == '\n' || !spaced || before.trim().is_empty() || !before.split_whitespace().all(may_stand_in_dateline)
        {
            break;
        }
        end += at + dash.len_utf8();
    }
    end
}

/// A place in capitals, a day, a month, an agency in brackets.
fn may_stand_in_dateline(word: &str) -> bool {
    let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
    let in_brackets = word.starts_with('(') || word.ends_with(')');
    in_brackets
        || letters.is_empty()
        || letters.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '\'' || c == '’')
        || is_month(letters)
}

/// `(ANSA)`, `(AP)`: an agency alone inside brackets.
fn is_signature(text: &str, word: &Word) -> bool {
    AGENCIES.binary_search(&word.text.as_str()).is_ok()
        && text[..word.start].ends_with('(')
        && text[word.end..].starts_with(')')
}

/// Whether one of the phrases starts at word `i`, with a capital letter.
fn opens(text: &str, all: &[Word], i: usize, phrases: &[&'static [&'static str]]) -> bool {
    starts_capital(text, &all[i]) && phrase_at(all, i, phrases).is_some()
}

fn phrase_at(all: &[Word], i: usize, phrases: &[&'static [&'static str]]) -> Option<&'static [&'static str]> {
    let stands =
        |p: &&&[&str]| all.len() - i >= p.len() && p.iter().zip(&all[i..]).all(|(part, word)| *part == word.text);
    phrases.iter().find(stands).copied()
}

fn starts_capital(text: &str, word: &Word) -> bool {
    text[word.start..].starts_with(char::is_uppercase)
}

/// `2' di lettura`: the time that a text takes to read.
fn follows_minutes(text: &str, word: &Word) -> bool {
    text[..word.start].trim_end().ends_with(['\'', '’', '′'])
}

/// The word after the last one of a block that starts at word `i`: the block ends where `is_end` says so of the gap
/// between two words, and before a footer if it is a pointer.
fn extent(text: &str, all: &[Word], i: usize, is_end: impl Fn(&str) -> bool, before_footer: bool) -> usize {
    let mut end = i + 1;
    while end < all.len() && end - i < LONGEST {
        let gap = text.get(all[end - 1].end..all[end].start).unwrap_or_default();
        if is_end(gap) || (before_footer && opens(text, all, end, &FOOTERS)) {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> String {
        own_words(text).into_iter().map(|w| w.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_not_the_article_is_left_out() {
        for (text, kept) in [
            ("BELLARIVA - Il ponte riapre.", "il ponte riapre"),
            ("(ANSA) - BELLARIVA, 23 NOV - Il ponte riapre. (ANSA).", "il ponte riapre"),
            ("BELLARIVA SUL LAGO, 23 novembre 2026 – Il ponte riapre.", "il ponte riapre"),
            (
                "Il ponte riapre.\nLeggi anche: La scuola chiude lunedì\nDomani si passa.",
                "il ponte riapre domani si passa",
            ),
            ("Il ponte riapre. Leggi anche: La scuola chiude Riproduzione riservata. Fine.", "il ponte riapre fine"),
            ("Il ponte riapre. RIPRODUZIONE RISERVATA © Copyright ANSA", "il ponte riapre"),
            ("Il ponte riapre. Iscriviti alla newsletter per avere tutto! Si passa.", "il ponte riapre si passa"),
            ("2' di lettura\nAscolta la versione audio dell'articolo Il ponte riapre.", "2 il ponte riapre"),
        ] {
            assert_eq!(own(text), kept, "{text}");
        }
    }

    #[test]
    fn sentences_that_only_look_like_it_stay() {
        for text in [
            "Il Comune - dice Corti - riapre",
            "Sono leggi anche regionali",
            "Ponte - la Provincia riapre",
            "Il libro di lettura",
            "Oggi gli abbonati al teatro",
            "",
        ] {
            assert_eq!(own_words(text), words(text), "{text}");
        }
    }

    #[test]
    fn a_pointer_without_end_takes_a_line_of_words_and_no_more() {
        let text = format!("Leggi anche {}", "parola ".repeat(100));
        assert_eq!(own_words(&text).len(), 102 - LONGEST);
    }
}
