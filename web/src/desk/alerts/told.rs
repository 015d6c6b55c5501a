//! What was told on a day: a story once, and under it who was told, by which topics, and how far each mail came. Readers of
//! whom the same is to be said share a line.

use super::super::session::Desk;
use super::rang_words;
use crate::answer::Error;
use salastampa_digest::alert::latency;
use salastampa_digest::clean;
use salastampa_domain::{
    Alert, AlertState, Article, ArticleId, Delivery, DeliveryKind, DeliveryState, Push, StoryId, Unsent, WatchId,
};
use salastampa_locale::{Lang, date, fill, number, plural, t};
use salastampa_store::Rows;
use std::collections::{BTreeMap, BTreeSet};

/// An article of which readers were told together.
pub(super) struct Told {
    pub(super) id: i64,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) outlet: String,
    /// The outlets that tell the story beside the one that raised it.
    pub(super) others: String,
    pub(super) note: String,
    /// When it was raised.
    pub(super) datetime: String,
    pub(super) ways: Vec<Way>,
}

/// Readers of whom the same is to be said.
pub(super) struct Way {
    pub(super) watches: String,
    pub(super) why: String,
    /// `battuta 10:02:11, vista 10:02:19, partita 10:02:31`.
    pub(super) times: String,
    pub(super) readers: Vec<Reached>,
}

/// How far the mail to one reader came.
pub(super) struct Reached {
    pub(super) name: String,
    pub(super) state: String,
    pub(super) good: bool,
    pub(super) bad: bool,
    /// `10:02:33, 14 s da quando l'abbiamo vista`; empty where no server took it.
    pub(super) taken: String,
    /// How far the notification beside the mail is, and whether somebody should look at it.
    pub(super) rang: Option<(String, bool)>,
}

/// The alerts of a day by what was told, in their order: those that one article raised together.
pub(super) fn by_story<'a>(alerts: &'a [&'a Alert]) -> Vec<&'a [&'a Alert]> {
    alerts.chunk_by(|a, b| (a.story, a.article, &a.note) == (b.story, b.article, &b.note)).collect()
}

/// The alerts in words: rows are read for all of them together.
pub(super) async fn told(desk: &Desk, rows: &mut Rows, stories: &[&[&Alert]]) -> Result<Vec<Told>, Error> {
    let alerts: Vec<&Alert> = stories.iter().flat_map(|story| story.iter().copied()).collect();
    let numbers: Vec<StoryId> = alerts.iter().map(|a| a.story).collect::<BTreeSet<_>>().into_iter().collect();
    let ids: Vec<ArticleId> = alerts.iter().map(|a| a.article).collect();
    let known = Known::read(rows, &alerts, &numbers).await?;
    let members = rows.list_story_articles(&numbers).await?;
    let articles: BTreeMap<_, Article> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let outlets: BTreeMap<_, _> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o.name)).collect();
    let line = |story: &&[&Alert]| {
        let first = *story.first()?;
        let article = articles.get(&first.article)?;
        let others: BTreeSet<&str> = members
            .iter()
            .filter(|m| m.story == Some(first.story) && m.outlet != article.outlet)
            .filter_map(|m| outlets.get(&m.outlet))
            .map(String::as_str)
            .collect();
        let names = others.iter().copied().collect::<Vec<_>>().join(", ");
        Some(Told {
            id: first.id.0,
            title: clean::line(&article.title, 300),
            url: clean::link(&article.url).unwrap_or_default().to_owned(),
            outlet: outlets.get(&article.outlet).cloned().unwrap_or_default(),
            others: match others.len() {
                0 => String::new(),
                n => format!("{}: {names}", plural(desk.lang, "curation.alerts.others", n)),
            },
            note: first.note.clone(),
            datetime: first.at.rfc3339(),
            ways: known.ways(story, article, desk.lang),
        })
    };
    Ok(stories.iter().filter_map(line).collect())
}

/// What is to be known of the alerts of a page beside their articles.
struct Known {
    /// All alerts of the stories, those too that were told in another's mail.
    all: Vec<Alert>,
    deliveries: Vec<Delivery>,
    pushes: Vec<Push>,
    /// The words that each watch found in each article.
    found: BTreeMap<(ArticleId, WatchId), Vec<String>>,
    watches: BTreeMap<WatchId, String>,
    readers: BTreeMap<salastampa_domain::ReaderId, String>,
}

impl Known {
    async fn read(rows: &mut Rows, alerts: &[&Alert], stories: &[StoryId]) -> Result<Self, Error> {
        let (mut deliveries, mut pushes) = (Vec::new(), Vec::new());
        for kind in [DeliveryKind::Alert, DeliveryKind::Batch] {
            let subjects = alerts.iter().filter_map(|a| a.subject()).filter(|subject| subject.kind == kind);
            let things: Vec<i64> = subjects.map(|subject| subject.thing).collect::<BTreeSet<_>>().into_iter().collect();
            deliveries.extend(rows.list_deliveries_about(kind, &things).await?);
            pushes.extend(rows.list_pushes_about(kind, &things).await?);
        }
        let clippings = rows.list_clippings_of_stories(stories).await?;
        Ok(Self {
            all: rows.list_alerts_of_stories(stories).await?,
            deliveries,
            pushes,
            found: clippings.into_iter().map(|c| ((c.article, c.watch), c.why)).collect(),
            watches: rows.list_watches().await?.into_iter().map(|w| (w.id, w.name)).collect(),
            readers: rows.list_readers().await?.into_iter().map(|r| (r.id, r.name)).collect(),
        })
    }

