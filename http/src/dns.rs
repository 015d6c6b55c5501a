//! What the public says of a name: the questions that `check` asks about the office's own domain.
//!
//! Asked of the machine's own resolver, few and bounded in time. Left out: fetching (names of pages are resolved at the
//! moment of connecting, behind the guard) and trust: an answer is shown to a person and decides nothing.

use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::{RData, RecordType};
use std::net::IpAddr;
use std::time::Duration;

/// How long one server may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// So many values of one name are looked at.
const VALUES: usize = 50;

/// What stands at a name: nothing is an empty list; an error says why it could not be asked.
pub type Found = Result<Vec<String>, String>;

/// The machine's resolver.
pub struct Dns(TokioResolver);

impl Dns {
    /// By the settings of this machine.
    pub fn of_this_machine() -> Result<Self, String> {
        let mut builder = TokioResolver::builder_tokio().map_err(|why| why.to_string())?;
        let options = builder.options_mut();
        options.timeout = PATIENCE;
        options.attempts = 1;
        Ok(Self(builder.build().map_err(|why| why.to_string())?))
    }

    /// The texts at a name, each in one piece.
    pub async fn texts(&self, name: &str) -> Found {
        self.ask(name, RecordType::TXT).await
    }

    /// The servers that take mail for a domain.
    pub async fn mail_servers(&self, domain: &str) -> Found {
        self.ask(domain, RecordType::MX).await
    }

    /// The addresses of a name.
    pub async fn addresses(&self, name: &str) -> Found {
        let mut found = self.ask(name, RecordType::A).await?;
        found.extend(self.ask(name, RecordType::AAAA).await?);
        Ok(found)
    }

    /// The names of an address.
    pub async fn names(&self, address: IpAddr) -> Found {
        let answer = self.0.reverse_lookup(address).await;
        values(answer.map(|found| found.answers().iter().filter_map(|record| said(&record.data)).collect()))
    }

    async fn ask(&self, name: &str, what: RecordType) -> Found {
        // the dot says that it is the whole name, and nothing of this machine's is put behind it
        let answer = self.0.lookup(format!("{}.", name.trim_end_matches('.')), what).await;
        values(answer.map(|found| found.answers().iter().filter_map(|record| said(&record.data)).collect()))
    }
}

fn values(answer: Result<Vec<String>, NetError>) -> Found {
    match answer {
        Ok(mut found) => {
            found.truncate(VALUES);
            Ok(found)
        }
        Err(why) if why.is_nx_domain() || why.is_no_records_found() => Ok(Vec::new()),
        Err(why) => Err(why.to_string()),
    }
}

/// A value as text; other sorts than those that are asked for are passed over (an alias on the way).
fn said(data: &RData) -> Option<String> {
    let host = |name: &dyn std::fmt::Display| name.to_string().trim_end_matches('.').to_owned();
    match data {
        RData::TXT(text) => {
            let bytes: Vec<u8> = text.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        RData::MX(server) => Some(host(&server.exchange)),
        RData::PTR(name) => Some(host(&name.0)),
        RData::A(address) => Some(address.0.to_string()),
        RData::AAAA(address) => Some(address.0.to_string()),
        _ => None,
    }
}
