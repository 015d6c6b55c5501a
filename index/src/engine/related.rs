//! What else the archive holds near an article: the words that tell it apart from others, asked all at once.
//!
//! No measure of its own: the words become a plan like that of any search and are ranked as any search is. Which words
//! those are follows from the archive itself (how often here, how rarely there), so that names of the town and of a case
//! outweigh what every article says. First the weeks around the article are asked, older ones only where those give little.
//! The work is bounded whatever the size of the archive: few words, the rarest first, and no more of their lists than
//! [`POSTINGS`]. Left out: which of the found tell the same story (the store knows), and any text.

use crate::analysed::Words;
use crate::engine::collect::Gather;
use crate::engine::generation::Generation;
use crate::engine::query;
use crate::engine::schema::Fields;
use crate::plan::{Plan, Stemmed};
use anyhow::Context;
use salastampa_domain::time::DAY;
use salastampa_domain::{Article, ArticleId, ForeignText, Period, Sort, Timestamp};
use salastampa_text::Form;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tantivy::query::BooleanQuery;
use tantivy::{Searcher, Term};

/// Words of an article that are asked.
const MOST: usize = 16;
/// Bytes of lead and body that are read: news say at the beginning what they are about.
const HEAD: usize = 1_000;
/// A word of the title counts as so many of the text.
const IN_TITLE: u32 = 3;
/// Most entries of the words' lists that are read: some milliseconds of processor.
const POSTINGS: u64 = 100_000;
/// How near is near: this share of what an article of usual length would score with each of the words once.
const NEAR: f32 = 0.3;
/// Days around the article that are asked in turn; then all there is.
const RINGS: [i64; 2] = [30, 365];

/// What is read of the article that others are to be near to.
pub(crate) struct Seed {
    id: ArticleId,
    dated: Timestamp,
    /// Each stem with its weight in the article and the form in which it stands there first.
    words: Vec<(Form, u32, Form)>,
}

impl Seed {
    pub(crate) fn new(article: &Article, body: &ForeignText) -> Self {
        let head = |text: &ForeignText| {
            let text = text.for_analysis();
            text[..text.floor_char_boundary(HEAD)].to_owned()
        };
        let title = &article.title[..article.title.floor_char_boundary(HEAD)];
        let (lead, body) = (head(&article.lead), head(body));
        let words = Words::new([title, &lead, &body].into_iter());
        let mut found: BTreeMap<Form, (u32, Form)> = BTreeMap::new();
        for token in &words.tokens {
            // a number says when and how many, not what about
            let Some(stem) = token.stem.as_ref().filter(|stem| !stem.bytes().all(|b| b.is_ascii_digit())) else {
                continue;
            };
            let times = if token.position < words.first_ends { IN_TITLE } else { 1 };
            found.entry(stem.clone()).or_insert_with(|| (0, token.exact.clone())).0 += times;
        }
        let words = found.into_iter().map(|(stem, (times, form))| (stem, times, form)).collect();
        Self { id: article.id, dated: article.dated(), words }
    }
}

/// A word that tells an article apart.
struct Telling {
    stem: Form,
    form: Form,
    /// Articles that have it.
    often: u64,
    /// How little it is expected (the idf of BM25).
    rare: f32,
    /// What it tells: how often here, and less so how little it is expected: many a word stands by chance in one article
    /// and in hardly any other.
    weight: f32,
}

/// The words that tell most, those that cost least first.
fn telling(searcher: &Searcher, fields: &Fields, seed: &Seed) -> tantivy::Result<Vec<Telling>> {
    let all = searcher.num_docs() as f32;
    let mut out = Vec::with_capacity(seed.words.len());
    for (stem, times, form) in &seed.words {
        let often = searcher.doc_freq(&Term::from_field_text(fields.text_it, stem))?;
        // what only one article has leads to no other
        if often > 1 {
            let rare = (1.0 + (all - often as f32 + 0.5).max(0.0) / (often as f32 + 0.5)).ln();
            let (stem, form) = (stem.clone(), form.clone());
            out.push(Telling { stem, form, often, rare, weight: *times as f32 * rare.sqrt() });
        }
    }
    // of equals the first in the alphabet, so that the same article has the same answer
    out.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.stem.cmp(&b.stem)));
    out.truncate(MOST);
    out.sort_by_key(|word| word.often);
    let mut read = 0;
    out.retain(|word| {
        let first = read == 0;
        read += word.often;
        first || read <= POSTINGS
    });
    Ok(out)
}

impl Generation {
    /// The articles near the seed, at most `limit`, without it and without `but`: number and score.
    pub(crate) fn related(
        &self,
        seed: &Seed,
        but: &[ArticleId],
        limit: usize,
    ) -> anyhow::Result<Vec<(ArticleId, f32)>> {
        let searcher = self.searcher();
        let but: BTreeSet<ArticleId> = but.iter().copied().chain([seed.id]).collect();
        let words = telling(&searcher, &self.fields, seed).context("reading the words of the archive")?;
        let least = NEAR * words.iter().map(|word| word.rare).sum::<f32>();
        let asked =
            words.into_iter().map(|word| Plan::Word { within: Stemmed::Text, stem: word.stem, form: word.form });
        let asked = Plan::Or(asked.collect());
        let mut out: Vec<(ArticleId, f32)> = Vec::new();
        let around = RINGS.map(|days| Period { from: seed.dated.plus(-days * DAY), to: seed.dated.plus(days * DAY) });
        for period in around.into_iter().chain([Period::ALWAYS]) {
            // farther away only for want of something near
            if asked == Plan::Or(Vec::new()) || out.len() * 3 >= limit {
                break;
            }
            let plan = Plan::And(vec![asked.clone(), Plan::During(period)]);
            let mut engine_query = query::query(&plan, &self.fields);
            if let Some(last) = self.fitness.ceiling() {
                engine_query =
                    Box::new(BooleanQuery::intersection(vec![engine_query, query::until(last.0, &self.fields)]));
            }
            let ranks = HashMap::new();
            let size = limit + but.len();
            let gather = Gather { sort: Sort::Relevance, after: None, size, counts: false, ranks: &ranks };
            let found = searcher.search(&*engine_query, &gather).context("searching the archive")?;
            for (_, id, score) in found.page {
                let id = ArticleId(id);
                let known = but.contains(&id) || out.iter().any(|(known, _)| *known == id);
                if !known && score >= least && out.len() < limit {
                    out.push((id, score));
                }
            }
        }
        Ok(out)
    }
}
