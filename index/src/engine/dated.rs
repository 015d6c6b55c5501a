//! Articles dated inside a period, in an index whose segments are in the order of their dates.
//!
//! Newest first within each segment ([`super::schema::settings`]), so that a period is a run of neighbours: two searches in
//! the column find its ends, and nothing is read in between.

use crate::engine::schema::PUBLISHED_AT;
use salastampa_domain::Period;
use std::ops::Range;
use tantivy::columnar::Column;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Articles dated from one instant (included) to another (excluded).
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatedQuery(pub(crate) Period);

impl Query for DatedQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(*self))
    }
}

impl Weight for DatedQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let dates = reader.fast_fields().i64(PUBLISHED_AT)?;
        // newest first: what is too new comes before, what is too old after
        let from = first_before(&dates, reader.max_doc(), self.0.to.0);
        let to = first_before(&dates, reader.max_doc(), self.0.from.0);
        Ok(Box::new(ConstScorer::new(Run(from..to.max(from)), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("dated inside", 1.0))
    }
}

/// The number of the first article of a segment that is older than an instant; the number of all of them if none is.
pub(crate) fn first_before(dates: &Column<i64>, count: DocId, instant: i64) -> DocId {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        match dates.first(middle).unwrap_or_default() < instant {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    low
}

/// Neighbours; the first is the one at hand.
struct Run(Range<DocId>);

impl DocSet for Run {
    fn advance(&mut self) -> DocId {
        self.0.next();
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.0.start = target.max(self.0.start).min(self.0.end);
        self.doc()
    }

    fn doc(&self) -> DocId {
        if self.0.is_empty() { TERMINATED } else { self.0.start }
    }

    fn size_hint(&self) -> u32 {
        self.0.end - self.0.start
    }
}
