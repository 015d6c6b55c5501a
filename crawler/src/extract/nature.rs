//! What kind of page an article stands on, and what stands between it and its reader.
//!
//! A page says so itself (schema.org types and `isAccessibleForFree`, `og:type`, `article:content_tier`), else its address
//! and its words do. Words count only where little text was found: every paper asks its readers to subscribe, and
//! articles are written about captchas. Left out: any way around a barrier.

use super::jsonld::Linked;
use super::meta::Meta;
use crate::feed::plain;

/// Kinds of pages that articles stand on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PageKind {
    /// An article.
    #[default]
    Article,
    /// A running report that grows through the day: it is read again and never whole.
    LiveBlog,
    /// Pictures with captions: title, lead and date, perhaps no text.
    Gallery,
    /// A film: title, lead and date, perhaps no text.
    Video,
}

/// What keeps a text from being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Barrier {
    /// The page says that it is for subscribers: what was found may be only its beginning.
    Subscription,
    /// The page wants cookies accepted, or a subscription, before it shows anything.
    Consent,
    /// The page asks for proof of being a person.
    Challenge,
}

impl PageKind {
    /// Whether a page of this kind may well have no text.
    pub fn may_lack_text(self) -> bool {
        matches!(self, Self::Gallery | Self::Video)
    }
}

/// A text shorter than this may be a teaser, in bytes.
const TEASER: usize = 1_500;
/// A page with less text than this shows something else in place of an article, in bytes.
const NO_ARTICLE: usize = 200;
/// How much of a page is searched for words, in bytes.
const SEARCHED: usize = 512 << 10;

pub(super) fn kind(meta: &Meta, linked: &Linked, url: &str) -> PageKind {
    let says = |kind: &str| linked.kinds.iter().any(|known| known.ends_with(kind));
    let og = meta.kind.as_deref().unwrap_or_default().to_ascii_lowercase();
    let in_path = |words: &[&str]| {
        let path = url.split(['?', '#']).next().unwrap_or_default().splitn(4, '/').nth(3).unwrap_or_default();
        path.to_ascii_lowercase().split('/').any(|part| words.contains(&part))
    };
    if says("LiveBlogPosting") || in_path(&["live", "liveblog", "diretta", "live-blog"]) {
        return PageKind::LiveBlog;
    }
    if says("NewsArticle") && !in_path(&["video", "foto", "gallery"]) {
        return PageKind::Article;
    }
    if og.starts_with("video") || in_path(&["video", "videos", "video-gallery"]) {
        return PageKind::Video;
    }
    let is_gallery = says("ImageGallery") || says("MediaGallery");
    match is_gallery || in_path(&["foto", "gallery", "fotogallery", "photogallery", "photo-gallery", "galleria"]) {
        true => PageKind::Gallery,
        false => PageKind::Article,
    }
}

/// What stands in the way, given how many bytes of text were found.
pub(super) fn barrier(meta: &Meta, linked: &Linked, slim: &str, found: usize) -> Option<Barrier> {
    let tier = meta.tier.as_deref().unwrap_or_default().to_ascii_lowercase();
    let is_locked =
        matches!(tier.as_str(), "locked" | "premium" | "paid" | "subscribers" | "subscriber" | "true" | "yes");
    if linked.free == Some(false) || is_locked {
        return Some(Barrier::Subscription);
    }
    if found >= TEASER {
        return None;
    }
    let text =
        plain::line(&slim[..slim.floor_char_boundary(SEARCHED.min(slim.len()))]).to_lowercase().replace('’', "'");
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    if found < NO_ARTICLE {
        if says(&CHALLENGES) {
            return Some(Barrier::Challenge);
        }
        if says(&CONSENTS) {
            return Some(Barrier::Consent);
        }
    }
    says(&SUBSCRIPTIONS).then_some(Barrier::Subscription)
}

