//! One pass over the found articles: the page, the total, and how many by outlet, by section and by day.
//!
//! Columns are read a block of articles at a time, each column in a loop of its own: where half the archive is found, that
//! is what an answer costs. By date a page is the beginning or the end of what a segment gives, which lies in that order:
//! where counts are not asked for, the rest is only numbered. Left out: what is found (the query's business), and any name
//! of what is counted.

use crate::engine::dated::first_before;
use crate::engine::schema::{DAY, ID, OUTLET, PUBLISHED_AT, RUBRIC};
use salastampa_domain::Sort;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::ops::Range;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// The place of an article in an answer: smaller comes first. The last number is its id, so that the order is total.
pub(crate) type Rank = (i64, i64, i64);

/// Articles whose columns are read at once.
const BLOCK: usize = 64;

/// What to collect.
pub(crate) struct Gather<'a> {
    pub(crate) sort: Sort,
    /// Only articles after this place go on the page; all are counted.
    pub(crate) after: Option<Rank>,
    /// How many go on the page.
    pub(crate) size: usize,
    /// Whether the whole answer is counted by outlet, section and day.
    pub(crate) counts: bool,
    /// The rank of each outlet, where it matters; one that is not there comes last.
    pub(crate) ranks: &'a HashMap<i64, i64>,
}

/// What was collected.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) total: u64,
    /// The first of them, in order: place, article, score.
    pub(crate) page: Vec<(Rank, i64, Score)>,
    pub(crate) by_outlet: BTreeMap<i64, u64>,
    /// Those without a section under the empty name.
    pub(crate) by_rubric: BTreeMap<String, u64>,
    pub(crate) by_day: BTreeMap<i64, u64>,
}

impl Collector for Gather<'_> {
    type Fruit = Gathered;
    type Child = Gathering;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Gathering> {
        let columns = segment.fast_fields();
        let outlet = columns.i64(OUTLET)?;
        let counts = match self.counts {
            true => Some(Counts {
                outlet: Tally::new(outlet.clone()),
                day: Tally::new(columns.i64(DAY)?),
                rubric: Sections::new(columns.str(RUBRIC)?),
            }),
            false => None,
        };
        let published_at = columns.i64(PUBLISHED_AT)?;
        let count = segment.max_doc();
        // where the page before ended, by date: what lies before, or behind, was on it
        let (from, to) = match (self.sort, self.after) {
            _ if self.size == 0 => (0, 0),
            (Sort::Newest, Some((_, date, _))) => {
                (first_before(&published_at, count, (!date).saturating_add(1)), count)
            }
            (Sort::Oldest, Some((_, date, _))) => (0, first_before(&published_at, count, date)),
            _ => (0, count),
        };
        Ok(Gathering {
            sort: self.sort,
            wanted: from..to,
            last: Vec::new(),
            after: self.after,
            size: self.size,
            id: columns.i64(ID)?,
            published_at,
            ranks: (self.sort == Sort::Outlets).then(|| (outlet, self.ranks.clone())),
            total: 0,
            page: BinaryHeap::new(),
            counts,
            block: Vec::with_capacity(BLOCK),
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
            add(&mut all.by_outlet, segment.by_outlet);
            add(&mut all.by_rubric, segment.by_rubric);
            add(&mut all.by_day, segment.by_day);
        }
        all.page.sort_unstable_by_key(|(rank, ..)| *rank);
        all.page.truncate(self.size);
        Ok(all)
    }
}

fn add<K: Ord>(all: &mut BTreeMap<K, u64>, some: BTreeMap<K, u64>) {
    for (key, n) in some {
        *all.entry(key).or_default() += n;
    }
}

/// The same in one segment.
pub(crate) struct Gathering {
    sort: Sort,
    after: Option<Rank>,
    size: usize,
    /// Articles that may be on the page.
    wanted: Range<DocId>,
    /// Oldest first: those that were found, whose last are the page.
    last: Vec<DocId>,
    id: Column<i64>,
    published_at: Column<i64>,
    /// Only where outlets are the order.
    ranks: Option<(Column<i64>, HashMap<i64, i64>)>,
    total: u64,
    /// The worst on top.
    page: BinaryHeap<(Rank, i64, u32)>,
    counts: Option<Counts>,
    /// Articles that wait to be counted.
    block: Vec<DocId>,
}

impl SegmentCollector for Gathering {
    type Fruit = Gathered;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        if self.counts.is_some() {
            self.block.push(doc);
            if self.block.len() == BLOCK {
                self.count();
            }
        }
        self.consider(doc, score);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.total += docs.len() as u64;
        for docs in docs.chunks(BLOCK) {
            if let Some(counts) = &mut self.counts {
                counts.add(docs);
            }
            if self.wanted.is_empty() {
                continue;
            }
            docs.iter().for_each(|doc| self.consider(*doc, 0.0));
        }
    }

    fn harvest(mut self) -> Gathered {
        self.count();
        let found = std::mem::take(&mut self.last);
        for doc in found.into_iter().rev() {
            if !self.place(doc, 0.0) {
                break;
            }
        }
        let page = self.page.into_iter().map(|(rank, id, score)| (rank, id, Score::from_bits(score))).collect();
        let (by_outlet, by_rubric, by_day) = match self.counts {
            Some(counts) => (counts.outlet.counts(), counts.rubric.counts(), counts.day.counts()),
            None => Default::default(),
        };
        Gathered { total: self.total, page, by_outlet, by_rubric, by_day }
    }
}

