//! An issue: its sections in their fixed order with the stories that leave, the tray of what arrived later, what holds
//! it up, and the acts that send it. An issue that is out is shown as it left; what is changed then makes the next
//! version.

use super::confirmed_by;
use super::issue::{self, Choice, Row, find};
use super::{blocks, sections};
use crate::answer::Error;
use crate::desk::Desk;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use salastampa_acts::curate::{self, Missed, Uploaded};
use salastampa_acts::{Denied, Error as Refused, net};
use salastampa_digest::compose::Standing;
use salastampa_domain::{Act, Coverage, Errand, ErrandKind, ReviewState, SectionId, UserId, Visibility};
use salastampa_locale::{Lang, date, fill, plural};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// An issue.
#[derive(Template)]
#[template(path = "desk/issue.html")]
pub(crate) struct IssuePage {
    frame: Frame,
    hour: String,
    datetime: String,
    path: String,
    action: String,
    clippings: String,
    /// Where it stands, in words.
    state: String,
    /// How many stories a person read as favourable, neutral, critical; empty where nobody said.
    tones: String,
    left: String,
    is_out: bool,
    confirmed: bool,
    /// The mark of what people have decided so far: who confirms or publishes answers for that.
    seen: String,
    sections: Vec<Part>,
    choices: Vec<Choice>,
    tray: Vec<Row>,
    late: usize,
    next_step: String,
    readers: String,
    /// What stands in its way, each a sentence.
    blocks: Vec<String>,
    ill: Vec<String>,
    versions: Vec<(u32, String, String)>,
    /// Of a reserved edition, the readers' own links: number, name, since when revoked or nothing.
    links: Vec<(i64, String, String)>,
    /// What the next version would change.
    changes: Vec<(String, Vec<String>)>,
    pasted: Vec<String>,
    waiting: bool,
    history: Vec<(String, String, String, bool)>,
    undo: Option<String>,
    typed: Pasting,
    /// The publications that a PDF can come from: slug and name.
    outlets: Vec<(String, String)>,
    can_curate: bool,
    can_publish: bool,
}

/// A section with its stories.
pub(crate) struct Part {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) rows: Vec<Row>,
}

/// What was typed into the forms for a piece that is missing.
#[derive(Default)]
struct Pasting {
    url: String,
    section: String,
    outlet: String,
    title: String,
    day: String,
    slips: Slips,
}

pub(super) async fn show(desk: Desk, Path((slug, slot)): Path<(String, String)>) -> Response {
    desk.answer(page(&desk, &slug, &slot, Pasting::default()).await)
}

/// *Manca un pezzo*: leaves the errand.
pub(super) async fn paste(desk: Desk, Path((slug, slot)): Path<(String, String)>, fields: Fields) -> Response {
    let issue = match issue::of(&desk, &slug, &slot).await {
        Ok(issue) => issue,
        Err(error) => return desk.no_page(&error),
    };
    let (store, house, login) = (&desk.site.store, &desk.site.house, desk.user.login.as_str());
    let section = SectionId(fields.value("sezione").unwrap_or(0));
    let left = curate::paste(store, house, login, issue.key, section, fields.text("indirizzo"), desk.now).await;
    match left {
        Err(Refused::Denied(Denied::Form(slips))) => {
            let typed = Pasting {
                url: fields.text("indirizzo").to_owned(),
                section: fields.text("sezione").to_owned(),
                slips: Slips(slips),
                ..Pasting::default()
            };
            desk.again(page(&desk, &slug, &slot, typed).await)
        }
        Err(error) => desk.refused(&issue.path(), &error).await,
        Ok(_) => desk.go(&format!("{}#incolla", issue.path()), desk.t("curation.paste.left")).await,
    }
}

