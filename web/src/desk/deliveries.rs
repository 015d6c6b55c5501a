//! *Invii*: every message that leaves, to whom and what became of it. What nobody can know by itself, whether an
//! uncertain message arrived, waits here for a person.

mod one;
mod paused;

use super::frame::Frame;
use super::releases::words::{Moment, moment};
use super::returned::return_words;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::curate;
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Act, Delivery, DeliveryId, DeliveryKind, DeliveryState, EditionId, ReleaseId, Return, ReviewId, StoryId,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{DeliveryFilter, Rows};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// Messages on one page of the list.
const PAGE: usize = 50;
/// Days over which decided messages are counted.
const DAYS: i64 = 7;

/// The states in the order in which a message goes through them, by their names in rows and addresses.
pub(crate) const STATES: [&str; 9] =
    ["queued", "leased", "data_started", "accepted", "deferred", "uncertain", "failed", "suppressed", "cancelled"];

pub(crate) use paused::{Paused, paused};

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/invii", get(show))
        .route("/desk/invii/riprendi", post(paused::resume))
        .route("/desk/invii/{id}", get(one::show))
        .route("/desk/invii/{id}/decidi", post(one::decide))
}

/// A state as the office calls it. Never "read": what a server took over is all that is known.
pub(crate) fn state_words(lang: Lang, state: &str) -> &'static str {
    match state {
        "queued" => t(lang, "composer.delivery.queued"),
        "leased" => t(lang, "composer.delivery.leased"),
        "data_started" => t(lang, "composer.delivery.data_started"),
        "accepted" => t(lang, "composer.delivery.accepted"),
        "deferred" => t(lang, "composer.delivery.deferred"),
        "uncertain" => t(lang, "composer.delivery.uncertain"),
        "failed" => t(lang, "composer.delivery.failed"),
        "suppressed" => t(lang, "composer.delivery.suppressed"),
        _ => t(lang, "composer.delivery.cancelled"),
    }
}

/// How the badge of a state looks.
fn badge(state: &DeliveryState) -> &'static str {
    match state {
        DeliveryState::Accepted => "good",
        DeliveryState::Uncertain | DeliveryState::Failed => "bad",
        DeliveryState::Deferred { .. } | DeliveryState::Suppressed => "note",
        _ => "",
    }
}

/// A sort of message as the office calls it.
fn kind_words(lang: Lang, kind: DeliveryKind) -> &'static str {
    match kind {
        DeliveryKind::Alert => t(lang, "composer.kind.alert"),
        DeliveryKind::Batch => t(lang, "composer.kind.batch"),
        DeliveryKind::Invitation => t(lang, "composer.kind.invitation"),
        DeliveryKind::Review => t(lang, "composer.kind.review"),
        DeliveryKind::Difference => t(lang, "composer.kind.difference"),
        DeliveryKind::Release => t(lang, "composer.kind.release"),
        DeliveryKind::Withdrawal => t(lang, "composer.kind.withdrawal"),
        DeliveryKind::Notice => t(lang, "composer.kind.notice"),
        DeliveryKind::Test => t(lang, "composer.kind.test"),
        DeliveryKind::Answer => t(lang, "composer.kind.answer"),
        DeliveryKind::OwnData => t(lang, "composer.kind.own_data"),
        DeliveryKind::Subscription => t(lang, "subscribe.kind"),
    }
}

