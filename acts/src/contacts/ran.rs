//! Who of the journalists used what they were sent: articles under their name, or of their outlets, that took something out of
//! a release. Left out: what they wrote of other things; that is the archive's.

use super::bylines::outlet_key;
use crate::Result;
use salastampa_domain::{Article, ArticleId, Contact, OutletId, ReleaseId};
use salastampa_store::Rows;
use salastampa_text::{byline_keys, person_key};
use std::collections::HashMap;

/// Of so many releases it is told who used them, and of each so many articles are looked at.
const RELEASES: usize = 50;
const ARTICLES: usize = 100;

/// An article that used a release.
#[derive(Clone, PartialEq, Debug)]
pub struct Ran {
    /// The release.
    pub release: ReleaseId,
    /// The article.
    pub article: Article,
    /// The name of its outlet.
    pub outlet: String,
    /// How sure it is that it is theirs.
    pub by: RanBy,
}

/// How an article belongs to a journalist.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RanBy {
    /// Their name at an outlet of theirs.
    Them,
    /// Their name elsewhere: perhaps a namesake.
    Perhaps,
    /// Their outlet, without their name.
    Outlet,
}

/// Which articles of a journalist, or of their outlets, used those releases; of the releases with the highest numbers.
pub async fn ran(rows: &mut Rows, contact: &Contact, releases: &[ReleaseId]) -> Result<Vec<Ran>> {
    let key = person_key(&contact.name);
    let theirs: Vec<String> = contact.outlets().map(outlet_key).filter(|key| !key.is_empty()).collect();
    let mut last = releases.to_vec();
    last.sort_unstable_by(|a, b| b.cmp(a));
    last.truncate(RELEASES);
    let outlets: HashMap<OutletId, String> =
        rows.list_outlets().await?.into_iter().map(|outlet| (outlet.id, outlet.name)).collect();
    let mut found = Vec::new();
    for release in last {
        let used = rows.list_pickup_of(release).await?;
        let ids: Vec<ArticleId> =
            used.iter().filter(|use_of| use_of.holds().is_some()).map(|use_of| use_of.article).take(ARTICLES).collect();
        for article in rows.list_articles(&ids).await? {
            let outlet = outlets.get(&article.outlet).cloned().unwrap_or_default();
            let is_theirs = theirs.contains(&outlet_key(&outlet));
            let signs = article.authors.iter().flat_map(|author| byline_keys(author)).any(|name| Some(name) == key);
            let by = match (signs, is_theirs) {
                (true, true) => RanBy::Them,
                (true, false) => RanBy::Perhaps,
                (false, true) => RanBy::Outlet,
                (false, false) => continue,
            };
            found.push(Ran { release, article, outlet, by });
        }
    }
    Ok(found)
}