/// *Manca un pezzo*, as a PDF: keeps the file and leaves the errand.
pub(super) async fn upload(desk: Desk, Path((slug, slot)): Path<(String, String)>, fields: Fields) -> Response {
    let issue = match issue::of(&desk, &slug, &slot).await {
        Ok(issue) => issue,
        Err(error) => return desk.no_page(&error),
    };
    let file = fields.file("pdf");
    let text = |name: &str| fields.text(name).to_owned();
    let uploaded = Uploaded {
        bytes: file.map(|file| file.bytes.to_vec()).unwrap_or_default(),
        name: file.map(|file| file.name.clone()).unwrap_or_default(),
        outlet: text("testata"),
        title: text("titolo"),
        day: text("giorno"),
    };
    let (store, house, login) = (&desk.site.store, &desk.site.house, desk.user.login.as_str());
    let section = SectionId(fields.value("sezione").unwrap_or(0));
    match curate::upload(store, house, login, (issue.key, section), uploaded, desk.now).await {
        Err(Refused::Denied(Denied::Form(slips))) => {
            let typed = Pasting {
                section: text("sezione"),
                outlet: text("testata"),
                title: text("titolo"),
                day: text("giorno"),
                slips: Slips(slips),
                ..Pasting::default()
            };
            desk.again(page(&desk, &slug, &slot, typed).await)
        }
        Err(error) => desk.refused(&issue.path(), &error).await,
        Ok(_) => desk.go(&format!("{}#incolla", issue.path()), desk.t("curation.upload.left")).await,
    }
}

async fn page(desk: &Desk, slug: &str, slot: &str, typed: Pasting) -> Result<IssuePage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let issue = find(desk, &mut rows, slug, slot).await?;
    let names = curate::names(&mut rows).await?;
    let (table, draft) = curate::table_and_review(&mut rows, &issue.edition, issue.key, desk.now).await?;
    let shown = issue.out.as_ref().unwrap_or(&draft);
    let mut sections = match &issue.out {
        Some(out) => sections::frozen(out, &table, &curate::Joined::of(&mut rows).await?, &names, desk.lang),
        None => sections::standing(&table, &names, desk.lang),
    };
    let mut tray: Vec<Row> = match issue.out {
        Some(_) => Vec::new(),
        None => table.lines.iter().filter(|l| l.standing == Standing::Late).collect::<Vec<_>>(),
    }
    .into_iter()
    .map(|line| issue::row(line, &table, &names, desk.lang))
    .collect();
    issue::mark_changed(desk, &mut rows, &mut tray).await?;
    for part in &mut sections {
        issue::mark_changed(desk, &mut rows, &mut part.rows).await?;
    }
    issue::link(&mut tray);
    let undecided = table.lines.iter().filter(|l| l.story.is_some() && l.hand.as_ref().is_none_or(|h| h.is_neutral()));
    let undecided = undecided.count();
    let (pasted, waiting) = pasted(&mut rows, &issue, &names, desk.lang).await?;
    let history = history(&mut rows, &issue, desk, &names).await?;
    let changes = changes(&mut rows, &issue, desk).await?;
    let caught = net::found_in(&mut rows, shown.id).await?;
    let path = desk.href(&issue.path());
    let confirmed = table.arrangement.confirmed;
    Ok(IssuePage {
        frame: desk.frame(&issue.edition.name),
        hour: issue::hour(issue.key.slot, desk.lang),
        datetime: issue.key.slot.instant().rfc3339(),
        action: format!("{path}/fai"),
        clippings: desk.href(&format!("/desk/ritagli?edizione={slug}")),
        tones: issue::tones(&table.arrangement.hands, desk.lang),
        state: state(&issue, confirmed.map(|(by, _)| by), &names, desk.lang),
        left: issue::left(issue.key.slot.instant(), desk.now, desk.lang),
        is_out: issue.out.is_some(),
        confirmed: confirmed.is_some(),
        seen: curate::mark(&table.arrangement),
        choices: issue::choices(&issue.edition),
        next_step: match undecided {
            0 => desk.t("curation.clippings.all_decided").to_owned(),
            n => plural(desk.lang, "curation.clippings.decide", n),
        },
        readers: plural(desk.lang, "curation.issue.readers", table.readers),
        blocks: blocks::of(&table, &issue, &caught, desk.lang),
        ill: ill(&shown.coverage, desk.lang),
        versions: versions(&mut rows, &issue, desk).await?,
        links: links(&mut rows, &issue, desk).await?,
        undo: history.iter().find(|(_, _, act, _)| !act.is_empty()).map(|(_, _, act, _)| act.clone()),
        sections,
        late: tray.len(),
        tray,
        changes,
        pasted,
        waiting,
        history,
        typed,
        outlets: outlets(&mut rows, desk).await?,
        can_curate: desk.may(Act::Curate),
        can_publish: desk.may(Act::PublishReview),
        path,
    })
}

