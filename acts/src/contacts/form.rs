//! A journalist as a form has them: every field as it was typed, so that nothing typed is lost with a refusal.

use crate::Slip;
use crate::desk::{line, slip};
use crate::quiet;
use jiff::civil::Date;
use salastampa_domain::contact::{LONGEST_NOTES, LONGEST_PHONE, MOST_OTHERS, MOST_PHONES};
use salastampa_domain::{Address, Basis, Contact, ContactId, ListId, Medium, Post, Timestamp};
use salastampa_locale::{Lang, fill, t};

/// Longest field, in characters.
const LONGEST: usize = 200;
/// Most beats.
const MOST_BEATS: usize = 20;

/// The fields.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ContactForm {
    /// Full name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Further addresses, one a line.
    pub others: String,
    /// Telephones, one a line.
    pub phones: String,
    /// The outlet's name.
    pub outlet: String,
    /// What they are there.
    pub role: String,
    /// Other outlets, one a line, such as `Radio Riva (conduttrice)`.
    pub posts: String,
    /// Name of a [`Medium`].
    pub medium: String,
    /// Beats, with commas between them.
    pub beats: String,
    /// Where.
    pub territory: String,
    /// `it` or `en`.
    pub language: String,
    /// Trusted with releases under embargo.
    pub embargo: bool,
    /// From when no release is mailed to them, such as `22:00`; empty is never.
    pub quiet_from: String,
    /// Until when.
    pub quiet_until: String,
    /// Name of a [`Basis`].
    pub basis: String,
    /// Where the address comes from.
    pub origin: String,
    /// The day of the notice of art. 14, year first.
    pub notice: String,
    /// The day on which the record is confirmed or deleted, year first.
    pub expires: String,
    /// What the office writes about them.
    pub notes: String,
    /// Lists by hand.
    pub lists: Vec<ListId>,
}

impl ContactForm {
    /// An empty form with what fits most.
    pub fn new() -> Self {
        Self {
            medium: Medium::Print.name().into(),
            language: "it".into(),
            basis: Basis::PublicTask.name().into(),
            ..Self::default()
        }
    }

    /// The form of a journalist.
    pub fn of(contact: &Contact, lists: &[ListId]) -> Self {
        let (quiet_from, quiet_until) = quiet::fields(contact.quiet);
        Self {
            name: contact.name.clone(),
            address: contact.address.as_str().to_owned(),
            others: lines(contact.others.iter().map(|other| other.as_str().to_owned())),
            phones: contact.phones.join("\n"),
            outlet: contact.outlet.clone(),
            role: contact.role.clone(),
            posts: lines(contact.posts.iter().map(Post::words)),
            medium: contact.medium.name().into(),
            beats: contact.beats.join(", "),
            territory: contact.territory.clone(),
            language: contact.language.clone(),
            embargo: contact.accepts_embargo,
            quiet_from,
            quiet_until,
            basis: contact.basis.name().into(),
            origin: contact.origin.clone(),
            notice: contact.notice_at.map_or_else(String::new, |at| at.day().to_string()),
            expires: contact.expires.map_or_else(String::new, |day| day.to_string()),
            notes: contact.notes.clone(),
            lists: lists.to_vec(),
        }
    }

    /// The journalist that the fields make, or every field that cannot be taken. `before` gives what no field has.
    pub(super) fn read(&self, before: Option<&Contact>, lang: Lang) -> Result<Contact, Vec<Slip>> {
        let mut slips = Vec::new();
        let (name, outlet) = outlet_and_name(&self.name, &self.outlet, lang, &mut slips);
        let territory = short("territory", &self.territory, lang, &mut slips);
        let origin = short("origin", &self.origin, lang, &mut slips);
        if origin.is_empty() {
            slips.push(slip("origin", t(lang, "people.slip.origin")));
        }
        let beats = beats(&self.beats, lang, &mut slips);
        let phones = phones(self.phones.lines());
        if phones.is_none() {
            slips.push(slip("phones", too_many_phones(lang)));
        }
        let others = others(self.others.lines(), &self.address);
        if others.is_none() {
            slips.push(slip("others", too_many("people.slip.others", lang)));
        }
        let role = short("role", &self.role, lang, &mut slips);
        let posts = posts(self.posts.lines());
        if posts.is_none() {
            slips.push(slip("posts", too_many("people.slip.posts", lang)));
        }
        let notes = notes(&self.notes);
        if notes.is_none() {
            slips.push(slip("notes", fill(lang, "people.slip.long", &[("most", &LONGEST_NOTES.to_string())])));
        }
        let quiet = quiet::typed(&self.quiet_from, &self.quiet_until, lang, &mut slips);
        let address =
            Address::parse(&self.address).map_err(|_| slips.push(slip("address", t(lang, "people.slip.address"))));
        let medium = choice(Medium::parse(&self.medium), "medium", lang, &mut slips);
        let basis = choice(Basis::parse(&self.basis), "basis", lang, &mut slips);
        let language = choice(Lang::parse(&self.language), "language", lang, &mut slips);
        let notice = day(&self.notice, "notice", lang, &mut slips);
        let expires = day(&self.expires, "expires", lang, &mut slips);
        match (address, medium, basis, language) {
            (Ok(address), Some(medium), Some(basis), Some(language)) if slips.is_empty() => Ok(Contact {
                id: before.map_or(ContactId(0), |b| b.id),
                name,
                address,
                phones: phones.unwrap_or_default(),
                outlet,
                medium,
                beats,
                territory,
                language: language.code().into(),
                accepts_embargo: self.embargo,
                quiet,
                basis,
                origin,
                // a day that was not touched keeps its hour
                notice_at: notice.map(|day| {
                    let kept = before.and_then(|b| b.notice_at).filter(|at| at.day() == day);
                    kept.unwrap_or_else(|| Timestamp::of_civil(day.at(12, 0, 0, 0)))
                }),
                expires,
                opted_out_at: before.and_then(|b| b.opted_out_at),
                added_at: before.and_then(|b| b.added_at),
                changed_at: before.and_then(|b| b.changed_at),
                confirmed_at: before.and_then(|b| b.confirmed_at),
                others: others.unwrap_or_default(),
                role,
                posts: posts.unwrap_or_default(),
                notes: notes.unwrap_or_default(),
            }),
            _ => Err(slips),
        }
    }
}

