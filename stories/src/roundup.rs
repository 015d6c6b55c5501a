//! Pages that tell no single event: live blogs, agendas, *ultime notizie*, other people's press reviews, newsletters.
//!
//! Their vocabulary is a day's, so as a story they would draw in everything: they stand alone and nothing joins them.

use salastampa_text::words;

/// Openings of such titles, folded.
const OPENINGS: [&[&str]; 22] = [
    &["agenda"],
    &["almanacco"],
    &["diretta"],
    &["in", "diretta"],
    &["in", "breve"],
    &["l", "agenda"],
    &["la", "diretta"],
    &["le", "notizie", "del", "giorno"],
    &["le", "notizie", "di", "oggi"],
    &["le", "prime", "pagine"],
    &["live"],
    &["live", "blog"],
    &["live", "updates"],
    &["morning", "briefing"],
    &["newsletter"],
    &["notizie", "in", "breve"],
    &["oroscopo"],
    &["prime", "pagine"],
    &["rassegna", "stampa"],
    &["the", "latest"],
    &["tutte", "le", "notizie"],
    &["ultime", "notizie"],
];

/// Whether a title announces such a page: one of the openings, followed by a mark, by nothing or by a date.
pub fn is_roundup(title: &str) -> bool {
    let title = title.trim();
    let found = words(title);
    OPENINGS.iter().any(|opening| {
        let starts = found.len() >= opening.len() && opening.iter().zip(&found).all(|(part, word)| *part == word.text);
        starts && {
            let after = title[found[opening.len() - 1].end..].trim_start_matches(char::is_whitespace);
            let next: Vec<&str> = found[opening.len()..].iter().take(2).map(|w| w.text.as_str()).collect();
            let dated = matches!(next.as_slice(), ["di" | "del" | "dell" | "for" | "of", day] if is_day(day));
            !after.starts_with(char::is_alphabetic) || dated
        }
    })
}

fn is_day(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || matches!(word, "oggi" | "ieri" | "domani" | "giorno" | "today")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_many_events_is_known_by_its_title() {
        for (title, expected) in [
            ("Rassegna stampa del 23 novembre", true),
            ("Rassegna stampa: le notizie di oggi", true),
            ("DIRETTA - Il consiglio comunale", true),
            ("Ultime notizie", true),
            ("Live: elections in Bellariva", true),
            ("Agenda, gli appuntamenti della settimana", true),
            ("L'agenda della sindaca si allunga", false),
            ("La diretta tv non c'è", false),
            ("", false),
        ] {
            assert_eq!(is_roundup(title), expected, "{title}");
        }
    }
}
