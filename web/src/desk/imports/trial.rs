//! One file of an old archive at the desk: uploaded, tried until it is understood, brought in as it was tried.
//!
//! The running office reads the file (an errand); this page shows what it has found and takes what somebody says of
//! columns and outlets. What comes in is what the last trial showed: the button carries no choice of its own.

use crate::Site;
use crate::answer::Error;
use crate::desk::contacts::Options;
use crate::desk::fields::Fields;
use crate::desk::frame::Frame;
use crate::desk::incoming::{BrokenOff, Incoming, Part};
use crate::desk::session::{Desk, see_other};
use crate::handed::{self, Dress};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use salastampa_acts::backfile::desk as wish;
use salastampa_acts::backfile::desk::{Answer, Choices, Counted, FIELDS, LARGEST, Tried};
use salastampa_domain::time::MINUTE;
use salastampa_domain::{Act, ErrandId, Import, Outlet, Reading};
use salastampa_locale::{Lang, date, fill, number, plural, t};

/// So many names of outlets are offered to be mapped at once.
const NAMES: usize = 30;

/// The routes of this part, but for the one that takes a file.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/importazioni/prova/{id}", get(show).post(again))
        .route("/desk/importazioni/prova/{id}/entra", post(bring_in))
        .route("/desk/importazioni/prova/{id}/rifiutate.csv", get(refused))
}

/// The route that takes a file, as it comes.
pub(crate) fn uploads() -> Router<Site> {
    Router::new().route("/desk/importazioni/carica", get(back).post(upload))
}

/// What was found in a file, and what may be said of it.
#[derive(Template)]
#[template(path = "desk/import_trial.html")]
pub(crate) struct TrialPage {
    frame: Frame,
    id: i64,
    name: String,
    /// Nobody has read it yet.
    waits: Option<&'static str>,
    failed: Option<String>,
    seen: Option<Seen>,
    /// It comes in, or came.
    brought: Option<BroughtPart>,
    may: bool,
    encoding: String,
    encodings: Options,
    separator: String,
    separators: Options,
    whole: String,
    /// The outlets, and first none.
    outlets: Options,
    fields: Options,
}

/// What a trial found, in words.
struct Seen {
    form: String,
    /// Name and field of each column.
    columns: Vec<(String, String)>,
    missing: Option<String>,
    /// Line, day, outlet and title of the first rows.
    samples: Vec<[String; 4]>,
    lines: Vec<String>,
    refused: Vec<String>,
    doubles: Vec<String>,
    /// Names of the file, with what is said beside them and the outlet that they are mapped to.
    names: Vec<(String, String, String)>,
    more_names: Option<String>,
    can_come: bool,
}

/// What has come in so far.
struct BroughtPart {
    words: String,
    trouble: Option<String>,
    refused: bool,
    /// It failed, and may be gone on with.
    stopped: bool,
}

async fn back(desk: Desk) -> Response {
    match desk.must(Act::Inspect) {
        Ok(()) => see_other(&desk.href("/desk/importazioni")),
        Err(error) => desk.no_page(&error),
    }
}

async fn upload(desk: Desk, request: Request) -> Response {
    if let Err(error) = desk.must(Act::Administer) {
        return desk.no_page(&error);
    }
    let mut incoming = match Incoming::open(&desk, request).await {
        Ok(incoming) => incoming,
        Err(page) => return page,
    };
    let here = "/desk/importazioni";
    let mut found: Option<(String, Vec<u8>)> = None;
    loop {
        match incoming.next(LARGEST).await {
            Ok(Some(Part::File(name, bytes))) if !name.is_empty() && found.is_none() => found = Some((name, bytes)),
            Ok(Some(Part::Text(..) | Part::File(..))) => {}
            Ok(Some(Part::TooLarge(_))) => return desk.refuse(here, desk.t("import.desk.too_large")).await,
            Ok(None) => break,
            Err(BrokenOff) => return desk.refuse(here, desk.t("composer.files.broken_off")).await,
        }
    }
    let Some((name, bytes)) = found else { return desk.refuse(here, desk.t("import.desk.none_chosen")).await };
    match wish::upload(&desk.site.store, desk.lang, &desk.user.login, (&name, bytes), desk.now).await {
        Ok(id) => see_other(&desk.href(&format!("{here}/prova/{id}"))),
        Err(error) => desk.refused(here, &error).await,
    }
}

