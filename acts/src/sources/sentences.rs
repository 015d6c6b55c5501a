//! How a source fares, in a sentence that says what, since when, and what to do. The causes come from the crawler in a
//! few Italian words (its remarks on a document in English): both are told in the language of whoever reads.

use salastampa_domain::{Health, Quiet, Source, Timestamp, Visit, VisitOutcome};
use salastampa_locale::date::Before;
use salastampa_locale::words::catalogue;
use salastampa_locale::{Lang, date, fill, plural, t};

/// How a source fares, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Never visited yet.
    New,
    /// As it should be.
    Alive,
    /// The last visit failed.
    Failing,
    /// *Ammalata*.
    Ill,
    /// *Bloccata dal sito*.
    Blocked,
    /// *Vietata da robots.txt*.
    Forbidden,
    /// *Silenziosa*: it answers, and brings nothing at an hour at which it always did.
    Quiet,
    /// Left alone by a person.
    Paused,
    /// Not visited any more.
    Retired,
}

impl Mood {
    /// The word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::New => t(lang, "sources.mood.new"),
            Self::Alive => t(lang, "sources.mood.alive"),
            Self::Failing => t(lang, "sources.mood.failing"),
            Self::Ill => t(lang, "sources.mood.ill"),
            Self::Blocked => t(lang, "sources.mood.blocked"),
            Self::Forbidden => t(lang, "sources.mood.forbidden"),
            Self::Quiet => t(lang, "sources.mood.quiet"),
            Self::Paused => t(lang, "sources.mood.paused"),
            Self::Retired => t(lang, "sources.mood.retired"),
        }
    }

    /// Whether somebody should look after it.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Ill | Self::Blocked | Self::Forbidden | Self::Quiet)
    }
}

/// How a source fares.
pub fn mood(source: &Source) -> Mood {
    if source.retired_at.is_some() {
        return Mood::Retired;
    }
    if source.paused {
        return Mood::Paused;
    }
    match source.health {
        Health::New | Health::Alive | Health::Failing { .. } if source.learned.quiet.is_some() => Mood::Quiet,
        Health::New => Mood::New,
        Health::Alive => Mood::Alive,
        Health::Failing { .. } => Mood::Failing,
        Health::Ill { .. } => Mood::Ill,
        Health::Blocked { .. } => Mood::Blocked,
        Health::Forbidden { .. } => Mood::Forbidden,
    }
}

