//! The abstract of a story: how its leading article begins, and the one sentence of the others that brings most names and
//! numbers beside it. Extracted, never written: each sentence with its article and its place there.
//!
//! The lead is the strong baseline for news, so no sentence is ranked within an article. It stays in the desk; an officer
//! may make it the office's summary only where the rights of each of its articles let all of it out. Left out: copies, which
//! say nothing new.

use super::decide::LONGEST_SUMMARY;
use crate::Result;
use crate::export::Gates;
use salastampa_digest::compose::Line;
use salastampa_digest::extract::{begins, offered, passage, sentences};
use salastampa_domain::{Article, ArticleId, Audience, ForeignText, Passage, TextPart, Timestamp};
use salastampa_store::Rows;
use salastampa_stories::novelty::{Text, most_new};
use std::collections::BTreeMap;
use std::ops::Range;

/// Most sentences of the leading article.
const OPENING: usize = 3;
/// So many other articles are read.
const OTHERS: usize = 20;

/// An abstract.
#[derive(Clone, PartialEq, Debug)]
pub struct Gist {
    /// Its parts, in order: of the leading article, then of another.
    pub parts: Vec<GistPart>,
    /// Characters of all, title and blanks included: 800 at most.
    pub chars: usize,
    /// Whether the rights let all of it out to the readers.
    pub free: bool,
}

/// Words of an article in an abstract.
#[derive(Clone, PartialEq, Debug)]
pub struct GistPart {
    /// Whose.
    pub article: ArticleId,
    /// The publication's name.
    pub outlet_name: String,
    /// Where they stand.
    pub passage: Passage,
    /// The words, as the desk may show them.
    pub words: String,
}

/// An article, and which part of it is read.
type Told<'a> = (&'a Article, TextPart, &'a ForeignText);

/// The abstract of a story, as far as the desk may read its articles; `None` where it may read nothing of the leading one.
pub async fn gist(rows: &mut Rows, line: &Line, readers: usize, now: Timestamp) -> Result<Option<Gist>> {
    let desk = Gates::of(rows, Audience::Staff, now).await?;
    let out = Gates::of(rows, Audience::Readers(readers.max(1)), now).await?;
    let others = line.articles.iter().filter(|a| !a.copy && a.article != line.entry.article);
    let ids: Vec<ArticleId> = [line.entry.article].into_iter().chain(others.map(|a| a.article).take(OTHERS)).collect();
    let known = rows.list_articles(&ids).await?;
    let bodies: BTreeMap<ArticleId, ForeignText> = rows.list_bodies(&ids).await?.into_iter().collect();
    let nothing = ForeignText::default();
    let readable = |id: &ArticleId| {
        let article = known.iter().find(|a| a.id == *id)?;
        let (part, text) = offered(&article.lead, bodies.get(id).unwrap_or(&nothing));
        desk.gate(article).is_some_and(|gate| gate.full_text).then_some((article, part, text))
    };
    let texts: Vec<Told<'_>> = ids.iter().filter_map(readable).collect();
    let Some((leading, others)) = texts.split_first().filter(|(first, _)| first.0.id == line.entry.article) else {
        return Ok(None);
    };
    let title = line.entry.title.chars().count();
    let room = LONGEST_SUMMARY.saturating_sub(title + 1);
    let named = |id: ArticleId| line.articles.iter().find(|a| a.article == id).map(|a| a.outlet_name.clone());
    let shown = |(article, _, text): &Told<'_>, range: Range<usize>| {
        desk.gate(article).map_or_else(Default::default, |gate| gate.passage(text, range))
    };
    let part = |told: &Told<'_>, range: Range<usize>| GistPart {
        article: told.0.id,
        outlet_name: named(told.0.id).unwrap_or_default(),
        passage: passage(told.1, told.2, std::slice::from_ref(&range)),
        words: shown(told, range).as_str().to_owned(),
    };
    let leaves = |told: &Told<'_>, range: Range<usize>| {
        let whole = shown(told, range.clone());
        out.gate(told.0).is_some_and(|gate| gate.full_text || gate.extract_range(told.2, range) == whole)
    };
    let first = begins(leading.2, OPENING, room);
    let mut gist = Gist { parts: vec![part(leading, first.clone())], chars: 0, free: leaves(leading, first) };
    if gist.parts[0].words.is_empty() {
        return Ok(None);
    }
    let every = others.iter().flat_map(|text| sentences(text.2).into_iter().map(move |s| (text, s.range)));
    let fits = |(text, range): &(&Told<'_>, Range<usize>)| {
        let longer = Gist { parts: vec![gist.parts[0].clone(), part(text, range.clone())], ..gist.clone() };
        longer.words().chars().count() <= room
    };
    let every: Vec<_> = every.filter(fits).collect();
    let places: Vec<_> = every.iter().map(|(text, range)| (text.2, range.clone())).collect();
    let told = Text { title: &line.entry.title, lead: &nothing, body: leading.2 };
    if let Some((text, range)) = most_new(&[told], &places).and_then(|at| every.get(at)) {
        gist.free &= leaves(text, range.clone());
        gist.parts.push(part(text, range.clone()));
    }
    gist.chars = title + 1 + gist.words().chars().count();
    Ok(Some(gist))
}

impl Gist {
    /// Its words, as a summary: those of another outlet than the leading one with its name.
    pub fn words(&self) -> String {
        let said = |(n, part): (usize, &GistPart)| match n {
            0 => part.words.clone(),
            _ => format!("{} ({})", part.words, part.outlet_name),
        };
        self.parts.iter().enumerate().map(said).collect::<Vec<_>>().join(" ")
    }
}
