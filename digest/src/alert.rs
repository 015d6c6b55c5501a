//! One alert as a letter: what was written, where, why it comes to this reader, and how late it is.
//!
//! One story, one alert: the watches of a reader that saw the same story share this mail. The times are printed on it,
//! to the second, because an office trusts only a speed that it can check. What can wait comes as a batch: several
//! stories in one letter, each with the same lines. Left out: whether and when an alert leaves (quiet hours, batches,
//! caps), which the act decides.

use crate::sheet::{SheetLink, moment};
use crate::{Dress, clean, plain};
use askama::Template;
use salastampa_domain::time::MINUTE;
use salastampa_domain::{Again, AlsoIn, Extract, Letter, Timestamp};
use salastampa_locale::{Lang, date, fill, plural, t};

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
    /// *Trattenuta*: so many milliseconds it stood at the gate.
    pub held: Option<i64>,
    /// The outlet whose text it is, where the article is a copy.
    pub origin: Option<String>,
    /// The line that an officer added; empty where none did.
    pub note: String,
    /// Why the reader is told again; `None` the first time.
    pub again: Option<Again>,
    /// Whose alert it is, where a second person gets it in their place.
    pub instead: Option<Instead>,
    /// The link that says *non mi interessa*; empty where there is none.
    pub not_for_me: String,
}

/// Why an alert goes to a second person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instead {
    /// The reader whose alert it is.
    pub of: String,
    /// It is quiet for them; else a server did not take their mail in time.
    pub quiet: bool,
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
    /// Lines of the office's own, in their order: why again, whose text, whose alert, what the officer wrote.
    pub(crate) own: Vec<String>,
    pub(crate) not_for_me: String,
}

/// A batch in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct BatchWords {
    pub(crate) title: String,
    pub(crate) stories: Vec<AlertWords>,
}

#[derive(Template)]
#[template(path = "batch.html")]
struct BatchMail<'a> {
    words: &'a BatchWords,
    dress: &'a Dress,
    lang: Lang,
    subject: String,
    preheader: String,
    reader: String,
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
/// Longest line of an officer, in characters.
const LONGEST_NOTE: usize = 300;

/// The letter of a batch: several stories, in the order given. `at` is when it leaves.
pub fn batch(reader: &str, sheets: &[AlertSheet], at: Timestamp, dress: &Dress) -> Letter {
    let lang = dress.language;
    let stories: Vec<AlertWords> = sheets.iter().map(|sheet| words(sheet, lang)).collect();
    let time = date::time(at.civil().time());
    let count = plural(lang, "digest.story", sheets.len());
    let first = sheets.first().map_or_else(String::new, |sheet| clean::line(&sheet.title, LONGEST_SUBJECT));
    let subject = fill(lang, "digest.batch.subject", &[("time", &time), ("count", &count), ("headline", &first)]);
    let title = fill(lang, "digest.batch.title", &[("time", &time), ("count", &count)]);
    let words = BatchWords { title, stories };
    let reader = fill(lang, "digest.batch.reader", &[("reader", &clean::line(reader, LONGEST_NAME))]);
    let preheader = words.stories.iter().map(|s| s.headline.as_str()).collect::<Vec<_>>().join(" · ");
    let page = BatchMail {
        words: &words,
        dress,
        lang,
        subject: subject.clone(),
        preheader: clean::line(&preheader, LONGEST_REASON),
        reader: reader.clone(),
    };
    Letter {
        subject,
        html: page.render().expect("a template of plain fields has nothing that could fail"),
        text: plain::batch(&words, &reader, dress),
        language: lang.code().to_owned(),
        auto_generated: true,
        list: None,
        attachments: Vec::new(),
    }
}

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
/// carries its date. What stood at the gate says so: `trattenuta 3 min` (`held` in milliseconds).
pub fn latency(
    published: Option<Timestamp>,
    seen: Timestamp,
    left: Timestamp,
    held: Option<i64>,
    lang: Lang,
) -> String {
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
    match held {
        None => format!("{published}, {seen}, {left}"),
        Some(held) => {
            let minutes = (held.max(0) + MINUTE / 2) / MINUTE;
            let held = fill(lang, "digest.alert.held", &[("minutes", &minutes.to_string())]);
            format!("{published}, {seen}, {held}, {left}")
        }
    }
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
    let title = match sheet.again {
        None => t(lang, "digest.alert.title"),
        Some(Again::Correction) => t(lang, "digest.alert.correction"),
        Some(_) => t(lang, "digest.alert.update"),
    };
    let named = [("title", title), ("watch", &first), ("headline", &short), ("outlet", &outlet)];
    AlertWords {
        subject: fill(lang, "digest.alert.subject", &named),
        topic: format!("{title} · {label}: {watches}"),
        headline,
        url: clean::link(&sheet.url).unwrap_or_default().to_owned(),
        source_line: source.join(" · "),
        extract: clean::line(sheet.extract.as_str(), usize::MAX),
        also: crate::sheet::also(&sheet.also_in, lang),
        why: clean::line(&sheet.why.join(", "), LONGEST_REASON),
        latency: latency(sheet.published_at, sheet.first_seen, sheet.leaves_at, sheet.held, lang),
        reader: fill(lang, "digest.alert.reader", &[("reader", &clean::line(&sheet.reader, LONGEST_NAME))]),
        own: own(sheet, lang),
        not_for_me: sheet.not_for_me.clone(),
    }
}

