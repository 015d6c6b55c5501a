//! Why an article was not in the review, as far as the rows tell: asked of the table first, then of the article's own
//! clippings, then of the sources of its outlet. A reason that is not known is not guessed.

use super::Doing;
use crate::review::rows;
use crate::{Result, weights};
use salastampa_digest::compose::{RECENT, Standing};
use salastampa_domain::{Article, ArticleId, ClippingState, Health, Period, Source, Timestamp, UserId, Via, WatchId};
use salastampa_store::Rows;
use serde::{Deserialize, Serialize};

/// So many copies of a text are looked through.
const MOST_COPIES: usize = 200;

/// Why an article was not in the review, as far as the rows tell.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Missed {
    /// No source of that outlet is visited.
    SourceUnknown,
    /// A source of that outlet does not answer.
    SourceIll {
        /// Its name in files.
        source: String,
        /// Since when.
        since: Timestamp,
    },
    /// The outlet's sources have not listed it.
    NotListed,
    /// It was read, and no watch of the edition matched it.
    NoWatch,
    /// A watch of the edition found it, and by its own terms it was not enough.
    Ungraded,
    /// Somebody dropped its story.
    Dropped {
        /// Who.
        by: UserId,
    },
    /// It is the same text as an article that is on the table.
    Copy {
        /// That article.
        of: ArticleId,
    },
    /// It was one too many in its section.
    Over,
    /// It weighed less than the office asks of a proposal.
    TooLight,
    /// It was older than two days when a watch took it.
    Old,
    /// A watch took it before the issue before left.
    Earlier,
    /// It arrived after somebody began to decide, or after the review left.
    Late,
    /// It was there.
    Here,
}

/// `is_new` says that the article came by being pasted: then a watch may have clipped it since, and it was missed all the
/// same.
pub(super) async fn missed(doing: &mut Doing, article: &Article, is_new: bool) -> Result<Missed> {
    let line = doing.lines.iter().find(|l| l.articles.iter().any(|a| a.article == article.id && a.clipped));
    if let Some(line) = line.filter(|_| !is_new) {
        let light = line.points() < weights::current(&mut doing.write).await?.1.minimum;
        return Ok(match (line.standing, line.hand.as_ref().map(|h| h.state)) {
            (_, Some(ClippingState::Dropped { by })) => Missed::Dropped { by },
            (Standing::Over, _) if light => Missed::TooLight,
            (Standing::Over, _) => Missed::Over,
            (Standing::Late, _) => Missed::Late,
            _ => Missed::Here,
        });
    }
    let told = article.story.and_then(|story| doing.lines.iter().find(|l| l.story == Some(story)));
    let hand = told.and_then(|l| l.hand.as_ref());
    if let Some(ClippingState::Dropped { by }) = hand.map(|h| h.state).filter(|_| !is_new) {
        return Ok(Missed::Dropped { by });
    }
    if let Some(of) = copied(doing, article).await? {
        return Ok(Missed::Copy { of });
    }
    if !is_new && let Some(why) = clipped(doing, article).await? {
        return Ok(why);
    }
    if !is_new && falls_short(doing, article).await? {
        return Ok(Missed::Ungraded);
    }
    if matches!(article.via, Via::Source { .. }) {
        return Ok(Missed::NoWatch);
    }
    let sources: Vec<Source> = sources_of(&mut doing.write, article).await?;
    let ill = sources.iter().find_map(|s| match &s.health {
        Health::Ill { since, .. } | Health::Blocked { since, .. } | Health::Forbidden { since } => {
            Some(Missed::SourceIll { source: s.slug.clone(), since: *since })
        }
        _ => None,
    });
    Ok(match (sources.is_empty(), ill) {
        (true, _) => Missed::SourceUnknown,
        (false, Some(ill)) => ill,
        (false, None) => Missed::NotListed,
    })
}

/// The article on the table that has the same text, if one has.
async fn copied(doing: &mut Doing, article: &Article) -> Result<Option<ArticleId>> {
    let Some(group) = article.copy_group else { return Ok(None) };
    let copies = doing.write.list_copies(group, MOST_COPIES).await?;
    let on_the_table = doing.lines.iter().flat_map(|l| &l.articles).filter(|a| a.clipped && a.article != article.id);
    Ok(on_the_table.map(|a| a.article).find(|id| copies.iter().any(|copy| copy.id == *id)))
}

/// What its own clippings say: of the watches of this edition alone.
async fn clipped(doing: &mut Doing, article: &Article) -> Result<Option<Missed>> {
    let watches: Vec<WatchId> = doing.edition.sections.iter().flat_map(|s| s.watches.iter().copied()).collect();
    let period = period(doing).await?;
    let clippings = doing.write.list_clippings_of(article.id).await?;
    let own: Vec<_> = clippings.iter().filter(|c| watches.contains(&c.watch)).collect();
    let dropped = own.iter().find_map(|c| match c.state {
        ClippingState::Dropped { by } => Some(Missed::Dropped { by }),
        _ => None,
    });
    let old = |at: Timestamp| at.since(article.dated()) >= RECENT;
    Ok(match own.iter().map(|c| c.matched_at).min() {
        _ if dropped.is_some() => dropped,
        Some(at) if old(at) => Some(Missed::Old),
        Some(at) if at >= period.to => Some(Missed::Late),
        Some(at) if at < period.from => Some(Missed::Earlier),
        _ => None,
    })
}

/// Whether a watch of this edition that grades by terms of its own found the article and left it: there is no clipping.
async fn falls_short(doing: &mut Doing, article: &Article) -> Result<bool> {
    let own: Vec<WatchId> = doing.edition.sections.iter().flat_map(|s| s.watches.iter().copied()).collect();
    let watches = doing.write.list_watches().await?;
    for watch in watches.iter().filter(|w| own.contains(&w.id) && !w.grading.is_plain() && w.retired_at.is_none()) {
        // the town's name counts for nothing here: whether the query finds the article is all that is asked
        if !crate::grade::matches(&mut doing.write, watch, &[article.id], "", doing.now).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the issue covers.
async fn period(doing: &mut Doing) -> Result<Period> {
    let slot = doing.arrangement.issue.slot;
    let out = doing.write.find_review(doing.edition.id, slot).await?.filter(|r| r.version > 0);
    Ok(match out {
        Some(out) => out.period,
        None => {
            Period { from: rows::beginning(&mut doing.write, &doing.edition).await?, to: slot.instant().max(doing.now) }
        }
    })
}

async fn sources_of(rows: &mut Rows, article: &Article) -> Result<Vec<Source>> {
    let sources = rows.list_sources().await?;
    Ok(sources.into_iter().filter(|s| s.outlet == article.outlet && s.is_active()).collect())
}
