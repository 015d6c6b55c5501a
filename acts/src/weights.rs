//! The office's weights of importance: read, tried on today's order, saved.
//!
//! Whoever answers for the review decides what stands in front, so the right is that to publish. A form that was filled over
//! older weights is not taken. What is out stays as it was; the next proposal is laid with the new weights.

use crate::house::{actor, allowed};
use crate::review::rows::orders;
use crate::{Denied, Result, Slip};
use salastampa_domain::{Act, Actor, Edition, Slot, StoryId, Timestamp, Weights};
use salastampa_locale::{Lang, fill};
use salastampa_store::{Rows, Store};

/// Most stories of the preview.
pub const MOST: usize = 15;

/// The weights that hold, with their version; 0 where nobody decided.
///
/// # Errors
/// The store fails.
pub async fn current(rows: &mut Rows) -> Result<(i64, Weights)> {
    Ok(rows.find_weights().await?.map_or((0, Weights::default()), |saved| (saved.version, saved.weights)))
}

/// What was typed, by the name of each weight; what is absent stays as it is in `base`.
///
/// # Errors
/// [`Denied::Form`] with each field that is no whole number from 0 to [`Weights::MOST`].
pub fn read(base: Weights, typed: &[(&'static str, String)], lang: Lang) -> Result<Weights> {
    let mut weights = base;
    let mut slips = Vec::new();
    for (name, value) in weights.named() {
        let Some((_, text)) = typed.iter().find(|(field, _)| *field == name) else { continue };
        let least = i64::from(name == "freshness_hours");
        match text.trim().parse::<i64>() {
            Ok(n) if (least..=Weights::MOST).contains(&n) => *value = n,
            _ => {
                let bounds = [("least", least.to_string()), ("most", Weights::MOST.to_string())];
                let bounds = bounds.each_ref().map(|(key, value)| (*key, value.as_str()));
                slips.push(Slip { field: name, sentence: fill(lang, "weights.wrong", &bounds) });
            }
        }
    }
    if slips.is_empty() { Ok(weights) } else { Err(Denied::Form(slips).into()) }
}

/// Saves weights over those of that version; gives the new version.
///
/// # Errors
/// [`Denied::Changed`] if somebody saved in the meantime.
pub async fn save(store: &Store, login: &str, version: i64, weights: Weights, now: Timestamp) -> Result<i64> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::PublishReview).await?;
    let before = write.find_weights().await?;
    if before.as_ref().is_some_and(|saved| saved.weights == weights) {
        return Ok(version);
    }
    if let Some(saved) = before.as_ref().filter(|saved| saved.version != version) {
        let by = match &saved.by {
            Actor::User { id } => write.find_user_by_id(*id).await?.map(|user| user.name),
            _ => None,
        };
        return Err(Denied::Changed { by: by.unwrap_or_else(|| "—".into()), at: saved.at }.into());
    }
    let version = write.record_weights(&weights, &actor(&user), now).await?;
    let json = |weights: &Weights| serde_json::to_string(weights).map_err(anyhow::Error::from);
    let was = json(&before.map(|saved| saved.weights).unwrap_or_default())?;
    let is = json(&weights)?;
    write.record_event(now, &actor(&user), "weights.save", "weights", Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(version)
}

/// A story of the preview.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moved {
    /// Its title.
    pub title: String,
    /// Its place by the weights that hold; none where it was not among them.
    pub was: Option<usize>,
    /// Its place by the weights that are tried.
    pub is: usize,
    /// Its points by the weights that hold, and by those that are tried.
    pub points: (i64, i64),
}

/// The next issue's stories by the weights that are tried, the first [`MOST`], beside where they stand now.
pub async fn preview(
    rows: &mut Rows,
    edition: &Edition,
    slot: Slot,
    tried: Weights,
    now: Timestamp,
) -> Result<Vec<Moved>> {
    let (_, holds) = current(rows).await?;
    let orders = orders(rows, edition, slot, &[holds, tried], now).await?;
    let [was, is] = &orders[..] else { return Ok(Vec::new()) };
    let key = |l: &salastampa_digest::Line| (l.story.unwrap_or(StoryId(0)), l.entry.article);
    let moved = is.iter().zip(1..).take(MOST).map(|(line, place)| {
        let at =
            was.iter().position(|l| l.articles.iter().any(|a| a.article == line.entry.article) || key(l) == key(line));
        Moved {
            title: line.entry.title.clone(),
            was: at.map(|at| at + 1),
            is: place,
            points: (at.map_or(0, |at| was[at].points()), line.points()),
        }
    });
    Ok(moved.collect())
}
