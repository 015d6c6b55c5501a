//! What the installer decides: `salastampa.toml` and the environment, as values.
//!
//! Every key has a default that works, so that an empty folder is enough to begin. Secrets never show in `Debug`.
//! Left out: how the values are read and what is refused (`read`); what the office decides (readers, editions, watches,
//! lists), which lives in the store.

mod read;

pub use read::start_log;

use salastampa_domain::Election;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// All that is configured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Who the office is.
    pub office: Office,
    /// Where things lie.
    pub data: Data,
    /// The pages.
    pub web: Web,
    /// How mail leaves.
    pub mail: Mail,
    /// The server that mail leaves through.
    pub smtp: Smtp,
    /// Keys that sign mail, where the relay does not.
    pub dkim: Vec<Dkim>,
    /// How sources are visited.
    pub crawler: Crawler,
    /// How telephones are notified.
    pub push: Push,
    /// How releases are approved.
    pub releases: Releases,
    /// Who answers for personal data.
    pub privacy: Privacy,
    /// A directory through which people may log in too.
    pub oidc: Oidc,
    /// The keys that the file or the environment names, such as `office.name`: the desk may not decide those.
    #[serde(skip)]
    pub named: BTreeSet<String>,
}

/// Who the office is: printed on everything that leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Office {
    /// The body, such as `Comune di Bellariva sul Lago`.
    pub name: String,
    /// The town, as in a dateline.
    pub town: String,
    /// Name in the From header.
    pub sender_name: String,
    /// Address in the From header; a mailbox that somebody reads.
    pub sender: String,
    /// Phone and mail of the press office, for journalists.
    pub contacts: String,
    /// `it` or `en`.
    pub language: String,
    /// Articles a day beyond which a watch is called too wide when it is tried.
    pub wide_watch: u32,
    /// The day of the town's patron, on which little is printed: `MM-DD`; empty is none.
    pub patron: String,
}

/// Where things lie.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// The data folder: database, files, mail, index.
    pub folder: PathBuf,
    /// `sqlite:PATH` or `postgres://…`; empty is SQLite in the data folder.
    pub database: String,
    /// The declared sources.
    pub feeds: PathBuf,
    /// The searchable archive; empty is `index` in the data folder.
    pub index: PathBuf,
}

/// The pages.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// Where metrics are served; never the open network.
    pub metrics: SocketAddr,
    /// The address that people use, with its path; links in mails begin with it.
    pub base_url: String,
    /// Addresses of proxies in front of the program: their word on where a request came from is taken.
    pub trusted_proxies: Vec<IpAddr>,
}

/// How mail leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `folder`, `smtp` or `off`.
    pub transport: TransportKind,
    /// Where `folder` writes; empty is `mail` in the data folder.
    pub folder: PathBuf,
    /// An address such as `b@comune.it` whose mail, and that of all `b+…@`, goes to `salastampa receive`: then each message
    /// leaves under an address of its own there, and what comes back is known by it. Empty is the office's own address.
    pub returns: String,
}

/// The ways that mail leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportKind {
    /// A file each, in a folder.
    Folder,
    /// An SMTP server.
    Smtp,
    /// Not at all: it stays in the outbox.
    Off,
}

/// The server that mail leaves through.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `off`, `opportunistic`, `starttls` or `tls`.
    pub tls: String,
    /// The login, if it asks for one.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// Connections at a time.
    pub connections: usize,
    /// Messages a minute of releases, withdrawals and notices; 0 is as fast as the server takes them. Alerts and reviews
    /// are not held back.
    pub per_minute: u32,
    /// The same to one domain.
    pub per_domain: u32,
    /// The log of a mail server on this machine, such as `/var/log/mail.log`: what it says of a message whose fate is
    /// unknown is believed. Empty is none.
    pub log: PathBuf,
    /// Longest wait for one step of the dialogue, in seconds; 0 is what RFC 5321 §4.5.3.2 recommends.
    pub timeout: u64,
}

/// A key that signs mail from the office's domain (DKIM).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// The name before `._domainkey.` under which its other half stands in the DNS.
    pub selector: String,
    /// The private key in PEM: RSA of at least 2048 bits, or Ed25519. RSA is named first.
    pub key: PathBuf,
}

/// How sources are visited.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Crawler {
    /// Address that tells webmasters who visits them; empty is `web.base_url`.
    pub contact: String,
    /// Visits at a time, each to another host.
    pub visits: usize,
    /// Let the hubs that feeds name tell us of news (WebSub). They must reach `web.base_url` from the public network.
    pub websub: bool,
    /// Seconds for a whole answer, redirects included; at least one.
    pub timeout: u64,
    /// Names that are answered from here and never asked of the network; only they may lead to this machine. For trying
    /// the program on an invented press.
    pub hosts: BTreeMap<String, SocketAddr>,
}