    fn ways(&self, alerts: &[&Alert], article: &Article, lang: Lang) -> Vec<Way> {
        let mut ways: Vec<Way> = Vec::new();
        for alert in alerts {
            let way = self.way(alert, article, lang);
            match ways.iter_mut().find(|w| (&w.watches, &w.why, &w.times) == (&way.watches, &way.why, &way.times)) {
                Some(same) => same.readers.extend(way.readers),
                None => ways.push(way),
            }
        }
        for way in &mut ways {
            way.readers.sort_by(|a, b| a.name.cmp(&b.name));
        }
        ways
    }

    /// The way to one reader.
    fn way(&self, alert: &Alert, article: &Article, lang: Lang) -> Way {
        let mine = |a: &&Alert| a.story == alert.story && a.reader == alert.reader;
        let spoke: BTreeSet<WatchId> = self.all.iter().filter(mine).map(|a| a.watch).collect();
        let mut why: Vec<&str> = Vec::new();
        for word in spoke.iter().filter_map(|watch| self.found.get(&(alert.article, *watch))).flatten() {
            if !why.contains(&word.as_str()) {
                why.push(word);
            }
        }
        let names: Vec<&str> = spoke.iter().filter_map(|w| self.watches.get(w)).map(String::as_str).collect();
        let left = alert.left_at.unwrap_or(alert.at);
        Way {
            watches: names.join(", "),
            why: clean::line(&why.join(", "), 200),
            times: latency(article.published_at, article.first_seen, left, alert.held(), lang),
            readers: vec![self.reached(alert, article, lang)],
        }
    }

    fn reached(&self, alert: &Alert, article: &Article, lang: Lang) -> Reached {
        let mine = |d: &&Delivery| Some(d.subject) == alert.subject() && d.reader == Some(alert.reader);
        let delivery = self.deliveries.iter().find(mine);
        let rang = |p: &&Push| Some(p.new.subject) == alert.subject() && p.new.reader == alert.reader;
        let (state, good, bad) = match alert.state {
            AlertState::Dropped { why } => (unsent(why, lang), false, false),
            _ => state(delivery, lang),
        };
        let taken = delivery.and_then(|d| d.accepted_at).map(|at| {
            let length = number::duration(at.since(article.first_seen).max(0), lang);
            let time = date::time_seconds(at.civil().time());
            fill(lang, "curation.alerts.taken", &[("time", &time), ("length", &length)])
        });
        Reached {
            name: self.readers.get(&alert.reader).cloned().unwrap_or_default(),
            state: state.to_owned(),
            good,
            bad,
            taken: taken.unwrap_or_default(),
            rang: self.pushes.iter().find(rang).map(|push| rang_words(push, lang)),
        }
    }
}

/// Why it never left.
fn unsent(why: Unsent, lang: Lang) -> &'static str {
    match why {
        Unsent::Officer => t(lang, "curation.alerts.dropped"),
        Unsent::Reader => t(lang, "curation.alerts.stopped"),
        Unsent::Withdrawn => t(lang, "curation.alerts.withdrawn"),
    }
}

/// Where its mail stands, and whether that is good or bad.
fn state(delivery: Option<&Delivery>, lang: Lang) -> (&'static str, bool, bool) {
    let Some(delivery) = delivery else { return (t(lang, "curation.mail.none"), false, false) };
    match delivery.state {
        DeliveryState::Accepted => (t(lang, "curation.mail.accepted"), true, false),
        DeliveryState::Queued | DeliveryState::Leased { .. } | DeliveryState::DataStarted { .. } => {
            (t(lang, "curation.mail.queued"), false, false)
        }
        DeliveryState::Deferred { .. } => (t(lang, "curation.mail.deferred"), false, false),
        DeliveryState::Uncertain => (t(lang, "curation.mail.uncertain"), false, true),
        DeliveryState::Failed => (t(lang, "curation.mail.failed"), false, true),
        DeliveryState::Suppressed => (t(lang, "curation.mail.suppressed"), false, true),
        DeliveryState::Cancelled => (t(lang, "curation.mail.cancelled"), false, true),
    }
}

#[cfg(test)]
pub(super) fn sample(lang: Lang, good: bool, bad: bool) -> Told {
    let reached = |name: &str| Reached {
        name: name.into(),
        state: t(lang, "curation.mail.accepted").into(),
        good,
        bad,
        taken: fill(lang, "curation.alerts.taken", &[("time", "10:02:33"), ("length", "14 s")]),
        rang: bad.then(|| (t(lang, "people.push.waiting").to_owned(), bad)),
    };
    Told {
        id: 1,
        title: "Frana <a> Maresio".into(),
        url: "https://agenzia.test/1".into(),
        outlet: "Agenzia <Lago>".into(),
        others: "altre 2 testate: Il Lago, Radio <Riva>".into(),
        note: "Sentita <l'assessora>".into(),
        datetime: "2026-11-23T10:02:31+01:00".into(),
        ways: vec![Way {
            watches: "Emergenze".into(),
            why: "frana".into(),
            times: "battuta 10:02:11, vista 10:02:19, partita 10:02:31".into(),
            readers: vec![reached("Ada Corti"), reached("Pietro <Nava>")],
        }],
    }
}
