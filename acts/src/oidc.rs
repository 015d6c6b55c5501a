//! Login through the directory of the municipality (OpenID Connect Core 1.0, code flow with PKCE, RFC 7636): what is pure in it.
//!
//! The page fetches (`web::desk::oidc`), this judges: what goes to the provider, what waits sealed in the browser meanwhile,
//! and whether the ID token that comes back is genuine, fresh, for us and for this very login. Forty lines of signature
//! checking over ring (RS256, ES256) instead of a library of forty crates. A directory opens the door to who is a user
//! here already; it never makes one, and the second factor is asked for as always. Left out: single logout, refresh tokens
//! (a session here ends by its own clock), encrypted tokens.

use crate::{Denied, House, Result, seal};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use salastampa_domain::time::{MINUTE, SECOND};
use salastampa_domain::{Actor, Timestamp, User};
use salastampa_store::Store;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt;

/// Under this name what waits in the browser is sealed.
const WAITING: &str = "oidc";
/// So long a person may take at the provider, in milliseconds.
pub const PATIENCE: i64 = 10 * MINUTE;
/// So far the clocks may differ, in milliseconds.
const SKEW: i64 = 60 * SECOND;

/// The provider, as the installer configured it.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its address, without a slash at the end.
    pub issuer: String,
    /// The name under which it knows us.
    pub client_id: String,
    /// The secret that goes with it; may be empty.
    pub client_secret: String,
    /// What is asked for, such as `openid email`.
    pub scopes: String,
    /// The claim that names the person: `email` is compared with the users' addresses, any other with their logins.
    pub claim: String,
    /// Only addresses of this domain; empty is any.
    pub domain: String,
    /// What the button of the login page says.
    pub label: String,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What a provider tells of itself (`/.well-known/openid-configuration`).
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Discovered {
    issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where a code becomes a token.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
}

/// What is remembered, sealed in the browser, while somebody is at the provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    state: String,
    nonce: String,
    /// Proves that the code is ours (RFC 7636 §4.1).
    pub verifier: String,
    /// Where to go on.
    pub after: String,
    at: Timestamp,
}

/// Why a login through a directory was not taken. The words for the person are the same for all; the log has the cause.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Doubt {
    /// It was not begun in this browser, or too long ago.
    #[error("the login was not begun in this browser, or too long ago")]
    NotBegun,
    /// The provider speaks of another issuer, or not at all.
    #[error("the provider's description is not that of the configured issuer")]
    Issuer,
    /// The token is no token, or its signature does not hold.
    #[error("the token's signature does not hold")]
    Signature,
    /// The token is for somebody else, another login or another time.
    #[error("the token is not for this login: {0}")]
    Claims(&'static str),
    /// Nobody here has that name or address.
    #[error("the person is no user here")]
    Stranger,
}

/// Reads what the provider tells of itself; it must be the one that is configured (§4.3 of OpenID Connect Discovery).
pub fn discovered(provider: &Provider, body: &[u8]) -> std::result::Result<Discovered, Doubt> {
    let read: Discovered = serde_json::from_slice(body).map_err(|_| Doubt::Issuer)?;
    let same = read.issuer.trim_end_matches('/') == provider.issuer.trim_end_matches('/');
    if same { Ok(read) } else { Err(Doubt::Issuer) }
}

