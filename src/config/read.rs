//! Reads `salastampa.toml` and the environment, here and nowhere else, and says what is wrong with them.
//!
//! Every key of the file can be overridden by `SALASTAMPA__SECTION__KEY`, or by `SALASTAMPA__SECTION__KEY_FILE` that names
//! a file holding the value. An unknown key is an error with its line: a slip of the pen must not be a silent default.
//! Left out: what the keys mean and their defaults (`super`), and what the desk may decide beside them (`office`).

use super::{BadConfig, Config};
use std::collections::BTreeSet;
use std::path::Path;

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
        if !self.mail.returns.is_empty() && !is_short_address(&self.mail.returns) {
            return Err(format!(
                "mail.returns is {:?}: write an address such as b@comune.it, with at most 22 plain letters before the @",
                self.mail.returns
            ));
        }
        for election in &self.releases.elections {
            let last = election.runoff.map_or(election.to, |runoff| runoff.to);
            if election.name.trim().is_empty() || election.to < election.from || last < election.to {
                return Err(format!(
                    "releases.elections: {:?} needs a name, and from, to and runoff in this order",
                    election.name
                ));
            }
        }
        let page = &self.privacy.page;
        if !page.is_empty() && !url::Url::parse(page).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            return Err(format!("privacy.page is {page:?}: write the address of a page, with http(s)"));
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
}

/// Whether a token fits into the address: 64 octets before the @ (RFC 5321 §4.5.3.1.1), 42 of them for `+` and token.
fn is_short_address(text: &str) -> bool {
    let local = text.rsplit_once('@').map_or(0, |(local, _)| local.len());
    salastampa_domain::Address::parse(text).is_ok_and(|address| address.as_str().is_ascii()) && local <= 22
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
    use crate::config::TransportKind;

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
        for bad in ["b", "b@x", "rimbalzi-dell-ufficio-stampa@comune.test", "è@comune.test"] {
            assert!(wrong(&format!("[mail]\nreturns = \"{bad}\"\n")).contains("mail.returns"), "{bad}");
        }
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
