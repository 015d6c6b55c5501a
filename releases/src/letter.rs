//! From a frozen version to the letter that the outbox keeps.

use crate::render::House;
use crate::{draft, mail, wording};
use salastampa_domain::{Letter, Timestamp, Version};
use salastampa_locale::{Lang, fill, t};

/// The name of the list in `List-Id` (RFC 2919). One for all lists of the office: a letter is frozen once for
/// everybody, and who is on two lists gets it once.
pub const LIST: &str = "comunicati";

/// The letter of a version: its frozen bytes, for a list that can be left, without attachments, by a person's word.
pub fn letter(version: &Version, house: &House) -> Letter {
    Letter {
        subject: version.subject.clone(),
        html: version.html.clone(),
        text: version.text.clone(),
        language: language(version, house).code().to_owned(),
        auto_generated: false,
        list: Some(LIST.to_owned()),
        attachments: Vec::new(),
    }
}

/// The letter that calls a version back: to whoever got it, in the thread of their own mail.
pub fn kill_letter(version: &Version, house: &House, why: &str, at: Timestamp) -> Letter {
    let lang = language(version, house);
    let title = fill(lang, "releases.withdrawn.title", &[("title", &version.title)]);
    let day = salastampa_locale::date::moment(at.civil(), lang);
    let asked = fill(lang, "releases.withdrawn.body", &[("at", &day)]);
    let reason = fill(lang, "releases.withdrawn.reason", &[("why", why.trim())]);
    let said = OfOffice {
        lang,
        subject: fill(lang, "releases.withdrawn.subject", &[("title", &version.title)]),
        kind: t(lang, "releases.withdrawn.kind"),
        title,
        dateline: wording::dateline(&house.town, at.day(), lang),
        markdown: format!("{asked}\n\n{}", escape_markdown(&reason)),
        preheader: asked,
        auto_generated: false,
    };
    said.letter(house)
}

/// What a letter of the office to journalists says that is no release, in the clothes of one.
pub(crate) struct OfOffice {
    pub(crate) lang: Lang,
    pub(crate) subject: String,
    pub(crate) preheader: String,
    /// The line above the title.
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) dateline: String,
    pub(crate) markdown: String,
    /// Made by a program without a person's word (RFC 3834).
    pub(crate) auto_generated: bool,
}

impl OfOffice {
    /// The letter, which can be left like a release.
    pub(crate) fn letter(self, house: &House) -> Letter {
        let lang = self.lang;
        let why = fill(lang, "releases.mail.why", &[("office", &house.office)]);
        let letter = self.dressed(house, None, why, Some(t(lang, "releases.mail.leave")));
        Letter { list: Some(LIST.to_owned()), ..letter }
    }

    /// The letter to one person who asked for it: it goes to no list.
    pub(crate) fn for_one(self, house: &House, link: mail::Online, why: String) -> Letter {
        self.dressed(house, Some(link), why, None)
    }

    fn dressed(self, house: &House, online: Option<mail::Online>, why: String, leave: Option<&'static str>) -> Letter {
        let lang = self.lang;
        let (blocks, _) = crate::markdown::parse(&self.markdown, lang);
        let sheet = mail::Sheet {
            lang: lang.code(),
            subject: self.subject,
            preheader: self.preheader,
            embargo: None,
            correction: None,
            office: house.office.clone(),
            press_office: t(lang, "common.office"),
            numbered: self.kind.to_owned(),
            kicker: String::new(),
            title: self.title,
            summary: String::new(),
            dateline: self.dateline,
            body: crate::html::render(&blocks, crate::html::MAIL),
            body_text: crate::plain::render(&blocks),
            contacts_heading: t(lang, "releases.mail.contacts"),
            contacts: house.contacts.lines().map(str::to_owned).collect(),
            online,
            files: Vec::new(),
            why,
            leave,
        };
        Letter {
            html: sheet.html(),
            text: sheet.text(),
            subject: sheet.subject,
            language: lang.code().to_owned(),
            auto_generated: self.auto_generated,
            list: None,
            attachments: Vec::new(),
        }
    }
}

fn language(version: &Version, house: &House) -> Lang {
    draft::parse(&version.markdown).ok().and_then(|draft| draft.language).unwrap_or(house.lang)
}

/// A reason is a plain sentence: no mark in it means anything.
pub(crate) fn escape_markdown(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}
