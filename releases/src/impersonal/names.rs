//! Names of those in office: of the register by their full name, by the surname where the text says who is meant, and of
//! whoever is named beside an office of politics.
//!
//! A name is often somebody else's: a street's, a school's, one of the dead, a namesake's. In doubt a finding only warns.

use super::given_names::is_given;
use super::reading::{Gap, Passage};
use super::titles::{Title, close, named};
use super::words::Words;
use super::{Class, Found, Rule};
use salastampa_domain::Person;

/// A person in office as names are looked for.
pub(super) struct Holder {
    pub(super) office: String,
    /// Runs of folded words that are the whole name.
    full: Vec<Vec<String>>,
    given: String,
    surname: Vec<String>,
    /// The folded words of the office.
    office_words: Vec<String>,
}

/// So many words between an office and a surname that is then its holder's.
const NEAR: usize = 5;
/// So many words on each side are looked at where a sentence is meant: a longer one says nothing any more.
const SENTENCE: usize = 60;
/// Small words that are part of a surname.
const PARTICLES: &[&str] = &["de", "di", "del", "della", "dello", "dei", "degli", "da", "dal", "la", "lo", "li", "d"];

impl Holder {
    /// What is looked for of a person; none for a name without a letter.
    pub(super) fn of(person: &Person) -> Option<Self> {
        let cut = |text: &str| salastampa_text::words(text).into_iter().map(|w| w.text).collect::<Vec<_>>();
        let name = cut(&person.name);
        let mut at = name.len().checked_sub(1)?;
        while at > 1 && PARTICLES.contains(&name[at - 1].as_str()) {
            at -= 1;
        }
        let (given, surname) = (name[..at].to_vec(), name[at..].to_vec());
        let mut full = vec![name.clone(), [surname.clone(), given.clone()].concat()];
        if let Some(first) = given.first() {
            full.push([vec![first.clone()], surname.clone()].concat());
            full.push([first.chars().take(1).map(String::from).collect(), surname.clone()].concat());
        }
        // *la vicesindaca* is an office and not a name
        let is_name = |alias: &&String| alias.split_whitespace().all(|w| w.starts_with(char::is_uppercase));
        full.extend(person.aliases.iter().filter(is_name).map(|alias| cut(alias)).filter(|words| words.len() > 1));
        full.sort();
        full.dedup();
        Some(Self {
            office: person.office.clone(),
            full,
            given: given.first().cloned().unwrap_or_default(),
            surname,
            office_words: cut(&person.office),
        })
    }

    /// Where the whole name that begins with this word ends.
    fn full_at(&self, passage: &Passage<'_>, at: usize) -> Option<usize> {
        self.full.iter().filter_map(|name| matches(passage, at, name)).max()
    }
}

fn matches(passage: &Passage<'_>, at: usize, name: &[String]) -> Option<usize> {
    let end = at + name.len();
    let words = passage.words.get(at..end)?;
    let fits = |(n, part): (usize, &String)| {
        let word = &words[n];
        word.form == *part && word.capital && (n == 0 || word.gap == Gap::Near)
    };
    name.iter().enumerate().all(fits).then_some(end)
}

/// Whole names in a passage.
pub(super) fn full(passage: &Passage<'_>, holders: &[Holder], lists: &Words, year: i16) -> Vec<Found> {
    let mut found = Vec::new();
    for at in 0..passage.words.len() {
        for holder in holders {
            let Some(to) = holder.full_at(passage, at) else { continue };
            if passage.names_a_place(at, lists) || passage.remembers(at, to, lists, year) {
                continue;
            }
            let class = if is_longer_name(passage, at, to, lists) { Class::Warn } else { Class::Block };
            found.push(Found { rule: Rule::Holder, class, from: at, to, office: holder.office.clone() });
        }
    }
    found
}

/// *Anna Maria Rossi* is not Maria Rossi, nor is *Mario Rossi Brambilla* Mario Rossi.
fn is_longer_name(passage: &Passage<'_>, from: usize, to: usize, lists: &Words) -> bool {
    let shouted = passage.words[from].shouted;
    let after = passage.near(to).is_some_and(|w| w.capital && !shouted && !is_office(&w.form, lists));
    let before = from > 0 && passage.words[from].gap == Gap::Near && {
        let word = &passage.words[from - 1];
        word.capital && !shouted && is_given(&word.form)
    };
    after || before
}

fn is_office(form: &str, lists: &Words) -> bool {
    [lists.titles, lists.titles_if_named, lists.chairs, lists.articles].iter().any(|list| list.contains(&form))
}

/// Surnames alone. `mentioned` are the holders whose whole name stands in the text.
pub(super) fn surnames(
    passage: &Passage<'_>,
    holders: &[Holder],
    mentioned: &[bool],
    titles: &[Title],
    lists: &Words,
    year: i16,
) -> Vec<Found> {
    let mut found = Vec::new();
    for at in 0..passage.words.len() {
        for (holder, mentioned) in holders.iter().zip(mentioned) {
            let Some(to) = matches(passage, at, &holder.surname) else { continue };
            let class = surname(passage, holder, *mentioned, titles, (at, to), lists)
                .filter(|_| !passage.names_a_place(at, lists) && !passage.remembers(at, to, lists, year));
            if let Some(class) = class {
                found.push(Found { rule: Rule::Surname, class, from: at, to, office: holder.office.clone() });
            }
        }
    }
    found
}