/// The publications by name, behind a line that asks for one.
async fn outlets(rows: &mut Rows, desk: &Desk) -> Result<Vec<(String, String)>, Error> {
    let mut outlets: Vec<(String, String)> = rows.list_outlets().await?.into_iter().map(|o| (o.slug, o.name)).collect();
    outlets.sort_by_key(|(_, name)| name.to_lowercase());
    outlets.insert(0, (String::new(), desk.t("curation.upload.which").to_owned()));
    Ok(outlets)
}

fn state(issue: &issue::Issue, confirmed: Option<UserId>, names: &BTreeMap<UserId, String>, lang: Lang) -> String {
    match issue.out.as_ref().map(|r| (&r.state, r.version)) {
        Some((ReviewState::Published { at, by }, version)) => {
            let who = match confirmed_by(names, *by, lang) {
                nobody if nobody.is_empty() => salastampa_locale::t(lang, "digest.not_reviewed").to_owned(),
                who => who,
            };
            let at = issue::moment(*at, lang);
            let values = [("n", &*version.to_string()), ("at", &*at), ("who", &*who)];
            fill(lang, "curation.issue.out", &values)
        }
        _ => match confirmed_by(names, confirmed, lang) {
            nobody if nobody.is_empty() => salastampa_locale::t(lang, "curation.issue.unconfirmed_long").to_owned(),
            who => fill(lang, "curation.issue.confirmed_long", &[("who", &who)]),
        },
    }
}

fn ill(coverage: &Coverage, lang: Lang) -> Vec<String> {
    let words = |s: &salastampa_domain::IllSource| {
        let since = s.since.civil();
        let values = [
            ("outlet", s.outlet_name.as_str()),
            ("since", &*date::with_article(date::Before::From, since.date(), lang)),
            ("time", &*date::time(since.time())),
        ];
        fill(lang, "digest.ill", &values)
    };
    coverage.ill.iter().take(12).map(words).collect()
}

async fn versions(rows: &mut Rows, issue: &issue::Issue, desk: &Desk) -> Result<Vec<(u32, String, String)>, Error> {
    let Some(out) = &issue.out else { return Ok(Vec::new()) };
    let mut versions = Vec::new();
    for (version, at) in rows.list_review_versions(out.id).await? {
        let href = desk.href(&format!("{}/pdf?versione={version}", issue.path()));
        versions.push((version, issue::moment(at, desk.lang), href));
    }
    Ok(versions)
}

async fn links(rows: &mut Rows, issue: &issue::Issue, desk: &Desk) -> Result<Vec<(i64, String, String)>, Error> {
    let (Some(out), Visibility::Reserved) = (&issue.out, issue.edition.visibility) else { return Ok(Vec::new()) };
    let links = curate::reader_links(rows, out.id).await?.into_iter();
    let since = |at| fill(desk.lang, "curation.issue.link_revoked", &[("when", &issue::moment(at, desk.lang))]);
    Ok(links.map(|link| (link.reader.0, link.name, link.revoked_at.map(since).unwrap_or_default())).collect())
}

async fn changes(rows: &mut Rows, issue: &issue::Issue, desk: &Desk) -> Result<Vec<(String, Vec<String>)>, Error> {
    if issue.out.is_none() {
        return Ok(Vec::new());
    }
    let Some(found) = curate::difference(rows, &issue.edition, issue.key, desk.now).await? else {
        return Ok(Vec::new());
    };
    let titles = |entries: &[salastampa_domain::Entry]| entries.iter().map(|e| e.title.clone()).collect::<Vec<_>>();
    let parts = [
        (desk.t("digest.difference.added"), titles(&found.added)),
        (desk.t("digest.difference.corrected"), titles(&found.corrected)),
        (desk.t("digest.difference.removed"), titles(&found.removed)),
    ];
    Ok(parts.into_iter().filter(|(_, t)| !t.is_empty()).map(|(words, t)| (words.to_owned(), t)).collect())
}

