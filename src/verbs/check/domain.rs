//! Whether those who receive the office's mail will believe that it is the office's: what the DNS says of its domain.

use crate::app::App;
use salastampa_http::dns::{Dns, Found};
use salastampa_locale::{Lang, fill};
use salastampa_mail::Transport;
use salastampa_mail::standing::{Finding, Records, look_over};
use std::net::IpAddr;

/// Names that are nobody's (RFC 6761): nothing is asked about them.
const RESERVED: [&str; 4] = ["test", "invalid", "example", "localhost"];

/// What was found, and what to do, in that language.
pub fn words(finding: &Finding, lang: Lang) -> String {
    let values: Vec<(&str, &str)> = finding.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(lang, &format!("doctor.domain.{}", finding.words), &values)
}

/// Whether a domain is nobody's.
pub fn is_reserved(domain: &str) -> bool {
    domain.rsplit('.').next().is_some_and(|top| RESERVED.contains(&top))
}

/// Looks the sender's domain over; `None` where mail does not leave through a server, or the domain is nobody's.
pub async fn findings(app: &App) -> Option<Result<Vec<Finding>, String>> {
    let Transport::Smtp(smtp) = &*app.transport else { return None };
    let domain = app.sender.address.domain();
    if is_reserved(domain) {
        return None;
    }
    let dns = match Dns::of_this_machine() {
        Ok(dns) => dns,
        Err(why) => return Some(Err(why)),
    };
    let mut keys = Vec::new();
    for signer in app.signers.iter() {
        keys.push((signer.name(), signer.record(), dns.texts(&signer.name()).await));
    }
    let dmarc = format!("_dmarc.{domain}");
    let (of_domain, dmarc, mail_servers, relay) =
        tokio::join!(dns.texts(domain), dns.texts(&dmarc), dns.mail_servers(domain), relay(&dns, &smtp.host));
    let records = Records { domain: of_domain, dmarc, mail_servers, keys, relay };
    Some(Ok(look_over(domain, &smtp.host, &records)))
}

/// The public addresses of the relay with their names. A relay in the own network shows another address outside, which
/// nobody here knows.
async fn relay(dns: &Dns, host: &str) -> Vec<(String, Found, bool)> {
    let addresses = match host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) => {
            let found = dns.addresses(host).await.unwrap_or_default();
            found.iter().filter_map(|address| address.parse().ok()).collect()
        }
    };
    let mut found = Vec::new();
    for address in addresses.into_iter().filter(|address| salastampa_http::guard::is_public(*address)) {
        let names = dns.names(address).await;
        let mut leads_back = false;
        for name in names.iter().flatten() {
            let back = dns.addresses(name).await.unwrap_or_default();
            leads_back |= back.iter().any(|one| one.parse() == Ok(address));
        }
        found.push((address.to_string(), names, leads_back));
    }
    found
}
