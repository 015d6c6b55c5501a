//! A list of releases as the national model lays it out: *In evidenza*, *Esplora tutte le novità* with search and cards,
//! *Esplora per categoria*.

use super::page::{Moment, correction_words};
use super::shelf::{Entry, topics_of, years_of};
use crate::Site;
use crate::answer::Error;
use crate::frame::Frame;
use askama::Template;
use salastampa_domain::{NewsType, file_path};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_releases::wording;

/// Releases on a page.
pub(crate) const PAGE: usize = 20;
/// Topics that a list names; the rest have a page of their own.
const TOPICS: usize = 12;

/// A list.
#[derive(Template, Debug)]
#[template(path = "newsroom/list.html")]
pub(crate) struct ListPage {
    pub(crate) frame: Frame,
    pub(crate) lead: String,
    /// The newest, on the first page of all news.
    pub(crate) featured: Option<Card>,
    /// The heading above the cards.
    pub(crate) heading: String,
    pub(crate) question: String,
    pub(crate) found: String,
    pub(crate) cards: Vec<Card>,
    /// What is said where there are none.
    pub(crate) empty: String,
    /// Links to the newer and the older page.
    pub(crate) newer: Option<String>,
    pub(crate) older: Option<String>,
    /// `Pagina 2 di 5`; none where there is one page.
    pub(crate) position: Option<String>,
    pub(crate) around: Around,
}

/// The other ways to what can be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Around {
    pub(crate) sections: Vec<Link>,
    pub(crate) topics: Vec<Link>,
    /// There are more topics than are named here.
    pub(crate) more_topics: bool,
    pub(crate) years: Vec<Link>,
}

/// A link with what stands beside it.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) words: String,
    pub(crate) note: String,
}

/// A release in a list.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) href: String,
    /// Empty where the word below says the same.
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) datetime: String,
    pub(crate) date: String,
    /// That it has taken the place of another text, under the word of the trade: since when, and the words.
    pub(crate) corrected: Option<Moment>,
    pub(crate) topics: Vec<Link>,
    pub(crate) photo: Option<Thumb>,
}

/// A photo in a list: small, ours, with its size given so that nothing jumps while it loads.
#[derive(Clone, Debug)]
pub(crate) struct Thumb {
    pub(crate) src: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) alt: String,
    pub(crate) credit: String,
}

/// What a list is of.
pub(crate) struct Asked<'a> {
    pub(crate) lead: String,
    /// Path below the site, without the number of the page.
    pub(crate) path: String,
    pub(crate) question: &'a str,
    /// What is said where nothing is found.
    pub(crate) empty: String,
    /// The newest stands out.
    pub(crate) features: bool,
}

impl ListPage {
    /// Page `number` of what was found among all entries; nothing where there is no such page.
    pub(crate) fn of(
        site: &Site,
        frame: Frame,
        asked: Asked<'_>,
        all: &[Entry],
        found: &[&Entry],
        number: usize,
    ) -> Result<Self, Error> {
        let lang = site.house.lang;
        let last = found.len().div_ceil(PAGE).max(1);
        if !(1..=last).contains(&number) {
            return Err(Error::Missing);
        }
        let prefix = site.prefix();
        let mut cards: Vec<Card> =
            found.iter().skip((number - 1) * PAGE).take(PAGE).map(|entry| Card::of(entry, prefix, lang)).collect();
        // a list of one or two has nothing to bring out
        let featured = (asked.features && number == 1 && cards.len() > 2).then(|| cards.remove(0));
        let page = |n: usize| {
            let mark = if asked.path.contains('?') { '&' } else { '?' };
            if n == 1 { asked.path.clone() } else { format!("{}{mark}pagina={n}", asked.path) }
        };
        let mut frame = frame;
        frame.description.clone_from(&asked.lead);
        // an answer to a question is no page of its own for search engines
        frame.canonical = asked.question.is_empty().then(|| page(number));
        let link = |n: usize| format!("{prefix}{}", page(n));
        Ok(Self {
            heading: t(lang, if asked.question.is_empty() { "newsroom.list.all" } else { "newsroom.list.results" })
                .into(),
            lead: asked.lead,
            question: asked.question.to_owned(),
            found: plural(lang, "newsroom.list.found", found.len()),
            empty: asked.empty,
            featured,
            cards,
            newer: (number > 1).then(|| link(number - 1)),
            older: (number < last).then(|| link(number + 1)),
            position: (last > 1)
                .then(|| fill(lang, "web.list.position", &[("n", &number.to_string()), ("last", &last.to_string())])),
            around: Around::of(all, prefix, lang),
            frame,
        })
    }
}

