//! What the office decides about itself at the desk (*Impostazioni*), and a mail that tries the way out before it counts.
//!
//! A form gives texts; [`read`] makes [`Settings`] of them or tells what is wrong with each field. What the installer has
//! decided is not the desk's and stays as it is, whatever a form says. The password of the mail server is sealed
//! ([`crate::seal`]) and stands in no line of the log. A trial is left for the one process that may use the network, with
//! what is typed and not yet saved; it goes to the person who asks and to nobody else.

mod trial;

pub use trial::{Trial, trial, trial_sentence, try_mail};
pub(crate) use trial::{leave_trial, trial_of};

use crate::house::{actor, allowed};
use crate::{Denied, House, Result, Slip, seal};
use jiff::civil::Time;
use salastampa_domain::{Act, Actor, Address, Declared, FooterLinks, MailTls, MailWay, Role, Settings, Timestamp};
use salastampa_locale::{Lang, t};
use salastampa_store::{Rows, Store, Write};
use serde::{Deserialize, Serialize};

/// Under this name the password of the mail server is sealed.
pub const MAIL_PASSWORD: &str = "smtp";
/// Longest line of a form, in characters.
const LONGEST: usize = 200;

/// What was typed about the mail server and the sender.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedMail {
    /// Name in the From header.
    pub sender_name: String,
    /// Address in the From header.
    pub sender: String,
    /// The way that mail leaves.
    pub mail: String,
    /// The server.
    pub smtp_host: String,
    /// Its port.
    pub smtp_port: String,
    /// How the connection is protected.
    pub smtp_tls: String,
    /// The login.
    pub smtp_user: String,
    /// The password; empty leaves the one that is there.
    pub smtp_password: String,
}

/// What was typed into the form of the settings.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// The body.
    pub office: String,
    /// The town.
    pub town: String,
    /// The province.
    pub province: String,
    /// How journalists reach the office.
    pub contacts: String,
    /// `it` or `en`.
    pub language: String,
    /// Sender and server.
    pub mail: TypedMail,
    /// The password that was tried last is the one to keep.
    pub tried: bool,
    /// Forget the password of the mail server.
    pub forget_password: bool,
    /// An office of one person.
    pub one_person: bool,
    /// Whoever wants may subscribe on the newsroom.
    pub subscriptions: bool,
    /// The roles that need a second factor.
    pub second_factor: Vec<Role>,
    /// When batches of alerts leave, such as `10:00, 13:00`.
    pub alert_hours: String,
    /// Alert mails a reader and day.
    pub alert_cap: String,
    /// The links at the foot.
    pub footer: FooterLinks,
    /// The controller of personal data.
    pub controller: String,
    /// How the data protection officer is reached.
    pub dpo: String,
}

impl TypedMail {
    /// The fields of a form over what holds.
    pub fn of(settings: &Settings) -> Self {
        Self {
            sender_name: settings.sender_name.clone(),
            sender: settings.sender.as_ref().map(ToString::to_string).unwrap_or_default(),
            mail: settings.mail.name().to_owned(),
            smtp_host: settings.smtp.host.clone(),
            smtp_port: settings.smtp.port.to_string(),
            smtp_tls: settings.smtp.tls.name().to_owned(),
            smtp_user: settings.smtp.user.clone(),
            smtp_password: String::new(),
        }
    }
}

impl Typed {
    /// The fields of a form over what holds.
    pub fn of(settings: &Settings) -> Self {
        Self {
            office: settings.office.clone(),
            town: settings.town.clone(),
            province: settings.province.clone(),
            contacts: settings.contacts.clone(),
            language: settings.language.clone(),
            mail: TypedMail::of(settings),
            tried: false,
            forget_password: false,
            one_person: settings.one_person,
            subscriptions: settings.subscriptions,
            second_factor: settings.second_factor.clone(),
            alert_hours: settings
                .alerts
                .hours
                .iter()
                .map(|time| format!("{:02}:{:02}", time.hour(), time.minute()))
                .collect::<Vec<_>>()
                .join(", "),
            alert_cap: settings.alerts.cap.to_string(),
            footer: settings.footer.clone(),
            controller: settings.controller.clone(),
            dpo: settings.dpo.clone(),
        }
    }
}

/// The settings that hold now.
///
/// # Errors
/// The store fails.
pub async fn current(rows: &mut Rows, declared: &Declared) -> Result<Settings> {
    Ok(declared.over(rows.find_settings().await?.as_ref().map(|saved| &saved.settings)))
}

/// The password of the mail server that was typed at the desk; empty where there is none.
///
/// # Errors
/// The store fails.
pub async fn mail_password(rows: &mut Rows, key: &[u8]) -> Result<String> {
    let sealed = rows.find_secret(MAIL_PASSWORD).await?;
    Ok(sealed.and_then(|sealed| seal::open(key, MAIL_PASSWORD, &sealed)).unwrap_or_default())
}