const CHALLENGES: [&str; 10] = [
    "verify you are human",
    "are you a robot",
    "are you human",
    "enable javascript and cookies to continue",
    "checking your browser",
    "unusual traffic",
    "verifica di essere",
    "non sei un robot",
    "non sono un robot",
    "access denied",
];

const CONSENTS: [&str; 6] = [
    "accetta i cookie e continua",
    "accetta e continua",
    "accettare i cookie o",
    "accetta i cookie oppure",
    "rifiuta e abbonati",
    "accept cookies or subscribe",
];

const SUBSCRIPTIONS: [&str; 16] = [
    "riservato agli abbonati",
    "riservata agli abbonati",
    "contenuto per gli abbonati",
    "solo per abbonati",
    "abbonati per leggere",
    "abbonati per continuare",
    "abbonati per proseguire",
    "per continuare a leggere",
    "per leggere l'articolo completo",
    "continua a leggere con l'abbonamento",
    "leggi l'articolo completo su",
    "subscribers only",
    "subscriber-only",
    "subscribe to continue",
    "subscribe to read",
    "this article is for subscribers",
];

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn read(html: &str) -> (Meta, Linked) {
        let page = Html::parse_document(html);
        (super::super::meta::read(&page, "https://lago.test/a"), super::super::jsonld::read(&page))
    }

    #[test]
    fn pages_are_told_apart_by_what_they_say_and_by_their_address() {
        let typed = |kind: &str| format!("<script type='application/ld+json'>{{\"@type\":\"{kind}\"}}</script>");
        for (html, url, expected) in [
            (typed("NewsArticle"), "https://lago.test/cronaca/ponte", PageKind::Article),
            (typed("LiveBlogPosting"), "https://lago.test/cronaca/ponte", PageKind::LiveBlog),
            (String::new(), "https://lago.test/diretta/elezioni", PageKind::LiveBlog),
            (String::new(), "https://lago.test/foto/regata", PageKind::Gallery),
            (typed("NewsArticle"), "https://lago.test/video/regata", PageKind::Video),
            ("<meta property=og:type content=video.other>".into(), "https://lago.test/regata", PageKind::Video),
            (String::new(), "https://video.test/regata", PageKind::Article),
            (String::new(), "nessun indirizzo", PageKind::Article),
        ] {
            let (meta, linked) = read(&html);
            assert_eq!(kind(&meta, &linked, url), expected, "{html} {url}");
        }
    }

    #[test]
    fn barriers_are_named_and_ordinary_pages_have_none() {
        let free = |value: &str| {
            format!(
                "<script type='application/ld+json'>{{\"@type\":\"NewsArticle\",\"isAccessibleForFree\":{value}}}</script>"
            )
        };
        for (html, found, expected) in [
            (free("false"), 9_000, Some(Barrier::Subscription)),
            (free("\"False\""), 100, Some(Barrier::Subscription)),
            (free("true"), 9_000, None),
            ("<meta name=article:content_tier content=locked>".into(), 9_000, Some(Barrier::Subscription)),
            ("<p>Contenuto <b>riservato</b> agli abbonati</p>".into(), 300, Some(Barrier::Subscription)),
            ("<p>Per continuare a leggere l’articolo abbonati</p>".into(), 1_000, Some(Barrier::Subscription)),
            ("<p>Contenuto riservato agli abbonati</p>".into(), 5_000, None),
            ("<h1>Verify you are human</h1>".into(), 20, Some(Barrier::Challenge)),
            ("<p>Il captcha chiede: non sono un robot</p>".into(), 900, None),
            ("<p>Accetta e continua</p>".into(), 350, None),
            ("<p>Accetta i cookie e continua, oppure abbonati</p>".into(), 20, Some(Barrier::Consent)),
            ("<p>Riapre il ponte</p>".into(), 20, None),
        ] {
            let (meta, linked) = read(&html);
            assert_eq!(barrier(&meta, &linked, &html, found), expected, "{html}");
        }
    }
}
