//! DKIM (RFC 6376, RFC 8463): the office's domain signs what leaves, where the relay does not do it.
//!
//! Off unless the installer names a key: a relay that signs (OpenDKIM, rspamd) is the better place. Canonicalisation is
//! relaxed for both, because relays fold lines. `t=` is the message's own `Date`: a retry is the same bytes, and both kinds
//! of signature are functions of key and text. RSA stands first, Ed25519 beside it for those who read it. Signed is what a
//! reader is shown or a mail program acts upon, both headers of one-click leaving among it (RFC 8058 §4); each name is
//! signed as often as it stands. Left out: `l=` (a signed beginning invites an unsigned end), oversigning, key making.

use crate::BadMessage;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use salastampa_domain::Timestamp;
use std::fmt;

/// A message with the signatures of all these before it; without any it is what it was.
pub fn signed(message: Vec<u8>, signers: &[Signer], at: Timestamp) -> Result<Vec<u8>, BadMessage> {
    let mut fields = Vec::new();
    for signer in signers {
        fields.extend(signer.sign(&message, at)?);
    }
    if fields.is_empty() {
        return Ok(message);
    }
    fields.extend(message);
    Ok(fields)
}

/// Fields that are signed where they stand.
const SIGNED: [&str; 13] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "mime-version",
    "in-reply-to",
    "references",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
];

/// A key and the name under which its other half stands in the DNS.
pub struct Signer {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

/// Why a key cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadKey {
    /// It does not read.
    #[error("the key is no private key in PEM (`openssl genrsa -out dkim.pem 2048`)")]
    NoKey,
    /// It is of another sort, or too short to be trusted.
    #[error("the key is neither RSA of at least 2048 bits nor Ed25519")]
    NotUsable,
    /// It names no place in the DNS.
    #[error("the selector {0:?} is no label of the DNS (letters, digits, hyphens, dots)")]
    Selector(String),
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, {})", self.name(), self.key.algorithm())
    }
}

impl Signer {
    /// A signer for mail from that domain, by a private key in PEM (PKCS#1 or PKCS#8).
    pub fn parse(domain: &str, selector: &str, pem: &[u8]) -> Result<Self, BadKey> {
        let is_label = |label: &str| {
            !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if selector.len() > 200 || !selector.split('.').all(is_label) {
            return Err(BadKey::Selector(selector.to_owned()));
        }
        let key = match PrivateKeyDer::from_pem_slice(pem).map_err(|_| BadKey::NoKey)? {
            PrivateKeyDer::Pkcs1(der) => {
                RsaKeyPair::from_der(der.secret_pkcs1_der()).map(|key| Key::Rsa(Box::new(key)))
            }
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                RsaKeyPair::from_pkcs8(der)
                    .map(|key| Key::Rsa(Box::new(key)))
                    .or_else(|_| Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Key::Ed25519))
            }
            _ => return Err(BadKey::NotUsable),
        };
        let key = key.map_err(|_| BadKey::NotUsable)?;
        Ok(Self { domain: domain.to_owned(), selector: selector.to_owned(), key })
    }

    /// Whether it speaks for mail from that domain.
    pub fn is_for(&self, domain: &str) -> bool {
        self.domain == domain
    }

    /// Where the other half of the key is looked for.
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What must stand there (RFC 6376 §3.6.1).
    pub fn record(&self) -> String {
        match &self.key {
            Key::Rsa(key) => format!("v=DKIM1; k=rsa; p={}", BASE64.encode(subject_public_key(key.public().as_ref()))),
            Key::Ed25519(key) => format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(key.public_key().as_ref())),
        }
    }

    /// The field `DKIM-Signature` of a message, with its line end: it goes before everything else.
    pub fn sign(&self, message: &[u8], at: Timestamp) -> Result<Vec<u8>, BadMessage> {
        let (fields, body) = apart(message);
        let signed: Vec<&(String, String)> =
            SIGNED.iter().flat_map(|name| fields.iter().rev().filter(move |(field, _)| field == name)).collect();
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let body_hash = BASE64.encode(digest(&relaxed_body(body)));
        let (algorithm, domain, selector) = (self.key.algorithm(), &self.domain, &self.selector);
        let seconds = at.0.div_euclid(1_000);
        let head = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={domain}; s={selector};\r\n t={seconds}; h={};\r\n bh={body_hash};\r\n b=",
            folded(&names)
        );
        let mut canonical = Vec::new();
        for (name, value) in signed {
            canonical.extend_from_slice(format!("{name}:{value}\r\n").as_bytes());
        }
        canonical.extend_from_slice(format!("dkim-signature:{}", relaxed_value(&head)).as_bytes());
        let signature = BASE64.encode(self.key.sign(&canonical).ok_or(BadMessage::Unsigned)?);
        // each piece on a line of its own: blanks inside `b=` count for nothing (§3.5)
        let pieces: Vec<&str> =
            (0..signature.len()).step_by(72).filter_map(|at| signature.get(at..signature.len().min(at + 72))).collect();
        Ok(format!("DKIM-Signature: {head}{}\r\n", pieces.join("\r\n ")).into_bytes())
    }
}

