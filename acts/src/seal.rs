//! Secrets that only the holder of the office's key reads.
//!
//! The password of the mail server and the secrets of second factors must be read again, so a hash will not do. They are
//! sealed by ChaCha20-Poly1305 (RFC 8439) under a key made from the office's, which lies in the data folder and not in
//! the database: whoever gets hold of the rows or of a copy of them has nothing. Each is bound to its name, so that one
//! cannot be put in another's place. Left out: changing the key; with the key gone, secrets are entered again.

use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

/// Seals a text under a name; in hexadecimal.
///
/// # Errors
/// The machine gives no randomness.
pub fn seal(key: &[u8], name: &str, clear: &str) -> anyhow::Result<String> {
    let mut nonce = [0; NONCE_LEN];
    getrandom::fill(&mut nonce).map_err(|why| anyhow::anyhow!("the machine gives no randomness: {why}"))?;
    let mut bytes = clear.as_bytes().to_vec();
    let associated = Aad::from(name.as_bytes());
    cipher(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), associated, &mut bytes)
        .map_err(|_| anyhow::anyhow!("the text is too long to be sealed"))?;
    Ok(format!("{}{}", hex(&nonce), hex(&bytes)))
}

/// Opens what [`seal`] sealed under that key and name; `None` for anything else.
pub fn open(key: &[u8], name: &str, sealed: &str) -> Option<String> {
    let bytes = unhex(sealed)?;
    let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
    let mut rest = rest.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let clear = cipher(key).ok()?.open_in_place(nonce, Aad::from(name.as_bytes()), &mut rest).ok()?;
    String::from_utf8(clear.to_vec()).ok()
}

fn cipher(key: &[u8]) -> anyhow::Result<LessSafeKey> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"seal");
    let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes());
    Ok(LessSafeKey::new(key.map_err(|_| anyhow::anyhow!("a key of 32 bytes was not taken"))?))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    text.len().is_multiple_of(2).then_some(())?;
    (0..text.len() / 2).map(|i| text.get(2 * i..2 * i + 2).and_then(|byte| u8::from_str_radix(byte, 16).ok())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_and_its_name_only() {
        let sealed = seal(b"the office's key", "smtp", "pässword").expect("sealed");
        assert_eq!(open(b"the office's key", "smtp", &sealed).as_deref(), Some("pässword"));
        assert_eq!(open(b"another key", "smtp", &sealed), None);
        assert_eq!(open(b"the office's key", "second-factor", &sealed), None);
        for junk in ["", "00", "zz", &sealed[..sealed.len() - 2], &format!("{sealed}00"), "è"] {
            assert_eq!(open(b"the office's key", "smtp", junk), None, "{junk}");
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        let one = seal(b"key", "smtp", "password").expect("sealed");
        assert_ne!(one, seal(b"key", "smtp", "password").expect("sealed"));
    }
}
