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
    /// What was found, and what to do.
    pub words: String,
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

fn finding(what: &'static str, state: State, words: impl Into<String>) -> Finding {
    Finding { what, state, words: words.into(), publish: None }
}

fn unasked(what: &'static str, why: &str) -> Finding {
    finding(what, State::Unknown, format!("the DNS could not be asked: {why}"))
}

fn spf(domain: &str, relay: &str, found: &Found) -> Finding {
    let found = match found {
        Ok(found) => found,
        Err(why) => return unasked("SPF", why),
    };
    let is_spf =
        |text: &&String| text.split_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case("v=spf1"));
    let records: Vec<&String> = found.iter().filter(is_spf).collect();
    let publish = Some(format!("{domain} TXT \"v=spf1 mx a:{relay} -all\""));
    match records.as_slice() {
        [] => Finding {
            publish,
            ..finding(
                "SPF",
                State::Bad,
                "there is no record: many servers refuse mail of a domain that names no senders",
            )
        },
        [one] => {
            let end = one.split_whitespace().last().unwrap_or_default().to_ascii_lowercase();
            match end.as_str() {
                "-all" | "~all" => finding("SPF", State::Good, (*one).clone()),
                _ if end.starts_with("redirect=") => finding("SPF", State::Good, (*one).clone()),
                "+all" | "all" => {
                    finding("SPF", State::Bad, format!("{one}: it lets everybody send in your name; end it with -all"))
                }
                _ => finding("SPF", State::Bad, format!("{one}: it forbids nobody; end it with -all or ~all")),
            }
        }
        several => finding(
            "SPF",
            State::Bad,
            format!(
                "there are {} records, and with more than one none counts (RFC 7208 §4.5): join them",
                several.len()
            ),
        ),
    }
}

fn dkim(keys: &[(String, String, Found)]) -> Vec<Finding> {
    if keys.is_empty() {
        let words = "no key is named here, so the relay must sign; look at Authentication-Results in a mail that you sent to \
            yourself: it should say dkim=pass with your domain";
        return vec![finding("DKIM", State::Unknown, words)];
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
        let stands = found.iter().any(|record| key(record) == key(expected));
        match (stands, found.is_empty()) {
            (true, _) => finding("DKIM", State::Good, format!("{name} holds the key that signs")),
            (_, empty) => Finding {
                publish: Some(format!("{name} TXT \"{expected}\"")),
                ..finding(
                    "DKIM",
                    State::Bad,
                    if empty {
                        format!("there is nothing at {name}: what is signed cannot be verified")
                    } else {
                        format!("at {name} stands another key: what is signed fails")
                    },
                )
            },
        }
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
            ..finding("DMARC", State::Bad, "there is no record: large mailbox providers ask for one")
        };
    };
    let folded: String = record.to_ascii_lowercase().split_whitespace().collect();
    let policy = folded.split(';').find_map(|tag| tag.strip_prefix("p="));
    match policy {
        Some("none" | "quarantine" | "reject") => finding("DMARC", State::Good, record.clone()),
        _ => finding("DMARC", State::Bad, format!("{record}: it has no policy (p=none is the least)")),
    }
}

fn mx(domain: &str, found: &Found) -> Finding {
    match found {
        Err(why) => unasked("MX", why),
        Ok(found) if found.iter().all(String::is_empty) => {
            let words = format!("no server takes mail for {domain}: nobody could answer, and bounces would be lost");
            finding("MX", State::Bad, words)
        }
        Ok(found) => finding("MX", State::Good, found.join(", ")),
    }
}

fn ptr(address: &str, names: &Found, leads_back: bool) -> Finding {
    match names {
        Err(why) => unasked("PTR", why),
        Ok(names) if names.is_empty() => finding(
            "PTR",
            State::Bad,
            format!("{address} of the relay has no name: many servers refuse it; ask who runs it"),
        ),
        Ok(names) if !leads_back => {
            let names = names.join(", ");
            finding(
                "PTR",
                State::Bad,
                format!("{address} is called {names}, which does not lead back to it; ask who runs it"),
            )
        }
        Ok(names) => finding("PTR", State::Good, format!("{address} is {}", names.join(", "))),
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