fn own(sheet: &AlertSheet, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(instead) = &sheet.instead {
        let key = if instead.quiet { "digest.alert.instead_quiet" } else { "digest.alert.instead_late" };
        lines.push(fill(lang, key, &[("reader", &clean::line(&instead.of, LONGEST_NAME))]));
    }
    let note = clean::line(&sheet.note, LONGEST_NOTE);
    if !note.is_empty() {
        lines.push(fill(lang, "digest.note", &[("note", &note)]));
    }
    lines.extend(sheet.again.map(|again| match again {
        Again::Correction => t(lang, "digest.alert.again_correction").to_owned(),
        Again::Urgent => t(lang, "digest.alert.again_urgent").to_owned(),
        Again::Administrator => t(lang, "digest.alert.again_administrator").to_owned(),
        Again::Outlets(n) => fill(lang, "digest.alert.again_outlets", &[("n", &n.to_string())]),
        Again::Novelty => t(lang, "digest.alert.again_novelty").to_owned(),
    }));
    if let Some(origin) = &sheet.origin {
        lines.push(fill(lang, "digest.alert.origin", &[("outlet", &clean::line(origin, LONGEST_NAME))]));
    }
    lines
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
            assert_eq!(latency(published, seen, left, None, Lang::It), it);
            assert_eq!(latency(published, seen, left, None, Lang::En), en);
        }
        let held = latency(None, seen, left, Some(170_000), Lang::It);
        assert!(held.ends_with("vista 10:02:19, trattenuta 3 min, partita 10:02:31"), "{held}");
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

            Anche su: Il Lago (ripresa Agenzia Lago)

            Perché ti arriva: lungolago, collaudo

            I tempi: battuta 10:02:11, vista 10:02:19, partita 10:02:31

            Non mi interessa questa notizia:
            https://comune.bellariva.test/stampa/avvisi/n-7-0-0123456789abcdef

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
    fn a_batch_lists_its_stories_and_each_says_why_and_can_be_refused() {
        let sheets = AlertSheet::samples();
        let letter = batch("Ada Corti", &sheets, sheets[0].leaves_at, &Dress::sample(Lang::It));
        assert!(letter.subject.starts_with("Avvisi delle 10:02 · 3 notizie: "), "{}", letter.subject);
        for sheet in &sheets {
            assert!(letter.text.contains(&sheet.title) && letter.html.contains(&sheet.not_for_me), "{}", sheet.title);
        }
        for part in ["Il testo è di Agenzia Lago", "Rettifica · ", "trattenuta 3 min", "Nota dell'ufficio: "] {
            assert!(letter.text.contains(part), "{part} in {}", letter.text);
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
