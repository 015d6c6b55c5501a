//! The word that a person perhaps meant, as the archive's articles write it: the index knows *citta*, its articles *città*.
//!
//! Index and articles meet here, because neither knows the other. Nothing is written.

use salastampa_domain::{Article, ArticleId, ForeignText};
use salastampa_index::{Notice, written};
use salastampa_store::{Error, Rows};
use std::collections::BTreeMap;

/// The same notices; words that were meant stand in them as most of the articles that were named for them write them.
pub async fn as_written(rows: &mut Rows, notices: Vec<Notice>) -> Result<Vec<Notice>, Error> {
    let mut out = Vec::with_capacity(notices.len());
    for notice in notices {
        let Notice::Meant { meant, seen, .. } = &notice else {
            out.push(notice);
            continue;
        };
        let articles: BTreeMap<ArticleId, Article> =
            rows.list_articles(seen).await?.into_iter().map(|article| (article.id, article)).collect();
        let bodies: BTreeMap<ArticleId, ForeignText> = rows.list_bodies(seen).await?.into_iter().collect();
        let none = ForeignText::default();
        let found = seen.iter().filter_map(|id| Some((articles.get(id)?, bodies.get(id).unwrap_or(&none))));
        let word = written(&meant.to_lowercase(), found);
        out.push(match word {
            Some(word) => notice.as_written(&word),
            None => notice,
        });
    }
    Ok(out)
}
