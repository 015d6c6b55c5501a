//! What the installer decides: `salastampa.toml` and the environment, read here and nowhere else.
//!
//! Every key has a default that works, so that an empty folder is enough to begin. Every key can be overridden by
//! `SALASTAMPA__SECTION__KEY`, or by `SALASTAMPA__SECTION__KEY_FILE` that names a file holding the value. An unknown key
//! is an error with its line: a slip of the pen must not be a silent default. Secrets never show in `Debug`.
//! Left out: what the office decides (readers, editions, watches, lists); that lives in the store.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

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
    /// How sources are visited.
    pub crawler: Crawler,
    /// How releases are approved.
    pub releases: Releases,
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
    /// Longest wait for one step of the dialogue, in seconds; 0 is what RFC 5321 §4.5.3.2 recommends.
    pub timeout: u64,
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

/// How releases are approved.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Releases {
    /// An office of one person: the author may approve, and each time it is logged.
    pub one_person: bool,
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
        Self { transport: TransportKind::Folder, folder: PathBuf::new() }
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
    /// Reads the file, if there is one, and the environment. `named` is a path that a person gave: it must exist.
    pub fn load(named: Option<&Path>) -> Result<Self, BadConfig> {
        let path = named.unwrap_or(Path::new("salastampa.toml"));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => String::new(),
            Err(e) => return Err(BadConfig(format!("{}: cannot be read ({e})", path.display()))),
        };
        #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
        let environment: Vec<(String, String)> = std::env::vars().collect();
        Self::read(&text, &path.display().to_string(), &environment)
    }

    /// The configuration of a text and of environment variables.
    fn read(text: &str, name: &str, environment: &[(String, String)]) -> Result<Self, BadConfig> {
        let declared: Self = toml::from_str(text).map_err(|e| BadConfig(misread(text, name, &e)))?;
        let defaults = table_of(&Self::default());
        // what the file says stays as it was read: only the keys that the environment names are laid over it
        let mut overlay: toml::Table = toml::from_str(text).unwrap_or_default();
        let mut overridden = false;
        for (variable, value) in environment {
            let Some(path) = variable.strip_prefix("SALASTAMPA__") else { continue };
            let (path, value) = match path.strip_suffix("_FILE") {
                Some(path) => {
                    let value = std::fs::read_to_string(value)
                        .map_err(|e| BadConfig(format!("{variable}: the file {value} cannot be read ({e})")))?;
                    (path, value.trim_end().to_owned())
                }
                None => (path, value.clone()),
            };
            let path = path.to_lowercase();
            let known = path
                .split_once("__")
                .and_then(|(section, key)| Some((section, key, defaults.get(section)?.as_table()?.get(key)?)));
            let Some((section, key, like)) = known else {
                return Err(BadConfig(format!("{variable}: there is no such setting")));
            };
            let value = typed(&value, like)
                .ok_or_else(|| BadConfig(format!("{variable}: {value:?} is not a {}", like.type_str())))?;
            let section = overlay.entry(section.to_owned()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let Some(table) = section.as_table_mut() {
                table.insert(key.to_owned(), value);
                overridden = true;
            }
        }
        let named = named(&overlay);
        let config: Self = if overridden {
            overlay.try_into().map_err(|e: toml::de::Error| BadConfig(format!("environment: {}", e.message())))?
        } else {
            declared
        };
        config.check().map_err(|what| BadConfig(format!("{name}: {what}")))?;
        Ok(Self { named, ..config })
    }

    /// The configuration of a text that is part of the program.
    ///
    /// # Errors
    /// The text is wrong.
    pub fn parse(text: &str, name: &str) -> Result<Self, BadConfig> {
        Self::read(text, name, &[])
    }

    fn check(&self) -> Result<(), String> {
        if !matches!(self.smtp.tls.as_str(), "off" | "opportunistic" | "starttls" | "tls") {
            return Err(format!("smtp.tls is {:?}: write off, opportunistic, starttls or tls", self.smtp.tls));
        }
        if !matches!(self.office.language.as_str(), "it" | "en") {
            return Err(format!("office.language is {:?}: write it or en", self.office.language));
        }
        if salastampa_domain::Address::parse(&self.office.sender).is_err() {
            return Err(format!(
                "office.sender is {:?}: write an address, such as stampa@comune.it",
                self.office.sender
            ));
        }
        let issuer = &self.oidc.issuer;
        if !issuer.is_empty() && (!issuer.starts_with("https://") || self.oidc.client_id.is_empty()) {
            return Err("oidc: write issuer with https:// and the client_id that the provider gave".into());
        }
        match url::Url::parse(&self.web.base_url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
            _ => {
                Err(format!("web.base_url is {:?}: write the address that people use, with http(s)", self.web.base_url))
            }
        }
    }

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

    /// How we name ourselves to the servers that we visit: one and the same everywhere, with a contact.
    pub fn user_agent(&self) -> String {
        let contact = if self.crawler.contact.is_empty() { &self.web.base_url } else { &self.crawler.contact };
        format!("SalaStampa/{} (+{contact})", env!("CARGO_PKG_VERSION"))
    }
}