async fn show(desk: Desk, Path(id): Path<i64>) -> Response {
    desk.answer(page(&desk, id).await)
}

async fn page(desk: &Desk, id: i64) -> Result<TrialPage, Error> {
    desk.must(Act::Inspect)?;
    let mut rows = desk.site.store.read().await?;
    let request = wish::find_request(&mut rows, ErrandId(id)).await?.ok_or(Error::Missing)?;
    let import = match request.import {
        Some(import) => rows.find_import(import).await?,
        None => None,
    };
    let all = rows.list_outlets().await?;
    let late = desk.now.since(request.at) > MINUTE;
    let mut page = TrialPage::empty(desk.frame(desk.t("import.desk.title")), id, &request.reading, &all, desk.lang);
    page.name = request.name;
    page.may = desk.may(Act::Administer);
    page.waits = match (&request.answer, &import) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(desk.t("import.desk.coming")),
        (None, None) if late => Some(desk.t("sources.wish.nobody")),
        (None, None) => Some(desk.t("import.desk.waits")),
    };
    let mut result = None;
    match request.answer {
        Some(Answer::Tried(tried)) => page.seen = Some(seen(&tried, &request.reading, desk.lang)),
        Some(Answer::Failed(why)) => page.failed = Some(why),
        Some(Answer::Brought(brought)) => result = Some(brought),
        None => {}
    }
    page.brought = import.map(|import| {
        let hopeless = result.as_ref().and_then(|brought| brought.hopeless);
        BroughtPart {
            words: counts(&import, desk.lang),
            trouble: hopeless.map(|line| fill(desk.lang, "import.desk.hopeless", &[("line", &line.to_string())])),
            refused: result.is_some_and(|brought| brought.refused.is_some()),
            stopped: page.failed.is_some() && import.back.is_none(),
        }
    });
    Ok(page)
}

fn counts(import: &Import, lang: Lang) -> String {
    let whole = |n: i64| number::whole(n, lang);
    let progress = import.progress;
    let args = [
        ("rows", whole(progress.position)),
        ("taken", whole(progress.taken)),
        ("known", whole(progress.known)),
        ("refused", whole(progress.refused)),
    ];
    fill(lang, "import.desk.counts", &args.each_ref().map(|(name, n)| (*name, n.as_str())))
}

impl TrialPage {
    fn empty(frame: Frame, id: i64, reading: &Reading, all: &[Outlet], lang: Lang) -> Self {
        let told = || (String::new(), t(lang, "import.desk.told").to_owned());
        let same = |text: &str| (text.to_owned(), text.to_owned());
        let mut outlets: Options = all.iter().map(|o| (o.slug.clone(), o.name.clone())).collect();
        outlets.sort_by_key(|(_, name)| name.to_lowercase());
        outlets.insert(0, (String::new(), t(lang, "import.desk.no_choice").to_owned()));
        let mut fields: Options =
            FIELDS.iter().map(|field| ((*field).to_owned(), field_name(field, lang).to_owned())).collect();
        fields.insert(0, (String::new(), t(lang, "import.desk.unused").to_owned()));
        Self {
            frame,
            id,
            name: String::new(),
            waits: None,
            failed: None,
            seen: None,
            brought: None,
            may: true,
            encoding: reading.encoding.clone().unwrap_or_default(),
            encodings: vec![told(), same("utf-8"), same("windows-1252"), same("utf-16le"), same("utf-16be")],
            separator: reading.separator.clone().unwrap_or_default(),
            separators: vec![
                told(),
                same(";"),
                same(","),
                ("tab".to_owned(), t(lang, "import.desk.tab").to_owned()),
                same("|"),
            ],
            whole: wish::mapped(reading).1.unwrap_or_default(),
            outlets,
            fields,
        }
    }
}

fn field_name(field: &str, lang: Lang) -> &'static str {
    match field {
        "title" => t(lang, "import.field.title"),
        "outlet" => t(lang, "import.field.outlet"),
        "date" => t(lang, "import.field.date"),
        "time" => t(lang, "import.field.time"),
        "author" => t(lang, "import.field.author"),
        "url" => t(lang, "import.field.url"),
        "text" => t(lang, "import.field.text"),
        "lead" => t(lang, "import.field.lead"),
        "section" => t(lang, "import.field.section"),
        _ => t(lang, "import.field.id"),
    }
}