impl Gathering {
    /// Counts the articles that wait to be counted together.
    fn count(&mut self) {
        if let Some(counts) = &mut self.counts {
            counts.add(&self.block);
        }
        self.block.clear();
    }

    fn consider(&mut self, doc: DocId, score: Score) {
        if !self.wanted.contains(&doc) {
            return;
        }
        if self.sort == Sort::Oldest {
            self.last.push(doc);
        } else if !self.place(doc, score) && self.sort == Sort::Newest {
            // what follows is older still
            self.wanted = 0..0;
        }
    }

    /// Puts an article on the page, if it comes before the worst there; gives whether one like it may still do so.
    fn place(&mut self, doc: DocId, score: Score) -> bool {
        let date = match self.sort {
            Sort::Relevance => 0,
            _ => self.published_at.first(doc).unwrap_or_default(),
        };
        // not (`!`) turns the order of integers round without an overflow
        let first = match &self.ranks {
            _ if self.sort == Sort::Newest => (0, !date),
            _ if self.sort == Sort::Oldest => (0, date),
            Some((outlet, ranks)) => {
                let outlet = outlet.first(doc).unwrap_or_default();
                (ranks.get(&outlet).copied().unwrap_or(i64::MAX), !date)
            }
            // the bits of floats that are not negative have the order of the floats
            None => (0, !i64::from(score.max(0.0).to_bits())),
        };
        let full = self.page.len() == self.size;
        // most articles end here, and their numbers are never read
        if full && self.page.peek().is_some_and(|((a, b, _), ..)| (*a, *b) < first) {
            return false;
        }
        let id = self.id.first(doc).unwrap_or_default();
        let rank = (first.0, first.1, if self.sort == Sort::Oldest { id } else { !id });
        if self.after.is_some_and(|after| rank <= after) {
            return true;
        }
        if full {
            if self.page.peek().is_some_and(|(worst, ..)| *worst <= rank) {
                return true;
            }
            self.page.pop();
        }
        self.page.push((rank, id, score.to_bits()));
        true
    }
}

struct Counts {
    outlet: Tally,
    day: Tally,
    rubric: Sections,
}

impl Counts {
    /// At most [`BLOCK`] articles.
    fn add(&mut self, docs: &[DocId]) {
        self.outlet.add(docs);
        self.day.add(docs);
        self.rubric.add(docs);
    }
}

/// Counts of the values of a column: a row of numbers where they lie close, as days and outlets do.
struct Tally {
    column: Column<i64>,
    least: i64,
    row: Vec<u64>,
    /// Where they lie too far from each other for a row.
    wide: HashMap<i64, u64>,
}

/// Values of this range are counted in a row.
const CLOSE: i64 = 1 << 16;

impl Tally {
    fn new(column: Column<i64>) -> Self {
        let (least, most) = (column.min_value(), column.max_value());
        let range = most.checked_sub(least).filter(|range| (0..CLOSE).contains(range));
        let length = range.and_then(|range| usize::try_from(range).ok()).map_or(0, |range| range + 1);
        Self { column, least, row: vec![0; length], wide: HashMap::new() }
    }

    fn add(&mut self, docs: &[DocId]) {
        let mut values = [None; BLOCK];
        let values = &mut values[..docs.len()];
        self.column.first_vals(docs, values);
        for value in values.iter().map(|value| value.unwrap_or_default()) {
            let at = usize::try_from(value.wrapping_sub(self.least)).ok();
            match at.and_then(|at| self.row.get_mut(at)) {
                Some(n) => *n += 1,
                None => *self.wide.entry(value).or_default() += 1,
            }
        }
    }

    fn counts(self) -> BTreeMap<i64, u64> {
        (self.least..).zip(self.row).filter(|(_, n)| *n > 0).chain(self.wide).collect()
    }
}

/// Counts of sections, by their number in the segment.
struct Sections {
    column: Option<StrColumn>,
    row: Vec<u64>,
    none: u64,
}

impl Sections {
    fn new(column: Option<StrColumn>) -> Self {
        let row = vec![0; column.as_ref().map_or(0, |column| column.dictionary().num_terms())];
        Self { column, row, none: 0 }
    }

    fn add(&mut self, docs: &[DocId]) {
        let mut values = [None; BLOCK];
        let values = &mut values[..docs.len()];
        if let Some(column) = &self.column {
            column.ords().first_vals(docs, values);
        }
        for value in values.iter() {
            match value.and_then(|at| usize::try_from(at).ok()).and_then(|at| self.row.get_mut(at)) {
                Some(n) => *n += 1,
                None => self.none += 1,
            }
        }
    }

    fn counts(self) -> BTreeMap<String, u64> {
        let mut out = BTreeMap::new();
        for (ord, n) in (0_u64..).zip(self.row).filter(|(_, n)| *n > 0) {
            let mut name = String::new();
            let read = self.column.as_ref().map(|column| column.ord_to_str(ord, &mut name));
            // a name that cannot be read is a section that cannot be named: the sum stays true
            if !matches!(read, Some(Ok(true))) {
                name.clear();
            }
            *out.entry(name).or_default() += n;
        }
        if self.none > 0 {
            *out.entry(String::new()).or_default() += self.none;
        }
        out
    }
}
