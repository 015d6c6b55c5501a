//! How the outlets of the demo look to programs and people: feeds in seven forms, good and bad, and article pages in
//! three looks with all that real pages put around a text.
//!
//! The clutter is on purpose: menus, related headlines, share buttons and cookie notices are what an extraction has to
//! leave out. Left out: pictures and scripts that do anything.

use super::world::{Form, Look, Outlet, Piece, Robots, Text};
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
    frame(outlet, "Pagina non trovata", "", body)
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
        Form::Rss => ("application/rss+xml; charset=utf-8", rss(outlet, &pieces, changed, "utf-8").into_bytes()),
        Form::RssWindows1252 => ("text/xml", windows_1252(&rss(outlet, &pieces, changed, "windows-1252"))),
        Form::RssBroken => {
            ("application/xml; charset=utf-8", broken(&rss(outlet, &pieces, changed, "utf-8")).into_bytes())
        }
        Form::Atom => ("application/atom+xml; charset=utf-8", atom(outlet, &pieces, changed).into_bytes()),
        Form::Json => ("application/feed+json", json(outlet, &pieces).into_bytes()),
        Form::Sitemap => ("application/xml; charset=utf-8", sitemap(outlet, &pieces).into_bytes()),
        Form::Page => ("text/html; charset=utf-8", section(outlet, &pieces).into_bytes()),
    };
    Document { kind, bytes, version: format!("{version}"), changed }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn rss(outlet: &Outlet, pieces: &[(&Piece, &Text)], changed: Timestamp, encoding: &str) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<rss version=\"2.0\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\n<title>{}</title>\n<link>http://{}/</link>\n\
         <description>Le notizie di {}</description>\n<language>it</language>\n<lastBuildDate>{}</lastBuildDate>\n",
        escape(&outlet.name),
        outlet.host,
        escape(&outlet.name),
        changed.rfc5322(),
    );
    for (piece, text) in pieces {
        let url = outlet.url_of(piece);
        let _ = writeln!(
            out,
            "<item><title>{}</title><link>{url}</link><guid isPermaLink=\"true\">{url}</guid><pubDate>{}</pubDate>\
             <category>{}</category>{}<description>{}</description></item>",
            escape(&text.title),
            piece.at.rfc5322(),
            escape(&piece.rubric),
            piece.author.as_ref().map_or(String::new(), |a| format!("<dc:creator>{}</dc:creator>", escape(a))),
            escape(&format!("<p>{}</p>", escape(&text.lead))),
        );
    }
    out.push_str("</channel></rss>\n");
    out
}

/// What a home-made template does to a feed: entities of HTML that XML does not know, ampersands as they come, and in
/// every seventh item a tag that is never closed.
fn broken(feed: &str) -> String {
    let mut out = String::new();
    for (number, line) in feed.lines().enumerate() {
        let mut line = line.replace("&amp;lt;p&amp;gt;", "").replace("&amp;lt;/p&amp;gt;", "");
        if line.starts_with("<item>") {
            line =
                line.replace("&lt;p&gt;", "").replace("&lt;/p&gt;", "").replace("&amp;amp;", "&").replace("&amp;", "&");
            line = line.replace('è', "&egrave;").replace('à', "&agrave;").replace('’', "&rsquo;");
            if number % 7 == 2 {
                line = line.replacen("<description>", "<description><b>", 1);
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn atom(outlet: &Outlet, pieces: &[(&Piece, &Text)], changed: Timestamp) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"it\">\n\
         <title>{}</title><id>http://{}/</id><link href=\"http://{}/\"/><updated>{}</updated>\n",
        escape(&outlet.name),
        outlet.host,
        outlet.host,
        changed.rfc3339(),
    );
    for (piece, text) in pieces {
        let _ = writeln!(
            out,
            "<entry><title>{}</title><id>tag:{},2026:{}</id><link rel=\"alternate\" href=\"{}\"/>\
             <published>{}</published><updated>{}</updated><author><name>{}</name></author>\
             <category term=\"{}\"/><summary>{}</summary></entry>",
            escape(&text.title),
            outlet.host,
            piece.number,
            outlet.url_of(piece),
            piece.at.rfc3339(),
            text.since.rfc3339(),
            escape(piece.author.as_deref().unwrap_or(&outlet.name)),
            escape(&piece.rubric),
            escape(&text.lead),
        );
    }
    out.push_str("</feed>\n");
    out
}

fn json(outlet: &Outlet, pieces: &[(&Piece, &Text)]) -> String {
    let items: Vec<serde_json::Value> = pieces
        .iter()
        .map(|(piece, text)| {
            serde_json::json!({
                "id": format!("{}-{}", outlet.id, piece.number),
                "url": outlet.url_of(piece),
                "title": text.title,
                "summary": text.lead,
                "content_text": text.paragraphs.join("\n\n"),
                "date_published": piece.at.rfc3339(),
                "authors": piece.author.iter().map(|a| serde_json::json!({ "name": a })).collect::<Vec<_>>(),
                "tags": [piece.rubric],
            })
        })
        .collect();
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": format!("http://{}/", outlet.host),
        "language": "it",
        "items": items,
    })
    .to_string()
}

