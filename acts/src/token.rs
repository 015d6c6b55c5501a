//! Signed links: what they open is bound to one purpose, and nobody can make one without the office's key.
//!
//! The text is `purpose-number-until-signature`, the number `3x7` where the link is the one of reader 7 alone, the last an
//! HMAC-SHA-256 (RFC 2104) cut to 128 bits. The key is made at the first start and lives in the data folder; with it gone,
//! the program stops until it is put back or another is accepted ([`crate::key`]).

use hmac::{Hmac, KeyInit, Mac};
use salastampa_domain::{Address, DeliveryId, ReaderId, SourceId, Timestamp, Token, TokenPurpose};
use sha2::Sha256;

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn letter(purpose: TokenPurpose) -> &'static str {
    match purpose {
        TokenPurpose::Unsubscribe => "u",
        TokenPurpose::Review => "r",
        TokenPurpose::Article => "a",
        TokenPurpose::Bounce => "b",
        TokenPurpose::Hub => "h",
        // these are random and known by their hash, never signed: see `entry`
        TokenPurpose::Setup => "s",
        TokenPurpose::Invitation => "i",
        TokenPurpose::NotForMe => "n",
        TokenPurpose::OwnData => "d",
        TokenPurpose::Subscription => "c",
    }
}

/// The text of a signed link: lower-case letters, digits and dashes, so that it survives mail and addresses.
pub fn sign(key: &[u8], token: &Token) -> String {
    let until = token.until.map_or(0, |t| t.0);
    let reader = token.reader.map(|reader| format!("x{reader}")).unwrap_or_default();
    let claim = format!("{}-{}{reader}-{until}", letter(token.purpose), token.thing);
    let signature = hex(&mac(key, &format!("link {claim}"))[..16]);
    format!("{claim}-{signature}")
}

/// The token of a text, if the signature is ours and the time has not passed.
pub fn open(key: &[u8], text: &str, now: Timestamp) -> Option<Token> {
    if text.len() > 120 {
        return None;
    }
    let (claim, given) = text.rsplit_once('-')?;
    (given.len() == 32).then_some(())?;
    let mut expected = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    expected.update(format!("link {claim}").as_bytes());
    let given: Vec<u8> = (0..given.len() / 2)
        .map(|i| given.get(2 * i..2 * i + 2).and_then(|byte| u8::from_str_radix(byte, 16).ok()))
        .collect::<Option<_>>()?;
    // compares in constant time, so that a signature cannot be guessed byte by byte
    expected.verify_truncated_left(&given).ok()?;
    let mut parts = claim.split('-');
    let purpose = match parts.next()? {
        "u" => TokenPurpose::Unsubscribe,
        "r" => TokenPurpose::Review,
        "a" => TokenPurpose::Article,
        "b" => TokenPurpose::Bounce,
        "h" => TokenPurpose::Hub,
        "n" => TokenPurpose::NotForMe,
        "d" => TokenPurpose::OwnData,
        "c" => TokenPurpose::Subscription,
        _ => return None,
    };
    let (thing, reader) = match parts.next()?.split_once('x') {
        Some((thing, reader)) => (thing.parse().ok()?, Some(ReaderId(reader.parse().ok()?))),
        None => (claim.split('-').nth(1)?.parse().ok()?, None),
    };
    let until = parts.next()?.parse().ok().filter(|t| *t != 0).map(Timestamp);
    let token = Token { purpose, thing, reader, until };
    until.is_none_or(|t| now <= t).then_some(token)
}

/// The keyed hash under which an address is kept out for ever, also after its contact is erased.
pub fn suppression(key: &[u8], address: &Address) -> String {
    hex(&mac(key, &format!("address {address}")))
}

/// What a key is known by: nobody makes the key from it.
pub(crate) fn fingerprint(key: &[u8]) -> String {
    hex(&mac(key, "fingerprint")[..16])
}

/// The part of a Message-ID that cannot be guessed.
pub fn mark(key: &[u8], text: &str) -> String {
    hex(&mac(key, &format!("message {text}"))[..10])
}

/// What stands behind the `+` of an address that mail comes back to: `17-…` for a bounce (VERP), `u17-…` for a wish to be
/// left alone. Short, because a local part has 64 octets and servers on the way put words of theirs before it.
pub fn sign_return(key: &[u8], purpose: TokenPurpose, id: DeliveryId) -> String {
    let claim = if purpose == TokenPurpose::Unsubscribe { format!("u{id}") } else { id.to_string() };
    let signature = hex(&mac(key, &format!("return {claim}"))[..10]);
    format!("{claim}-{signature}")
}

/// Whose mail it is that came to such an address, and what for, if the signature is ours. Some servers write addresses
/// in capitals.
pub fn open_return(key: &[u8], text: &str) -> Option<(TokenPurpose, DeliveryId)> {
    let text = (text.len() <= 64).then(|| text.to_ascii_lowercase())?;
    let (claim, given) = text.rsplit_once('-')?;
    is_signed(key, &format!("return {claim}"), given).then_some(())?;
    let (purpose, number) = match claim.strip_prefix('u') {
        Some(number) => (TokenPurpose::Unsubscribe, number),
        None => (TokenPurpose::Bounce, claim),
    };
    Some((purpose, DeliveryId(number.parse().ok()?)))
}

