//! How the office's domain stands with those who receive its mail: what the DNS says, judged, and what to publish.
//!
//! Gmail and Yahoo (from February 2024) and Microsoft (from May 2025) ask for SPF, DKIM and DMARC of whoever sends to many.
//! Pure: the records come in, findings go out. Left out: asking (`http::dns`), a whole evaluation of SPF for an address
//! (RFC 7208 §4 needs the relay's own), and DKIM of a relay that signs by itself, whose selector nobody here knows.

/// What stands at a name, or why it could not be asked.
pub type Found = Result<Vec<String>, String>;

/// What the DNS says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Records {
    /// Texts at the domain.
    pub domain: Found,
    /// Texts at `_dmarc.` of the domain.
    pub dmarc: Found,
    /// Servers that take mail for it.
    pub mail_servers: Found,
    /// Of each own key: the name, what must stand there, what stands there.
    pub keys: Vec<(String, String, Found)>,
    /// Of each public address of the relay: the address, its names, and whether one of them leads back to it.
    pub relay: Vec<(String, Found, bool)>,
}

/// How one thing stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// In order.
    Good,
    /// To be mended.
    Bad,
    /// It could not be asked, or cannot be known from here.
    Unknown,
}

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Its name, such as `SPF`.
    pub what: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found, and what to do: the name of its sentence in the locale, below `doctor.domain`.
    pub words: &'static str,
    /// What stands in the sentence, by name.
    pub values: Vec<(&'static str, String)>,
    /// The record to publish, as `name TYPE value`.
    pub publish: Option<String>,
}

/// Looks a domain over. `relay` is the name of the server that mail leaves through.
pub fn look_over(domain: &str, relay: &str, records: &Records) -> Vec<Finding> {
    let mut findings = vec![spf(domain, relay, &records.domain)];
    findings.extend(dkim(&records.keys));
    findings.push(dmarc(domain, &records.dmarc));
    findings.push(mx(domain, &records.mail_servers));
    findings.extend(records.relay.iter().map(|(address, names, leads_back)| ptr(address, names, *leads_back)));
    findings
}

