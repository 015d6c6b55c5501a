//! The page of a release, of one of its versions, and of one that was withdrawn.

use super::address::{Reading, Standing};
use super::files::Shown;
use super::list::{Link, kind_words, section_words, topic_link};
use super::notizia;
use super::shelf::topics;
use crate::Site;
use crate::frame::{Crumb, Frame};
use askama::Template;
use salastampa_domain::{ReleaseKind, Timestamp, file_path};
use salastampa_locale::{Lang, date, fill, plural, t};
use salastampa_releases::{Piece, compare, public, wording};

/// Words that are read in a minute, for the reading time of the national model.
const WORDS_A_MINUTE: usize = 200;

/// A release that can be read.
#[derive(Template, Debug)]
#[template(path = "newsroom/release.html")]
pub(crate) struct ReleasePage {
    pub(crate) frame: Frame,
    /// The language of the text, where it is not that of the page.
    pub(crate) spoken: Option<&'static str>,
    pub(crate) kind: String,
    pub(crate) numbered: String,
    pub(crate) kicker: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) place: String,
    pub(crate) published: Moment,
    pub(crate) updated: Moment,
    /// When it went to the press, where it did.
    pub(crate) issued: Option<Moment>,
    pub(crate) reading: String,
    /// That the text corrects another one.
    pub(crate) corrected: Option<Corrected>,
    /// That a newer text has taken its place, with the link to it.
    pub(crate) overtaken: Option<(String, String)>,
    pub(crate) topics: Vec<Link>,
    /// The headings of the text: names to link to, and words.
    pub(crate) index: Vec<(String, String)>,
    /// HTML, cleaned when the version was frozen.
    pub(crate) body: String,
    /// Photos and documents.
    pub(crate) files: Shown,
    pub(crate) quoted: Vec<String>,
    pub(crate) contacts: Vec<String>,
    /// The journalist who answers for the text, where the office wants the name on the page.
    pub(crate) responsible: Option<String>,
    pub(crate) ways: Ways,
}

/// A text that has taken the place of another.
#[derive(Clone, Debug)]
pub(crate) struct Corrected {
    /// *Rettifica*, or *Precisazione* where the text says so of itself.
    pub(crate) label: &'static str,
    pub(crate) at: Moment,
    /// The sentence that says so.
    pub(crate) words: String,
    /// What changed, where the text before was public.
    pub(crate) pieces: Vec<Piece>,
}

/// What can be done with a release, as links.
#[derive(Clone, Debug)]
pub(crate) struct Ways {
    /// The address to hand on.
    pub(crate) url: String,
    pub(crate) text: String,
    pub(crate) document: String,
    pub(crate) data: String,
    pub(crate) receipt: String,
    /// All public texts with what changed, where there are several.
    pub(crate) versions: Option<(String, String)>,
}

/// A release that was withdrawn.
#[derive(Template, Debug)]
#[template(path = "newsroom/withdrawn.html")]
pub(crate) struct WithdrawnPage {
    pub(crate) frame: Frame,
    pub(crate) heading: String,
    pub(crate) words: String,
    pub(crate) why: String,
    pub(crate) at: Moment,
}

/// An instant for machines and for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Moment {
    pub(crate) datetime: String,
    pub(crate) words: String,
}

impl Moment {
    pub(crate) fn of(at: Timestamp, lang: Lang) -> Self {
        Self { datetime: at.rfc3339(), words: date::moment(at.civil(), lang) }
    }
}

impl ReleasePage {
    /// The page of the text that stands.
    pub(super) fn of(site: &Site, reading: &Reading) -> Self {
        let Reading { version, published, head, .. } = reading;
        let lang = site.house.lang;
        let mut frame = site.frame(&version.title).under_section(reading.news());
        frame.crumbs.push(Crumb::here(&version.title));
        frame.description.clone_from(&version.summary);
        frame.canonical = Some(reading.path());
        frame.article = Some((published.public_at.rfc3339(), reading.updated().rfc3339()));
        frame.data = Some(notizia::linked(site, reading));
        frame.image = version.files.photos.first().map(|photo| file_path(&photo.web.file, &photo.name));
        let head = head.as_ref();
        let own = head.map(|head| head.contacts.clone()).unwrap_or_default();
        let (body, index) = public::with_names(&version.page);
        let path = format!("{}{}", site.prefix(), reading.path());
        let spoken = head.and_then(|head| head.language).filter(|spoken| *spoken != lang);
        let named = head.map(|head| topics(&head.topics)).unwrap_or_default();
        Self {
            spoken: spoken.map(Lang::code),
            kind: kind_words(reading.news(), reading.kind(), lang).to_owned(),
            numbered: wording::numbered(reading.kind(), Some(reading.register()), lang),
            kicker: head.map(|head| head.kicker.clone()).unwrap_or_default(),
            title: version.title.clone(),
            summary: version.summary.clone(),
            place: head.and_then(|h| h.place.clone()).unwrap_or_else(|| site.house.town.clone()),
            published: Moment::of(published.public_at, lang),
            updated: Moment::of(reading.updated(), lang),
            issued: reading.issued.map(|at| Moment::of(at, lang)),
            reading: reading_time(&version.page, lang),
            corrected: version.corrects.map(|_| Corrected::of(reading, lang)),
            overtaken: None,
            topics: named
                .iter()
                .map(|topic| topic_link(&topic.slug, &topic.words, String::new(), site.prefix()))
                .collect(),
            index,
            body,
            files: Shown::of(site, reading),
            quoted: head.map(|head| head.quoted.clone()).unwrap_or_default(),
            contacts: if own.is_empty() { frame.contacts.clone() } else { own },
            responsible: head.and_then(public::signed_by).map(str::to_owned),
            ways: Ways {
                url: format!("{}{}", frame.base_url, reading.path()),
                text: format!("{path}.txt"),
                document: format!("{path}.docx"),
                data: format!("{path}.json"),
                receipt: format!("{path}/ricevuta"),
                versions: (reading.texts.len() > 1).then(|| {
                    (format!("{path}/versioni"), plural(lang, "newsroom.release.versions", reading.texts.len()))
                }),
            },
            frame,
        }
    }

