//! Who speaks in a text: quotations of those in office, offices that speak or are shown at work, the first person, praise.

use super::given_names::is_given;
use super::names::{Holder, names_holder};
use super::reading::{Gap, Passage, Quote};
use super::titles::{Title, close};
use super::words::Words;
use super::{Class, Found, Rule};

/// Fewer words between quotation marks are a title or a name.
const SAID: usize = 4;
/// So many words between a verb of speech and who speaks.
const FAR: usize = 6;
/// So many words between a quotation and the verb that brings it.
const REACH: usize = 20;

/// Who speaks in a quotation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    /// Nobody is named.
    Nobody,
    /// Somebody who holds an office of politics.
    Office,
    /// Somebody else.
    Other,
}

/// Who speaks in a passage: in all of it, and in each of its quotations.
pub(super) struct Speakers {
    /// Those in office first: for a quotation that is set apart, and for those beside it.
    pub(super) of_all: Speaker,
    of_quotes: Vec<Speaker>,
}

impl Speakers {
    /// Who speaks where this word stands.
    fn at(&self, passage: &Passage<'_>, word: usize) -> Speaker {
        let quote = passage.words[word].quote.and_then(|quote| self.of_quotes.get(quote));
        quote.copied().unwrap_or(Speaker::Nobody)
    }
}

/// Who speaks in a passage, by its verbs of speech: outside of quotations, or between dashes within one.
pub(super) fn speakers(passage: &Passage<'_>, titles: &[Title], holders: &[Holder], lists: &Words) -> Speakers {
    let verbs: Vec<(usize, Speaker)> = passage
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| lists.speech.contains(&word.form.as_str()) && (word.quote.is_none() || word.dashed))
        .map(|(at, _)| (at, who_speaks(passage, at, titles, holders, lists)))
        .collect();
    let of_quotes = passage.quotes.iter().map(|quote| {
        let nearest = verbs
            .iter()
            .filter(|(_, who)| *who != Speaker::Nobody)
            .map(|(at, who)| (distance(*at, *quote), *who))
            .min_by_key(|(distance, _)| *distance);
        nearest.filter(|(distance, _)| *distance <= REACH).map_or(Speaker::Nobody, |(_, who)| who)
    });
    let office = verbs.iter().any(|(_, who)| *who == Speaker::Office);
    let other = verbs.iter().any(|(_, who)| *who == Speaker::Other);
    Speakers {
        of_all: match (office, other) {
            (true, _) => Speaker::Office,
            (false, true) => Speaker::Other,
            (false, false) => Speaker::Nobody,
        },
        of_quotes: of_quotes.collect(),
    }
}

/// Words between a verb and a quotation; none where it stands within.
fn distance(verb: usize, quote: Quote) -> usize {
    if verb < quote.from { quote.from - verb } else { (verb + 1).saturating_sub(quote.to) }
}

/// Whose words a verb of speech brings: whoever is named nearest to it, on its own side of the quotation marks.
fn who_speaks(passage: &Passage<'_>, verb: usize, titles: &[Title], holders: &[Holder], lists: &Words) -> Speaker {
    let mut nearest: Option<(usize, Speaker)> = None;
    for i in verb.saturating_sub(FAR)..(verb + FAR + 1).min(passage.words.len()) {
        let other = &passage.words[i];
        if i == verb || other.quote != passage.words[verb].quote {
            continue;
        }
        let form = other.form.as_str();
        let title = close(titles, i, i + 1, 0).first();
        let who = if title.is_some_and(|t| t.sure && !t.former) || names_holder(passage, holders, i) {
            Speaker::Office
        } else {
            let called = lists.callings.contains(&form) && title.is_none();
            let full = || is_given(form) && other.capital && passage.near(i + 1).is_some_and(|next| next.capital);
            if !called && !full() {
                continue;
            }
            Speaker::Other
        };
        let distance = i.abs_diff(verb);
        if nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, who));
        }
    }
    nearest.map_or(Speaker::Nobody, |(_, who)| who)
}

/// Quotations of those in office. `beside` is who speaks in the passages before and after.
pub(super) fn quotations(passage: &Passage<'_>, speakers: &Speakers, beside: Speaker) -> Vec<Found> {
    let found = |from, to| Found { rule: Rule::Quotation, class: Class::Block, from, to, office: String::new() };
    if passage.set_apart {
        let here = speakers.of_all;
        let spoken = here == Speaker::Office || (here == Speaker::Nobody && beside == Speaker::Office);
        return if spoken { vec![found(0, passage.words.len())] } else { Vec::new() };
    }
    let spoken = passage.quotes.iter().zip(&speakers.of_quotes).filter(|(_, who)| **who == Speaker::Office);
    spoken.filter(|(q, _)| q.to - q.from >= SAID).map(|(q, _)| found(q.from, q.to)).collect()
}

