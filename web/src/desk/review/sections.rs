//! The sections of an issue, in words: of one to come as they would leave, of one that is out as they left.

use super::issue::{self, Row};
use super::page::Part;
use salastampa_acts::curate::{self, Table};
use salastampa_digest::compose::standing_in;
use salastampa_domain::{Review, ReviewState, StoryId, UserId};
use salastampa_locale::{Lang, plural};
use std::collections::BTreeMap;

/// The sections as they would leave.
pub(super) fn standing(table: &Table, names: &BTreeMap<UserId, String>, lang: Lang) -> Vec<Part> {
    let part = |(number, section): (usize, &salastampa_domain::Section)| {
        let lines = standing_in(&table.lines, number);
        let mut rows: Vec<Row> = lines.into_iter().map(|line| issue::row(line, table, names, lang)).collect();
        issue::link(&mut rows);
        Part { id: section.id.0, name: section.name.clone(), rows }
    };
    table.edition.sections.iter().enumerate().map(part).collect()
}

/// The sections as they left, each story with its line of today, so that it can still be corrected.
/// Where two of them have become one since, the first can be acted upon for both.
pub(super) fn frozen(
    out: &Review,
    table: &Table,
    joined: &curate::Joined,
    names: &BTreeMap<UserId, String>,
    lang: Lang,
) -> Vec<Part> {
    let printed = match out.state {
        ReviewState::Published { at, .. } => at,
        ReviewState::Draft => out.slot.instant(),
    };
    let mut first: BTreeMap<StoryId, StoryId> = BTreeMap::new();
    for entry in out.sections.iter().flat_map(|s| &s.entries) {
        let now = joined.now(entry.story);
        let known = first.entry(now).or_insert(entry.story);
        if entry.story == now {
            *known = now;
        }
    }
    let part = |section: &salastampa_domain::ReviewSection| {
        let row = |entry: &salastampa_domain::Entry| {
            let now = joined.now(entry.story);
            let acted = first.get(&now) == Some(&entry.story);
            let line = table.lines.iter().find(|l| acted && l.story == Some(now));
            let today = line.map(|line| issue::row(line, table, names, lang)).unwrap_or_default();
            let (relevance, relevance_words) = issue::relevance_words(entry.relevance, lang);
            Row {
                title: entry.title.clone(),
                url: salastampa_digest::clean::link(&entry.url).unwrap_or_default().to_owned(),
                source: entry.outlet_name.clone(),
                more: if entry.also_in.is_empty() {
                    String::new()
                } else {
                    plural(lang, "curation.more", entry.also_in.len())
                },
                datetime: entry.dated.rfc3339(),
                when: issue::moment(entry.dated, lang),
                extract: entry.extract.to_string(),
                summary: entry.summary.clone(),
                note: entry.note.clone(),
                relevance,
                relevance_words,
                borrowed: false,
                article: (entry.article.0, printed),
                ..today
            }
        };
        Part { id: section.section.0, name: section.name.clone(), rows: section.entries.iter().map(row).collect() }
    };
    out.sections.iter().map(part).collect()
}
