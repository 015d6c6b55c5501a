//! The receipt of a text that is public: what it was, since when, signed by the office's newsroom.
//!
//! It proves that who holds the key of this newsroom says that these bytes are public since that instant, and it can be
//! checked without asking us: Ed25519 (RFC 8032) over the lines above the signature, by the public key that stands on the
//! page for checking. It is no qualified signature and no time stamp of a third party (eIDAS): the instant is the
//! office's word. The pair of keys is made from the office's key, so that nothing more has to be kept; with another key
//! older receipts no longer check.

use crate::token;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use salastampa_domain::Timestamp;

const TITLE: &str = "Ricevuta di pubblicazione 1";
const SIGNED: &str = "Firma Ed25519: ";
/// Longest receipt that is looked at, in bytes.
const LONGEST: usize = 4_000;

/// What a receipt says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The body.
    pub office: String,
    /// The address of the release, without the words that may change.
    pub url: String,
    /// The version within the release.
    pub version: u32,
    /// Since when it is public.
    pub since: Timestamp,
    /// SHA-256 of the version as plain text, as its address gives it; hexadecimal.
    pub text: String,
    /// SHA-256 of all that was frozen and approved; hexadecimal.
    pub frozen: String,
}

/// The receipt as a text with its signature.
pub fn write(key: &[u8], receipt: &Receipt) -> String {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let claim = format!(
        "{TITLE}\nEnte: {}\nIndirizzo: {}\nVersione: {}\nPubblico dal: {}\nSHA-256 del testo: {}\n\
         SHA-256 della versione: {}\n",
        line(&receipt.office),
        line(&receipt.url),
        receipt.version,
        receipt.since.rfc3339(),
        receipt.text,
        receipt.frozen
    );
    let signature = pair(key).sign(claim.as_bytes());
    format!("{claim}{SIGNED}{}\n", hex(signature.as_ref()))
}

/// Whether a text looks like a receipt, whoever wrote it.
pub fn is_receipt(text: &str) -> bool {
    text.contains(TITLE)
}

/// What a receipt says, if we signed it. Blanks at the ends of lines and around the text do not count: it was copied.
pub fn read(key: &[u8], text: &str) -> Option<Receipt> {
    let start = text.find(TITLE)?;
    let text = text.get(start..).filter(|text| text.len() <= LONGEST)?;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(8).collect();
    let (signature, claim) = lines.split_last()?;
    let signature = unhex(signature.strip_prefix(SIGNED)?)?;
    let claim: String = claim.iter().map(|line| format!("{line}\n")).collect();
    let public = pair(key).public_key().as_ref().to_vec();
    UnparsedPublicKey::new(&ED25519, public).verify(claim.as_bytes(), &signature).ok()?;
    let field = |name: &str| claim.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    Some(Receipt {
        office: field("Ente: ")?,
        url: field("Indirizzo: ")?,
        version: field("Versione: ")?.parse().ok()?,
        since: Timestamp::parse(&field("Pubblico dal: ")?)?,
        text: field("SHA-256 del testo: ")?,
        frozen: field("SHA-256 della versione: ")?,
    })
}

/// The key by which anybody checks a receipt, in hexadecimal.
pub fn public_key(key: &[u8]) -> String {
    hex(pair(key).public_key().as_ref())
}

fn pair(key: &[u8]) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&token::seed(key, "receipt")).expect("any 32 bytes are a seed")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let whole = text.len() == 128 && text.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| (0..64).filter_map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt() -> Receipt {
        Receipt {
            office: "Comune di Bellariva\nsul Lago".into(),
            url: "https://stampa.bellariva.test/novita/comunicati/2026/12".into(),
            version: 2,
            since: Timestamp::parse("2026-11-25 11:00").expect("an instant"),
            text: "ab".repeat(32),
            frozen: "cd".repeat(32),
        }
    }

    #[test]
    fn a_receipt_checks_as_it_was_written_and_in_no_other_form() {
        let key = b"a key of the office";
        let text = write(key, &receipt());
        let said = Receipt { office: "Comune di Bellariva sul Lago".into(), ..receipt() };
        assert_eq!(read(key, &text), Some(said.clone()));
        let copied = format!("guarda:\r\n\r\n{}", text.replace('\n', "  \r\n"));
        assert_eq!(read(key, &copied), Some(said));
        assert_eq!(read(b"another key", &text), None);
        for (from, to) in
            [("Versione: 2", "Versione: 1"), ("11:00:00", "10:00:00"), ("abab", "abac"), ("Ente: ", "Ente:  ")]
        {
            assert_eq!(read(key, &text.replacen(from, to, 1)), None, "{from}");
        }
        for junk in ["", TITLE, "Ricevuta di pubblicazione 1\nFirma Ed25519: è", &text[..text.len() - 3]] {
            assert_eq!(read(key, junk), None, "{junk}");
        }
        assert_eq!(read(key, &format!("{text}{}", "x".repeat(5_000))), None);
        assert_ne!(public_key(key), public_key(b"another key"));
    }
}
