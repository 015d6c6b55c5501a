//! A document as a value: every sentence of it, in its order, ready to print.

use salastampa_locale::{Lang, t};
use serde::Serialize;

/// A review to be printed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Booklet {
    /// Language of the document.
    pub language: Lang,
    /// Its title, such as the edition's name.
    pub title: String,
    /// Under the title; empty if there is nothing to say, such as `12 notizie · 9 testate`.
    pub subtitle: String,
    /// `lunedì 23 novembre 2026`.
    pub date_long: String,
    /// When the document was made, on the Italian clock: the date that its metadata carry. The pages print
    /// [`date_long`](Self::date_long).
    #[serde(skip)]
    pub made: Moment,
    /// Who made it.
    pub office: String,
    /// For which municipality.
    pub town: String,
    /// What a reader must know at once, such as `non revisionata`.
    pub mark: Option<String>,
    /// Whether the index names each story of a long document too, not its sections alone.
    pub full_index: bool,
    /// The sections that hold something.
    pub sections: Vec<Section>,
    /// Sentences after the sections, such as which ones are empty.
    pub notes: Vec<String>,
    /// Who used the office's releases.
    pub pickup: Vec<Pickup>,
    /// What was read for it.
    pub coverage: String,
    /// A sentence for each source that does not answer.
    pub ill: Vec<String>,
    /// The last words: rights and the like.
    pub colophon: String,
    /// The words of the template itself.
    pub labels: Labels,
}

/// A civil date and time, with what the clock is ahead of UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Moment {
    /// Such as 2026.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    /// 0 to 23.
    pub hour: i8,
    /// 0 to 59.
    pub minute: i8,
    /// Minutes that this clock is ahead of UTC: 60 in winter, 120 in summer.
    pub offset: i16,
}

/// A part of the document.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its stories.
    pub entries: Vec<Entry>,
}

/// Stands before and after words of an extract that are marked: a character for private use, which no text of people
/// holds.
pub const MARK: char = '\u{e000}';

/// A story. Any part but the headline may be empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Entry {
    /// Title of the article.
    pub headline: String,
    /// `Il Lago · Ada Neri · 22 nov 2026, 18:40`.
    pub source_line: String,
    /// Where the headline leads; empty is no link.
    pub url: String,
    /// What may be shown of the text; what stands between two [`MARK`]s is marked.
    pub extract: String,
    /// A line of the office.
    pub note: String,
    /// `Anche su: Radio Riviera (ripresa)`.
    pub also_line: String,
    /// `Perché è qui: …`.
    pub why: String,
}

/// What became of a release.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Pickup {
    /// Title of the release.
    pub title: String,
    /// Who used it and how.
    pub lines: Vec<Line>,
}

/// Words that may lead somewhere.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Line {
    /// `Il Lago: ripresa integrale, dopo 2 h 10 min`.
    pub text: String,
    /// Where they lead; empty is no link.
    pub url: String,
}

/// The words of the template itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Labels {
    /// Heading of the index.
    pub contents: String,
    /// Between the number of a page and the number of pages.
    pub of: String,
    /// Heading of the pickup.
    pub pickup: String,
    /// Heading of what was read.
    pub coverage: String,
}

impl Labels {
    /// The words in a language.
    pub fn of(lang: Lang) -> Self {
        Self {
            contents: t(lang, "pdf.contents").to_owned(),
            of: t(lang, "pdf.of").to_owned(),
            pickup: t(lang, "pdf.pickup").to_owned(),
            coverage: t(lang, "pdf.coverage").to_owned(),
        }
    }
}

impl Booklet {
    /// An invented review.
    pub fn sample(lang: Lang) -> Self {
        let entry = |headline: &str, source: &str, extract: &str, also: &str, why: &str| Entry {
            headline: headline.into(),
            source_line: source.into(),
            url: "https://il-lago.test/articolo/1?pagina=1&da=prima".into(),
            extract: extract.into(),
            note: String::new(),
            also_line: also.into(),
            why: why.into(),
        };
        let section = |heading: &str, entries: Vec<Entry>| Section { heading: heading.into(), entries };
        Self {
            language: lang,
            title: "Rassegna stampa generale".into(),
            subtitle: "5 notizie · 5 testate".into(),
            date_long: "lunedì 23 novembre 2026".into(),
            made: Moment { year: 2026, month: 11, day: 23, hour: 7, minute: 0, offset: 60 },
            office: "Ufficio stampa".into(),
            town: "Comune di Bellariva sul Lago".into(),
            mark: Some("non revisionata".into()),
            full_index: false,
            sections: vec![
                section(
                    "La città in prima pagina",
                    vec![
                        entry(
                            "Lungolago, mercoledì si torna a passeggiare: pronto il tratto fino al molo",
                            "Principale · Il Lago · Livia Ferrante · 22 nov 2026, 18:40",
                            "Tre mesi di cantiere, un milione e duecentomila euro e una pavimentazione che drena la \
                             pioggia: da mercoledì la passeggiata riapre ai pedoni, con le panchine di pietra […]",
                            "Anche su: Agenzia Lago, Radio Riviera (ripresa), Bellariva Oggi (ripresa)",
                            "Perché è qui: Lungolago (lungolago, pavimentazione)",
                        ),
                        entry(
                            "Bilancio, la giunta Corti mette due milioni sulle scuole",
                            "Corriere della Riviera · 22 nov 2026, 18:40",
                            "La variazione arriva in consiglio giovedì: serramenti alla Pascoli, tetto della palestra \
                             e quattro aule in più per il tempo pieno.",
                            "",
                            "Perché è qui: Sindaca (giunta Corti)",
                        ),
                    ],
                ),
                section(
                    "Scuola e famiglie",
                    vec![entry(
                        "Mensa, il menù d'inverno lo scrivono i bambini",
                        "Citazione · Radio Riviera · 22 nov 2026, 18:40",
                        "Zuppa di farro il lunedì, pesce di lago il venerdì.",
                        "",
                        "Perché è qui: Scuola (mensa)",
                    )],
                ),
            ],
            notes: vec!["Senza notizie oggi: Sport, Cultura.".into()],
            pickup: vec![Pickup {
                title: "Il lungolago riapre mercoledì 25 novembre".into(),
                lines: vec![Line {
                    text: "Bellariva Oggi: ripresa integrale, dopo 2 h 10 min".into(),
                    url: "https://bellariva-oggi.test/lungolago".into(),
                }],
            }],
            coverage: "9 fonti vive su 10 · 152 articoli letti".into(),
            ill: vec!["Gazzetta dei Monti non risponde dal 22 novembre, ore 02:10 (503).".into()],
            colophon: "Titoli ed estratti sono delle rispettive testate: gli articoli si leggono presso la fonte."
                .into(),
            labels: Labels::of(lang),
        }
    }
}
