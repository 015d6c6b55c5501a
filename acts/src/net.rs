//! The second net ([`salastampa_digest::net`]) hung under what leaves: which texts stand behind an output, and what is
//! written down when one of them shows in it longer than its rights allow.
//!
//! A find stops nothing: the entry falls back to title, source and link, the output leaves at its hour, and a line of the
//! log says where it was, how long, and of which article; the screen of the review and *Salute* show it. Left out: what the
//! desk shows to the office itself, which may read all of it.

use crate::booklet;
use crate::export::{Gates, Line};
use crate::{Result, issues};
use salastampa_digest::borrowed::LONGEST_RUN;
use salastampa_digest::net::{Caught, Fall, Form, Net, Output, SHORT_RUN, entries, fallen, hold};
use salastampa_digest::{Dress, mail};
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Actor, ArticleId, Audience, Entry, Event, Feed, FeedId, FeedOf, Review, ReviewId, Timestamp, UserId,
};
use salastampa_locale::Lang;
use salastampa_store::{EventFilter, Rows, Store, Write};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The verb under which a find stands in the log.
pub const VERB: &str = "rights.caught";
/// So many finds are looked through.
const MOST: usize = 200;

/// The net of the articles of these issues, for so many readers.
pub async fn of_issues(rows: &mut Rows, issues: &[Review], readers: usize, now: Timestamp) -> Result<Net> {
    let entries: Vec<&Entry> = issues.iter().flat_map(|r| &r.sections).flat_map(|s| &s.entries).collect();
    of_entries(rows, &entries, issues, readers, now).await
}

/// The net of these articles, for an output that holds no words of the office.
pub async fn of_articles(rows: &mut Rows, ids: &[ArticleId], readers: usize, now: Timestamp) -> Result<Net> {
    Gates::of(rows, Audience::Readers(readers), now).await?.net(rows, ids, &[], SHORT_RUN).await
}

async fn of_entries(
    rows: &mut Rows,
    entries: &[&Entry],
    issues: &[Review],
    readers: usize,
    now: Timestamp,
) -> Result<Net> {
    let mut ids: Vec<ArticleId> = entries.iter().map(|e| e.article).collect();
    // a copy that is only named has the words of the entry's own extract: without the entry's own text, which is purged
    // some day, nothing would say that they are rightly there
    let kept: BTreeSet<ArticleId> = rows.list_bodies(&ids).await?.into_iter().map(|(id, _)| id).collect();
    let whole = entries.iter().filter(|e| kept.contains(&e.article));
    let mut behind: BTreeSet<ArticleId> = whole.flat_map(|e| &e.also_in).map(|also| also.article).collect();
    behind.retain(|id| !ids.contains(id));
    ids.extend(behind);
    let own = entries.iter().any(|e| !e.summary.is_empty() || !e.note.is_empty());
    let ours: Vec<&str> = issues.iter().flat_map(|review| &review.pickup).map(|line| line.title.as_str()).collect();
    let least = if own { LONGEST_RUN } else { SHORT_RUN };
    Gates::of(rows, Audience::Readers(readers), now).await?.net(rows, &ids, &ours, least).await
}

/// The clothes of an output that is drawn only to be read through: nothing of them is another's.
pub(crate) fn plain(language: Lang) -> Dress {
    let nothing = String::new;
    Dress { office: nothing(), town: nothing(), base_url: nothing(), web: nothing(), contact: nothing(), language }
}

/// Every output that is drawn from a review and of which this crate draws the words.
pub fn outputs_of_review<'a>() -> Vec<Output<'a, Review>> {
    let mut outputs: Vec<Output<Review>> = Vec::new();
    for lang in Lang::ALL {
        outputs.push(Output::new("review mail", Form::Markup, move |r| mail::review(r, &plain(lang)).html));
        outputs.push(Output::new("review text", Form::Text, move |r| mail::review(r, &plain(lang)).text));
        outputs
            .push(Output::new("review pdf", Form::Text, move |r| booklet::words(&booklet::booklet(r, &plain(lang)))));
    }
    let one = std::slice::from_ref::<Review>;
    outputs
        .push(Output::new("feed atom", Form::Markup, move |r| issues::atom(&no_feed(), one(r), "", &plain(Lang::It))));
    outputs.push(Output::new("feed json", Form::Json, move |r| {
        issues::json(&no_feed(), one(r), &plain(Lang::It)).to_string()
    }));
    outputs
}

/// A feed that nobody reads, to draw an issue as one.
fn no_feed() -> Feed {
    Feed {
        id: FeedId(0),
        hash: String::new(),
        name: String::new(),
        of: FeedOf::Search { query: String::new() },
        readers: 1,
        made_by: UserId(0),
        made_at: Timestamp::default(),
        renewed_at: None,
        revoked_at: None,
    }
}

/// A review as it may leave, and what was found in it.
pub async fn review(rows: &mut Rows, review: Review, readers: usize, now: Timestamp) -> Result<(Review, Vec<Caught>)> {
    let net = of_issues(rows, std::slice::from_ref(&review), readers, now).await?;
    Ok(hold(review, &net, &outputs_of_review(), fallen))
}

