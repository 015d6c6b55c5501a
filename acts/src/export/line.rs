//! One article of a file: what of it may leave to whoever takes the file, and why not more.

use crate::alert::{overrides, rights};
use crate::{Result, house};
use salastampa_digest::net::{Bare, Foreign, Net};
use salastampa_digest::{clean, extract};
use salastampa_domain::{
    Allowed, Article, ArticleId, Audience, Extract, ForeignText, Outlet, OutletId, Reason, RightsClass, SourceId,
    Timestamp, Use, allowed,
};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// Longest title, in characters.
const LONGEST: usize = 1_000;

/// One article, fit to leave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The article.
    pub article: ArticleId,
    /// Its outlet.
    pub outlet: OutletId,
    /// As readers know it.
    pub outlet_name: String,
    /// Name of the outlet in files.
    pub outlet_slug: String,
    /// When it counts as published.
    pub dated: Timestamp,
    /// Its title.
    pub title: String,
    /// Who signed it; none where the rights keep even that inside.
    pub authors: Vec<String>,
    /// The outlet's own section.
    pub rubric: String,
    /// Its address on the web; empty where there is none, or where the rights keep it inside.
    pub url: String,
    /// What its text may be used for.
    pub class: RightsClass,
    /// Why less than the class says.
    pub reason: Reason,
    /// What stands for it; empty where nothing of the text may leave.
    pub extract: Extract,
    /// The whole text by paragraphs, where it may leave and was asked for.
    pub text: Vec<Extract>,
    /// The office's own tags, where they were asked for.
    pub tags: Vec<String>,
}

/// The rights of every outlet and source, on the day of the export.
pub(crate) struct Gates {
    outlets: BTreeMap<OutletId, Outlet>,
    overrides: BTreeMap<SourceId, RightsClass>,
    today: jiff::civil::Date,
    audience: Audience,
}

impl Gates {
    /// For one named reader.
    pub(crate) async fn read(rows: &mut Rows, now: Timestamp) -> Result<Self> {
        Self::of(rows, Audience::Readers(1), now).await
    }

    /// For that audience.
    pub(crate) async fn of(rows: &mut Rows, audience: Audience, now: Timestamp) -> Result<Self> {
        let outlets = rows.list_outlets().await?.into_iter().map(|outlet| (outlet.id, outlet)).collect();
        Ok(Self { outlets, overrides: overrides(rows).await?, today: house::today(now), audience })
    }

    /// The lines of these articles, in that order; what is not kept any more is left out. `whole` texts, where they may
    /// leave; and the office's `tags`.
    pub(crate) async fn lines(&self, rows: &mut Rows, ids: &[ArticleId], whole: bool, tags: bool) -> Result<Vec<Line>> {
        let articles = rows.list_articles(ids).await?;
        let bodies: BTreeMap<ArticleId, ForeignText> = rows.list_bodies(ids).await?.into_iter().collect();
        let mut tagged: BTreeMap<ArticleId, Vec<String>> = BTreeMap::new();
        if tags {
            for (article, tag) in rows.list_tags_of(ids).await? {
                tagged.entry(article).or_default().push(tag.name);
            }
        }
        let nothing = ForeignText::default();
        let mut lines: BTreeMap<ArticleId, Line> = BTreeMap::new();
        for article in articles {
            let body = bodies.get(&article.id).unwrap_or(&nothing);
            let tags = tagged.remove(&article.id).unwrap_or_default();
            if let Some(line) = self.line(&article, body, whole) {
                lines.insert(article.id, Line { tags, ..line });
            }
        }
        Ok(ids.iter().filter_map(|id| lines.remove(id)).collect())
    }

    /// The net of these articles' texts for this audience; see [`Net::of`].
    pub(crate) async fn net(&self, rows: &mut Rows, ids: &[ArticleId], ours: &[&str], least: usize) -> Result<Net> {
        let articles = rows.list_articles(ids).await?;
        let bodies: BTreeMap<ArticleId, ForeignText> = rows.list_bodies(ids).await?.into_iter().collect();
        let nothing = ForeignText::default();
        let gated: Vec<(&Article, Bare, Allowed)> = articles
            .iter()
            .filter_map(|article| {
                let (outlet, class, gate) = self.gated(article)?;
                let url = clean::link(&article.url).filter(|_| class != RightsClass::Internal);
                let bare = Bare {
                    title: clean::line(&article.title, LONGEST),
                    outlet: outlet.name.clone(),
                    url: url.unwrap_or_default().to_owned(),
                };
                Some((article, bare, gate))
            })
            .collect();
        let foreign = gated.iter().map(|(article, bare, gate)| Foreign {
            article: article.id,
            bare: bare.clone(),
            lead: &article.lead,
            body: bodies.get(&article.id).unwrap_or(&nothing),
            allowed: gate,
        });
        Ok(Net::of(foreign, ours, least))
    }

    /// What may be printed of an article.
    pub(crate) fn gate(&self, article: &Article) -> Option<Allowed> {
        self.gated(article).map(|(_, _, gate)| gate)
    }

    fn gated(&self, article: &Article) -> Option<(&Outlet, RightsClass, Allowed)> {
        let outlet = self.outlets.get(&article.outlet)?;
        let class = rights(article, outlet, &self.overrides);
        let gate = allowed(class, outlet.contract.as_ref(), &article.signals, self.audience, self.today);
        Some((outlet, class, gate))
    }

    fn line(&self, article: &Article, body: &ForeignText, whole: bool) -> Option<Line> {
        let (outlet, class, gate) = self.gated(article)?;
        if !gate.shown {
            return None;
        }
        // of an internal source only title, outlet and date are named
        let inside = class == RightsClass::Internal;
        let text = match (whole && gate.full_text, body.is_empty()) {
            (true, false) => gate.paragraphs(body),
            (true, true) => gate.paragraphs(&article.lead),
            (false, _) => Vec::new(),
        };
        Some(Line {
            article: article.id,
            outlet: outlet.id,
            outlet_name: outlet.name.clone(),
            outlet_slug: outlet.slug.clone(),
            dated: article.dated(),
            title: clean::line(&article.title, LONGEST),
            authors: if inside { Vec::new() } else { article.authors.clone() },
            rubric: article.rubric.clone().unwrap_or_default(),
            url: clean::link(&article.url).filter(|_| !inside).unwrap_or_default().to_owned(),
            class,
            reason: gate.reason,
            extract: extract::extract(&gate, &article.lead, body),
            text,
            tags: Vec::new(),
        })
    }
}

impl Line {
    /// What the office owes an account of.
    pub(crate) fn used(&self, output: &str, readers: usize, at: Timestamp) -> Use {
        let chars = |text: &Extract| text.as_str().chars().count();
        Use {
            at,
            outlet: self.outlet,
            article: self.article,
            output: output.to_owned(),
            full_text: !self.text.is_empty(),
            chars: chars(&self.extract).max(self.text.iter().map(chars).sum()),
            readers,
        }
    }
}
