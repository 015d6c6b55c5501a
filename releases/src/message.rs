//! A sentence that is still to be said: its key in the words of `locale` and what it names. A draft is judged once and
//! may be shown to people of both languages.

use salastampa_locale::{Lang, fill};

/// A sentence for a person, not yet in a language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Its key, such as `releases.lint.title_long`.
    pub key: &'static str,
    /// What stands in its `{names}`.
    pub args: Vec<(&'static str, String)>,
}

impl Message {
    /// A sentence that names nothing.
    pub fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The same sentence, naming one thing more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// The sentence in a language.
    pub fn say(&self, lang: Lang) -> String {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(lang, self.key, &args)
    }
}
