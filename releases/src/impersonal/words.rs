//! What the rules of election time know of a language, as one dull value each: folded words, phrases as runs of them.

use super::{words_en, words_it};
use salastampa_locale::Lang;

/// The lists of a language. A phrase is written as its words, blanks between; `l`, `d`, `all` stand for elided forms.
pub(super) struct Words {
    /// Offices of politics (*sindaca*, *assessore*): phrases.
    pub(super) titles: &'static [&'static str],
    /// Words that are an office only beside a name or one of `spheres` (*consigliere*, *deputato*).
    pub(super) titles_if_named: &'static [&'static str],
    /// What makes an office of such a word (*comunale*, *regionale*).
    pub(super) spheres: &'static [&'static str],
    /// Who presides: an office only over one of `bodies`.
    pub(super) chairs: &'static [&'static str],
    /// Bodies of politics, as they follow a chair: phrases.
    pub(super) bodies: &'static [&'static str],
    /// Beside an office, these make another trade of it (*sindaco supplente*).
    pub(super) not_titles: &'static [&'static str],
    /// What stands after an office of politics and is a party or a group.
    pub(super) parties: &'static [&'static str],
    /// Before an office: it is over (*ex*).
    pub(super) former: &'static [&'static str],
    /// Words between an office and the name of who holds it (*di*, *alla*, *comunale*).
    pub(super) links: &'static [&'static str],
    /// Articles, before an office that stands after a name.
    pub(super) articles: &'static [&'static str],
    /// Articles, and what is made of them, before a surname: *la Corti*, *della Corti*.
    pub(super) definite: &'static [&'static str],
    /// What follows whoever has done something: *Corti ha firmato*.
    pub(super) having: &'static [&'static str],
    /// Other people who have a name: what follows is theirs (*maestra*, *dottor*).
    pub(super) callings: &'static [&'static str],
    /// What streets, schools, prizes and firms are called by: a name after them is no person.
    pub(super) places: &'static [&'static str],
    /// Small words and adjectives between such a place and its name (*primaria*, *don*).
    pub(super) place_links: &'static [&'static str],
    /// Beginnings of words by which something is dedicated to somebody, or somebody is remembered.
    pub(super) dedications: &'static [&'static str],
    /// Before a year, these say that it is somebody's birth.
    pub(super) births: &'static [&'static str],
    /// Bodies of the town: a surname in their sentence may be an office-holder's.
    pub(super) town: &'static [&'static str],
    /// Verbs of speech, third person.
    pub(super) speech: &'static [&'static str],
    /// Verbs by which an office-holder is shown at work (*inaugura*), third person.
    pub(super) showing: &'static [&'static str],
    /// First person, beyond doubt: phrases.
    pub(super) first_person: &'static [&'static str],
    /// First person, unless it is a name or a title: phrases.
    pub(super) first_person_doubt: &'static [&'static str],
    /// Endings of verbs in the first person plural.
    pub(super) we_endings: &'static [&'static str],
    /// Words that end like them and are none.
    pub(super) not_we: &'static [&'static str],
    /// After these, a possessive is part of a name (*Nostra Signora*): the word, and the one after it.
    pub(super) names_with_our: &'static [&'static str],
    /// Praise, beyond doubt: phrases.
    pub(super) praise: &'static [&'static str],
    /// Praise in most texts: phrases.
    pub(super) praise_doubt: &'static [&'static str],
    /// Beginnings of words of praise, and the words beside which they are plain facts (*manutenzione straordinaria*).
    pub(super) plain: &'static [(&'static str, &'static [&'static str])],
}

/// The lists of a language.
pub(super) fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::It => &words_it::WORDS,
        Lang::En => &words_en::WORDS,
    }
}
