//! Sources at the desk: looked into, added, set, left alone, visited now, retired.
//!
//! Sources of `feeds.toml` are declared there; the desk sets a few things over them, each with who, when and why, and can
//! give each back. Sources added here live in the rows and answer to the desk alone. Nothing here touches the network:
//! a look at an address ([`ask_probe`]) and a visit ([`visit_now`]) are errands for the program that runs.

mod add;
mod change;
mod coverage;
mod probe;
mod sentences;

pub use add::{SourceForm, add};
pub use change::{pause, relocate, restore, resume, retire, revive, set, visit_now};
pub use coverage::{DayCoverage, coverage};
pub use probe::{Probed, ProbedItem, ProbedKind, ProbedRobots, ask_probe, find_probe};
pub use sentences::{Mood, health, missed, mood, outcome, remedy, since, why};

use crate::{Denied, Result};
use salastampa_domain::Source;
use salastampa_store::Rows;

async fn find(rows: &mut Rows, slug: &str) -> Result<Source> {
    let source = rows.find_source(slug).await?;
    Ok(source.ok_or_else(|| Denied::Unknown { what: "source", name: slug.to_owned() })?)
}

#[cfg(test)]
mod tests;
