//! What became of an article after it was published, in words: its readings, whether its page is gone, what the last
//! look at it gave.

use crate::desk::session::Desk;
use salastampa_domain::{ArticleId, Look, Looked, Revision, RevisionKind, Timestamp};
use salastampa_locale::{Lang, date, fill, t};

/// What the page of an article says of its changes.
#[derive(Default)]
pub(crate) struct Changes {
    /// The page is gone, since when.
    pub(crate) removed: Option<String>,
    /// The text that is shown is not the first one: the way to what changed last.
    pub(crate) changed: Option<String>,
    /// What the last look gave, where it was not the text.
    pub(crate) note: Option<&'static str>,
    /// The readings, oldest first; none where there is only one.
    pub(crate) readings: Vec<ReadingLine>,
}

/// One reading.
pub(crate) struct ReadingLine {
    pub(crate) words: &'static str,
    pub(crate) href: String,
    pub(crate) datetime: String,
    pub(crate) date: String,
}

/// The changes of an article, in words.
pub(crate) fn changes(desk: &Desk, id: ArticleId, revisions: &[Revision], look: Option<&Look>) -> Changes {
    let Some(newest) = revisions.last() else { return Changes::default() };
    let gone = newest.kind == RevisionKind::Removal;
    let since = look.and_then(|look| look.missing_since).filter(|since| *since < newest.at).unwrap_or(newest.at);
    let texts = revisions.iter().filter(|r| is_text(r.kind)).count();
    Changes {
        removed: gone.then(|| {
            let since = date::moment(since.civil(), desk.lang);
            fill(desk.lang, "archive.versions.removed", &[("since", &since)])
        }),
        changed: revisions.iter().rfind(|r| texts > 1 && is_text(r.kind)).map(|r| href(desk, id, r.number)),
        note: look.filter(|_| !gone).and_then(|look| look.outcome).and_then(|found| note(desk.lang, found)),
        readings: revisions.iter().filter(|_| revisions.len() > 1).map(|r| line(desk, id, r)).collect(),
    }
}

/// When the page was last looked at, and when it will be: label and instant.
pub(crate) fn looks(desk: &Desk, look: Option<&Look>) -> Vec<(&'static str, Timestamp)> {
    let Some(look) = look else { return Vec::new() };
    let seen = look.seen_at.map(|at| (desk.t("archive.versions.seen"), at));
    let due = look.due_at.map(|at| (desk.t("archive.versions.due"), at));
    seen.into_iter().chain(due).collect()
}

/// The page that shows what a reading changed.
pub(crate) fn href(desk: &Desk, id: ArticleId, number: u32) -> String {
    desk.href(&format!("/desk/articoli/{id}/versioni/{number}"))
}

/// Whether a reading of that kind brought a text of its own.
fn is_text(kind: RevisionKind) -> bool {
    !matches!(kind, RevisionKind::Removal | RevisionKind::Restored)
}

fn line(desk: &Desk, id: ArticleId, revision: &Revision) -> ReadingLine {
    ReadingLine {
        words: kind_words(desk.lang, revision.kind),
        href: href(desk, id, revision.number),
        datetime: revision.at.rfc3339(),
        date: date::moment(revision.at.civil(), desk.lang),
    }
}

/// What kind of reading it is.
pub(crate) fn kind_words(lang: Lang, kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::First => t(lang, "archive.article.first_text"),
        RevisionKind::Update => t(lang, "archive.article.update"),
        RevisionKind::Correction => t(lang, "archive.article.correction"),
        RevisionKind::Silent => t(lang, "archive.article.silent"),
        RevisionKind::Removal => t(lang, "archive.article.removal"),
        RevisionKind::Completed => t(lang, "archive.article.completed"),
        RevisionKind::Restored => t(lang, "archive.article.restored"),
    }
}

/// The mark of an article that changed after it was first read, for lists; `None` where there is nothing to know.
pub(crate) fn mark(lang: Lang, kind: RevisionKind) -> Option<&'static str> {
    Some(match kind {
        RevisionKind::Update => t(lang, "archive.changed.update"),
        RevisionKind::Correction => t(lang, "archive.changed.correction"),
        RevisionKind::Silent => t(lang, "archive.changed.silent"),
        RevisionKind::Removal => t(lang, "archive.changed.removal"),
        RevisionKind::First | RevisionKind::Completed | RevisionKind::Restored => return None,
    })
}

fn note(lang: Lang, found: Looked) -> Option<&'static str> {
    Some(match found {
        Looked::Same | Looked::Changed => return None,
        Looked::Missing => t(lang, "archive.versions.missing"),
        Looked::Wall => t(lang, "archive.versions.wall"),
        Looked::Teaser => t(lang, "archive.versions.teaser"),
        Looked::Elsewhere => t(lang, "archive.versions.elsewhere"),
        Looked::Blocked => t(lang, "archive.versions.blocked"),
        Looked::Forbidden => t(lang, "archive.versions.forbidden"),
        Looked::Reserved => t(lang, "archive.versions.reserved"),
        Looked::Failed => t(lang, "archive.versions.failed"),
    })
}
