//! Names: runs of capitalised words, of people, places and bodies.
//!
//! No gazetteer and no model: stories are compared by the names that they share, and a capital letter inside a
//! sentence says enough. The first word of a sentence proves nothing by its capital, and a headline in capitals
//! nothing at all.

use crate::sentence::sentences;
use crate::token::{Class, Token, analyse, is_apostrophe};
use foldhash::fast::RandomState;
use std::collections::HashSet;
use std::ops::Range;

/// Small words that stand inside names: *Bellariva sul Lago*, *Banca d'Italia*, *Ludwig van Beethoven*.
const PARTICLES: &[&str] = &[
    "al", "alla", "d", "da", "dal", "dalla", "de", "degli", "dei", "del", "dell", "della", "delle", "dello", "di",
    "in", "l", "nel", "nell", "nella", "sul", "sull", "sulla", "van", "von",
];

/// Words that often open a sentence and are no name there.
const OPENERS: &[&str] = &[
    "ancora",
    "cosi",
    "domani",
    "dopo",
    "due",
    "durante",
    "ecco",
    "entro",
    "fino",
    "ieri",
    "infine",
    "infatti",
    "intanto",
    "invece",
    "mentre",
    "nessun",
    "nessuno",
    "nuovi",
    "nuova",
    "nuovo",
    "oggi",
    "ogni",
    "ora",
    "poi",
    "prima",
    "proprio",
    "quando",
    "quest",
    "secondo",
    "senza",
    "solo",
    "sotto",
    "stamattina",
    "stamani",
    "subito",
    "tre",
    "verso",
];

/// A run of more words is a programme, a list or a headline.
const LONGEST: usize = 8;

/// Byte ranges of the names in a text, in order: the longest runs of capitalised words, small words of names in
/// between. A word that only stands at the beginning of a sentence is none, unless the text has it elsewhere too.
pub fn names(text: &str) -> Vec<Range<usize>> {
    names_among(text, &analyse(text))
}

/// The same in a text that is analysed already.
pub fn names_among(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let words = marked(text, tokens);
    let inside: HashSet<&str, RandomState> =
        words.iter().filter(|w| w.capital && !w.initial).map(|w| &*w.token.exact).collect();
    let lower: HashSet<&str, RandomState> = words.iter().filter(|w| !w.capital).map(|w| &*w.token.exact).collect();
    let is_proper = |w: &Marked| {
        let word = &*w.token.exact;
        !w.initial || inside.contains(word) || !(lower.contains(word) || OPENERS.contains(&word))
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !words[at].capital || words[at].shouted {
            at += 1;
            continue;
        }
        let end = run_end(text, &words, at);
        let mut run = &words[at..end];
        at = end;
        while run
            .first()
            .is_some_and(|w| w.token.class != Class::Content || (w.initial && run.len() > 1 && !is_proper(w)))
        {
            run = &run[1..];
            while run.first().is_some_and(|w| !w.capital) {
                run = &run[1..];
            }
        }
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        // alone at the beginning of a sentence: only what the text capitalises elsewhere
        let proven = run.len() > 1 || !first.initial || inside.contains(&*first.token.exact);
        if proven && run.len() <= LONGEST && text[first.token.start..last.token.end].chars().count() > 1 {
            out.push(first.token.start..last.token.end);
        }
    }
    out
}

/// A word and what its capital is worth.
struct Marked<'a> {
    token: &'a Token,
    capital: bool,
    /// First of a sentence or of what somebody says.
    initial: bool,
    /// In a sentence in capitals.
    shouted: bool,
}

fn marked<'a>(text: &str, tokens: &'a [Token]) -> Vec<Marked<'a>> {
    let mut out = Vec::new();
    let mut tokens = tokens.iter().peekable();
    for sentence in sentences(text) {
        let from = out.len();
        let mut end = None;
        while let Some(token) = tokens.next_if(|t| t.start < sentence.end) {
            let initial = end.is_none_or(|end| opens_speech(&text[end..token.start]));
            end = Some(token.end);
            let capital = text[token.start..].chars().next().is_some_and(char::is_uppercase);
            out.push(Marked { token, capital, initial, shouted: false });
        }
        let capitals = |w: &Marked| !text[w.token.start..w.token.end].chars().any(char::is_lowercase);
        let here = &mut out[from..];
        let shouted = here.len() > 2 && here.iter().filter(|w| capitals(w)).count() * 3 >= here.len() * 2;
        here.iter_mut().for_each(|w| w.shouted = shouted);
    }
    out
}

/// The end of the run of capitalised words, joined by blanks, hyphens, apostrophes and small words, that starts here.
fn run_end(text: &str, words: &[Marked], start: usize) -> usize {
    let mut end = start + 1;
    let mut next = end;
    while let Some(word) = words.get(next) {
        let gap = &text[words[next - 1].token.end..word.token.start];
        let joined = gap.chars().all(|c| c == ' ' || c == '\u{A0}' || c == '-' || is_apostrophe(c))
            || (gap == ". " && words[next - 1].token.exact.len() == 1);
        if !joined || word.initial || word.shouted {
            break;
        }
        next += 1;
        if word.capital {
            end = next;
        } else if !PARTICLES.contains(&&*word.token.exact) || next - end > 2 {
            break;
        }
    }
    end
}

/// Whether what stands before a word begins somebody's words or a new statement.
fn opens_speech(gap: &str) -> bool {
    gap.chars().any(|c| matches!(c, '«' | '“' | '"' | ':' | '—' | '–' | '•'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        names(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn names_are_runs_of_capitals_inside_sentences() {
        for (text, wanted) in [
            ("Ieri la sindaca Ada Corti era a Bellariva sul Lago.", &["Ada Corti", "Bellariva sul Lago"][..]),
            ("Il ponte è chiuso. Chi passa paga.", &[]),
            ("Ada Corti ha parlato.", &["Ada Corti"]),
            ("Ieri Ada Corti ha parlato. Poi Corti è uscita.", &["Ada Corti", "Corti"]),
            ("Corti tace. Nessuno risponde a Corti.", &["Corti", "Corti"]),
            ("La sede della Banca d'Italia e del Comune di Bellariva.", &["Banca d'Italia", "Comune di Bellariva"]),
            ("Il sindaco dice: «Vogliamo il ponte».", &[]),
            ("CHIUSO IL PONTE DI BELLARIVA\nTesto piano.", &[]),
            ("Con G. Riva e l'ANCI.", &["G. Riva", "ANCI"]),
            ("Strade nuove a Lido. Strade vecchie altrove, strade rotte.", &["Lido"]),
        ] {
            assert_eq!(found(text), wanted, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn ranges_lie_on_characters_in_order(text in "(\\PC|[A-Z][a-z]+ |['’.:«\n-])*") {
            let mut last = 0;
            for range in names(&text) {
                proptest::prop_assert!(range.start >= last && text.get(range.clone()).is_some_and(|s| !s.is_empty()));
                last = range.end;
            }
        }
    }
}
