//! *Manca un pezzo*: the article at an address that somebody pasted is fetched, kept, and put into its section.
//!
//! In two steps, because only the job `group` makes stories: the article is kept first and the errand stays open; once
//! the article has its story it is put where it belongs, and the answer says why it was missed.

use crate::app::App;
use crate::jobs::crawl::{self, look};
use anyhow::{Context, Result, bail};
use salastampa_acts::curate;
use salastampa_crawler::{key, page};
use salastampa_domain::{
    Actor, ArticleId, Errand, ErrandKind, ForeignText, IssueKey, Look, NewArticle, Outlet, OutletId, OutletKind,
    RightsClass, SectionId, Signals, Via, VisitOutcome,
};

/// So many questions about the site (robots.txt, tdmrep.json) may come before the page itself.
const QUESTIONS: usize = 3;

/// Does the errand as far as it can be done now: `None` while the article has no story yet.
pub(crate) async fn paste(app: &App, errand: &Errand) -> Result<Option<serde_json::Value>> {
    let ErrandKind::Paste { url, issue, section } = &errand.kind else { bail!("this is no pasted address") };
    let (Some(issue), Some(section)) = (*issue, *section) else { bail!("no issue is named to put the article into") };
    let outlet = outlet_of(app, url).await?;
    let known = app.store.read().await?.find_article_by_key(outlet, &key::canonical(url)).await?;
    let article = match known {
        Some(article) => article.id,
        None => fetch(app, errand, url, outlet).await?,
    };
    place(app, errand, (issue, section), article).await
}

/// Puts an article that is kept into its section, and says why it was missed; `None` while it has no story.
pub(super) async fn place(
    app: &App,
    errand: &Errand,
    (issue, section): (IssueKey, SectionId),
    article: ArticleId,
) -> Result<Option<serde_json::Value>> {
    let missed = curate::take_pasted(&app.store, (&errand.by, errand.at), (issue, section), article, app.clock.now());
    let missed = missed.await;
    let missed = missed.map_err(|why| anyhow::anyhow!(why.sentence(app.house.lang)))?;
    Ok(missed.map(|missed| serde_json::json!({ "article": article, "missed": missed })))
}

/// The outlet of an address: one whose home or whose source lies on the same site, else a new one by the name of the
/// site, with the strictest usual rights.
async fn outlet_of(app: &App, url: &str) -> Result<OutletId> {
    let mut rows = app.store.read().await?;
    let home = |o: &Outlet| o.home.as_deref().is_some_and(|home| key::same_site(home, url));
    let outlets = rows.list_outlets().await?;
    let sources = rows.list_sources().await?;
    drop(rows);
    let site = key::host_key(url);
    let known = outlets.iter().find(|o| home(o)).map(|o| o.id);
    let known = known.or_else(|| sources.iter().find(|s| key::same_site(&s.url, url)).map(|s| s.outlet));
    let slug = site.replace([':', '.'], "-");
    if let Some(id) = known.or_else(|| outlets.iter().find(|o| o.slug == slug).map(|o| o.id)) {
        return Ok(id);
    }
    if site.is_empty() {
        bail!("there is no site at {url}");
    }
    let outlet = Outlet {
        id: OutletId(0),
        slug,
        name: site,
        kind: OutletKind::Web,
        area: String::new(),
        tier: 4,
        rights: RightsClass::ExtractOnly,
        contract: None,
        home: None,
    };
    let mut write = app.store.write().await?;
    let id = write.record_outlet(&outlet).await?;
    write.commit().await?;
    Ok(id)
}

async fn fetch(app: &App, errand: &Errand, url: &str, outlet: OutletId) -> Result<ArticleId> {
    let Actor::User { id: by } = errand.by else { bail!("only a person pastes an address") };
    let mut manners = None;
    for _ in 0..QUESTIONS {
        manners = crawl::manners(app, url, outlet).await?;
        if manners.is_some() {
            break;
        }
    }
    let manners = manners.context("the site does not say how it wants to be asked")?;
    let reading = page::read_page(&app.client, url, &manners, None, app.clock.now()).await;
    let now = app.clock.now();
    let seen = look::first(&key::host_key(url), &reading, manners.licensed || !reading.tdm_reserved);
    let Some(page) = reading.article.filter(|page| !page.title.trim().is_empty()) else {
        bail!("{}", said(&reading.outcome));
    };
    let reserved = reading.tdm_reserved && !manners.licensed;
    let article = NewArticle {
        outlet,
        via: Via::Hand { by },
        url: url.to_owned(),
        key: key::canonical(url),
        guid: None,
        title: page.title,
        signals: Signals {
            tdm_reserved: reading.tdm_reserved,
            reproduction_reserved: page.reproduction_reserved,
            own_summary: (!page.lead.is_empty()).then(|| page.lead.chars()),
            barred: page.barrier.is_some(),
        },
        lead: page.lead,
        body: if reserved { ForeignText::default() } else { page.body },
        authors: page.authors,
        rubric: page.rubric,
        published_at: page.published_at,
        language: page.language,
        first_seen: now,
        backlog: false,
    };
    let day = article.published_at.unwrap_or(now).day().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    let mut write = app.store.write().await?;
    let kept = write.keep_article(&article, key::title_key(&article.title).as_deref(), day, now).await?;
    if let Some(article) = kept {
        write.record_look(&Look { article, ..seen }).await?;
    }
    write.commit().await?;
    kept.context("the article was kept by somebody else in the meantime")
}

/// Why a page gave no article, in a few plain words.
fn said(outcome: &VisitOutcome) -> String {
    match outcome {
        VisitOutcome::Robots => "robots.txt".to_owned(),
        VisitOutcome::Soft { why }
        | VisitOutcome::Hard { why }
        | VisitOutcome::Blocked { why }
        | VisitOutcome::NotAFeed { why }
        | VisitOutcome::Empty { why }
        | VisitOutcome::Hostile { why }
        | VisitOutcome::Ours { why } => why.clone(),
        VisitOutcome::Read | VisitOutcome::Unchanged => "nessun articolo nella pagina".to_owned(),
    }
}
