//! What would be taken out of this address or file, and why: the whole way once, nothing kept.
//!
//! For the person who adds a source and for `salastampa probe`. The answer is shown, never only yes or no, and carries
//! no text of others beyond titles.

mod look;
mod propose;

use crate::feed::Item;
use crate::key;
use crate::robots::{Robots, Verdict};
use crate::tdm::Tdm;
use crate::visit::{Manners, Purpose, Unasked, ask, fetch_robots, fetch_tdmrep, why, worker};
use crate::wire::WireItem;
use look::{Seen, look, look_at_section};
pub(crate) use look::{linked_feeds, named_feeds};
pub use propose::Proposal;
use salastampa_domain::{Selectors, Timestamp, VisitOutcome, WireKind, WireStatus};
use salastampa_http::{Client, Refused, Response};
use serde::Serialize;

/// Titles that are shown.
const SHOWN: usize = 50;
/// Redirects from site to site that are followed.
const MOST_SITES: usize = 4;
/// Problems that are shown.
const MOST_PROBLEMS: usize = 20;

/// What was found.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Probe {
    /// Address or file name, as asked.
    pub asked: String,
    /// Where the answer came from, after redirects.
    pub url: String,
    /// HTTP status; `None` for a file or where no answer came.
    pub status: Option<u16>,
    /// How a visit would end.
    pub outcome: VisitOutcome,
    /// What robots.txt says of the address; `None` for a file.
    pub robots: Option<RobotsView>,
    /// Text mining is reserved there.
    pub tdm_reserved: bool,
    /// What kind of document it is.
    pub document: Document,
    /// Bytes of the document, unpacked.
    pub bytes: usize,
    /// What would be taken.
    pub items: Vec<Taken>,
    /// How many there are in all.
    pub found: usize,
    /// Feeds that a page or its header names; of a map of sitemaps, the maps.
    pub feeds: Vec<String>,
    /// What could not be read.
    pub problems: Vec<String>,
    /// Why what was taken was taken, a few lines in technical words.
    pub steps: Vec<String>,
    /// Selectors that would read a section page.
    pub proposal: Option<Proposal>,
}

/// Kinds of documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap.
    Sitemap,
    /// A map of sitemaps.
    SitemapIndex,
    /// A file of a news agency.
    Wire,
    /// A page from which an article was read.
    Article,
    /// A page without an article: a section page perhaps.
    Page,
    /// Anything else.
    Other,
    /// Nothing came.
    Nothing,
}

/// What robots.txt says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RobotsView {
    /// Whether section pages, sitemaps and article pages may be read at this address; a feed always may.
    pub allows: bool,
    /// The rule that forbids it, or why there is none.
    pub because: Option<String>,
    /// Pause that the site asks for, in milliseconds.
    pub crawl_delay: Option<i64>,
    /// Agents of artificial intelligence that it forbids something to: the office decides what that means.
    pub ai_agents: Vec<String>,
}

/// One item, without its text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Taken {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// What it is compared by.
    pub key: String,
    /// When it was published, as declared.
    pub published_at: Option<Timestamp>,
    /// Only a day is declared.
    pub date_only: bool,
    /// Who signed it.
    pub authors: Vec<String>,
    /// Length of its lead, in characters.
    pub lead_chars: usize,
    /// Length of its text, in characters.
    pub body_chars: usize,
    /// What an agency says of it, if it is a wire.
    pub about: Option<String>,
}

/// Asks an address and says what would be taken; with selectors, what they take of a section page.
pub async fn explain(client: &Client, url: &str, selectors: Option<&Selectors>, now: Timestamp) -> Probe {
    let robots = fetch_robots(client, url, now).await;
    let tdmrep = fetch_tdmrep(client, url, now).await;
    let manners = Manners {
        robots: Robots::read(robots.status, &robots.body),
        tdm: Tdm::read(tdmrep.status, &tdmrep.body),
        ..Manners::of(None, None)
    };
    let nothing = Probe { robots: Some(view(&manners.robots, url)), ..Probe::nothing(url) };
    // a person asks for this one address: as with a feed that they configured, robots.txt is shown and not obeyed
    let answer = match ask_anywhere(client, url, &manners).await {
        Ok(answer) => answer,
        Err(outcome) => return Probe { outcome, ..nothing },
    };
    let probe = Probe {
        url: answer.url.clone(),
        status: Some(answer.status),
        tdm_reserved: manners.tdm.reserved(&answer.url, &answer.headers),
        bytes: answer.body.len(),
        ..nothing
    };
    if let Some(outcome) = why::of_answer(&answer, false) {
        return Probe { outcome, ..probe };
    }
    let linked = answer.header("link").map(|header| linked_feeds(header, &answer.url)).unwrap_or_default();
    let selectors = selectors.cloned();
    let seen = worker::apart(manners.parse, move || {
        let content_type = answer.header("content-type");
        let mut seen = match &selectors {
            Some(selectors) => look_at_section(&answer.body, content_type, &answer.url, selectors, now),
            None => look(&answer.body, content_type, &answer.url, now),
        };
        seen.feeds.extend(linked);
        seen
    })
    .await;
    probe.with(seen)
}

