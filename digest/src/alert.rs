//! One alert as a letter: what was written, where, why it comes to this reader, and how late it is.
//!
//! One story, one alert: the watches of a reader that saw the same story share this mail. The times are printed on it,
//! to the second, because an office trusts only a speed that it can check. Left out: whether and when an alert leaves
//! (quiet hours, batches, caps), which the job decides.

use crate::sheet::{SheetLink, moment};
use crate::{Dress, clean, plain};
use askama::Template;
use salastampa_domain::{AlsoIn, Extract, Letter, Timestamp};
use salastampa_locale::{Lang, date, fill, t};

/// What an alert tells.
#[derive(Clone, PartialEq, Debug)]
pub struct AlertSheet {
    /// Full name of the reader.
    pub reader: String,
    /// Names of the watches that spoke, the most urgent first.
    pub watches: Vec<String>,
    /// Title of the article.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its publication.
    pub outlet_name: String,
    /// Who signed it.
    pub authors: Vec<String>,
    /// What may be shown of its text.
    pub extract: Extract,
    /// Other outlets that tell the story already.
    pub also_in: Vec<AlsoIn>,
    /// The words that matched.
    pub why: Vec<String>,
    /// *Battuta*: when it was published, as declared.
    pub published_at: Option<Timestamp>,
    /// *Vista*: when we first saw it.
    pub first_seen: Timestamp,
    /// *Partita*: when it is handed over.
    pub leaves_at: Timestamp,
}

/// An alert in words: what both parts of the letter print.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AlertWords {
    pub(crate) subject: String,
    pub(crate) topic: String,
    pub(crate) headline: String,
    pub(crate) url: String,
    pub(crate) source_line: String,
    pub(crate) extract: String,
    pub(crate) also: Vec<SheetLink>,
    pub(crate) why: String,
    pub(crate) latency: String,
    pub(crate) reader: String,
}

#[derive(Template)]
#[template(path = "alert.html")]
struct AlertMail<'a> {
    words: &'a AlertWords,
    dress: &'a Dress,
    lang: Lang,
    subject: String,
    preheader: String,
    reader: String,
}

const LONGEST_TITLE: usize = 300;
/// Longest headline in a subject line, in characters.
const LONGEST_SUBJECT: usize = 110;
const LONGEST_NAME: usize = 120;
const LONGEST_REASON: usize = 240;

/// The letter of an alert.
pub fn alert(sheet: &AlertSheet, dress: &Dress) -> Letter {
    let words = words(sheet, dress.language);
    let page = AlertMail {
        words: &words,
        dress,
        lang: dress.language,
        subject: words.subject.clone(),
        preheader: words.source_line.clone(),
        reader: words.reader.clone(),
    };
    Letter {
        subject: words.subject.clone(),
        html: page.render().expect("a template of plain fields has nothing that could fail"),
        text: plain::alert(&words, dress),
        language: dress.language.code().to_owned(),
        auto_generated: true,
        list: None,
        attachments: Vec::new(),
    }
}

/// `battuta 10:02:11, vista 10:02:19, partita 10:02:31`, on the Italian clock; a time of another day than the last one
/// carries its date.
pub fn latency(published: Option<Timestamp>, seen: Timestamp, left: Timestamp, lang: Lang) -> String {
    let today = left.day();
    let said = |at: Timestamp| {
        let at = at.civil();
        let time = date::time_seconds(at.time());
        if at.date() == today { time } else { format!("{} {time}", date::short(at.date(), lang)) }
    };
    let published = match published {
        Some(at) => fill(lang, "digest.alert.published", &[("time", &said(at))]),
        None => t(lang, "digest.alert.undated").to_owned(),
    };
    let seen = fill(lang, "digest.alert.seen", &[("time", &said(seen))]);
    let left = fill(lang, "digest.alert.left", &[("time", &said(left))]);
    format!("{published}, {seen}, {left}")
}

