//! A stream of documents in the format of a collection, and its grouping: what `cluster` and `folds` share.

use crate::common::{Anything, lines};
use salastampa_domain::{
    Article, ArticleId, CopyGroupId, ForeignText, OutletId, Seq, Signals, SourceId, StoryId, Timestamp, Via,
};
use salastampa_stories::Window;
use salastampa_stories::cluster::Settings;
use std::collections::BTreeMap;

/// A document of a collection.
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) date: Option<Timestamp>,
    pub(crate) source: String,
    pub(crate) title: String,
    pub(crate) text: ForeignText,
}

/// The documents of some files, mixed by date; one file is taken in its own order.
pub(crate) fn documents(paths: &[String]) -> Result<Vec<Document>, Anything> {
    let mut documents = Vec::new();
    for path in paths {
        for line in lines(path)? {
            let line = line?;
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            documents.push(Document {
                id: text("id"),
                date: Timestamp::parse(&text("date")),
                source: text("source"),
                title: text("title"),
                text: ForeignText::new(text("text")),
            });
        }
    }
    documents.sort_by_key(|d| d.date);
    Ok(documents)
}

/// The story of each document, in their order, as the job `group` would find it. With dates that are not read if
/// `undated`.
pub(crate) fn group(window: &mut Window, documents: &[Document], undated: bool) -> Vec<StoryId> {
    let mut outlets: BTreeMap<&str, i64> = BTreeMap::new();
    let mut merged: BTreeMap<StoryId, StoryId> = BTreeMap::new();
    let mut placed: Vec<StoryId> = Vec::new();
    let mut stories = 0;
    for (document, id) in documents.iter().zip(1..) {
        let count = i64::try_from(outlets.len()).unwrap_or(0) + 1;
        let outlet = *outlets.entry(&document.source).or_insert(count);
        let date = if undated { None } else { document.date };
        let article = article(id, outlet, document.title.clone(), date.unwrap_or(Timestamp(0)));
        for merge in window.merges(&article, |_, _| true) {
            window.merge(merge);
            merged.insert(merge.other, merge.story);
        }
        let placement = window.place(&article, &document.text, false);
        let story = placement.story.unwrap_or_else(|| {
            stories += 1;
            StoryId(stories)
        });
        window.placed(article.id, placement.copy_of.unwrap_or(CopyGroupId(article.id.0)), story);
        placed.push(story);
    }
    for story in &mut placed {
        while let Some(into) = merged.get(story) {
            *story = *into;
        }
    }
    placed
}

/// Groups with these settings from an empty window.
pub(crate) fn grouped(settings: Settings, documents: &[Document], undated: bool) -> Vec<StoryId> {
    group(&mut Window::with(settings), documents, undated)
}

fn article(id: i64, outlet: i64, title: String, at: Timestamp) -> Article {
    Article {
        id: ArticleId(id),
        seq: Seq(id),
        revision: 1,
        outlet: OutletId(outlet),
        via: Via::Source { source: SourceId(outlet) },
        url: String::new(),
        key: String::new(),
        guid: None,
        title,
        lead: ForeignText::default(),
        authors: Vec::new(),
        rubric: None,
        language: None,
        signals: Signals::default(),
        backlog: false,
        published_at: Some(at),
        first_seen: at,
        kept_at: at,
        grouped_at: None,
        copy_group: None,
        story: None,
    }
}
