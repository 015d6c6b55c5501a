//! The calendar of elections: entered, changed and taken out by the head of the press office, each time with a line of
//! the log; what stands in `salastampa.toml` is the installer's and stays.
//!
//! Whoever changes the calendar changes what may leave: in the same transaction each release that is on its way is looked
//! at again, and held back before its hour where it lacks what election time asks for ([`crate::release::hold`]).

use crate::desk::{AtDesk, changed, line, mark, slip, slug};
use crate::house::{actor, allowed};
use crate::{Denied, Error, House, Result};
use jiff::civil::{Date, Time};
use salastampa_domain::election::{CLOSE, LONGEST};
use salastampa_domain::{Act, Election, ElectionKind, Runoff};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Rows, Write};

/// Longest name, in characters.
const LONGEST_NAME: usize = 120;
/// The subject of a line of the log begins with this.
pub const SUBJECT: &str = "election:";

/// An election as a form has it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ElectionForm {
    /// What it is called.
    pub name: String,
    /// `local`, `regional`, …
    pub kind: String,
    /// The day on which the polls are called, as `2027-04-15`.
    pub from: String,
    /// The last day of the polls.
    pub to: String,
    /// When they close, as `15:00`.
    pub closes: String,
    /// The last day of the run-off; empty where there is none.
    pub runoff: String,
    /// When its polls close.
    pub runoff_closes: String,
}

impl ElectionForm {
    /// The form of an election that is there.
    pub fn of(election: &Election) -> Self {
        let hour = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        Self {
            name: election.name.clone(),
            kind: election.kind.name().to_owned(),
            from: election.from.to_string(),
            to: election.to.to_string(),
            closes: hour(election.closes),
            runoff: election.runoff.map(|runoff| runoff.to.to_string()).unwrap_or_default(),
            runoff_closes: hour(election.runoff.map_or(CLOSE, |runoff| runoff.closes)),
        }
    }

    /// The form of one that nobody has entered yet.
    pub fn blank() -> Self {
        let closes = format!("{:02}:{:02}", CLOSE.hour(), CLOSE.minute());
        Self {
            kind: ElectionKind::default().name().to_owned(),
            closes: closes.clone(),
            runoff_closes: closes,
            ..Self::default()
        }
    }

    fn election(&self, slug: String, lang: Lang) -> Result<Election> {
        let mut slips = Vec::new();
        let name = line(&self.name);
        if name.is_empty() {
            slips.push(slip("nome", t(lang, "election.wrong.no_name")));
        } else if name.chars().count() > LONGEST_NAME {
            slips.push(slip("nome", fill(lang, "election.wrong.long", &[("most", &LONGEST_NAME.to_string())])));
        }
        let kind = ElectionKind::parse(self.kind.trim());
        if kind.is_none() {
            slips.push(slip("tipo", t(lang, "election.wrong.kind")));
        }
        let mut day = |field, text: &str| {
            let day = text.trim().parse::<Date>().ok();
            if day.is_none() {
                slips.push(slip(field, t(lang, "election.wrong.day")));
            }
            day
        };
        let (from, to) = (day("dal", &self.from), day("al", &self.to));
        let runoff = if self.runoff.trim().is_empty() { None } else { day("ballottaggio", &self.runoff) };
        let mut hour = |field, text: &str| match text.trim() {
            "" => Some(CLOSE),
            text => {
                let time = text.parse::<Time>().ok();
                if time.is_none() {
                    slips.push(slip(field, t(lang, "election.wrong.hour")));
                }
                time
            }
        };
        let (closes, later) = (hour("chiusura", &self.closes), hour("chiusura_ballottaggio", &self.runoff_closes));
        if let (Some(from), Some(to)) = (from, to) {
            let last = runoff.unwrap_or(to);
            if to < from {
                slips.push(slip("al", t(lang, "election.wrong.order")));
            } else if runoff.is_some_and(|runoff| runoff <= to) {
                slips.push(slip("ballottaggio", t(lang, "election.wrong.runoff")));
            } else if from.until(last).is_ok_and(|span| span.get_days() > LONGEST) {
                slips.push(slip("al", fill(lang, "election.wrong.days", &[("most", &LONGEST.to_string())])));
            }
        }
        match (slips.is_empty(), kind, from, to, closes, later) {
            (true, Some(kind), Some(from), Some(to), Some(closes), Some(later)) => Ok(Election {
                slug,
                name,
                kind,
                from,
                to,
                closes,
                runoff: runoff.map(|to| Runoff { to, closes: later }),
            }),
            _ => Err(Denied::Form(slips).into()),
        }
    }
}