/// Saves what was typed over the settings of that version; gives the new version.
///
/// # Errors
/// [`Denied::Form`] with each field that cannot be taken; [`Denied::Changed`] if somebody saved in the meantime.
pub async fn save(
    store: &Store,
    house: &House,
    declared: &Declared,
    login: &str,
    version: i64,
    typed: &Typed,
    lang: Lang,
    now: Timestamp,
) -> Result<i64> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Administer).await?;
    let before = write.find_settings().await?;
    if let Some(saved) = before.as_ref().filter(|saved| saved.version != version) {
        return Err(Denied::Changed { by: name_of(&mut write, &saved.by).await?, at: saved.at }.into());
    }
    let before = before.map(|saved| saved.settings);
    let base = declared.over(before.as_ref());
    let settings = read(typed, &base, declared, lang).map_err(Denied::Form)?;
    let secret = keep_password(&mut write, house, typed).await?;
    let version = write.record_settings(&settings, &actor(&user), now).await?;
    let was = serde_json::to_string(&base).map_err(anyhow::Error::from)?;
    let mut is = serde_json::to_value(&settings).map_err(anyhow::Error::from)?;
    if let (Some(how), Some(is)) = (secret, is.as_object_mut()) {
        is.insert("mail_password".into(), how.into());
    }
    let is = is.to_string();
    write.record_event(now, &actor(&user), "settings.save", "settings", Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(version)
}

/// What was typed as settings, over what holds; or what is wrong with each field. What the installer decided stays.
pub fn read(
    typed: &Typed,
    base: &Settings,
    declared: &Declared,
    lang: Lang,
) -> std::result::Result<Settings, Vec<Slip>> {
    let mut slips = Vec::new();
    let mut settings = base.clone();
    settings.office = line(&typed.office, "office", true, lang, &mut slips);
    settings.town = line(&typed.town, "town", true, lang, &mut slips);
    settings.province = line(&typed.province, "province", false, lang, &mut slips);
    settings.contacts = typed.contacts.trim().to_owned();
    if typed.contacts.chars().count() > 5 * LONGEST {
        slips.push(slip(lang, "contacts", "settings.slips.too_long"));
    }
    match Lang::parse(&typed.language) {
        Some(language) => settings.language = language.code().to_owned(),
        None => slips.push(slip(lang, "language", "settings.slips.language")),
    }
    read_mail(&typed.mail, &mut settings, lang, &mut slips);
    settings.one_person = typed.one_person;
    settings.subscriptions = typed.subscriptions;
    settings.second_factor = Role::ALL.into_iter().filter(|role| typed.second_factor.contains(role)).collect();
    match hours(&typed.alert_hours) {
        Some(hours) => settings.alerts.hours = hours,
        None => slips.push(slip(lang, "alert_hours", "settings.slips.alert_hours")),
    }
    match typed.alert_cap.trim().parse() {
        Ok(cap @ 1..=200) => settings.alerts.cap = cap,
        _ => slips.push(slip(lang, "alert_cap", "settings.slips.alert_cap")),
    }
    let links = &typed.footer;
    settings.footer = FooterLinks {
        transparency: link(&links.transparency, "transparency", lang, &mut slips),
        privacy: link(&links.privacy, "privacy", lang, &mut slips),
        legal: link(&links.legal, "legal", lang, &mut slips),
        accessibility: link(&links.accessibility, "accessibility", lang, &mut slips),
        faq: link(&links.faq, "faq", lang, &mut slips),
        report: link(&links.report, "report", lang, &mut slips),
        management: link(&links.management, "management", lang, &mut slips),
        services: link(&links.services, "services", lang, &mut slips),
        living: link(&links.living, "living", lang, &mut slips),
        personal: link(&links.personal, "personal", lang, &mut slips),
    };
    settings.controller = line(&typed.controller, "controller", false, lang, &mut slips);
    settings.dpo = line(&typed.dpo, "dpo", false, lang, &mut slips);
    // a field that is not the desk's cannot be wrong here
    slips.retain(|slip| !key_of(slip.field).is_some_and(|key| declared.fixes(key)));
    if slips.is_empty() { Ok(declared.over(Some(&settings))) } else { Err(slips) }
}

/// Hours of the clock as people write them, in order and each once; at least one and at most 24.
fn hours(text: &str) -> Option<Vec<Time>> {
    let parts = text.split(|c: char| c.is_whitespace() || ",;".contains(c)).filter(|part| !part.is_empty());
    let mut hours = Vec::new();
    for part in parts {
        let (hour, minute) = part.split_once([':', '.']).unwrap_or((part, "0"));
        hours.push(Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?);
    }
    hours.sort_unstable();
    hours.dedup();
    (1..=24).contains(&hours.len()).then_some(hours)
}

