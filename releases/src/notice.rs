//! The notice of GDPR art. 14 as a letter: to whoever gets mail of the office for the first time, apart from that mail.
//!
//! It says what the law asks for and what the office knows: controller and data protection officer in the office's own
//! words, reason and basis, kinds of data, where they come from, until when, the rights and how to leave. Nothing is
//! invented: a source that nobody wrote down is called unknown, and who else may see the data stands in the office's whole
//! notice, to which the letter leads. It holds nothing of the person by name, so that people of whom the same is to be said
//! get the same frozen letter.

use crate::letter::{OfOffice, escape_markdown};
use crate::render::House;
use jiff::civil::Date;
use salastampa_domain::keeping::SILENCE;
use salastampa_domain::{Basis, Contact, Letter, Privacy};
use salastampa_locale::{Lang, fill, t};

/// What is said to a person; people of whom the same is to be said get the same letter.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Said {
    /// The language of the letter.
    pub lang: Lang,
    /// Why their data may be held.
    pub consent: bool,
    /// Where the address comes from; empty where nobody wrote it down.
    pub origin: String,
    /// Up to when the data are held, if a day is set.
    pub expires: Option<Date>,
    /// Beats are held.
    pub beats: bool,
    /// A territory is held.
    pub territory: bool,
    /// Telephones are held.
    pub phones: bool,
    /// Quiet hours are held.
    pub quiet: bool,
    /// Further addresses are held.
    pub others: bool,
    /// What they are at their outlet is held, or where else they work.
    pub roles: bool,
    /// They are trusted with releases under embargo.
    pub embargo: bool,
    /// The office has written notes about them.
    pub notes: bool,
}

impl Said {
    /// What is to be said to that person.
    pub fn to(contact: &Contact, house: &House) -> Self {
        Self {
            lang: Lang::parse(&contact.language).unwrap_or(house.lang),
            consent: contact.basis == Basis::Consent,
            origin: contact.origin.trim().to_owned(),
            expires: contact.expires,
            beats: !contact.beats.is_empty(),
            territory: !contact.territory.trim().is_empty(),
            phones: !contact.phones.is_empty(),
            quiet: contact.quiet.is_some(),
            others: !contact.others.is_empty(),
            roles: !contact.role.trim().is_empty() || !contact.posts.is_empty(),
            embargo: contact.accepts_embargo,
            notes: !contact.notes.trim().is_empty(),
        }
    }
}

/// The notice to those of whom that is to be said. All of `privacy` is said: see [`Privacy::is_said`].
pub fn notice_letter(said: &Said, privacy: &Privacy, house: &House) -> Letter {
    let lang = said.lang;
    let subject = fill(lang, "notice.subject", &[("office", &house.office)]);
    let intro = fill(lang, "notice.intro", &[("office", &house.office)]);
    let letter = OfOffice {
        lang,
        subject,
        kind: t(lang, "notice.kind"),
        title: t(lang, "notice.title").to_owned(),
        dateline: t(lang, "notice.law").to_owned(),
        markdown: body(said, privacy, &intro),
        preheader: intro,
        auto_generated: true,
    };
    letter.letter(house)
}

