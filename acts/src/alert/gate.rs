//! The editor's gate: what is about to be told to readers may be held, given a line of the office's own, sent at once or
//! dropped. Nobody has to: at its hour it goes by itself.
//!
//! A decision is about a story, for all readers and watches of which something still waits. Left out: taking back what
//! has left.

use crate::curate::is_borrowed;
use crate::desk::{line, name_of};
use crate::house::{actor, allowed};
use crate::{Denied, Result, Slip};
use salastampa_domain::time::MINUTE;
use salastampa_domain::{Act, Alert, AlertState, ArticleId, StoryId, Tier, Timestamp, Unsent};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Rows, Store};
use serde_json::json;

/// Longest line of an officer, in characters.
pub const LONGEST_NOTE: usize = 300;
/// So many acts on a story are looked through for who wrote its line.
const EVENTS: usize = 50;
/// So many minutes more where the watch names no time.
const HOLD: u32 = 10;

/// What an officer decides about a story that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Held for longer: as long again as its watch says.
    Hold,
    /// A line is added, or taken away where it is empty.
    Note {
        /// The line.
        line: String,
        /// The line that the officer saw when she wrote it: another's newer one is not written over.
        seen: String,
    },
    /// Goes at once.
    Send,
    /// Is not told to anybody.
    Drop,
}

impl Decision {
    fn verb(&self) -> &'static str {
        match self {
            Self::Hold => "alert.hold",
            Self::Note { .. } => "alert.note",
            Self::Send => "alert.send",
            Self::Drop => "alert.drop",
        }
    }
}

/// Decides about what waits of a story; gives for how many rows.
///
/// # Errors
/// [`Denied::Unknown`] if nothing of it waits any more: it has left, or somebody was faster. [`Denied::Changed`] if
/// somebody has written another line since the officer saw it.
pub async fn decide(
    store: &Store,
    login: &str,
    lang: Lang,
    story: StoryId,
    decision: &Decision,
    now: Timestamp,
) -> Result<usize> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Curate).await?;
    let open: Vec<Alert> = write.list_open_alerts().await?.into_iter().filter(|a| a.story == story).collect();
    if open.is_empty() {
        return Err(Denied::Unknown { what: "alert", name: story.to_string() }.into());
    }
    let mut note = String::new();
    if let Decision::Note { line: typed, seen } = decision {
        note = line(typed);
        let there = line_of(&open);
        if note == there {
            return Ok(open.len());
        }
        if line(seen) != there {
            return Err(changed(&mut write, story, lang, now).await?.into());
        }
    }
    if note.chars().count() > LONGEST_NOTE {
        let sentence = fill(lang, "people.slip.long", &[("most", &LONGEST_NOTE.to_string())]);
        return Err(Denied::Form(vec![Slip { field: "riga", sentence }]).into());
    }
    let mut articles: Vec<ArticleId> = open.iter().map(|a| a.article).collect();
    articles.extend(write.list_story_articles(&[story]).await?.iter().map(|a| a.id));
    // it is printed as it stands, whatever the outlet allows: so it may hold none of its text
    if is_borrowed(&mut write, &note, &articles).await? {
        let sentence = fill(lang, "curation.gate.borrowed", &[("line", &note)]);
        return Err(Denied::Form(vec![Slip { field: "riga", sentence }]).into());
    }
    let watches = write.list_watches().await?;
    for alert in &open {
        let hold = watches.iter().find(|w| w.id == alert.watch).map_or(0, |w| w.hold);
        let minutes = i64::from(if hold == 0 { HOLD } else { hold });
        let after = match decision {
            Decision::Hold => Alert {
                state: AlertState::Held,
                gated: true,
                due_at: alert.due_at.map(|due| due.max(now).plus(minutes * MINUTE)),
                ..alert.clone()
            },
            Decision::Note { .. } => Alert { note: note.clone(), ..alert.clone() },
            Decision::Send => {
                Alert { tier: Tier::Flash, state: AlertState::Waiting, due_at: Some(now), ..alert.clone() }
            }
            Decision::Drop => {
                Alert { state: AlertState::Dropped { why: Unsent::Officer }, due_at: None, ..alert.clone() }
            }
        };
        write.record_alert_state(&after).await?;
    }
    let ids: Vec<i64> = open.iter().map(|a| a.id.0).collect();
    let mut told = json!({ "alerts": ids });
    if let Decision::Note { .. } = decision {
        told["note"] = json!(note);
    }
    let subject = format!("story:{story}");
    write.record_event(now, &actor(&user), decision.verb(), &subject, None, Some(&told.to_string())).await?;
    write.commit().await?;
    Ok(open.len())
}

/// Who wrote the line that stands there.
async fn changed(rows: &mut Rows, story: StoryId, lang: Lang, now: Timestamp) -> Result<Denied> {
    let events = rows.list_events_of(&format!("story:{story}"), EVENTS).await?;
    Ok(match events.iter().find(|event| event.verb == "alert.note") {
        Some(event) => Denied::Changed { by: name_of(rows, &event.who, lang).await?, at: event.at },
        None => Denied::Changed { by: t(lang, "people.who.job").to_owned(), at: now },
    })
}

/// The line that stands at what waits of a story; empty where nobody wrote one.
pub fn line_of(open: &[Alert]) -> String {
    open.iter().map(|a| a.note.clone()).find(|note| !note.is_empty()).unwrap_or_default()
}
