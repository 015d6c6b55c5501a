//! *Impostazioni*: what the office decides about itself, in four forms that are saved apart.
//!
//! An administrator changes it, the head of the press office reads it. What `salastampa.toml` or the environment decides
//! is shown and cannot be typed over. The way that mail leaves can be tried before it is saved: the trial goes to the person
//! who asks, and the page comes back with what was typed and what the server said.

use super::fields::Fields;
use super::form::Slips;
use super::frame::{Frame, role_words};
use super::preferences::language_name;
use super::session::{Desk, see_other};
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::Denied;
use salastampa_acts::settings::{self, Typed, TypedMail};
use salastampa_domain::{Act, Declared, ErrandId, ErrandKind, FooterLinks, MailTls, MailWay, Role};
use salastampa_locale::{Lang, t};
use salastampa_store::Rows;
use serde::Deserialize;
use std::sync::Arc;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/impostazioni", get(show).post(save)).route("/desk/impostazioni/prova", post(try_mail))
}

/// What the office decides about itself.
#[derive(Template)]
#[template(path = "desk/settings.html")]
pub(crate) struct SettingsPage {
    frame: Frame,
    slips: Slips,
    version: i64,
    typed: Typed,
    fixed: Fixed,
    choices: Choices,
    /// Roles that may need a second factor: name, words, whether they do.
    roles: Vec<(&'static str, &'static str, bool)>,
    /// A password of the mail server is kept.
    has_password: bool,
    trial: Option<TrialLine>,
    conflict: Option<Conflict>,
    /// Only looked at.
    reads: bool,
}

/// What the installer decided.
pub(crate) struct Fixed {
    pub(crate) declared: Arc<Declared>,
    /// Beside what is decided there.
    pub(crate) words: &'static str,
}

/// The words of what can be chosen.
pub(crate) struct Choices {
    pub(crate) languages: Vec<(String, String)>,
    pub(crate) ways: Vec<(String, String)>,
    pub(crate) protections: Vec<(String, String)>,
}

/// A test mail: on its way, or what came of it.
pub(crate) struct TrialLine {
    pub(crate) state: &'static str,
    pub(crate) words: String,
    pub(crate) is_waiting: bool,
}

/// What somebody else saved while the form was open.
struct Conflict {
    words: String,
    /// Each field that differs: its name, and what stands there now.
    now: Vec<(&'static str, String)>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    prova: Option<i64>,
}

impl Fixed {
    pub(crate) fn of(site: &Site, lang: Lang) -> Self {
        Self { declared: Arc::clone(&site.declared), words: t(lang, "settings.fixed") }
    }