/// Asks and follows redirects from site to site as well: a person waits for this one answer.
async fn ask_anywhere(client: &Client, url: &str, manners: &Manners) -> Result<Response, VisitOutcome> {
    let mut url = url.to_owned();
    for _ in 0..=MOST_SITES {
        match ask(client, &url, Purpose::Feed, None, manners).await {
            Ok(answer) => return Ok(answer),
            Err(Unasked::Elsewhere { to, .. }) => url = to,
            Err(Unasked::Failed(outcome)) => return Err(outcome),
        }
    }
    Err(why::of_refusal(&Refused::TooManyRedirects))
}

/// The same for a document at hand; `base` is the address that its links are read against.
pub async fn explain_bytes(bytes: Vec<u8>, name: &str, base: &str, now: Timestamp) -> Probe {
    let probe = Probe { url: base.to_owned(), bytes: bytes.len(), ..Probe::nothing(name) };
    let base = base.to_owned();
    let seen = worker::apart(Manners::of(None, None).parse, move || look(&bytes, None, &base, now)).await;
    probe.with(seen)
}

impl Probe {
    fn nothing(asked: &str) -> Self {
        Self {
            asked: asked.to_owned(),
            url: asked.to_owned(),
            status: None,
            outcome: VisitOutcome::Read,
            robots: None,
            tdm_reserved: false,
            document: Document::Nothing,
            bytes: 0,
            items: Vec::new(),
            found: 0,
            feeds: Vec::new(),
            problems: Vec::new(),
            steps: Vec::new(),
            proposal: None,
        }
    }

    fn with(self, seen: Result<Seen, worker::Mishap>) -> Self {
        let seen = match seen {
            Ok(seen) => seen,
            Err(mishap) => return Self { outcome: why::of_mishap(mishap), ..self },
        };
        let outcome = match seen.document {
            Document::Other | Document::Nothing => {
                VisitOutcome::NotAFeed { why: "né feed, né sitemap, né pagina leggibile".into() }
            }
            _ => VisitOutcome::Read,
        };
        Self {
            outcome,
            document: seen.document,
            found: seen.items.len() + seen.wires.len(),
            items: match seen.wires.is_empty() {
                true => seen.items.iter().take(SHOWN).map(taken).collect(),
                false => seen.wires.into_iter().take(SHOWN).collect(),
            },
            feeds: seen.feeds,
            steps: seen.steps,
            proposal: seen.proposal,
            problems: seen.problems.into_iter().take(MOST_PROBLEMS).collect(),
            tdm_reserved: self.tdm_reserved || seen.tdm_reserved,
            ..self
        }
    }
}

fn view(robots: &Robots, url: &str) -> RobotsView {
    let because = match robots.verdict(url) {
        Verdict::Allowed => None,
        Verdict::Disallowed { rule } => Some(rule),
        Verdict::Closed => Some("robots.txt non risponde".into()),
        Verdict::Unreadable => Some("al posto di robots.txt c'è altro".into()),
    };
    RobotsView {
        allows: because.is_none(),
        because,
        crawl_delay: robots.crawl_delay(),
        ai_agents: robots.ai_agents().to_vec(),
    }
}

fn taken(item: &Item) -> Taken {
    Taken {
        title: item.title.clone(),
        url: item.url.clone(),
        key: key::canonical(&item.url),
        published_at: item.published_at,
        date_only: item.date_only,
        authors: item.authors.clone(),
        lead_chars: item.lead.chars(),
        body_chars: item.body.chars(),
        about: None,
    }
}

