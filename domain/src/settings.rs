//! What the office decides about itself at the desk: its name, who its mail comes from, the way mail leaves, who needs a
//! second factor, the links that the law wants at the foot of the public pages.
//!
//! The installer may decide the same things in `salastampa.toml` or in the environment; what is named there stands and the
//! desk shows it read-only ([`Declared::over`]). So a machine that is kept by a configuration tool and one that is kept by
//! hand are the same program. Left out: the password of the mail server (it is sealed in a row of its own and never part of
//! this value), and whatever has a page of its own: readers, editions, watches, sources.

use crate::{Actor, Address, AlertHours, Privacy, Role, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the office decides about itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The body, such as `Comune di Bellariva sul Lago`.
    pub office: String,
    /// The town, as in a dateline.
    pub town: String,
    /// The province, such as `Lecco`.
    pub province: String,
    /// How journalists reach the press office; lines.
    pub contacts: String,
    /// `it` or `en`.
    pub language: String,
    /// Name in the From header.
    pub sender_name: String,
    /// Address in the From header; somebody reads it.
    pub sender: Option<Address>,
    /// The way that mail leaves.
    pub mail: MailWay,
    /// The server that it leaves through.
    pub smtp: MailServer,
    /// An office of one person: the author may approve, and each time it is logged.
    pub one_person: bool,
    /// Whoever wants may subscribe to releases on the newsroom.
    pub subscriptions: bool,
    /// The roles that cannot work without a second factor.
    pub second_factor: Vec<Role>,
    /// When alerts that can wait leave, and how many a day.
    pub alerts: AlertHours,
    /// Links at the foot of the public pages.
    pub footer: FooterLinks,
    /// *Titolare del trattamento*, as the notice of GDPR art. 14 names it.
    pub controller: String,
    /// How the *responsabile della protezione dei dati* is reached.
    pub dpo: String,
}

/// The ways that mail leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailWay {
    /// A file each, in the folder `mail`: for a look before the real thing.
    #[default]
    Folder,
    /// A mail server.
    Smtp,
    /// Not at all: it waits in the outbox.
    Off,
}

/// A mail server; without its password.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailTls,
    /// The login, if it asks for one.
    pub user: String,
}

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTls {
    /// Not at all: for a server on this machine.
    Off,
    /// STARTTLS if the server offers it.
    #[default]
    Opportunistic,
    /// STARTTLS, or no mail.
    Starttls,
    /// TLS from the first byte (port 465).
    Tls,
}

/// Addresses of pages that a public body must link to; what is empty is not shown.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FooterLinks {
    /// *Amministrazione trasparente* (D.lgs 33/2013).
    pub transparency: String,
    /// *Informativa privacy* (GDPR art. 13).
    pub privacy: String,
    /// *Note legali*.
    pub legal: String,
    /// *Dichiarazione di accessibilità* (L. 4/2004).
    pub accessibility: String,
    /// *Domande frequenti*.
    pub faq: String,
    /// *Segnalazione disservizio*.
    pub report: String,
    /// *Amministrazione*, a section of the municipality's site.
    pub management: String,
    /// *Servizi*, likewise.
    pub services: String,
    /// *Vivere il Comune*, likewise.
    pub living: String,
    /// *Area personale*, likewise.
    pub personal: String,
}

/// Settings as they stand in the store.
#[derive(Clone, PartialEq, Debug)]
pub struct SavedSettings {
    /// 1, 2, …: a form that was filled over an older one is not taken.
    pub version: i64,
    /// When they were saved.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What they say.
    pub settings: Settings,
}

/// What the installer decided: the settings of `salastampa.toml` and the environment, and which of them are named there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Declared {
    /// The keys that are named, such as `office.name` or `smtp.password`.
    pub keys: BTreeSet<String>,
    /// The values; where a key is not named, the default.
    pub settings: Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            office: "Comune".into(),
            town: "Comune".into(),
            province: String::new(),
            contacts: String::new(),
            language: "it".into(),
            sender_name: "Ufficio stampa".into(),
            sender: None,
            mail: MailWay::Folder,
            smtp: MailServer::default(),
            one_person: false,
            subscriptions: false,
            second_factor: vec![Role::Chief, Role::Admin],
            alerts: AlertHours::default(),
            footer: FooterLinks::default(),
            controller: String::new(),
            dpo: String::new(),
        }
    }
}

