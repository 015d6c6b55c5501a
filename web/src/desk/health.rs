//! *Salute*: how the program fares, in plain words, and what to do where it does not fare well.
//!
//! Facts are read once ([`Facts`]), judged by a pure function ([`checks`]), and printed, here and by `doctor` on the command
//! line ([`look`]). A page for people: what machines ask for stands in [`crate::health`] and [`crate::metrics`].

mod archive;
mod rights;

use super::frame::Frame;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::curate;
use salastampa_acts::licences::{self, Ending};
use salastampa_acts::net::{self, Found};
use salastampa_acts::settings;
use salastampa_domain::time::{DAY, HOUR, MINUTE};
use salastampa_domain::{Act, MailWay, Role, Settings, Slot, Timestamp, User};
use salastampa_index::Standing;
use salastampa_locale::{Lang, date, fill, number, plural, t};
use salastampa_store::Waiting;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/salute", get(show))
}

/// How the program fares.
#[derive(Template)]
#[template(path = "desk/health.html")]
pub(crate) struct HealthPage {
    frame: Frame,
    /// All of it in one sentence.
    summary: String,
    is_well: bool,
    checks: Vec<Check>,
    /// When this was looked at.
    datetime: String,
    looked_at: String,
}

/// One thing that was looked at.
pub struct Check {
    /// How it stands.
    pub state: State,
    /// The state in words: never by colour alone.
    badge: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What was found.
    pub words: String,
    /// What to do, where something is to be done.
    pub remedy: Option<String>,
    /// The page where it is done.
    href: Option<String>,
}

/// How one thing stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// Something does not work, or will not soon.
    Bad,
    /// It works, and somebody should look at it.
    Note,
    /// In order.
    Good,
}

impl State {
    fn class(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Note => "note",
            Self::Good => "good",
        }
    }
}

/// So many licences that end soon are named.
const NAMED: usize = 10;

