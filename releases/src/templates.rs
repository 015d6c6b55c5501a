//! House templates (*modelli*): texts to begin a release with. These stand in every office from its first day; what the
//! office changes, adds or takes away are its own rows.
//!
//! What is to be filled in stands in square brackets, `[via]`: a mark that a person sees in the form and in the preview, and
//! that `lint` finds where somebody has passed over it. Left out: rows and who may keep them (`acts::templates`).

use crate::markdown;
use salastampa_locale::Lang;

/// Longest mark, in characters: what is longer between brackets is a remark.
const LONGEST_MARK: usize = 80;

/// A text that stands from the first day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ready {
    /// Its name in commands and addresses, the same in every language.
    pub slug: &'static str,
    /// Key of what it is called.
    pub name: &'static str,
    /// Markdown with its head.
    pub text: &'static str,
}

/// The texts of the first day, in the language of the office.
pub fn ready(lang: Lang) -> [Ready; 4] {
    let text = |it, en| if lang == Lang::It { it } else { en };
    let one = |slug, name, text| Ready { slug, name, text };
    [
        one(
            "strada",
            "composer.template.strada",
            text(include_str!("../templates/it/strada.md"), include_str!("../templates/en/strada.md")),
        ),
        one(
            "conferenza",
            "composer.template.conferenza",
            text(include_str!("../templates/it/conferenza.md"), include_str!("../templates/en/conferenza.md")),
        ),
        one(
            "cordoglio",
            "composer.template.cordoglio",
            text(include_str!("../templates/it/cordoglio.md"), include_str!("../templates/en/cordoglio.md")),
        ),
        one(
            "bando",
            "composer.template.bando",
            text(include_str!("../templates/it/bando.md"), include_str!("../templates/en/bando.md")),
        ),
    ]
}

/// The first mark in a text that nobody has filled in: what stands between square brackets and is neither a link nor the
/// sign of an omission (`[…]`).
pub fn unfilled(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('[') {
        if let Some((inside, _)) = after.split_once(']') {
            let short = inside.chars().count() <= LONGEST_MARK;
            if short && !inside.contains('[') && inside.chars().any(char::is_alphabetic) {
                return Some(format!("[{inside}]"));
            }
        }
        rest = after;
    }
    None
}

/// The first mark in the body of a draft: links are links, and no marks.
pub(crate) fn unfilled_in(blocks: &[markdown::Block]) -> Option<String> {
    markdown::paragraphs(blocks).iter().find_map(|paragraph| unfilled(paragraph))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{LintContext, Rule, lint};
    use crate::{draft, refuse};
    use salastampa_domain::Timestamp;

    #[test]
    fn the_texts_of_the_first_day_read_and_are_not_taken_for_finished() {
        let now = Timestamp::parse("2026-11-23 10:00").expect("an instant");
        for lang in Lang::ALL {
            for ready in ready(lang) {
                let draft = draft::parse(ready.text).unwrap_or_else(|found| panic!("{}: {found:?}", ready.slug));
                let house = crate::House {
                    office: "Comune di Bellariva sul Lago".into(),
                    town: "Bellariva sul Lago".into(),
                    contacts: "Ufficio stampa".into(),
                    base_url: "https://stampa.bellariva.test".into(),
                    lang,
                };
                // which lists it goes to is for whoever writes
                let refused: Vec<_> = refuse(&draft, &house, None, now).into_iter().map(|r| r.message.key).collect();
                assert_eq!(refused, ["releases.refuse.no_list"], "{}", ready.slug);
                let lints = lint(&draft, &LintContext { language: lang, ..LintContext::default() });
                assert!(lints.iter().any(|lint| lint.rule == Rule::Unfilled), "{} {lang:?}", ready.slug);
            }
        }
    }

    #[test]
    fn links_omissions_and_remarks_are_no_marks() {
        for (text, found) in [
            ("Chiude [via o piazza] lunedì", Some("[via o piazza]")),
            ("«Il ponte […] riapre»", None),
            ("«Il ponte [...] riapre»", None),
            ("nota [1]", None),
            ("una [ sola", None),
        ] {
            assert_eq!(unfilled(text).as_deref(), found, "{text}");
        }
        let (blocks, _) = markdown::parse("Vedi [la pagina](https://esempio.test/a).", Lang::It);
        assert_eq!(unfilled_in(&blocks), None);
    }
}
