//! A plan on one article, directly: no index is built for it.

use crate::analysed::{Analysed, Words};
use crate::plan::{Place, Plan, Spans, Stemmed};

/// Where a part of a query stands in an article: the words it is in, first and last position.
pub(crate) type Found<'a> = (&'a Words, u32, u32);

/// Whether the article is what the plan asks. The places of the words that made it so are added to `why`, in the order of
/// the query; those under a NOT and of branches that failed are not.
pub(crate) fn holds<'a>(plan: &Plan, article: &'a Analysed, why: &mut Vec<Found<'a>>) -> bool {
    match plan {
        Plan::All => true,
        Plan::And(parts) => {
            let before = why.len();
            let all = parts.iter().all(|p| holds(p, article, why));
            if !all {
                why.truncate(before);
            }
            all
        }
        Plan::Or(parts) => {
            // every branch, not only the first: the reader is told all of it
            let mut any = false;
            for part in parts {
                any |= holds(part, article, why);
            }
            any
        }
        Plan::Not(inner) => !holds(inner, article, &mut Vec::new()),
        Plan::Word { within: stemmed, stem, .. } => {
            let limit = if *stemmed == Stemmed::Title { article.text.first_ends } else { u32::MAX };
            let found = article.text.stemmed(stem).next().filter(|p| *p < limit);
            why.extend(found.map(|p| (&article.text, p, p)));
            found.is_some()
        }
        Plan::Spans(place, spans) => {
            let first = first(*place, spans, article);
            why.extend(first);
            first.is_some()
        }
        Plan::Outlets(outlets) => outlets.contains(&article.outlet),
        Plan::Rubric(rubric) => article.rubric.as_ref() == Some(rubric),
        Plan::During(period) => period.contains(article.dated),
    }
}

fn first<'a>(place: Place, spans: &Spans, article: &'a Analysed) -> Option<Found<'a>> {
    let words = if place == Place::Author { &article.authors } else { &article.text };
    let limit = if place == Place::Title { words.first_ends } else { u32::MAX };
    if let Spans::Phrase(phrase) = spans {
        // the first place decides: one that lies behind the title is behind it whatever follows
        return words.phrases(phrase).next().filter(|(_, to)| *to < limit).map(|(from, to)| (words, from, to));
    }
    let found = spans.find(&|w| words.positions(w), &|p| words.beginning(p));
    found.into_iter().find(|(_, to)| *to < limit).map(|(from, to)| (words, from, to))
}