/// What became of the addresses that were pasted for this issue, and whether one is still on its way.
async fn pasted(
    rows: &mut Rows,
    issue: &issue::Issue,
    names: &BTreeMap<UserId, String>,
    lang: Lang,
) -> Result<(Vec<String>, bool), Error> {
    let key = issue.key;
    let mine = |e: &Errand| match &e.kind {
        ErrandKind::Paste { issue, .. } => *issue == Some(key),
        ErrandKind::Upload { issue, .. } => *issue == key,
        _ => false,
    };
    let errands = rows.list_latest_errands(100).await?;
    let errands: Vec<&Errand> = errands.iter().filter(|e| mine(e)).take(5).collect();
    let waiting = errands.iter().any(|e| e.done_at.is_none());
    Ok((errands.into_iter().map(|e| came_of(e, names, lang)).collect(), waiting))
}

fn came_of(errand: &Errand, names: &BTreeMap<UserId, String>, lang: Lang) -> String {
    let (ErrandKind::Paste { url: named, .. } | ErrandKind::Upload { name: named, .. }) = &errand.kind else {
        return String::new();
    };
    let url = salastampa_digest::clean::line(named, 100);
    let say = |key: &str, value: &str| fill(lang, key, &[("url", &url), ("what", value)]);
    let Some(result) = &errand.result else { return say("curation.missed.waiting", "") };
    let value: serde_json::Value = serde_json::from_str(result).unwrap_or_default();
    if let Some(why) = value.get("error").and_then(|e| e.as_str()) {
        return say("curation.missed.failed", &salastampa_digest::clean::line(why, 200));
    }
    let missed = value.get("missed").cloned().and_then(|m| serde_json::from_value::<Missed>(m).ok());
    match missed {
        Some(Missed::SourceUnknown) => say("curation.missed.source_unknown", ""),
        Some(Missed::SourceIll { since, .. }) => say("curation.missed.source_ill", &issue::moment(since, lang)),
        Some(Missed::NotListed) => say("curation.missed.not_listed", ""),
        Some(Missed::NoWatch) => say("curation.missed.no_watch", ""),
        Some(Missed::Ungraded) => say("curation.missed.ungraded", ""),
        Some(Missed::Dropped { by }) => say("curation.missed.dropped", names.get(&by).map_or("—", String::as_str)),
        Some(Missed::Copy { .. }) => say("curation.missed.copy", ""),
        Some(Missed::Over) => say("curation.missed.over", ""),
        Some(Missed::TooLight) => say("curation.missed.too_light", ""),
        Some(Missed::Old) => say("curation.missed.old", ""),
        Some(Missed::Earlier) => say("curation.missed.earlier", ""),
        Some(Missed::Late) => say("curation.missed.late", ""),
        Some(Missed::Here) | None => say("curation.missed.here", ""),
    }
}

/// Who did what, newest first: words, when, the number to undo it by (empty where it cannot be), whether it was undone.
async fn history(
    rows: &mut Rows,
    issue: &issue::Issue,
    desk: &Desk,
    names: &BTreeMap<UserId, String>,
) -> Result<Vec<(String, String, String, bool)>, Error> {
    let acts = curate::history(rows, issue.key, 12).await?;
    let may = desk.may(Act::Curate);
    Ok(acts
        .iter()
        .map(|act| {
            let name = names.get(&act.by).map_or("—", String::as_str);
            let lines = act.change.lines.len().max(act.change.elsewhere.len());
            let words = format!("{name}: {}", verb_words(&act.verb, lines, desk.lang));
            let undone = act.undone_at.is_some();
            let id = if may && curate::can_be_undone(act) { act.id.to_string() } else { String::new() };
            (words, date::time(act.at.civil().time()), id, undone)
        })
        .collect())
}

