//! Who of those that govern the town is in an article, and where: title, lead, or quoted.
//!
//! The register of persons says who held which office on the day of the article. A full name or another name that holds
//! more than an office counts where it stands; a bare surname is half of the town's telephone book and counts only within
//! thirty words of the town, of the municipality or of an office, and never behind a first name that is not this person's.
//! An office without a name (*la vicesindaca*) needs the town nearby: every town has one.
//!
//! Left out: who they are to one another, pronouns, and people without an office (par condicio has its own count).

use salastampa_domain::{ForeignText, Mention, Person, Spot, Timestamp};
use salastampa_text::{Word, fold, words};
use std::collections::BTreeMap;

/// So many words around a bare surname are looked at.
const AROUND: usize = 30;
/// A quotation so many bytes away is this person's.
const BESIDE: usize = 160;
/// Most words of an article that are looked at.
const LONGEST: usize = 20_000;
/// Offices that count as governing, by the beginning of their first word.
const OFFICES: [&str; 5] = ["sindac", "vicesindac", "prosindac", "assessor", "vicepresident"];
/// What stands for the municipality.
const HOUSE: [&str; 4] = ["comune", "comunale", "municipio", "municipale"];

/// How a name may be known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// It stands for itself.
    Nothing,
    /// The town or the municipality is near.
    Town,
    /// The town, the municipality or an office is near.
    Office,
}

struct Name {
    person: usize,
    words: Vec<String>,
    need: Need,
}

/// The people in office, ready to be looked for.
pub struct Register {
    people: Vec<(Person, String, Vec<String>)>,
    names: Vec<Name>,
    /// Names by their first word.
    first: BTreeMap<String, Vec<usize>>,
    /// The longest word of the town's name.
    town: String,
}

/// Whether somebody in this office governs: mayors and members of the *giunta*.
pub fn governs(office: &str) -> bool {
    let office = fold(office);
    let mut words = office.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let first = words.next().unwrap_or_default();
    let head = |word: &str| OFFICES.iter().any(|beginning| word.starts_with(beginning));
    head(first)
        || (first == "vice" && words.next().is_some_and(head))
        || (first == "presidente" && (office.contains("provincia") || office.contains("regione")))
}

impl Register {
    /// The register of a town. Those who do not govern are left out.
    pub fn new(people: &[Person], town: &str) -> Self {
        let town = words(town).into_iter().map(|w| w.text).max_by_key(String::len).unwrap_or_default();
        let mut register = Self { people: Vec::new(), names: Vec::new(), first: BTreeMap::new(), town };
        for person in people.iter().filter(|person| governs(&person.office)) {
            register.add(person);
        }
        register
    }

    fn add(&mut self, person: &Person) {
        let number = self.people.len();
        let full: Vec<String> = words(&person.name).into_iter().map(|w| w.text).collect();
        let Some(surname) = full.last().cloned() else { return };
        for (n, name) in std::iter::once(&person.name).chain(&person.aliases).enumerate() {
            let words: Vec<String> = words(name).into_iter().map(|w| w.text).collect();
            let need = match &words[..] {
                [] => continue,
                [_] => Need::Office,
                all if n > 0 && all.iter().any(|w| governs(w)) && !all.contains(&surname) => Need::Town,
                _ => Need::Nothing,
            };
            self.put(Name { person: number, words, need });
        }
        if full.len() > 1 && surname.chars().count() > 2 {
            self.put(Name { person: number, words: vec![surname.clone()], need: Need::Office });
        }
        let office = person.office.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
        let told = format!("{office} {}", person.name.split_whitespace().next_back().unwrap_or_default());
        self.people.push((person.clone(), told, full));
    }

    fn put(&mut self, name: Name) {
        let Some(first) = name.words.first().cloned() else { return };
        self.first.entry(first).or_default().push(self.names.len());
        self.names.push(name);
    }

