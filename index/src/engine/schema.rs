//! What the engine keeps of an article: terms and numbers, no text. Hits are numbers; the texts stay in the store.

use crate::analysed::Analysed;
use crate::engine::carried::{CARRIED, Carried, pack};
use crate::engine::pairs;
use salastampa_domain::{ArticleId, Seq};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexSortByField, Order, TantivyDocument};

/// The version of this file: it changes with any field, and an archive that was built with another one is built anew.
pub(crate) const SCHEMA_VERSION: u32 = 7;

/// The fields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) seq: Field,
    pub(crate) published_at: Field,
    pub(crate) day: Field,
    pub(crate) outlet: Field,
    pub(crate) rubric: Field,
    /// Stems of title, lead and body: ranking and plain words. Frequencies without positions: no query asks them.
    pub(crate) text_it: Field,
    /// Exact forms of the same, clitics and stop words too, with positions: quotes, beginnings, NEAR.
    pub(crate) text_x: Field,
    /// Neighbours of which one at least is a function word (*e di*, *che l'*, *il furto*), as [`pairs`] makes them one: a
    /// phrase need not read the places of words that stand everywhere.
    pub(crate) pairs: Field,
    pub(crate) title_it: Field,
    pub(crate) title_x: Field,
    pub(crate) author_x: Field,
}

/// Names of the fast columns that answers are counted and ordered by.
pub(crate) const ID: &str = "id";
pub(crate) const PUBLISHED_AT: &str = "published_at";
pub(crate) const DAY: &str = "day";
pub(crate) const OUTLET: &str = "outlet";
pub(crate) const RUBRIC: &str = "rubric";

/// How an index is made. No text is stored, so that nothing needs to be packed. Newest first within each segment: most
/// answers are in that order, and a period is a run of neighbours.
pub(crate) fn settings() -> IndexSettings {
    let newest_first = IndexSortByField { field: PUBLISHED_AT.into(), order: Order::Desc };
    IndexSettings {
        docstore_compression: Compressor::None,
        sort_by_field: Some(newest_first),
        ..IndexSettings::default()
    }
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    // words come analysed: the tokenizer only cuts them apart again
    let text = |record| {
        let indexing = TextFieldIndexing::default().set_tokenizer(CARRIED).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing)
    };
    let stems = text(IndexRecordOption::WithFreqs);
    let exact = text(IndexRecordOption::WithFreqsAndPositions);
    let whole = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic),
    );
    let fields = Fields {
        id: schema.add_i64_field(ID, INDEXED | FAST),
        seq: schema.add_i64_field("seq", FAST),
        published_at: schema.add_i64_field(PUBLISHED_AT, FAST),
        day: schema.add_i64_field(DAY, FAST),
        outlet: schema.add_i64_field(OUTLET, INDEXED | FAST),
        rubric: schema.add_text_field(RUBRIC, whole.set_fast("raw")),
        text_it: schema.add_text_field("text_it", stems.clone()),
        text_x: schema.add_text_field("text_x", exact.clone()),
        pairs: schema.add_text_field("pairs", text(IndexRecordOption::Basic)),
        title_it: schema.add_text_field("title_it", stems),
        title_x: schema.add_text_field("title_x", exact.clone()),
        author_x: schema.add_text_field("author_x", exact),
    };
    (schema.build(), fields)
}

/// Makes the engine able to write and read the fields; asked once for every index that is opened.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(CARRIED, Carried::default());
}

/// What is kept of an article.
pub(crate) fn document(fields: &Fields, id: ArticleId, seq: Seq, article: &Analysed) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_i64(fields.id, id.0);
    document.add_i64(fields.seq, seq.0);
    document.add_i64(fields.published_at, article.dated.0);
    document.add_i64(fields.day, day_number(article.dated.day()));
    document.add_i64(fields.outlet, article.outlet.0);
    if let Some(rubric) = &article.rubric {
        document.add_text(fields.rubric, rubric);
    }
    let (text, authors) = (&article.text.tokens[..], &article.authors.tokens[..]);
    let title = article.text.below(article.text.first_ends);
    for (field, tokens) in [(fields.text_it, text), (fields.title_it, title)] {
        document.add_text(field, pack(tokens, |token| token.stem.as_deref()));
    }
    document.add_text(fields.pairs, pairs::of_text(text));
    for (field, tokens) in [(fields.text_x, text), (fields.title_x, title), (fields.author_x, authors)] {
        document.add_text(field, pack(tokens, |token| Some(&token.exact)));
    }
    document
}

/// Days since 1970-01-01.
pub(crate) fn day_number(day: jiff::civil::Date) -> i64 {
    day.duration_since(jiff::civil::Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The day of that number, held inside the calendar.
pub(crate) fn day_of(number: i64) -> jiff::civil::Date {
    let span = jiff::Span::new().try_days(number);
    let epoch = jiff::civil::Date::constant(1970, 1, 1);
    let end = if number < 0 { jiff::civil::Date::MIN } else { jiff::civil::Date::MAX };
    span.and_then(|s| epoch.checked_add(s)).unwrap_or(end)
}