impl Around {
    pub(crate) fn of(all: &[Entry], prefix: &str, lang: Lang) -> Self {
        let count = |n: usize| plural(lang, "newsroom.list.count", n);
        let section = |news: NewsType| Link {
            href: format!("{prefix}/novita/{}", news.section()),
            words: section_words(news, lang).to_owned(),
            note: count(all.iter().filter(|entry| entry.gist.news == news).count()),
        };
        let mut topics = topics_of(all);
        let more_topics = topics.len() > TOPICS;
        // those with most texts, then in alphabetical order again
        topics.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        topics.truncate(TOPICS);
        topics.sort();
        Self {
            sections: NewsType::ALL.into_iter().map(section).collect(),
            topics: topics
                .into_iter()
                .map(|(topic, n)| topic_link(&topic.slug, &topic.words, count(n), prefix))
                .collect(),
            more_topics,
            years: years_of(all)
                .into_iter()
                .map(|(year, n)| Link {
                    href: format!("{prefix}/novita/anno/{year}"),
                    words: year.to_string(),
                    note: count(n),
                })
                .collect(),
        }
    }
}

/// `Notizie`, `Comunicati`, `Avvisi`.
pub(crate) fn section_words(news: NewsType, lang: Lang) -> &'static str {
    let key = match news {
        NewsType::Notizia => "newsroom.section.notizie",
        NewsType::Comunicato => "newsroom.section.comunicati",
        NewsType::Avviso => "newsroom.section.avvisi",
    };
    t(lang, key)
}

pub(crate) fn topic_link(slug: &str, words: &str, note: String, prefix: &str) -> Link {
    Link { href: format!("{prefix}/novita/argomenti/{slug}"), words: words.to_owned(), note }
}

/// A notice is called so; a text for the press by the sort that stands above it.
pub(crate) fn kind_words(news: NewsType, kind: salastampa_domain::ReleaseKind, lang: Lang) -> &'static str {
    if news == NewsType::Comunicato { wording::kind(kind, lang) } else { wording::news(news, lang) }
}

impl Card {
    pub(crate) fn of(entry: &Entry, prefix: &str, lang: Lang) -> Self {
        let (gist, published) = (&entry.gist, &entry.published);
        let kind = kind_words(gist.news, gist.kind, lang);
        let correction = gist.corrects.then(|| correction_words(gist.kind, lang));
        Self {
            href: format!("{prefix}{}", entry.path()),
            kind: if correction == Some(kind) { String::new() } else { kind.to_owned() },
            title: gist.title.clone(),
            summary: gist.summary.clone(),
            datetime: published.public_at.rfc3339(),
            date: date::full(published.public_at.day(), lang),
            corrected: correction.map(|label| {
                let at = Moment::of(entry.updated(), lang);
                let words = fill(lang, "web.list.corrected", &[("kind", label), ("at", &at.words)]);
                Moment { words, ..at }
            }),
            topics: gist
                .topics
                .iter()
                .take(3)
                .map(|topic| topic_link(&topic.slug, &topic.words, String::new(), prefix))
                .collect(),
            photo: entry.photo().map(|photo| Thumb {
                src: format!("{prefix}{}", file_path(&photo.thumb.file, &photo.name)),
                width: photo.thumb.width,
                height: photo.thumb.height,
                alt: photo.alt.clone(),
                credit: photo.credit.clone(),
            }),
        }
    }
}
