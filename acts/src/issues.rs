//! The issues of an edition for machines: Atom for news readers (RFC 4287), JSON for other programs.
//!
//! Both are drawn from the [`Review`] that was frozen when it left, in the words of its [`Sheet`](salastampa_digest::Sheet),
//! so that they tell what the mail told, in its order. What may be shown is asked again on the day of the reading: an
//! article that was taken back since, or whose licence ended, leaves the feed or loses its text, and nothing ever shows
//! more than the issue did. Names of the JSON's members are English and stay. Left out: reserved editions, which have no
//! feed, and drafts.

use crate::Result;
use crate::export::{Gates, Line};
use salastampa_digest::clean::xml;
use salastampa_digest::{Dress, sheet};
use salastampa_domain::{
    ArticleId, Audience, Edition, EditionId, Entry, Feed, Page, Query, Review, ReviewState, Timestamp, Visibility,
};
use salastampa_index::{Archive, Names};
use salastampa_locale::t;
use salastampa_store::Rows;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// So many issues, the newest first.
pub const ISSUES: usize = 7;
/// The archive is asked about so many articles at once.
const AT_ONCE: usize = 100;

/// Whether an edition may have a feed.
pub fn may_be_fed(edition: &Edition) -> bool {
    edition.visibility != Visibility::Reserved
}

/// The last issues as they went out, and the lines of the articles that they may still show.
pub(crate) async fn last(
    rows: &mut Rows,
    archive: &dyn Archive,
    edition: EditionId,
    readers: usize,
    now: Timestamp,
) -> Result<(Vec<Review>, Vec<Line>)> {
    // it may have become a reserved one since
    if !rows.find_edition_by_id(edition).await?.is_some_and(|edition| may_be_fed(&edition)) {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut reviews = Vec::new();
    // a draft of the next one may stand before them
    for review in rows.list_reviews_of(Some(edition), ISSUES + 2, 0).await? {
        if review.version > 0 && reviews.len() < ISSUES {
            reviews.extend(rows.find_review_version(review.id, review.version).await?);
        }
    }
    let entries = || reviews.iter().flat_map(|review| &review.sections).flat_map(|section| &section.entries);
    let mut asked: Vec<ArticleId> =
        entries().flat_map(|e| std::iter::once(e.article).chain(e.also_in.iter().map(|a| a.article))).collect();
    asked.sort_unstable();
    asked.dedup();
    let names = Names::new(&[], &[]);
    let mut known = Vec::new();
    // through the archive: it knows nothing of what is under embargo or was taken back
    for some in asked.chunks(AT_ONCE) {
        let page = Page { size: AT_ONCE, after: None };
        let query = Query { page, only: Some(some.to_vec()), counts: false, ..Query::text("") };
        let hits = archive.search(&query, &names, now).await.map_err(anyhow::Error::from)?;
        known.extend(hits.hits.into_iter().map(|hit| hit.article));
    }
    let lines = Gates::of(rows, Audience::Readers(readers), now).await?.lines(rows, &known, false, false).await?;
    let by_article: BTreeMap<ArticleId, &Line> = lines.iter().map(|line| (line.article, line)).collect();
    for section in reviews.iter_mut().flat_map(|review| &mut review.sections) {
        section.entries = section.entries.drain(..).filter_map(|entry| still(entry, &by_article)).collect();
    }
    let leads: Vec<ArticleId> =
        reviews.iter().flat_map(|r| &r.sections).flat_map(|s| &s.entries).map(|e| e.article).collect();
    let lines = lines.into_iter().filter(|line| leads.contains(&line.article)).collect();
    Ok((reviews, lines))
}

/// An entry as far as it may be shown today; none if not at all.
fn still(mut entry: Entry, lines: &BTreeMap<ArticleId, &Line>) -> Option<Entry> {
    let line = lines.get(&entry.article)?;
    let chars = |text: &str| text.chars().count();
    if chars(line.extract.as_str()) < chars(entry.extract.as_str()) {
        entry.extract = line.extract.clone();
    }
    if line.url.is_empty() {
        entry.url.clear();
        entry.authors.clear();
    }
    entry.also_in.retain(|other| lines.contains_key(&other.article));
    for other in &mut entry.also_in {
        if lines.get(&other.article).is_some_and(|line| line.url.is_empty()) {
            other.url.clear();
        }
    }
    Some(entry)
}

fn published(review: &Review) -> Timestamp {
    match review.state {
        ReviewState::Published { at, .. } => at,
        ReviewState::Draft => review.slot.instant(),
    }
}

/// The entries of an issue with their words, in their order.
fn told<'a>(review: &'a Review, words: &'a sheet::Sheet) -> impl Iterator<Item = (&'a Entry, &'a sheet::SheetEntry)> {
    let entries = review.sections.iter().flat_map(|section| &section.entries);
    entries.zip(words.sections.iter().flat_map(|section| &section.entries))
}