/// Offices that speak or are shown at work, without a name.
pub(super) fn showing(passage: &Passage<'_>, titles: &[Title], lists: &Words) -> Vec<Found> {
    let mut found = Vec::new();
    for title in titles.iter().filter(|t| t.sure && !t.former) {
        let is_verb = |at: usize| {
            let form = passage.words[at].form.as_str();
            lists.speech.contains(&form) || lists.showing.contains(&form)
        };
        let mut to = None;
        for at in title.to..(title.to + FAR).min(passage.words.len()) {
            let word = &passage.words[at];
            if word.gap == Gap::Far || !close(titles, at, at + 1, 0).is_empty() {
                break;
            }
            if is_verb(at) {
                to = Some(at + 1);
                break;
            }
        }
        let mut from = None;
        for at in (title.from.saturating_sub(3)..title.from).rev() {
            if passage.words[at + 1].gap != Gap::Near || !passage.together(at, title.from) {
                break;
            }
            if lists.speech.contains(&passage.words[at].form.as_str()) {
                from = Some(at);
                break;
            }
            if !lists.articles.contains(&passage.words[at].form.as_str()) {
                break;
            }
        }
        if to.is_some() || from.is_some() {
            let (from, to) = (from.unwrap_or(title.from), to.unwrap_or(title.to));
            found.push(Found { rule: Rule::Showing, class: Class::Warn, from, to, office: String::new() });
        }
    }
    found
}

/// The first person.
pub(super) fn first_person(passage: &Passage<'_>, speakers: &Speakers, lists: &Words) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for at in 0..passage.words.len() {
        let word = &passage.words[at];
        if found.last().is_some_and(|last| at < last.to) {
            continue;
        }
        // chiamò, dichiarò: somebody else, long ago
        let past = passage.text[word.start..word.end].ends_with(['ò', 'Ò']) && word.form != "avro";
        if past {
            continue;
        }
        let certain = passage.phrase(at, lists.first_person);
        let (to, sure) = match certain {
            Some(to) => (to, true),
            None if is_we(&word.form, lists) => (at + 1, !word.capital),
            None => match passage.phrase(at, lists.first_person_doubt) {
                Some(to) => (to, false),
                None => continue,
            },
        };
        let is_named = [at.wrapping_sub(1), to].iter().any(|i| {
            let named = passage.words.get(*i).filter(|w| w.capital && w.sentence == word.sentence);
            named.is_some_and(|w| lists.names_with_our.contains(&w.form.as_str()))
        });
        // the app IO, the line NOI
        let is_mark = word.all_capitals && !word.shouted;
        if is_named || (is_mark && !sure) {
            continue;
        }
        let in_name = word.capital && !word.opens && !word.shouted && word.form != "i";
        let in_quote = word.quote.and_then(|q| passage.quotes.get(q));
        let speaker = speakers.at(passage, at);
        let of_other = in_quote.is_some() && speaker == Speaker::Other;
        let in_title = in_quote.is_some_and(|q| is_title(passage, *q, speaker));
        let class = if sure && !in_name && !is_mark && !of_other && !in_title { Class::Block } else { Class::Warn };
        found.push(Found { rule: Rule::FirstPerson, class, from: at, to, office: String::new() });
    }
    found
}

/// *lavoriamo*, *investiremo*: by its ending.
fn is_we(form: &str, lists: &Words) -> bool {
    form.len() >= 6
        && lists.we_endings.iter().any(|ending| form.ends_with(ending))
        && !form.ends_with("grammo")
        && !lists.not_we.contains(&form)
}

/// Whether what stands between the marks is the name of a thing: short, and not all of its sentence.
fn is_title(passage: &Passage<'_>, quote: Quote, speaker: Speaker) -> bool {
    let around = passage.around(quote.from, quote.to, 1).count();
    quote.to - quote.from <= FAR && around > 0 && speaker == Speaker::Nobody
}

/// Praise.
pub(super) fn praise(passage: &Passage<'_>, lists: &Words) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for at in 0..passage.words.len() {
        if found.last().is_some_and(|last| at < last.to) {
            continue;
        }
        let (to, class) = match (passage.phrase(at, lists.praise), passage.phrase(at, lists.praise_doubt)) {
            (Some(to), _) => (to, Class::Block),
            (None, Some(to)) => (to, Class::Warn),
            (None, None) => continue,
        };
        let beside = lists.plain.iter().find(|(stem, _)| passage.words[at].form.starts_with(stem));
        let plain =
            beside.is_some_and(|(_, plain)| passage.around(at, to, 2).any(|(_, w)| plain.contains(&w.form.as_str())));
        if class == Class::Block || !plain {
            found.push(Found { rule: Rule::Praise, class, from: at, to, office: String::new() });
        }
    }
    found
}