    /// Whether a field of the form is decided by the installer.
    pub(crate) fn has(&self, field: &str) -> bool {
        settings::key_of(field).is_some_and(|key| self.declared.fixes(key))
    }
}

impl Choices {
    pub(crate) fn of(lang: Lang) -> Self {
        let ways = MailWay::ALL.map(|way| {
            let words = match way {
                MailWay::Smtp => t(lang, "settings.ways.smtp"),
                MailWay::Folder => t(lang, "settings.ways.folder"),
                MailWay::Off => t(lang, "settings.ways.off"),
            };
            (way.name().to_owned(), words.to_owned())
        });
        let protections = MailTls::ALL.map(|tls| {
            let words = match tls {
                MailTls::Tls => t(lang, "settings.tls.tls"),
                MailTls::Starttls => t(lang, "settings.tls.starttls"),
                MailTls::Opportunistic => t(lang, "settings.tls.opportunistic"),
                MailTls::Off => t(lang, "settings.tls.off"),
            };
            (tls.name().to_owned(), words.to_owned())
        });
        let languages = Lang::ALL.map(|lang| (lang.code().to_owned(), language_name(lang).to_owned()));
        Self { languages: languages.into(), ways: ways.into(), protections: protections.into() }
    }
}

/// What is shown beside the form of the mail server: the test that was asked for, if it is one of this person's.
pub(crate) async fn trial_line(
    rows: &mut Rows,
    id: Option<i64>,
    by: &salastampa_domain::Actor,
    lang: Lang,
) -> Result<Option<TrialLine>, Error> {
    let Some(id) = id else { return Ok(None) };
    let errand = rows.find_errand(ErrandId(id)).await?;
    let errand = errand.filter(|errand| matches!(errand.kind, ErrandKind::MailTest { .. }) && errand.by == *by);
    Ok(errand.map(|errand| match settings::trial_sentence(errand.result.as_deref(), lang) {
        None => TrialLine { state: "alert-info", words: t(lang, "settings.test.waiting").to_owned(), is_waiting: true },
        Some((done, words)) => {
            TrialLine { state: if done { "alert-success" } else { "alert-warning" }, words, is_waiting: false }
        }
    }))
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(page(&desk, asked.prova, None, Slips::default()).await)
}

/// The page over what holds, or over what was typed; after a test, over what is tried.
async fn page(
    desk: &Desk,
    trial: Option<i64>,
    over: Option<(Typed, Option<String>)>,
    slips: Slips,
) -> Result<SettingsPage, Error> {
    desk.must(Act::Inspect)?;
    let site = &desk.site;
    let mut rows = site.store.read().await?;
    let version = rows.find_settings().await?.map_or(0, |saved| saved.version);
    let now = Typed::of(&settings::current(&mut rows, &site.declared).await?);
    let has_password =
        rows.find_secret(settings::MAIL_PASSWORD).await?.is_some() || site.declared.fixes("smtp.password");
    let by = salastampa_acts::house::actor(&desk.user);
    let line = trial_line(&mut rows, trial.filter(|_| desk.may(Act::Administer)), &by, desk.lang).await?;
    let (typed, conflict) = match over {
        Some((typed, None)) => (typed, None),
        Some((typed, Some(words))) => {
            let now = differences(&typed, &now, desk.lang);
            (typed, Some(Conflict { words, now }))
        }
        None => match settings::trial(&mut rows, &site.house.key).await?.filter(|_| line.is_some()) {
            Some(tried) => (Typed { mail: tried.as_typed(), tried: true, ..now }, None),
            None => (now, None),
        },
    };
    Ok(SettingsPage {
        frame: desk.frame(desk.t("desk.menu.settings")),
        slips,
        version,
        fixed: Fixed::of(site, desk.lang),
        choices: Choices::of(desk.lang),
        roles: roles(&typed.second_factor, desk.lang),
        typed,
        has_password,
        trial: line,
        conflict,
        reads: !desk.may(Act::Administer),
    })
}

fn roles(chosen: &[Role], lang: Lang) -> Vec<(&'static str, &'static str, bool)> {
    Role::ALL.map(|role| (role.name(), role_words(lang, role), chosen.contains(&role))).into()
}

/// What stands there now where it differs from what was typed.
fn differences(typed: &Typed, now: &Typed, lang: Lang) -> Vec<(&'static str, String)> {
    let roles =
        |typed: &Typed| typed.second_factor.iter().map(|role| role_words(lang, *role)).collect::<Vec<_>>().join(", ");
    let pairs = [
        ("settings.office.name", &typed.office, &now.office),
        ("settings.office.town", &typed.town, &now.town),
        ("settings.office.province", &typed.province, &now.province),
        ("settings.office.contacts", &typed.contacts, &now.contacts),
        ("settings.mail.sender_name", &typed.mail.sender_name, &now.mail.sender_name),
        ("settings.mail.sender", &typed.mail.sender, &now.mail.sender),
        ("settings.mail.way", &typed.mail.mail, &now.mail.mail),
        ("settings.mail.host", &typed.mail.smtp_host, &now.mail.smtp_host),
        ("settings.mail.port", &typed.mail.smtp_port, &now.mail.smtp_port),
        ("settings.mail.user", &typed.mail.smtp_user, &now.mail.smtp_user),
        ("settings.safety.second_factor", &roles(typed), &roles(now)),
        ("settings.alerts.hours", &typed.alert_hours, &now.alert_hours),
        ("settings.alerts.cap", &typed.alert_cap, &now.alert_cap),
        ("web.footer.transparency", &typed.footer.transparency, &now.footer.transparency),
        ("web.footer.privacy", &typed.footer.privacy, &now.footer.privacy),
        ("web.footer.legal", &typed.footer.legal, &now.footer.legal),
        ("web.footer.accessibility", &typed.footer.accessibility, &now.footer.accessibility),
        ("newsroom.frame.faq", &typed.footer.faq, &now.footer.faq),
        ("newsroom.frame.report", &typed.footer.report, &now.footer.report),
        ("newsroom.frame.management", &typed.footer.management, &now.footer.management),
        ("newsroom.frame.services", &typed.footer.services, &now.footer.services),
        ("newsroom.frame.living", &typed.footer.living, &now.footer.living),
        ("newsroom.frame.personal", &typed.footer.personal, &now.footer.personal),
        ("settings.privacy.controller", &typed.controller, &now.controller),
        ("settings.privacy.dpo", &typed.dpo, &now.dpo),
    ];
    let differ = pairs.into_iter().filter(|(_, typed, now)| typed.trim() != now.trim());
    differ.map(|(key, _, now)| (t(lang, key), now.clone())).collect()
}

/// What was typed about sender and server.
pub(crate) fn typed_mail(fields: &Fields) -> TypedMail {
    let text = |name| fields.text(name).to_owned();
    TypedMail {
        sender_name: text("sender_name"),
        sender: text("sender"),
        mail: text("mail"),
        smtp_host: text("smtp_host"),
        smtp_port: text("smtp_port"),
        smtp_tls: text("smtp_tls"),
        smtp_user: text("smtp_user"),
        smtp_password: fields.raw("smtp_password").to_owned(),
    }
}

/// Sender and server over what holds: what the installer decided is not in the form.
pub(crate) fn mail_over(now: &TypedMail, fields: &Fields, fixed: &Fixed) -> TypedMail {
    let typed = typed_mail(fields);
    let pick = |field: &str, typed: String, now: &str| if fixed.has(field) { now.to_owned() } else { typed };
    TypedMail {
        sender_name: pick("sender_name", typed.sender_name, &now.sender_name),
        sender: pick("sender", typed.sender, &now.sender),
        mail: pick("mail", typed.mail, &now.mail),
        smtp_host: pick("smtp_host", typed.smtp_host, &now.smtp_host),
        smtp_port: pick("smtp_port", typed.smtp_port, &now.smtp_port),
        smtp_tls: pick("smtp_tls", typed.smtp_tls, &now.smtp_tls),
        smtp_user: pick("smtp_user", typed.smtp_user, &now.smtp_user),
        smtp_password: typed.smtp_password,
    }
}

/// One of the four forms over what holds.
async fn typed(desk: &Desk, fields: &Fields) -> Result<Typed, Error> {
    let site = &desk.site;
    let now = Typed::of(&settings::current(&mut site.store.read().await?, &site.declared).await?);
    let fixed = Fixed::of(site, desk.lang);
    let text = |name| fields.text(name).to_owned();
    // what the installer decided is not in the form
    let pick = |name: &str, now: &str| if fixed.has(name) { now.to_owned() } else { fields.text(name).to_owned() };
    Ok(match fields.text("part") {
        "office" => Typed {
            office: pick("office", &now.office),
            town: pick("town", &now.town),
            province: text("province"),
            contacts: pick("contacts", &now.contacts),
            language: pick("language", &now.language),
            ..now
        },
        "mail" => Typed {
            mail: mail_over(&now.mail, fields, &fixed),
            tried: fields.has("tried"),
            forget_password: fields.has("forget_password"),
            ..now
        },
        "safety" => Typed {
            one_person: fields.has("one_person"),
            second_factor: fields.all("second_factor").into_iter().filter_map(Role::parse).collect(),
            ..now
        },
        "alerts" => Typed { alert_hours: text("alert_hours"), alert_cap: text("alert_cap"), ..now },
        "footer" => Typed {
            footer: FooterLinks {
                transparency: text("transparency"),
                privacy: pick("privacy", &now.footer.privacy),
                legal: text("legal"),
                accessibility: text("accessibility"),
                faq: text("faq"),
                report: text("report"),
                management: text("management"),
                services: text("services"),
                living: text("living"),
                personal: text("personal"),
            },
            controller: pick("controller", &now.controller),
            dpo: pick("dpo", &now.dpo),
            subscriptions: fields.has("subscriptions"),
            ..now
        },
        _ => return Err(Error::Missing),
    })
}

async fn save(desk: Desk, fields: Fields) -> Response {
    let typed = match typed(&desk, &fields).await {
        Ok(typed) => typed,
        Err(error) => return desk.no_page(&error),
    };
    let (site, version) = (&desk.site, fields.value("version").unwrap_or_default());
    let saved = settings::save(
        &site.store,
        &site.house,
        &site.declared,
        &desk.user.login,
        version,
        &typed,
        desk.lang,
        desk.now,
    );
    match saved.await {
        Ok(_) => desk.go("/desk/impostazioni", desk.t("settings.saved")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, None, Some((typed, None)), Slips(slips)).await)
        }
        Err(salastampa_acts::Error::Denied(denied @ Denied::Changed { .. })) => {
            let words = denied.sentence(desk.lang);
            desk.again(page(&desk, None, Some((typed, Some(words))), Slips::default()).await)
        }
        Err(error) => desk.refused("/desk/impostazioni", &error).await,
    }
}

