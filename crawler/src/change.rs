//! What became of an article between two readings: nothing, another text, or a page that is no longer its own.
//!
//! White space, quotes of another shape and less than a hundredth of the characters are no change; a headline always is
//! one. A change is a correction where the new words say so, an update where they say that or the declared date moved on,
//! and silent otherwise. A page that shows a wall, a teaser or another page in place of the text has not changed: the
//! text that was read stays the newest one. Left out: what is missing (the status says so), and rows.

use salastampa_domain::{Looked, RevisionKind, Timestamp};
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::HashMap;

/// Longest passages that are compared word by word, in bytes of both sides; of longer ones all counts as changed.
const LONGEST: usize = 20_000;
/// Longest paragraph that counts as a note about the text, in characters.
const NOTE: usize = 400;

/// One reading of an article, as far as it is compared.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Its headline.
    pub title: &'a str,
    /// Its text, a line break between paragraphs.
    pub body: &'a str,
    /// The date that it declares: of its last change, or else of its publication.
    pub dated: Option<Timestamp>,
}

/// What kind of change lies between two readings; `None` where there is none.
pub fn kind(old: &Text<'_>, new: &Text<'_>) -> Option<RevisionKind> {
    let same_title = same(old.title, new.title);
    let (was, is) = (paragraphs(old.body), paragraphs(new.body));
    let (gone, come) = (without(&was, &is), without(&is, &was));
    let whole = chars(&was).max(chars(&is));
    let differs = changed(&gone, &come);
    if same_title && (differs == 0 || differs * 100 < whole) {
        return None;
    }
    let headline = (!same_title).then(|| plain(new.title));
    let added: Vec<&String> = headline.iter().chain(come.iter().copied()).collect();
    let known = format!("{}\n{}", plain(old.title), was.join("\n")).to_lowercase();
    let moved = matches!((old.dated, new.dated), (Some(before), Some(after)) if after > before);
    Some(match () {
        () if says(&added, &known, &CORRECTION) => RevisionKind::Correction,
        () if moved || says(&added, &known, &UPDATE) => RevisionKind::Update,
        () => RevisionKind::Silent,
    })
}

/// Whether two headlines are the same but for blanks and quotes.
pub fn same(old: &str, new: &str) -> bool {
    plain(old) == plain(new)
}

/// What stands at the address in place of the article, if the page is no longer it: a wall, much less text than there
/// was, another page. `moved` says that the address led elsewhere.
pub fn displaced(old: &Text<'_>, new: &Text<'_>, moved: bool) -> Option<Looked> {
    let (was, is) = (paragraphs(old.body), paragraphs(new.body));
    let (before, after) = (chars(&was), chars(&is));
    if before == 0 {
        return None;
    }
    let is_wall = walls(&format!("{}\n{}", new.title, new.body));
    let kept = after.saturating_sub(strangers(&was, &is));
    let same_title = same(old.title, new.title);
    if moved && !same_title && kept * 3 < before {
        return Some(Looked::Elsewhere);
    }
    // a notice in place of the text that says what it is about
    let added: Vec<&String> = is.iter().collect();
    let explains = says(&added, &was.join("\n").to_lowercase(), &CORRECTION);
    if after * 2 < before && !explains {
        return Some(if is_wall { Looked::Wall } else { Looked::Teaser });
    }
    (is_wall && kept * 3 < before).then_some(Looked::Wall)
}

/// Words that a text uses of itself.
struct Words {
    /// At the beginning of the headline or of a paragraph.
    heads: &'static [&'static str],
    /// Anywhere in the headline or in a short paragraph.
    inside: &'static [&'static str],
}

const CORRECTION: Words = Words {
    heads: &[
        "errata corrige",
        "errata-corrige",
        "rettifica:",
        "rettifica -",
        "rettifica –",
        "correzione:",
        "correzione -",
        "correzione –",
        "precisazione:",
        "la precisazione:",
        "la rettifica:",
        "la smentita:",
        "riceviamo e pubblichiamo la rettifica",
        "correction:",
    ],
    inside: &[
        "errata corrige",
        "errata-corrige",
        "versione precedente di questo articolo",
        "precedente versione di questo articolo",
        "prima versione di questo articolo",
        "versione precedente dell'articolo",
        "precedente versione dell'articolo",
        "prima versione dell'articolo",
        "articolo è stato corretto",
        "articolo è stato rettificato",
        "titolo è stato corretto",
        "abbiamo corretto",
        "ci scusiamo con i lettori",
        "ci scusiamo per l'errore",
        "earlier version of this article",
        "has been corrected",
    ],
};

