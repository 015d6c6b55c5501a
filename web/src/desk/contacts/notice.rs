//! What the list of journalists says of the notice of GDPR art. 14: why it does not go out, who has waited too long, and the
//! button that sends it to them.

use crate::Site;
use crate::answer::Error;
use crate::desk::session::Desk;
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use salastampa_acts::contacts::notice;
use salastampa_domain::{Act, Unsaid};
use salastampa_locale::{Lang, fill, plural, t};
use salastampa_store::Rows;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/desk/giornalisti/informative", post(send))
}

/// What is said above the list.
pub(crate) struct NoticeLine {
    /// Why no notice goes out.
    pub(super) off: Option<String>,
    /// Whether this person may fill in what is missing.
    pub(super) may_fill: bool,
    /// How many have waited for more than a month, in words.
    pub(super) overdue: Option<String>,
    /// The words of the button; none where a notice cannot go out.
    pub(super) send: Option<String>,
}

pub(super) async fn line(desk: &Desk, rows: &mut Rows) -> Result<NoticeLine, Error> {
    let house = &desk.site.house;
    let unsaid = house.privacy.unsaid();
    let overdue = notice::count_overdue(rows, house, desk.now).await?;
    Ok(NoticeLine::of(&unsaid, overdue, desk.may(Act::Administer), desk.lang))
}

impl NoticeLine {
    fn of(unsaid: &[Unsaid], overdue: usize, may_fill: bool, lang: Lang) -> Self {
        Self {
            off: (!unsaid.is_empty()).then(|| fill(lang, "keeping.notice.off", &[("parts", &parts(unsaid, lang))])),
            may_fill,
            overdue: (overdue > 0).then(|| plural(lang, "keeping.notice.overdue", overdue)),
            send: (overdue > 0 && unsaid.is_empty()).then(|| plural(lang, "keeping.notice.send", overdue)),
        }
    }

    /// With what is missing, or with somebody who waits.
    #[cfg(test)]
    pub(super) fn sample(lang: Lang, is_off: bool) -> Self {
        let unsaid: &[Unsaid] = if is_off { &[Unsaid::Controller, Unsaid::Dpo] } else { &[] };
        Self::of(unsaid, 3, is_off, lang)
    }
}

/// What is missing, as part of a sentence.
fn parts(unsaid: &[Unsaid], lang: Lang) -> String {
    let words = |unsaid: &Unsaid| match unsaid {
        Unsaid::Controller => t(lang, "keeping.notice.controller"),
        Unsaid::Dpo => t(lang, "keeping.notice.dpo"),
        Unsaid::Page => t(lang, "keeping.notice.page"),
    };
    unsaid.iter().map(words).collect::<Vec<_>>().join(", ")
}

async fn send(desk: Desk) -> Response {
    match notice::send_overdue(desk.acts()).await {
        Ok(0) => desk.go("/desk/giornalisti", desk.t("keeping.notice.sent_nobody")).await,
        Ok(sent) => desk.go("/desk/giornalisti", plural(desk.lang, "keeping.notice.sent", sent)).await,
        Err(error) => desk.refused("/desk/giornalisti", &error).await,
    }
}
