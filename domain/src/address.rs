//! E-mail addresses, in the one form in which two of them are compared.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An address that a message can go to, normalised: the domain in lower-case ASCII (IDNA), the local part in lower
/// case. No dot or plus tricks: they are the provider's business, and two people may differ by them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

/// Why a text is no address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadAddress {
    /// No `@`, or nothing on one side of it.
    #[error("an address has the form name@domain")]
    Form,
    /// Blanks, line breaks or control characters, brackets, commas.
    #[error("an address holds no blanks, line breaks, commas or brackets")]
    Character,
    /// Longer than RFC 5321 §4.5.3.1 allows (64 octets before the `@`, 254 in all).
    #[error("the address is too long")]
    Length,
    /// The domain is no domain.
    #[error("what follows the @ is no domain")]
    Domain,
}

impl Address {
    /// Reads and normalises one address.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(BadAddress::Form)?;
        if local.is_empty() || domain.is_empty() {
            return Err(BadAddress::Form);
        }
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c);
        if local.chars().any(forbidden) || local.starts_with('.') || local.ends_with('.') || local.contains("..") {
            return Err(BadAddress::Character);
        }
        let domain = match url::Host::parse(domain).map_err(|_| BadAddress::Domain)? {
            url::Host::Domain(d) if d.contains('.') && !d.ends_with('.') => d,
            _ => return Err(BadAddress::Domain),
        };
        if local.len() > 64 || local.len() + domain.len() + 1 > 254 {
            return Err(BadAddress::Length);
        }
        Ok(Self(format!("{}@{domain}", local.to_lowercase())))
    }

    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mailbox_has_one_spelling() {
        let read = |s: &str| Address::parse(s).map(|a| a.as_str().to_owned());
        assert_eq!(read(" Redazione@Esempio.TEST ").as_deref(), Ok("redazione@esempio.test"));
        assert_eq!(read("a.b+c@esempio.test").as_deref(), Ok("a.b+c@esempio.test"));
        assert_eq!(read("a@città.test").as_deref(), Ok("a@xn--citt-3na.test"));
        for (bad, why) in [
            ("nobody", BadAddress::Form),
            ("@esempio.test", BadAddress::Form),
            ("a@b@esempio.test", BadAddress::Character),
            ("a\r\nBcc: x@esempio.test", BadAddress::Character),
            ("a b@esempio.test", BadAddress::Character),
            ("a@localhost", BadAddress::Domain),
            ("a@127.0.0.1", BadAddress::Domain),
        ] {
            assert_eq!(Address::parse(bad), Err(why), "{bad}");
        }
        assert_eq!(Address::parse(&format!("{}@esempio.test", "a".repeat(65))), Err(BadAddress::Length));
    }
}