/// What was found.
#[derive(Clone, Debug)]
struct Facts {
    articles: i64,
    room: Option<(u64, u64)>,
    /// How the archive stands, if there is one, and the last change of the store.
    archive: Option<Standing>,
    last_seq: i64,
    alive: usize,
    sources: usize,
    /// Sources that answer and are silent at an unusual hour.
    quiet: usize,
    last_visit: Option<Timestamp>,
    waiting: Waiting,
    /// Mailings that are paused.
    paused: usize,
    settings: Settings,
    /// The nearest issue and its edition.
    next_issue: Option<(Timestamp, String)>,
    tidied: Option<Slot>,
    backup: Option<Timestamp>,
    /// What may soon no longer be shown or used.
    ending: Vec<Ending>,
    /// Where mail comes back to, if the program reads it.
    returns: Option<String>,
    /// Administrators and chiefs without a second factor that their role needs.
    without_factor: usize,
    /// What was to show more of a text than its rights allow, in the last week.
    caught: Vec<Found>,
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

/// Looks at the whole of it, at `now`, in that language. It asks nobody's right: who calls it does, or sits at the machine.
pub async fn look(site: &Site, lang: Lang, now: Timestamp) -> Result<Vec<Check>, salastampa_acts::Error> {
    Ok(checks(&facts(site, None, now).await?, lang, now))
}

async fn page(desk: &Desk) -> Result<HealthPage, Error> {
    desk.must(Act::Inspect)?;
    let facts = facts(&desk.site, Some(&desk.user), desk.now).await?;
    Ok(HealthPage::of(desk.frame(desk.t("desk.menu.health")), checks(&facts, desk.lang, desk.now), desk.lang, desk.now))
}

impl HealthPage {
    fn of(frame: Frame, mut checks: Vec<Check>, lang: Lang, now: Timestamp) -> Self {
        let count = |state| checks.iter().filter(|check| check.state == state).count();
        let (bad, note) = (count(State::Bad), count(State::Note));
        let summary = match (bad, note) {
            (0, 0) => t(lang, "settings.health.well").to_owned(),
            (0, _) => plural(lang, "settings.health.notes", note),
            _ => plural(lang, "settings.health.bads", bad),
        };
        // what needs a hand stands first; the sort keeps the order within
        checks.sort_by_key(|check| check.state);
        let looked_at = date::moment(now.civil(), lang);
        Self { frame, summary, is_well: bad == 0, checks, datetime: now.rfc3339(), looked_at }
    }
}

/// What is there; of editions those that `who` may see, all of them for nobody in particular.
async fn facts(site: &Site, who: Option<&User>, now: Timestamp) -> Result<Facts, salastampa_acts::Error> {
    let mut rows = site.store.read().await?;
    let last_seq = rows.last_seq().await?.0;
    let archive = match &site.archive {
        Some(archive) => archive.standing().await.ok(),
        None => None,
    };
    let (alive, sources) = rows.count_sources().await?;
    let quiet = rows.list_sources().await?.iter().filter(|s| s.is_active() && s.learned.quiet.is_some()).count();
    let settings = settings::current(&mut rows, &site.declared).await?;
    let editions = rows.list_editions().await?;
    let seen = editions.into_iter().filter(|edition| who.is_none_or(|who| curate::sees(who, edition)));
    let issues = seen.filter_map(|e| Some((e.next()?.instant(), e.name)));
    let users = rows.list_users().await?;
    let needs = |role: Role| settings.second_factor.contains(&role);
    let lacks = |user: &&User| {
        let has = user.second_factor.as_ref().is_some_and(|factor| factor.confirmed_at.is_some());
        user.disabled_at.is_none() && user.password.is_some() && needs(user.role) && !has
    };
    Ok(Facts {
        articles: rows.count_articles().await?,
        room: site.store.files().room(),
        archive,
        last_seq,
        alive,
        sources,
        quiet,
        last_visit: rows.last_visit_at().await?,
        waiting: rows.count_waiting().await?,
        paused: rows.list_pauses().await?.len(),
        next_issue: issues.min(),
        tidied: rows.slot_done("tidy").await?,
        backup: rows.find_meta("backup_at").await?.and_then(|text| text.parse().ok()).map(Timestamp),
        ending: licences::ending(&mut rows, now).await?,
        caught: net::found_lately(&mut rows, now).await?,
        without_factor: users.iter().filter(lacks).count(),
        returns: site.house.returns.as_ref().map(ToString::to_string),
        settings,
    })
}

/// What the facts mean, and what to do.
fn checks(facts: &Facts, lang: Lang, now: Timestamp) -> Vec<Check> {
    let mut checks = vec![database(facts, lang), disk(facts, lang)];
    checks.extend(archive::checks(facts.archive.as_ref(), facts.last_seq, lang, now));
    checks.extend([
        sources(facts, lang, now),
        outbox(facts, lang, now),
        mail(facts, lang),
        returns(facts, lang),
        next_issue(facts, lang, now),
        night(facts, lang, now),
        backup(facts, lang, now),
        footer(facts, lang),
        licences(facts, lang),
        rights::rights(&facts.caught, lang),
        doors(facts, lang),
        clock(lang, now),
    ]);
    checks
}

/// A check; a remedy only where one is needed.
fn check(lang: Lang, state: State, name: &'static str, words: String, remedy: &'static str) -> Check {
    let badge = match state {
        State::Good => t(lang, "settings.health.good"),
        State::Note => t(lang, "settings.health.note"),
        State::Bad => t(lang, "settings.health.bad"),
    };
    let remedy = (state != State::Good).then(|| t(lang, remedy).to_owned());
    Check { state, badge, name: t(lang, name), words, remedy, href: None }
}

fn database(facts: &Facts, lang: Lang) -> Check {
    let words = fill(lang, "settings.health.database_words", &[("articles", &number::whole(facts.articles, lang))]);
    check(lang, State::Good, "settings.health.database", words, "settings.health.database_do")
}

fn disk(facts: &Facts, lang: Lang) -> Check {
    const GIB: u64 = 1 << 30;
    let Some((free, all)) = facts.room else {
        let words = t(lang, "settings.health.disk_unknown").to_owned();
        return check(lang, State::Note, "settings.health.disk", words, "settings.health.disk_do");
    };
    let state = match free {
        0..GIB => State::Bad,
        _ if free < 5 * GIB || free * 20 < all => State::Note,
        _ => State::Good,
    };
    let gib = |bytes: u64| number::decimal(bytes as f64 / GIB as f64, 1, lang);
    let words = fill(lang, "settings.health.disk_words", &[("free", &gib(free)), ("all", &gib(all))]);
    check(lang, state, "settings.health.disk", words, "settings.health.disk_do")
}

fn sources(facts: &Facts, lang: Lang, now: Timestamp) -> Check {
    let (alive, all) = (facts.alive.to_string(), facts.sources.to_string());
    let last = facts.last_visit.map(|at| date::moment(at.civil(), lang));
    let never = t(lang, "settings.health.never").to_owned();
    let words = fill(
        lang,
        "settings.health.sources_words",
        &[("alive", &alive), ("all", &all), ("last", &last.unwrap_or(never))],
    );
    let words = match facts.quiet {
        0 => words,
        quiet => format!("{words} {}", plural(lang, "settings.health.sources_quiet", quiet)),
    };
    let asleep = facts.last_visit.is_none_or(|at| now.since(at) > 2 * HOUR);
    let state = match (facts.sources, facts.sources - facts.alive.min(facts.sources)) {
        (0, _) => State::Bad,
        _ if asleep => State::Bad,
        (_, 0) if facts.quiet == 0 => State::Good,
        (all, ill) if ill * 5 > all => State::Bad,
        _ => State::Note,
    };
    let remedy = match facts.sources {
        0 => "settings.health.sources_none",
        _ if asleep => "settings.health.sources_asleep",
        _ => "settings.health.sources_do",
    };
    Check { href: Some("/desk/fonti".into()), ..check(lang, state, "settings.health.sources", words, remedy) }
}

fn outbox(facts: &Facts, lang: Lang, now: Timestamp) -> Check {
    let waiting = &facts.waiting;
    let n = |n: i64| number::whole(n, lang);
    let values =
        [("queued", n(waiting.queued)), ("deferred", n(waiting.deferred)), ("uncertain", n(waiting.uncertain))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let late = waiting.oldest_due.is_some_and(|due| now.since(due) > 15 * MINUTE);
    let (state, remedy) = match waiting {
        _ if facts.paused > 0 => (State::Bad, "settings.health.outbox_paused"),
        _ if late => (State::Bad, "settings.health.outbox_late"),
        Waiting { uncertain: 1.., .. } => (State::Note, "settings.health.outbox_uncertain"),
        Waiting { deferred: 1.., .. } => (State::Note, "settings.health.outbox_deferred"),
        _ => (State::Good, "settings.health.outbox_deferred"),
    };
    let words = fill(lang, "settings.health.outbox_words", &values);
    Check { href: Some("/desk/invii".into()), ..check(lang, state, "settings.health.outbox", words, remedy) }
}

fn mail(facts: &Facts, lang: Lang) -> Check {
    let settings = &facts.settings;
    let sender = settings.sender.as_ref().map(ToString::to_string).unwrap_or_default();
    let invalid = sender.is_empty() || sender.ends_with(".invalid");
    let server = format!("{}:{}", settings.smtp.host, settings.smtp.port);
    let (state, words) = match settings.mail {
        MailWay::Smtp => {
            let words = fill(lang, "settings.health.mail_smtp", &[("server", &server), ("sender", &sender)]);
            (if invalid { State::Bad } else { State::Good }, words)
        }
        MailWay::Folder => (State::Note, t(lang, "settings.health.mail_folder").to_owned()),
        MailWay::Off => (State::Bad, t(lang, "settings.health.mail_off").to_owned()),
    };
    let remedy = if invalid { "settings.health.mail_sender_do" } else { "settings.health.mail_do" };
    Check { href: Some("/desk/impostazioni".into()), ..check(lang, state, "settings.health.mail", words, remedy) }
}

/// Bounces, and who leaves by mail: nobody reads them for the program where it has no address for them.
fn returns(facts: &Facts, lang: Lang) -> Check {
    let (state, words) = match &facts.returns {
        Some(address) => (State::Good, fill(lang, "settings.health.returns_words", &[("address", address)])),
        None if facts.settings.mail == MailWay::Smtp => {
            (State::Note, t(lang, "settings.health.returns_none").to_owned())
        }
        None => (State::Good, t(lang, "settings.health.returns_idle").to_owned()),
    };
    check(lang, state, "settings.health.returns", words, "settings.health.returns_do")
}

fn next_issue(facts: &Facts, lang: Lang, now: Timestamp) -> Check {
    let (state, words) = match &facts.next_issue {
        None => (State::Bad, t(lang, "settings.health.issue_none").to_owned()),
        Some((at, name)) => {
            let at_words = date::moment(at.civil(), lang);
            let words = fill(lang, "settings.health.issue_words", &[("name", name), ("at", &at_words)]);
            (if now.since(*at) > 10 * MINUTE { State::Bad } else { State::Good }, words)
        }
    };
    Check {
        href: Some("/desk/rassegna".into()),
        ..check(lang, state, "settings.health.issue", words, "settings.health.issue_do")
    }
}

fn night(facts: &Facts, lang: Lang, now: Timestamp) -> Check {
    let (state, words) = match facts.tidied {
        None => (State::Good, t(lang, "settings.health.night_never").to_owned()),
        Some(slot) => {
            let words = fill(lang, "settings.health.night_words", &[("at", &date::moment(slot.0, lang))]);
            (if now.since(slot.instant()) > 2 * DAY { State::Bad } else { State::Good }, words)
        }
    };
    check(lang, state, "settings.health.night", words, "settings.health.night_do")
}

fn backup(facts: &Facts, lang: Lang, now: Timestamp) -> Check {
    let (state, words) = match facts.backup {
        None => (State::Note, t(lang, "settings.health.backup_none").to_owned()),
        Some(at) => {
            let words = fill(lang, "settings.health.backup_words", &[("at", &date::moment(at.civil(), lang))]);
            (if now.since(at) > 2 * DAY { State::Note } else { State::Good }, words)
        }
    };
    check(lang, state, "settings.health.backup", words, "settings.health.backup_do")
}

fn footer(facts: &Facts, lang: Lang) -> Check {
    let links = &facts.settings.footer;
    let all = [
        (&links.transparency, "web.footer.transparency"),
        (&links.privacy, "web.footer.privacy"),
        (&links.legal, "web.footer.legal"),
        (&links.accessibility, "web.footer.accessibility"),
    ];
    let missing: Vec<&str> = all.into_iter().filter(|(link, _)| link.is_empty()).map(|(_, key)| t(lang, key)).collect();
    let (state, words) = match missing.is_empty() {
        true => (State::Good, t(lang, "settings.health.footer_words").to_owned()),
        false => (State::Note, fill(lang, "settings.health.footer_missing", &[("names", &missing.join(", "))])),
    };
    Check {
        href: Some("/desk/impostazioni".into()),
        ..check(lang, state, "settings.health.footer", words, "settings.health.footer_do")
    }
}

fn licences(facts: &Facts, lang: Lang) -> Check {
    let Facts { ending, .. } = facts;
    let (state, words) = match ending.len() {
        0 => (State::Good, t(lang, "settings.health.licences_words").to_owned()),
        n => {
            let mut lines: Vec<String> = ending.iter().take(NAMED).map(|one| one.say(lang)).collect();
            if n > NAMED {
                lines.push(plural(lang, "settings.health.licences_more", n - NAMED));
            }
            let lines = lines.join("; ");
            (State::Note, fill(lang, "settings.health.licences_end", &[("which", &lines)]))
        }
    };
    check(lang, state, "settings.health.licences", words, "settings.health.licences_do")
}

fn doors(facts: &Facts, lang: Lang) -> Check {
    let roles = &facts.settings.second_factor;
    let guarded = [Role::Chief, Role::Admin].iter().all(|role| roles.contains(role));
    let (state, words) = match (guarded, facts.without_factor) {
        (false, _) => (State::Note, t(lang, "settings.health.doors_off").to_owned()),
        (true, 0) => (State::Good, t(lang, "settings.health.doors_words").to_owned()),
        (true, n) => (State::Good, plural(lang, "settings.health.doors_next", n)),
    };
    Check {
        href: Some("/desk/impostazioni".into()),
        ..check(lang, state, "settings.health.doors", words, "settings.health.doors_do")
    }
}

fn clock(lang: Lang, now: Timestamp) -> Check {
    let words = fill(lang, "settings.health.clock_words", &[("at", &date::moment(now.civil(), lang))]);
    check(lang, State::Good, "settings.health.clock", words, "settings.health.clock")
}

#[cfg(test)]
fn sample_facts() -> Facts {
    Facts {
        articles: 1_234,
        room: Some((700 << 20, 40 << 30)),
        archive: Some(Standing { cursor: salastampa_domain::Seq(6), answers: true, ..Standing::default() }),
        last_seq: 9,
        alive: 15,
        sources: 16,
        quiet: 0,
        last_visit: Some(Timestamp(1_800_000_000_000)),
        paused: 0,
        waiting: Waiting { queued: 2, deferred: 1, uncertain: 1, oldest_due: None },
        settings: Settings::default(),
        next_issue: Some((Timestamp(1_800_003_600_000), "Rassegna <b>".into())),
        tidied: None,
        backup: None,
        caught: vec![Found {
            at: Timestamp(1_796_000_000_000),
            output: "review mail".into(),
            article: salastampa_domain::ArticleId(7),
            words: 64,
        }],
        without_factor: 1,
        returns: None,
        ending: vec![Ending {
            until: jiff::civil::date(2027, 1, 20),
            of: licences::Of::Photo { name: "<b>ponte.jpg".into() },
        }],
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let now = Timestamp(1_800_000_000_000);
    let frame = Frame::sample(lang, t(lang, "desk.menu.health"), "/desk/salute");
    let page = HealthPage::of(frame, checks(&sample_facts(), lang, now), lang, now);
    vec![("health", page.render().expect("a template over strings"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(facts: &Facts, now: Timestamp) -> Vec<(&'static str, State)> {
        checks(facts, Lang::En, now).into_iter().map(|check| (check.name, check.state)).collect()
    }

    #[test]
    fn what_is_ill_says_what_to_do_and_what_is_well_does_not() {
        let now = Timestamp(1_800_000_000_000);
        for check in checks(&sample_facts(), Lang::It, now) {
            assert_eq!(check.remedy.is_none(), check.state == State::Good, "{}", check.name);
            assert!(!check.words.contains('{') && !check.words.contains("settings."), "{}", check.words);
        }
    }

    #[test]
    fn a_program_that_stands_still_is_told_from_one_that_rests() {
        let now = Timestamp(1_800_000_000_000);
        let mut facts = sample_facts();
        let of = |facts: &Facts, now, name: &str| {
            states(facts, now).into_iter().find(|(n, _)| *n == name).map(|(_, state)| state)
        };
        let sources = t(Lang::En, "settings.health.sources");
        assert_eq!(of(&facts, now, sources), Some(State::Note));
        assert_eq!(of(&facts, now.plus(3 * HOUR), sources), Some(State::Bad), "nothing was visited for hours");
        facts.alive = 16;
        assert_eq!(of(&facts, now, sources), Some(State::Good));
        facts.quiet = 1;
        assert_eq!(of(&facts, now, sources), Some(State::Note), "one answers and is silent");
        let returns = t(Lang::En, "settings.health.returns");
        facts.settings.mail = MailWay::Smtp;
        assert_eq!(of(&facts, now, returns), Some(State::Note), "mail leaves, and nobody reads what comes back");
        facts.returns = Some("b@bellariva.test".into());
        assert_eq!(of(&facts, now, returns), Some(State::Good));
        let outbox = t(Lang::En, "settings.health.outbox");
        facts.waiting = Waiting { queued: 1, oldest_due: Some(now.plus(-HOUR)), ..Waiting::default() };
        assert_eq!(of(&facts, now, outbox), Some(State::Bad), "mail does not leave");
        facts.waiting = Waiting { queued: 1, oldest_due: Some(now.plus(HOUR)), ..Waiting::default() };
        assert_eq!(of(&facts, now, outbox), Some(State::Good), "its hour has not come");
    }
}
