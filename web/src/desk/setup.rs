//! *Avvio*: eight questions that make an office out of an empty data folder, for whoever holds the link that `serve` prints.
//!
//! One page, one form, no script needed. What was typed comes back after a mistake and after a test mail; passwords of people
//! are typed again, that of the mail server waits sealed. When it is done the page says how to enter and what was made.

use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::session::see_other;
use super::settings::{Choices, Fixed, TrialLine, mail_over, trial_line};
use super::users::outside;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::Denied;
use salastampa_acts::settings::TypedMail;
use salastampa_acts::setup::{self, ASSESSORS, Answers, FIELDS, Founded, PersonAnswer};
use salastampa_domain::{Actor, Settings, Slot, TokenPurpose};
use salastampa_locale::{Lang, date, fill, plural, t};
use serde::Deserialize;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/avvio/{token}", get(show).post(send))
}

/// Assessors that have a place before more are asked for.
const FIRST: usize = 4;
/// The name of a body that nobody has typed yet.
const UNNAMED: &str = "Comune";

/// The eight questions.
#[derive(Template)]
#[template(path = "desk/setup.html")]
pub(crate) struct SetupPage {
    frame: Frame,
    slips: Slips,
    action: String,
    answers: Answers,
    mayors: Vec<(String, String)>,
    first: Vec<Row>,
    further: Vec<Row>,
    /// The further assessors are shown at once.
    open_further: bool,
    fixed: Fixed,
    choices: Choices,
    has_password: bool,
    trial: Option<TrialLine>,
}

