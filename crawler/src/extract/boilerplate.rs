//! Lines that outlets put into and around an article and that are not its text: "Leggi anche", calls to subscribe,
//! credits of pictures, dates that stand alone, links to other articles.
//!
//! Rules by class, and cautious: a line goes only if it is short, so that a sentence which happens to begin with such
//! words stays. The lists are Italian first, then the languages of the papers that an Italian office reads.

use super::lines::{Line, words};
use std::collections::HashSet;

/// A longer line is a paragraph, in words.
const LONGEST: usize = 30;

/// How such lines begin, in lower case, straight apostrophes.
const BEGINNINGS: &[&str] = &[
    // Italian
    "leggi anche", "leggi tutto", "leggi l'articolo", "leggi qui", "iscriviti", "seguici", "segui ", "condividi",
    "© riproduzione", "riproduzione riservata", "clicca qui", "approfondisci", "potrebbe interessarti", "ti potrebbe interessare",
    "articoli correlati", "scopri di più", "pubblicità", "foto:", "foto di ", "abbonati", "per approfondire", "guarda anche",
    "guarda il video", "vedi anche", "ultimo aggiornamento", "dalla nostra corrispondente", "dal nostro corrispondente",
    "dal nostro inviato", "dalla nostra inviata", "scarica l'app", "accetta i cookie", "unisciti al canale",
    // English
    "read more", "read also", "read next", "also read", "related:", "related stories", "related articles", "see more",
    "see also", "also see", "more:", "more from", "more on", "watch:", "watch ", "advertisement", "advert", "click here",
    "sign up", "subscribe", "follow us", "follow ", "don't miss", "you may also like", "you might also like", "recommended",
    "also on ", "like this story", "listen:", "download:", "share this", "story continues", "photo:", "photos:",
    "image credit", "image:", "credit:", "source:", "join our", "most popular", "loading", "privacy overview",
    "this website uses cookies", "required reading", "editor's picks", "editors' picks", "reporting by", "write to ",
    // German
    "lesen sie auch", "lesen sie mehr", "lesen sie hier", "mehr zum thema", "auch interessant", "das könnte sie auch",
    "zum artikel:", "quelle:", "anzeige", "empfohlener redaktioneller", "an dieser stelle finden sie",
    "ich bin damit einverstanden", "ein klick für den datenschutz", "ende der weiteren informationen",
    // French, Spanish, Nordic
    "lire aussi", "à lire aussi", "lea también", "lee también", "te puede interesar", "les også", "læs også", "läs också",
    "annonce", "annons", "foto: ",
];

/// What such lines hold wherever they begin.
const PHRASES: &[&str] = &[
    "riproduzione riservata", "iscriviti alla newsletter", "iscriviti alla nostra newsletter", "seguici su",
    "canale whatsapp", "informativa sulla privacy", "click here", "all rights reserved", "contributed to this report",
    "sign up for our", "sign up to our", "follow us on", "whatsapp-kanal", "réservée aux abonnés", "to get the fox news app",
    "newsletter informiert sie", "unterstützen sie uns", "this is a breaking", "breaking news story",
];

/// Whether the page reserves its reproduction (L. 633/1941 art. 65).
pub(super) fn reserves_reproduction(text: &str) -> bool {
    let lower = text.replace("&nbsp;", " ").to_lowercase();
    lower.contains("riproduzione riservata") || lower.contains("riproduzione vietata")
}

/// The lines without furniture, without repetition, and without headings that head nothing.
pub(super) fn without(lines: Vec<Line>) -> Vec<Line> {
    let mut seen = HashSet::new();
    let mut kept: Vec<Line> = lines
        .into_iter()
        .filter(|line| !is_furniture(line))
        .filter(|line| line.text.len() <= 30 || seen.insert(line.text.clone()))
        .collect();
    let first = kept.iter().position(|line| line.kind != 'h').unwrap_or(kept.len());
    kept.drain(..first);
    while kept.pop_if(|line| line.kind == 'h').is_some() {}
    kept
}