/// One message of a sort.
fn one_words(lang: Lang, kind: DeliveryKind) -> &'static str {
    match kind {
        DeliveryKind::Alert => t(lang, "composer.one_kind.alert"),
        DeliveryKind::Batch => t(lang, "composer.one_kind.batch"),
        DeliveryKind::Invitation => t(lang, "composer.one_kind.invitation"),
        DeliveryKind::Review => t(lang, "composer.one_kind.review"),
        DeliveryKind::Difference => t(lang, "composer.one_kind.difference"),
        DeliveryKind::Release => t(lang, "composer.one_kind.release"),
        DeliveryKind::Withdrawal => t(lang, "composer.one_kind.withdrawal"),
        DeliveryKind::Notice => t(lang, "composer.one_kind.notice"),
        DeliveryKind::Test => t(lang, "composer.one_kind.test"),
        DeliveryKind::Answer => t(lang, "composer.one_kind.answer"),
        DeliveryKind::OwnData => t(lang, "composer.one_kind.own_data"),
        DeliveryKind::Subscription => t(lang, "subscribe.one_kind"),
    }
}

/// The list.
#[derive(Template)]
#[template(path = "desk/deliveries/list.html")]
pub(crate) struct DeliveriesPage {
    frame: Frame,
    paused: Vec<Paused>,
    counts: Vec<Count>,
    columns: Vec<&'static str>,
    uncertain: usize,
    kinds: Vec<(String, &'static str)>,
    states: Vec<(String, &'static str)>,
    kind: String,
    state: String,
    who: String,
    thing: String,
    /// What the list is about, where it is about one thing.
    about: Option<String>,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// How many messages of a sort are in each state.
struct Count {
    words: &'static str,
    cells: Vec<(i64, String)>,
}

/// A message.
struct Line {
    id: i64,
    kind: &'static str,
    about: String,
    address: String,
    state: &'static str,
    badge: &'static str,
    at: Moment,
    reason: String,
    /// What came back of it.
    returned: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    tipo: String,
    stato: String,
    chi: String,
    cosa: String,
    prima: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(list(&desk, &asked).await)
}

async fn list(desk: &Desk, asked: &Asked) -> Result<DeliveriesPage, Error> {
    desk.must(Act::KeepContacts)?;
    let lang = desk.lang;
    let mut rows = desk.site.store.read().await?;
    let unseen = curate::unseen(&mut rows, &desk.user).await?;
    let filter = DeliveryFilter {
        kind: DeliveryKind::parse(&asked.tipo),
        thing: asked.cosa.parse().ok(),
        state: STATES.into_iter().find(|state| *state == asked.stato).map(str::to_owned),
        who: asked.chi.trim().chars().take(254).collect(),
        unseen: unseen.clone(),
    };
    let before = asked.prima.parse().ok().map(DeliveryId);
    let mut found = rows.list_deliveries_page(&filter, before, PAGE + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let counted = rows.count_deliveries_since(desk.now.plus(-DAYS * DAY), &unseen).await?;
    let uncertain = counted.iter().filter(|(_, state, _)| state == "uncertain").map(|(_, _, n)| *n).sum::<i64>();
    let link = |kind: &str, state: &str, before: &str| {
        let mut href = desk.href("/desk/invii?");
        let thing = filter.thing.filter(|_| kind == asked.tipo).map(|thing| thing.to_string()).unwrap_or_default();
        for (name, value) in
            [("tipo", kind), ("stato", state), ("chi", &filter.who), ("cosa", &thing), ("prima", before)]
        {
            if !value.is_empty() {
                href.push_str(&format!("{name}={}&", super::guard::encoded(value)));
            }
        }
        href.trim_end_matches(['?', '&']).to_owned()
    };
    let kind = filter.kind.map(DeliveryKind::name).unwrap_or_default();
    let state = filter.state.clone().unwrap_or_default();
    let last = found.last().map(|delivery| delivery.id.to_string()).unwrap_or_default();
    let names = names(&mut rows, &found, &unseen, lang).await?;
    let ids: Vec<DeliveryId> = found.iter().map(|delivery| delivery.id).collect();
    let returns = rows.list_returns(&ids).await?;
    let paused = paused::paused(desk, &mut rows, None).await?;
    let every = |key| (String::new(), t(lang, key));
    Ok(DeliveriesPage {
        frame: desk.frame(desk.t("desk.menu.deliveries")),
        columns: STATES.into_iter().map(|state| state_words(lang, state)).collect(),
        paused,
        counts: counts(desk, &counted),
        uncertain: usize::try_from(uncertain).unwrap_or_default(),
        kinds: std::iter::once(every("composer.deliveries.any_kind"))
            .chain(DeliveryKind::ALL.into_iter().map(|kind| (kind.name().to_owned(), kind_words(lang, kind))))
            .collect(),
        states: std::iter::once(every("composer.deliveries.any_state"))
            .chain(STATES.into_iter().map(|state| (state.to_owned(), state_words(lang, state))))
            .collect(),
        about: filter.thing.and(found.first()).map(|delivery| names.about(delivery, lang)),
        thing: filter.thing.map(|thing| thing.to_string()).unwrap_or_default(),
        newest: before.map(|_| link(kind, &state, "")),
        older: more.then(|| link(kind, &state, &last)),
        lines: found.iter().map(|delivery| line(lang, delivery, &names, &returns)).collect(),
        kind: kind.to_owned(),
        state,
        who: filter.who,
    })
}

/// A row for each sort of message of which there are any.
fn counts(desk: &Desk, counted: &[(DeliveryKind, String, i64)]) -> Vec<Count> {
    let kinds: BTreeSet<DeliveryKind> = counted.iter().map(|(kind, _, _)| *kind).collect();
    let cell = |kind: DeliveryKind, state: &str| {
        let n = counted.iter().find(|(k, s, _)| *k == kind && s == state).map_or(0, |(_, _, n)| *n);
        (n, desk.href(&format!("/desk/invii?tipo={}&stato={state}", kind.name())))
    };
    let row = |kind: DeliveryKind| Count {
        words: kind_words(desk.lang, kind),
        cells: STATES.into_iter().map(|state| cell(kind, state)).collect(),
    };
    kinds.into_iter().map(row).collect()
}

fn line(lang: Lang, delivery: &Delivery, names: &Names, returns: &[Return]) -> Line {
    let told = returns.iter().find(|told| told.delivery == delivery.id);
    Line {
        id: delivery.id.0,
        kind: one_words(lang, delivery.subject.kind),
        about: names.about(delivery, lang),
        address: delivery.address.as_str().to_owned(),
        state: state_words(lang, delivery.state.name()),
        badge: badge(&delivery.state),
        at: Moment::of(delivery.accepted_at.unwrap_or(delivery.due_at), lang),
        reason: reason_words(lang, delivery),
        returned: told.map(|told| return_words(lang, told)).unwrap_or_default(),
    }
}

/// Why a message is where it is, in words; a server's own words stay as they are.
fn reason_words(lang: Lang, delivery: &Delivery) -> String {
    match (delivery.state.name(), delivery.reason.as_deref()) {
        (_, Some("expired")) => t(lang, "composer.reason.expired").to_owned(),
        (_, Some("opt-out")) => t(lang, "composer.reason.opted_out").to_owned(),
        (_, Some("erased")) => t(lang, "composer.reason.erased").to_owned(),
        (_, Some("bounced")) => t(lang, "composer.reason.bounced").to_owned(),
        (_, Some("lapsed")) => t(lang, "composer.reason.lapsed").to_owned(),
        (_, Some("left-lists")) => t(lang, "composer.reason.left_lists").to_owned(),
        (_, Some("suppressed")) => t(lang, "composer.reason.closed").to_owned(),
        ("accepted", _) => String::new(),
        (_, reason) => reason.unwrap_or_default().to_owned(),
    }
}

/// What messages are about, looked up many at once.
#[derive(Default)]
struct Names {
    releases: HashMap<i64, String>,
    reviews: HashMap<i64, String>,
    stories: HashMap<i64, String>,
}

/// The editions `unseen` are not named.
async fn names(rows: &mut Rows, found: &[Delivery], unseen: &[EditionId], lang: Lang) -> Result<Names, Error> {
    let things = |kinds: &[DeliveryKind]| -> BTreeSet<i64> {
        found.iter().filter(|d| kinds.contains(&d.subject.kind)).map(|d| d.subject.thing).collect()
    };
    let mut names = Names::default();
    let ids: Vec<ReleaseId> =
        things(&[DeliveryKind::Release, DeliveryKind::Withdrawal]).into_iter().map(ReleaseId).collect();
    for release in rows.find_releases(&ids).await? {
        names.releases.insert(release.id.0, release.title);
    }
    // a page holds few issues
    let issues = things(&[DeliveryKind::Review, DeliveryKind::Difference]);
    let editions: HashMap<_, _> = if issues.is_empty() {
        HashMap::new()
    } else {
        rows.list_editions().await?.into_iter().map(|edition| (edition.id, edition.name)).collect()
    };
    for id in issues {
        let review = rows.find_review_by_id(ReviewId(id)).await?;
        if let Some(review) = review.filter(|review| !unseen.contains(&review.edition)) {
            let name = editions.get(&review.edition).cloned().unwrap_or_default();
            names.reviews.insert(id, format!("{name}, {}", moment(review.slot.instant(), lang)));
        }
    }
    let stories: Vec<StoryId> = things(&[DeliveryKind::Alert]).into_iter().map(StoryId).collect();
    for article in rows.list_story_articles(&stories).await? {
        if let Some(story) = article.story {
            names.stories.entry(story.0).or_insert(article.title);
        }
    }
    Ok(names)
}

impl Names {
    /// What a message is about.
    fn about(&self, delivery: &Delivery, lang: Lang) -> String {
        let subject = delivery.subject;
        let (names, key) = match subject.kind {
            DeliveryKind::Release | DeliveryKind::Withdrawal => (&self.releases, "composer.delivery.version"),
            DeliveryKind::Review | DeliveryKind::Difference => (&self.reviews, "composer.delivery.version"),
            DeliveryKind::Alert => (&self.stories, ""),
            _ => return String::new(),
        };
        let name = names.get(&subject.thing).cloned().unwrap_or_default();
        if key.is_empty() || subject.version < 2 {
            return name;
        }
        format!("{name} · {}", fill(lang, "composer.delivery.version", &[("n", &subject.version.to_string())]))
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let mut page = DeliveriesPage {
        frame: Frame::sample(lang, t(lang, "desk.menu.deliveries"), "/desk/invii"),
        paused: Paused::samples(lang),
        counts: vec![Count {
            words: kind_words(lang, DeliveryKind::Release),
            cells: STATES.into_iter().map(|state| (3, format!("/desk/invii?stato={state}"))).collect(),
        }],
        columns: STATES.into_iter().map(|state| state_words(lang, state)).collect(),
        uncertain: 2,
        kinds: vec![(String::new(), t(lang, "composer.deliveries.any_kind"))],
        states: vec![("queued".into(), state_words(lang, "queued"))],
        kind: String::new(),
        state: "queued".into(),
        who: "\"><script>".into(),
        thing: "7".into(),
        about: Some("<b>Ponte</b>".into()),
        lines: vec![Line {
            id: 7,
            kind: kind_words(lang, DeliveryKind::Alert),
            about: "<script>alert(1)</script>".into(),
            address: "nina@riva.test".into(),
            state: state_words(lang, "uncertain"),
            badge: "bad",
            at: Moment::of(salastampa_domain::Timestamp(0), lang),
            reason: "<i>451</i>".into(),
            returned: "<i>550</i>".into(),
        }],
        newest: Some("/desk/invii".into()),
        older: Some("/desk/invii?prima=7".into()),
    };
    let full = page.render().expect("a template over strings");
    page.lines.clear();
    page.paused.clear();
    page.counts.clear();
    let mut all = vec![("deliveries", full), ("no deliveries", page.render().expect("a template over strings"))];
    all.extend(one::samples(lang));
    all
}
