//! What the machine had made of a story when a person decided about it.
//!
//! It is written down with the act, because nothing else keeps it: the next article, the next weights, the next joining
//! change it. Left out: titles, words and names, which the points carry on the table.

use super::Doing;
use crate::{Result, weights};
use salastampa_digest::compose::Standing;
use salastampa_domain::{Laid, Part, StoryId};
use std::collections::BTreeMap;

/// Most articles of a story that are written down.
const MEMBERS: usize = 50;

impl Doing {
    /// Writes down how a story lay, once an act and before it changes anything. A story that is not on the table has
    /// nothing but its articles.
    pub(super) async fn note(&mut self, story: StoryId) -> Result<()> {
        if self.change.laid.iter().any(|laid| laid.story == story) {
            return Ok(());
        }
        let members = self.write.list_story_members(story, MEMBERS).await?;
        let (weights, _) = weights::current(&mut self.write).await?;
        let line = self.lines.iter().find(|line| line.story == Some(story));
        let mut points: BTreeMap<Part, i64> = BTreeMap::new();
        for point in line.into_iter().flat_map(|line| &line.entry.points) {
            *points.entry(point.part).or_default() += point.points;
        }
        let section = line.and_then(|line| self.edition.sections.get(line.section)).map(|section| section.id);
        let leaves = line.is_some_and(|line| line.standing == Standing::In);
        let points = points.into_iter().collect();
        self.change.laid.push(Laid { story, section, leaves, points, weights, members });
        Ok(())
    }
}
