//! A text as the rules of election time read it: passages of words that know their sentence, their quotation, whether a
//! capital letter says anything, and what stands between them and the word before.
//!
//! Offsets are those of the text as it was typed, so that a finding names its line. Addresses are read as blanks.

use super::words::Words;
use salastampa_text::{sentences, tokens};
use std::ops::Range;

/// A paragraph, a heading, an item of a list, or one field of the head.
pub(super) struct Passage<'a> {
    /// The key of the head, or `testo`.
    pub(super) field: &'static str,
    /// As it was typed.
    pub(super) text: &'a str,
    /// The line on which it begins, from 1, within its field.
    pub(super) line: usize,
    /// It stands apart as a quotation.
    pub(super) set_apart: bool,
    pub(super) words: Vec<Word>,
    pub(super) quotes: Vec<Quote>,
}

/// What stands between quotation marks: the words `from..to`.
#[derive(Clone, Copy)]
pub(super) struct Quote {
    pub(super) from: usize,
    pub(super) to: usize,
}

pub(super) struct Word {
    /// Folded.
    pub(super) form: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) capital: bool,
    /// All its letters are capitals, and there is more than one.
    pub(super) all_capitals: bool,
    /// In a sentence of capitals: none of them says anything.
    pub(super) shouted: bool,
    pub(super) sentence: usize,
    /// First of its sentence, or of what somebody says.
    pub(super) opens: bool,
    pub(super) gap: Gap,
    /// A dash stands before it: *«Il ponte – dice la sindaca – apre»*.
    pub(super) dashed: bool,
    /// Which of the quotes it stands in.
    pub(super) quote: Option<usize>,
}

/// What stands before a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks, hyphens, marks of emphasis and quotation, the point of an abbreviation.
    Near,
    /// A comma, a colon, a bracket, a dash.
    Comma,
    /// Another sentence, or the beginning.
    Far,
}

/// The passages of a Markdown text.
pub(super) fn body(text: &str) -> Vec<Passage<'_>> {
    let mut passages = Vec::new();
    let mut begun: Option<(usize, usize, bool)> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let apart = line.trim_start().starts_with('>');
        let breaks = line.trim().is_empty() || begins_item(line) || begun.is_some_and(|(.., was)| was != apart);
        if breaks && let Some((from, first, apart)) = begun.take() {
            passages.push(passage("testo", &text[from..at], first, apart));
        }
        if begun.is_none() && !line.trim().is_empty() {
            begun = Some((at, number + 1, apart));
        }
        at += line.len();
    }
    if let Some((from, first, apart)) = begun {
        passages.push(passage("testo", &text[from..], first, apart));
    }
    passages
}

/// A text of one piece.
pub(super) fn passage<'a>(field: &'static str, text: &'a str, line: usize, set_apart: bool) -> Passage<'a> {
    let masked = masked(text);
    let mut words = cut(&masked);
    let quotes = quotes(&masked, &mut words);
    Passage { field, text, line, set_apart, words, quotes }
}

/// Headings, items of lists and numbered items begin anew.
fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.split_once(['.', ')']).is_some_and(|(n, rest)| {
        !n.is_empty() && n.len() < 4 && n.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' ')
    });
    numbered || line.starts_with('#') || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
}

/// The text with blanks, byte for byte, in the place of line breaks, addresses and targets of links.
fn masked(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut blank = |range: Range<usize>| bytes[range].fill(b' ');
    for (at, _) in text.match_indices("](") {
        let end = text[at..].find(')').map_or(text.len(), |n| at + n);
        blank(at..end);
    }
    for (at, _) in text.match_indices(['\n', '\r']) {
        blank(at..at + 1);
    }
    let mut at = 0;
    for chunk in text.split_inclusive(char::is_whitespace) {
        let visible = chunk.split("](").next().unwrap_or(chunk);
        if visible.contains("://") || visible.contains('@') || visible.starts_with("www.") {
            blank(at..at + visible.len());
        }
        at += chunk.len();
    }
    // only whole characters were blanked
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn cut(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut tokens = tokens(text).peekable();
    for (sentence, range) in sentences(text).into_iter().enumerate() {
        let first = words.len();
        while let Some(token) = tokens.next_if(|token| token.start < range.end) {
            let surface = &text[token.start..token.end];
            let gap = match words.last() {
                Some(before) if before.sentence == sentence => gap(&before.form, &text[before.end..token.start]),
                _ => Gap::Far,
            };
            let letters = surface.chars().filter(|c| c.is_alphabetic()).count();
            let between = words.last().map_or("", |before| text.get(before.end..token.start).unwrap_or_default());
            words.push(Word {
                opens: words.len() == first || between.contains(['«', '“', '"', ':', '•']),
                form: token.exact.to_string(),
                start: token.start,
                end: token.end,
                capital: surface.chars().next().is_some_and(char::is_uppercase),
                all_capitals: letters > 1 && !surface.chars().any(char::is_lowercase),
                shouted: false,
                sentence,
                gap,
                dashed: between.contains(['–', '—']) || between.contains(" - "),
                quote: None,
            });
        }
        let here = &mut words[first..];
        let loud = here.iter().filter(|w| w.all_capitals).count();
        let shouted = here.len() > 2 && loud * 3 >= here.len() * 2;
        here.iter_mut().for_each(|w| w.shouted = shouted);
    }
    words
}

fn gap(before: &str, between: &str) -> Gap {
    let near = |c: char| c.is_whitespace() || "*_-«»“”\"'’‘".contains(c);
    if between.contains(" - ") {
        return Gap::Comma;
    }
    if between.chars().all(near) {
        return Gap::Near;
    }
    let rest: String = between.chars().filter(|c| !near(*c)).collect();
    match rest.as_str() {
        "." if before.len() <= 4 => Gap::Near,
        "," | ":" | "(" | ")" | ")," | "–" | "—" => Gap::Comma,
        _ => Gap::Far,
    }
}

/// Finds what stands between quotation marks, and tells the words.
fn quotes(text: &str, words: &mut [Word]) -> Vec<Quote> {
    let mut quotes = Vec::new();
    let mut open: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        match open {
            None => {
                let end = match c {
                    '«' => '»',
                    '“' => '”',
                    '"' => '"',
                    _ => continue,
                };
                open = Some((end, at));
            }
            Some((end, from)) if c == end => {
                open = None;
                let first = words.partition_point(|w| w.start < from);
                let last = words.partition_point(|w| w.start < at);
                if first < last {
                    words[first..last].iter_mut().for_each(|w| w.quote = Some(quotes.len()));
                    quotes.push(Quote { from: first, to: last });
                }
            }
            Some(_) => {}
        }
    }
    quotes
}

