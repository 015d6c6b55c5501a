//! One pass over the found articles: the page, the total, and how many by outlet and by day.

use crate::engine::schema::{DAY, ID, OUTLET, PUBLISHED_AT};
use salastampa_domain::Sort;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// The place of an article in an answer: smaller comes first. The second number is its id, so that the order is total.
pub(crate) type Rank = (i64, i64);

/// What to collect.
pub(crate) struct Gather {
    pub(crate) sort: Sort,
    /// Only articles after this place go on the page; all are counted.
    pub(crate) after: Option<Rank>,
    /// How many go on the page.
    pub(crate) size: usize,
}

/// What was collected.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) total: u64,
    /// The first of them, in order: place, article, score.
    pub(crate) page: Vec<(Rank, i64, Score)>,
    pub(crate) by_outlet: BTreeMap<i64, u64>,
    pub(crate) by_day: BTreeMap<i64, u64>,
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = Gathering;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Gathering> {
        let columns = segment.fast_fields();
        let (outlet, day) = (columns.i64(OUTLET)?, columns.i64(DAY)?);
        Ok(Gathering {
            sort: self.sort,
            after: self.after,
            size: self.size,
            by_outlet: Tally::new(&outlet),
            by_day: Tally::new(&day),
            id: columns.i64(ID)?,
            published_at: columns.i64(PUBLISHED_AT)?,
            outlet,
            day,
            total: 0,
            page: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<Gathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered::default();
        for segment in segments {
            all.total += segment.total;
            all.page.extend(segment.page);
            for (outlet, n) in segment.by_outlet {
                *all.by_outlet.entry(outlet).or_default() += n;
            }
            for (day, n) in segment.by_day {
                *all.by_day.entry(day).or_default() += n;
            }
        }
        all.page.sort_unstable_by_key(|(rank, ..)| *rank);
        all.page.truncate(self.size);
        Ok(all)
    }
}

/// The same in one segment.
pub(crate) struct Gathering {
    sort: Sort,
    after: Option<Rank>,
    size: usize,
    id: Column<i64>,
    published_at: Column<i64>,
    outlet: Column<i64>,
    day: Column<i64>,
    total: u64,
    /// The worst on top.
    page: BinaryHeap<(Rank, i64, u32)>,
    by_outlet: Tally,
    by_day: Tally,
}

impl SegmentCollector for Gathering {
    type Fruit = Gathered;

    fn collect(&mut self, doc: DocId, score: Score) {
        let value = |column: &Column<i64>| column.first(doc).unwrap_or_default();
        self.total += 1;
        self.by_outlet.add(value(&self.outlet));
        self.by_day.add(value(&self.day));
        if self.size == 0 {
            return;
        }
        // not (`!`) turns the order of integers round without an overflow
        let id = value(&self.id);
        let rank = match self.sort {
            Sort::Newest => (!value(&self.published_at), !id),
            Sort::Oldest => (value(&self.published_at), id),
            // the bits of floats that are not negative have the order of the floats
            Sort::Relevance => (!i64::from(score.max(0.0).to_bits()), !id),
        };
        if self.after.is_some_and(|after| rank <= after) {
            return;
        }
        if self.page.len() == self.size {
            if self.page.peek().is_some_and(|(worst, ..)| *worst <= rank) {
                return;
            }
            self.page.pop();
        }
        self.page.push((rank, id, score.to_bits()));
    }

    fn harvest(self) -> Gathered {
        let page = self.page.into_iter().map(|(rank, id, score)| (rank, id, Score::from_bits(score))).collect();
        Gathered { total: self.total, page, by_outlet: self.by_outlet.counts(), by_day: self.by_day.counts() }
    }
}

/// Counts of the values of a column: a row of numbers where they lie close, as days and outlets do.
enum Tally {
    Close(i64, Vec<u64>),
    Wide(HashMap<i64, u64>),
}

/// Values of this range are counted in a row.
const CLOSE: i64 = 1 << 16;

impl Tally {
    fn new(column: &Column<i64>) -> Self {
        let (min, max) = (column.min_value(), column.max_value());
        match max.checked_sub(min).filter(|range| (0..CLOSE).contains(range)).and_then(|r| usize::try_from(r).ok()) {
            Some(range) => Self::Close(min, vec![0; range + 1]),
            None => Self::Wide(HashMap::new()),
        }
    }

    fn add(&mut self, value: i64) {
        match self {
            Self::Close(min, row) => {
                let at = usize::try_from(value.wrapping_sub(*min)).ok();
                if let Some(n) = at.and_then(|at| row.get_mut(at)) {
                    *n += 1;
                }
            }
            Self::Wide(map) => *map.entry(value).or_default() += 1,
        }
    }

    fn counts(self) -> BTreeMap<i64, u64> {
        match self {
            Self::Close(min, row) => (min..).zip(row).filter(|(_, n)| *n > 0).collect(),
            Self::Wide(map) => map.into_iter().collect(),
        }
    }
}
