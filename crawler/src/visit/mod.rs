//! One visit to one source: asked politely, judged, read.
//!
//! A visit never fails as a function: whatever happens is a [`Reading`] with an outcome, because silence of a source
//! must be as visible as its news. What was known stays: an answer that could not be read leaves the old validators in
//! place, so that the next visit asks for it again. Left out: which items are new, the pause between two requests, and
//! rows (the job `crawl` does all three); drop folders of agencies, which are looked at and not asked ([`crate::wire`]).

mod errand;
mod fetch;
mod maps;
pub(crate) mod why;
mod window;
pub(crate) mod worker;

pub use fetch::{Fetched, fetch_robots, fetch_tdmrep};
pub(crate) use fetch::{Purpose, Unasked, ask, retry_after};

use crate::feed::{Item, Problem};
use crate::robots::{Robots, Verdict};
use crate::tdm::Tdm;
use crate::{hints, key};
use salastampa_domain::{Detour, DetourKind, Hints, Source, SourceKind, Timestamp, Validators, VisitOutcome};
use salastampa_http::{Client, Refused, Response};
use std::net::IpAddr;
use std::time::Duration;
use window::Window;

/// Redirects from host to host that one visit follows.
const MOST_HOPS: usize = 5;

/// What a site permits, and how far we go.
#[derive(Clone, PartialEq, Debug)]
pub struct Manners {
    /// Its robots.txt.
    pub robots: Robots,
    /// Its tdmrep.json.
    pub tdm: Tdm,
    /// A licence of the publisher is recorded: a reservation of text mining does not keep us from the text.
    pub licensed: bool,
    /// Longest parse. Far above what any document needs: a busy machine is no reason to call a source ill.
    pub parse: Duration,
}

impl Manners {
    /// From the answers kept for a host, as (status, body); `None` where nobody has asked yet, which permits all.
    pub fn of(robots: Option<(u16, &str)>, tdmrep: Option<(u16, &str)>) -> Self {
        Self {
            robots: robots.map_or(Robots::Open, |(status, body)| Robots::read(status, body)),
            tdm: tdmrep.map_or_else(Tdm::default, |(status, body)| Tdm::read(status, body)),
            licensed: false,
            parse: Duration::from_secs(10),
        }
    }
}

/// What a visit gave.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// How it ended.
    pub outcome: VisitOutcome,
    /// HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Whether the question was conditional.
    pub conditional: bool,
    /// Bytes of the body, unpacked.
    pub bytes: i64,
    /// What to send back next time; the old ones where this visit was no good.
    pub validators: Validators,
    /// What stands in the window of the source. Their keys are [`key::canonical`] of the address.
    pub items: Vec<Item>,
    /// What could not be read; the rest was.
    pub problems: Vec<Problem>,
    /// What the server binds us to wait, in milliseconds: a minute to a day.
    pub retry_after: Option<i64>,
    /// Where the source has moved for good (301, 308), if the server says so.
    pub moved: Option<String>,
    /// Text mining is reserved at this address.
    pub tdm_reserved: bool,
    /// The source is elsewhere for now, or lists other places: the next visit goes there, through the gate of that host.
    pub detour: Option<Detour>,
    /// What the feed says about being asked again; `None` where no feed came.
    pub hints: Option<Hints>,
    /// The hub that the feed names.
    pub hub: Option<hints::Hub>,
    /// How long the answer stays fresh, in milliseconds.
    pub fresh_for: Option<i64>,
    /// Feeds that a page names which came where a feed was expected.
    pub feeds: Vec<String>,
    /// The machine that answered.
    pub peer: Option<IpAddr>,
}

impl Reading {
    fn without_answer(outcome: VisitOutcome, source: &Source) -> Self {
        Self {
            outcome,
            status: None,
            conditional: false,
            bytes: 0,
            validators: source.validators.clone(),
            items: Vec::new(),
            problems: Vec::new(),
            retry_after: None,
            moved: None,
            tdm_reserved: false,
            detour: None,
            hints: None,
            hub: None,
            fresh_for: None,
            feeds: Vec::new(),
            peer: None,
        }
    }
}

/// Where the next visit to a source goes: its own address, or where a detour leads.
pub fn destination(source: &Source, now: Timestamp) -> String {
    match &source.learned.detour {
        Some(detour) => detour.url.clone(),
        None => month_filled(&source.url, now),
    }
}

/// Visits a source once, or what its detour leads to.
pub async fn visit(client: &Client, source: &Source, manners: &Manners, now: Timestamp) -> Reading {
    match &source.learned.detour {
        Some(Detour { url, why: DetourKind::Repair { since } }) => {
            errand::repair(client, source, url, *since, manners, now).await
        }
        Some(Detour { url, why: DetourKind::Discover }) => errand::discover(client, source, url, manners, now).await,
        Some(Detour { url, why: DetourKind::Maps(walk) }) => maps::go_on(client, source, url, walk, manners, now).await,
        Some(Detour { why: DetourKind::Redirect { .. }, .. }) | None => own(client, source, manners, now).await,
    }
}