fn lines(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("\n")
}

/// Further addresses, each once and without the first; none where they are too many or one is no address.
pub(super) fn others<'a>(typed: impl Iterator<Item = &'a str>, first: &str) -> Option<Vec<Address>> {
    let mut others: Vec<Address> = Vec::new();
    for text in typed.map(str::trim).filter(|text| !text.is_empty()) {
        let other = Address::parse(text).ok()?;
        if !others.contains(&other) && Address::parse(first).ok().as_ref() != Some(&other) {
            others.push(other);
        }
    }
    (others.len() <= MOST_OTHERS).then_some(others)
}

/// Other outlets, each once; none where they are too many or one is too long.
pub(super) fn posts<'a>(typed: impl Iterator<Item = &'a str>) -> Option<Vec<Post>> {
    let mut posts: Vec<Post> = Vec::new();
    // tables part them by that mark
    for post in typed.filter_map(|text| Post::parse(&line(&text.replace(';', " ")))) {
        if !posts.contains(&post) {
            posts.push(post);
        }
    }
    let fit = posts.len() <= MOST_OTHERS && posts.iter().all(|post| post.words().chars().count() <= LONGEST);
    fit.then_some(posts)
}

/// What the office writes, without signs that nobody sees; none where it is too long.
pub(super) fn notes(typed: &str) -> Option<String> {
    let text = typed.replace("\r\n", "\n").replace(|c: char| c.is_control() && c != '\n', " ").trim().to_owned();
    (text.chars().count() <= LONGEST_NOTES).then_some(text)
}

/// What is said where there are too many of something.
pub(super) fn too_many(key: &'static str, lang: Lang) -> String {
    fill(lang, key, &[("most", &MOST_OTHERS.to_string()), ("longest", &LONGEST.to_string())])
}

/// A line that is not too long.
pub(super) fn short(field: &'static str, text: &str, lang: Lang, slips: &mut Vec<Slip>) -> String {
    let text = line(text);
    if text.chars().count() > LONGEST {
        slips.push(slip(field, fill(lang, "people.slip.long", &[("most", &LONGEST.to_string())])));
    }
    text
}

/// Name and outlet as they can be taken.
pub(super) fn outlet_and_name(name: &str, outlet: &str, lang: Lang, slips: &mut Vec<Slip>) -> (String, String) {
    let (name, outlet) = (short("name", name, lang, slips), short("outlet", outlet, lang, slips));
    if name.is_empty() {
        slips.push(slip("name", t(lang, "people.slip.name")));
    }
    (name, outlet)
}

/// Telephones, each once; none where they are too many or one is too long.
pub(super) fn phones<'a>(typed: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let mut phones: Vec<String> = Vec::new();
    // tables part numbers by such marks: inside one a blank does as well
    let plain = |phone: &str| line(&phone.replace([',', ';'], " "));
    for phone in typed.map(plain).filter(|phone| !phone.is_empty()) {
        if !phones.contains(&phone) {
            phones.push(phone);
        }
    }
    let fit = phones.len() <= MOST_PHONES && phones.iter().all(|phone| phone.chars().count() <= LONGEST_PHONE);
    fit.then_some(phones)
}

/// What is said then.
pub(super) fn too_many_phones(lang: Lang) -> String {
    let (most, longest) = (MOST_PHONES.to_string(), LONGEST_PHONE.to_string());
    fill(lang, "people.slip.phones", &[("most", &most), ("longest", &longest)])
}

/// Beats with commas between them: small letters, each once.
pub(super) fn beats(text: &str, lang: Lang, slips: &mut Vec<Slip>) -> Vec<String> {
    let mut beats: Vec<String> = Vec::new();
    for beat in text.split(',').map(|beat| line(beat).to_lowercase()).filter(|beat| !beat.is_empty()) {
        if !beats.contains(&beat) {
            beats.push(beat);
        }
    }
    if beats.len() > MOST_BEATS || beats.iter().any(|beat| beat.chars().count() > 60) {
        slips.push(slip("beats", t(lang, "people.slip.beats")));
    }
    beats
}

/// What was chosen among what there is.
pub(super) fn choice<T>(found: Option<T>, field: &'static str, lang: Lang, slips: &mut Vec<Slip>) -> Option<T> {
    if found.is_none() {
        slips.push(slip(field, t(lang, "people.slip.choice")));
    }
    found
}

fn day(text: &str, field: &'static str, lang: Lang, slips: &mut Vec<Slip>) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let day = text.parse::<Date>().ok().filter(|day| (1990..=2100).contains(&day.year()));
    if day.is_none() {
        slips.push(slip(field, t(lang, "people.slip.day")));
    }
    day
}