    /// The page of one version, at its own address: the words of that text, and that a newer one stands where one does.
    pub(super) fn of_version(site: &Site, reading: &Reading) -> Self {
        let lang = site.house.lang;
        let mut page = Self::of(site, reading);
        let href = format!("{}{}", site.prefix(), reading.path());
        let number = reading.version.number.to_string();
        let since = Moment::of(reading.since, lang);
        let words = match reading.until.map(|until| Moment::of(until, lang)) {
            Some(until) => {
                let values = [("n", number.as_str()), ("since", &since.words), ("until", &until.words)];
                fill(lang, "newsroom.version.old", &values)
            }
            None => fill(lang, "newsroom.version.stands", &[("n", &number), ("since", &since.words)]),
        };
        page.ways.text = format!("{href}/v{number}.txt");
        page.updated = since;
        page.corrected = None;
        // what a newer text no longer has is not handed out any more
        if reading.until.is_some() {
            page.files = Shown::default();
            page.frame.image = None;
        }
        page.overtaken = Some((words, href.clone()));
        page.frame.data = None;
        page.frame.crumbs.pop();
        page.frame.crumbs.push(Crumb::new(&page.title, href));
        page.frame.crumbs.push(Crumb::here(&fill(lang, "newsroom.version.number", &[("n", &number)])));
        page
    }
}

/// What a text that has taken the place of another is called: *Rettifica*, or *Precisazione* where it says so of itself.
pub(super) fn correction_words(kind: ReleaseKind, lang: Lang) -> &'static str {
    let kind = if kind == ReleaseKind::Precisazione { kind } else { ReleaseKind::Rettifica };
    wording::kind(kind, lang)
}

impl Corrected {
    fn of(reading: &Reading, lang: Lang) -> Self {
        let at = Moment::of(reading.updated(), lang);
        let words = |text: &Standing| public::text(&text.version, reading.register(), lang);
        let here = reading.texts.iter().position(|text| text.version.id == reading.version.id);
        let before = here.and_then(|here| Some((reading.texts.get(here.checked_sub(1)?)?, reading.texts.get(here)?)));
        Self {
            label: correction_words(reading.kind(), lang),
            words: fill(lang, "web.release.corrected", &[("at", &at.words)]),
            pieces: before.map(|(old, new)| compare(&words(old), &words(new))).unwrap_or_default(),
            at,
        }
    }
}

impl ReleasePage {
    /// Whether a piece was `added` or `removed`.
    fn is(&self, piece: &Piece, change: &str) -> bool {
        super::versions::is(piece, change)
    }
}

impl WithdrawnPage {
    pub(super) fn of(site: &Site, at: Timestamp, why: String) -> Self {
        let lang = site.house.lang;
        let heading = t(lang, "web.withdrawn.title").to_owned();
        let frame = site.frame(&heading).under_news().here();
        let at = Moment::of(at, lang);
        Self { frame, heading, words: fill(lang, "web.withdrawn.words", &[("at", &at.words)]), why, at }
    }
}

impl Frame {
    /// The path to a section: *Home › Novità › Comunicati*.
    #[must_use]
    pub(super) fn under_section(self, news: salastampa_domain::NewsType) -> Self {
        let mut frame = self.under_news();
        frame.push(section_words(news, frame.lang), &format!("/novita/{}", news.section()));
        frame.feed = format!("/novita/{}", news.section());
        frame
    }
}

pub(super) fn reading_time(page: &str, lang: Lang) -> String {
    let words = page.split(|c: char| c.is_whitespace() || c == '<' || c == '>').filter(|w| w.len() > 1).count();
    plural(lang, "web.release.minute", words.div_ceil(WORDS_A_MINUTE).max(1))
}
