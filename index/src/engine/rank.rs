//! How well an article fits a plain word: BM25 of its stem, and a share of BM25 of the very form that was asked.
//!
//! The share is what a stem loses: *mobile* and *mobilità* are one stem, and who asks for one of them means it. Both come
//! of one scorer, because the form only stands where the stem does. The engine's own BM25 has its two constants built in;
//! ours were chosen on the even half of a question set and decided on the odd one (`examples/retrieval`): articles differ
//! in length more by what they tell than by how often they repeat it, so length counts for more than the usual .75.
//! Tried and left out: nearness of neighbouring words (it helped questions, not headlines).

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    Bm25StatisticsProvider, EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TantivyError, Term};

/// How soon a word that repeats stops to count for more.
const K1: Score = 1.2;
/// How much the length of an article counts, from 0 to 1.
const B: Score = 0.9;
/// What the form that was asked counts beside its stem.
const SHARE: Score = 0.3;

/// Articles with a stem; those with the form as well rank higher.
#[derive(Clone, Debug)]
pub(crate) struct WordQuery {
    pub(crate) stem: Term,
    pub(crate) form: Term,
}

impl Query for WordQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let EnableScoring::Enabled { statistics_provider, .. } = scoring else {
            return TermQuery::new(self.stem.clone(), IndexRecordOption::Basic).weight(scoring);
        };
        Ok(Box::new(WordWeight {
            stem: Measure::new(&self.stem, 1.0, statistics_provider)?,
            form: Measure::new(&self.form, SHARE, statistics_provider)?,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        visitor(&self.stem, false);
        visitor(&self.form, false);
    }
}

/// What a term is worth: Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009).
struct Measure {
    term: Term,
    weight: Score,
    /// What is added to the frequency below the fraction, by the length of the field as the engine keeps it.
    norms: [Score; 256],
}

impl Measure {
    fn new(term: &Term, share: Score, known: &dyn Bm25StatisticsProvider) -> tantivy::Result<Self> {
        let (all, with) = (known.total_num_docs()? as Score, known.doc_freq(term)? as Score);
        let mean = known.total_num_tokens(term.field())? as Score / all.max(1.0);
        let idf = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
        let mut norms = [0.0; 256];
        for (id, norm) in (0..=u8::MAX).zip(&mut norms) {
            let length = FieldNormReader::id_to_fieldnorm(id) as Score;
            *norm = K1 * (1.0 - B + B * length / mean.max(1.0));
        }
        Ok(Self { term: term.clone(), weight: share * idf * (K1 + 1.0), norms })
    }

    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Option<Counted>> {
        let field = self.term.field();
        let postings = reader.inverted_index(field)?.read_postings(&self.term, IndexRecordOption::WithFreqs)?;
        let Some(postings) = postings else { return Ok(None) };
        let lengths = reader.get_fieldnorms_reader(field)?;
        Ok(Some(Counted { postings, lengths, weight: self.weight, norms: self.norms }))
    }
}

struct WordWeight {
    stem: Measure,
    form: Measure,
}

impl WordWeight {
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Option<WordScorer>> {
        let Some(stem) = self.stem.open(reader)? else { return Ok(None) };
        Ok(Some(WordScorer { stem, form: self.form.open(reader)?, boost }))
    }
}

impl Weight for WordWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(match self.open(reader, boost)? {
            Some(scorer) => Box::new(scorer),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let missed = || TantivyError::InvalidArgument(format!("document {doc} does not match"));
        let mut scorer = self.open(reader, 1.0)?.ok_or_else(missed)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(missed());
        }
        let mut whole = Explanation::new("word", scorer.score());
        whole.add_const("its stem", scorer.stem.score());
        Ok(whole)
    }
}

/// The articles of a segment with a term, and what each is worth.
struct Counted {
    postings: SegmentPostings,
    lengths: FieldNormReader,
    weight: Score,
    norms: [Score; 256],
}

impl Counted {
    fn score(&self) -> Score {
        let times = self.postings.term_freq() as Score;
        let norm = self.norms[usize::from(self.lengths.fieldnorm_id(self.postings.doc()))];
        self.weight * times / (times + norm)
    }
}

struct WordScorer {
    stem: Counted,
    form: Option<Counted>,
    boost: Score,
}

impl DocSet for WordScorer {
    fn advance(&mut self) -> DocId {
        self.stem.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.stem.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.stem.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.stem.postings.size_hint()
    }

    fn cost(&self) -> u64 {
        self.stem.postings.cost()
    }
}

impl Scorer for WordScorer {
    fn score(&mut self) -> Score {
        let doc = self.stem.postings.doc();
        let mut score = self.stem.score();
        if let Some(form) = &mut self.form {
            if form.postings.doc() < doc {
                form.postings.seek(doc);
            }
            if form.postings.doc() == doc {
                score += form.score();
            }
        }
        self.boost * score
    }
}