/// A later version as it may leave: what it adds, corrects and takes away falls back like the whole.
pub(crate) async fn difference(
    rows: &mut Rows,
    changed: crate::curate::Difference,
    readers: usize,
    now: Timestamp,
) -> Result<(crate::curate::Difference, Vec<Caught>)> {
    let told = changed.next.sections.iter().flat_map(|s| &s.entries);
    let all: Vec<&Entry> = told.chain(&changed.added).chain(&changed.corrected).chain(&changed.removed).collect();
    let net = of_entries(rows, &all, std::slice::from_ref(&changed.next), readers, now).await?;
    type Changed = crate::curate::Difference;
    let mut outputs: Vec<Output<Changed>> = Vec::new();
    for output in outputs_of_review() {
        outputs.push(Output::new(output.name, output.form, move |d: &Changed| (output.draw)(&d.next)));
    }
    let letter = |d: &Changed, lang| mail::difference(&d.next, (&d.added, &d.corrected, &d.removed), &plain(lang));
    for lang in Lang::ALL {
        outputs.push(Output::new("difference mail", Form::Markup, move |d| letter(d, lang).html));
        outputs.push(Output::new("difference text", Form::Text, move |d| letter(d, lang).text));
    }
    Ok(hold(changed, &net, &outputs, |d, article, how, bare| {
        fallen(&mut d.next, article, how, bare);
        for some in [&mut d.added, &mut d.corrected, &mut d.removed] {
            entries(some, article, how, bare);
        }
    }))
}

/// Lines of a feed or of a file as they may leave.
pub fn lines(lines: Vec<Line>, net: &Net, output: Output<Vec<Line>>) -> (Vec<Line>, Vec<Caught>) {
    hold(lines, net, &[output], |lines, article, how, bare| {
        if how == Fall::Out {
            lines.retain(|line| line.article != article);
        }
        for line in lines.iter_mut().filter(|line| line.article == article) {
            *line = Line {
                title: bare.title.clone(),
                outlet_name: bare.outlet.clone(),
                url: bare.url.clone(),
                authors: Vec::new(),
                rubric: String::new(),
                extract: Default::default(),
                text: Vec::new(),
                tags: Vec::new(),
                ..line.clone()
            };
        }
    })
}

/// What a find says in the log: nothing of the text itself.
fn told(one: &Caught) -> String {
    json!({
        "output": one.output,
        "article": one.over.article.0,
        "words": one.over.words,
        "characters": one.over.chars,
        "at_word": one.over.at,
        "taken_out": one.again,
    })
    .to_string()
}

/// Writes finds down, each once: a page that is opened a hundred times makes one line.
pub async fn write_down(write: &mut Write, subject: &str, found: &[Caught], now: Timestamp) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let filter = EventFilter { among: vec![VERB], subject: Some(subject.to_owned()), ..EventFilter::default() };
    let known = write.list_events_page(&filter, MOST).await?;
    let who = Actor::Job { name: "rights".into() };
    for one in found {
        let told = told(one);
        tracing::error!(
            subject,
            told,
            "an output was to print more of a text than its rights allow; it fell back to its title"
        );
        if known.iter().all(|event| event.after.as_deref() != Some(&told)) {
            write.record_event(now, &who, VERB, subject, None, Some(&told)).await?;
        }
    }
    Ok(())
}

/// The same in a transaction of its own, for an output that writes nothing else.
pub async fn record(store: &Store, subject: &str, found: &[Caught], now: Timestamp) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let mut write = store.write().await?;
    write_down(&mut write, subject, found, now).await?;
    write.commit().await?;
    Ok(())
}

/// A find that was written down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// When.
    pub at: Timestamp,
    /// In which output.
    pub output: String,
    /// Of which article.
    pub article: ArticleId,
    /// How many words stood there in a row.
    pub words: u64,
}

fn found(event: &Event) -> Option<Found> {
    let told: Value = serde_json::from_str(event.after.as_deref()?).ok()?;
    Some(Found {
        at: event.at,
        output: told["output"].as_str()?.to_owned(),
        article: ArticleId(told["article"].as_i64()?),
        words: told["words"].as_u64()?,
    })
}

/// What was found in a review, the newest first.
pub async fn found_in(rows: &mut Rows, review: ReviewId) -> Result<Vec<Found>> {
    let subject = Some(Event::about_review(review));
    let filter = EventFilter { among: vec![VERB], subject, ..EventFilter::default() };
    Ok(rows.list_events_page(&filter, MOST).await?.iter().filter_map(found).collect())
}

/// What was found anywhere in the last week, the newest first.
pub async fn found_lately(rows: &mut Rows, now: Timestamp) -> Result<Vec<Found>> {
    let filter = EventFilter { among: vec![VERB], from: Some(now.plus(-7 * DAY)), ..EventFilter::default() };
    Ok(rows.list_events_page(&filter, MOST).await?.iter().filter_map(found).collect())
}

#[cfg(test)]
mod tests;
