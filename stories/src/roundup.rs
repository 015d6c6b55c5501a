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

/// Whether a title announces such a page: one of the openings, followed by a mark or by nothing.
pub fn is_roundup(title: &str) -> bool {
    let title = title.trim();
    let found = words(title);
    OPENINGS.iter().any(|opening| {
        let starts = found.len() >= opening.len() && opening.iter().zip(&found).all(|(part, word)| *part == word.text);
        starts
            && title[found[opening.len() - 1].end..]
                .chars()
                .find(|c| !c.is_whitespace())
                .is_none_or(|c| !c.is_alphabetic())
    })
}
