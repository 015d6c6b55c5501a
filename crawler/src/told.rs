//! What a source tells otherwise of an article that it told before: another title, another summary, a later date.
//!
//! Where pages are read the body is the page's, and the source speaks of title and summary alone. What a feed leaves out
//! one day is no change, and neither is a title that is only the words of the address.

use crate::change::{self, Text};
use salastampa_domain::{Article, ForeignText, NewArticle, RevisionKind, Timestamp};

/// An article as its source tells it now.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// What kind of change.
    pub kind: RevisionKind,
    /// Its title now.
    pub title: String,
    /// Its summary now.
    pub lead: ForeignText,
    /// Its body now.
    pub body: ForeignText,
}

/// The other reading, if what is told now is one. `body` is the newest one kept and `dated` the date told before;
/// `reads_page` says that bodies come from pages, and `silent` that the title told now says nothing.
pub fn otherwise(
    article: &Article,
    body: &ForeignText,
    dated: Option<Timestamp>,
    now: &NewArticle,
    reads_page: bool,
    silent: bool,
) -> Option<Told> {
    let same_title = change::same(&now.title, &article.title);
    // the same identity at another address under another title is another article
    if now.key != article.key && !same_title {
        return None;
    }
    let silent = silent || now.title.trim().is_empty();
    let title = if silent || same_title { &article.title } else { &now.title };
    let lead = if now.lead.is_empty() { &article.lead } else { &now.lead };
    let new_body = if reads_page || now.body.is_empty() { body } else { &now.body };
    let whole = |lead: &ForeignText, body: &ForeignText| format!("{}\n{}", lead.for_analysis(), body.for_analysis());
    let (was, is) = (whole(&article.lead, body), whole(lead, new_body));
    let old = Text { title: &article.title, body: &was, dated };
    let new = Text { title, body: &is, dated: now.published_at };
    if change::displaced(&old, &new, false).is_some() {
        return None;
    }
    let kind = change::kind(&old, &new)?;
    Some(Told { kind, title: title.clone(), lead: lead.clone(), body: new_body.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{ArticleId, OutletId, Seq, Signals, UserId, Via};

    const TITLE: &str = "Riapre il ponte sul Rio";
    const LEAD: &str = "Da domani alle sei si passa di nuovo a piedi e in bicicletta.";
    const BODY: &str =
        "I lavori sono durati tre mesi.\nIl collaudo è stato fatto ieri sera dai tecnici della provincia.";

    fn kept() -> Article {
        let now = new(TITLE, LEAD, BODY);
        Article {
            id: ArticleId(1),
            seq: Seq(1),
            revision: 1,
            outlet: now.outlet,
            via: now.via,
            url: now.url,
            key: now.key,
            guid: None,
            title: now.title,
            lead: now.lead,
            authors: Vec::new(),
            rubric: None,
            language: None,
            signals: Signals::default(),
            backlog: false,
            published_at: None,
            first_seen: Timestamp(0),
            kept_at: Timestamp(0),
            grouped_at: None,
            copy_group: None,
            story: None,
        }
    }

    fn new(title: &str, lead: &str, body: &str) -> NewArticle {
        NewArticle {
            outlet: OutletId(1),
            via: Via::Hand { by: UserId(1) },
            url: "https://lago.test/ponte".into(),
            key: "https://lago.test/ponte".into(),
            guid: None,
            title: title.into(),
            lead: ForeignText::new(lead),
            body: ForeignText::new(body),
            authors: Vec::new(),
            rubric: None,
            published_at: Some(Timestamp(9_000)),
            language: None,
            signals: Signals::default(),
            first_seen: Timestamp(0),
            backlog: false,
        }
    }

    #[test]
    fn only_what_a_source_speaks_of_is_compared() {
        let before = Some(Timestamp(9_000));
        let other = "Il collaudo è stato rinviato a giovedì, e fino ad allora il ponte resta chiuso a tutti i mezzi.";
        for (what, now, reads_page, silent, expected) in [
            ("the same", new(TITLE, LEAD, BODY), false, false, None),
            ("another title", new("Ponte sul Rio, riapertura rinviata", LEAD, BODY), true, false, Some((true, false))),
            ("the words of the address", new("ponte", LEAD, BODY), true, true, None),
            ("no title", new(" ", LEAD, BODY), true, false, None),
            (
                "another summary",
                new(TITLE, "La riapertura è rinviata a giovedì.", BODY),
                true,
                false,
                Some((false, false)),
            ),
            ("no summary", new(TITLE, "", BODY), true, false, None),
            ("another body of a page", new(TITLE, LEAD, other), true, false, None),
            ("another body of a feed", new(TITLE, LEAD, other), false, false, Some((false, true))),
            ("no body any more", new(TITLE, LEAD, ""), false, false, None),
        ] {
            let told = otherwise(&kept(), &ForeignText::new(BODY), before, &now, reads_page, silent);
            let told = told.map(|told| {
                assert_eq!(told.kind, RevisionKind::Silent, "{what}");
                (told.title != TITLE, told.body.for_analysis() != BODY)
            });
            assert_eq!(told, expected, "{what}");
        }
    }

    #[test]
    fn a_later_date_makes_an_update_and_another_address_another_article() {
        let now = new("Ponte sul Rio, riapertura rinviata", LEAD, BODY);
        let told = |now: &NewArticle, dated| otherwise(&kept(), &ForeignText::new(BODY), dated, now, true, false);
        assert_eq!(told(&now, Some(Timestamp(1_000))).map(|told| told.kind), Some(RevisionKind::Update));
        let elsewhere = NewArticle { key: "https://lago.test/altro".into(), ..now };
        assert_eq!(told(&elsewhere, None), None, "an identity that was given twice");
    }
}
