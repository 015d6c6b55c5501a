//! NEAR for the engine: candidates by their words, then the places of the words.
//!
//! The engine's own phrase slop is a budget in which a transposition costs two, so it is not NEAR.

use crate::engine::query::beginning_bounds;
use crate::plan::Spans;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// Articles whose places are held at once: a beginning that stands in ten million of them would fill the memory.
const AT_ONCE: usize = 250_000;

/// Articles in which the spans stand.
#[derive(Clone, Debug)]
pub(crate) struct NearQuery {
    pub(crate) field: Field,
    pub(crate) spans: Arc<Spans>,
    /// Finds at least every article that has them.
    pub(crate) necessary: Arc<dyn Query>,
}

impl Query for NearQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let scoring = match scoring.searcher() {
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => EnableScoring::disabled_from_schema(scoring.schema()),
        };
        let necessary = self.necessary.weight(scoring)?;
        Ok(Box::new(NearWeight { field: self.field, spans: self.spans.clone(), necessary }))
    }
}

struct NearWeight {
    field: Field,
    spans: Arc<Spans>,
    necessary: Box<dyn Weight>,
}

impl Weight for NearWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if let Some((left, right, distance)) = two_words(&self.spans) {
            let docs = near_each_other(reader, self.field, left, right, distance)?;
            return Ok(Box::new(ConstScorer::new(Docs { docs, at: 0 }, boost)));
        }
        let candidates = candidates(self.necessary.scorer(reader, 1.0)?);
        if candidates.is_empty() {
            return Ok(Box::new(EmptyScorer));
        }
        let mut docs = Vec::new();
        for some in candidates.chunks(AT_ONCE) {
            let places = Places::open(reader, self.field, &self.spans, some)?;
            let spans = |doc: DocId| self.spans.find(&|w| places.of_word(w, doc), &|p| places.of_beginning(p, doc));
            docs.extend(some.iter().filter(|doc| !spans(**doc).is_empty()));
        }
        Ok(Box::new(ConstScorer::new(Docs { docs, at: 0 }, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("NEAR", 1.0))
    }
}

/// What most people ask: one word near another.
fn two_words(spans: &Spans) -> Option<(&str, &str, u32)> {
    let Spans::Near(left, right, distance) = spans else { return None };
    match (&**left, &**right) {
        (Spans::Phrase(left), Spans::Phrase(right)) if left.len() == 1 && right.len() == 1 => {
            Some((&left[0], &right[0], *distance))
        }
        _ => None,
    }
}

/// The articles in which one word stands near another, found in one go through both: nothing is kept of an article but the
/// two lists of places, whose memory is used again.
fn near_each_other(
    reader: &SegmentReader,
    field: Field,
    left: &str,
    right: &str,
    distance: u32,
) -> tantivy::Result<Vec<DocId>> {
    const WITH: IndexRecordOption = IndexRecordOption::WithFreqsAndPositions;
    let index = reader.inverted_index(field)?;
    let open = |word: &str| index.read_postings(&Term::from_field_text(field, word), WITH);
    let (Some(mut left), Some(mut right)) = (open(left)?, open(right)?) else { return Ok(Vec::new()) };
    let (mut docs, mut lefts, mut rights) = (Vec::new(), Vec::new(), Vec::new());
    // nearness has no direction: the rarer word leads
    if left.doc_freq() > right.doc_freq() {
        std::mem::swap(&mut left, &mut right);
    }
    let mut doc = left.doc();
    while doc != TERMINATED {
        if right.doc() < doc {
            right.seek(doc);
        }
        if right.doc() > doc {
            if right.doc() == TERMINATED {
                break;
            }
            doc = left.seek(right.doc());
            continue;
        }
        left.positions(&mut lefts);
        right.positions(&mut rights);
        if are_near(&lefts, &rights, distance) {
            docs.push(doc);
        }
        doc = left.advance();
    }
    Ok(docs)
}

/// Whether a place of one sorted list is near one of the other, and not the same.
fn are_near(lefts: &[u32], rights: &[u32], distance: u32) -> bool {
    let (mut left, mut right) = (0, 0);
    while let (Some(one), Some(other)) = (lefts.get(left), rights.get(right)) {
        match one.abs_diff(*other) {
            0 => {
                // nothing before is near either of them, and of what is behind the next is nearest
                let near = |next: Option<&u32>| next.is_some_and(|next| next - one <= distance);
                if near(lefts.get(left + 1)) || near(rights.get(right + 1)) {
                    return true;
                }
                left += 1;
                right += 1;
            }
            apart if apart <= distance => return true,
            _ if one < other => left += 1,
            _ => right += 1,
        }
    }
    false
}

