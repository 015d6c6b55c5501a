//! What stands in the way of an issue, or was done to it on its way: each a sentence at the head of its page.

use super::issue::Issue;
use salastampa_acts::curate::Table;
use salastampa_acts::net::Found;
use salastampa_digest::compose::Standing;
use salastampa_locale::{Lang, fill, plural, t};
use std::collections::BTreeSet;

/// The sentences of an issue; `caught` is what was to show more of a text than its rights allow.
pub(super) fn of(table: &Table, issue: &Issue, caught: &[Found], lang: Lang) -> Vec<String> {
    let mut blocks = Vec::new();
    blocks.extend(fallen(caught, lang));
    if table.readers == 0 {
        blocks.push(t(lang, "curation.issue.no_readers").to_owned());
    }
    if issue.out.is_none() && !table.lines.iter().any(|l| l.standing == Standing::In) {
        blocks.push(t(lang, "curation.issue.nothing").to_owned());
    }
    blocks
}

/// That something fell back to title, source and link; nothing where nothing did.
fn fallen(caught: &[Found], lang: Lang) -> Option<String> {
    let longest = caught.iter().map(|found| found.words).max()?;
    let articles: BTreeSet<_> = caught.iter().map(|found| found.article).collect();
    let outputs: BTreeSet<&str> = caught.iter().map(|found| found.output.as_str()).collect();
    let outputs: Vec<&str> = outputs.into_iter().collect();
    let values = [("longest", &*longest.to_string()), ("outputs", &*outputs.join(", "))];
    let what = plural(lang, "curation.issue.caught", articles.len());
    Some(format!("{what} {}", fill(lang, "curation.issue.caught_where", &values)))
}
