//! The office as it stands now: its name, who its mail comes from, the way that mail leaves.
//!
//! What `salastampa.toml` or the environment names stands; the rest is decided at the desk and holds from the next piece
//! of work on, without a restart. Each process looks once a second whether the settings have another version, so that
//! several of them on one PostgreSQL agree.

use crate::config::{Config, Dkim, TransportKind};
use anyhow::{Context, Result};
use salastampa_acts::{House, settings};
use salastampa_domain::{Address, Declared, FooterLinks, MailServer, MailTls, MailWay, Settings};
use salastampa_locale::Lang;
use salastampa_mail::{Login, Phases, Sender, Signer, SmtpConfig, Tls, Transport};
use salastampa_store::Store;
use std::sync::Arc;
use std::time::Duration;

/// The office at one moment.
pub struct Office {
    /// The version of the settings that it was made from.
    pub version: i64,
    /// What acts know of it.
    pub house: Arc<House>,
    /// Who mail comes from.
    pub sender: Arc<Sender>,
    /// What signs it, where the relay does not.
    pub signers: Arc<[Signer]>,
    /// The way that mail leaves.
    pub transport: Arc<Transport>,
    /// Links at the foot of the public pages.
    pub footer: FooterLinks,
}

/// What the installer decided, and which of it is named in the file or the environment.
pub fn declared(config: &Config) -> Result<Declared> {
    let smtp = &config.smtp;
    let settings = Settings {
        office: config.office.name.clone(),
        town: config.office.town.clone(),
        contacts: config.office.contacts.clone(),
        language: config.office.language.clone(),
        sender_name: config.office.sender_name.clone(),
        sender: Some(Address::parse(&config.office.sender).context("office.sender")?),
        mail: match config.mail.transport {
            TransportKind::Folder => MailWay::Folder,
            TransportKind::Smtp => MailWay::Smtp,
            TransportKind::Off => MailWay::Off,
        },
        smtp: MailServer {
            host: smtp.host.clone(),
            port: smtp.port,
            tls: MailTls::parse(&smtp.tls).unwrap_or_default(),
            user: smtp.user.clone(),
        },
        one_person: config.releases.one_person,
        footer: FooterLinks { privacy: config.privacy.page.clone(), ..FooterLinks::default() },
        controller: config.privacy.controller.clone(),
        dpo: config.privacy.dpo.clone(),
        ..Settings::default()
    };
    Ok(Declared { keys: config.named.clone(), settings })
}

/// The office by what stands in the file and in the store.
pub async fn read(config: &Config, declared: &Declared, store: &Store, key: &[u8]) -> Result<Office> {
    let mut rows = store.read().await?;
    let saved = rows.find_settings().await?;
    let settings = declared.over(saved.as_ref().map(|saved| &saved.settings));
    let password = match declared.fixes("smtp.password") {
        true => config.smtp.password.reveal().to_owned(),
        false => settings::mail_password(&mut rows, key).await?,
    };
    let address = settings.sender.clone().context("the office has no sender address")?;
    let base_url = config.web.base_url.trim_end_matches('/').to_owned();
    let house = House {
        privacy: settings.privacy(),
        office: settings.office,
        town: settings.town,
        contacts: settings.contacts,
        sender: address.clone(),
        sender_name: settings.sender_name.clone(),
        base_url: base_url.clone(),
        lang: Lang::parse(&settings.language).unwrap_or_default(),
        key: key.to_vec(),
        one_person: settings.one_person,
        wide_watch: config.office.wide_watch,
        patron: month_and_day(&config.office.patron),
        alerts: settings.alerts,
        returns: Address::parse(&config.mail.returns).ok(),
        elections: config.elections(),
    };
    Ok(Office {
        version: saved.map_or(0, |saved| saved.version),
        transport: Arc::new(transport(config, settings.mail, &settings.smtp, password, &address)),
        signers: signers(config, &address)?.into(),
        sender: Arc::new(sender(settings.sender_name, address, base_url)),
        house: Arc::new(house),
        footer: settings.footer,
    })
}

/// The keys that sign mail from that address, in their order.
fn signers(config: &Config, address: &Address) -> Result<Vec<Signer>> {
    let read = |dkim: &Dkim| {
        let place = || format!("dkim.key {}", dkim.key.display());
        let pem = std::fs::read(&dkim.key).with_context(place)?;
        Signer::parse(address.domain(), &dkim.selector, &pem).with_context(place)
    };
    config.dkim.iter().map(read).collect()
}

/// Who mail comes from.
pub fn sender(name: String, address: Address, help: String) -> Sender {
    Sender { name, reply_to: address.clone(), list_host: address.domain().to_owned(), address, help }
}

/// The way that mail leaves.
pub fn transport(config: &Config, way: MailWay, server: &MailServer, password: String, sender: &Address) -> Transport {
    match way {
        MailWay::Off => Transport::Off,
        MailWay::Folder => Transport::Folder(config.mail_folder()),
        MailWay::Smtp => Transport::Smtp(Box::new(SmtpConfig {
            host: server.host.clone(),
            port: server.port,
            tls: match server.tls {
                MailTls::Off => Tls::Off,
                MailTls::Opportunistic => Tls::Opportunistic,
                MailTls::Starttls => Tls::StartTls,
                MailTls::Tls => Tls::Implicit,
            },
            login: (!server.user.is_empty()).then(|| Login { user: server.user.clone(), password }),
            helo: sender.domain().to_owned(),
            phases: match config.smtp.timeout {
                0 => Phases::default(),
                seconds => Phases::all(Duration::from_secs(seconds)),
            },
            ..SmtpConfig::new(&server.host, server.port)
        })),
    }
}

/// `09-08` as month and day; anything else is none.
pub(crate) fn month_and_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.trim().split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // a leap year has every day that a calendar can hold
    jiff::civil::Date::new(2028, month, day).ok().map(|_| (month, day))
}
