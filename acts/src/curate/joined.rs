//! What a story is called now: since an issue left it may have become one with another, by a person's word or the machine's.

use crate::Result;
use salastampa_domain::StoryId;
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// Stories that were joined to others.
#[derive(Debug, Default)]
pub struct Joined(BTreeMap<StoryId, StoryId>);

impl Joined {
    /// All of them, as the rows have it.
    pub async fn of(rows: &mut Rows) -> Result<Self> {
        let mut joined: BTreeMap<StoryId, StoryId> = rows.list_machine_merges().await?.into_iter().collect();
        // a person's word stands above the machine's
        joined.extend(rows.list_story_merges().await?);
        Ok(Self(joined))
    }

    /// The story that a story was joined to in the end, or itself.
    pub fn now(&self, story: StoryId) -> StoryId {
        crate::group::now_called(&self.0, story)
    }
}