/// The issues as Atom: an entry a story, the newest issue first and each in its own order. Its date is that of the newest
/// issue, so that it is the same at each reading; its address is in it nowhere: who passes the file on does not pass
/// the key on.
pub fn atom(feed: &Feed, issues: &[Review], base_url: &str, dress: &Dress) -> String {
    let updated = issues.iter().map(published).max().unwrap_or(feed.made_at);
    let id = format!("{base_url}/feed/{}", feed.id);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{}</id>\n<title>{}</title>\n<subtitle>{}</subtitle>\n<updated>{}</updated>\n<author><name>{}</name></author>\n",
        dress.language.code(),
        xml(&id),
        xml(&feed.name),
        xml(t(dress.language, "dossier.feed.subtitle")),
        updated.rfc3339(),
        xml(&dress.office),
    );
    for review in issues {
        let words = sheet::sheet(review, dress);
        for (entry, told) in told(review, &words) {
            let authors: Vec<&str> =
                std::iter::once(&entry.outlet_name).chain(&entry.authors).map(String::as_str).collect();
            // writing to a string cannot fail
            let _ = write!(
                out,
                "<entry>\n<id>{}</id>\n<title>{}</title>\n<published>{}</published>\n<updated>{}</updated>\n\
                 <author><name>{}</name></author>\n",
                xml(&format!("{id}/{}/{}", review.id, entry.article)),
                xml(&told.headline),
                entry.dated.rfc3339(),
                published(review).rfc3339(),
                xml(&authors.join(" · ")),
            );
            if !told.url.is_empty() {
                let _ = writeln!(out, "<link rel=\"alternate\" href=\"{}\"/>", xml(&told.url));
            }
            // an entry without a link must have content (RFC 4287 §4.1.2); one without a text says where it stood
            let summary = if told.extract.is_empty() { &entry.outlet_name } else { &told.extract };
            let element = if told.url.is_empty() { "content" } else { "summary" };
            let _ = write!(out, "<{element}>{}</{element}>\n</entry>\n", xml(summary));
        }
    }
    out.push_str("</feed>\n");
    out
}

/// The issues as JSON, the newest first: the words of each in the order in which any output has them.
pub fn json(feed: &Feed, issues: &[Review], dress: &Dress) -> Value {
    let issues: Vec<Value> = issues.iter().map(|review| issue(review, dress)).collect();
    json!({ "feed": feed.name, "office": dress.office, "issues": issues })
}

fn issue(review: &Review, dress: &Dress) -> Value {
    let words = sheet::sheet(review, dress);
    let full = review.sections.iter().filter(|section| !section.entries.is_empty());
    let sections: Vec<Value> = full
        .zip(&words.sections)
        .map(|(section, told)| {
            let entries = section.entries.iter().zip(&told.entries).map(|(entry, told)| {
                let also: Vec<Value> = told.also.iter().map(|a| json!({ "name": a.text, "url": a.url })).collect();
                json!({
                    "title": told.headline,
                    "source": told.source_line,
                    "outlet": entry.outlet_name,
                    "authors": entry.authors,
                    "date": entry.dated.rfc3339(),
                    "url": told.url,
                    "text": told.extract,
                    "passage": entry.passage,
                    "note": told.note,
                    "also_in": also,
                    "why": told.why,
                })
            });
            json!({ "name": told.heading, "entries": entries.collect::<Vec<_>>() })
        })
        .collect();
    let links = |lines: &[sheet::SheetLink]| -> Vec<Value> {
        lines.iter().map(|l| json!({ "text": l.text, "url": l.url })).collect()
    };
    let pickup: Vec<Value> =
        words.pickup.iter().map(|p| json!({ "release": p.title, "used_by": links(&p.lines) })).collect();
    json!({
        "edition": words.title,
        "day": words.date_long,
        "slot": review.slot.to_string(),
        "version": review.version,
        "published": published(review).rfc3339(),
        "marks": words.marks,
        "summary": words.summary,
        "sections": sections,
        "empty_sections": words.empty_sections,
        "pickup": pickup,
        "coverage": words.coverage,
        "silent_sources": words.ill,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use salastampa_domain::{FeedId, FeedOf, UserId};

    /// A feed of the first edition.
    pub(crate) fn feed() -> Feed {
        Feed {
            id: FeedId(7),
            hash: String::new(),
            name: "Rassegna".into(),
            of: FeedOf::Edition { edition: EditionId(1) },
            readers: 3,
            made_by: UserId(1),
            made_at: Timestamp(1_795_000_000_000),
            renewed_at: None,
            revoked_at: None,
        }
    }
}