    /// Who is in an article of that moment and where, by number in the register; who is only named in the body without a
    /// quotation is not told.
    pub fn find(&self, title: &str, lead: &ForeignText, body: &ForeignText, at: Timestamp) -> Vec<Mention> {
        if self.people.is_empty() {
            return Vec::new();
        }
        let texts = [(Spot::Title, title), (Spot::Lead, lead.for_analysis()), (Spot::Body, body.for_analysis())];
        let read: Vec<(usize, Word)> = texts
            .iter()
            .enumerate()
            .flat_map(|(n, (_, text))| words(bounded(text)).into_iter().map(move |w| (n, w)))
            .take(LONGEST)
            .collect();
        let mut best: BTreeMap<usize, Spot> = BTreeMap::new();
        for number in 0..read.len() {
            let Some(names) = self.first.get(&read[number].1.text) else { continue };
            for name in names.iter().map(|n| &self.names[*n]).filter(|name| self.held(name, at)) {
                let Some(spot) = self.spot(name, &read, number, &texts) else { continue };
                let known = best.entry(name.person).or_insert(spot);
                *known = (*known).min(spot);
            }
        }
        let told =
            |(n, spot): (usize, Spot)| Mention { person: self.people[n].0.id, name: self.people[n].1.clone(), spot };
        best.into_iter().map(told).collect()
    }

    /// Whether the person held the office on the Italian day of an instant; where a day is not known it counts as held.
    fn held(&self, name: &Name, at: Timestamp) -> bool {
        let (person, ..) = &self.people[name.person];
        let day = at.day();
        person.from.is_none_or(|from| from <= day) && person.until.is_none_or(|until| day <= until)
    }

    /// Where a name stands, if it stands there, is this person's, and counts.
    fn spot(&self, name: &Name, read: &[(usize, Word)], at: usize, texts: &[(Spot, &str); 3]) -> Option<Spot> {
        let (_, _, full) = &self.people[name.person];
        let (part, first) = &read[at];
        let here = read.get(at..at + name.words.len())?;
        let same = here.iter().zip(&name.words).all(|((p, word), wanted)| p == part && word.text == *wanted);
        if !same {
            return None;
        }
        let (spot, text) = texts[*part];
        let last = &here.last()?.1;
        if name.need != Need::Nothing {
            let is_name = text.get(first.start..)?.chars().next().is_some_and(char::is_uppercase);
            let before = at.checked_sub(1).map(|n| &read[n]).filter(|(p, _)| p == part).map(|(_, word)| word);
            if name.need == Need::Office && (!is_name || before.is_some_and(|word| is_other(word, first, text, full))) {
                return None;
            }
            let around = &read[at.saturating_sub(AROUND)..(at + name.words.len() + AROUND).min(read.len())];
            let town = |w: &str| w == self.town || HOUSE.contains(&w);
            let known = |(_, w): &(usize, Word)| town(&w.text) || (name.need == Need::Office && governs(&w.text));
            if !around.iter().any(known) {
                return None;
            }
        }
        match spot {
            Spot::Body => is_quoted(text, first.start, last.end).then_some(Spot::Body),
            spot => Some(spot),
        }
    }
}

/// Whether the word before a surname makes it another's: a capitalised word right before it that is neither of this
/// person's names nor an office.
fn is_other(before: &Word, surname: &Word, text: &str, full: &[String]) -> bool {
    let Some(between) = text.get(before.end..surname.start) else { return false };
    let capital = text.get(before.start..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase);
    let begins = text[..before.start].trim_end().ends_with(['.', '!', '?', '\n']) || before.start == 0;
    let little = salastampa_text::italian::is_stop(&before.text) || (begins && before.text.chars().count() < 4);
    between.trim().is_empty() && capital && !little && !governs(&before.text) && !full.contains(&before.text)
}

/// Whether a quotation begins or ends beside this place.
fn is_quoted(text: &str, from: usize, to: usize) -> bool {
    let start = text.floor_char_boundary(from.saturating_sub(BESIDE));
    let end = text.ceil_char_boundary((to + BESIDE).min(text.len()));
    let marks = ['«', '»', '“', '”', '"'];
    text[start..from].contains(marks) || text[to..end].contains(marks)
}

/// A text without end is not read to its end.
fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(text.len().min(20 * LONGEST))]
}
