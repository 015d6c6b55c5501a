//! What a text may not say in election time (*par condicio*): from the call of the polls to their close a public body says
//! only what is impersonal and indispensable (L. 28/2000 art. 9 c. 1); the authority (AGCOM) reads that as no names of
//! those in office and nothing in their praise.
//!
//! A finding blocks or warns. It blocks where a reader would see it at once: an office-holder's name, a name beside an
//! office, their words in quotation marks, *we*, plain praise. In doubt it warns: a rule that cries at every street name
//! is switched off after a week, and then it stops nothing. The sentences by which the rules were tried stand in `table`.
//!
//! Left out: when it is election time (`domain::election`), who signs, and whether a text is indispensable: a person says
//! why, nobody can compute it.

mod given_names;
mod names;
mod reading;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;
mod titles;
mod voice;
mod words;
mod words_en;
mod words_it;

use crate::Message;
use crate::draft::Draft;
use jiff::civil::Date;
use names::Holder;
use reading::Passage;
use salastampa_domain::Person;
use salastampa_locale::{Lang, fill};
use voice::{Speaker, Speakers};

/// Whether a finding stops a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Class {
    /// A person looks again.
    Warn,
    /// The text does not leave in election time.
    Block,
}

/// The rules.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rule {
    /// The whole name of somebody in office.
    Holder,
    /// The surname of somebody in office.
    Surname,
    /// A name beside an office of politics.
    Titled,
    /// A name beside an office that is over.
    Former,
    /// The words of somebody in office.
    Quotation,
    /// An office that speaks, or is shown at work.
    Showing,
    /// *We*, *I*, *our*.
    FirstPerson,
    /// Praise.
    Praise,
}

/// Most findings of one passage: whoever has read so many rewrites it.
const MOST: usize = 60;

/// What a text says that it may not say in election time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// Whether it stops the text.
    pub class: Class,
    /// The key of the head that it stands in, or `testo`, `foto`, `documenti`, `indirizzo`.
    pub field: &'static str,
    /// The line within that field, from 1; of photos and documents, which one.
    pub line: usize,
    /// The words.
    pub excerpt: String,
    /// What is wrong, by which rule, and what to write instead.
    pub message: Message,
}

impl Finding {
    /// The sentence with its place: `testo, riga 3: «il sindaco Rossi» …`.
    pub fn say(&self, lang: Lang) -> String {
        let place = match self.field {
            "titolo" => fill(lang, "releases.election.in.title", &[]),
            "occhiello" => fill(lang, "releases.election.in.kicker", &[]),
            "sommario" => fill(lang, "releases.election.in.summary", &[]),
            "virgolettati" => fill(lang, "releases.election.in.quoted", &[]),
            "contatti" => fill(lang, "releases.election.in.contacts", &[]),
            "argomenti" => fill(lang, "releases.election.in.topics", &[]),
            "indirizzo" => fill(lang, "releases.election.in.address", &[]),
            "foto" => fill(lang, "releases.election.in.photo", &[("n", &self.line.to_string())]),
            "documenti" => fill(lang, "releases.election.in.document", &[("n", &self.line.to_string())]),
            _ => fill(lang, "releases.election.in.body", &[("line", &self.line.to_string())]),
        };
        format!("{place}: {}", self.message.say(lang))
    }
}

/// A finding within a passage: the words `from..to`.
struct Found {
    rule: Rule,
    class: Class,
    from: usize,
    to: usize,
    office: String,
}

/// Everything in a draft that election time forbids or doubts, in the order in which it is read. `persons` is the
/// register; who is in office on `day` counts. `language` is the office's, where the draft names none.
pub fn impersonal(draft: &Draft, persons: &[Person], day: Date, language: Lang) -> Vec<Finding> {
    let lists = words::of(draft.language.unwrap_or(language));
    let holders: Vec<Holder> =
        persons.iter().filter(|person| person.is_in_office(day)).filter_map(Holder::of).collect();
    let mut passages = Vec::new();
    for (field, text) in [("titolo", &draft.title), ("occhiello", &draft.kicker), ("sommario", &draft.summary)] {
        passages.push(reading::passage(field, text, 1, false));
    }
    passages.extend(reading::body(&draft.body));
    for (n, photo) in draft.files.photos.iter().enumerate() {
        passages.extend([&photo.alt, &photo.caption].map(|text| reading::passage("foto", text, n + 1, false)));
    }
    for (n, document) in draft.files.documents.iter().enumerate() {
        passages.push(reading::passage("documenti", &document.title, n + 1, false));
    }
    let mut findings = judge(&passages, &holders, lists, day.year());
    for (field, texts) in [("virgolettati", &draft.quoted), ("contatti", &draft.contacts), ("argomenti", &draft.topics)]
    {
        for (n, text) in texts.iter().enumerate() {
            let passage = reading::passage(field, text, n + 1, false);
            let mut found = names::full(&passage, &holders, lists, day.year());
            if found.is_empty() && field == "virgolettati" {
                let office = titles::titles(&passage, lists).into_iter().find(|t| t.sure && !t.former);
                found.extend(office.map(|_| Found {
                    rule: Rule::Quotation,
                    class: Class::Block,
                    from: 0,
                    to: passage.words.len(),
                    office: String::new(),
                }));
            }
            findings.extend(found.into_iter().map(|found| finding(&passage, found)));
        }
    }
    findings
}

/// The same of some words that stand by themselves, such as the reason of a withdrawal.
pub fn impersonal_words(words: &str, persons: &[Person], day: Date, language: Lang) -> Vec<Finding> {
    let holders: Vec<Holder> =
        persons.iter().filter(|person| person.is_in_office(day)).filter_map(Holder::of).collect();
    judge(&reading::body(words), &holders, words::of(language), day.year())
}