fn words(sheet: &AlertSheet, lang: Lang) -> AlertWords {
    let headline = clean::line(&sheet.title, LONGEST_TITLE);
    let outlet = clean::line(&sheet.outlet_name, LONGEST_NAME);
    let watches = clean::line(&sheet.watches.join(", "), LONGEST_NAME);
    let first = clean::line(sheet.watches.first().map_or("", String::as_str), 40);
    let label = match sheet.watches.len() {
        1 => t(lang, "digest.alert.topic"),
        _ => t(lang, "digest.alert.topics"),
    };
    let dated = moment(sheet.published_at.unwrap_or(sheet.first_seen), lang);
    let mut source = vec![outlet.clone(), clean::line(&sheet.authors.join(", "), LONGEST_NAME), dated];
    source.retain(|part| !part.is_empty());
    let short = clean::line(&sheet.title, LONGEST_SUBJECT);
    AlertWords {
        subject: fill(lang, "digest.alert.subject", &[("watch", &first), ("headline", &short), ("outlet", &outlet)]),
        topic: format!("{} · {label}: {watches}", t(lang, "digest.alert.title")),
        headline,
        url: clean::link(&sheet.url).unwrap_or_default().to_owned(),
        source_line: source.join(" · "),
        extract: clean::line(sheet.extract.as_str(), usize::MAX),
        also: crate::sheet::also(&sheet.also_in, lang),
        why: clean::line(&sheet.why.join(", "), LONGEST_REASON),
        latency: latency(sheet.published_at, sheet.first_seen, sheet.leaves_at, lang),
        reader: fill(lang, "digest.alert.reader", &[("reader", &clean::line(&sheet.reader, LONGEST_NAME))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn the_times_are_printed_to_the_second() {
        let at = |d, h, m, s| Timestamp::of_civil(day(2026, 11, d).at(h, m, s, 0));
        let (seen, left) = (at(23, 10, 2, 19), at(23, 10, 2, 31));
        for (published, it, en) in [
            (
                Some(at(23, 10, 2, 11)),
                "battuta 10:02:11, vista 10:02:19, partita 10:02:31",
                "published 10:02:11, seen 10:02:19, sent 10:02:31",
            ),
            (
                Some(at(22, 23, 59, 58)),
                "battuta 22 nov 2026 23:59:58, vista 10:02:19, partita 10:02:31",
                "published 22 Nov 2026 23:59:58, seen 10:02:19, sent 10:02:31",
            ),
            (
                None,
                "ora della battuta non dichiarata, vista 10:02:19, partita 10:02:31",
                "hour of publication not given, seen 10:02:19, sent 10:02:31",
            ),
        ] {
            assert_eq!(latency(published, seen, left, Lang::It), it);
            assert_eq!(latency(published, seen, left, Lang::En), en);
        }
    }

    #[test]
    fn an_alert_says_what_where_why_and_how_late() {
        let letter = alert(&AlertSheet::sample(), &Dress::sample(Lang::It));
        expect_test::expect![[r#"
            Ufficio stampa · Comune di Bellariva sul Lago

            Avviso · Temi: Lungolago, Lavori pubblici

            Lungolago, collaudo anticipato: riapre mercoledì
            ================================================
            Agenzia Lago · Nives Orlandi · 23 nov 2026, 10:02
            I tecnici hanno chiuso la prova di carico con due giorni di anticipo; i
            pedoni passano da mercoledì mattina, le biciclette da sabato.
            https://agenzia-lago.test/take/8812

            Anche su: Il Lago (ripresa)

            Perché ti arriva: lungolago, collaudo

            I tempi: battuta 10:02:11, vista 10:02:19, partita 10:02:31

            -- 
            Ufficio stampa · Comune di Bellariva sul Lago
            stampa@comune.bellariva.test
            https://comune.bellariva.test/stampa
            Questo avviso è per Ada Corti: arriva uno per notizia, quando un tema
            seguito ne parla.
            Per cambiare che cosa ricevi, rispondi a questo messaggio o scrivi
            all'ufficio stampa.
            Titoli ed estratti sono delle rispettive testate: gli articoli si
            leggono presso la fonte.
        "#]]
        .assert_eq(&letter.text);
        for part in
            ["Lungolago, collaudo anticipato", "battuta 10:02:11, vista 10:02:19, partita 10:02:31", "Ada Corti"]
        {
            assert!(letter.html.contains(part), "{part}");
        }
    }

    #[test]
    fn a_hostile_title_cannot_add_a_line_to_the_subject() {
        let mut sheet = AlertSheet::sample();
        sheet.title = "Uno\r\nBcc: x@esempio.test <b>due</b>".into();
        sheet.url = "javascript:alert(1)".into();
        sheet.watches.clear();
        let letter = alert(&sheet, &Dress::sample(Lang::It));
        assert!(!letter.subject.contains(['\r', '\n']));
        assert!(!letter.html.contains("<b>due") && !letter.html.contains("javascript:"));
        assert!(!letter.text.contains("\nBcc:"));
    }
}