/// Begins a login: what waits in the browser, and the questions of the address that the person is sent to.
///
/// # Errors
/// The machine gives no randomness.
pub fn begin(
    provider: &Provider,
    redirect_uri: &str,
    after: &str,
    now: Timestamp,
) -> Result<(Waiting, Vec<(&'static str, String)>)> {
    let random = crate::session::random;
    let waiting = Waiting { state: random()?, nonce: random()?, verifier: random()?, after: after.to_owned(), at: now };
    let challenge = base64url(&Sha256::digest(waiting.verifier.as_bytes()));
    let query = vec![
        ("response_type", "code".to_owned()),
        ("client_id", provider.client_id.clone()),
        ("redirect_uri", redirect_uri.to_owned()),
        ("scope", provider.scopes.clone()),
        ("state", waiting.state.clone()),
        ("nonce", waiting.nonce.clone()),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256".to_owned()),
    ];
    Ok((waiting, query))
}

/// What waits in the browser, sealed.
///
/// # Errors
/// The machine gives no randomness.
pub fn seal_waiting(house: &House, waiting: &Waiting) -> Result<String> {
    let json = serde_json::to_string(waiting).map_err(anyhow::Error::from)?;
    Ok(seal::seal(&house.key, WAITING, &json)?)
}

/// What waited in the browser, if the answer belongs to it.
pub fn waited(house: &House, sealed: &str, state: &str, now: Timestamp) -> std::result::Result<Waiting, Doubt> {
    let waiting = seal::open(&house.key, WAITING, sealed).and_then(|json| serde_json::from_str::<Waiting>(&json).ok());
    waiting.filter(|w| w.state == state && (0..=PATIENCE).contains(&now.since(w.at))).ok_or(Doubt::NotBegun)
}

/// The name in the ID token, if it is genuine, for us, for this login and fresh (OpenID Connect Core §3.1.3.7).
pub fn name_in(
    provider: &Provider,
    waiting: &Waiting,
    token: &str,
    keys: &[u8],
    now: Timestamp,
) -> std::result::Result<String, Doubt> {
    let claims = verified(token, keys)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let time = |name: &str| claims.get(name).and_then(Value::as_i64).map(|s| Timestamp(s.saturating_mul(SECOND)));
    if text("iss").trim_end_matches('/') != provider.issuer.trim_end_matches('/') {
        return Err(Doubt::Claims("iss"));
    }
    let for_us = match claims.get("aud") {
        Some(Value::String(one)) => *one == provider.client_id,
        // where it is for several, it must have been given to us
        Some(Value::Array(all)) => {
            all.iter().any(|one| one.as_str() == Some(&provider.client_id))
                && (all.len() == 1 || text("azp") == provider.client_id)
        }
        _ => false,
    };
    if !for_us {
        return Err(Doubt::Claims("aud"));
    }
    if text("nonce") != waiting.nonce {
        return Err(Doubt::Claims("nonce"));
    }
    if time("exp").is_none_or(|end| end.plus(SKEW) < now) || time("iat").is_some_and(|begun| begun.plus(-SKEW) > now) {
        return Err(Doubt::Claims("exp"));
    }
    let name = text(&provider.claim).trim().to_lowercase();
    // an address that the provider has not seen work may be anybody's
    let unproved = provider.claim == "email" && claims.get("email_verified") != Some(&Value::Bool(true));
    if name.is_empty() || unproved {
        return Err(Doubt::Claims("name"));
    }
    let elsewhere = !provider.domain.is_empty()
        && name.rsplit_once('@').is_none_or(|(_, domain)| !domain.eq_ignore_ascii_case(&provider.domain));
    if elsewhere { Err(Doubt::Claims("domain")) } else { Ok(name) }
}

/// The user of that name: by address or by login, one and no more, and not closed out. The login is logged.
///
/// # Errors
/// [`Denied::NoUser`] for a stranger.
pub async fn enter(store: &Store, provider: &Provider, name: &str, now: Timestamp) -> Result<User> {
    let mut write = store.write().await?;
    let is_meant = |user: &User| match provider.claim.as_str() {
        "email" => user.address.as_ref().is_some_and(|address| address.as_str() == name),
        _ => user.login == name,
    };
    let mut found: Vec<User> =
        write.list_users().await?.into_iter().filter(|user| user.disabled_at.is_none() && is_meant(user)).collect();
    let user = match (found.pop(), found.is_empty()) {
        (Some(user), true) => user,
        _ => return Err(Denied::NoUser(name.to_owned()).into()),
    };
    let who = Actor::User { id: user.id };
    write.record_event(now, &who, "login", &format!("user:{}", user.id), None, Some(r#"{"by":"oidc"}"#)).await?;
    write.commit().await?;
    Ok(user)
}

/// The claims of a token whose signature holds under one of the keys (RFC 7515, RFC 7517). No algorithm but these two: a
/// token that says `none`, or that is signed with a shared secret, is no proof.
fn verified(token: &str, keys: &[u8]) -> std::result::Result<Value, Doubt> {
    let doubt = Doubt::Signature;
    let mut parts = token.split('.');
    let (Some(head), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(doubt);
    };
    let json = |part: &str| from_base64url(part).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let header = json(head).ok_or(doubt)?;
    let signed = &token[..head.len() + 1 + body.len()];
    let signature = from_base64url(signature).ok_or(doubt)?;
    let keys: Value = serde_json::from_slice(keys).map_err(|_| doubt)?;
    let keys = keys.get("keys").and_then(Value::as_array).ok_or(doubt)?;
    let kid = header.get("kid").and_then(Value::as_str);
    let meant = keys.iter().filter(|key| {
        let is_for_signing = key.get("use").and_then(Value::as_str).is_none_or(|used| used == "sig");
        is_for_signing && (kid.is_none() || key.get("kid").and_then(Value::as_str) == kid)
    });
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let mut meant = meant.take(16);
    if meant.any(|key| holds(alg, key, signed.as_bytes(), &signature).unwrap_or(false)) {
        json(body).ok_or(doubt)
    } else {
        Err(doubt)
    }
}

fn holds(alg: &str, key: &Value, signed: &[u8], signature: &[u8]) -> Option<bool> {
    let part = |name: &str| key.get(name).and_then(Value::as_str);
    let bytes = |name: &str| part(name).and_then(from_base64url);
    Some(match (alg, part("kty")?) {
        ("RS256", "RSA") => {
            let public = RsaPublicKeyComponents { n: bytes("n")?, e: bytes("e")? };
            public.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
        }
        ("ES256", "EC") if part("crv") == Some("P-256") => {
            let point = [vec![4], bytes("x")?, bytes("y")?].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature).is_ok()
        }
        _ => false,
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 64 for addresses, without padding (RFC 4648 §5).
pub fn base64url(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            out.push(char::from(ALPHABET[((word >> (18 - 6 * place)) & 63) as usize]));
        }
    }
    out
}

fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut word, mut held) = (0_u32, 0_u32);
    for c in text.bytes() {
        let six = ALPHABET.iter().position(|a| *a == c)?;
        word = ((word << 6) | u32::try_from(six).ok()?) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((word >> held) & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests;