fn surname(
    passage: &Passage<'_>,
    holder: &Holder,
    mentioned: bool,
    titles: &[Title],
    (from, to): (usize, usize),
    lists: &Words,
) -> Option<Class> {
    let word = &passage.words[from];
    let before = from.checked_sub(1).filter(|_| word.gap == Gap::Near).map(|b| &passage.words[b]);
    if let Some(before) = before {
        let form = before.form.as_str();
        if is_office(form, lists) && !lists.articles.contains(&form) && !lists.chairs.contains(&form)
            || holder.office_words.iter().any(|w| w == form && w.len() > 4)
        {
            return Some(Class::Block);
        }
        let other = (before.capital && !before.opens)
            || (is_given(form) && form != holder.given)
            || lists.callings.contains(&form);
        if other {
            return None;
        }
    }
    let next = passage.near(to);
    if word.shouted || next.is_some_and(|w| w.capital && w.form != holder.given) {
        return None;
    }
    // Rossi, sindaco
    let around = close(titles, from, to, SENTENCE);
    let apposed = around.iter().any(|title| {
        let at = title.from
            - usize::from(lists.articles.contains(&passage.words[title.from.saturating_sub(1)].form.as_str()));
        at == to && passage.words[at].gap == Gap::Comma && !title.former
    });
    if apposed {
        return Some(Class::Block);
    }
    if word.opens {
        // Rossi: «…»
        if passage.words.get(to).is_some_and(|w| w.gap == Gap::Comma && w.quote.is_some()) && word.quote.is_none() {
            return Some(Class::Block);
        }
        // a capital at the beginning says nothing: a name only if it then speaks or acts
        let acts = passage.around(from, to, 3).any(|(i, w)| {
            i >= to && (lists.speech.contains(&w.form.as_str()) || lists.showing.contains(&w.form.as_str()))
        });
        return (acts || mentioned || has_done(passage, to, lists)).then_some(if mentioned {
            Class::Block
        } else {
            Class::Warn
        });
    }
    if mentioned {
        return Some(Class::Block);
    }
    let near_title = around.iter().any(|t| {
        t.sure
            && passage.together(t.from, from)
            && (t.to <= from && from - t.to <= NEAR || to <= t.from && t.from - to <= NEAR)
    });
    if near_title {
        return Some(Class::Block);
    }
    let same_sentence = around.iter().any(|t| t.sure && passage.together(t.from, from));
    let town = passage.around(from, to, 12).any(|(_, w)| lists.town.contains(&w.form.as_str()));
    // la Corti; Corti ha firmato: somebody is spoken of whom the town knows
    let known = before.is_some_and(|before| lists.definite.contains(&before.form.as_str()));
    (same_sentence || town || known || has_done(passage, to, lists)).then_some(Class::Warn)
}

fn has_done(passage: &Passage<'_>, to: usize, lists: &Words) -> bool {
    passage.near(to).is_some_and(|word| lists.having.contains(&word.form.as_str()))
}

/// What of a holder stands in the words of an address, which have no capitals: the words `from..to`.
pub(super) fn in_address(words: &[String], holder: &Holder, lists: &Words) -> Option<Found> {
    let at = |name: &[String]| words.windows(name.len()).position(|run| run == name);
    let found = |rule, class, from, to| Found { rule, class, from, to, office: holder.office.clone() };
    let full = holder.full.iter().filter_map(|name| Some((at(name)?, name.len()))).max_by_key(|(_, length)| *length);
    if let Some((from, length)) = full {
        return Some(found(Rule::Holder, Class::Block, from, from + length));
    }
    let from = at(&holder.surname)?;
    let before = from.checked_sub(1).map(|before| words[before].as_str());
    if before.is_some_and(|word| lists.places.contains(&word)) {
        return None;
    }
    let titled =
        before.is_some_and(|word| lists.titles.contains(&word) || holder.office_words.iter().any(|w| w == word));
    let class = if titled { Class::Block } else { Class::Warn };
    Some(found(Rule::Surname, class, from, from + holder.surname.len()))
}

/// Whoever is named beside an office.
pub(super) fn titled(passage: &Passage<'_>, titles: &[Title], lists: &Words, year: i16) -> Vec<Found> {
    let mut found = Vec::new();
    for title in titles {
        let Some(name) = named(passage, *title, lists) else { continue };
        let (from, to) = (title.from.min(name.from), title.to.max(name.to));
        let elsewhere = passage.names_a_place(title.from, lists)
            || passage.names_a_place(name.from, lists)
            || passage.remembers(name.from, to, lists, year)
            || passage.remembers(from, to, lists, year)
            || passage.is_long_ago(from, lists, year);
        if elsewhere || passage.words[name.from].shouted {
            continue;
        }
        let rule = if title.former { Rule::Former } else { Rule::Titled };
        let class = if title.former || !name.sure { Class::Warn } else { Class::Block };
        found.push(Found { rule, class, from, to, office: String::new() });
    }
    found
}

/// Whether somebody in office is named within these words.
pub(super) fn names_holder(passage: &Passage<'_>, holders: &[Holder], at: usize) -> bool {
    holders.iter().any(|holder| {
        holder.full_at(passage, at).is_some()
            || (matches(passage, at, &holder.surname).is_some() && !passage.words[at].opens)
    })
}