/// The key of `salastampa.toml` that decides a field of the form, if there is one.
pub fn key_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "office" => "office.name",
        "town" => "office.town",
        "contacts" => "office.contacts",
        "language" => "office.language",
        "sender_name" => "office.sender_name",
        "sender" => "office.sender",
        "mail" => "mail.transport",
        "smtp_host" => "smtp.host",
        "smtp_port" => "smtp.port",
        "smtp_tls" => "smtp.tls",
        "smtp_user" => "smtp.user",
        "smtp_password" => "smtp.password",
        "one_person" => "releases.one_person",
        "controller" => "privacy.controller",
        "dpo" => "privacy.dpo",
        "privacy" => "privacy.page",
        _ => return None,
    })
}

/// Reads sender and server into the settings.
pub(crate) fn read_mail(typed: &TypedMail, settings: &mut Settings, lang: Lang, slips: &mut Vec<Slip>) {
    settings.sender_name = line(&typed.sender_name, "sender_name", true, lang, slips);
    match Address::parse(&typed.sender) {
        Ok(address) => settings.sender = Some(address),
        Err(_) => slips.push(slip(lang, "sender", "settings.slips.address")),
    }
    match MailWay::parse(&typed.mail) {
        Some(way) => settings.mail = way,
        None => slips.push(slip(lang, "mail", "settings.slips.choose")),
    }
    let by_server = settings.mail == MailWay::Smtp;
    settings.smtp.host = line(&typed.smtp_host, "smtp_host", by_server, lang, slips);
    if settings.smtp.host.contains(|c: char| c.is_whitespace() || "/:@".contains(c)) {
        slips.push(slip(lang, "smtp_host", "settings.slips.host"));
    }
    match typed.smtp_port.trim().parse() {
        Ok(port) if port > 0 => settings.smtp.port = port,
        _ if typed.smtp_port.trim().is_empty() && !by_server => {}
        _ => slips.push(slip(lang, "smtp_port", "settings.slips.port")),
    }
    match MailTls::parse(&typed.smtp_tls) {
        Some(tls) => settings.smtp.tls = tls,
        None => slips.push(slip(lang, "smtp_tls", "settings.slips.choose")),
    }
    settings.smtp.user = line(&typed.smtp_user, "smtp_user", false, lang, slips);
}

/// One line of text, without what a mail header or a page title could stumble over.
pub(crate) fn line(text: &str, field: &'static str, needed: bool, lang: Lang, slips: &mut Vec<Slip>) -> String {
    let text = text.trim();
    if needed && text.is_empty() {
        slips.push(slip(lang, field, "settings.slips.empty"));
    } else if text.chars().count() > LONGEST {
        slips.push(slip(lang, field, "settings.slips.too_long"));
    } else if text.chars().any(char::is_control) {
        slips.push(slip(lang, field, "settings.slips.one_line"));
    }
    text.to_owned()
}

fn link(text: &str, field: &'static str, lang: Lang, slips: &mut Vec<Slip>) -> String {
    let text = text.trim();
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    let is_whole =
        text.len() <= 2_000 && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>".contains(c));
    let is_good = text.is_empty() || (is_address && is_whole);
    if !is_good {
        slips.push(slip(lang, field, "settings.slips.link"));
    }
    text.to_owned()
}

/// A field that cannot be taken, in the words of that key.
pub(crate) fn slip(lang: Lang, field: &'static str, key: &'static str) -> Slip {
    Slip { field, sentence: t(lang, key).to_owned() }
}

/// Keeps or forgets the password of the mail server; says which, for the log.
async fn keep_password(write: &mut Write, house: &House, typed: &Typed) -> Result<Option<&'static str>> {
    if typed.forget_password {
        write.remove_secret(MAIL_PASSWORD).await?;
        return Ok(Some("forgotten"));
    }
    let mut password = typed.mail.smtp_password.clone();
    if password.is_empty() && typed.tried {
        password = trial(write, &house.key).await?.map(|trial| trial.password).unwrap_or_default();
    }
    if password.is_empty() {
        return Ok(None);
    }
    write.record_secret(MAIL_PASSWORD, &seal::seal(&house.key, MAIL_PASSWORD, &password)?).await?;
    Ok(Some("set"))
}

/// How somebody is called who did something.
pub(crate) async fn name_of(rows: &mut Rows, who: &Actor) -> Result<String> {
    Ok(match who {
        Actor::User { id } => rows.find_user_by_id(*id).await?.map_or_else(|| format!("#{id}"), |user| user.name),
        Actor::Job { name } => name.clone(),
        Actor::Link { .. } | Actor::Console => "salastampa".to_owned(),
    })
}