fn candidates(mut scorer: Box<dyn Scorer>) -> Vec<DocId> {
    let mut docs = Vec::new();
    while scorer.doc() != TERMINATED {
        docs.push(scorer.doc());
        scorer.advance();
    }
    docs
}

/// Where the words of a query stand in the articles of a segment.
struct Places {
    /// Read forwards only: articles are asked in order.
    words: HashMap<String, RefCell<SegmentPostings>>,
    /// Of the candidates alone, for a beginning may stand for thousands of words.
    beginnings: HashMap<String, HashMap<DocId, Vec<u32>>>,
}

impl Places {
    fn open(reader: &SegmentReader, field: Field, spans: &Spans, candidates: &[DocId]) -> tantivy::Result<Self> {
        let mut places = Self { words: HashMap::new(), beginnings: HashMap::new() };
        places.read(reader, field, spans, candidates)?;
        Ok(places)
    }

    fn read(
        &mut self,
        reader: &SegmentReader,
        field: Field,
        spans: &Spans,
        candidates: &[DocId],
    ) -> tantivy::Result<()> {
        const WITH: IndexRecordOption = IndexRecordOption::WithFreqsAndPositions;
        let index = reader.inverted_index(field)?;
        match spans {
            Spans::Phrase(words) => {
                for word in words {
                    if let Some(postings) = index.read_postings(&Term::from_field_text(field, word), WITH)? {
                        self.words.insert(word.to_string(), RefCell::new(postings));
                    }
                }
            }
            Spans::Prefix(prefix) if self.beginnings.contains_key(prefix) => {}
            Spans::Prefix(prefix) => {
                let mut found: HashMap<DocId, Vec<u32>> = HashMap::new();
                let (from, to) = beginning_bounds(prefix);
                let mut terms = index.terms().range().ge(from).le(to).into_stream()?;
                let mut here = Vec::new();
                while terms.advance() {
                    let mut postings = index.read_postings_from_terminfo(terms.value(), WITH)?;
                    // a million words in a million articles: neither list is gone through in steps of one
                    let mut rest = candidates;
                    while let [doc, behind @ ..] = rest {
                        match postings.doc() {
                            TERMINATED => break,
                            there if there < *doc => drop(postings.seek(*doc)),
                            there if there > *doc => rest = &rest[rest.partition_point(|doc| *doc < there)..],
                            _ => {
                                postings.positions(&mut here);
                                found.entry(*doc).or_default().extend(&here);
                                rest = behind;
                            }
                        }
                    }
                }
                self.beginnings.insert(prefix.clone(), found);
            }
            Spans::Any(parts) => {
                for part in parts {
                    self.read(reader, field, part, candidates)?;
                }
            }
            Spans::Near(left, right, _) => {
                self.read(reader, field, left, candidates)?;
                self.read(reader, field, right, candidates)?;
            }
        }
        Ok(())
    }

    fn of_word(&self, word: &str, doc: DocId) -> Vec<u32> {
        let mut out = Vec::new();
        if let Some(postings) = self.words.get(word) {
            let mut postings = postings.borrow_mut();
            if postings.doc() < doc {
                postings.seek(doc);
            }
            if postings.doc() == doc {
                postings.positions(&mut out);
            }
        }
        out
    }

    fn of_beginning(&self, prefix: &str, doc: DocId) -> Vec<u32> {
        self.beginnings.get(prefix).and_then(|docs| docs.get(&doc)).cloned().unwrap_or_default()
    }
}

/// Documents in ascending order.
struct Docs {
    docs: Vec<DocId>,
    at: usize,
}

impl DocSet for Docs {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.docs.len());
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.docs.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_are_near_whatever_stands_between_and_one_place_is_not_near_itself() {
        // what stands there, in every way that six places can be given to two words
        for places in 0..1_u32 << 12 {
            let of_word = |shift: u32| (0..6).filter(|p| places >> (p + shift) & 1 == 1).collect::<Vec<u32>>();
            let (lefts, rights) = (of_word(0), of_word(6));
            for distance in 1..5 {
                let pairs = lefts.iter().flat_map(|l| rights.iter().map(|r| l.abs_diff(*r)));
                let truth = pairs.into_iter().any(|apart| apart > 0 && apart <= distance);
                assert_eq!(are_near(&lefts, &rights, distance), truth, "{lefts:?} {rights:?} {distance}");
            }
        }
    }
}
