//! A statement with its values, and a row with its columns: the little that the rest of the crate sees of the SQL
//! library.
//!
//! Values go in order, `$1` first, and only as text or 64-bit numbers; columns are read by name. So both databases
//! get and give the same, and a column that does not read says which one.

use crate::{Error, Rows};
use salastampa_domain::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, AssertSqlSafe, Row as _};

/// A statement and its values.
pub(crate) struct Sql(sqlx::query::Query<'static, Any, AnyArguments>);

/// A row that was read.
pub(crate) struct Row(AnyRow);

/// A statement of this crate.
pub(crate) fn sql(text: &'static str) -> Sql {
    Sql(sqlx::query(text))
}

/// A statement that was put together from texts of this crate (a list of placeholders, a lock clause), never from
/// outside ones.
pub(crate) fn built(text: String) -> Sql {
    Sql(sqlx::query(AssertSqlSafe(text)))
}

/// At most so many values go into one `in (…)`; longer lists are asked in parts.
pub(crate) const PART: usize = 256;

/// `$3, $4, …`: placeholders for a list of `count` values. The list is rounded up to a power of two, so that the
/// database sees few different statements: fill it with [`Sql::texts`] or [`Sql::numbers`], which repeat the last one.
pub(crate) fn places(first: usize, count: usize) -> String {
    let names: Vec<String> = (first..first + count.next_power_of_two()).map(|n| format!("${n}")).collect();
    names.join(", ")
}

/// `($1, $2), ($3, $4), …`: placeholders for so many rows of so many values. The rows are rounded up to a power of two, so
/// that the database sees few different statements: repeat the last one with [`padded`].
pub(crate) fn table(rows: usize, columns: usize) -> String {
    let row = |n: usize| {
        let names: Vec<String> = (1..=columns).map(|column| format!("${}", n * columns + column)).collect();
        format!("({})", names.join(", "))
    };
    (0..rows.next_power_of_two()).map(row).collect::<Vec<_>>().join(", ")
}

/// The rows of a [`table`].
pub(crate) fn padded<T>(rows: &[T]) -> impl Iterator<Item = &T> {
    let fill = rows.len().next_power_of_two() - rows.len();
    rows.iter().chain(rows.last().into_iter().cycle().take(fill))
}

/// The pattern of `like … escape '!'` for texts that hold these words as they stand.
pub(crate) fn like(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len() + 2);
    pattern.push('%');
    for c in words.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl Sql {
    pub(crate) fn number(self, value: i64) -> Self {
        Self(self.0.bind(value))
    }

    /// A count; more than fits is the largest that does.
    pub(crate) fn count(self, value: usize) -> Self {
        self.number(i64::try_from(value).unwrap_or(i64::MAX))
    }

    pub(crate) fn flag(self, value: bool) -> Self {
        self.number(i64::from(value))
    }

    pub(crate) fn time(self, value: Timestamp) -> Self {
        self.number(value.0)
    }

    /// A text. PostgreSQL keeps no NUL in one, and foreign texts do hold some: they are left out.
    pub(crate) fn text(self, value: &str) -> Self {
        Self(self.0.bind(value.replace('\0', "")))
    }

    /// The name of a plain enum, or any other value that is written as one string.
    pub(crate) fn word(self, value: &impl Serialize) -> Self {
        self.text(&word(value))
    }

    pub(crate) fn json(self, value: &impl Serialize) -> Self {
        self.text(&json(value))
    }

    pub(crate) fn maybe_number(self, value: Option<i64>) -> Self {
        Self(self.0.bind(value))
    }

    pub(crate) fn maybe_time(self, value: Option<Timestamp>) -> Self {
        self.maybe_number(value.map(|t| t.0))
    }

    pub(crate) fn maybe_text(self, value: Option<&str>) -> Self {
        Self(self.0.bind(value.map(|v| v.replace('\0', ""))))
    }

    pub(crate) fn maybe_word(self, value: Option<&impl Serialize>) -> Self {
        self.maybe_text(value.map(word).as_deref())
    }

    pub(crate) fn maybe_json(self, value: Option<&impl Serialize>) -> Self {
        self.maybe_text(value.map(json).as_deref())
    }

    /// The values of a list of [`places`].
    pub(crate) fn texts(self, values: &[&str]) -> Self {
        let last = values.last().copied().unwrap_or_default();
        let fill = std::iter::repeat_n(&last, values.len().next_power_of_two() - values.len());
        values.iter().chain(fill).fold(self, |sql, value| sql.text(value))
    }

    /// The values of a list of [`places`].
    pub(crate) fn numbers(self, values: &[i64]) -> Self {
        let last = values.last().copied().unwrap_or_default();
        let fill = std::iter::repeat_n(&last, values.len().next_power_of_two() - values.len());
        values.iter().chain(fill).fold(self, |sql, value| sql.number(*value))
    }

    /// Runs it and says how many rows it changed.
    pub(crate) async fn run(self, rows: &mut Rows) -> Result<u64, Error> {
        Ok(self.0.execute(rows.connection()).await?.rows_affected())
    }

    pub(crate) async fn all(self, rows: &mut Rows) -> Result<Vec<Row>, Error> {
        Ok(self.0.fetch_all(rows.connection()).await?.into_iter().map(Row).collect())
    }

    pub(crate) async fn optional(self, rows: &mut Rows) -> Result<Option<Row>, Error> {
        Ok(self.0.fetch_optional(rows.connection()).await?.map(Row))
    }

    pub(crate) async fn one(self, rows: &mut Rows) -> Result<Row, Error> {
        Ok(Row(self.0.fetch_one(rows.connection()).await?))
    }
}

impl Row {
    pub(crate) fn number(&self, column: &str) -> Result<i64, Error> {
        self.0.try_get(column).map_err(|e| broken(column, e))
    }

    /// A number that has to fit a smaller type.
    pub(crate) fn small<T: TryFrom<i64, Error: std::fmt::Display>>(&self, column: &str) -> Result<T, Error> {
        T::try_from(self.number(column)?).map_err(|e| broken(column, e))
    }

    pub(crate) fn flag(&self, column: &str) -> Result<bool, Error> {
        Ok(self.number(column)? != 0)
    }

    pub(crate) fn time(&self, column: &str) -> Result<Timestamp, Error> {
        self.number(column).map(Timestamp)
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, Error> {
        self.0.try_get(column).map_err(|e| broken(column, e))
    }

    pub(crate) fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T, Error> {
        read_word(column, self.text(column)?)
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, Error> {
        read_json(column, &self.text(column)?)
    }

    pub(crate) fn maybe_number(&self, column: &str) -> Result<Option<i64>, Error> {
        self.0.try_get(column).map_err(|e| broken(column, e))
    }

    pub(crate) fn maybe_small<T: TryFrom<i64, Error: std::fmt::Display>>(
        &self,
        column: &str,
    ) -> Result<Option<T>, Error> {
        self.maybe_number(column)?.map(|n| T::try_from(n).map_err(|e| broken(column, e))).transpose()
    }

    pub(crate) fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, Error> {
        Ok(self.maybe_number(column)?.map(Timestamp))
    }

    pub(crate) fn maybe_text(&self, column: &str) -> Result<Option<String>, Error> {
        self.0.try_get(column).map_err(|e| broken(column, e))
    }

    pub(crate) fn maybe_word<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, Error> {
        self.maybe_text(column)?.map(|text| read_word(column, text)).transpose()
    }

    pub(crate) fn maybe_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, Error> {
        self.maybe_text(column)?.map(|text| read_json(column, &text)).transpose()
    }
}

/// A row that does not read.
pub(crate) fn broken(column: &str, why: impl std::fmt::Display) -> Error {
    Error::Broken { column: column.to_owned(), why: why.to_string() }
}

fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value).expect("the nouns have no maps whose keys are not strings") {
        serde_json::Value::String(name) => name,
        other => other.to_string(),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("the nouns have no maps whose keys are not strings")
}

fn read_word<T: DeserializeOwned>(column: &str, text: String) -> Result<T, Error> {
    serde_json::from_value(serde_json::Value::String(text)).map_err(|e| broken(column, e))
}

fn read_json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| broken(column, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_many_lengths_make_few_statements() {
        assert_eq!(places(2, 1), "$2");
        assert_eq!(places(2, 3), "$2, $3, $4, $5");
        assert_eq!(places(1, 4), places(1, 3));
        assert_eq!(table(3, 2), "($1, $2), ($3, $4), ($5, $6), ($7, $8)");
        assert_eq!(padded(&[1, 2, 3]).collect::<Vec<_>>(), [&1, &2, &3, &3]);
    }

    #[test]
    fn a_word_is_stored_without_quotes_and_read_back() {
        use salastampa_domain::LegalStatus;
        assert_eq!(word(&LegalStatus::ToVerify), "da verificare");
        let read: LegalStatus = read_word("legal", "da verificare".into()).expect("a known word");
        assert_eq!(read, LegalStatus::ToVerify);
        let unknown = read_word::<LegalStatus>("legal", "boh".into());
        assert!(matches!(unknown, Err(Error::Broken { column, .. }) if column == "legal"));
    }
}