/// How telephones are notified.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// Notification servers inside the network of the office, by the name or address that stands in the readers' topics.
    /// They are reached at any port, by notifications alone; nothing else inside is reached.
    pub hosts: Vec<String>,
}

/// How releases are approved.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Releases {
    /// An office of one person: the author may approve, and each time it is logged. Not in election time.
    pub one_person: bool,
    /// Elections in whose time the rules of par condicio hold, beside those that the office enters at the desk: `name`,
    /// `from` and `to` as `2027-04-15`, and where need be `kind`, `closes` and `runoff`.
    pub elections: Vec<Election>,
}

/// Who answers for the personal data of journalists: what the notice of GDPR art. 14 must name. It goes out with the first
/// mail to a journalist, and not before all three are filled in, here or at the desk.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// The controller (*titolare*) with address, such as `Comune di Bellariva, piazza del Porto 1`.
    pub controller: String,
    /// How the data protection officer (*RPD*) is reached.
    pub dpo: String,
    /// Address of the whole notice (*informativa*), which stands at the foot of the public pages too.
    pub page: String,
}

/// A directory (OpenID Connect) through which people may log in too: Entra, Google, Keycloak. It opens the door to who is
/// a user here already, and makes nobody. At the provider, register `<web.base_url>/desk/oidc/ritorno` as the one address
/// to come back to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Oidc {
    /// Its address, with https; empty is no directory. It must be reachable in the public network.
    pub issuer: String,
    /// The name under which it knows this program.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: Secret,
    /// What is asked for.
    pub scopes: String,
    /// The claim that names a person: `email` is compared with the users' addresses, any other with their logins.
    pub claim: String,
    /// Only addresses of this domain; empty is any.
    pub domain: String,
    /// What the button of the login page says.
    pub label: String,
}

/// A value that is never shown.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value, for the one who needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "(hidden)" })
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str("")
    }
}

impl Default for Office {
    fn default() -> Self {
        Self {
            name: "Comune".into(),
            town: "Comune".into(),
            sender_name: "Ufficio stampa".into(),
            sender: "stampa@ufficio.invalid".into(),
            contacts: String::new(),
            language: "it".into(),
            wide_watch: 50,
            patron: String::new(),
        }
    }
}

impl Default for Data {
    fn default() -> Self {
        Self { folder: "data".into(), database: String::new(), feeds: "feeds.toml".into(), index: PathBuf::new() }
    }
}

impl Default for Web {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics: SocketAddr::from(([127, 0, 0, 1], 9187)),
            base_url: "http://127.0.0.1:8080".into(),
            trusted_proxies: Vec::new(),
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self { transport: TransportKind::Folder, folder: PathBuf::new(), returns: String::new() }
    }
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".into(),
            port: 25,
            tls: "opportunistic".into(),
            user: String::new(),
            password: Secret::default(),
            connections: 4,
            per_minute: 0,
            per_domain: 0,
            log: PathBuf::new(),
            timeout: 0,
        }
    }
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: Secret::default(),
            scopes: "openid email profile".into(),
            claim: "email".into(),
            domain: String::new(),
            label: "Entra con l'identità dell'ente".into(),
        }
    }
}

impl Default for Crawler {
    fn default() -> Self {
        Self { contact: String::new(), visits: 8, websub: false, timeout: 20, hosts: BTreeMap::new() }
    }
}

/// Why the configuration cannot be used: a sentence that names the place and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadConfig(String);

impl Config {
    /// The database's address.
    pub fn database_url(&self) -> String {
        if self.data.database.is_empty() {
            format!("sqlite:{}", self.data.folder.join("salastampa.db").display())
        } else {
            self.data.database.clone()
        }
    }

    /// The folder of the searchable archive.
    pub fn index_folder(&self) -> PathBuf {
        if self.data.index.as_os_str().is_empty() { self.data.folder.join("index") } else { self.data.index.clone() }
    }

    /// The folder that mail is written to.
    pub fn mail_folder(&self) -> PathBuf {
        if self.mail.folder.as_os_str().is_empty() { self.data.folder.join("mail") } else { self.mail.folder.clone() }
    }

    /// The elections of the file, each with a name in addresses.
    pub fn elections(&self) -> Vec<Election> {
        let mut taken = Vec::new();
        let named = self.releases.elections.iter().cloned().map(|election| {
            let slug = salastampa_acts::desk::slug(&election.name, &taken);
            taken.push(slug.clone());
            Election { slug, ..election }
        });
        named.collect()
    }

    /// How we name ourselves to the servers that we visit: one and the same everywhere, with a contact.
    pub fn user_agent(&self) -> String {
        let contact = if self.crawler.contact.is_empty() { &self.web.base_url } else { &self.crawler.contact };
        format!("SalaStampa/{} (+{contact})", env!("CARGO_PKG_VERSION"))
    }
}