/// Starts the log on standard error: lines for people on a terminal, JSON for a collector. `RUST_LOG` chooses how much.
#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
pub fn start_log() {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = std::env::var("RUST_LOG").unwrap_or_else(|_| {
        "info,html5ever=off,selectors=off,tantivy=warn,trafilatura=warn,libreadability=warn".into()
    });
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // a log that is already there stays
    let _ = if std::io::stderr().is_terminal() {
        log.with_target(false).try_init().is_ok()
    } else {
        log.json().try_init().is_ok()
    };
}

/// What is wrong with the text: file, line, key, and what to write. The value is not repeated, it may be a password.
fn misread(text: &str, name: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text.as_bytes()[..start].iter().filter(|b| **b == b'\n').count();
    let key = text.lines().nth(line).and_then(|l| l.split_once('=')).map_or_else(String::new, |(key, _)| {
        let key = key.trim();
        if error.message().contains(key) { String::new() } else { format!("{key}: ") }
    });
    let what = error.message();
    let remedy = match what {
        _ if what.contains("socket address") => "; write an address and a port up to 65535, such as \"127.0.0.1:8080\"",
        _ if what.contains("u16") => "; write a number up to 65535, without quotes",
        _ => "",
    };
    format!("{name}:{}: {key}{what}{remedy}", line + 1)
}

/// The keys of a table of sections.
fn named(table: &toml::Table) -> BTreeSet<String> {
    let keys = |(section, values): (&String, &toml::Value)| -> Vec<String> {
        values.as_table().map(|t| t.keys().map(|key| format!("{section}.{key}")).collect()).unwrap_or_default()
    };
    table.iter().flat_map(keys).collect()
}

fn table_of(config: &Config) -> toml::Table {
    toml::Table::try_from(config).expect("the configuration is made of tables, texts and numbers")
}

/// The text as a value of the same type as `like`.
fn typed(text: &str, like: &toml::Value) -> Option<toml::Value> {
    match like {
        toml::Value::Integer(_) => text.trim().parse().ok().map(toml::Value::Integer),
        toml::Value::Boolean(_) => text.trim().parse().ok().map(toml::Value::Boolean),
        // a list is written with commas
        toml::Value::Array(_) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Some(toml::Value::Array(parts.map(|part| toml::Value::String(part.to_owned())).collect()))
        }
        _ => Some(toml::Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
        let environment: Vec<_> = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::read(text, "salastampa.toml", &environment).map_err(|e| e.to_string())
    }

    #[test]
    fn nothing_configured_is_a_working_office() {
        let config = read("", &[]).expect("the defaults");
        assert_eq!(config.database_url(), "sqlite:data/salastampa.db");
        assert_eq!(config.mail.transport, TransportKind::Folder);
    }

    #[test]
    fn a_slip_of_the_pen_is_told_with_its_line() {
        let wrong = |text: &str| read(text, &[]).expect_err(text);
        assert!(wrong("[web]\nlisten = \"127.0.0.1:80800\"\n").starts_with("salastampa.toml:2: listen: "));
        assert!(wrong("[smtp]\nport = 70000\n").starts_with("salastampa.toml:2: port: "));
        assert!(!wrong("[smtp]\npassword = 4711\n").contains("password = "));
        assert!(wrong("[smtp]\nhots = \"x\"\n").contains("unknown field `hots`"));
        assert!(wrong("[smtp]\ntls = \"yes\"\n").contains("smtp.tls is \"yes\""));
        assert!(wrong("[office]\nsender = \"nobody\"\n").contains("office.sender"));
    }

    #[test]
    fn the_environment_overrides_each_key_and_hides_secrets() {
        let config = read(
            "[smtp]\nhost = \"a\"\nport = 26\n",
            &[
                ("SALASTAMPA__SMTP__PORT", "2525"),
                ("SALASTAMPA__SMTP__PASSWORD", "12345"),
                ("SALASTAMPA__WEB__LISTEN", "[::1]:9000"),
                ("SALASTAMPA_TEST_LONG", "1"),
                ("PATH", "/bin"),
            ],
        )
        .expect("a configuration");
        assert_eq!((config.smtp.host.as_str(), config.smtp.port), ("a", 2525));
        assert_eq!(config.smtp.password.reveal(), "12345");
        assert!(!format!("{config:?}").contains("12345"));
        assert_eq!(config.web.listen.port(), 9000);
        assert!(read("", &[("SALASTAMPA__SMTP__PROT", "1")]).expect_err("a slip").contains("no such setting"));
        assert!(read("", &[("SALASTAMPA__SMTP__PORT", "x")]).expect_err("no number").contains("is not a integer"));
    }
}