fn sitemap(outlet: &Outlet, pieces: &[(&Piece, &Text)]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n",
    );
    for (piece, text) in pieces {
        let _ = writeln!(
            out,
            "<url><loc>{}</loc><news:news><news:publication><news:name>{}</news:name><news:language>it</news:language>\
             </news:publication><news:publication_date>{}</news:publication_date><news:title>{}</news:title>\
             </news:news></url>",
            outlet.url_of(piece),
            escape(&outlet.name),
            piece.at.rfc3339(),
            escape(&text.title),
        );
    }
    out.push_str("</urlset>\n");
    out
}

fn cards(outlet: &Outlet, pieces: &[(&Piece, &Text)]) -> String {
    let mut out = String::new();
    for (piece, text) in pieces {
        let _ = writeln!(
            out,
            "<div class=\"scheda\"><span class=\"rubrica\">{}</span><h3><a href=\"{}\">{}</a></h3>\
             <time datetime=\"{}\">{}</time><p class=\"sommario\">{}</p></div>",
            escape(&piece.rubric),
            outlet.path_of(piece),
            escape(&text.title),
            piece.at.rfc3339(),
            piece.at.civil().strftime("%d/%m/%Y ore %H.%M"),
            escape(&text.lead),
        );
    }
    out
}

fn section(outlet: &Outlet, pieces: &[(&Piece, &Text)]) -> String {
    let body = format!("<h1>Tutte le notizie</h1>\n<section class=\"elenco\">\n{}</section>", cards(outlet, pieces));
    frame(outlet, "Tutte le notizie", "", &body)
}

fn home(outlet: &Outlet, present: Timestamp) -> Document {
    let pieces: Vec<(&Piece, &Text)> = outlet.out(present).take(12).map(|p| (p, p.text(present))).collect();
    let (changed, version) = state(outlet, present);
    let body = format!("<h1>{}</h1>\n{}", escape(&outlet.name), cards(outlet, &pieces));
    let bytes = frame(outlet, &outlet.name, "", &body).into_bytes();
    Document { kind: "text/html; charset=utf-8", bytes, version: format!("{version}"), changed }
}

fn article(outlet: &Outlet, piece: &Piece, present: Timestamp) -> Document {
    let text = piece.text(present);
    let related: Vec<(&Piece, &Text)> =
        outlet.out(piece.at).filter(|p| p.number != piece.number).take(4).map(|p| (p, p.text(present))).collect();
    let body = match outlet.look {
        Look::Magazine => magazine(outlet, piece, text, &related),
        Look::Portal => portal(outlet, piece, text, &related),
        Look::Plain => plain(outlet, piece, text, &related),
    };
    let page = frame(outlet, &text.title, &head(outlet, piece, text), &body);
    let (kind, bytes) = match outlet.form {
        Form::RssWindows1252 => ("text/html; charset=windows-1252", windows_1252(&page)),
        _ => ("text/html; charset=utf-8", page.into_bytes()),
    };
    Document { kind, bytes, version: format!("{}-{}", piece.number, text.since.0 / 1_000), changed: text.since }
}

