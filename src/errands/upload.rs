//! *Manca un pezzo*, from paper: the text of an uploaded PDF is kept as an article and put into its section.
//!
//! The file is foreign: it is read in a process of its own. In two steps like a pasted address, because only the job
//! `group` makes stories. The article is known by the hash of its file: a second upload of it adds nothing.

use super::apart::{self, Mishap};
use super::paste::place;
use crate::app::App;
use anyhow::{Context, Result, bail};
use salastampa_crawler::key;
use salastampa_domain::{Actor, ArticleId, Errand, ErrandKind, ForeignText, NewArticle, Signals, Timestamp, Via};
use salastampa_locale::t;
use salastampa_pdf::read::{NoText, Text};

/// Longest title that is taken out of a text, in characters.
const TITLE: usize = 120;

/// Does the errand as far as it can be done now: `None` while the article has no story yet.
pub(crate) async fn upload(app: &App, errand: &Errand) -> Result<Option<serde_json::Value>> {
    let ErrandKind::Upload { file, outlet, issue, section, .. } = &errand.kind else { bail!("this is no upload") };
    let known = app.store.read().await?.find_article_by_key(*outlet, &key_of(file)).await?;
    let article = match known {
        Some(article) => article.id,
        None => keep(app, errand).await?,
    };
    place(app, errand, (*issue, *section), article).await
}

pub(crate) fn key_of(file: &str) -> String {
    format!("pdf:{file}")
}

async fn keep(app: &App, errand: &Errand) -> Result<ArticleId> {
    let ErrandKind::Upload { file, name, outlet, title, day, .. } = &errand.kind else { bail!("this is no upload") };
    let Actor::User { id: by } = errand.by else { bail!("only a person uploads a file") };
    let bytes = app.store.files().get(file).await?.context("the file is not in the folder of files")?;
    let said = |key| anyhow::anyhow!("{}", t(app.house.lang, key));
    let read: Text = match apart::read(bytes).await? {
        Ok(Ok(read)) => read,
        Ok(Err(NoText::NotAPdf)) => return Err(said("curation.upload.no_pdf")),
        Ok(Err(NoText::Locked)) => return Err(said("curation.upload.locked")),
        Ok(Err(NoText::Pictures)) => return Err(said("curation.upload.pictures")),
        Ok(Err(NoText::Unknown)) => return Err(said("curation.upload.unknown")),
        Err(Mishap::Slow) => return Err(said("curation.upload.slow")),
        Err(Mishap::Broken) => return Err(said("curation.upload.broken")),
    };
    let now = app.clock.now();
    let title = [title.as_str(), read.headline.as_deref().unwrap_or_default()];
    let title = title.into_iter().map(str::trim).find(|title| !title.is_empty());
    let title = title.map_or_else(|| beginning(&read.body, name), str::to_owned);
    let noon = |day: jiff::civil::Date| Timestamp::of_civil(day.at(12, 0, 0, 0));
    let article = NewArticle {
        outlet: *outlet,
        via: Via::Hand { by },
        url: String::new(),
        key: key_of(file),
        guid: None,
        title,
        lead: ForeignText::default(),
        body: ForeignText::new(read.body),
        authors: Vec::new(),
        rubric: None,
        published_at: day.map(noon),
        language: None,
        signals: Signals::default(),
        first_seen: now,
        backlog: false,
    };
    let day = article.published_at.unwrap_or(now).day().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    let mut write = app.store.write().await?;
    let kept = write.keep_article(&article, key::title_key(&article.title).as_deref(), day, now).await?;
    write.commit().await?;
    kept.context("the article was kept by somebody else in the meantime")
}

/// The first words of a text, for a file that has no headline.
pub(crate) fn beginning(body: &str, name: &str) -> String {
    let line = body.lines().find(|line| line.chars().filter(|c| c.is_alphabetic()).count() > 10).unwrap_or(name);
    if line.chars().count() <= TITLE {
        return line.to_owned();
    }
    let mut out = String::new();
    for word in line.split(' ') {
        if out.chars().count() + word.chars().count() >= TITLE {
            break;
        }
        out.push_str(word);
        out.push(' ');
    }
    format!("{}…", out.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_headline_is_called_by_its_first_words() {
        assert_eq!(beginning("7\nIl ponte riapre domani.\nAltro.", "a.pdf"), "Il ponte riapre domani.");
        assert_eq!(beginning("7", "ritaglio.pdf"), "ritaglio.pdf");
        let long = "parola ".repeat(40);
        let title = beginning(&long, "a.pdf");
        assert!(title.ends_with("parola…") && title.chars().count() <= TITLE, "{title}");
    }
}