/// What a name of a release says that stands in its public address for ever: words with hyphens between them.
pub fn in_address(slug: &str, persons: &[Person], day: Date, language: Lang) -> Vec<Finding> {
    let lists = words::of(language);
    let words: Vec<String> = slug.split('-').map(str::to_owned).collect();
    let holders = persons.iter().filter(|person| person.is_in_office(day)).filter_map(Holder::of);
    let one = |holder: Holder| {
        let found = names::in_address(&words, &holder, lists)?;
        let excerpt = words[found.from..found.to].join("-");
        let key = match found.class {
            Class::Block => "releases.election.address",
            Class::Warn => "releases.election.address_doubt",
        };
        let message = Message::new(key).with("words", &excerpt).with("office", &found.office);
        Some(Finding { rule: found.rule, class: found.class, field: "indirizzo", line: 1, excerpt, message })
    };
    holders.filter_map(one).collect()
}

/// Whether somebody's office, trade or calling stands in a text, in election time or not.
pub(crate) fn names_office(text: &str, language: Lang) -> bool {
    let lists = words::of(language);
    let passage = reading::passage("testo", text, 1, false);
    let known = [lists.titles, lists.titles_if_named, lists.chairs, lists.callings];
    !titles::titles(&passage, lists).is_empty()
        || passage.words.iter().any(|word| known.iter().any(|list| list.contains(&word.form.as_str())))
}

fn judge(passages: &[Passage<'_>], holders: &[Holder], lists: &words::Words, year: i16) -> Vec<Finding> {
    let titles: Vec<_> = passages.iter().map(|passage| titles::titles(passage, lists)).collect();
    let full: Vec<Vec<Found>> = passages.iter().map(|p| names::full(p, holders, lists, year)).collect();
    let mentioned: Vec<bool> = holders
        .iter()
        .map(|holder| full.iter().flatten().any(|f| f.office == holder.office && f.class == Class::Block))
        .collect();
    let speakers: Vec<Speakers> =
        passages.iter().zip(&titles).map(|(p, t)| voice::speakers(p, t, holders, lists)).collect();
    let mut findings = Vec::new();
    for (n, (passage, full)) in passages.iter().zip(full).enumerate() {
        let titles = &titles[n];
        let beside = [n.checked_sub(1), Some(n + 1)].into_iter().flatten().filter_map(|i| speakers.get(i));
        let beside =
            if beside.into_iter().any(|s| s.of_all == Speaker::Office) { Speaker::Office } else { Speaker::Nobody };
        let mut found = full;
        found.truncate(MOST);
        // the whole name says it; its surname, and the office beside it, need no second finding
        let mut more = names::surnames(passage, holders, &mentioned, titles, lists, year);
        more.retain(|f| !overlaps(&found, f));
        found.extend(more.into_iter().take(MOST));
        let mut more = names::titled(passage, titles, lists, year);
        more.retain(|f| !overlaps(&found, f));
        found.extend(more.into_iter().take(MOST));
        let mut more = voice::quotations(passage, &speakers[n], beside);
        more.extend(
            voice::showing(passage, titles, lists).into_iter().filter(|f| {
                !found.iter().any(|name| name.class == Class::Block && passage.together(name.from, f.from))
            }),
        );
        let quoted: Vec<(usize, usize)> =
            more.iter().filter(|f| f.rule == Rule::Quotation).map(|f| (f.from, f.to)).collect();
        let is_quoted = |f: &Found| quoted.iter().any(|(from, to)| *from <= f.from && f.to <= *to);
        more.extend(voice::first_person(passage, &speakers[n], lists).into_iter().filter(|f| !is_quoted(f)));
        more.extend(voice::praise(passage, lists).into_iter().filter(|f| !is_quoted(f)));
        more.sort_by_key(|f| std::cmp::Reverse(f.class));
        found.extend(more.into_iter().take(MOST));
        found.sort_by_key(|f| (f.from, f.rule));
        findings.extend(found.into_iter().map(|found| finding(passage, found)));
    }
    findings
}

fn overlaps(found: &[Found], one: &Found) -> bool {
    found.iter().any(|f| f.from < one.to && one.from < f.to && f.class >= one.class)
}

fn finding(passage: &Passage<'_>, found: Found) -> Finding {
    let excerpt = passage.excerpt(found.from, found.to);
    let key = match (found.rule, found.class) {
        (Rule::Holder | Rule::Surname, Class::Block) => "releases.election.holder",
        (Rule::Holder | Rule::Surname, Class::Warn) => "releases.election.holder_doubt",
        (Rule::Titled, Class::Block) => "releases.election.titled",
        (Rule::Titled, Class::Warn) => "releases.election.titled_doubt",
        (Rule::Former, _) => "releases.election.former",
        (Rule::Quotation, _) => "releases.election.quotation",
        (Rule::Showing, _) => "releases.election.showing",
        (Rule::FirstPerson, Class::Block) => "releases.election.first_person",
        (Rule::FirstPerson, Class::Warn) => "releases.election.first_person_doubt",
        (Rule::Praise, Class::Block) => "releases.election.praise",
        (Rule::Praise, Class::Warn) => "releases.election.praise_doubt",
    };
    let mut message = Message::new(key).with("words", &excerpt);
    if !found.office.is_empty() {
        message = message.with("office", &found.office);
    }
    Finding {
        rule: found.rule,
        class: found.class,
        field: passage.field,
        line: passage.line_of(found.from),
        excerpt,
        message,
    }
}
