//! What people said of stories, as test data: which articles belong together, and which do not.
//!
//! Only numbers leave, no text and no name: the formats are those of a collection of documents with known stories
//! (`id TAB story`), and pairs (`must` or `cannot`, two articles, what the machine had thought of the first in
//! thousandths, and by which table of weights). Beside them what was decided of each story of each issue: in or out, where,
//! at which place, with which article in front, how weighty and how it stands; and of each use of a release what the
//! machine found and the office said. With each act stands how the machine had laid each of its stories before: points, version
//! of the weights, articles, and what put each there by which table. Left out: of ties what a person said and took back.

use crate::Result;
use salastampa_domain::{
    Actor, ArticleId, Because, ClippingState, Curation, Member, Period, PickupLevel, Relevance, StoryId, TieKind,
    Timestamp, Tone,
};
use salastampa_store::{Rows, Store};
use std::fmt::Write;

/// So many articles of a story are set beside one that was taken out of it.
const BESIDE: usize = 20;
/// Acts that are read at once.
const ACTS: usize = 500;

/// The five files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Gold {
    /// `id TAB story`, a line an article of each story that a person has touched.
    pub stories: String,
    /// `must|cannot TAB a TAB b TAB likeness TAB table`.
    pub pairs: String,
    /// `release TAB article TAB found TAB said TAB of_article TAB of_release`, levels by name, shares in thousandths; a line
    /// a use of which a person said how much it is.
    pub pickup: String,
    /// `issue TAB story TAB kept|dropped|open TAB section TAB place TAB lead TAB relevance TAB tone`, `-` where nothing was said; a line
    /// a story that somebody touched in an issue.
    pub decisions: String,
    /// `act TAB instant TAB issue TAB verb TAB undone TAB story TAB state TAB section TAB leaves TAB points TAB weights TAB
    /// members`, a line a story that an act was about, as the machine had laid it **before** that act: what had been decided of
    /// it, the section that it was proposed for, 1 if it would have left, points as `part:n,…`, version of the weights,
    /// members as `article:because:likeness:table,…`; `-` where nothing is known.
    pub acts: String,
}

/// Writes down that the data leaves, and gives it. For whoever has the machine's command line.
pub async fn gold(store: &Store, now: Timestamp) -> Result<Gold> {
    let mut write = store.write().await?;
    let gold = read(&mut write).await?;
    write.record_event(now, &Actor::Console, "gold.export", "stories", None, None).await?;
    write.commit().await?;
    Ok(gold)
}

async fn read(rows: &mut Rows) -> Result<Gold> {
    let mut gold = Gold::default();
    let touched = rows.list_touched_stories().await?;
    for article in rows.list_story_articles(&touched).await? {
        if let Some(story) = article.story {
            let _ = writeln!(gold.stories, "{}\t{story}", article.id);
        }
    }
    for tie in rows.list_story_ties().await? {
        let kind = match tie.kind {
            TieKind::Same => "must",
            TieKind::Other => "cannot",
        };
        for a in &tie.articles {
            let placed = rows.find_placement(*a).await?;
            let likeness = placed.as_ref().map_or(0, |p| p.likeness);
            let table = placed.and_then(|p| p.table).map_or(0, |t| t.0);
            for b in beside(rows, tie.story, &tie.articles).await? {
                let _ = writeln!(gold.pairs, "{kind}\t{a}\t{b}\t{likeness}\t{table}");
            }
        }
    }
    for used in rows.list_pickup(Period::ALWAYS).await? {
        let Some(judged) = used.judged else { continue };
        let name = |level: Option<PickupLevel>| match level {
            Some(PickupLevel::Full) => "full",
            Some(PickupLevel::Partial) => "partial",
            Some(PickupLevel::Quote) => "quote",
            Some(PickupLevel::Theme) => "theme",
            None => "none",
        };
        let (found, said) = (name(Some(used.level)), name(judged.level));
        let _ = writeln!(
            gold.pickup,
            "{}\t{}\t{found}\t{said}\t{}\t{}",
            used.release, used.article, used.of_article, used.of_release
        );
    }
    for (issue, hand) in rows.list_hands().await?.into_iter().filter(|(_, hand)| !hand.is_neutral()) {
        let relevance = hand.relevance.map(|r| match r {
            Relevance::Main => "main",
            Relevance::Minor => "minor",
            Relevance::Mention => "mention",
        });
        let _ = writeln!(
            gold.decisions,
            "{}/{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            issue.edition,
            issue.slot,
            hand.story,
            state(&hand.state),
            number(hand.section.map(|s| s.0)),
            number(hand.place),
            number(hand.lead.map(|a| a.0)),
            relevance.unwrap_or("-"),
            hand.tone.map_or("-", Tone::name),
        );
    }
    let mut last = 0;
    loop {
        let acts = rows.list_curations_after(last, ACTS).await?;
        let Some(newest) = acts.last() else { break };
        last = newest.id;
        acts.iter().for_each(|act| tell(&mut gold.acts, act));
    }
    Ok(gold)
}

/// What an act was about, as it lay before.
fn tell(out: &mut String, act: &Curation) {
    let known = |words: Vec<String>| if words.is_empty() { "-".to_owned() } else { words.join(",") };
    for laid in &act.change.laid {
        let before = act.change.lines.iter().find(|(story, ..)| *story == laid.story);
        let before = before.and_then(|(_, before, _)| before.as_ref());
        let points = laid.points.iter().map(|(part, n)| format!("{}:{n}", part.name())).collect();
        let member = |m: &Member| {
            let because = m.because.map_or("-", Because::name);
            format!("{}:{because}:{}:{}", m.article, m.likeness, number(m.table.map(|table| table.0)))
        };
        let _ = writeln!(
            out,
            "{}\t{}\t{}/{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            act.id,
            act.at.rfc3339(),
            act.issue.edition,
            act.issue.slot,
            act.verb,
            u8::from(act.undone_at.is_some()),
            laid.story,
            before.map_or("open", |hand| state(&hand.state)),
            number(laid.section.map(|section| section.0)),
            u8::from(laid.leaves),
            known(points),
            laid.weights,
            known(laid.members.iter().map(member).collect()),
        );
    }
}

fn state(state: &ClippingState) -> &'static str {
    match state {
        ClippingState::Kept { .. } => "kept",
        ClippingState::Dropped { .. } => "dropped",
        ClippingState::Proposed => "open",
    }
}

fn number(n: Option<i64>) -> String {
    n.map_or_else(|| "-".to_owned(), |n| n.to_string())
}

/// The articles of the story that were not moved themselves.
async fn beside(rows: &mut Rows, story: StoryId, moved: &[ArticleId]) -> Result<Vec<ArticleId>> {
    let articles = rows.list_story_articles(&[story]).await?;
    Ok(articles.into_iter().map(|a| a.id).filter(|id| !moved.contains(id)).take(BESIDE).collect())
}
