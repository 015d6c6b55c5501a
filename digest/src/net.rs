//! The second net under what leaves: the words of an output as it is printed, held against the texts of others that stand
//! behind it.
//!
//! The types see to it that a text of others is printed only as an `Extract`, cut by the gate of the rights. This file asks
//! the same of the result, without trusting them: a field that was filled with the wrong text, a template that prints too
//! much, are found by what they print. The measure is a run of words that stands in both, as in [`crate::borrowed`]; it is
//! found by hashes of its parts, so that an output is read once however many articles stand behind it.
//!
//! What is found falls back to title, source and link, and in every output alike: [`hold`] takes the text out of the value
//! that all of them are drawn from; of articles with one text, each that may not show it. An article that an entry only names
//! ("anche su") is looked for like any other: when its words show, the entry that names it gives up its own, because which
//! field held them is not known. Left out: scattered words, runs as short as a name or a headline, and writing down what
//! was found (acts).

use salastampa_domain::{Allowed, ArticleId, Entry, ForeignText, Review};
use salastampa_text::{Word, shingle, words};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// Shortest run that is an article's where only the program prints, in words: names, offices and numbers are shorter.
pub const SHORT_RUN: usize = 12;
/// Beside an extract the output may by chance go on as the text does: so many words, and so many characters, are let go.
const GRACE: (usize, usize) = (5, 40);
/// Words of the parts by which a run is found; no run that counts is shorter.
const PART: usize = 8;
/// So often is one part looked up at most: a text of one word said a thousand times costs no more than any other.
const MOST: usize = 64;
/// Bytes of a text that are looked at, far more than an article has.
const LONGEST: usize = 200_000;

/// A text of others behind an output, and what may be shown of it.
pub struct Foreign<'a> {
    /// The article.
    pub article: ArticleId,
    /// What is left of it when its text may not be shown.
    pub bare: Bare,
    /// The outlet's own summary.
    pub lead: &'a ForeignText,
    /// Its body; empty where it was not kept.
    pub body: &'a ForeignText,
    /// What the gate lets through for the readers of this output.
    pub allowed: &'a Allowed,
}

/// Title, source and link: what a fallen entry consists of.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bare {
    /// Title of the article.
    pub title: String,
    /// Name of the publication.
    pub outlet: String,
    /// Its address; empty where the rights keep that inside.
    pub url: String,
}

/// The texts behind an output, ready to be looked for in it.
#[derive(Clone, Debug, Default)]
pub struct Net {
    texts: Vec<Text>,
    /// Hash of a part, text, place of its first word; in order.
    parts: Vec<(u64, u32, u32)>,
    /// Words that may stand anywhere: titles.
    titles: Vec<Vec<u64>>,
    bare: BTreeMap<ArticleId, Bare>,
    /// Longest run that is nobody's.
    least: usize,
}

#[derive(Clone, Debug)]
struct Text {
    article: ArticleId,
    words: Vec<u64>,
    /// Where each word stands, to count characters.
    places: Vec<u32>,
    /// Most words and characters; `None` is all of it.
    most: Option<(usize, usize)>,
}

/// A run of an article's words that is longer than may be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Over {
    /// Whose.
    pub article: ArticleId,
    /// So many words.
    pub words: usize,
    /// So many characters, blanks between words included.
    pub chars: usize,
    /// At which word of the output it begins.
    pub at: usize,
}

/// What was found, and in which output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caught {
    /// Name of the output, as in the account of uses.
    pub output: &'static str,
    /// The run.
    pub over: Over,
    /// It stood there still when the entry had fallen back to its title: the entry was taken out.
    pub again: bool,
}

/// How an output is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Words as they are.
    Text,
    /// HTML or XML.
    Markup,
    /// JSON.
    Json,
}

/// An output: its name, its form, and how it is drawn from the value.
pub struct Output<'a, T> {
    /// As in the account of uses.
    pub name: &'static str,
    /// How it is written.
    pub form: Form,
    /// Draws it.
    pub draw: Box<dyn Fn(&T) -> String + 'a>,
}

impl<'a, T> Output<'a, T> {
    /// An output of that name and form.
    pub fn new(name: &'static str, form: Form, draw: impl Fn(&T) -> String + 'a) -> Self {
        Self { name, form, draw: Box::new(draw) }
    }
}

/// How far something falls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fall {
    /// To title, source and link.
    ToTitle,
    /// Out of the output: what prints it takes the text from elsewhere.
    Out,
}

/// An entry of a review that fell.
pub fn fallen(review: &mut Review, article: ArticleId, how: Fall, bare: &Bare) {
    for section in &mut review.sections {
        entries(&mut section.entries, article, how, bare);
    }
}