/// The text as Markdown, a paragraph a matter.
fn body(said: &Said, privacy: &Privacy, intro: &str) -> String {
    let lang = said.lang;
    let part = |name: &'static str, words: &str| format!("**{}** {words}", t(lang, name));
    let basis = if said.consent { "notice.basis_consent" } else { "notice.basis_task" };
    // what happens with everybody is held of everybody: messages, answers, what came of them in the press
    let mut data = t(lang, "notice.data_all").to_owned();
    for (held, key) in [
        (said.others, "notice.data_others"),
        (said.phones, "notice.data_phones"),
        (said.roles, "notice.data_roles"),
        (said.beats, "notice.data_beats"),
        (said.territory, "notice.data_territory"),
        (said.quiet, "notice.data_quiet"),
        (said.embargo, "notice.data_embargo"),
        (said.notes, "notice.data_notes"),
    ] {
        if held {
            data.push_str(t(lang, key));
        }
    }
    let origin = match said.origin.as_str() {
        "" => t(lang, "notice.origin_unknown").to_owned(),
        origin => escape_markdown(origin),
    };
    let until = match said.expires {
        Some(day) => fill(lang, "notice.until_day", &[("day", &salastampa_locale::date::full(day, lang))]),
        None => fill(lang, "notice.until_silence", &[("months", &SILENCE.to_string())]),
    };
    let rights = if said.consent { "notice.rights_consent" } else { "notice.rights_task" };
    [
        escape_markdown(intro),
        part("notice.controller", &escape_markdown(&privacy.controller)),
        part("notice.dpo", &escape_markdown(&privacy.dpo)),
        part("notice.why", t(lang, basis)),
        part("notice.data", &format!("{data}.")),
        part("notice.origin", &origin),
        part("notice.until", &until),
        part("notice.rights", t(lang, rights)),
        part("notice.leave", t(lang, "notice.leave_words")),
        part("notice.page", &format!("<{}>", privacy.page)),
    ]
    .join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::delivery::UNSUBSCRIBE_MARK;

    fn house() -> House {
        House {
            office: "Comune di Bellariva sul Lago".into(),
            town: "Bellariva sul Lago".into(),
            contacts: "Ufficio stampa, tel. 0300 555".into(),
            base_url: "https://stampa.bellariva.test".into(),
            lang: Lang::It,
        }
    }

    fn privacy() -> Privacy {
        Privacy {
            controller: "Comune di Bellariva *sul* Lago, <b>piazza</b> del Porto 1".into(),
            dpo: "rpd@bellariva.test".into(),
            page: "https://www.bellariva.test/privacy?a=(b)&c".into(),
        }
    }

    fn said(lang: Lang) -> Said {
        Said {
            lang,
            consent: false,
            origin: "sito [x](http://y.test)".into(),
            expires: None,
            beats: true,
            territory: false,
            phones: false,
            quiet: false,
            others: false,
            roles: false,
            embargo: false,
            notes: false,
        }
    }

    #[test]
    fn all_that_art_14_asks_for_is_said_in_both_languages() {
        for (lang, parts) in [
            (
                Lang::It,
                [
                    "Titolare",
                    "6, paragrafo 1, lettera e",
                    "150/2000",
                    "24 mesi",
                    "Garante",
                    "sito [x](http://y.test)",
                    "ambiti",
                ],
            ),
            (
                Lang::En,
                ["controller", "6(1)(e)", "150/2000", "24 months", "Garante", "sito [x](http://y.test)", "beats"],
            ),
        ] {
            let letter = notice_letter(&said(lang), &privacy(), &house());
            for part in parts {
                assert!(letter.text.contains(part), "{part} in {}", letter.text);
            }
            assert!(letter.text.contains("rpd@bellariva.test") && letter.text.contains("?a=(b)&c"), "{}", letter.text);
            assert!(letter.text.contains("Comune di Bellariva *sul* Lago, <b>piazza</b>"), "{}", letter.text);
            assert!(
                !letter.html.contains("<b>piazza") && !letter.html.contains("href=\"http://y.test"),
                "{}",
                letter.html
            );
            assert!(letter.html.contains(UNSUBSCRIBE_MARK) && letter.text.contains(UNSUBSCRIBE_MARK));
            assert!(letter.html.contains("href=\"https://www.bellariva.test/privacy"), "{}", letter.html);
            assert!(letter.auto_generated && letter.list.is_some());
        }
    }

    #[test]
    fn what_differs_is_said_and_what_nobody_knows_is_called_unknown() {
        let text = |said: Said| notice_letter(&said, &privacy(), &house()).text;
        let day = jiff::civil::date(2027, 5, 31);
        let consent = text(Said { consent: true, expires: Some(day), origin: String::new(), ..said(Lang::It) });
        for part in ["consenso", "31 maggio 2027", "nessuno ha annotato"] {
            assert!(consent.contains(part), "{part} in {consent}");
        }
        assert!(!consent.contains("telefono") && !consent.contains("le ore"), "{consent}");
        let reached = text(Said { phones: true, quiet: true, ..said(Lang::It) });
        assert!(reached.contains("i tuoi numeri di telefono") && reached.contains("le ore in cui"), "{reached}");
        let never = ["altri tuoi indirizzi", "ruolo", "embargo", "annotazioni"];
        assert!(!never.iter().any(|part| reached.contains(part)), "{reached}");
        let known = text(Said { others: true, roles: true, embargo: true, notes: true, ..said(Lang::It) });
        for part in never.into_iter().chain(["le risposte", "ripreso"]) {
            assert!(known.contains(part), "{part} in {known}");
        }
        assert!(!consent.contains("150/2000") && !consent.contains("24 mesi"), "{consent}");
    }
}