impl Key {
    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                // the generator blinds the computation; the signature does not depend on it
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).ok()?;
                Some(signature)
            }
            // RFC 8463 §3: the signature is over the hash, not over the text
            Self::Ed25519(key) => Some(key.sign(digest(text).as_ref()).as_ref().to_vec()),
        }
    }
}

fn digest(bytes: &[u8]) -> ring::digest::Digest {
    ring::digest::digest(&ring::digest::SHA256, bytes)
}

/// The names on lines of a bearable length.
fn folded(names: &[&str]) -> String {
    names.chunks(6).map(|line| line.join(":")).collect::<Vec<_>>().join(":\r\n ")
}

/// The fields of a message, names in lower case and values relaxed (§3.4.2), and its body.
fn apart(message: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(message.len());
    let head = String::from_utf8_lossy(&message[..end]).replace("\r\n ", " ").replace("\r\n\t", " ");
    let fields = head.split("\r\n").filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim_end().to_ascii_lowercase(), relaxed_value(value)))
    });
    (fields.collect(), message.get(end + 4..).unwrap_or_default())
}

/// A value without line breaks, its blanks joined (§3.4.2).
fn relaxed_value(value: &str) -> String {
    value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The body with its blanks joined, none at the ends of lines and no empty lines at the end (§3.4.4).
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut kept = 0;
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut blank = false;
        let start = out.len();
        for &byte in line {
            if matches!(byte, b' ' | b'\t') {
                blank = true;
            } else {
                if blank {
                    out.push(b' ');
                }
                blank = false;
                out.push(byte);
            }
        }
        let is_empty = out.len() == start;
        out.extend_from_slice(b"\r\n");
        if !is_empty {
            kept = out.len();
        }
    }
    out.truncate(kept);
    out
}

/// A public key of RSA with the name of its sort around it (SubjectPublicKeyInfo, RFC 5280 §4.1.2.7), as records hold it.
fn subject_public_key(pkcs1: &[u8]) -> Vec<u8> {
    // rsaEncryption (1.2.840.113549.1.1.1) and NULL
    const SORT: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let mut bits = vec![0];
    bits.extend_from_slice(pkcs1);
    let mut inside = SORT.to_vec();
    inside.extend(tagged(0x03, &bits));
    tagged(0x30, &inside)
}

/// A value of DER with its tag and length.
fn tagged(tag: u8, inside: &[u8]) -> Vec<u8> {
    let length = inside.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    match (inside.len(), u8::try_from(inside.len()), u8::try_from(length.len())) {
        (0..0x80, Ok(short), _) => out.push(short),
        (_, _, Ok(bytes)) => {
            out.push(0x80 | bytes);
            out.extend(length);
        }
        // no key is that long
        _ => out.push(0),
    }
    out.extend_from_slice(inside);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_relaxed_as_the_standard_shows() {
        // RFC 6376 §3.4.5
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"no end"), b"no end\r\n");
    }
}