/// The same among some entries.
pub fn entries(entries: &mut Vec<Entry>, article: ArticleId, how: Fall, bare: &Bare) {
    if how == Fall::Out {
        entries.retain(|entry| entry.article != article && entry.also_in.iter().all(|also| also.article != article));
    }
    for entry in entries.iter_mut() {
        let mut names = false;
        for also in entry.also_in.iter_mut().filter(|also| also.article == article) {
            (also.outlet_name, also.url) = (bare.outlet.clone(), bare.url.clone());
            also.origin.clear();
            names = true;
        }
        if names {
            entry.extract = Default::default();
            (entry.why, entry.points) = Default::default();
            (entry.summary, entry.note) = Default::default();
        }
    }
    for entry in entries.iter_mut().filter(|entry| entry.article == article) {
        *entry = Entry {
            outlet_name: bare.outlet.clone(),
            title: bare.title.clone(),
            url: bare.url.clone(),
            authors: Vec::new(),
            extract: Default::default(),
            passage: None,
            also_in: Vec::new(),
            why: Vec::new(),
            points: Vec::new(),
            summary: String::new(),
            note: String::new(),
            ..entry.clone()
        };
    }
}

/// The value with whatever printed too much fallen back, and what was found. Where nothing is found, the common case, each
/// output is drawn and read once.
pub fn hold<T>(
    mut value: T,
    net: &Net,
    outputs: &[Output<T>],
    fall: impl Fn(&mut T, ArticleId, Fall, &Bare),
) -> (T, Vec<Caught>) {
    let mut caught: Vec<Caught> = Vec::new();
    for how in [Some(Fall::ToTitle), Some(Fall::Out), None] {
        let mut fallen = BTreeSet::new();
        for output in outputs {
            for over in net.over(&(output.draw)(&value), output.form) {
                fallen.insert(over.article);
                let again = how != Some(Fall::ToTitle);
                if !caught.iter().any(|c| (c.output, c.over.article, c.again) == (output.name, over.article, again)) {
                    caught.push(Caught { output: output.name, over, again });
                }
            }
        }
        let Some(how) = how.filter(|_| !fallen.is_empty()) else { break };
        for article in fallen {
            fall(&mut value, article, how, net.bare(article));
        }
    }
    (value, caught)
}

impl Net {
    /// The net of these texts. Runs of up to `least` words are nobody's: [`SHORT_RUN`], or
    /// [`LONGEST_RUN`](crate::borrowed::LONGEST_RUN) where an officer's own words stand among the others. `ours` are titles of
    /// the office's own.
    pub fn of<'a>(foreign: impl IntoIterator<Item = Foreign<'a>>, ours: &[&str], least: usize) -> Self {
        let mut net = Self { least: least.max(PART), ..Self::default() };
        net.titles.extend(ours.iter().map(|title| hashes(&words(title))));
        for one in foreign {
            let most = match (one.allowed.full_text, one.allowed.cap) {
                (true, _) => None,
                (false, cap) => Some(cap.map_or((0, 0), |cap| (cap.words, cap.chars))),
            };
            net.titles.push(hashes(&words(&one.bare.title)));
            net.bare.entry(one.article).or_insert(one.bare);
            for text in [one.lead, one.body] {
                net.add(one.article, text.for_analysis(), most);
            }
        }
        net.parts.sort_unstable();
        net
    }

    fn add(&mut self, article: ArticleId, text: &str, most: Option<(usize, usize)>) {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        let cut = words(text);
        let Ok(number) = u32::try_from(self.texts.len()) else { return };
        let hashed = hashes(&cut);
        self.parts.extend((0..).zip(parts(&hashed)).map(|(at, hash)| (hash, number, at)));
        // the characters before each word, blanks counted once
        let mut places = Vec::with_capacity(cut.len() + 1);
        let (mut chars, mut blank, mut next) = (0_u32, true, cut.iter().map(|w| w.start).peekable());
        for (at, c) in text.char_indices() {
            if next.next_if_eq(&at).is_some() {
                places.push(chars);
            }
            chars += u32::from(!(c.is_whitespace() && blank));
            blank = c.is_whitespace();
        }
        places.push(chars);
        self.texts.push(Text { article, words: hashed, places, most });
    }

    /// What is left of an article.
    pub fn bare(&self, article: ArticleId) -> &Bare {
        const NOTHING: &Bare = &Bare { title: String::new(), outlet: String::new(), url: String::new() };
        self.bare.get(&article).unwrap_or(NOTHING)
    }

    /// The longest run of each article that is longer than may be shown, by number of the article.
    pub fn over(&self, printed: &str, form: Form) -> Vec<Over> {
        let read = match form {
            Form::Text => None,
            Form::Markup => Some(of_markup(printed)),
            Form::Json => Some(of_json(printed)),
        };
        let said = hashes(&words(read.as_deref().unwrap_or(printed)));
        let runs = self.runs(&said);
        let mut longest: BTreeMap<ArticleId, Over> = BTreeMap::new();
        for (text, run, from) in &runs {
            let Some(over) = self.judge(&self.texts[*text], run, *from) else { continue };
            if self.is_title(&said[run.clone()]) || runs.iter().any(|other| self.lends(other, run)) {
                continue;
            }
            let known = longest.entry(over.article).or_insert(over);
            if over.words > known.words {
                *known = over;
            }
        }
        longest.into_values().collect()
    }

    /// Every run that stands in the output and in a text: the text, where in the output, where in the text.
    fn runs(&self, said: &[u64]) -> Vec<(usize, Range<usize>, usize)> {
        let mut runs = Vec::new();
        // by text and by the way that output and text lie to each other: up to where it is read already
        let mut read: HashMap<(u32, i64), usize> = HashMap::new();
        for (at, part) in parts(said).enumerate() {
            let first = self.parts.partition_point(|(hash, ..)| *hash < part);
            for &(_, number, from) in self.parts[first..].iter().take_while(|(hash, ..)| *hash == part).take(MOST) {
                let from = from as usize;
                let way = (number, at as i64 - from as i64);
                if read.get(&way).is_some_and(|upto| at < *upto) {
                    continue;
                }
                let theirs = &self.texts[number as usize].words[from..];
                let length = said[at..].iter().zip(theirs).take_while(|(a, b)| a == b).count();
                read.insert(way, at + length);
                if length > self.least {
                    runs.push((number as usize, at..at + length, from));
                }
            }
        }
        runs
    }

    /// The run, if it is longer than may be shown of its text.
    fn judge(&self, text: &Text, run: &Range<usize>, from: usize) -> Option<Over> {
        let most = text.most?;
        let place = |at: usize| text.places.get(at).copied().unwrap_or_default() as usize;
        let (words, chars) = (run.len(), place(from + run.len()).saturating_sub(place(from)));
        let over = words > most.0.saturating_add(GRACE.0) || chars > most.1.saturating_add(GRACE.1);
        over.then_some(Over { article: text.article, words, chars, at: run.start })
    }

    /// Whether the same words may be shown of another text: an agency's, whose copy is under a narrower class.
    fn lends(&self, (text, other, from): &(usize, Range<usize>, usize), run: &Range<usize>) -> bool {
        let text = &self.texts[*text];
        let covers = other.start <= run.start + GRACE.0 && run.end <= other.end + GRACE.0;
        covers && self.judge(text, other, *from).is_none()
    }

    /// Whether the run is a title, or hardly more.
    fn is_title(&self, run: &[u64]) -> bool {
        let holds = |long: &[u64], short: &[u64]| long.windows(short.len().max(1)).any(|part| part == short);
        self.titles.iter().any(|title| {
            let rest = run.len().saturating_sub(title.len());
            holds(title, run) || (!title.is_empty() && rest <= GRACE.0 && holds(run, title))
        })
    }
}