/// The delivery whose Message-ID this is, if we made it; see [`crate::House::message_id`]. That the rest of it is that
/// delivery's is for the caller to see.
pub fn open_message_id(key: &[u8], text: &str) -> Option<DeliveryId> {
    let text = (text.len() <= 300).then(|| text.to_ascii_lowercase())?;
    let (name, given) = text.split_once('@')?.0.rsplit_once('.')?;
    is_signed(key, &format!("message {name}"), given).then_some(())?;
    let number = name.split('.').next()?.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_');
    Some(DeliveryId(number.parse().ok()?))
}

/// Whether the twenty digits are our signature under a text; compared in constant time.
fn is_signed(key: &[u8], text: &str, given: &str) -> bool {
    let bytes: Option<Vec<u8>> = (given.len() == 20 && given.is_ascii())
        .then(|| (0..10).map(|i| u8::from_str_radix(&given[2 * i..2 * i + 2], 16).ok()).collect())
        .flatten();
    let mut expected = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    expected.update(text.as_bytes());
    bytes.is_some_and(|bytes| expected.verify_truncated_left(&bytes).is_ok())
}

/// Thirty-two bytes from which a pair of keys for that purpose is made, the same at each start.
pub fn seed(key: &[u8], purpose: &str) -> [u8; 32] {
    let mut seed = [0; 32];
    seed.copy_from_slice(&mac(key, &format!("seed {purpose}")));
    seed
}

/// The secret that a hub signs with what it tells of a source.
pub fn hub_secret(key: &[u8], source: SourceId) -> String {
    hex(&mac(key, &format!("hub {}", source.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::DeliveryId;

    #[test]
    fn a_link_opens_only_what_it_was_signed_for() {
        let key = b"a key of the office";
        let token = Token::unsubscribe(DeliveryId(417));
        let text = sign(key, &token);
        assert_eq!(open(key, &text, Timestamp(5)), Some(token));
        assert_eq!(open(b"another key", &text, Timestamp(5)), None);
        assert_eq!(open(key, &text.replacen("417", "418", 1), Timestamp(5)), None);
        assert_eq!(open(key, &text.replacen('u', "r", 1), Timestamp(5)), None);
        for junk in [
            "",
            "-",
            "u-1-0-",
            "u-1-0-zz",
            "è-è-è-è",
            &text[..text.len() - 2],
            &format!("{text}0"),
            &format!("{text}00"),
        ] {
            assert_eq!(open(key, junk, Timestamp(5)), None, "{junk}");
        }
    }

    #[test]
    fn what_comes_back_is_known_by_its_token_and_nobody_makes_one_up() {
        let key = b"a key of the office";
        for (purpose, id) in
            [(TokenPurpose::Bounce, 417), (TokenPurpose::Unsubscribe, 417), (TokenPurpose::Bounce, i64::MAX)]
        {
            let text = sign_return(key, purpose, DeliveryId(id));
            assert!(text.len() <= 41, "{text}");
            let found = Some((purpose, DeliveryId(id)));
            assert_eq!((open_return(key, &text), open_return(key, &text.to_uppercase())), (found, found));
            assert_eq!(open_return(b"another key", &text), None);
            assert_eq!(open_return(key, &text.replacen(['4', '9'], "7", 1)), None);
            assert_eq!(open_return(key, text.trim_start_matches('u')).is_some(), purpose == TokenPurpose::Bounce);
        }
        for junk in ["", "-", "417-", "è-00000000000000000000", "417-0000000000000000000è", "u-1", &"7".repeat(99)] {
            assert_eq!(open_return(key, junk), None, "{junk}");
        }
        let name = "release12.v1.r0";
        let id = format!("{name}.{}@bellariva.test", mark(key, name));
        assert_eq!(open_message_id(key, &id), Some(DeliveryId(12)));
        assert_eq!(open_message_id(key, &id.to_uppercase()), Some(DeliveryId(12)));
        assert_eq!(open_message_id(key, &id.replace("12", "13")), None);
        assert_eq!(open_message_id(b"another key", &id), None);
        for junk in ["", "@", ".@", "a.b@c", "release12.v1.r0@bellariva.test"] {
            assert_eq!(open_message_id(key, junk), None, "{junk}");
        }
    }

    #[test]
    fn a_link_with_an_end_stops_there() {
        let token = Token { purpose: TokenPurpose::Review, thing: 3, reader: None, until: Some(Timestamp(100)) };
        let text = sign(b"key", &token);
        assert_eq!(open(b"key", &text, Timestamp(100)), Some(token));
        assert_eq!(open(b"key", &text, Timestamp(101)), None);
    }
}