/// The fields of one assessor.
struct Row {
    legend: String,
    fields: [&'static str; 3],
    person: PersonAnswer,
}

/// How to enter, and what was made.
#[derive(Template)]
#[template(path = "desk/founded.html")]
pub(crate) struct FoundedPage {
    frame: Frame,
    chief: String,
    admin: String,
    made: Vec<String>,
    next: Option<String>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    prova: Option<i64>,
}

async fn show(State(site): State<Site>, Path(token): Path<String>, Query(asked): Query<Asked>) -> Response {
    outside(&site, page(&site, &token, asked.prova, None, Slips::default()).await, StatusCode::OK)
}

async fn page(
    site: &Site,
    token: &str,
    trial: Option<i64>,
    over: Option<Answers>,
    slips: Slips,
) -> Result<SetupPage, Error> {
    let lang = site.house.lang;
    let mut rows = site.store.read().await?;
    setup::open(&mut rows, token, site.clock.now()).await?;
    let kept = setup::draft(&mut rows, &site.house).await?;
    let has_password = kept.as_ref().is_some_and(|kept| !kept.mail.smtp_password.is_empty());
    let by = Actor::Link { purpose: TokenPurpose::Setup };
    let trial = trial_line(&mut rows, trial, &by, lang).await?;
    let answers = over.or(kept).unwrap_or_else(|| fresh(&site.declared.settings, lang));
    let frame = Frame::outside(site, t(lang, "login.setup.title"));
    Ok(SetupPage::of(frame, slips, format!("/desk/avvio/{token}"), answers, Fixed::of(site, lang), has_password, trial))
}

impl SetupPage {
    fn of(
        frame: Frame,
        slips: Slips,
        action: String,
        mut answers: Answers,
        fixed: Fixed,
        has_password: bool,
        trial: Option<TrialLine>,
    ) -> Self {
        let lang = frame.lang;
        answers.mail.smtp_password = String::new();
        answers.assessors.resize(ASSESSORS, PersonAnswer::default());
        let mut rows: Vec<Row> = answers
            .assessors
            .iter()
            .zip(FIELDS)
            .enumerate()
            .map(|(n, (person, fields))| Row {
                legend: fill(lang, "login.setup.assessor", &[("n", &(n + 1).to_string())]),
                fields,
                person: person.clone(),
            })
            .collect();
        let further = rows.split_off(FIRST);
        let is_used = |row: &Row| row.person != PersonAnswer::default();
        Self {
            open_further: further.iter().any(is_used),
            first: rows,
            further,
            mayors: mayors(lang),
            choices: Choices::of(lang),
            frame,
            slips,
            action,
            answers,
            fixed,
            has_password,
            trial,
        }
    }
}

/// What stands in the form before anybody typed: what most offices would write.
fn fresh(declared: &Settings, lang: Lang) -> Answers {
    let named = |text: &String| if text == UNNAMED { String::new() } else { text.clone() };
    let mail = TypedMail::of(declared);
    let is_invented = mail.sender.ends_with(".invalid");
    Answers {
        office: named(&declared.office),
        town: named(&declared.town),
        contacts: declared.contacts.clone(),
        mayor: PersonAnswer { office: t(lang, "login.setup.mayors.sindaco").to_owned(), ..PersonAnswer::default() },
        hour: "07:00".into(),
        mail: TypedMail {
            sender: if is_invented { String::new() } else { mail.sender.clone() },
            mail: "smtp".into(),
            smtp_host: if is_invented { String::new() } else { mail.smtp_host.clone() },
            smtp_port: if is_invented { "587".into() } else { mail.smtp_port.clone() },
            ..mail
        },
        ..Answers::default()
    }
}

/// How who heads a municipality may be called; the words are kept as they are.
fn mayors(lang: Lang) -> Vec<(String, String)> {
    let words = [
        t(lang, "login.setup.mayors.sindaco"),
        t(lang, "login.setup.mayors.sindaca"),
        t(lang, "login.setup.mayors.commissario"),
        t(lang, "login.setup.mayors.commissaria"),
    ];
    words.map(|words| (words.to_owned(), words.to_owned())).into()
}

fn typed(site: &Site, fields: &Fields) -> Answers {
    let text = |name: &str| fields.text(name).to_owned();
    let person = |[name, office, address]: [&str; 3]| PersonAnswer {
        name: text(name),
        office: text(office),
        address: text(address),
    };
    let fixed = Fixed::of(site, site.house.lang);
    let declared = &site.declared.settings;
    let pick = |name: &str, decided: &str| if fixed.has(name) { decided.to_owned() } else { text(name) };
    Answers {
        office: pick("office", &declared.office),
        town: pick("town", &declared.town),
        contacts: pick("contacts", &declared.contacts),
        province: text("province"),
        mayor: person(["mayor_name", "mayor_office", "mayor_address"]),
        assessors: FIELDS.map(person).into(),
        hour: text("hour"),
        mail: mail_over(&TypedMail::of(declared), fields, &fixed),
        name: text("name"),
        login: text("login"),
        address: text("address"),
        one_person: fields.has("one_person"),
        password: fields.raw("password").to_owned(),
        again: fields.raw("again").to_owned(),
    }
}

async fn send(State(site): State<Site>, Path(token): Path<String>, fields: Fields) -> Response {
    let answers = typed(&site, &fields);
    let (lang, now) = (site.house.lang, site.clock.now());
    if fields.text("action") == "test" {
        return match setup::try_mail(&site.store, &site.house, &site.declared, &token, &answers, lang, now).await {
            Ok(id) => see_other(&format!("{}/desk/avvio/{token}?prova={id}#posta", site.prefix())),
            Err(error) => again(&site, &token, answers, error).await,
        };
    }
    match setup::found(&site.store, &site.house, &site.declared, &token, &answers, lang, now).await {
        Ok(founded) => outside(&site, founded_page(&site, &founded).await, StatusCode::OK),
        Err(error) => again(&site, &token, answers, error).await,
    }
}

async fn again(site: &Site, token: &str, answers: Answers, error: salastampa_acts::Error) -> Response {
    match error {
        salastampa_acts::Error::Denied(Denied::Form(slips)) => {
            let page = page(site, token, None, Some(answers), Slips(slips)).await;
            outside(site, page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        error => outside::<SetupPage>(site, Err(error.into()), StatusCode::OK),
    }
}

async fn founded_page(site: &Site, founded: &Founded) -> Result<FoundedPage, Error> {
    let lang = site.house.lang;
    let editions = site.store.read().await?.list_editions().await?;
    let next = editions.iter().filter_map(|edition| edition.next().map(Slot::instant)).min();
    Ok(FoundedPage {
        frame: Frame::outside(site, t(lang, "login.setup.done_title")),
        chief: founded.chief.clone(),
        admin: founded.admin.clone(),
        made: vec![
            plural(lang, "login.setup.made_watches", founded.watches),
            plural(lang, "login.setup.made_editions", founded.editions),
            plural(lang, "login.setup.made_readers", founded.readers),
        ],
        next: next.map(|at| date::moment(at.civil(), lang)),
    })
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_acts::Slip;
    let frame = |title| Frame {
        user: None,
        parts: Vec::new(),
        flash: None,
        csrf: String::new(),
        ..Frame::sample(lang, title, "/desk/avvio/ab")
    };
    let fixed = || Fixed { declared: std::sync::Arc::default(), words: t(lang, "settings.fixed") };
    let empty = SetupPage::of(
        frame(t(lang, "login.setup.title")),
        Slips::default(),
        "/desk/avvio/ab".into(),
        fresh(&Settings::default(), lang),
        fixed(),
        false,
        None,
    );
    let mut answers = fresh(&Settings::default(), lang);
    answers.office = "\"><script>".into();
    answers.assessors = vec![PersonAnswer { name: "<b>".into(), ..PersonAnswer::default() }; 6];
    let wrong = Slip { field: FIELDS[5][1], sentence: t(lang, "settings.slips.empty").to_owned() };
    let waiting = TrialLine { state: "alert-info", words: t(lang, "settings.test.waiting").into(), is_waiting: true };
    let full = SetupPage::of(
        frame(t(lang, "login.setup.title")),
        Slips(vec![wrong]),
        "/desk/avvio/ab".into(),
        answers,
        fixed(),
        true,
        Some(waiting),
    );
    let founded = FoundedPage {
        frame: frame(t(lang, "login.setup.done_title")),
        chief: "lia".into(),
        admin: "lia-admin".into(),
        made: vec![plural(lang, "login.setup.made_watches", 9)],
        next: Some("24 novembre, 07:00".into()),
    };
    let page = |page: &dyn askama::DynTemplate| page.dyn_render().expect("a template over strings");
    vec![("setup", page(&empty)), ("setup_wrong", page(&full)), ("founded", page(&founded))]
}