/// What is the matter with a source, since when.
pub fn health(source: &Source, lang: Lang) -> String {
    let moment = |at: Timestamp| since(at, lang);
    match (mood(source), &source.health) {
        (Mood::Retired, _) => {
            let since = source.retired_at.map(moment).unwrap_or_default();
            fill(lang, "sources.health.retired", &[("since", &since)])
        }
        (Mood::Paused, _) => t(lang, "sources.health.paused").to_owned(),
        (Mood::Quiet, _) => {
            let quiet = source.learned.quiet.unwrap_or(Quiet { since: Timestamp(0), at: Timestamp(0), expected: 0 });
            let values = [("since", moment(quiet.since)), ("n", whole(quiet.expected))];
            fill(lang, "sources.health.quiet", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
        }
        (_, Health::New) => t(lang, "sources.health.new").to_owned(),
        (_, Health::Alive) => t(lang, "sources.health.alive").to_owned(),
        (_, Health::Failing { times }) => plural(lang, "sources.health.failing", *times as usize),
        (_, Health::Ill { since, times, why: cause }) => {
            let times = plural(lang, "sources.health.times", *times as usize);
            let values = [("since", moment(*since)), ("why", why(cause, lang)), ("times", times)];
            fill(lang, "sources.health.ill", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
        }
        (_, Health::Blocked { since, why: cause }) => {
            fill(lang, "sources.health.blocked", &[("since", &moment(*since)), ("why", &why(cause, lang))])
        }
        (_, Health::Forbidden { since }) => fill(lang, "sources.health.forbidden", &[("since", &moment(*since))]),
    }
}

/// What a source that is not read has probably published since: what it usually does in such a time.
pub fn missed(source: &Source, patron: Option<(i8, i8)>, now: Timestamp, lang: Lang) -> Option<String> {
    let since = match &source.health {
        Health::Ill { since, .. } | Health::Blocked { since, .. } | Health::Forbidden { since } => *since,
        _ => return None,
    };
    let expected = source.learned.profile.expected(since, now, patron);
    (source.is_active() && source.learned.profile.is_known() && expected >= 1_000)
        .then(|| fill(lang, "sources.health.missed", &[("n", &whole(expected))]))
}

/// Thousandths of items as a whole number of them.
fn whole(thousandths: u64) -> String {
    ((thousandths + 500) / 1_000).to_string()
}

/// *dal 23 novembre alle 05:12*.
pub fn since(at: Timestamp, lang: Lang) -> String {
    let at = at.civil();
    let day = match lang {
        Lang::It => date::with_article(Before::From, at.date(), lang),
        Lang::En => date::day_month(at.date(), lang),
    };
    fill(lang, "sources.since", &[("day", &day), ("time", &date::time(at.time()))])
}

/// What somebody can do about it; nothing where nothing is the matter.
pub fn remedy(source: &Source, lang: Lang) -> Option<&'static str> {
    Some(match mood(source) {
        Mood::New | Mood::Alive | Mood::Paused | Mood::Retired => return None,
        Mood::Failing => t(lang, "sources.remedy.failing"),
        Mood::Ill => t(lang, "sources.remedy.ill"),
        Mood::Blocked => t(lang, "sources.remedy.blocked"),
        Mood::Forbidden => t(lang, "sources.remedy.forbidden"),
        Mood::Quiet => t(lang, "sources.remedy.quiet"),
    })
}

/// How a visit ended.
pub fn outcome(visit: &Visit, lang: Lang) -> String {
    let cause = |key: &'static str, cause: &str| fill(lang, key, &[("why", &why(cause, lang))]);
    match &visit.outcome {
        VisitOutcome::Read if visit.new == 0 => plural(lang, "sources.outcome.nothing_new", visit.found as usize),
        VisitOutcome::Read => {
            let new = plural(lang, "sources.outcome.new", visit.new as usize);
            let found = plural(lang, "sources.outcome.found", visit.found as usize);
            fill(lang, "sources.outcome.read", &[("new", &new), ("found", &found)])
        }
        VisitOutcome::Unchanged => t(lang, "sources.outcome.unchanged").to_owned(),
        VisitOutcome::Soft { why } => cause("sources.outcome.soft", why),
        VisitOutcome::Hard { why } => cause("sources.outcome.hard", why),
        VisitOutcome::Blocked { why } => cause("sources.outcome.blocked", why),
        VisitOutcome::NotAFeed { why } => cause("sources.outcome.not_a_feed", why),
        VisitOutcome::Empty { why } => cause("sources.outcome.empty", why),
        VisitOutcome::Robots => t(lang, "sources.outcome.robots").to_owned(),
        VisitOutcome::Hostile { why } => cause("sources.outcome.hostile", why),
        VisitOutcome::Ours { why } => cause("sources.outcome.ours", why),
    }
}

/// The causes and remarks that the crawler is known to give, under `sources.why`.
const CAUSES: &str = "sources.why.";

/// A cause in the reader's language; one that nobody has translated stays as it is.
pub fn why(text: &str, lang: Lang) -> String {
    let wanted = catalogue(lang);
    for from in Lang::ALL {
        for (key, pattern) in catalogue(from).range(CAUSES.to_owned()..).take_while(|(key, _)| key.starts_with(CAUSES))
        {
            if let Some(x) = matched(pattern, text) {
                return wanted.get(key).map_or_else(|| text.to_owned(), |words| words.replace("{x}", x));
            }
        }
    }
    text.to_owned()
}

/// What stands for `{x}` if the text is of that pattern.
fn matched<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
    match pattern.split_once("{x}") {
        None => (pattern == text).then_some(""),
        Some((before, after)) => {
            let x = text.strip_prefix(before)?.strip_suffix(after)?;
            (!x.is_empty()).then_some(x)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{SourceId, VisitId};

    #[test]
    fn a_cause_is_told_in_the_language_of_the_reader() {
        for (text, italian, english) in [
            ("nessuna risposta entro il tempo", "nessuna risposta entro il tempo", "no answer in time"),
            ("il sito risponde 503", "il sito risponde 503", "the site answers 503"),
            ("cut after 2000 items", "tagliato dopo 2000 notizie", "cut after 2000 items"),
            ("mai sentito", "mai sentito", "mai sentito"),
        ] {
            assert_eq!((why(text, Lang::It).as_str(), why(text, Lang::En).as_str()), (italian, english));
        }
    }

    #[test]
    fn a_visit_says_what_it_gave() {
        let visit = |outcome, found, new| Visit {
            id: VisitId(1),
            source: SourceId(1),
            at: Timestamp(0),
            took: 40,
            status: Some(200),
            conditional: false,
            bytes: 900,
            found,
            new,
            outcome,
        };
        let said = |v: Visit| outcome(&v, Lang::It);
        assert_eq!(said(visit(VisitOutcome::Read, 25, 3)), "Letta: 3 articoli nuovi su 25 elencati.");
        assert_eq!(said(visit(VisitOutcome::Read, 1, 1)), "Letta: 1 articolo nuovo su 1 elencato.");
        assert_eq!(said(visit(VisitOutcome::Read, 25, 0)), "Letta: nessun articolo nuovo tra i 25 elencati.");
        let lost = VisitOutcome::Soft { why: "non trovato (risposta 404)".into() };
        assert_eq!(said(visit(lost, 0, 0)), "Non riuscita: non trovato (risposta 404). Si riprova da sé.");
    }
}
