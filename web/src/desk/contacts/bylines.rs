//! Where a journalist signs, in words: *ultima firma 14 mesi fa su Eco di Bellariva*, *forse ora firma su …*; and the button
//! that takes the new outlet over.

use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::session::Desk;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use salastampa_acts::contacts::bylines;
use salastampa_domain::time::DAY;
use salastampa_domain::{Contact, ContactId, LastSigned, OutletId, Signed, Timestamp};
use salastampa_locale::{Lang, fill, plural, t};
use salastampa_store::Rows;
use std::collections::HashMap;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/desk/giornalisti/{id}/testata", post(take))
}

/// What the bylines say of a journalist.
pub(crate) struct BylineLine {
    /// The last signature at the outlet that we have them with: in words, with the article's page.
    pub(super) here: Option<(String, String)>,
    /// A later one at another outlet, of them or a namesake.
    pub(super) elsewhere: Option<Elsewhere>,
}

/// A signature at another outlet.
pub(crate) struct Elsewhere {
    pub(super) words: String,
    pub(super) href: String,
    pub(super) outlet: i64,
    /// *Prendi «Il Molo» come testata*.
    pub(super) take: String,
}

/// What the bylines say of these journalists; who signed nothing that we have is left out.
pub(super) async fn lines(
    desk: &Desk,
    rows: &mut Rows,
    contacts: &[Contact],
) -> Result<HashMap<ContactId, BylineLine>, Error> {
    let signed = bylines::signed_by(rows, contacts).await?;
    if signed.is_empty() {
        return Ok(HashMap::new());
    }
    let outlets: HashMap<OutletId, String> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o.name)).collect();
    let name = |id: OutletId| outlets.get(&id).map_or("", String::as_str);
    let line =
        |signed: Signed| line(&signed, name, |id| desk.href(&format!("/desk/articoli/{id}")), desk.now, desk.lang);
    Ok(signed.into_iter().map(|(id, signed)| (id, line(signed))).collect())
}

fn line<'a>(
    signed: &Signed,
    name: impl Fn(OutletId) -> &'a str,
    href: impl Fn(i64) -> String,
    now: Timestamp,
    lang: Lang,
) -> BylineLine {
    let said = |key: &'static str, last: &LastSigned| {
        fill(lang, key, &[("ago", &ago(last.at, now, lang)), ("outlet", name(last.outlet))])
    };
    BylineLine {
        here: signed.here.as_ref().map(|last| (said("keeping.byline.here", last), href(last.article.0))),
        elsewhere: signed.elsewhere.as_ref().map(|last| Elsewhere {
            words: said("keeping.byline.elsewhere", last),
            href: href(last.article.0),
            outlet: last.outlet.0,
            take: fill(lang, "keeping.byline.take", &[("outlet", name(last.outlet))]),
        }),
    }
}

/// *3 giorni fa*, *14 mesi fa*.
fn ago(at: Timestamp, now: Timestamp, lang: Lang) -> String {
    let days = usize::try_from(now.since(at) / DAY).unwrap_or(0);
    match days {
        0 => t(lang, "keeping.ago.today").to_owned(),
        1..=60 => plural(lang, "keeping.ago.days", days),
        61..=730 => plural(lang, "keeping.ago.months", days * 12 / 365),
        _ => plural(lang, "keeping.ago.years", days / 365),
    }
}

async fn take(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Response {
    let path = format!("/desk/giornalisti/{id}");
    let outlet = OutletId(fields.value("testata").unwrap_or_default());
    match bylines::take_outlet(desk.acts(), ContactId(id), fields.text("seen"), outlet).await {
        Ok(outlet) => {
            let words = fill(desk.lang, "keeping.byline.taken", &[("outlet", &outlet.name)]);
            desk.go(&path, words).await
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

#[cfg(test)]
pub(super) fn sample(lang: Lang) -> BylineLine {
    let last = |outlet: i64, days: i64| LastSigned {
        name: "valli nina".into(),
        outlet: OutletId(outlet),
        article: salastampa_domain::ArticleId(7),
        at: Timestamp(0).plus(-days * DAY),
    };
    let signed = Signed { here: Some(last(1, 430)), elsewhere: Some(last(2, 3)) };
    line(&signed, |_| "Eco <di> Bellariva", |id| format!("/desk/articoli/{id}"), Timestamp(0), lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_ago_is_said_in_the_greatest_part_that_tells_something() {
        let now = Timestamp(0).plus(3_000 * DAY);
        for (days, words) in [
            (0, "oggi"),
            (1, "1 giorno fa"),
            (60, "60 giorni fa"),
            (61, "2 mesi fa"),
            (430, "14 mesi fa"),
            (800, "2 anni fa"),
            (-5, "oggi"),
        ] {
            assert_eq!(ago(now.plus(-days * DAY), now, Lang::It), words);
        }
    }
}
