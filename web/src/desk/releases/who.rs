//! Who gets a release: every name before it is sent, with the reason of those who do not. The list is made by the
//! function that fills the outbox.

use super::page::found;
use super::words::Moment;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::frame::Frame;
use crate::desk::session::{Desk, see_other};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use salastampa_acts::release::{Addressee, note_to, recipients};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::{Act, ContactId, DeliveryState, Release, ReleaseState};
#[cfg(test)]
use salastampa_locale::Lang;
use salastampa_locale::{plural, t};
use serde::Deserialize;
use std::collections::HashMap;

/// Names on one page.
const PAGE: usize = 100;

/// The page.
#[derive(Template)]
#[template(path = "desk/releases/who.html")]
pub(crate) struct WhoPage {
    frame: Frame,
    href: String,
    title: String,
    lead: &'static str,
    /// This page.
    here: String,
    counts: Vec<String>,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
    /// What was wrong with the note that was posted.
    wrong: Option<String>,
}

/// Somebody.
struct Line {
    name: String,
    outlet: String,
    address: String,
    lists: String,
    gets: bool,
    /// What they get and when, or why nothing.
    words: String,
    at: Option<Moment>,
    note: Option<Note>,
}

/// A word to one person, as its form has it.
struct Note {
    contact: i64,
    words: String,
    wrong: bool,
}

/// A note that was posted and refused.
struct Refused {
    contact: ContactId,
    words: String,
    sentence: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    pagina: String,
}