const UPDATE: Words = Words {
    heads: &[
        "aggiornamento:",
        "aggiornamento -",
        "aggiornamento –",
        "aggiornamento delle",
        "aggiornamento ore",
        "aggiornamenti:",
        "aggiornato alle",
        "aggiornato il",
        "agg. ore",
        "ultimo aggiornamento",
        "ultim'ora",
        "update:",
    ],
    inside: &[
        "articolo aggiornato",
        "articolo è stato aggiornato",
        "in aggiornamento",
        "notizia in aggiornamento",
        "aggiornato alle ore",
        "ultimo aggiornamento",
    ],
};

/// Whether what was added speaks of itself in these words, and the text before did not.
fn says(added: &[&String], known: &str, words: &Words) -> bool {
    added.iter().any(|line| {
        let line = line.to_lowercase();
        let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let head = words.heads.iter().any(|head| bare.starts_with(head) && !known.contains(head));
        let short = line.chars().count() <= NOTE;
        head || short && words.inside.iter().any(|inside| line.contains(inside) && !known.contains(inside))
    })
}

/// Whether a page asks for something before it shows its text.
fn walls(text: &str) -> bool {
    const MARKS: [&str; 16] = [
        "cookie",
        "consenso",
        "consenti",
        "accetta e continua",
        "accettare e continuare",
        "abbonati",
        "abbonamento",
        "sei già abbonato",
        "riservato agli abbonati",
        "per continuare a leggere",
        "continua a leggere",
        "accedi",
        "registrati",
        "disattiva l'adblock",
        "subscribe",
        "consent",
    ];
    let text = plain(text).to_lowercase();
    MARKS.iter().filter(|mark| text.contains(*mark)).count() >= 2
}

/// Single blanks, and quotes of one shape: systems change both without touching a word.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ");
    let one_shape = |c| match c {
        '’' | '‘' | '`' | '´' => '\'',
        '“' | '”' | '«' | '»' | '„' => '"',
        '–' | '—' => '-',
        other => other,
    };
    joined.chars().map(one_shape).collect()
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(plain).filter(|line| !line.is_empty()).collect()
}

fn chars<T: AsRef<str>>(lines: &[T]) -> usize {
    lines.iter().map(|line| line.as_ref().chars().filter(|c| !c.is_whitespace()).count()).sum()
}

/// The lines that the others do not have, counted as often as they stand: a paragraph that moved is no change.
fn without<'a>(lines: &'a [String], others: &[String]) -> Vec<&'a String> {
    let mut there: HashMap<&str, usize> = HashMap::new();
    others.iter().for_each(|line| *there.entry(line).or_default() += 1);
    let is_new = |line: &&String| match there.get_mut(line.as_str()) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    };
    lines.iter().filter(is_new).collect()
}

/// How many characters of the words differ.
fn changed(gone: &[&String], come: &[&String]) -> usize {
    let bytes: usize = gone.iter().chain(come).map(|line| line.len()).sum();
    if bytes > LONGEST {
        return chars(gone).max(chars(come));
    }
    let words = |lines: &[&'_ String]| -> Vec<String> {
        lines.iter().flat_map(|line| line.split(' ')).map(str::to_owned).collect()
    };
    let (was, is) = (words(gone), words(come));
    let (mut lost, mut won) = (0, 0);
    for op in capture_diff_slices(Algorithm::Myers, &was, &is) {
        if op.tag() != DiffTag::Equal {
            let (old, new) = between(&was[op.old_range()].concat(), &is[op.new_range()].concat());
            lost += old;
            won += new;
        }
    }
    lost.max(won)
}

/// How many characters of either text are left once what they begin and end with alike is gone.
fn between(old: &str, new: &str) -> (usize, usize) {
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    (old.len() - head - tail, new.len() - head - tail)
}

/// How many characters of the new lines are in words that the old ones do not have.
fn strangers(was: &[String], is: &[String]) -> usize {
    let mut there: HashMap<&str, usize> = HashMap::new();
    was.iter().flat_map(|line| line.split(' ')).for_each(|word| *there.entry(word).or_default() += 1);
    let words = is.iter().flat_map(|line| line.split(' '));
    let strange = words.filter(|word| match there.get_mut(word) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
    strange.map(|word| word.chars().count()).sum()
}

#[cfg(test)]
mod tests;
