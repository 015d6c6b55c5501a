//! *Annulla*: the reverse of an act on the same rows, if nobody has touched them since. Both stand in the log.

use super::{Doing, Done, name};
use crate::{Denied, Result};
use salastampa_domain::{Act, Curation, Elsewhere, Hand, IssueKey, StoryId, TieKind, Timestamp};
use salastampa_store::Store;

/// Undoes an act on an issue: the one with that number, or the last one of the user that is not undone yet.
pub async fn undo(store: &Store, login: &str, key: IssueKey, act: Option<i64>, now: Timestamp) -> Result<Done> {
    let mut doing = Doing::begin(store, login, key, Act::Curate, now).await?;
    let unknown = || Denied::Unknown { what: "act", name: act.map_or_else(String::new, |n| n.to_string()) };
    let last = match act {
        Some(act) => doing.write.find_curation(act).await?.filter(|c| c.issue == key && can_be_undone(c)),
        None => {
            let by = doing.user.id;
            let acts = doing.write.list_curations(key, 200).await?;
            acts.into_iter().find(|c| c.by == by && can_be_undone(c))
        }
    };
    let last = last.ok_or_else(unknown)?;
    for (story, _, after) in &last.change.lines {
        let here = doing.arrangement.hands.get(story);
        if here.map(|h| h.version) != after.as_ref().map(|h| h.version) {
            let (by, at) = here.map_or((None, now), |h| (h.by, h.at));
            return Err(Denied::Changed { by: name(&mut doing.write, by).await?, at }.into());
        }
    }
    untie(&mut doing, &last).await?;
    for (story, before, _) in last.change.lines {
        let version = doing.hand(story).version;
        let hand = restored(before, story, version, now);
        doing.put(hand, true).await?;
    }
    for line in last.change.elsewhere {
        put_back(&mut doing, line).await?;
    }
    doing.write.record_curation_undone(last.id, now).await?;
    doing.end(UNDO).await
}

const UNDO: &str = "review.undo";

/// Whether an act can be taken back by its reverse: a confirmation has a button of its own, and an undoing is undone by
/// doing it again.
pub fn can_be_undone(act: &Curation) -> bool {
    act.undone_at.is_none() && ![UNDO, "review.confirm", "review.unconfirm"].contains(&act.verb.as_str())
}

/// The line as it was, one version on: a page that shows what was undone is out of date too.
fn restored(before: Option<Hand>, story: StoryId, version: u32, now: Timestamp) -> Hand {
    Hand { version, ..before.unwrap_or_else(|| Hand::new(story, now)) }
}

async fn untie(doing: &mut Doing, last: &Curation) -> Result<()> {
    for id in last.change.ties.iter().rev() {
        let Some(tie) = doing.write.find_story_tie(*id).await?.filter(|t| t.undone_at.is_none()) else { continue };
        let back = match tie.kind {
            TieKind::Same => tie.other,
            TieKind::Other => tie.story,
        };
        doing.write.record_story_of(&tie.articles, back).await?;
        doing.write.remove_inherited_alerts(&tie.alerts).await?;
        doing.write.record_story_untied(*id, doing.now).await?;
    }
    Ok(())
}

async fn put_back(doing: &mut Doing, line: Elsewhere) -> Result<()> {
    let there = doing.write.find_arrangement(line.issue).await?;
    let here = there.hands.get(&line.story);
    // somebody went on with it there: theirs stays
    if here != line.after.as_ref() {
        return Ok(());
    }
    let hand = here.map(|h| restored(line.before.clone(), line.story, h.version + 1, doing.now));
    doing.write.replace_hand(line.issue, line.story, hand.as_ref()).await?;
    doing.change.elsewhere.push(Elsewhere { before: line.after, after: hand, ..line });
    Ok(())
}