fn finding(what: &'static str, state: State, words: &'static str, values: &[(&'static str, &str)]) -> Finding {
    let values = values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Finding { what, state, words, values, publish: None }
}

fn unasked(what: &'static str, why: &str) -> Finding {
    finding(what, State::Unknown, "unasked", &[("why", why)])
}

fn spf(domain: &str, relay: &str, found: &Found) -> Finding {
    let found = match found {
        Ok(found) => found,
        Err(why) => return unasked("SPF", why),
    };
    let is_spf =
        |text: &&String| text.split_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case("v=spf1"));
    let records: Vec<&String> = found.iter().filter(is_spf).collect();
    match records.as_slice() {
        [] => Finding {
            publish: Some(format!("{domain} TXT \"v=spf1 mx a:{relay} -all\"")),
            ..finding("SPF", State::Bad, "spf_none", &[])
        },
        [one] => {
            let end = one.split_whitespace().last().unwrap_or_default().to_ascii_lowercase();
            let of = |state, words| finding("SPF", state, words, &[("record", one)]);
            match end.as_str() {
                "-all" | "~all" => of(State::Good, "record"),
                _ if end.starts_with("redirect=") => of(State::Good, "record"),
                "+all" | "all" => of(State::Bad, "spf_all"),
                _ => of(State::Bad, "spf_open"),
            }
        }
        // RFC 7208 §4.5
        several => finding("SPF", State::Bad, "spf_several", &[("n", &several.len().to_string())]),
    }
}

fn dkim(keys: &[(String, String, Found)]) -> Vec<Finding> {
    if keys.is_empty() {
        return vec![finding("DKIM", State::Unknown, "dkim_relay", &[])];
    }
    let of = |(name, expected, found): &(String, String, Found)| {
        let found = match found {
            Ok(found) => found,
            Err(why) => return unasked("DKIM", why),
        };
        let key = |record: &str| {
            let tags = record.split(';').map(|tag| tag.split_whitespace().collect::<String>());
            tags.filter_map(|tag| tag.strip_prefix("p=").map(str::to_owned)).next()
        };
        let at = [("name", name.as_str())];
        if found.iter().any(|record| key(record) == key(expected)) {
            return finding("DKIM", State::Good, "dkim_good", &at);
        }
        let words = if found.is_empty() { "dkim_none" } else { "dkim_other" };
        Finding { publish: Some(format!("{name} TXT \"{expected}\"")), ..finding("DKIM", State::Bad, words, &at) }
    };
    keys.iter().map(of).collect()
}

fn dmarc(domain: &str, found: &Found) -> Finding {
    let found = match found {
        Ok(found) => found,
        Err(why) => return unasked("DMARC", why),
    };
    let record = found.iter().find(|text| text.trim_start().to_ascii_lowercase().starts_with("v=dmarc1"));
    let Some(record) = record else {
        return Finding {
            publish: Some(format!("_dmarc.{domain} TXT \"v=DMARC1; p=none; rua=mailto:postmaster@{domain}\"")),
            ..finding("DMARC", State::Bad, "dmarc_none", &[])
        };
    };
    let folded: String = record.to_ascii_lowercase().split_whitespace().collect();
    let policy = folded.split(';').find_map(|tag| tag.strip_prefix("p="));
    match policy {
        Some("none" | "quarantine" | "reject") => finding("DMARC", State::Good, "record", &[("record", record)]),
        _ => finding("DMARC", State::Bad, "dmarc_policy", &[("record", record)]),
    }
}

fn mx(domain: &str, found: &Found) -> Finding {
    match found {
        Err(why) => unasked("MX", why),
        Ok(found) if found.iter().all(String::is_empty) => finding("MX", State::Bad, "mx_none", &[("domain", domain)]),
        Ok(found) => finding("MX", State::Good, "record", &[("record", &found.join(", "))]),
    }
}

fn ptr(address: &str, names: &Found, leads_back: bool) -> Finding {
    let names = match names {
        Err(why) => return unasked("PTR", why),
        Ok(names) if names.is_empty() => return finding("PTR", State::Bad, "ptr_none", &[("address", address)]),
        Ok(names) => names.join(", "),
    };
    let values = [("address", address), ("names", names.as_str())];
    match leads_back {
        true => finding("PTR", State::Good, "ptr_good", &values),
        false => finding("PTR", State::Bad, "ptr_elsewhere", &values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Records {
        Records {
            domain: Ok(vec!["verification=1".into(), "v=spf1 mx -all".into()]),
            dmarc: Ok(vec!["v=DMARC1; p=quarantine".into()]),
            mail_servers: Ok(vec!["mx.bellariva.test".into()]),
            keys: vec![(
                "r._domainkey.bellariva.test".into(),
                "v=DKIM1; k=rsa; p=AAA".into(),
                // some publish it in pieces with blanks, and leave the rest away
                Ok(vec!["p=A AA;".into()]),
            )],
            relay: vec![("192.0.2.1".into(), Ok(vec!["posta.bellariva.test".into()]), true)],
        }
    }

    fn states(records: &Records) -> Vec<(&'static str, State, bool)> {
        let found = look_over("bellariva.test", "posta.bellariva.test", records);
        found.into_iter().map(|f| (f.what, f.state, f.publish.is_some())).collect()
    }

    #[test]
    fn a_domain_in_order_is_told_so() {
        let good = |what| (what, State::Good, false);
        assert_eq!(states(&records()), ["SPF", "DKIM", "DMARC", "MX", "PTR"].map(good));
    }

    #[test]
    fn each_fault_is_seen_and_what_to_publish_is_said() {
        let nothing = || Ok(Vec::new());
        let one = |text: &str| Ok(vec![text.to_owned()]);
        let with = |change: &dyn Fn(&mut Records)| {
            let mut records = records();
            change(&mut records);
            states(&records).into_iter().filter(|(_, state, _)| *state != State::Good).collect::<Vec<_>>()
        };
        let bad = |what, publish| vec![(what, State::Bad, publish)];
        assert_eq!(with(&|r| r.domain = nothing()), bad("SPF", true));
        assert_eq!(with(&|r| r.domain = one("v=spf10 -all")), bad("SPF", true));
        assert_eq!(with(&|r| r.domain = one("v=spf1 +all")), bad("SPF", false));
        assert_eq!(with(&|r| r.domain = one("v=spf1 mx ?all")), bad("SPF", false));
        assert_eq!(with(&|r| r.domain = Ok(vec!["v=spf1 -all".into(), "V=SPF1 mx -all".into()])), bad("SPF", false));
        assert_eq!(with(&|r| r.domain = one("v=spf1 redirect=_spf.relay.test")), []);
        assert_eq!(with(&|r| r.keys[0].2 = nothing()), bad("DKIM", true));
        assert_eq!(with(&|r| r.keys[0].2 = one("v=DKIM1; p=BBB")), bad("DKIM", true));
        assert_eq!(with(&|r| r.keys.clear()), [("DKIM", State::Unknown, false)]);
        assert_eq!(with(&|r| r.dmarc = nothing()), bad("DMARC", true));
        assert_eq!(with(&|r| r.dmarc = one("v=DMARC1; rua=mailto:x@y.test")), bad("DMARC", false));
        assert_eq!(with(&|r| r.mail_servers = one("")), bad("MX", false), "a null MX takes none (RFC 7505)");
        assert_eq!(with(&|r| r.relay[0].1 = nothing()), bad("PTR", false));
        assert_eq!(with(&|r| r.relay[0].2 = false), bad("PTR", false));
        assert_eq!(with(&|r| r.dmarc = Err("timed out".into())), [("DMARC", State::Unknown, false)]);
    }
}
