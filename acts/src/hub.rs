//! What a hub tells (W3C WebSub): it confirms a subscription, and says that a feed has news.
//!
//! The news themselves are not taken from the hub: the source becomes due and is visited like any time, so that there is
//! one way for articles, and a forged word costs one visit at most. Left out: unsubscribing, which nobody needs (a lease
//! ends by itself), and the asking (the job `crawl`, which has the network).

use crate::{Result, token};
use ring::hmac;
use salastampa_domain::time::{DAY, HOUR, SECOND};
use salastampa_domain::{SourceId, Timestamp, TokenPurpose};
use salastampa_store::Store;

/// The longest word of a hub that is looked at, in bytes.
pub const LONGEST: usize = 10 << 20;
/// A lease is believed between these.
const LEASE: (i64, i64) = (HOUR, 30 * DAY);

/// What a hub wants confirmed.
#[derive(Clone, Debug, Default)]
pub struct Intent<'a> {
    /// `subscribe`, `unsubscribe` or `denied`.
    pub mode: &'a str,
    /// The feed.
    pub topic: &'a str,
    /// How long it holds, in seconds.
    pub lease: Option<i64>,
}

/// Whether the intent is ours; a lease begins with it, or ends where the hub refuses.
pub async fn confirm(store: &Store, key: &[u8], text: &str, intent: &Intent<'_>, now: Timestamp) -> Result<bool> {
    let Some(source) = source_of(key, text, now) else { return Ok(false) };
    let mut write = store.write().await?;
    let asked = write.find_subscription(source).await?.filter(|asked| asked.topic == intent.topic);
    let (Some(_), true) = (asked, matches!(intent.mode, "subscribe" | "denied")) else { return Ok(false) };
    let lease = intent.lease.unwrap_or(10 * DAY / SECOND).saturating_mul(SECOND).clamp(LEASE.0, LEASE.1);
    let until = (intent.mode == "subscribe").then(|| now.plus(lease));
    write.record_lease(source, until).await?;
    write.commit().await?;
    Ok(until.is_some())
}

/// Hears that a feed has news: its source is due now. False where the signature is not that of the hub; then nothing
/// happens.
pub async fn tell(store: &Store, key: &[u8], text: &str, signature: &str, body: &[u8], now: Timestamp) -> Result<bool> {
    let Some(source) = source_of(key, text, now) else { return Ok(false) };
    if !is_signed(&token::hub_secret(key, source), signature, body) {
        return Ok(false);
    }
    let mut write = store.write().await?;
    let Some(found) = write.find_source_by_id(source).await?.filter(|found| found.is_active()) else {
        return Ok(false);
    };
    // never later than it would be anyhow; the gate of its host holds as always
    write.record_source_due(source, found.next_at.min(now)).await?;
    write.commit().await?;
    Ok(true)
}

fn source_of(key: &[u8], text: &str, now: Timestamp) -> Option<SourceId> {
    let token = token::open(key, text, now)?;
    (token.purpose == TokenPurpose::Hub).then_some(SourceId(token.thing))
}

/// Whether `method=hex` is the HMAC of the body (WebSub §7.1); compared in constant time.
fn is_signed(secret: &str, signature: &str, body: &[u8]) -> bool {
    let Some((method, hex)) = signature.trim().split_once('=') else { return false };
    let algorithm = match method.to_ascii_lowercase().as_str() {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return false,
    };
    let bytes: Option<Vec<u8>> = (hex.len() <= 128 && hex.len() % 2 == 0)
        .then(|| (0..hex.len() / 2).map(|n| u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok()).collect())
        .flatten();
    bytes.is_some_and(|bytes| hmac::verify(&hmac::Key::new(algorithm, secret.as_bytes()), body, &bytes).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_only_with_the_signature_of_the_secret() {
        let sign = |algorithm, body: &[u8]| {
            let tag = hmac::sign(&hmac::Key::new(algorithm, b"segreto"), body);
            tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        };
        let good = sign(hmac::HMAC_SHA256, b"<rss/>");
        let old = sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"<rss/>");
        for (signature, body, expected) in [
            (format!("sha256={good}"), "<rss/>", true),
            (format!("SHA256={}", good.to_uppercase()), "<rss/>", true),
            (format!("sha1={old}"), "<rss/>", true),
            (format!("sha1={good}"), "<rss/>", false),
            (format!("sha256={good}"), "<rss />", false),
            (format!("md5={good}"), "<rss/>", false),
            (format!("sha256={}", &good[2..]), "<rss/>", false),
            (format!("sha256={}è", &good[2..]), "<rss/>", false),
            (String::new(), "<rss/>", false),
        ] {
            assert_eq!(is_signed("segreto", &signature, body.as_bytes()), expected, "{signature}");
        }
    }
}
