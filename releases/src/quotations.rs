//! What somebody is quoted with in a text (*virgolettati*): what stands between « » (or “ ”) and is a sentence, not a name
//! set apart.
//!
//! A quotation is known by its words: as long as they stand as they were, whoever let them go out has let these go out; one
//! letter more and it is another quotation. Blanks and line breaks change nothing. Left out: who is quoted with it (people
//! write that before, after or in the head), and who has let it go out (`domain::SignOff`).

use crate::draft::Draft;
use crate::markdown;
use crate::public::sha256;
use salastampa_locale::Lang;

/// Fewest words of a quotation: fewer are a name, or an expression.
const WORDS: usize = 5;

/// A quotation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quotation {
    /// Its words as they are printed, without the marks around them.
    pub words: String,
    /// What it is known by: changes with each letter.
    pub key: String,
}

/// The quotations of a draft in their order, each once. `office` is the office's language, for a draft that names none.
pub fn quotations(draft: &Draft, office: Lang) -> Vec<Quotation> {
    let (blocks, _) = markdown::parse(&draft.body, draft.language.unwrap_or(office));
    let mut found: Vec<Quotation> = Vec::new();
    for paragraph in markdown::paragraphs(&blocks) {
        for words in apart(&paragraph).0.iter().filter(|words| is_sentence(words)) {
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let key = sha256(words.as_bytes())[..24].to_owned();
            if found.iter().all(|known| known.key != key) {
                found.push(Quotation { words, key });
            }
        }
    }
    found
}

pub(crate) fn is_sentence(words: &str) -> bool {
    words.split_whitespace().count() >= WORDS
}

/// What stands between quotation marks, and the rest.
pub(crate) fn apart(paragraph: &str) -> (Vec<String>, String) {
    let (mut inside, mut outside) = (Vec::new(), String::new());
    let mut open: Option<(char, String)> = None;
    for c in paragraph.chars() {
        open = match (open, c) {
            (None, '«') => Some(('»', String::new())),
            (None, '“') => Some(('”', String::new())),
            (None, '"') => Some(('"', String::new())),
            (None, c) => {
                outside.push(c);
                None
            }
            (Some((end, quote)), c) if c == end => {
                inside.push(quote);
                outside.push(' ');
                None
            }
            (Some((end, mut quote)), c) => {
                quote.push(c);
                Some((end, quote))
            }
        };
    }
    if let Some((_, rest)) = open {
        outside.push_str(&rest);
    }
    (inside, outside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::parse;

    fn of(body: &str) -> Vec<Quotation> {
        quotations(&parse(&format!("+++\ntitolo = \"Prova\"\n+++\n{body}\n")).expect("a draft"), Lang::It)
    }

    #[test]
    fn a_quotation_is_known_by_its_words_and_by_nothing_else() {
        let one = of("«Il ponte riapre lunedì alle sei», dice Ada Corti. Il «Ponte Vecchio» è del 1890.");
        assert_eq!(one.iter().map(|q| q.words.as_str()).collect::<Vec<_>>(), ["Il ponte riapre lunedì alle sei"]);
        // other marks, other blanks, another place: the same words
        assert_eq!(of("Ada Corti dice: \"Il ponte riapre\nlunedì  alle sei\"."), one);
        assert_eq!(of("«Il ponte riapre lunedì alle sei». Ancora: «Il ponte riapre lunedì alle sei»."), one);
        assert_ne!(of("«Il ponte riapre martedì alle sei», dice Ada Corti.")[0].key, one[0].key);
    }
}
