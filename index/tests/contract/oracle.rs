//! The third way to answer a query: lists of words, scanned with nested loops, written for clearness alone.

use salastampa_domain::{Article, ForeignText};
use salastampa_index::plan::{Place, Plan, Spans, Stemmed};
use salastampa_text::{Token, analyse};
use std::collections::BTreeSet;

/// What the oracle knows of an article: words with their places, parts far from each other.
pub(crate) struct Scanned {
    text: Vec<Token>,
    title: usize,
    authors: Vec<Token>,
    pub(crate) article: Article,
}

impl Scanned {
    pub(crate) fn new(article: &Article, body: &ForeignText) -> Self {
        let title = analyse(&article.title).len();
        let parts = [article.title.as_str(), article.lead.for_analysis(), body.for_analysis()];
        let authors: Vec<&str> = article.authors.iter().map(String::as_str).collect();
        Self { text: apart(&parts), title, authors: apart(&authors), article: article.clone() }
    }

    fn words(&self, place: Place) -> &[Token] {
        match place {
            Place::Text => &self.text,
            Place::Title => &self.text[..self.title],
            Place::Author => &self.authors,
        }
    }
}

fn apart(texts: &[&str]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        // any distance greater than the greatest NEAR will do
        let from = u32::try_from(n).expect("few parts") * 1_000;
        out.extend(analyse(text).into_iter().map(|t| Token { position: t.position + from, ..t }));
    }
    out
}

/// Whether the article is what the plan asks.
pub(crate) fn oracle(plan: &Plan, scanned: &Scanned) -> bool {
    match plan {
        Plan::All => true,
        Plan::And(parts) => parts.iter().all(|p| oracle(p, scanned)),
        Plan::Or(parts) => parts.iter().any(|p| oracle(p, scanned)),
        Plan::Not(inner) => !oracle(inner, scanned),
        Plan::Word { within: stemmed, stem, .. } => {
            let place = if *stemmed == Stemmed::Title { Place::Title } else { Place::Text };
            scanned.words(place).iter().any(|t| t.stem.as_ref() == Some(stem))
        }
        Plan::Spans(place, spans) => !places(spans, scanned.words(*place)).is_empty(),
        Plan::Outlets(outlets) => outlets.contains(&scanned.article.outlet),
        Plan::Rubric(rubric) => scanned.article.rubric.as_deref().map(salastampa_text::fold).as_ref() == Some(rubric),
        Plan::During(period) => period.contains(scanned.article.dated()),
    }
}

/// Every place of the spans among the words, by trying all of them.
fn places(spans: &Spans, words: &[Token]) -> BTreeSet<(u32, u32)> {
    let mut out = BTreeSet::new();
    match spans {
        Spans::Phrase(phrase) => {
            for run in words.windows(phrase.len()) {
                let together = run.windows(2).all(|two| two[1].position == two[0].position + 1);
                if together && run.iter().zip(phrase).all(|(token, word)| token.exact == *word) {
                    out.insert((run[0].position, run[run.len() - 1].position));
                }
            }
        }
        Spans::Prefix(prefix) => {
            out.extend(words.iter().filter(|t| t.exact.starts_with(prefix)).map(|t| (t.position, t.position)));
        }
        Spans::Any(parts) => out.extend(parts.iter().flat_map(|p| places(p, words))),
        Spans::Near(left, right, distance) => {
            for a in places(left, words) {
                for b in places(right, words) {
                    let (first, second) = if a <= b { (a, b) } else { (b, a) };
                    if second.0 > first.1 && second.0 - first.1 <= *distance {
                        out.insert((first.0, second.1));
                    }
                }
            }
        }
    }
    out
}