/// A wire, with what decides its fate: identity, version, use, take, urgency.
fn taken_wire(item: WireItem) -> Taken {
    let mut about = vec![format!("{:?} {}, version {}", item.format, item.identity, item.version)];
    about.extend((item.kind != WireKind::New).then(|| format!("{:?}", item.kind).to_lowercase()));
    about.extend((item.status != WireStatus::Usable).then(|| format!("{:?}", item.status).to_lowercase()));
    about.extend(item.embargo_until.map(|at| format!("embargo until {}", at.rfc3339())));
    about.extend(
        (item.take > 1 || item.continues)
            .then(|| format!("take {}{}", item.take, if item.continues { ", more to come" } else { "" })),
    );
    about.extend(item.urgency.map(|n| format!("urgency {n}")));
    about.extend((item.plus > 0).then(|| "+".repeat(item.plus.min(5).into())));
    about.extend(item.dateline.or(item.place));
    about.extend(item.rubric);
    Taken {
        key: format!("wire:{}", item.identity),
        title: item.title,
        url: String::new(),
        published_at: item.issued_at,
        date_only: false,
        authors: item.authors,
        lead_chars: item.lead.chars(),
        body_chars: item.body.chars(),
        about: Some(about.join(" · ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://www.lago.test/";

    async fn probe(text: &str) -> Probe {
        let now = Timestamp::parse("2026-11-23 12:00").expect("an instant");
        explain_bytes(text.as_bytes().to_vec(), "file", BASE, now).await
    }

    #[tokio::test]
    async fn each_kind_of_document_is_known() {
        let rss = "<rss version='2.0'><channel><title>Il Lago</title><item><title>Riapre il molo</title>\
            <link>/molo</link><description>Da domani i pedoni.</description></item></channel></rss>";
        let wire = "<nitf><head><docdata><doc-id id-string='z1'/><urgency ed-urg='2'/></docdata></head><body><body.head>\
            <hedline><hl1>Riapre il molo (2)</hl1></hedline></body.head><body.content><p>Domani.</p></body.content></body></nitf>";
        let article = format!(
            "<html><body><article><h1>Riapre il molo</h1>{}</article></body></html>",
            "<p>Da domani i pedoni tornano sul molo piccolo, chiuso da tre mesi per i lavori alle luci e agli alberi.</p>\
             <p>Restano fuori uso la rampa per le barche e il pontile, che aspettano un collaudo rinviato due volte.</p>\
             <p>La sindaca Ada Corti: «Abbiamo tenuto fede alla data che ci eravamo dati a primavera».</p>"
        );
        let index = "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>";
        for (text, document, found) in [
            (rss, Document::Feed, 1),
            ("<urlset><url><loc>/molo</loc></url></urlset>", Document::Sitemap, 1),
            (index, Document::SitemapIndex, 0),
            (wire, Document::Wire, 1),
            ("<nitf><body>", Document::Wire, 0),
            ("<html><body><ul><li><a href=/a>A</a></ul></body></html>", Document::Page, 0),
            (&article, Document::Article, 1),
            ("%PDF-1.7", Document::Other, 0),
            ("", Document::Nothing, 0),
        ] {
            let probe = probe(text).await;
            assert_eq!((probe.document, probe.found), (document, found), "{text}");
        }
    }

    #[tokio::test]
    async fn a_page_names_its_feeds() {
        let page = probe(
            "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'>\
             <link rel='alternate' hreflang='en' href='/en'>\
             <link rel='alternate home' type='application/atom+xml' href='https://rss.lago.test/atom'></head>\
             <body><link rel=alternate type=rss href=/nascosto></body></html>",
        )
        .await;
        assert_eq!(page.feeds, ["https://www.lago.test/feed", "https://rss.lago.test/atom"]);
    }

    #[tokio::test]
    async fn the_answer_carries_no_text_of_others_beyond_titles() {
        let probe = probe(
            "<rss version='2.0'><channel><item><title>Riapre il molo</title><link>/molo</link>\
             <description>Parole riservate.</description></item></channel></rss>",
        )
        .await;
        let json = serde_json::to_string(&probe).expect("plain data");
        assert!(json.contains("Riapre il molo") && !json.contains("riservate"), "{json}");
        assert_eq!(probe.items[0].lead_chars, 17);
    }
}
