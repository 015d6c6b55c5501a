//! The quotations of a release with who let them go out, and the form that notes it.

use super::page::{Typed, page};
use super::words::Moment;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::session::Desk;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use salastampa_acts::release::{self, quoted};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::{Act, Release, ReleaseState, User, UserId, Version};
use salastampa_locale::{fill, plural};
use salastampa_releases::compose::civil;
use salastampa_releases::draft;
use salastampa_store::Rows;
use std::collections::HashMap;

/// The quotations of the text that is shown.
#[derive(Default)]
pub(super) struct QuotesPart {
    pub(super) lines: Vec<QuoteLine>,
    /// Somebody has not been asked, in words.
    pub(super) missing: Option<String>,
    /// This person may note it now.
    pub(super) may: bool,
    /// The text was approved as it is: what was not noted by then is not waited for any more.
    pub(super) closed: bool,
    /// Who is quoted, as the head of the text says.
    pub(super) known: Vec<String>,
    /// The present, as a field of date and hour has it.
    pub(super) now: String,
}

/// A quotation.
pub(super) struct QuoteLine {
    pub(super) key: String,
    pub(super) words: String,
    pub(super) free: Option<Free>,
}

/// Who let it go out.
pub(super) struct Free {
    pub(super) who: String,
    pub(super) at: Moment,
    pub(super) noted: String,
}

impl QuotesPart {
    pub(super) async fn of(
        desk: &Desk,
        rows: &mut Rows,
        release: &Release,
        version: Option<&Version>,
        users: &HashMap<UserId, User>,
    ) -> Result<Self, Error> {
        let markdown = version.map_or(&release.draft, |version| &version.markdown);
        let mut all = quoted(rows, &desk.site.house, release, markdown).await?;
        // what was approved has the notes of then
        let proof = version.and_then(|version| release.proof_of(version.id));
        let closed = proof.is_some();
        if let Some(proof) = proof {
            for one in &mut all {
                one.free = proof.quotes.iter().find(|note| note.quote == one.quotation.key).cloned();
            }
        }
        let missing = all.iter().filter(|one| one.free.is_none()).count();
        let name = |id: UserId| users.get(&id).map(|user| user.name.clone()).unwrap_or_default();
        let line = |one: release::Quoted| QuoteLine {
            free: one.free.map(|note| Free {
                at: Moment::of(note.at, desk.lang),
                noted: fill(desk.lang, "composer.quotes.noted", &[("who", &name(note.by))]),
                who: note.who,
            }),
            key: one.quotation.key,
            words: one.quotation.words,
        };
        Ok(Self {
            lines: all.into_iter().map(line).collect(),
            missing: (missing > 0).then(|| plural(desk.lang, missing_key(closed), missing)),
            closed,
            may: desk.may(Act::Write) && matches!(release.state, ReleaseState::Draft | ReleaseState::InReview { .. }),
            known: draft::parse(markdown).map(|draft| draft.quoted).unwrap_or_default(),
            now: civil(desk.now),
        })
    }

    /// What stands in the field before anybody types: the one who is quoted, where there is one.
    pub(super) fn who(&self) -> &str {
        match &self.known[..] {
            [one] => one,
            _ => "",
        }
    }

    #[cfg(test)]
    pub(super) fn sample(lang: salastampa_locale::Lang) -> Self {
        let line = |key: &str, free| QuoteLine { key: key.into(), words: "Il <b>ponte</b> riapre".into(), free };
        let free = Free {
            who: "Ada <Corti>, sindaca".into(),
            at: Moment::of(salastampa_domain::Timestamp(0), lang),
            noted: fill(lang, "composer.quotes.noted", &[("who", "Lia <Neri>")]),
        };
        Self {
            lines: vec![line("ab", None), line("cd", Some(free))],
            missing: Some(plural(lang, missing_key(false), 1)),
            may: true,
            closed: false,
            known: vec!["Ada <Corti>, sindaca".into()],
            now: "2026-11-23T10:00".into(),
        }
    }
}

/// How it is said that somebody has not been asked.
fn missing_key(closed: bool) -> &'static str {
    if closed { "composer.quotes.without" } else { "composer.quotes.missing" }
}

pub(super) async fn free(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let (quote, who, at) = (fields.text("virgolettato"), fields.raw("chi"), fields.text("quando"));
    let done = match fields.text("fai") {
        "togli" => release::unfree(desk.acts(), &slug, quote).await.map(|()| "composer.quotes.undone"),
        _ => release::free(desk.acts(), &slug, quote, who, at).await.map(|()| "composer.quotes.done"),
    };
    match done {
        Ok(key) => {
            desk.go(&format!("/desk/comunicati/{slug}#virgolettati"), salastampa_locale::t(desk.lang, key)).await
        }
        Err(ActError::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, &slug, Slips(slips), Typed::default()).await)
        }
        Err(ActError::Denied(denied @ (Denied::Invalid(_) | Denied::State { .. }))) => {
            let slip = salastampa_acts::Slip { field: "virgolettati", sentence: denied.sentence(desk.lang) };
            let mut response = desk.again(page(&desk, &slug, Slips(vec![slip]), Typed::default()).await);
            *response.status_mut() = StatusCode::CONFLICT;
            response
        }
        Err(error) => desk.no_page(&error.into()),
    }
}
