//! What a later look at an article's page gives: nothing, another text, a page that is missing or is no longer its own.
//!
//! Pure: the page has been read (`page::read_again`), the rows are written elsewhere. What a wall or a teaser showed is
//! not kept, and neither are its validators, so that the next look asks for the article again and not for the wall.

use crate::change::{self, Text};
use crate::key;
use crate::page::PageReading;
use salastampa_domain::{ForeignText, Looked, RevisionKind, Timestamp, VisitOutcome};

/// An article as its newest reading has it.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its body; empty where the page could never be read.
    pub body: &'a ForeignText,
    /// The canonical form of its address.
    pub key: &'a str,
    /// The headline that the page last had.
    pub headline: Option<&'a str>,
    /// The date that the page last declared.
    pub dated: Option<Timestamp>,
    /// Its newest reading is that its page is gone.
    pub gone: bool,
}

/// What a look gave.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// In a word.
    pub looked: Looked,
    /// The new reading, if there is one.
    pub reading: Option<NewText>,
    /// What the page says of itself now, where it is the article's.
    pub page: Option<PageSays>,
}

/// A new reading of an article.
#[derive(Clone, PartialEq, Debug)]
pub struct NewText {
    /// What kind of change.
    pub kind: RevisionKind,
    /// Its title now.
    pub title: String,
    /// Its body now.
    pub body: ForeignText,
}

/// What a page says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageSays {
    /// Its headline.
    pub headline: Option<String>,
    /// Its date: of its last change, or else of its publication.
    pub dated: Option<Timestamp>,
}

/// What a reading of a page says of itself.
pub fn says(reading: &PageReading) -> PageSays {
    let page = reading.article.as_ref();
    PageSays {
        headline: page.map(|page| page.title.clone()).filter(|title| !title.trim().is_empty()),
        dated: reading.modified_at.or_else(|| page.and_then(|page| page.published_at)),
    }
}

/// Weighs a look.
pub fn weigh(known: &Known<'_>, reading: &PageReading) -> Finding {
    let only = |looked| Finding { looked, reading: None, page: None };
    match &reading.outcome {
        VisitOutcome::Unchanged => return Finding { reading: restored(known), ..only(Looked::Same) },
        VisitOutcome::Blocked { .. } => return only(Looked::Blocked),
        VisitOutcome::Robots => return only(Looked::Forbidden),
        VisitOutcome::NotAFeed { .. } => return only(Looked::Elsewhere),
        _ => {}
    }
    match (reading.status, &reading.outcome) {
        (Some(404 | 410), _) => return only(Looked::Missing),
        (Some(401), _) => return only(Looked::Wall),
        (None, VisitOutcome::Read) => return only(Looked::Reserved),
        (_, VisitOutcome::Read | VisitOutcome::Empty { .. }) => {}
        _ => return only(Looked::Failed),
    }
    let Some(page) = &reading.article else { return only(Looked::Failed) };
    if page.body.is_empty() && reading.tdm_reserved {
        return only(Looked::Reserved);
    }
    let said = says(reading);
    let new = said.headline.as_deref();
    let old_title = known.headline.unwrap_or(known.title);
    // a page whose headline was never read is not compared by it
    let new_title = if known.headline.is_some() { new.unwrap_or(old_title) } else { old_title };
    let old = Text { title: old_title, body: known.body.for_analysis(), dated: known.dated };
    let text = Text { title: new_title, body: page.body.for_analysis(), dated: said.dated };
    let moved = key::canonical(&reading.url) != known.key;
    if let Some(looked) = change::displaced(&old, &text, moved) {
        return only(looked);
    }
    let title = if change::same(old_title, new_title) { known.title } else { new_title };
    let changed = |kind| NewText { kind, title: title.to_owned(), body: page.body.clone() };
    let reading = match (known.body.is_empty(), page.body.is_empty()) {
        (true, false) => Some(changed(RevisionKind::Completed)),
        _ => change::kind(&old, &text).map(changed).or_else(|| restored(known)),
    };
    let looked = if reading.is_some() { Looked::Changed } else { Looked::Same };
    Finding { looked, reading, page: Some(said) }
}

