//! Codes of six digits that a telephone shows for half a minute (TOTP, RFC 6238; HOTP, RFC 4226).
//!
//! Forty lines of our own: what a library would add is the other half of the protocol. SHA-1 is what every app on a
//! telephone knows; inside HMAC it is sound. A code is taken within one step before and after, because clocks differ, and
//! never twice: who read it over a shoulder comes too late.

use ring::hmac;
use salastampa_domain::Timestamp;
use salastampa_domain::time::SECOND;

/// How long a code is shown, in milliseconds.
pub const STEP: i64 = 30 * SECOND;
/// Digits of a code.
const DIGITS: usize = 6;
/// Bytes of a secret: the length of the hash (RFC 4226 §4).
pub const SECRET_BYTES: usize = 20;
/// The alphabet of RFC 4648 §6.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step that a given code belongs to, if it is one of those that hold now and newer than the last one taken.
pub fn check(secret: &[u8], given: &str, now: Timestamp, last_step: i64) -> Option<i64> {
    let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
    let now = now.0.div_euclid(STEP);
    if given.len() != DIGITS {
        return None;
    }
    // every candidate is looked at, so that the time of the answer does not tell which one fits
    let fits = |step: &i64| {
        let wanted = code(secret, *step);
        wanted.bytes().zip(given.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    };
    let steps: Vec<i64> = (now - 1..=now + 1).filter(fits).collect();
    steps.into_iter().find(|step| *step > last_step)
}

/// The code of a step.
pub fn code(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes[bytes.len() - 1] & 0x0f);
    let number = bytes[at..at + 4].iter().fold(0_u32, |n, b| (n << 8) | u32::from(*b)) & 0x7fff_ffff;
    format!("{:0DIGITS$}", number % 10_u32.pow(DIGITS as u32))
}

/// Bytes as people type them into a telephone: base 32 without padding.
pub fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            out.push(char::from(ALPHABET[((bits >> held) & 31) as usize]));
        }
    }
    if held > 0 {
        out.push(char::from(ALPHABET[((bits << (5 - held)) & 31) as usize]));
    }
    out
}

/// Reads what [`base32`] writes, blanks and small letters forgiven.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for c in text.bytes().filter(|c| !c.is_ascii_whitespace()) {
        let five = ALPHABET.iter().position(|a| *a == c.to_ascii_uppercase())?;
        bits = ((bits << 5) | u32::try_from(five).ok()?) & 0xffff;
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    Some(out)
}

/// The address that a telephone takes as a whole (the key URI format that all apps read).
pub fn link(secret: &[u8], office: &str, login: &str) -> String {
    let quote = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
                b => format!("%{b:02X}"),
            })
            .collect()
    };
    let (office, login) = (quote(office), quote(login));
    format!(
        "otpauth://totp/{office}:{login}?secret={}&issuer={office}&algorithm=SHA1&digits=6&period=30",
        base32(secret)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_of_rfc_4226_and_rfc_6238() {
        for (step, expected) in
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
                .into_iter()
                .enumerate()
        {
            assert_eq!(code(SECRET, step as i64), expected, "RFC 4226, count {step}");
        }
        // RFC 6238 writes eight digits: the last six are ours
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, second / 30), expected, "RFC 6238, second {second}");
        }
    }

    #[test]
    fn a_code_is_taken_once_and_near_its_time() {
        let now = Timestamp(59_000);
        assert_eq!(check(SECRET, "287 082", now, 0), Some(1));
        assert_eq!(check(SECRET, "287082", now, 1), None, "taken before");
        assert_eq!(check(SECRET, "287082", Timestamp(89_000), 0), Some(1), "a step late");
        assert_eq!(check(SECRET, "287082", Timestamp(91_000), 0), None, "too late");
        assert_eq!(check(SECRET, "755224", now, -1), Some(0), "a step early");
        for wrong in ["", "28708", "2870820", "287083", "２８７０８２"] {
            assert_eq!(check(SECRET, wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_typed_and_read_back() {
        // RFC 4648 §10
        for (bytes, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB")]
        {
            assert_eq!(base32(bytes.as_bytes()), text);
            assert_eq!(from_base32(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(from_base32("mzxw 6ytb").as_deref(), Some(&b"fooba"[..]));
        assert_eq!(from_base32("MZXW1"), None);
        let link = link(SECRET, "Comune di Bellariva", "ada.corti");
        assert!(
            link.starts_with(
                "otpauth://totp/Comune%20di%20Bellariva:ada.corti?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"
            )
        );
    }
}
