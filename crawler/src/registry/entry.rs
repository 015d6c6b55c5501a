//! One table of the file: typed fields, every mistake with its place, and no key left unread.

use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A mistake at a byte of the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) message: String,
    pub(super) remedy: String,
}

impl Mistake {
    pub(super) fn new(at: usize, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { at, message: message.into(), remedy: remedy.into() }
    }
}

/// A table whose keys are taken one by one; what nobody took is a mistake.
pub(super) struct Entry<'a, 'm> {
    /// As the person knows it: `[[source]]`, `selectors`.
    name: &'static str,
    table: &'a DeTable<'a>,
    /// Where it begins.
    pub(super) at: usize,
    asked: BTreeSet<&'static str>,
    pub(super) mistakes: &'m mut Vec<Mistake>,
}

/// A value and where it stands.
pub(super) struct Field<T> {
    pub(super) value: T,
    pub(super) at: usize,
}

impl<'a, 'm> Entry<'a, 'm> {
    pub(super) fn new(name: &'static str, table: &'a DeTable<'a>, at: usize, mistakes: &'m mut Vec<Mistake>) -> Self {
        Self { name, table, at, asked: BTreeSet::new(), mistakes }
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.insert(key);
        self.table.get(key)
    }

    /// An optional field, read by `of`; `what` says what it should be.
    fn read<T>(
        &mut self,
        key: &'static str,
        what: &str,
        of: impl Fn(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<Field<T>> {
        let value = self.get(key)?;
        let at = value.span().start;
        match of(value.get_ref()) {
            Some(value) => Some(Field { value, at }),
            None => {
                self.mistakes.push(Mistake::new(at, format!("«{key}» non va bene"), format!("scrivere {what}")));
                None
            }
        }
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Field<&'a str>> {
        self.read(key, "un testo tra virgolette, non vuoto", |v| v.as_str().filter(|t| !t.trim().is_empty()))
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.read(key, "true o false", DeValue::as_bool).map(|f| f.value)
    }

    pub(super) fn number(&mut self, key: &'static str, range: Range<i64>) -> Option<i64> {
        let what = format!("un numero da {} a {}", range.start, range.end - 1);
        self.read(key, &what, |v| {
            let number = v.as_integer()?;
            i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok().filter(|n| range.contains(n))
        })
        .map(|f| f.value)
    }

    /// A day, as a TOML date or as a text.
    pub(super) fn day(&mut self, key: &'static str) -> Option<jiff::civil::Date> {
        self.read(key, "una data come 2026-12-31", |v| match v {
            DeValue::Datetime(date) => date.to_string().parse().ok(),
            other => other.as_str()?.parse().ok(),
        })
        .map(|f| f.value)
    }

    /// One of a list of words.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let field = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == field.value);
        if found.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let remedy = match nearest(field.value, all.iter().copied()) {
                Some(word) => format!("forse «{word}»? Valori ammessi: {}", all.join(", ")),
                None => format!("valori ammessi: {}", all.join(", ")),
            };
            self.mistakes.push(Mistake::new(
                field.at,
                format!("«{key}» non può essere «{}»", shown(field.value)),
                remedy,
            ));
        }
        found.map(|(_, value)| *value)
    }

    /// An address that the program may ask.
    pub(super) fn address(&mut self, key: &'static str) -> Option<Field<&'a str>> {
        let field = self.text(key)?;
        match salastampa_http::guard::check(field.value, &salastampa_http::guard::Reach::default()) {
            Ok(_) => Some(field),
            Err(refused) => {
                let remedy = match refused {
                    salastampa_http::Refused::ForbiddenAddress { .. } => {
                        "gli indirizzi di reti interne non sono ammessi"
                    }
                    _ => "scrivere un indirizzo intero che comincia con https:// o http://, senza nome utente né porta",
                };
                self.mistakes.push(Mistake::new(
                    field.at,
                    format!("«{key}» non è un indirizzo valido: «{}»", shown(field.value)),
                    remedy,
                ));
                None
            }
        }
    }

    /// A list of texts; none where the key is missing.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<Field<&'a str>> {
        let list = self.read(key, "un elenco di testi, per esempio [\".box\", \".correlati\"]", |v| {
            let texts = v.as_array()?.iter().map(|one| {
                let value = one.get_ref().as_str().filter(|t| !t.trim().is_empty())?;
                Some(Field { value, at: one.span().start })
            });
            texts.collect::<Option<Vec<_>>>()
        });
        list.map(|field| field.value).unwrap_or_default()
    }

    /// A table inside this one.
    pub(super) fn table(&mut self, key: &'static str) -> Option<Field<&'a DeTable<'a>>> {
        self.read(key, "una tabella { … }", DeValue::as_table)
    }

    /// Says that a field must be there, if it is not; one that is there and wrong has been told.
    pub(super) fn need(&mut self, key: &'static str, remedy: &str) {
        if !self.table.contains_key(key) {
            self.mistakes.push(Mistake::new(self.at, format!("in {} manca «{key}»", self.name), remedy));
        }
    }

    /// A short name in files and addresses: lower-case letters, digits and hyphens.
    pub(super) fn slug(&mut self, key: &'static str) -> Option<Field<&'a str>> {
        let field = self.text(key)?;
        let good = field.value.len() <= 64
            && !field.value.starts_with('-')
            && field.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if good {
            return Some(field);
        }
        self.mistakes.push(Mistake::new(
            field.at,
            format!("«{key}» non va bene: «{}»", shown(field.value)),
            "usare solo lettere minuscole senza accento, cifre e trattini, al più 64",
        ));
        None
    }

    /// Tells every key that nobody asked for, with the one that was probably meant.
    pub(super) fn close(self) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.asked.contains(name) {
                continue;
            }
            // a key that stands there already was not meant
            let free = self.asked.iter().copied().filter(|key| !self.table.contains_key(*key));
            let remedy = match nearest(name, free) {
                Some(word) => format!("forse «{word}»?"),
                None => format!("chiavi ammesse: {}", self.asked.iter().copied().collect::<Vec<_>>().join(", ")),
            };
            let message = format!("chiave sconosciuta «{}» in {}", shown(name), self.name);
            self.mistakes.push(Mistake::new(key.span().start, message, remedy));
        }
    }
}

/// A text of the file as it may stand in a message: short, on one line.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if text.chars().count() > 60 {
        short.push('…');
    }
    short
}

/// The word that was probably meant: at most a third of its letters away.
pub(super) fn nearest<'w>(written: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let written: String = written.chars().take(40).collect();
    words
        .map(|word| (salastampa_text::distance(&written.to_lowercase(), word), word))
        .filter(|(far, word)| *far <= word.len().div_ceil(3) && *far < word.len())
        .min_by_key(|(far, _)| *far)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant_is_found() {
        let keys = ["id", "outlet", "selectors", "rubric", "url"];
        for (written, meant) in [
            ("selector", Some("selectors")),
            ("rubrica", Some("rubric")),
            ("otulet", Some("outlet")),
            ("URL", Some("url")),
            ("ulr", Some("url")),
            ("intervallo", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, keys.into_iter()), meant, "{written}");
        }
    }
}