impl Passage<'_> {
    /// Where the phrase that begins with this word ends, if one of them does; the longest.
    pub(super) fn phrase(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().filter_map(|phrase| self.phrase_end(at, phrase)).max()
    }

    fn phrase_end(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut end = at;
        for part in phrase.split(' ') {
            let word = self.words.get(end)?;
            if word.form != part || (end > at && word.gap != Gap::Near) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Whether both stand in one sentence.
    pub(super) fn together(&self, a: usize, b: usize) -> bool {
        match (self.words.get(a), self.words.get(b)) {
            (Some(a), Some(b)) => a.sentence == b.sentence,
            _ => false,
        }
    }

    /// The word, if it goes on from the one before without a stop.
    pub(super) fn near(&self, at: usize) -> Option<&Word> {
        self.words.get(at).filter(|word| word.gap == Gap::Near)
    }

    /// The words of the same sentence around these, so many on each side.
    pub(super) fn around(&self, from: usize, to: usize, n: usize) -> impl Iterator<Item = (usize, &Word)> {
        let sentence = self.words.get(from).map(|w| w.sentence);
        let range = from.saturating_sub(n)..(to + n).min(self.words.len());
        range
            .filter(move |i| !(from..to).contains(i))
            .map(|i| (i, &self.words[i]))
            .filter(move |(_, w)| sentence == Some(w.sentence))
    }

    /// The line, within the field, on which a word stands.
    pub(super) fn line_of(&self, at: usize) -> usize {
        let start = self.words.get(at).map_or(0, |w| w.start);
        self.line + self.text.bytes().take(start).filter(|b| *b == b'\n').count()
    }

    /// The words as they were typed, on one line and not too long.
    pub(super) fn excerpt(&self, from: usize, to: usize) -> String {
        const MOST: usize = 90;
        let (Some(first), Some(last)) = (self.words.get(from), self.words.get(to.wrapping_sub(1))) else {
            return String::new();
        };
        let typed = self.text.get(first.start..last.end).unwrap_or_default().replace(['*', '_'], "");
        let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(MOST) {
            Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
            None => line,
        }
    }

    /// Whether what stands there belongs to a street, a school, a prize: *via Mario Rossi*.
    pub(super) fn names_a_place(&self, name: usize, lists: &Words) -> bool {
        const FAR: usize = 5;
        let mut at = name;
        while at > 0 && name - at < FAR && self.words[at].gap == Gap::Near {
            let before = &self.words[at - 1];
            let form = before.form.as_str();
            if lists.places.contains(&form) {
                return true;
            }
            if !(lists.place_links.contains(&form) || (before.capital && !before.opens) || form.len() == 1) {
                return false;
            }
            at -= 1;
        }
        false
    }

    /// Whether somebody is remembered there: years of a life, a dedication before or after.
    pub(super) fn remembers(&self, from: usize, to: usize, lists: &Words, year: i16) -> bool {
        let years: Vec<i16> = (to..(to + 3).min(self.words.len())).filter_map(|i| self.year(i)).collect();
        if matches!(years[..], [born, died, ..] if born < died && died <= year) {
            return true;
        }
        let dedicated = |i: usize| lists.dedications.iter().any(|stem| self.words[i].form.starts_with(stem));
        let mut at = from;
        while at > 0 && from - at < 4 && self.words[at].gap == Gap::Near {
            at -= 1;
            if dedicated(at) {
                return true;
            }
        }
        // a cui è intitolata
        let after = to..(to + 8).min(self.words.len());
        let pronoun = after.clone().find(|i| matches!(self.words[*i].form.as_str(), "cui" | "quale" | "whom"));
        pronoun.is_some_and(|p| (p..(p + 4).min(self.words.len())).any(dedicated) && self.together(from, p))
    }

    /// Whether the sentence tells of a year that lies so far back that nobody of then is in office.
    pub(super) fn is_long_ago(&self, at: usize, lists: &Words, year: i16) -> bool {
        let born = |i: usize| (i.saturating_sub(2)..i).any(|b| lists.births.contains(&self.words[b].form.as_str()));
        const FAR: usize = 60;
        (at.saturating_sub(FAR)..(at + FAR).min(self.words.len())).any(|i| {
            self.together(at, i) && self.year(i).is_some_and(|then| then <= year.saturating_sub(20)) && !born(i)
        })
    }

    fn year(&self, at: usize) -> Option<i16> {
        let form = &self.words.get(at)?.form;
        form.parse().ok().filter(|year| form.len() == 4 && (1000..2200).contains(year))
    }
}