pub(super) async fn show(desk: Desk, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Response {
    match release(&desk, &slug).await {
        // who got it is in the outbox, whatever the lists say by now
        Ok(release) if is_out(&release) => {
            see_other(&desk.href(&format!("/desk/invii?tipo=release&cosa={}", release.id)))
        }
        Ok(release) => desk.answer(page(&desk, release, asked.pagina.parse().unwrap_or(1), None).await),
        Err(error) => desk.no_page(&error),
    }
}

pub(super) async fn note(desk: Desk, Path(slug): Path<String>, Query(asked): Query<Asked>, fields: Fields) -> Response {
    let contact = ContactId(fields.text("a").parse().unwrap_or_default());
    let words = fields.raw("nota");
    let at = asked.pagina.parse().unwrap_or(1);
    let path = format!("/desk/comunicati/{slug}/destinatari?pagina={at}");
    match note_to(desk.acts(), &slug, contact, words).await {
        Ok(()) if words.trim().is_empty() => desk.go(&path, desk.t("composer.who.note_gone").to_owned()).await,
        Ok(()) => desk.go(&path, desk.t("composer.who.note_kept").to_owned()).await,
        Err(ActError::Denied(denied @ Denied::LongNote)) => match release(&desk, &slug).await {
            Ok(release) => {
                let sentence = denied.sentence(desk.lang);
                let refused = Refused { contact, words: words.to_owned(), sentence };
                desk.again(page(&desk, release, at, Some(refused)).await)
            }
            Err(error) => desk.no_page(&error),
        },
        Err(error) => desk.refused(&path, &error).await,
    }
}

async fn release(desk: &Desk, slug: &str) -> Result<Release, Error> {
    desk.must(Act::Write)?;
    let mut rows = desk.site.store.read().await?;
    found(desk, &mut rows, slug).await
}

fn is_out(release: &Release) -> bool {
    !matches!(release.state, ReleaseState::Draft | ReleaseState::InReview { .. } | ReleaseState::Approved { .. })
}

async fn page(desk: &Desk, release: Release, at: usize, refused: Option<Refused>) -> Result<WhoPage, Error> {
    let mut rows = desk.site.store.read().await?;
    let mut notes: HashMap<ContactId, String> = rows.list_release_notes(release.id).await?.into_iter().collect();
    if let Some(refused) = &refused {
        notes.insert(refused.contact, refused.words.clone());
    }
    let wrong = refused.as_ref().map(|refused| refused.contact);
    let all = recipients(&mut rows, &desk.site.house, &release, desk.now).await?;
    let at = at.clamp(1, all.len().div_ceil(PAGE).max(1));
    let href = desk.href(&format!("/desk/comunicati/{}", release.slug));
    let turn = |page: usize| format!("{href}/destinatari?pagina={page}");
    let say = |key, n| plural(desk.lang, key, n);
    let quiet = all.iter().filter(|a| a.is_sent() && a.is_quiet).count();
    let quiet = (quiet > 0).then(|| say("composer.going.quiet", quiet));
    Ok(WhoPage {
        frame: desk.frame(desk.t("composer.who.title")),
        title: release.title,
        lead: desk.t("composer.who.lead"),
        counts: vec![
            say("composer.who.all", all.len()),
            say("composer.going.sent", all.iter().filter(|a| a.is_sent()).count()),
            say("composer.going.kept_out", all.iter().filter(|a| a.suppressed.is_some()).count()),
        ]
        .into_iter()
        .chain(quiet)
        .collect(),
        here: turn(at),
        newer: (at > 1).then(|| turn(at - 1)),
        older: (at * PAGE < all.len()).then(|| turn(at + 1)),
        lines: all.iter().skip((at - 1) * PAGE).take(PAGE).map(|a| line(desk, a, &notes, wrong)).collect(),
        wrong: refused.map(|refused| refused.sentence),
        href,
    })
}

fn line(desk: &Desk, who: &Addressee, notes: &HashMap<ContactId, String>, wrong: Option<ContactId>) -> Line {
    let later = who.due_at > desk.now;
    let key = match (&who.suppressed, &who.before) {
        (Some(why), _) => why_words(why),
        (None, Some(DeliveryState::Accepted)) => "composer.who.accepted",
        (None, Some(state)) if *state != DeliveryState::Cancelled => "composer.who.waits",
        (None, _) if who.in_reply_to.is_some() => "composer.who.thread",
        (None, _) if later && who.is_quiet => "composer.who.after_quiet",
        (None, _) if later => "composer.who.after_embargo",
        (None, _) => "composer.who.at_once",
    };
    Line {
        name: who.name.clone(),
        outlet: who.outlet.clone(),
        address: who.address.as_str().to_owned(),
        lists: who.lists.join(", "),
        gets: who.is_sent(),
        words: t(desk.lang, key).to_owned(),
        at: (later && who.is_sent()).then(|| Moment::of(who.due_at, desk.lang)),
        note: who.contact.filter(|_| who.is_sent()).map(|contact| Note {
            contact: contact.0,
            words: notes.get(&contact).cloned().unwrap_or_default(),
            wrong: wrong == Some(contact),
        }),
    }
}

/// Why somebody gets nothing.
fn why_words(why: &str) -> &'static str {
    match why {
        "opt-out" => "composer.who.opted_out",
        "erased" => "composer.who.erased",
        "bounced" => "composer.who.bounced",
        "lapsed" => "composer.who.lapsed",
        "left-lists" => "composer.who.left_lists",
        _ => "composer.who.closed",
    }
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let mut page = WhoPage {
        frame: Frame::sample(lang, t(lang, "composer.who.title"), "/desk/comunicati/x/destinatari"),
        href: "/desk/comunicati/x".into(),
        here: "/desk/comunicati/x/destinatari?pagina=1".into(),
        title: "Riapre il <b>ponte</b>".into(),
        lead: t(lang, "composer.who.lead"),
        counts: vec![plural(lang, "composer.who.all", 2)],
        lines: vec![Line {
            name: "Nina <script>Valli</script>".into(),
            outlet: "La Riva".into(),
            address: "nina@riva.test".into(),
            lists: "Testate locali".into(),
            gets: true,
            words: t(lang, "composer.who.after_embargo").into(),
            at: Some(Moment::of(salastampa_domain::Timestamp(0), lang)),
            note: Some(Note { contact: 3, words: "Cara <Nina>".into(), wrong: true }),
        }],
        newer: None,
        older: Some("?pagina=2".into()),
        wrong: Some("Troppo <lunga>".into()),
    };
    let full = page.render().expect("a template over strings");
    page.lines.clear();
    vec![("recipients", full), ("no recipients", page.render().expect("a template over strings"))]
}
