//! How a word of the archive is written: the index knows it folded, its articles know it with accents.
//!
//! A word alone is no one's text; what is given is never longer than that. Titles in capitals and typewriter accents
//! (*CITTA'*) hide how a word is written, so that they count only where there is nothing else. Left out: upper case, which
//! follows what a person typed.

use salastampa_domain::{Article, ForeignText};
use salastampa_text::analyse;
use std::collections::BTreeMap;

/// Bytes of a title, a lead or a body in which a word is looked for.
const LONGEST: usize = 20_000;

/// How most of these articles write the word of that exact form, in lower case; `None` where none has it. Of equals the
/// one that comes first in the alphabet of the accents, so that the answer is always the same.
pub fn written<'a>(form: &str, articles: impl IntoIterator<Item = (&'a Article, &'a ForeignText)>) -> Option<String> {
    let mut clear: BTreeMap<String, u32> = BTreeMap::new();
    let mut doubtful: BTreeMap<String, u32> = BTreeMap::new();
    for (article, body) in articles {
        // where the title has it, it is there; the text is for want of one
        let texts = [article.title.as_str(), article.lead.for_analysis(), body.for_analysis()];
        for text in texts.map(|text| &text[..text.floor_char_boundary(LONGEST)]) {
            let mut is_here = false;
            for token in analyse(text).iter().filter(|token| &*token.exact == form) {
                let Some(word) = text.get(token.start..token.end) else { continue };
                let after = text[token.end..].chars().next();
                let typewriter = after.is_some_and(|next| ['\'', '’', '‘', '`', '´'].contains(&next));
                let capitals = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
                let counts = if typewriter || capitals { &mut doubtful } else { &mut clear };
                *counts.entry(word.to_lowercase()).or_default() += 1;
                is_here = true;
            }
            if is_here {
                break;
            }
        }
    }
    let counts = if clear.is_empty() { doubtful } else { clear };
    counts.into_iter().rev().max_by_key(|(_, times)| *times).map(|(word, _)| word)
}
