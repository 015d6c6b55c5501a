//! The languages that the program speaks. An enum, so that a language without words cannot be asked for.

use serde::{Deserialize, Serialize};

/// A language that people are spoken to in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Italian: what an office gets that asks for nothing.
    #[default]
    It,
    /// English.
    En,
}

impl Lang {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::It, Self::En];

    /// Its code, as in `<html lang="it">` (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
        }
    }

    /// The language of a code or tag (BCP 47): `it`, `IT`, `it-IT`, `en_GB`. `None` for a language that we do not speak.
    pub fn parse(tag: &str) -> Option<Self> {
        let code = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_code_whatever_the_region() {
        for (tag, lang) in [
            ("it", Some(Lang::It)),
            ("it-IT", Some(Lang::It)),
            (" EN_gb ", Some(Lang::En)),
            ("de", None),
            ("", None),
            ("italiano", None),
        ] {
            assert_eq!(Lang::parse(tag), lang, "{tag:?}");
        }
    }
}
