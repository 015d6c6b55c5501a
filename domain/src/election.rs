//! The calendar of elections, and whether an instant lies in election time (*par condicio*, L. 28/2000 art. 9).
//!
//! From the day on which the polls are called until they close, run-off included, a public body says only what is
//! impersonal and indispensable. Whether that holds is a pure function of the calendar and the instant: nothing is
//! switched on or off, so that a restart or a change of hour is never early or late. Left out: what a text may not say
//! then (`releases::impersonal`), and who signs (`acts`).

use crate::{Period, Timestamp};
use jiff::civil::{Date, Time, time};
use serde::{Deserialize, Serialize};

/// When polls close where nobody says otherwise: as they do in Italy where people vote on a Sunday and the Monday after.
pub const CLOSE: Time = time(15, 0, 0, 0);

/// Longest that one election can bind an office, in days; a longer one is a slip of the pen.
pub const LONGEST: i32 = 366;

/// An election (*consultazione*), by the days on the Italian calendar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Election {
    /// Its name in addresses and in the log; made of the name where a file gives none.
    #[serde(default)]
    pub slug: String,
    /// What it is called: `Elezioni comunali 2027`.
    pub name: String,
    /// Who votes on what.
    #[serde(default)]
    pub kind: ElectionKind,
    /// The day on which the polls are called (*convocazione dei comizi*); its midnight counts.
    pub from: Date,
    /// The last day of the polls.
    pub to: Date,
    /// When the polls close on that day, on the Italian clock.
    #[serde(default = "close")]
    pub closes: Time,
    /// The run-off (*ballottaggio*), where there is one.
    #[serde(default)]
    pub runoff: Option<Runoff>,
}

/// The second round: election time lasts until it is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runoff {
    /// Its last day.
    pub to: Date,
    /// When the polls close on that day, on the Italian clock.
    #[serde(default = "close")]
    pub closes: Time,
}

/// Sorts of elections. All bind alike; the banner says which it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ElectionKind {
    /// *Politiche*.
    National,
    /// *Europee*.
    European,
    /// *Regionali*.
    Regional,
    /// *Comunali* and *provinciali*.
    #[default]
    Local,
    /// *Referendum*.
    Referendum,
}

fn close() -> Time {
    CLOSE
}

impl ElectionKind {
    /// Every sort, the one that an office of a town meets most first.
    pub const ALL: [Self; 5] = [Self::Local, Self::Regional, Self::National, Self::European, Self::Referendum];

    /// Its name in files and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::European => "european",
            Self::Regional => "regional",
            Self::Local => "local",
            Self::Referendum => "referendum",
        }
    }

    /// The sort of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Election {
    /// From 00:00 of the first day (included) to the close of the last polls (excluded), on the Italian clock.
    pub fn period(&self) -> Period {
        let (day, hour) = self.runoff.map_or((self.to, self.closes), |runoff| (runoff.to, runoff.closes));
        Period {
            from: Timestamp::of_civil(self.from.to_datetime(Time::midnight())),
            to: Timestamp::of_civil(day.to_datetime(hour)),
        }
    }

    /// When it ends: from this instant on, it binds nobody.
    pub fn ends(&self) -> Timestamp {
        self.period().to
    }
}

/// The election in whose time the instant lies; of several, the one that ends last.
pub fn in_force(elections: &[Election], at: Timestamp) -> Option<&Election> {
    elections.iter().filter(|election| election.period().contains(at)).max_by_key(|election| election.ends())
}

/// When the next time begins after that instant, if one is in the calendar.
pub fn next_call(elections: &[Election], after: Timestamp) -> Option<Timestamp> {
    elections.iter().map(|election| election.period().from).filter(|from| *from > after).min()
}

/// Whether crest and logo of the body may be shown then. Asked wherever one is: mail, page and PDF.
pub fn shows_crest(elections: &[Election], at: Timestamp) -> bool {
    in_force(elections, at).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    fn election(name: &str, from: &str, to: &str, runoff: Option<&str>) -> Election {
        let day = |text: &str| text.parse().expect("a day");
        Election {
            slug: name.into(),
            name: name.into(),
            kind: ElectionKind::Local,
            from: day(from),
            to: day(to),
            closes: CLOSE,
            runoff: runoff.map(|to| Runoff { to: day(to), closes: CLOSE }),
        }
    }

    #[test]
    fn election_time_begins_at_midnight_and_ends_when_the_polls_close() {
        let calendar = [election("comunali", "2027-04-15", "2027-06-14", None)];
        for (instant, name) in [
            ("2027-04-14 23:59:59", None),
            ("2027-04-15 00:00", Some("comunali")),
            ("2027-06-14 14:59:59", Some("comunali")),
            ("2027-06-14 15:00", None),
        ] {
            assert_eq!(in_force(&calendar, at(instant)).map(|e| e.name.as_str()), name, "{instant}");
            assert_eq!(shows_crest(&calendar, at(instant)), name.is_none(), "{instant}");
        }
        assert!(in_force(&[], at("2027-05-01")).is_none());
    }

    #[test]
    fn a_run_off_goes_on_through_the_days_between_and_of_two_elections_the_longer_one_is_named() {
        let calendar = [
            election("comunali", "2027-04-15", "2027-06-14", Some("2027-06-28")),
            election("referendum", "2027-05-01", "2027-06-14", None),
        ];
        for instant in ["2027-05-02 12:00", "2027-06-20 12:00", "2027-06-28 14:59:59"] {
            assert_eq!(in_force(&calendar, at(instant)).map(|e| e.name.as_str()), Some("comunali"), "{instant}");
        }
        assert!(in_force(&calendar, at("2027-06-28 15:00")).is_none());
    }

    #[test]
    fn days_on_which_the_hour_changes_are_counted_on_the_wall_clock() {
        let spring = election("primavera", "2027-03-28", "2027-03-28", None);
        assert_eq!(spring.period().to.since(spring.period().from), 14 * crate::time::HOUR);
        let autumn = election("autunno", "2027-10-31", "2027-10-31", None);
        assert_eq!(autumn.period().to.since(autumn.period().from), 16 * crate::time::HOUR);
        let night = Election { closes: time(2, 30, 0, 0), ..autumn };
        // the hour that comes twice: the first of the two
        assert_eq!(night.ends(), at("2027-10-31T00:30:00Z"));
    }

    #[test]
    fn a_calendar_reads_from_a_file_with_little_in_it() {
        let read: Election = serde_json::from_str(r#"{"name":"Comunali","from":"2027-04-15","to":"2027-06-14"}"#)
            .expect("the rest has a default");
        assert_eq!((read.closes, read.kind, read.runoff), (CLOSE, ElectionKind::Local, None));
        let whole: Election = serde_json::from_str(
            r#"{"name":"x","kind":"national","from":"2027-04-15","to":"2027-06-13","closes":"23:00",
                "runoff":{"to":"2027-06-28"}}"#,
        )
        .expect("all of it");
        assert_eq!(whole.ends(), at("2027-06-28 15:00"));
    }
}