pub(super) fn verb_words(verb: &str, lines: usize, lang: Lang) -> String {
    let key = match verb {
        "review.keep" => "curation.verbs.keep",
        "review.choose" => "curation.verbs.choose",
        "review.tone" => "curation.verbs.tone",
        "review.drop" => "curation.verbs.drop",
        "review.undecide" => "curation.verbs.undecide",
        "review.rate" => "curation.verbs.rate",
        "review.lead" => "curation.verbs.lead",
        "review.order" => return salastampa_locale::t(lang, "curation.verbs.order").to_owned(),
        "review.annotate" => "curation.verbs.annotate",
        "review.quote" => "curation.verbs.quote",
        "review.bring" => "curation.verbs.bring",
        "review.add" => "curation.verbs.add",
        "review.confirm" => return salastampa_locale::t(lang, "curation.verbs.confirm").to_owned(),
        "review.unconfirm" => return salastampa_locale::t(lang, "curation.verbs.unconfirm").to_owned(),
        "story.merge" => return salastampa_locale::t(lang, "curation.verbs.merge").to_owned(),
        "story.detach" => return salastampa_locale::t(lang, "curation.verbs.detach").to_owned(),
        _ => return salastampa_locale::t(lang, "curation.verbs.undo").to_owned(),
    };
    plural(lang, key, lines)
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let issue = |is_out: bool| IssuePage {
        frame: Frame::sample(lang, "Rassegna <generale>", "/desk/rassegna"),
        hour: "martedì 24 novembre 2026, ore 07:00".into(),
        datetime: "2026-11-24T07:00:00+01:00".into(),
        path: "/desk/rassegna/generale/2026-11-24T07:00:00".into(),
        action: "/desk/rassegna/generale/2026-11-24T07:00:00/fai".into(),
        clippings: "/desk/ritagli?edizione=generale".into(),
        state: salastampa_locale::t(lang, "curation.issue.unconfirmed_long").into(),
        tones: plural(lang, "curation.tone.count_critical", 2),
        left: "tra 2 h".into(),
        is_out,
        confirmed: false,
        seen: "00ab".into(),
        sections: vec![
            Part {
                id: 3,
                name: "Lavori <pubblici>".into(),
                rows: vec![Row::sample(lang, 1, "kept"), Row::sample(lang, 2, "proposed")],
            },
            Part { id: 4, name: "Scuola".into(), rows: Vec::new() },
        ],
        choices: vec![
            Choice { id: 3, n: 1, name: "Lavori <pubblici>".into() },
            Choice { id: 4, n: 2, name: "Scuola".into() },
        ],
        tray: if is_out { Vec::new() } else { vec![Row::sample(lang, 5, "late")] },
        late: usize::from(!is_out),
        next_step: plural(lang, "curation.clippings.decide", 6),
        readers: plural(lang, "curation.issue.readers", 1),
        blocks: vec!["Nessun <destinatario>".into()],
        ill: vec!["Cronache <del Nord> non risponde.".into()],
        links: if is_out {
            vec![(7, "Ada <Corti>".into(), String::new()), (8, "Livia".into(), "revocato".into())]
        } else {
            Vec::new()
        },
        versions: if is_out { vec![(1, "24 nov".into(), "/desk/x/pdf?versione=1".into())] } else { Vec::new() },
        changes: if is_out { vec![("Aggiunte".into(), vec!["Un <titolo>".into()])] } else { Vec::new() },
        pasted: vec!["https://altrove.test/<x>".into()],
        waiting: true,
        history: vec![
            ("Elena: <x>".into(), "06:50".into(), "7".into(), false),
            ("Marco".into(), "06:40".into(), String::new(), true),
        ],
        undo: Some("7".into()),
        typed: Pasting {
            url: "altrove <x>".into(),
            section: "4".into(),
            slips: Slips(vec![salastampa_acts::Slip { field: "indirizzo", sentence: "<no>".into() }]),
            ..Pasting::default()
        },
        outlets: vec![("il-lago".into(), "Il <Lago>".into())],
        can_curate: true,
        can_publish: true,
    };
    let page = |page: IssuePage| page.render().expect("a template over strings");
    vec![("issue", page(issue(false))), ("issue that is out", page(issue(true)))]
}