fn seen(tried: &Tried, reading: &Reading, lang: Lang) -> Seen {
    let encoding = ("encoding", tried.encoding.as_str());
    let form = match tried.separator {
        None => fill(lang, "import.desk.form_lines", &[encoding]),
        Some('\t') => fill(lang, "import.desk.form_table", &[("separator", t(lang, "import.desk.tab")), encoding]),
        Some(sign) => fill(lang, "import.desk.form_table", &[("separator", &sign.to_string()), encoding]),
    };
    let samples = tried.samples.iter().map(|row| {
        let outlet = if row.outlet.is_empty() { t(lang, "import.no_outlet") } else { row.outlet.as_str() };
        [row.line.to_string(), date::short(row.at.day(), lang), outlet.to_owned(), row.title.clone()]
    });
    let counted = &tried.counted;
    // mapped before, or still to be mapped
    let mut names: Vec<(String, String, String)> =
        wish::mapped(reading).0.into_iter().map(|(name, id)| (name, String::new(), id)).collect();
    let unknown = counted.unknown.iter().take(NAMES);
    names.extend(unknown.map(|(name, n)| {
        let times = plural(lang, "import.desk.times", usize::try_from(*n).unwrap_or(usize::MAX));
        (name.clone(), times, String::new())
    }));
    let more = counted.unknown.len().saturating_sub(NAMES);
    Seen {
        form,
        columns: tried.columns.iter().map(|(name, field)| (name.clone(), field.clone().unwrap_or_default())).collect(),
        missing: tried
            .missing
            .as_deref()
            .map(|field| fill(lang, "import.desk.missing", &[("field", field_name(field, lang))])),
        samples: samples.collect(),
        lines: if tried.missing.is_some() { Vec::new() } else { totals(counted, lang) },
        refused: counted
            .first
            .iter()
            .map(|row| {
                let why = refusal(&row.reason, &row.text, lang);
                fill(lang, "import.desk.row", &[("line", &row.line.to_string()), ("why", &why)])
            })
            .collect(),
        doubles: counted
            .doubles
            .iter()
            .map(|double| {
                let args = [("line", double.line.to_string()), ("title", double.title.clone())];
                let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
                let words = match double.in_archive {
                    true => fill(lang, "import.twice_archive", &args),
                    false => fill(lang, "import.twice_file", &args),
                };
                words.trim().to_owned()
            })
            .collect(),
        names,
        more_names: (more > 0).then(|| fill(lang, "import.desk.more_names", &[("n", &more.to_string())])),
        can_come: tried.can_come(),
    }
}

/// What would come in, and why the rest would not.
fn totals(counted: &Counted, lang: Lang) -> Vec<String> {
    let whole = |n: i64| number::whole(n, lang);
    let mut lines = vec![fill(lang, "import.would", &[("n", &whole(counted.taken))])];
    let (known, twice, refused) = (whole(counted.known), whole(counted.twice), whole(counted.refused));
    lines.push(fill(lang, "import.would_other", &[("known", &known), ("twice", &twice), ("refused", &refused)]));
    lines.extend(counted.reasons.iter().map(|(reason, n)| {
        let n = whole(i64::try_from(*n).unwrap_or(i64::MAX));
        fill(lang, "import.refused_count", &[("n", &n), ("why", &refusal(reason, "…", lang))]).trim().to_owned()
    }));
    lines.extend(counted.hopeless.map(|line| fill(lang, "import.desk.hopeless", &[("line", &line.to_string())])));
    lines
}

fn refusal(reason: &str, text: &str, lang: Lang) -> String {
    fill(lang, &format!("import.refused.{reason}"), &[("text", text)])
}

