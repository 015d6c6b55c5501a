//! How the outlets of the demo look to programs and people: feeds in seven forms, good and bad, and article pages in
//! three looks with all that real pages put around a text.
//!
//! What a path means is decided here; [`feed`] and [`page`] write it. Left out: pictures and scripts that do anything.

mod feed;
mod page;

use super::world::{Form, Outlet, Piece, Robots, Text};
use salastampa_domain::Timestamp;
use std::fmt::Write;

/// So many items stand in a feed.
const WINDOW: usize = 25;
/// Before anything was published, for documents that never change.
const EPOCH: Timestamp = Timestamp(1_790_000_000_000);

/// Something that is served.
pub struct Document {
    /// Media type.
    pub kind: &'static str,
    /// The bytes as they go out.
    pub bytes: Vec<u8>,
    /// Differs from that of any other state of the same document.
    pub version: String,
    /// When it last changed.
    pub changed: Timestamp,
}

/// What stands at a path of an outlet at this instant.
pub fn document(outlet: &Outlet, path: &str, present: Timestamp) -> Option<Document> {
    let fixed =
        |kind, text: String| Some(Document { kind, bytes: text.into_bytes(), version: "1".into(), changed: EPOCH });
    match path {
        "/robots.txt" if outlet.robots == Robots::Html => fixed("text/html; charset=utf-8", missing(outlet)),
        "/robots.txt" => fixed("text/plain; charset=utf-8", robots(outlet)),
        "/.well-known/tdmrep.json" if outlet.tdm_reserved => fixed(
            "application/json",
            format!(r#"[{{"location":"/*","tdm-reservation":1,"tdm-policy":"http://{}/licenze"}}]"#, outlet.host),
        ),
        _ if path == outlet.path => Some(front(outlet, present)),
        "/" => Some(home(outlet, present)),
        _ => outlet.out(present).find(|p| outlet.path_of(p) == path).map(|p| article(outlet, p, present)),
    }
}

/// The page for what is not there.
pub fn missing(outlet: &Outlet) -> String {
    let body = "<h1>Pagina non trovata</h1><p>L'indirizzo richiesto non esiste.</p>";
    page::frame(outlet, "Pagina non trovata", "", body)
}

fn robots(outlet: &Outlet) -> String {
    let mut text = String::from("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\n");
    text.push_str("Disallow: /cerca\nDisallow: /*?\n");
    if outlet.robots == Robots::NoArticles {
        let _ = writeln!(text, "Disallow: {}", outlet.folder);
    }
    if outlet.form == Form::Sitemap {
        let _ = writeln!(text, "\nSitemap: http://{}{}", outlet.host, outlet.path);
    }
    text
}

/// When what is out last changed, and a number that grows with each change.
fn state(outlet: &Outlet, present: Timestamp) -> (Timestamp, usize) {
    let changes = || outlet.out(present).flat_map(|p| p.texts.iter().map(|t| t.since)).filter(|at| *at <= present);
    (changes().max().unwrap_or(EPOCH), changes().count())
}

/// What the outlet offers to programs.
fn front(outlet: &Outlet, present: Timestamp) -> Document {
    let pieces: Vec<(&Piece, &Text)> = outlet.out(present).take(WINDOW).map(|p| (p, p.text(present))).collect();
    let (changed, version) = state(outlet, present);
    let (kind, bytes) = match outlet.form {
        Form::Rss => ("application/rss+xml; charset=utf-8", feed::rss(outlet, &pieces, changed, "utf-8").into_bytes()),
        Form::RssWindows1252 => ("text/xml", windows_1252(&feed::rss(outlet, &pieces, changed, "windows-1252"))),
        Form::RssBroken => {
            ("application/xml; charset=utf-8", feed::broken(&feed::rss(outlet, &pieces, changed, "utf-8")).into_bytes())
        }
        Form::Atom => ("application/atom+xml; charset=utf-8", feed::atom(outlet, &pieces, changed).into_bytes()),
        Form::Json => ("application/feed+json", feed::json(outlet, &pieces).into_bytes()),
        Form::Sitemap => ("application/xml; charset=utf-8", feed::sitemap(outlet, &pieces).into_bytes()),
        Form::Page => ("text/html; charset=utf-8", page::section(outlet, &pieces).into_bytes()),
    };
    Document { kind, bytes, version: format!("{version}"), changed }
}

/// The first page, for people.
fn home(outlet: &Outlet, present: Timestamp) -> Document {
    let pieces: Vec<(&Piece, &Text)> = outlet.out(present).take(12).map(|p| (p, p.text(present))).collect();
    let (changed, version) = state(outlet, present);
    let bytes = page::section(outlet, &pieces).into_bytes();
    Document { kind: "text/html; charset=utf-8", bytes, version: format!("{version}"), changed }
}

/// An article as it reads at this instant, among what came before it.
fn article(outlet: &Outlet, piece: &Piece, present: Timestamp) -> Document {
    let text = piece.text(present);
    let related: Vec<(&Piece, &Text)> =
        outlet.out(piece.at).filter(|p| p.number != piece.number).take(4).map(|p| (p, p.text(present))).collect();
    let page = page::article(outlet, piece, text, &related);
    let (kind, bytes) = match outlet.form {
        Form::RssWindows1252 => ("text/html; charset=windows-1252", windows_1252(&page)),
        _ => ("text/html; charset=utf-8", page.into_bytes()),
    };
    Document { kind, bytes, version: format!("{}-{}", piece.number, text.since.0 / 1_000), changed: text.since }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The bytes of windows-1252; what it lacks becomes a numeric reference.
fn windows_1252(text: &str) -> Vec<u8> {
    const HIGH: [(char, u8); 10] = [
        ('€', 0x80),
        ('‚', 0x82),
        ('„', 0x84),
        ('…', 0x85),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('–', 0x96),
        ('—', 0x97),
    ];
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            code @ (0..=0x7f | 0xa0..=0xff) => out.push(code.to_le_bytes()[0]),
            code => match HIGH.iter().find(|(high, _)| *high == c) {
                Some((_, byte)) => out.push(*byte),
                None => out.extend_from_slice(format!("&#{code};").as_bytes()),
            },
        }
    }
    out
}
