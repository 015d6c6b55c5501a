//! Personal data of journalists are held for a reason and for a time: what the notice of GDPR art. 14 must name and only
//! the office can say, and when a record comes up to be confirmed or deleted.
//!
//! Nothing is deleted by the calendar alone: a person at the desk decides. The 24 months are policy of the office, taken
//! from the practice of the Italian authority for contacts of newsrooms, not a number of the law.

use crate::{Contact, Timestamp};
use jiff::Span;
use jiff::civil::Date;

/// Without a sign of a journalist for so many months, their record is looked over.
pub const SILENCE: i32 = 24;
/// The notice is given within so many days (GDPR art. 14(3)(a): "at the latest within one month").
pub const NOTICE_DAYS: i64 = 30;

/// What the notice of GDPR art. 14 must name and only the office can say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Privacy {
    /// *Titolare del trattamento*: who, and how they are reached.
    pub controller: String,
    /// How the *responsabile della protezione dei dati* is reached.
    pub dpo: String,
    /// Address of the whole *informativa*.
    pub page: String,
}

/// Something that the office has not said of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsaid {
    /// [`Privacy::controller`].
    Controller,
    /// [`Privacy::dpo`].
    Dpo,
    /// [`Privacy::page`].
    Page,
}

/// Why a record is to be confirmed or deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stale {
    /// The day up to which it may be held has passed.
    Expired {
        /// That day.
        day: Date,
    },
    /// No sign of the person for [`SILENCE`] months.
    Silent {
        /// The last sign; none where nobody knows of one.
        since: Option<Timestamp>,
    },
}

impl Privacy {
    /// What is still to be said before a notice can be given.
    pub fn unsaid(&self) -> Vec<Unsaid> {
        let parts = [(&self.controller, Unsaid::Controller), (&self.dpo, Unsaid::Dpo), (&self.page, Unsaid::Page)];
        parts.into_iter().filter(|(text, _)| text.trim().is_empty()).map(|(_, unsaid)| unsaid).collect()
    }

    /// Whether a notice can be given.
    pub fn is_said(&self) -> bool {
        self.unsaid().is_empty()
    }
}

/// What is too old on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Horizon {
    /// That day: what may be held until an earlier one is past it.
    pub day: Date,
    /// Who gave the last sign before this instant has been silent for [`SILENCE`] months.
    pub silent: Timestamp,
}

impl Horizon {
    /// What is too old on that day.
    pub fn on(day: Date) -> Self {
        let silent = day.checked_sub(Span::new().months(SILENCE)).unwrap_or(Date::MIN);
        Self { day, silent: Timestamp::of_civil(silent.at(0, 0, 0, 0)) }
    }
}

/// The last sign that a record is right: the person was written down, changed, confirmed, answered a mail, wrote, signed an
/// article of their outlet, or left. `answered` is when they answered, wrote or signed last.
pub fn last_sign(contact: &Contact, answered: Option<Timestamp>) -> Option<Timestamp> {
    [contact.added_at, contact.changed_at, contact.confirmed_at, contact.opted_out_at, answered]
        .into_iter()
        .flatten()
        .max()
}

/// Why a record is to be confirmed or deleted, if it is. The day up to which it may be held still holds.
pub fn stale(contact: &Contact, answered: Option<Timestamp>, horizon: &Horizon) -> Option<Stale> {
    if let Some(day) = contact.expires.filter(|day| *day < horizon.day) {
        return Some(Stale::Expired { day });
    }
    let since = last_sign(contact, answered);
    since.is_none_or(|since| since < horizon.silent).then_some(Stale::Silent { since })
}

/// The day up to which a record that is confirmed today may be held.
pub fn confirmed_until(today: Date) -> Date {
    today.checked_add(Span::new().months(SILENCE)).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Address, Basis, ContactId, Medium};
    use jiff::civil::date;

    fn contact() -> Contact {
        Contact {
            id: ContactId(1),
            name: "Nina Valli".into(),
            address: Address::parse("nina@il-lago.test").expect("an address"),
            outlet: "Il Lago".into(),
            medium: Medium::Web,
            beats: Vec::new(),
            territory: String::new(),
            language: "it".into(),
            accepts_embargo: false,
            basis: Basis::PublicTask,
            origin: "sito".into(),
            notice_at: None,
            expires: None,
            phones: Vec::new(),
            quiet: None,
            opted_out_at: None,
            added_at: Some(noon(date(2024, 3, 10))),
            changed_at: None,
            confirmed_at: None,
            others: Vec::new(),
            role: String::new(),
            posts: Vec::new(),
            notes: String::new(),
        }
    }

    fn noon(day: Date) -> Timestamp {
        Timestamp::of_civil(day.at(12, 0, 0, 0))
    }

    #[test]
    fn a_record_comes_up_after_two_years_without_a_sign_or_past_its_day() {
        let nina = contact();
        let silent = Some(Stale::Silent { since: nina.added_at });
        assert_eq!(stale(&nina, None, &Horizon::on(date(2026, 3, 10))), None);
        assert_eq!(stale(&nina, None, &Horizon::on(date(2026, 3, 11))), silent);
        let sign = noon(date(2025, 1, 1));
        let signs = [
            (Contact { changed_at: Some(sign), ..nina.clone() }, None),
            (Contact { confirmed_at: Some(sign), ..nina.clone() }, None),
            (Contact { opted_out_at: Some(sign), ..nina.clone() }, None),
            (nina.clone(), Some(sign)),
        ];
        for (contact, answered) in signs {
            assert_eq!(stale(&contact, answered, &Horizon::on(date(2026, 3, 11))), None, "{contact:?}");
        }
        let dated = Contact { expires: Some(date(2026, 3, 1)), ..nina.clone() };
        assert_eq!(stale(&dated, Some(sign), &Horizon::on(date(2026, 3, 1))), None, "the day itself still holds");
        assert_eq!(
            stale(&dated, Some(sign), &Horizon::on(date(2026, 3, 2))),
            Some(Stale::Expired { day: date(2026, 3, 1) })
        );
        let unknown = Contact { added_at: None, ..nina };
        assert_eq!(stale(&unknown, None, &Horizon::on(date(2026, 3, 2))), Some(Stale::Silent { since: None }));
    }

    #[test]
    fn a_leap_day_has_no_gap() {
        assert_eq!(Horizon::on(date(2028, 2, 29)).silent, Timestamp::of_civil(date(2026, 2, 28).at(0, 0, 0, 0)));
        assert_eq!(confirmed_until(date(2028, 2, 29)), date(2030, 2, 28));
    }

    #[test]
    fn a_notice_can_be_given_when_all_is_said() {
        let said = Privacy { controller: "Comune".into(), dpo: " ".into(), page: String::new() };
        assert_eq!(said.unsaid(), [Unsaid::Dpo, Unsaid::Page]);
        let all = Privacy { dpo: "rpd@comune.test".into(), page: "https://comune.test/privacy".into(), ..said };
        assert!(all.is_said());
    }
}
