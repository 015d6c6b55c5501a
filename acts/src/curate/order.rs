//! The order inside a section: what a person placed stands in her order, before all that nobody placed.

use super::{Doing, Done, Pick};
use crate::Result;
use salastampa_digest::compose::standing_in;
use salastampa_domain::{Act, Hand, IssueKey, StoryId, Timestamp};
use salastampa_store::Store;

/// A move inside a section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Before the line above.
    Up,
    /// Behind the line below.
    Down,
    /// Before all others.
    First,
    /// Before that story, in its section.
    Before(StoryId),
    /// To the end.
    Last,
}

/// Moves a line inside its section. Those before the place it leaves or takes keep the order that is on the screen.
pub async fn order(store: &Store, login: &str, key: IssueKey, pick: Pick, step: Step, now: Timestamp) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    // dropped on a line of another section, it goes there
    let line = match step {
        Step::Before(other) => doing.line(other)?,
        _ => doing.line(pick.story)?,
    };
    let (number, section) = (line.section, doing.section_of(line)?);
    doing.expect(pick).await?;
    let mut stories: Vec<StoryId> = standing_in(&doing.lines, number).iter().filter_map(|l| l.story).collect();
    let here = stories.iter().position(|s| *s == pick.story);
    let from = here.unwrap_or(stories.len());
    if here.is_some() {
        stories.remove(from);
    }
    let to = match step {
        Step::Up => from.saturating_sub(1),
        Step::Down => (from + 1).min(stories.len()),
        Step::First => 0,
        Step::Before(other) => stories.iter().position(|s| *s == other).unwrap_or(stories.len()),
        Step::Last => stories.len(),
    };
    if here == Some(to) {
        return Ok(Done::default());
    }
    stories.insert(to, pick.story);
    // as far as something was placed by hand, all has a place; below, the machine's order goes on
    let placed = |story: &StoryId| doing.arrangement.hands.get(story).is_some_and(|h| h.place.is_some());
    let last_placed = stories.iter().rposition(placed).unwrap_or(0);
    for (place, story) in (1..).zip(stories.iter().take(last_placed.max(to).max(here.unwrap_or(0)) + 1)) {
        let hand = Hand { place: Some(place), section: Some(section), ..doing.hand(*story) };
        doing.put(hand, *story == pick.story).await?;
    }
    doing.end("review.order").await
}
