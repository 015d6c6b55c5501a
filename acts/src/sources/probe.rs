//! A look at an address before it becomes a source: asked for here, done by the program that runs, read here again.
//!
//! The answer is the crawler's ([`Probed`] reads what it wrote); nobody is told only yes or no.

use crate::desk::{AtDesk, slip};
use crate::house::{actor, allowed};
use crate::{Denied, Result, Slip};
use salastampa_domain::{Act, Errand, ErrandId, ErrandKind, Selectors, Timestamp, VisitOutcome};
use salastampa_locale::t;
use salastampa_store::Rows;
use serde::Deserialize;

/// Longest address and longest selector, in bytes.
const LONGEST: (usize, usize) = (2_000, 300);

/// What was found at an address.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct Probed {
    /// As asked.
    pub asked: String,
    /// Where the answer came from.
    pub url: String,
    /// HTTP status, if an answer came.
    pub status: Option<u16>,
    /// How a visit would end.
    pub outcome: VisitOutcome,
    /// What robots.txt says.
    pub robots: Option<ProbedRobots>,
    /// Text mining is reserved there.
    pub tdm_reserved: bool,
    /// What it is.
    pub document: ProbedKind,
    /// Its bytes.
    pub bytes: usize,
    /// What would be taken, the first of them.
    pub items: Vec<ProbedItem>,
    /// How many in all.
    pub found: usize,
    /// Feeds that it names.
    pub feeds: Vec<String>,
    /// What could not be read.
    pub problems: Vec<String>,
    /// The host whose gate it stands behind.
    pub host: String,
}

/// What stands at an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbedKind {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap.
    Sitemap,
    /// A map of sitemaps.
    SitemapIndex,
    /// A file of a news agency: it belongs into a drop folder.
    Wire,
    /// One article.
    Article,
    /// A page: read by selectors, or not at all.
    Page,
    /// Anything else.
    Other,
    /// Nothing came.
    Nothing,
}

/// What robots.txt says.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct ProbedRobots {
    /// Whether pages may be read.
    pub allows: bool,
    /// The rule, or why there is none.
    pub because: Option<String>,
    /// Agents of artificial intelligence that it names.
    pub ai_agents: Vec<String>,
}

/// One thing that would be taken.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct ProbedItem {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, as declared.
    pub published_at: Option<Timestamp>,
    /// Only a day is declared.
    pub date_only: bool,
    /// Length of its lead.
    pub lead_chars: usize,
    /// Length of its text.
    pub body_chars: usize,
}

/// Asks for a look at an address, also by the selectors of a section page.
///
/// # Errors
/// [`Denied::Form`] for what is no address.
pub async fn ask_probe(desk: AtDesk<'_>, url: &str, selectors: Option<Selectors>) -> Result<ErrandId> {
    let url = address(url);
    let mut slips: Vec<Slip> = Vec::new();
    if url.is_none() {
        slips.push(slip("url", t(desk.lang, "sources.slip.url")));
    }
    let selectors = selectors.map(tidy);
    if let Some(given) = &selectors {
        let all =
            [Some(&given.item), given.link.as_ref(), given.title.as_ref(), given.date.as_ref(), given.lead.as_ref()];
        if given.item.is_empty() {
            slips.push(slip("item", t(desk.lang, "sources.slip.item")));
        } else if all.into_iter().flatten().any(|text| text.len() > LONGEST.1) {
            slips.push(slip("item", t(desk.lang, "sources.slip.selector")));
        }
    }
    let (Some(url), true) = (url, slips.is_empty()) else { return Err(Denied::Form(slips).into()) };
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Administer).await?;
    let id = write.record_errand(&ErrandKind::Probe { url, selectors }, &actor(&user), desk.now).await?;
    write.commit().await?;
    Ok(id)
}

/// The look of that number: the errand, and what was found once it is done; `Err` is why nothing was.
pub async fn find_probe(
    rows: &mut Rows,
    id: ErrandId,
) -> Result<Option<(Errand, Option<std::result::Result<Probed, String>>)>> {
    let Some(errand) = rows.find_errand(id).await?.filter(|e| matches!(e.kind, ErrandKind::Probe { .. })) else {
        return Ok(None);
    };
    let found = errand.result.as_deref().map(|result| {
        serde_json::from_str::<Probed>(result).map_err(|_| {
            let failed: Option<serde_json::Value> = serde_json::from_str(result).ok();
            failed.and_then(|value| Some(value.get("error")?.as_str()?.to_owned())).unwrap_or_default()
        })
    });
    Ok(Some((errand, found)))
}

impl Probed {
    /// What kind of source the address can be.
    pub fn is_source(&self) -> bool {
        self.outcome.is_good()
            && match self.document {
                ProbedKind::Feed => true,
                ProbedKind::Sitemap | ProbedKind::SitemapIndex => true,
                ProbedKind::Page => self.found > 0,
                ProbedKind::Wire | ProbedKind::Article | ProbedKind::Other | ProbedKind::Nothing => false,
            }
    }
}

/// An address of the web, also if it was pasted without its beginning.
fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let rest = whole.strip_prefix("https://").or_else(|| whole.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let fits = whole.len() <= LONGEST.0 && host.contains('.') && !host.contains('@');
    (fits && !whole.chars().any(|c| c.is_whitespace() || c.is_control())).then_some(whole)
}

fn tidy(selectors: Selectors) -> Selectors {
    let part = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    Selectors {
        item: selectors.item.trim().to_owned(),
        link: part(selectors.link),
        title: part(selectors.title),
        date: part(selectors.date),
        lead: part(selectors.lead),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_pasted_without_its_beginning() {
        for (typed, expected) in [
            (" https://il-lago.test/feed ", Some("https://il-lago.test/feed")),
            ("il-lago.test/feed", Some("https://il-lago.test/feed")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("https://pia@il-lago.test/", None),
            ("due parole", None),
            ("localhost", None),
            ("", None),
        ] {
            assert_eq!(address(typed).as_deref(), expected, "{typed}");
        }
    }
}