fn hashes(words: &[Word]) -> Vec<u64> {
    words.iter().map(|word| shingle(&word.text)).collect()
}

/// The hash of each part: where two differ by chance in nothing but their words, the words are compared.
fn parts(words: &[u64]) -> impl Iterator<Item = u64> {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let hash = |part: &[u64]| part.iter().fold(0_u64, |sum, word| sum.rotate_left(7).wrapping_mul(ODD) ^ word);
    words.windows(PART).map(hash)
}

/// The words of markup: what is between the tags, and behind it what stands in them.
fn of_markup(printed: &str) -> String {
    let (mut text, mut tags) = (String::with_capacity(printed.len()), String::new());
    let mut rest = printed;
    while let Some((before, tag)) = rest.split_once('<') {
        unescaped(before, &mut text);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        if tag.contains('=') {
            unescaped(tag, &mut tags);
            tags.push('\n');
        }
        // a mark inside a word's line (a link, bold words) parts no run
        text.push(' ');
        rest = after;
    }
    unescaped(rest, &mut text);
    text.push('\n');
    text.push_str(&tags);
    text
}

/// Letters that markup writes by their number; any other sign that it writes by name ends a word.
fn unescaped(from: &str, to: &mut String) {
    const LONGEST_NAME: usize = 10;
    let mut rest = from;
    while let Some((before, after)) = rest.split_once('&') {
        to.push_str(before);
        let end = after.bytes().take(LONGEST_NAME).position(|b| b == b';');
        let Some((name, behind)) = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))) else {
            to.push('&');
            rest = after;
            continue;
        };
        let number = name.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => n.parse().ok(),
        });
        to.push(number.and_then(char::from_u32).unwrap_or(if name == "apos" { '\'' } else { ' ' }));
        rest = behind;
    }
    to.push_str(rest);
}

/// The words of JSON: its signs for line breaks are none of them.
fn of_json(printed: &str) -> String {
    let mut out = String::with_capacity(printed.len());
    let mut rest = printed;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut signs = after.chars();
        let c = signs.next().unwrap_or(' ');
        rest = signs.as_str();
        if c == 'u' {
            let code = rest.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            out.push(code.and_then(char::from_u32).unwrap_or(' '));
            rest = rest.get(4..).unwrap_or_default();
        } else {
            out.push(if c.is_ascii_alphabetic() { ' ' } else { c });
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
