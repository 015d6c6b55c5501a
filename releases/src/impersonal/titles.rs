//! Offices of politics in a text, and the name of who holds one.

use super::given_names::is_given;
use super::reading::{Gap, Passage, Word};
use super::words::Words;

/// An office: the words `from..to`.
#[derive(Clone, Copy)]
pub(super) struct Title {
    pub(super) from: usize,
    pub(super) to: usize,
    /// *ex*: it is over.
    pub(super) former: bool,
    /// An office whatever stands beside it.
    pub(super) sure: bool,
    /// It ends with a body, whose own name may follow: *presidente della Regione Lazio*.
    of_body: bool,
}

/// A name beside an office: the words `from..to`.
#[derive(Clone, Copy)]
pub(super) struct Named {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether it is beyond doubt.
    pub(super) sure: bool,
}

/// The offices that begin within so many words of these; `titles` are in order.
pub(super) fn close(titles: &[Title], from: usize, to: usize, n: usize) -> &[Title] {
    let first = titles.partition_point(|title| title.from < from.saturating_sub(n));
    let last = titles.partition_point(|title| title.from < to + n);
    &titles[first..last]
}

/// All offices of a passage, in order.
pub(super) fn titles(passage: &Passage<'_>, lists: &Words) -> Vec<Title> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < passage.words.len() {
        match title_at(passage, at, lists) {
            Some(title) => {
                at = title.to;
                found.push(title);
            }
            None => at += 1,
        }
    }
    found
}

fn title_at(passage: &Passage<'_>, at: usize, lists: &Words) -> Option<Title> {
    let next_is = |to: usize, list: &[&str]| passage.near(to).is_some_and(|w| list.contains(&w.form.as_str()));
    let before = at.checked_sub(1).filter(|_| passage.words[at].gap == Gap::Near);
    let former = before.is_some_and(|b| lists.former.contains(&passage.words[b].form.as_str()));
    if let Some(to) = passage.phrase(at, lists.titles) {
        return (!next_is(to, lists.not_titles)).then_some(Title { from: at, to, former, sure: true, of_body: false });
    }
    // on. Guerra
    let abbreviated = passage.words[at].form == "on" && passage.text[passage.words[at].end..].starts_with('.');
    if let Some(to) = passage.phrase(at, lists.titles_if_named).or(abbreviated.then_some(at + 1)) {
        let sure = next_is(to, lists.spheres);
        return Some(Title { from: at, to: to + usize::from(sure), former, sure, of_body: false });
    }
    let mut to = passage.phrase(at, lists.chairs)?;
    for _ in 0..2 {
        if passage.phrase(to, lists.bodies).is_none() && next_is(to, lists.links) {
            to += 1;
        }
    }
    let to = passage.phrase(to, lists.bodies).filter(|_| passage.near(to).is_some())?;
    Some(Title { from: at, to: to + usize::from(next_is(to, lists.spheres)), former, sure: true, of_body: true })
}

/// The name of who holds the office, if it stands beside it.
pub(super) fn named(passage: &Passage<'_>, title: Title, lists: &Words) -> Option<Named> {
    after(passage, title, lists).or_else(|| before(passage, title, lists))
}

/// *sindaca Corti*; *sindaco di Maresio Luca Neri*; *assessore alla mobilità, Luca Neri*.
fn after(passage: &Passage<'_>, title: Title, lists: &Words) -> Option<Named> {
    const FAR: usize = 10;
    let next = passage.near(title.to).filter(|w| is_personal(w, lists));
    if next.is_some_and(|w| !title.of_body || is_given(&w.form)) {
        return Some(Named { from: title.to, to: run(passage, title.to, lists), sure: true });
    }
    // il sindaco SALVI, unless that is a party
    if passage.near(title.to).is_some_and(|w| w.all_capitals && !w.shouted && w.form.len() > 4 && !title.of_body) {
        return Some(Named { from: title.to, to: title.to + 1, sure: false });
    }
    let mut since_link = 0;
    for at in title.to..(title.to + FAR).min(passage.words.len()) {
        let word = &passage.words[at];
        if word.gap == Gap::Far {
            return None;
        }
        let full = is_given(&word.form)
            && is_personal(word, lists)
            && passage.near(at + 1).is_some_and(|next| is_personal(next, lists));
        if full {
            let sure = word.gap == Gap::Comma || since_link <= 1;
            return Some(Named { from: at, to: run(passage, at, lists), sure });
        }
        let form = word.form.as_str();
        let link = lists.links.contains(&form);
        since_link = if link { 0 } else { since_link + 1 };
        let is_end = word.gap == Gap::Comma
            || (at == title.to && !link)
            || since_link > 3
            || (form == "con" && !passage.near(at + 1).is_some_and(|w| w.form.starts_with("deleg")))
            || lists.speech.contains(&form)
            || lists.showing.contains(&form)
            || (!link && lists.callings.contains(&form))
            || matches!(form, "ha" | "hanno" | "che" | "sara" | "era" | "si" | "has" | "have" | "who" | "is" | "was")
            || passage.text[word.start..word.end].to_lowercase() == "è";
        if is_end {
            return None;
        }
    }
    None
}

/// *Luca Neri, sindaco di Maresio*; with an article it may be somebody else: *Luca Neri, il sindaco e il parroco*.
fn before(passage: &Passage<'_>, title: Title, lists: &Words) -> Option<Named> {
    let mut at = title.from;
    let article =
        passage.words[at].gap == Gap::Near && at > 0 && lists.articles.contains(&passage.words[at - 1].form.as_str());
    if article {
        at -= 1;
    }
    if at == 0 || passage.words[at].gap == Gap::Far || (article && passage.words[at].gap == Gap::Near) {
        return None;
    }
    let to = at;
    while at > 0 && is_personal(&passage.words[at - 1], lists) && (at == to || passage.words[at].gap == Gap::Near) {
        at -= 1;
    }
    let from = (at..to.saturating_sub(1)).find(|i| is_given(&passage.words[*i].form))?;
    Some(Named { from, to, sure: !article })
}

/// The end of the run of capitalised words.
fn run(passage: &Passage<'_>, from: usize, lists: &Words) -> usize {
    let mut to = from + 1;
    while to - from < 4 && passage.near(to).is_some_and(|w| is_personal(w, lists)) {
        to += 1;
    }
    to
}

/// Whether a word can be part of somebody's name.
pub(super) fn is_personal(word: &Word, lists: &Words) -> bool {
    let form = word.form.as_str();
    word.capital
        && !word.all_capitals
        && form.chars().count() > 2
        && !form.contains(|c: char| c.is_ascii_digit())
        && ![lists.parties, lists.links, lists.places, lists.town, lists.spheres, lists.articles]
            .iter()
            .any(|list| list.contains(&form))
}
