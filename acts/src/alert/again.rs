//! What is known of a story when a new article of it comes to somebody who was told: gathered here, judged in
//! `salastampa_domain::alert::again`.

use super::News;
use crate::Result;
use salastampa_domain::alert::{again as judge, is_correction_title, is_urgent as is_urgent_wire, is_urgent_title};
use salastampa_domain::{Again, Alert, Article, ForeignText, Person, Since, Timestamp, WireStatus};
use salastampa_store::{Rows, Write};
use salastampa_stories::novelty::{Text, novelty};
use salastampa_text::fold;
use std::collections::BTreeSet;

/// The names under which titles speak of administrators.
pub(super) struct Register {
    persons: Vec<(Person, Vec<String>)>,
}

impl Register {
    /// Of the persons, with their other names.
    pub(super) fn new(persons: &[Person]) -> Self {
        let names = |p: &Person| std::iter::once(&p.name).chain(&p.aliases).map(|name| spaced(name)).collect();
        Self { persons: persons.iter().map(|p| (p.clone(), names(p))).collect() }
    }

    /// Which of those who hold an office on the day of the article stand in its title.
    fn in_title(&self, article: &Article) -> BTreeSet<i64> {
        let (title, day) = (spaced(&article.title), article.dated().day());
        let serves = |p: &Person| p.from.is_none_or(|from| from <= day) && p.until.is_none_or(|until| day <= until);
        let named = |names: &[String]| names.iter().any(|name| name.trim().len() > 2 && title.contains(name.as_str()));
        self.persons.iter().filter(|(p, names)| serves(p) && named(names)).map(|(p, _)| p.id.0).collect()
    }
}

/// The words of a text, folded, with a blank around each.
fn spaced(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

/// Whether the agency says of an article that it cannot wait.
pub(super) async fn is_urgent(rows: &mut Rows, article: &Article) -> Result<bool> {
    let wires = rows.list_wires_of(article.id).await?;
    let marked = wires.iter().any(|w| w.status == WireStatus::Usable && is_urgent_wire(&w.notes));
    Ok(marked || is_urgent_title(&article.title))
}

/// Outlets that told the story by then with a text of their own: copies of one text are one.
fn outlets(members: &[Article], by: Timestamp) -> usize {
    let mut texts = BTreeSet::new();
    let own =
        members.iter().filter(|m| m.kept_at <= by).filter(|m| m.copy_group.is_none_or(|group| texts.insert(group)));
    own.map(|m| m.outlet).collect::<BTreeSet<_>>().len()
}

fn text<'a>(article: &'a Article, body: &'a ForeignText) -> Text<'a> {
    Text { title: &article.title, lead: &article.lead, body }
}

/// Why a reader who was told of the story is told again, if they are.
pub(super) async fn again(
    write: &mut Write,
    news: &News<'_>,
    told: &[&Alert],
    register: &Register,
    now: Timestamp,
) -> Result<Option<Again>> {
    let Some(last) = told.iter().filter_map(|a| a.left_at).max() else { return Ok(None) };
    let since = now.since(last);
    let too_soon = since < salastampa_domain::alert::AGAIN_AFTER;
    if (too_soon && !news.corrects) || told.iter().any(|a| a.article == news.article.id) {
        return Ok(None);
    }
    let ids: Vec<_> = told.iter().map(|a| a.article).collect();
    let before = write.list_articles(&ids).await?;
    // the same correction by a second agency corrects nothing more
    let group = news.article.copy_group;
    let is_same = |a: &Article| a.copy_group.is_some() && a.copy_group == group && is_correction_title(&a.title);
    let corrected = news.corrects && !before.iter().any(is_same);
    if too_soon && !corrected {
        return Ok(None);
    }
    let members = write.list_story_articles(&[news.story]).await?;
    let mut was_urgent = false;
    let mut bodies = Vec::new();
    for article in &before {
        was_urgent |= is_urgent(write, article).await?;
        bodies.push(write.find_body(article.id).await?);
    }
    let body = write.find_body(news.article.id).await?;
    let named: BTreeSet<i64> =
        members.iter().filter(|m| m.id < news.article.id).flat_map(|m| register.in_title(m)).collect();
    let told: Vec<Text> = before.iter().zip(&bodies).map(|(article, body)| text(article, body)).collect();
    Ok(judge(&Since {
        since,
        corrected,
        urgent: news.urgent && !was_urgent,
        administrator: register.in_title(news.article).iter().any(|person| !named.contains(person)),
        outlets_before: outlets(&members, last),
        outlets: outlets(&members, now),
        novelty: novelty(&told, &text(news.article, &body)),
    }))
}