impl Settings {
    /// What the notice of GDPR art. 14 says of the office.
    pub fn privacy(&self) -> Privacy {
        Privacy { controller: self.controller.clone(), dpo: self.dpo.clone(), page: self.footer.privacy.clone() }
    }
}

impl Default for MailServer {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), port: 25, tls: MailTls::default(), user: String::new() }
    }
}

impl MailWay {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Smtp, Self::Folder, Self::Off];

    /// Its name in files and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Smtp => "smtp",
            Self::Off => "off",
        }
    }

    /// The way of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

impl MailTls {
    /// Every protection, the strictest first.
    pub const ALL: [Self; 4] = [Self::Tls, Self::Starttls, Self::Opportunistic, Self::Off];

    /// Its name in files and forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Opportunistic => "opportunistic",
            Self::Starttls => "starttls",
            Self::Tls => "tls",
        }
    }

    /// The protection of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tls| tls.name() == name)
    }
}

impl Declared {
    /// Whether the installer decided this.
    pub fn fixes(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// The settings that hold: what is named by the installer, else what the desk says, else the default.
    pub fn over(&self, desk: Option<&Settings>) -> Settings {
        let Some(desk) = desk else { return self.settings.clone() };
        let fixed = &self.settings;
        let pick =
            |key: &str, fixed: &str, desk: &str| if self.fixes(key) { fixed.to_owned() } else { desk.to_owned() };
        let smtp = MailServer {
            host: pick("smtp.host", &fixed.smtp.host, &desk.smtp.host),
            port: if self.fixes("smtp.port") { fixed.smtp.port } else { desk.smtp.port },
            tls: if self.fixes("smtp.tls") { fixed.smtp.tls } else { desk.smtp.tls },
            user: pick("smtp.user", &fixed.smtp.user, &desk.smtp.user),
        };
        Settings {
            office: pick("office.name", &fixed.office, &desk.office),
            town: pick("office.town", &fixed.town, &desk.town),
            contacts: pick("office.contacts", &fixed.contacts, &desk.contacts),
            language: pick("office.language", &fixed.language, &desk.language),
            sender_name: pick("office.sender_name", &fixed.sender_name, &desk.sender_name),
            sender: if self.fixes("office.sender") || desk.sender.is_none() { &fixed.sender } else { &desk.sender }
                .clone(),
            mail: if self.fixes("mail.transport") { fixed.mail } else { desk.mail },
            smtp,
            one_person: if self.fixes("releases.one_person") { fixed.one_person } else { desk.one_person },
            controller: pick("privacy.controller", &fixed.controller, &desk.controller),
            dpo: pick("privacy.dpo", &fixed.dpo, &desk.dpo),
            footer: FooterLinks {
                privacy: pick("privacy.page", &fixed.footer.privacy, &desk.footer.privacy),
                ..desk.footer.clone()
            },
            ..desk.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_installer_names_stands_and_the_rest_is_the_desks() {
        let declared = Declared {
            keys: ["office.name", "smtp.port"].map(str::to_owned).into(),
            settings: Settings {
                office: "Comune di Bellariva".into(),
                smtp: MailServer { port: 587, ..MailServer::default() },
                ..Settings::default()
            },
        };
        let desk = Settings {
            office: "Un altro nome".into(),
            town: "Bellariva sul Lago".into(),
            mail: MailWay::Smtp,
            smtp: MailServer { host: "posta.bellariva.test".into(), port: 25, ..MailServer::default() },
            ..Settings::default()
        };
        let holds = declared.over(Some(&desk));
        assert_eq!((holds.office.as_str(), holds.town.as_str()), ("Comune di Bellariva", "Bellariva sul Lago"));
        assert_eq!((holds.smtp.host.as_str(), holds.smtp.port), ("posta.bellariva.test", 587));
        assert_eq!(holds.mail, MailWay::Smtp);
        assert_eq!(declared.over(None), declared.settings);
    }

    #[test]
    fn settings_of_an_older_program_read() {
        let read: Settings =
            serde_json::from_str(r#"{"office":"Comune di Maresio"}"#).expect("what is absent is default");
        assert_eq!(read.second_factor, [Role::Chief, Role::Admin]);
        assert_eq!(read.smtp.port, 25);
    }
}
