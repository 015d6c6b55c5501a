//! Files that pages ask for, inside the binary. The name of each holds its hash, so that a browser may keep it for ever
//! and a new version is a new name. What compresses is compressed once.
//!
//! `vendor/` holds Bootstrap Italia 2.18.3 (the look that the guidelines for public administrations expect) as its makers
//! ship it: style sheet, icons and the faces that the desk uses. Its scripts are left out: pages work without.

use crate::Site;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, VARY,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::OnceLock;

/// A file as pages name it, its type, its bytes. A style sheet names the faces of the list by their plain names.
const FILES: [(&str, &str, &[u8]); 10] = [
    (
        "titillium-web-regular.woff2",
        FONT,
        include_bytes!("../static/vendor/fonts/titillium-web-v10-latin-ext_latin-regular.woff2"),
    ),
    (
        "titillium-web-600.woff2",
        FONT,
        include_bytes!("../static/vendor/fonts/titillium-web-v10-latin-ext_latin-600.woff2"),
    ),
    (
        "titillium-web-700.woff2",
        FONT,
        include_bytes!("../static/vendor/fonts/titillium-web-v10-latin-ext_latin-700.woff2"),
    ),
    ("lora-regular.woff2", FONT, include_bytes!("../static/vendor/fonts/lora-v20-latin-ext_latin-regular.woff2")),
    (
        "roboto-mono-regular.woff2",
        FONT,
        include_bytes!("../static/vendor/fonts/roboto-mono-v13-latin-ext_latin-regular.woff2"),
    ),
    ("bootstrap-italia.min.css", STYLE, include_bytes!("../static/vendor/bootstrap-italia.min.css")),
    ("sprites.svg", "image/svg+xml", include_bytes!("../static/vendor/sprites.svg")),
    ("newsroom.css", STYLE, include_bytes!("../static/newsroom.css")),
    ("desk.css", STYLE, include_bytes!("../static/desk.css")),
    ("desk.js", "text/javascript; charset=utf-8", include_bytes!("../static/desk.js")),
];

const FONT: &str = "font/woff2";
const STYLE: &str = "text/css; charset=utf-8";

/// A file ready to be sent.
struct Asset {
    name: &'static str,
    path: String,
    mime: &'static str,
    bytes: Vec<u8>,
    /// The same in gzip (RFC 1952), where that is smaller.
    gzip: Option<Vec<u8>>,
}

/// The routes of the files.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/static/{name}", get(file))
}

/// The path of a file below the site: `/static/desk.0123456789abcdef.css`. A name that is not there gives itself.
pub(crate) fn path(name: &'static str) -> &'static str {
    assets().iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.path)
}

fn assets() -> &'static [Asset] {
    static ASSETS: OnceLock<Vec<Asset>> = OnceLock::new();
    ASSETS.get_or_init(|| {
        let mut made: Vec<Asset> = Vec::new();
        for (name, mime, bytes) in FILES {
            let bytes = if mime == STYLE { with_paths(bytes, &made) } else { bytes.to_vec() };
            let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
            let hash: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let gzip = (mime != FONT).then(|| compressed(&bytes)).flatten();
            made.push(Asset { name, path: format!("/static/{stem}.{hash}.{ending}"), mime, bytes, gzip });
        }
        made
    })
}

/// The style sheet with the hashed names of the faces that it asks for; they lie beside it.
fn with_paths(bytes: &[u8], made: &[Asset]) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    // the vendored sheet has one face of its own, for a video player that is not here, and our policy would refuse it
    if let Some((before, after)) = text.split_once("@font-face{font-family:VideoJS")
        && let Some((_, after)) = after.split_once('}')
    {
        text = format!("{before}{after}");
    }
    for asset in made {
        let file = asset.path.trim_start_matches("/static/");
        text = text.replace(&format!("url(\"{}\")", asset.name), &format!("url(\"{file}\")"));
    }
    text.into_bytes()
}

fn compressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).ok()?;
    gzip.finish().ok().filter(|small| small.len() < bytes.len())
}

async fn file(State(site): State<Site>, headers: HeaderMap, Path(name): Path<String>) -> Response {
    let Some(asset) = assets().iter().find(|asset| asset.path.strip_prefix("/static/") == Some(&name)) else {
        return crate::answer::missing(&site);
    };
    let takes_gzip = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let kept = [(CONTENT_TYPE, asset.mime), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    match &asset.gzip {
        Some(gzip) => {
            let mut response = if takes_gzip {
                ([(CONTENT_ENCODING, "gzip")], kept, gzip.as_slice()).into_response()
            } else {
                (kept, asset.bytes.as_slice()).into_response()
            };
            response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
            response
        }
        None => (kept, asset.bytes.as_slice()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_of_the_desk_loads_little() {
        let desk = assets().iter().filter(|asset| asset.name != "newsroom.css");
        let sum: usize = desk.map(|asset| asset.gzip.as_ref().unwrap_or(&asset.bytes).len()).sum();
        assert!(sum <= 250 * 1024, "{sum} bytes");
        let own = assets().iter().find(|asset| asset.name == "desk.js").map_or(0, |asset| asset.bytes.len());
        assert!(own <= 10 * 1024, "{own} bytes of script");
    }

    #[test]
    fn a_style_sheet_asks_for_our_own_files_only() {
        for asset in assets().iter().filter(|asset| asset.mime == STYLE) {
            let text = String::from_utf8_lossy(&asset.bytes);
            for asked in text.split("url(").skip(1).map(|rest| rest.trim_start_matches(['"', '\''])) {
                let name = asked.split(['"', '\'', ')']).next().unwrap_or_default();
                let is_ours = assets().iter().any(|other| other.path.strip_prefix("/static/") == Some(name));
                assert!(is_ours || name.starts_with("data:image/"), "{} asks for {name:.60}", asset.name);
            }
            assert!(!text.contains("@import"), "{}", asset.name);
        }
    }
}
