//! Two officers at one issue: *Conferma* and *Pubblica* name what was on the screen, and whoever presses after somebody
//! else has decided something is told who and when, and nothing leaves.
//!
//! Only what people decide counts, not what the machine adds meanwhile: a later article waits in the tray of a confirmed
//! issue anyway. Left out: acts on one line, which carry that line's own version ([`super::Pick`]).

use super::name;
use crate::{Denied, Result};
use salastampa_domain::{Arrangement, Hand};
use salastampa_store::Rows;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The mark of what people have decided about an issue: its order, its lines, its notes, and who confirmed it.
pub fn mark(arrangement: &Arrangement) -> String {
    let hands: Vec<&Hand> = arrangement.hands.values().collect();
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(&hands).unwrap_or_default().hash(&mut hasher);
    arrangement.confirmed.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Refuses what answers for an issue that is no more as it was seen; who saw no page asks for it as it stands.
pub(crate) async fn expect_seen(rows: &mut Rows, arrangement: &Arrangement, seen: Option<&str>) -> Result<()> {
    if seen.is_none_or(|seen| seen == mark(arrangement)) {
        return Ok(());
    }
    let last = rows.list_curations(arrangement.issue, 1).await?.into_iter().next();
    let newest = arrangement.hands.values().map(|hand| hand.at).max();
    let at = last.as_ref().map(|act| act.at).or(newest).or(arrangement.begun_at);
    let by = name(rows, last.map(|act| act.by)).await?;
    Err(Denied::Changed { by, at: at.unwrap_or(arrangement.issue.slot.instant()) }.into())
}
