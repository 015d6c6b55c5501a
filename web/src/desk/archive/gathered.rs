//! What the office has gathered, as filters of a search: a dossier, a tag. They are rows and no part of the query
//! language: the archive is only told which articles are meant.

use super::Asked;
use salastampa_acts::dossier::MOST_FILED;
use salastampa_domain::{ArticleId, Dossier, Tag};
use salastampa_store::{Error, Rows};
use std::collections::BTreeSet;

/// Most articles that a tag narrows a search to: those that were tagged last.
const MOST_TAGGED: usize = 20_000;

/// The dossiers and tags of the office.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) dossiers: Vec<Dossier>,
    pub(crate) tags: Vec<Tag>,
}

impl Gathered {
    pub(crate) async fn read(rows: &mut Rows) -> Result<Self, Error> {
        let tags = rows.list_tags().await?.into_iter().map(|(tag, _)| tag).collect();
        Ok(Self { dossiers: rows.list_dossiers().await?, tags })
    }

    pub(crate) fn dossier(&self, asked: &Asked) -> Option<&Dossier> {
        self.dossiers.iter().find(|dossier| dossier.slug == asked.dossier)
    }

    pub(crate) fn tag(&self, asked: &Asked) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.key == asked.etichetta)
    }

    /// The same search without a dossier or a tag that nobody knows.
    pub(crate) fn known(&self, asked: Asked) -> Asked {
        let asked = Asked { etichetta: salastampa_acts::tag::key(&asked.etichetta), ..asked };
        let dossier = self.dossier(&asked).map(|dossier| dossier.slug.clone()).unwrap_or_default();
        let etichetta = self.tag(&asked).map(|tag| tag.key.clone()).unwrap_or_default();
        Asked { dossier, etichetta, ..asked }
    }

    /// The articles that dossier and tag have in common; all where none of them is asked for.
    pub(crate) async fn only(&self, rows: &mut Rows, asked: &Asked) -> Result<Option<Vec<ArticleId>>, Error> {
        let filed = match self.dossier(asked) {
            Some(dossier) => {
                let filed = rows.list_filed(dossier.id, MOST_FILED).await?;
                Some(filed.into_iter().map(|filed| filed.article).collect::<Vec<_>>())
            }
            None => None,
        };
        let tagged = match self.tag(asked) {
            Some(tag) => Some(rows.list_tagged(tag.id, MOST_TAGGED).await?),
            None => None,
        };
        Ok(match (filed, tagged) {
            (Some(filed), Some(tagged)) => {
                let tagged: BTreeSet<ArticleId> = tagged.into_iter().collect();
                Some(filed.into_iter().filter(|id| tagged.contains(id)).collect())
            }
            (filed, tagged) => filed.or(tagged),
        })
    }
}
