//! The door of the desk, the same for every route below `/desk`, so that no page can forget it.
//!
//! A page is shown to who is logged in; everybody else is sent to the login and comes back. A form must come from our own
//! pages (`Origin`, `Sec-Fetch-Site`) and carry the session's word. One that comes after its session has ended is not
//! lost: its text is kept through the login and given back.

use super::fields::{CSRF, Fields, Unreadable};
use super::frame::Flash;
use super::login;
use super::session::{Desk, Kept, see_other};
use crate::Site;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use salastampa_acts::session;
use salastampa_domain::{Session, User};

/// The cookie of a session. Its path is that of the desk: public pages never see it.
pub(crate) const COOKIE_NAME: &str = "salastampa";

/// Pages that are open to who is not logged in.
const OPEN: [&str; 4] = ["/desk/entra", "/desk/oidc", "/desk/avvio/", "/desk/invito/"];
/// Pages that are open before every factor was given.
const HALF_OPEN: [&str; 2] = ["/desk/codice", "/desk/esci"];

/// Looks at each request before its page does.
pub(crate) async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    stand(site, request, next, false).await
}

/// The same for forms with large files. The page reads the body itself, by [`super::incoming::Incoming`], which asks for
/// the session's word before it reads anything else.
pub(crate) async fn guard_stream(State(site): State<Site>, request: Request, next: Next) -> Response {
    stand(site, request, next, true).await
}

async fn stand(site: Site, mut request: Request, next: Next, streams: bool) -> Response {
    let path = below(&site, request.uri());
    let is_open = OPEN.iter().any(|open| path.starts_with(open));
    let standing = match standing(&site, request.headers()).await {
        Ok(standing) => standing,
        Err(error) => return crate::answer::answer(&site, Err(error)),
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !is_ours(&site, request.headers()) {
        return login::stranger(&site);
    }
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let fields = if reads || streams {
        None
    } else {
        // the body goes into the fields; the rest of the request goes on without it
        let (parts, body) = request.into_parts();
        let mut whole = Request::new(body);
        *whole.method_mut() = parts.method.clone();
        whole.headers_mut().clone_from(&parts.headers);
        request = Request::from_parts(parts, axum::body::Body::empty());
        match Fields::read(whole).await {
            Ok(fields) => Some(fields),
            Err(why) => return unreadable(&site, standing, &uri, why),
        }
    };
    let Some((session, user)) = standing else {
        return match fields {
            _ if is_open => {
                if let Some(fields) = fields {
                    request.extensions_mut().insert(fields);
                }
                next.run(request).await
            }
            Some(mut fields) => {
                fields.pairs.retain(|(name, _)| name != CSRF);
                login::ended(&site, &Kept { path, fields })
            }
            None if streams && !reads => login::ended_upload(&site, &path),
            None => see_other(&format!("{}/desk/entra?dopo={}", site.prefix(), encoded(&path))),
        };
    };
    if let Some(fields) = &fields
        && fields.raw(CSRF) != session.csrf
        && !is_open
    {
        let desk = Desk::new(site.clone(), user, session, None, &uri);
        return login::stale_form(&desk);
    }
    if !session.complete && !is_open && !HALF_OPEN.iter().any(|open| path.starts_with(open)) {
        return see_other(&format!("{}/desk/codice", site.prefix()));
    }
    let (session, flash) = with_flash(&site, session, &headers, reads).await;
    if let Some(fields) = fields {
        request.extensions_mut().insert(fields);
    }
    let desk = Desk::new(site, user, session, flash, &uri);
    request.extensions_mut().insert(desk);
    next.run(request).await
}

/// The living session of the browser's cookie.
async fn standing(site: &Site, headers: &HeaderMap) -> Result<Option<(Session, User)>, crate::answer::Error> {
    match cookie(headers) {
        Some(token) => Ok(session::find(&site.store, token, site.clock.now()).await?),
        None => Ok(None),
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}

/// What the page says once is taken out of the session when a person looks at a page; what scripts ask for leaves it.
async fn with_flash(site: &Site, session: Session, headers: &HeaderMap, reads: bool) -> (Session, Option<Flash>) {
    let looked_at = headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document");
    let Some(text) = session.flash.as_deref().filter(|_| reads && looked_at) else { return (session, None) };
    let flash = serde_json::from_str(text).ok();
    let session = Session { flash: None, ..session };
    if let Err(error) = session::keep(&site.store, &session).await {
        tracing::error!(%error, "a session could not be written");
    }
    (session, flash)
}

/// Whether a form comes from a page of ours. Browsers say where it was sent from; programs that say nothing have no
/// cookie that a person could be robbed of.
fn is_ours(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|from| !matches!(from, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some_and(|host| text(HOST.as_str()) == Some(host)) || site.house.base_url == origin || {
        let base = &site.house.base_url;
        base.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'))
    }
}

fn unreadable(site: &Site, standing: Option<(Session, User)>, uri: &Uri, why: Unreadable) -> Response {
    let (status, key) = match why {
        Unreadable::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "desk.too_large"),
        Unreadable::Broken => (StatusCode::BAD_REQUEST, "desk.unreadable"),
    };
    match standing {
        Some((session, user)) => login::refuse_form(&Desk::new(site.clone(), user, session, None, uri), status, key),
        None => login::refuse_stranger(site, status, key),
    }
}

/// Path and query of a request below the site's own path.
pub(crate) fn below(site: &Site, uri: &Uri) -> String {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let prefix = site.prefix();
    let below = path.strip_prefix(prefix).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    below.to_owned()
}

/// A text as part of a query.
pub(crate) fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // writing to a string cannot fail
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