/// Reads a source at its own address, or where that redirects to.
async fn own(client: &Client, source: &Source, manners: &Manners, now: Timestamp) -> Reading {
    let purpose = match &source.kind {
        SourceKind::Feed => Purpose::Feed,
        SourceKind::Sitemap => Purpose::Sitemap,
        SourceKind::Page { .. } => Purpose::Page,
        SourceKind::Wire { .. } => {
            let why = "una cartella di agenzia non si visita come un sito".into();
            return Reading::without_answer(VisitOutcome::Ours { why }, source);
        }
    };
    let url = destination(source, now);
    // a feed that a person configured is published for programs: robots.txt is heard, not obeyed
    if purpose != Purpose::Feed
        && let Some(outcome) = forbidden(&manners.robots, &url)
    {
        return Reading::without_answer(outcome, source);
    }
    let known = &source.validators;
    let conditional = known.etag.is_some() || known.last_modified.is_some();
    let hops = match &source.learned.detour {
        Some(Detour { why: DetourKind::Redirect { hops }, .. }) => hops.clone(),
        _ => Vec::new(),
    };
    let answer = match ask(client, &url, purpose, Some(known), manners).await {
        Ok(answer) => answer,
        Err(Unasked::Elsewhere { to, statuses }) => {
            let hops: Vec<u16> = hops.into_iter().chain(statuses).collect();
            if hops.len() > MOST_HOPS {
                let outcome = why::of_refusal(&Refused::TooManyRedirects);
                return Reading { conditional, ..Reading::without_answer(outcome, source) };
            }
            let detour = Some(Detour { url: to, why: DetourKind::Redirect { hops } });
            return Reading { conditional, detour, ..Reading::without_answer(VisitOutcome::Unchanged, source) };
        }
        Err(Unasked::Failed(outcome)) => return Reading { conditional, ..Reading::without_answer(outcome, source) },
    };
    let mut reading = Reading {
        status: Some(answer.status),
        conditional,
        bytes: i64::try_from(answer.body.len()).unwrap_or(i64::MAX),
        retry_after: retry_after(&answer, now),
        moved: moved(&hops, &url, &answer),
        tdm_reserved: manners.tdm.reserved(&answer.url, &answer.headers),
        fresh_for: hints::fresh_for(&answer),
        peer: answer.peer,
        ..Reading::without_answer(VisitOutcome::Read, source)
    };
    if purpose == Purpose::Feed {
        reading.hub = hints::hub(&answer);
    }
    if let Some(outcome) = why::of_answer(&answer, conditional) {
        if outcome == VisitOutcome::Unchanged {
            reading.validators = validators(&answer, known.body_hash.clone(), known);
        }
        return Reading { outcome, ..reading };
    }
    if purpose == Purpose::Feed {
        reading.hints = Some(hints::of_feed(&answer.body));
    }
    let hash = key::body_hash(&answer.body);
    let mut fresh = validators(&answer, Some(hash.clone()), &Validators::default());
    if known.body_hash.as_deref() == Some(hash.as_str()) {
        return Reading { outcome: VisitOutcome::Unchanged, validators: fresh, ..reading };
    }
    let window = match &source.kind {
        SourceKind::Page { selectors } => {
            window::read_section(answer, selectors.clone(), manners, now).await.map_err(|outcome| (outcome, Vec::new()))
        }
        SourceKind::Sitemap => match maps::begin(answer, None, manners, now).await {
            Ok(listed) => {
                reading.detour = listed.detour;
                if listed.is_map_of_maps {
                    // the maps below change while the map of maps stays as it was
                    fresh = Validators::default();
                }
                Ok(Window { items: listed.items, problems: listed.problems })
            }
            Err(outcome) => Err((outcome, Vec::new())),
        },
        _ => window::read_feed(answer, manners, now).await,
    };
    match window {
        Ok(Window { items, problems }) => Reading { items, problems, validators: fresh, ..reading },
        Err((outcome, feeds)) => Reading { outcome, feeds, ..reading },
    }
}

/// What robots.txt makes of a visit that it binds; `None` where it permits.
pub(crate) fn forbidden(robots: &Robots, url: &str) -> Option<VisitOutcome> {
    match robots.verdict(url) {
        Verdict::Allowed => None,
        Verdict::Disallowed { .. } | Verdict::Unreadable => Some(VisitOutcome::Robots),
        // the server is at fault, not its rules: no ban, and soon again
        Verdict::Closed => Some(VisitOutcome::Soft { why: "robots.txt non risponde".into() }),
    }
}

/// The validators of an answer; what it does not name again stays as it was.
pub(crate) fn validators(answer: &Response, body_hash: Option<String>, before: &Validators) -> Validators {
    let header = |name: &str, before: &Option<String>| {
        answer.header(name).filter(|v| v.len() <= 1_024).map(str::to_owned).or_else(|| before.clone())
    };
    Validators {
        etag: header("etag", &before.etag),
        last_modified: header("last-modified", &before.last_modified),
        body_hash,
    }
}

/// Where redirects that are meant to last have led, as far as no passing one came before them: those of earlier visits of
/// the same detour (by their status), and those of this answer.
fn moved(hops: &[u16], asked: &str, answer: &Response) -> Option<String> {
    let lasts = |status: &u16| matches!(status, 301 | 308);
    if !hops.iter().all(lasts) {
        return None;
    }
    let here = answer.redirects.iter().take_while(|hop| lasts(&hop.status)).last().map(|hop| hop.to.clone());
    here.or_else(|| (!hops.is_empty()).then(|| asked.to_owned()))
}

/// `YYYY` and `MM` in an address are the year and month of the office: sites keep one sitemap a month.
fn month_filled(url: &str, now: Timestamp) -> String {
    if !url.contains("YYYY") {
        return url.to_owned();
    }
    let day = now.day();
    url.replace("YYYY", &format!("{:04}", day.year())).replace("MM", &format!("{:02}", day.month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monthly_address_is_filled_in() {
        let now = Timestamp::parse("2026-11-30 23:30").expect("an instant");
        for (url, expected) in [
            ("https://lago.test/sitemap-YYYY-MM.xml", "https://lago.test/sitemap-2026-11.xml"),
            ("https://lago.test/MM.xml", "https://lago.test/MM.xml"),
        ] {
            assert_eq!(month_filled(url, now), expected);
        }
    }
}