fn is_furniture(line: &Line) -> bool {
    let lower = line.text.to_lowercase().replace('’', "'");
    let bare = lower.trim_start_matches(|c: char| c.is_whitespace() || "*•-–—>»[(".contains(c));
    let words = words(&lower);
    // markup that shows as text was meant for browsers without scripts
    if line.kind == 'c' || lower.starts_with("<iframe") || lower.starts_with("<img") || is_date(&words) {
        return true;
    }
    if words.len() > LONGEST {
        return false;
    }
    let to_another = line.linked > 0.6 && line.kind != 'h' && words.len() >= 4 && !lower.starts_with("http");
    to_another
        || BEGINNINGS.iter().any(|beginning| bare.starts_with(beginning))
        || PHRASES.iter().any(|phrase| lower.contains(phrase))
}

/// A line that is a date and nothing else: "22 novembre 2026 (modifica il 23 novembre 2026 | 10:19)".
fn is_date(words: &[String]) -> bool {
    const AROUND: &[&str] = &[
        "il", "alle", "ore", "modifica", "aggiornato", "pubblicato", "aggiornamento", "lunedì", "martedì", "mercoledì",
        "giovedì", "venerdì", "sabato", "domenica", "updated", "published", "at", "on", "am", "pm", "gmt", "est",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ];
    let is_year = |word: &String| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let of_a_date = |word: &String| {
        word.bytes().all(|b| b.is_ascii_digit()) || AROUND.contains(&word.as_str()) || crate::dates::month(word).is_some()
    };
    (2..=12).contains(&words.len()) && words.iter().any(is_year) && words.iter().all(of_a_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line { text: text.to_owned(), linked: 0.0, kind: 'p' }
    }

    #[test]
    fn furniture_goes() {
        for text in [
            "Leggi anche: Bellariva, riapre il ponte",
            "(Leggi anche su: il Foglio)",
            "© Riproduzione riservata",
            "Segui tutte le notizie sul nostro sito",
            "Iscriviti alla newsletter di Bellariva",
            "Per restare aggiornato iscriviti alla newsletter",
            "22 novembre 2026 (modifica il 23 novembre 2026 | 10:19)",
            "Seguici su Facebook",
            "DALLA NOSTRA CORRISPONDENTE",
            "ADVERTISEMENT",
        ] {
            assert!(is_furniture(&line(text)), "{text}");
        }
        assert!(is_furniture(&Line { linked: 1.0, ..line("Bellariva, il consiglio approva il bilancio") }));
        assert!(is_furniture(&Line { kind: 'c', ..line("Il ponte visto dal lago") }));
    }

    #[test]
    fn the_article_stays() {
        for text in [
            "Il ponte riapre lunedì 23 novembre 2026 alle sette.",
            "La pubblicità sul lungolago sarà vietata dal 2027.",
            "2026",
            "Segue il corteo la banda.",
            "Il sindaco: «Leggi anche tu i conti del Comune».",
        ] {
            assert!(!is_furniture(&line(text)), "{text}");
        }
        let long = format!("Segui {}", "il consiglio di Bellariva ".repeat(10));
        assert!(!is_furniture(&line(&long)));
        assert!(!is_furniture(&Line { linked: 1.0, ..line("http://esempio.test/a/b/c/d") }));
    }

    #[test]
    fn repetitions_and_headings_of_nothing_go() {
        let heading = |text: &str| Line { kind: 'h', ..line(text) };
        let twice = line("Il ponte di Bellariva riapre lunedì mattina.");
        let kept = without(vec![heading("Riapre il ponte"), twice.clone(), twice.clone(), heading("Altre notizie")]);
        assert_eq!(kept, [twice]);
    }

    #[test]
    fn a_reservation_is_seen() {
        assert!(reserves_reproduction("<p>© RIPRODUZIONE&nbsp;RISERVATA</p>"));
        assert!(!reserves_reproduction("<p>La riproduzione dei pesci</p>"));
    }
}