async fn try_mail(desk: Desk, fields: Fields) -> Response {
    let typed = match typed(&desk, &fields).await {
        Ok(typed) => typed,
        Err(error) => return desk.no_page(&error),
    };
    let site = &desk.site;
    let tried = settings::try_mail(
        &site.store,
        &site.house,
        &site.declared,
        &desk.user.login,
        &typed.mail,
        desk.lang,
        desk.now,
    );
    match tried.await {
        Ok(id) => see_other(&desk.href(&format!("/desk/impostazioni?prova={id}#posta"))),
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, None, Some((typed, None)), Slips(slips)).await)
        }
        Err(error) => desk.refused("/desk/impostazioni", &error).await,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_acts::Slip;
    let settings = salastampa_domain::Settings {
        office: "Comune <b>".into(),
        contacts: "</textarea><script>".into(),
        ..salastampa_domain::Settings::default()
    };
    let declared = Declared { keys: ["office.town".to_owned()].into(), settings: settings.clone() };
    let page = |reads: bool, slips, trial, conflict| SettingsPage {
        frame: Frame::sample(lang, t(lang, "desk.menu.settings"), "/desk/impostazioni"),
        slips,
        version: 3,
        typed: Typed { tried: !reads, ..Typed::of(&settings) },
        fixed: Fixed { declared: Arc::new(declared.clone()), words: t(lang, "settings.fixed") },
        choices: Choices::of(lang),
        roles: roles(&[Role::Admin], lang),
        has_password: true,
        trial,
        conflict,
        reads,
    };
    let slips = Slips(vec![Slip { field: "sender", sentence: t(lang, "settings.slips.address").to_owned() }]);
    let waiting = TrialLine { state: "alert-info", words: t(lang, "settings.test.waiting").into(), is_waiting: true };
    let conflict = Conflict { words: "<i>".into(), now: vec![(t(lang, "settings.office.name"), "<u>".into())] };
    let full = page(false, slips, Some(waiting), Some(conflict));
    let read = page(true, Slips::default(), None, None);
    [("settings", full), ("settings_read", read)]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}