/// A page that was gone and is there again as it was.
fn restored(known: &Known<'_>) -> Option<NewText> {
    known.gone.then(|| NewText {
        kind: RevisionKind::Restored,
        title: known.title.to_owned(),
        body: known.body.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extracted;
    use salastampa_domain::Validators;

    const BODY: &str =
        "Il ponte sul Rio riapre domani mattina dopo tre mesi di lavori.\nIl collaudo è stato fatto ieri.";
    const URL: &str = "https://lago.test/ponte";

    fn known(body: &ForeignText, headline: Option<&'static str>, gone: bool) -> Finding {
        let known = Known { title: "Ponte riaperto", body, key: URL, headline, dated: None, gone };
        weigh(&known, &page(200, "Riapre il ponte", BODY))
    }

    fn page(status: u16, title: &str, body: &str) -> PageReading {
        PageReading {
            outcome: VisitOutcome::Read,
            status: Some(status),
            url: URL.into(),
            bytes: 900,
            article: Some(Extracted { title: title.into(), body: ForeignText::new(body), ..Extracted::default() }),
            tdm_reserved: false,
            retry_after: None,
            peer: None,
            modified_at: None,
            validators: Validators::default(),
        }
    }

    #[test]
    fn a_feed_may_word_its_headline_otherwise_than_the_page() {
        let body = ForeignText::new(BODY);
        for headline in [None, Some("Riapre il ponte")] {
            let found = known(&body, headline, false);
            assert_eq!((found.looked, found.reading), (Looked::Same, None), "{headline:?}");
            assert_eq!(found.page.expect("it was read").headline.as_deref(), Some("Riapre il ponte"));
        }
        let found = known(&body, Some("Il ponte apre"), false).reading.expect("another headline");
        assert_eq!((found.kind, found.title.as_str()), (RevisionKind::Silent, "Riapre il ponte"));
    }

    #[test]
    fn a_text_that_can_be_read_only_now_completes_the_article() {
        let found = known(&ForeignText::default(), None, false).reading.expect("a text");
        assert_eq!((found.kind, found.title.as_str()), (RevisionKind::Completed, "Ponte riaperto"));
        let back = known(&ForeignText::new(BODY), None, true).reading.expect("a reading");
        assert_eq!((back.kind, back.body.for_analysis()), (RevisionKind::Restored, BODY));
    }

    #[test]
    fn each_answer_has_its_word() {
        let body = ForeignText::new(BODY);
        let ends = |outcome: VisitOutcome, status: Option<u16>| PageReading {
            outcome,
            status,
            article: None,
            ..page(200, "", "")
        };
        let why = String::new;
        for (reading, expected) in [
            (ends(VisitOutcome::Unchanged, Some(304)), Looked::Same),
            (ends(VisitOutcome::Soft { why: why() }, Some(404)), Looked::Missing),
            (ends(VisitOutcome::Hard { why: why() }, Some(410)), Looked::Missing),
            (ends(VisitOutcome::Hard { why: why() }, Some(401)), Looked::Wall),
            (ends(VisitOutcome::Soft { why: why() }, Some(503)), Looked::Failed),
            (ends(VisitOutcome::Soft { why: why() }, None), Looked::Failed),
            (ends(VisitOutcome::Blocked { why: why() }, Some(404)), Looked::Blocked),
            (ends(VisitOutcome::Robots, None), Looked::Forbidden),
            (ends(VisitOutcome::Read, None), Looked::Reserved),
            (ends(VisitOutcome::NotAFeed { why: why() }, Some(200)), Looked::Elsewhere),
            (PageReading { tdm_reserved: true, ..page(200, "Riapre", "") }, Looked::Reserved),
            (page(200, "Riapre", ""), Looked::Teaser),
            (page(200, "Riapre", BODY), Looked::Same),
        ] {
            let known =
                Known { title: "Ponte riaperto", body: &body, key: URL, headline: None, dated: None, gone: false };
            assert_eq!(weigh(&known, &reading).looked, expected, "{reading:?}");
        }
    }
}