/// What stands in the head of an article page: an old site says nothing of itself.
fn head(outlet: &Outlet, piece: &Piece, text: &Text) -> String {
    let mut out = String::new();
    if outlet.tdm_reserved {
        out.push_str("<meta name=\"tdm-reservation\" content=\"1\">\n");
    }
    if outlet.look == Look::Plain {
        return out;
    }
    let url = outlet.url_of(piece);
    let _ = write!(
        out,
        "<link rel=\"canonical\" href=\"{url}\">\n<meta property=\"og:type\" content=\"article\">\n\
         <meta property=\"og:title\" content=\"{}\">\n<meta property=\"og:description\" content=\"{}\">\n\
         <meta property=\"og:site_name\" content=\"{}\">\n\
         <meta property=\"article:published_time\" content=\"{}\">\n",
        escape(&text.title),
        escape(&text.lead),
        escape(&outlet.name),
        piece.at.rfc3339(),
    );
    if outlet.look == Look::Magazine {
        let data = serde_json::json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": text.title,
            "datePublished": piece.at.rfc3339(),
            "dateModified": text.since.rfc3339(),
            "articleSection": piece.rubric,
            "author": { "@type": "Person", "name": piece.author.as_deref().unwrap_or("Redazione") },
            "publisher": { "@type": "Organization", "name": outlet.name },
            "mainEntityOfPage": url,
        });
        // a `<` inside a script could end it
        let data = data.to_string().replace('<', "\\u003c");
        let _ = writeln!(out, "<script type=\"application/ld+json\">{data}</script>");
    }
    out
}

fn when(piece: &Piece) -> String {
    piece.at.civil().strftime("%d/%m/%Y alle %H:%M").to_string()
}

fn links(outlet: &Outlet, related: &[(&Piece, &Text)]) -> String {
    related.iter().fold(String::new(), |mut out, (piece, text)| {
        let _ = write!(out, "<li><a href=\"{}\">{}</a></li>", outlet.path_of(piece), escape(&text.title));
        out
    })
}

fn signed(piece: &Piece) -> String {
    piece.author.as_ref().map_or_else(|| "Redazione".into(), |a| escape(a))
}

fn magazine(outlet: &Outlet, piece: &Piece, text: &Text, related: &[(&Piece, &Text)]) -> String {
    let paragraphs = text.paragraphs.iter().fold(String::new(), |out, p| out + "<p>" + &escape(p) + "</p>\n");
    format!(
        "<nav class=\"briciole\"><a href=\"/\">Home</a> &rsaquo; <a href=\"/cerca?s={0}\">{0}</a></nav>\n\
         <article>\n<header><h1>{1}</h1>\n<p class=\"sommario\">{2}</p>\n<div class=\"firma\">di <span \
         class=\"author\">{3}</span> &middot; <time datetime=\"{4}\">{5}</time></div></header>\n\
         <ul class=\"social share\"><li><a href=\"#\">Condividi</a></li><li><a href=\"#\">Stampa</a></li>\
         <li><a href=\"#\">Ascolta l'articolo</a></li></ul>\n<div class=\"entry-content\">\n{6}</div>\n\
         <footer class=\"tag\">Argomenti: <a href=\"/cerca?s={0}\">{0}</a></footer>\n</article>\n\
         <aside class=\"sidebar\"><h2>I pi&ugrave; letti</h2><ul>{7}</ul>\n<div class=\"newsletter\"><p>Iscriviti alla \
         newsletter: ogni mattina le notizie nella tua casella.</p></div></aside>\n\
         <section class=\"comments\"><h2>Commenti</h2><p>Accedi per commentare.</p></section>",
        escape(&piece.rubric),
        escape(&text.title),
        escape(&text.lead),
        signed(piece),
        piece.at.rfc3339(),
        when(piece),
        paragraphs,
        links(outlet, related),
    )
}