/// The calendar: what the installer wrote, then what the office has entered. Read in the transaction of whoever decides
/// by it, so that nothing leaves by a calendar of a moment ago.
pub async fn calendar(rows: &mut Rows, house: &House) -> Result<Vec<Election>> {
    let entered = rows.list_elections().await?;
    Ok(house.elections.iter().cloned().chain(entered).collect())
}

/// Enters an election; gives its name in addresses and how many releases it holds back.
pub async fn add(desk: AtDesk<'_>, form: &ElectionForm) -> Result<(String, usize)> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Elections).await?;
    let taken: Vec<String> = calendar(&mut write, desk.house).await?.into_iter().map(|e| e.slug).collect();
    let made = slug(&line(&form.name), &taken);
    // the desk has a page of its own at `nuova`
    let made = if made.is_empty() || made == "nuova" { slug("elezioni", &taken) } else { made };
    let election = form.election(made, desk.lang)?;
    write.record_election(&election).await?;
    let (subject, is) = (subject(&election.slug), told(&election)?);
    write.record_event(desk.now, &actor(&user), "election.add", &subject, None, Some(&is)).await?;
    let held = settle(write, desk).await?;
    Ok((election.slug, held))
}

/// Changes an election that still is as when the form was made (`seen`, by [`mark`]); gives how many releases it holds
/// back.
///
/// # Errors
/// [`Denied::Changed`] if somebody was faster.
pub async fn edit(desk: AtDesk<'_>, slug: &str, seen: &str, form: &ElectionForm) -> Result<usize> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Elections).await?;
    let before = find(&mut write, slug).await?;
    let election = form.election(before.slug.clone(), desk.lang)?;
    if election == before {
        return Ok(0);
    }
    let subject = subject(slug);
    if mark(&before) != seen {
        return Err(changed(&mut write, &subject, &desk).await?.into());
    }
    write.record_election(&election).await?;
    let (was, is) = (told(&before)?, told(&election)?);
    write.record_event(desk.now, &actor(&user), "election.edit", &subject, Some(&was), Some(&is)).await?;
    settle(write, desk).await
}

/// Takes an election out of the calendar, and writes down why. What was held back stays so until somebody sends it.
pub async fn remove(desk: AtDesk<'_>, slug: &str, why: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Elections).await?;
    let before = find(&mut write, slug).await?;
    let why = line(why);
    if why.is_empty() {
        return Err(Denied::Form(vec![slip("perche", t(desk.lang, "election.wrong.no_why"))]).into());
    }
    write.remove_election(slug).await?;
    let is = serde_json::json!({ "why": why.chars().take(2_000).collect::<String>() }).to_string();
    let was = told(&before)?;
    write.record_event(desk.now, &actor(&user), "election.remove", &subject(slug), Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(())
}

/// Holds back what may not leave by the new calendar, and ends the transaction.
async fn settle(mut write: Write, desk: AtDesk<'_>) -> Result<usize> {
    let held = crate::release::hold(&mut write, desk.house, desk.now).await?;
    write.commit().await?;
    Ok(held)
}

async fn find(rows: &mut Rows, slug: &str) -> Result<Election> {
    let unknown = || Error::from(Denied::Unknown { what: "election", name: slug.to_owned() });
    rows.list_elections().await?.into_iter().find(|election| election.slug == slug).ok_or_else(unknown)
}

fn subject(slug: &str) -> String {
    format!("{SUBJECT}{slug}")
}

/// The election for the log.
fn told(election: &Election) -> Result<String> {
    Ok(serde_json::to_string(election).map_err(anyhow::Error::from)?)
}
