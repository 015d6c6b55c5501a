//! Login through the directory of the municipality: away to it, and back with a code.
//!
//! The one place in these pages that fetches: what the provider says of itself, the token for the code, its keys. What is
//! fetched is judged by [`salastampa_acts::oidc`]. Between the two requests nothing is stored here: what must be remembered
//! waits sealed in a cookie of its own, for ten minutes and for these two addresses. Whoever is not taken sees one and the
//! same sentence; the log has the cause.

use super::guard::encoded;
use super::login::{inside, no_directory, open};
use super::session::see_other;
use crate::Site;
use crate::site::Directory;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::oidc;
use salastampa_domain::User;
use salastampa_http::Request;
use serde::Deserialize;

/// The routes of the directory.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/oidc", get(away)).route("/desk/oidc/ritorno", get(back))
}

/// The cookie of a login that has begun.
const WAITING: &str = "salastampa-oidc";
/// Most bytes of an answer of the provider.
const CAP: usize = 256 * 1024;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    dopo: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Answered {
    code: String,
    state: String,
}

/// Why it did not work, for the log.
type Cause = Box<dyn std::error::Error + Send + Sync>;

async fn away(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let Some(directory) = site.directory.clone() else { return crate::answer::missing(&site) };
    match begin(&site, &directory, inside(&asked.dopo)).await {
        Ok((address, sealed)) => with_cookie(&site, see_other(&address), &sealed, oidc::PATIENCE / 1000),
        Err(cause) => refused(&site, &cause),
    }
}

async fn begin(site: &Site, directory: &Directory, after: &str) -> Result<(String, String), Cause> {
    let provider = &directory.provider;
    let found = discover(directory).await?;
    let (waiting, query) = oidc::begin(provider, &redirect_uri(site), after, site.clock.now())?;
    let mut address = url::Url::parse(&found.authorization_endpoint)?;
    address.query_pairs_mut().extend_pairs(query);
    Ok((address.into(), oidc::seal_waiting(&site.house, &waiting)?))
}

async fn back(State(site): State<Site>, Query(answered): Query<Answered>, headers: HeaderMap) -> Response {
    let Some(directory) = site.directory.clone() else { return crate::answer::missing(&site) };
    let response = match enter(&site, &directory, &answered, &headers).await {
        Ok((user, after)) => open(&site, &user, inside(&after), "").await,
        Err(cause) => refused(&site, &cause),
    };
    // begun and ended: it opens nothing twice
    with_cookie(&site, response, "", 0)
}

async fn enter(
    site: &Site,
    directory: &Directory,
    answered: &Answered,
    headers: &HeaderMap,
) -> Result<(User, String), Cause> {
    let (provider, now) = (&directory.provider, site.clock.now());
    let waiting = oidc::waited(&site.house, cookie(headers), &answered.state, now)?;
    let found = discover(directory).await?;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", answered.code.as_str()),
        ("redirect_uri", &redirect_uri(site)),
        ("client_id", &provider.client_id),
        ("client_secret", &provider.client_secret),
        ("code_verifier", &waiting.verifier),
    ];
    // a client without a secret is known by its verifier alone
    let fields: Vec<_> = fields.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let answer = directory.client.post_form(&found.token_endpoint, &fields, CAP).await?;
    let answer: serde_json::Value = serde_json::from_slice(&answer.body)?;
    let token = answer.get("id_token").and_then(serde_json::Value::as_str).ok_or("the provider gave no ID token")?;
    let keys = directory.client.get(&Request::new(&found.jwks_uri, "application/json", CAP)).await?;
    let name = oidc::name_in(provider, &waiting, token, &keys.body, now)?;
    Ok((oidc::enter(&site.store, provider, &name, now).await?, waiting.after))
}

async fn discover(directory: &Directory) -> Result<oidc::Discovered, Cause> {
    let address = format!("{}/.well-known/openid-configuration", directory.provider.issuer);
    let answer = directory.client.get(&Request::new(&address, "application/json", CAP)).await?;
    Ok(oidc::discovered(&directory.provider, &answer.body)?)
}

/// The one address that the provider may send people back to.
fn redirect_uri(site: &Site) -> String {
    format!("{}/desk/oidc/ritorno", site.house.base_url)
}

fn refused(site: &Site, cause: &Cause) -> Response {
    tracing::warn!("a login through the directory was not taken: {cause}");
    no_directory(site)
}

fn cookie(headers: &HeaderMap) -> &str {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(WAITING)?.strip_prefix('=')).unwrap_or_default()
}

fn with_cookie(site: &Site, mut response: Response, sealed: &str, seconds: i64) -> Response {
    let secure = if site.house.base_url.starts_with("https:") { "; Secure" } else { "" };
    let (path, sealed) = (site.prefix(), encoded(sealed));
    let cookie =
        format!("{WAITING}={sealed}; Path={path}/desk/oidc; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