fn portal(outlet: &Outlet, piece: &Piece, text: &Text, related: &[(&Piece, &Text)]) -> String {
    let mut paragraphs = String::new();
    for (index, paragraph) in text.paragraphs.iter().enumerate() {
        let _ = writeln!(paragraphs, "<p class=\"txt\">{}</p>", escape(paragraph));
        // related links amid the text are what portals live on
        if index == 1
            && let Some((other, said)) = related.first()
        {
            let _ = writeln!(
                paragraphs,
                "<div class=\"related-inline\"><strong>Leggi anche</strong> <a href=\"{}\">{}</a></div>",
                outlet.path_of(other),
                escape(&said.title),
            );
        }
    }
    format!(
        "<div class=\"row\"><div class=\"col-main\"><div class=\"post\">\n<span class=\"kicker\">{}</span>\
         <h1 class=\"post-title\">{}</h1>\n<div class=\"meta\">{} | {}</div>\n<div class=\"post-body\">\n{}</div>\n\
         <div class=\"share-bar\"><a href=\"#\">Invia</a> <a href=\"#\">Condividi</a></div></div>\n\
         <div class=\"correlati\"><h3>Potrebbe interessarti</h3><ul>{}</ul></div></div>\n\
         <div class=\"col-side\"><div class=\"box\"><h3>Meteo</h3><p>Bellariva: nubi sparse, 7 gradi</p></div>\
         <div class=\"box adv\">Pubblicit&agrave;</div></div></div>",
        escape(&piece.rubric),
        escape(&text.title),
        signed(piece),
        when(piece),
        paragraphs,
        links(outlet, related),
    )
}

fn plain(outlet: &Outlet, piece: &Piece, text: &Text, related: &[(&Piece, &Text)]) -> String {
    let paragraphs = text.paragraphs.iter().fold(String::new(), |out, p| out + "<p>" + &escape(p) + "</p>\n");
    format!(
        "<table width=\"980\"><tr><td width=\"180\" class=\"menu\"><ul>{}</ul></td><td>\n<h2>{}</h2>\n\
         <p><small>{} - {}</small></p>\n<div id=\"testo\">{}</div>\n</td></tr></table>",
        links(outlet, related),
        escape(&text.title),
        signed(piece),
        when(piece),
        paragraphs,
    )
}

/// The page around everything.
fn frame(outlet: &Outlet, title: &str, head: &str, body: &str) -> String {
    let encoding = if outlet.form == Form::RssWindows1252 { "windows-1252" } else { "utf-8" };
    let name = escape(&outlet.name);
    format!(
        "<!doctype html>\n<html lang=\"it\"><head><meta charset=\"{encoding}\">\n<title>{} - {name}</title>\n{head}\
         </head><body>\n<div class=\"cookie-banner\"><p>Questo sito usa cookie tecnici e, con il tuo consenso, di \
         profilazione.</p><button>Accetta</button><button>Rifiuta</button></div>\n\
         <header class=\"site-header\"><a href=\"/\">{name}</a><nav><ul><li><a href=\"/\">Home</a></li>\
         <li><a href=\"/cerca?s=cronaca\">Cronaca</a></li><li><a href=\"/cerca?s=politica\">Politica</a></li>\
         <li><a href=\"/cerca?s=cultura\">Cultura</a></li><li><a href=\"/cerca?s=sport\">Sport</a></li>\
         <li><a href=\"/cerca?s=meteo\">Meteo</a></li></ul></nav></header>\n<main>\n{body}\n</main>\n\
         <footer class=\"site-footer\"><p>{name} &middot; testata registrata &middot; <a href=\"/chi-siamo\">Chi \
         siamo</a> &middot; <a href=\"/privacy\">Privacy</a> &middot; <a href=\"/licenze\">Licenze</a></p></footer>\n\
         </body></html>\n",
        escape(title),
    )
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