async fn again(desk: Desk, Path(id): Path<i64>, fields: Fields) -> Response {
    if let Err(error) = desk.must(Act::Administer) {
        return desk.no_page(&error);
    }
    let here = format!("/desk/importazioni/prova/{id}");
    let found = async {
        let mut rows = desk.site.store.read().await?;
        let request = wish::find_request(&mut rows, ErrandId(id)).await?.ok_or(Error::Missing)?;
        Ok::<_, Error>((request, rows.list_outlets().await?))
    };
    let (request, known) = match found.await {
        Ok(found) => found,
        Err(error) => return desk.no_page(&error),
    };
    // one that went since the page was shown is none
    let id_of = |slug: &str| known.iter().find(|outlet| outlet.slug == slug).map(|outlet| outlet.slug.clone());
    let texts = |name: &str| fields.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let choices = Choices {
        encoding: fields.text("codifica").to_owned(),
        separator: fields.text("separatore").to_owned(),
        columns: texts("colonna"),
        outlets: texts("nome")
            .into_iter()
            .zip(fields.all("testata"))
            .filter_map(|(name, slug)| Some((name, id_of(slug)?)))
            .collect(),
        whole: id_of(fields.text("tutte")).unwrap_or_default(),
    };
    let reading = choices.reading(&request.reading);
    match wish::try_again(&desk.site.store, &desk.user.login, ErrandId(id), reading, desk.now).await {
        Ok(id) => see_other(&desk.href(&format!("/desk/importazioni/prova/{id}"))),
        Err(error) => desk.refused(&here, &error).await,
    }
}

async fn bring_in(desk: Desk, Path(id): Path<i64>) -> Response {
    let here = format!("/desk/importazioni/prova/{id}");
    match wish::bring_in(&desk.site.store, desk.lang, &desk.user.login, ErrandId(id), desk.now).await {
        Ok(id) => desk.go(&format!("/desk/importazioni/prova/{id}"), desk.t("import.desk.asked")).await,
        Err(error) => desk.refused(&here, &error).await,
    }
}

/// The table of the rows that were refused.
async fn refused(desk: Desk, Path(id): Path<i64>, asked: HeaderMap) -> Response {
    let answer = async {
        desk.must(Act::Inspect)?;
        let request = wish::find_request(&mut desk.site.store.read().await?, ErrandId(id)).await?;
        let Some(Answer::Brought(brought)) = request.and_then(|request| request.answer) else {
            return Err(Error::Missing);
        };
        let file = brought.refused.ok_or(Error::Missing)?;
        let dress = Dress {
            name: "rifiutate.csv",
            mime: "text/csv; charset=utf-8",
            is_shown: false,
            cache: HeaderValue::from_static("private, no-store"),
        };
        handed::file(&desk.site, &file, &dress, &asked).await
    };
    answer.await.map(IntoResponse::into_response).unwrap_or_else(|error| desk.no_page(&error))
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_acts::backfile::desk::{Double, RefusedRow, Sample};
    const FOREIGN: &str = "<script>alert(1)</script> \"ponte\"";
    let row = Sample { line: 2, at: salastampa_domain::Timestamp(0), outlet: FOREIGN.into(), title: FOREIGN.into() };
    let mut tried = Tried {
        encoding: "UTF-8".into(),
        separator: Some(';'),
        columns: vec![(FOREIGN.into(), Some("title".into())), ("Uscita".into(), None)],
        missing: None,
        samples: vec![row],
        counted: Counted {
            taken: 1_200,
            refused: 3,
            reasons: vec![("unknown_outlet".into(), 3)],
            first: vec![RefusedRow { line: 4, reason: "unknown_outlet".into(), text: FOREIGN.into() }],
            doubles: vec![Double { line: 5, title: FOREIGN.into(), in_archive: true }],
            unknown: vec![(FOREIGN.into(), 3)],
            hopeless: Some(7),
            ..Counted::default()
        },
    };
    let reading = Reading { outlets: vec![format!("{FOREIGN}=il-lago")], ..Reading::default() };
    let page = || {
        let frame = Frame::sample(lang, t(lang, "import.desk.title"), "/desk/importazioni/prova/7");
        let mut page = TrialPage::empty(frame, 7, &reading, &[], lang);
        page.name = FOREIGN.into();
        page
    };
    let all = TrialPage { seen: Some(seen(&tried, &reading, lang)), ..page() };
    tried.missing = Some("date".into());
    let missing = TrialPage { seen: Some(seen(&tried, &reading, lang)), ..page() };
    let waits = TrialPage { waits: Some(t(lang, "import.desk.waits")), ..page() };
    let failed = TrialPage { failed: Some(FOREIGN.into()), may: false, ..page() };
    let part = BroughtPart { words: "1".into(), trouble: Some("2".into()), refused: true, stopped: true };
    let brought = TrialPage { brought: Some(part), ..page() };
    let named = [
        ("import trial", all),
        ("import trial without a date", missing),
        ("import trial waits", waits),
        ("import trial failed", failed),
        ("import brought", brought),
    ];
    named.into_iter().map(|(name, page)| (name, page.render().expect("a template over strings"))).collect()
}
