//! How these pages say states, hours and verbs. Each state has its word; the colour of its badge only goes with it.

use salastampa_domain::{PickupLevel, ReleaseState, Timestamp};
use salastampa_locale::{Lang, date, fill, t};

/// The states in the order of a release's life, by their names in rows and addresses.
pub(crate) const STAGES: [&str; 7] = ["draft", "in_review", "approved", "scheduled", "sending", "sent", "withdrawn"];

/// An instant for machines and for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Moment {
    pub(crate) datetime: String,
    pub(crate) words: String,
}

impl Moment {
    /// `25 novembre 2026, ore 11:00`.
    pub(crate) fn of(at: Timestamp, lang: Lang) -> Self {
        Self { datetime: at.rfc3339(), words: moment(at, lang) }
    }

    /// The same with weekday and zone: for hours that bind somebody.
    pub(crate) fn binding(at: Timestamp, lang: Lang) -> Self {
        let civil = at.civil();
        let (day, time) = (date::long(civil.date(), lang), date::time(civil.time()));
        let words = fill(lang, "composer.binding_hour", &[("day", &day), ("time", &time)]);
        Self { datetime: at.rfc3339(), words }
    }
}

/// `25 novembre 2026, ore 11:00`.
pub(crate) fn moment(at: Timestamp, lang: Lang) -> String {
    date::moment(at.civil(), lang)
}

/// A state as the office calls it.
pub(crate) fn stage_words(lang: Lang, stage: &'static str) -> &'static str {
    salastampa_acts::error::state_name(lang, stage)
}

/// How the badge of a state looks.
pub(crate) fn badge(state: &ReleaseState) -> &'static str {
    match state {
        ReleaseState::Sent { .. } | ReleaseState::Approved { .. } => "good",
        ReleaseState::InReview { .. } | ReleaseState::Scheduled { .. } | ReleaseState::Sending { .. } => "note",
        ReleaseState::Withdrawn { .. } => "bad",
        ReleaseState::Draft => "",
    }
}

/// What somebody did to a release.
pub(crate) fn verb_words(lang: Lang, verb: &str) -> String {
    let key = match verb {
        "release.new" => "composer.verb.new",
        "release.edit" => "composer.verb.edit",
        "release.submit" => "composer.verb.submit",
        "release.approve" => "composer.verb.approve",
        "release.approve_alone" => "composer.verb.approve_alone",
        "release.sign" => "election.sign.verb",
        "release.hold" => "election.sign.verb_hold",
        "release.reject" => "composer.verb.reject",
        "release.files" => "composer.verb.files",
        "release.quote" => "composer.verb.quote",
        "release.quote_removed" => "composer.verb.quote_removed",
        "release.note" => "composer.verb.note",
        "release.note_removed" => "composer.verb.note_removed",
        "release.schedule" => "composer.verb.schedule",
        "release.send" => "composer.verb.send",
        "release.settle" => "composer.verb.settle",
        "release.stop" => "composer.verb.stop",
        "outbox.pause" => "composer.verb.pause",
        "outbox.resume" => "composer.verb.resume",
        "release.abandon" => "composer.verb.abandon",
        "release.correct" => "composer.verb.correct",
        "release.withdraw" => "composer.verb.withdraw",
        other => return other.to_owned(),
    };
    t(lang, key).to_owned()
}

/// How much of a release an article used.
pub(crate) fn level_words(lang: Lang, level: PickupLevel) -> &'static str {
    match level {
        PickupLevel::Theme => t(lang, "composer.pickup.theme"),
        PickupLevel::Quote => t(lang, "composer.pickup.quote"),
        PickupLevel::Partial => t(lang, "composer.pickup.partial"),
        PickupLevel::Full => t(lang, "composer.pickup.full"),
    }
}

/// So long, in words: `35 min`, `3 h 5 min`, `2 giorni e 3 h`.
pub(crate) fn length(milliseconds: i64, lang: Lang) -> String {
    let minutes = (milliseconds / salastampa_domain::time::MINUTE).max(0);
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    if days > 0 {
        let days = salastampa_locale::plural(lang, "duration.day", usize::try_from(days).unwrap_or_default());
        return fill(lang, "duration.day_hours", &[("days", &days), ("h", &hours.to_string())]);
    }
    let (h, m) = (hours.to_string(), (minutes % 60).to_string());
    match hours {
        0 => fill(lang, "duration.minutes", &[("m", &m)]),
        _ => fill(lang, "duration.hours_minutes", &[("h", &h), ("m", &m)]),
    }
}

/// Thousandths as a percentage: `87 %`.
pub(crate) fn share(thousandths: i64) -> String {
    format!("{} %", (thousandths + 5) / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_hours_are_said_as_people_say_them() {
        for (minutes, it, en) in
            [(0, "0 min", "0 min"), (65, "1 h 5 min", "1 h 5 min"), (1_500, "1 giorno e 1 h", "1 day and 1 h")]
        {
            assert_eq!(
                (length(minutes * 60_000, Lang::It), length(minutes * 60_000, Lang::En)),
                (it.into(), en.into())
            );
        }
        let at = Timestamp::parse("2026-11-25 11:00").expect("an instant");
        assert_eq!(Moment::binding(at, Lang::It).words, "mercoledì 25 novembre 2026, ore 11:00, ora italiana");
        assert_eq!((share(874), share(1000)), ("87 %".into(), "100 %".into()));
    }
}
