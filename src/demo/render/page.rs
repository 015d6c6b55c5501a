//! The outlets' pages for people: the list of news, and articles in three looks.
//!
//! The clutter is on purpose: menus, related headlines, share buttons and cookie notices are what an extraction has to
//! leave out.

use super::escape;
use crate::demo::world::{Form, Look, Outlet, Piece, Text};
use std::fmt::Write;

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

/// The page of all news: the only door to an outlet without a feed.
pub fn section(outlet: &Outlet, pieces: &[(&Piece, &Text)]) -> String {
    let body = format!("<h1>Tutte le notizie</h1>\n<section class=\"elenco\">\n{}</section>", cards(outlet, pieces));
    frame(outlet, "Tutte le notizie", "", &body)
}

/// An article page in the look of its outlet.
pub fn article(outlet: &Outlet, piece: &Piece, text: &Text, related: &[(&Piece, &Text)]) -> String {
    let body = match outlet.look {
        Look::Magazine => magazine(outlet, piece, text, related),
        Look::Portal => portal(outlet, piece, text, related),
        Look::Plain => plain(outlet, piece, text, related),
    };
    frame(outlet, &text.title, &head(outlet, piece, text), &body)
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
pub fn frame(outlet: &Outlet, title: &str, head: &str, body: &str) -> String {
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
