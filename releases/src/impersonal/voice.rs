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

/// Who speaks in a passage, by what stands outside of its quotations.
pub(super) fn speaker(passage: &Passage<'_>, titles: &[Title], holders: &[Holder], lists: &Words) -> Speaker {
    let mut speaker = Speaker::Nobody;
    for (at, word) in passage.words.iter().enumerate() {
        if word.quote.is_some() || !lists.speech.contains(&word.form.as_str()) {
            continue;
        }
        let mut nearest: Option<(usize, Speaker)> = None;
        let mut seen = |distance: usize, who: Speaker| {
            if nearest.is_none_or(|(d, _)| distance < d) {
                nearest = Some((distance, who));
            }
        };
        for i in at.saturating_sub(FAR)..(at + FAR + 1).min(passage.words.len()) {
            let other = &passage.words[i];
            if other.quote.is_some() || i == at {
                continue;
            }
            let distance = i.abs_diff(at);
            let form = other.form.as_str();
            let title = close(titles, i, i + 1, 0).first();
            if title.is_some_and(|t| t.sure && !t.former) || names_holder(passage, holders, i) {
                seen(distance, Speaker::Office);
            } else {
                let called = lists.callings.contains(&form) && title.is_none();
                let full = || is_given(form) && other.capital && passage.near(i + 1).is_some_and(|next| next.capital);
                if called || full() {
                    seen(distance, Speaker::Other);
                }
            }
        }
        match nearest {
            Some((_, Speaker::Office)) => return Speaker::Office,
            Some((_, who)) => speaker = who,
            None => {}
        }
    }
    speaker
}

/// Quotations of those in office. `beside` is who speaks in the passages before and after.
pub(super) fn quotations(passage: &Passage<'_>, here: Speaker, beside: Speaker) -> Vec<Found> {
    let found = |from, to| Found { rule: Rule::Quotation, class: Class::Block, from, to, office: String::new() };
    if passage.set_apart {
        let spoken = here == Speaker::Office || (here == Speaker::Nobody && beside == Speaker::Office);
        return if spoken { vec![found(0, passage.words.len())] } else { Vec::new() };
    }
    if here != Speaker::Office {
        return Vec::new();
    }
    passage.quotes.iter().filter(|q| q.to - q.from >= SAID).map(|q| found(q.from, q.to)).collect()
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
pub(super) fn first_person(passage: &Passage<'_>, speaker: Speaker, lists: &Words) -> Vec<Found> {
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
