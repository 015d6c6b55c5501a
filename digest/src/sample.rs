//! An invented day, for tests and for those who work on the look: every part of a review and of an alert is in it.

use crate::AlertSheet;
use jiff::civil::{Date, date};
use salastampa_domain::{
    AlsoIn, ArticleId, Audience, Coverage, EditionId, Entry, Extract, ForeignText, IllSource, OutletId, Period,
    PickupLevel, PickupLine, ReleaseId, Relevance, Review, ReviewId, ReviewSection, ReviewState, RightsClass,
    SectionId, Signals, Slot, StoryId, Timestamp, allowed,
};

const DAY: Date = date(2026, 11, 23);

impl AlertSheet {
    /// An alert about an invented take.
    pub fn sample() -> Self {
        Self {
            reader: "Ada Corti".into(),
            watches: vec!["Lungolago".into(), "Lavori pubblici".into()],
            title: "Lungolago, collaudo anticipato: riapre mercoledì".into(),
            url: "https://agenzia-lago.test/take/8812".into(),
            outlet_name: "Agenzia Lago".into(),
            authors: vec!["Nives Orlandi".into()],
            extract: shown(
                "I tecnici hanno chiuso la prova di carico con due giorni di anticipo; i pedoni passano \
                da mercoledì mattina, le biciclette da sabato.",
            ),
            also_in: vec![also(2, "Il Lago", "https://il-lago.test/collaudo", true)],
            why: vec!["lungolago".into(), "collaudo".into()],
            published_at: Some(at(23, 10, 2, 11)),
            first_seen: at(23, 10, 2, 19),
            leaves_at: at(23, 10, 2, 31),
            held: None,
            origin: None,
            note: String::new(),
            again: None,
            instead: None,
            not_for_me: "https://comune.bellariva.test/stampa/avvisi/n-7-0-0123456789abcdef".into(),
        }
    }

    /// Three invented stories of a batch, with all that an alert can say.
    pub fn samples() -> Vec<Self> {
        let held = Self {
            title: "Mensa, la giunta rinvia l'aumento delle tariffe".into(),
            watches: vec!["Scuola".into()],
            url: "https://il-lago.test/mensa".into(),
            outlet_name: "Il Lago".into(),
            held: Some(180_000),
            note: "Sentita l'assessora: se ne riparla in commissione giovedì.".into(),
            origin: Some("Agenzia Lago".into()),
            why: vec!["mensa".into(), "giunta".into()],
            not_for_me: "https://comune.bellariva.test/stampa/avvisi/n-8-0-0123456789abcdef".into(),
            ..Self::sample()
        };
        let corrected = Self {
            title: "Rettifica: il pedaggio del traghetto non cambia".into(),
            url: "https://agenzia-lago.test/take/8820".into(),
            again: Some(salastampa_domain::Again::Correction),
            also_in: Vec::new(),
            why: vec!["traghetto".into()],
            not_for_me: "https://comune.bellariva.test/stampa/avvisi/n-9-0-0123456789abcdef".into(),
            ..Self::sample()
        };
        vec![Self::sample(), held, corrected]
    }
}

/// A review with all that a review can have: published by the clock, nobody having looked at it.
pub fn review() -> Review {
    let entry = |n: i64, title: &str, outlet: &str, text: &str, why: &str| Entry {
        passage: None,
        story: StoryId(100 + n),
        article: ArticleId(n),
        outlet: OutletId(n % 4 + 1),
        outlet_name: outlet.into(),
        title: title.into(),
        url: format!("https://{}.test/articolo/{n}?pagina=1&da=prima", outlet.to_lowercase().replace(' ', "-")),
        authors: Vec::new(),
        dated: at(22, 18, 40, 0),
        extract: shown(text),
        also_in: Vec::new(),
        relevance: None,
        why: vec![why.into()],
        points: Vec::new(),
        summary: String::new(),
        note: String::new(),
    };
    let section =
        |n: i64, name: &str, entries: Vec<Entry>| ReviewSection { section: SectionId(n), name: name.into(), entries };
    Review {
        id: ReviewId(7),
        edition: EditionId(1),
        title: "Rassegna stampa generale".into(),
        slot: Slot(DAY.at(7, 0, 0, 0)),
        period: Period { from: at(22, 7, 0, 0), to: at(23, 7, 0, 0) },
        version: 1,
        state: ReviewState::Published { at: at(23, 7, 0, 0), by: None },
        sections: vec![
            section(
                1,
                "La città in prima pagina",
                vec![
                    Entry {
                        authors: vec!["Livia Ferrante".into()],
                        relevance: Some(Relevance::Main),
                        also_in: vec![
                            also(41, "Agenzia Lago", "https://agenzia-lago.test/take/8790", false),
                            also(42, "Radio Riviera", "https://radio-riviera.test/n/552", true),
                            also(43, "Bellariva Oggi", "https://bellariva-oggi.test/lungolago", true),
                        ],
                        ..entry(
                            1,
                            "Lungolago, mercoledì si torna a passeggiare: pronto il tratto fino al molo",
                            "Il Lago",
                            "Tre mesi di cantiere, un milione e duecentomila euro e una pavimentazione che drena la \
                             pioggia: da mercoledì la passeggiata riapre ai pedoni, con le panchine di pietra e le \
                             luci nuove. Restano chiusi il molo piccolo e la rampa delle barche.",
                            "Lungolago (lungolago, pavimentazione) · Sindaca (Ada Corti)",
                        )
                    },
                    Entry {
                        also_in: vec![also(44, "Il Lago", "https://il-lago.test/bilancio", false)],
                        ..entry(
                            2,
                            "Bilancio, la giunta Corti mette due milioni sulle scuole",
                            "Corriere della Riviera",
                            "La variazione arriva in consiglio giovedì: serramenti alla Pascoli, tetto della palestra \
                             e quattro aule in più per il tempo pieno.",
                            "Sindaca (giunta Corti)",
                        )
                    },
                ],
            ),
            section(
                2,
                "Scuola e famiglie",
                vec![
                    entry(
                        3,
                        "Asilo nido, lista d'attesa dimezzata: «Ma mancano ancora educatrici»",
                        "Bellariva Oggi",
                        "",
                        "Asili nido (asilo nido, lista d'attesa)",
                    ),
                    Entry {
                        relevance: Some(Relevance::Mention),
                        ..entry(
                            4,
                            "Mensa, il menù d'inverno lo scrivono i bambini",
                            "Radio Riviera",
                            "Zuppa di farro il lunedì, pesce di lago il venerdì.",
                            "Scuola (mensa)",
                        )
                    },
                ],
            ),
            section(3, "Sport", Vec::new()),
            section(
                4,
                "Viabilità e trasporti",
                vec![entry(
                    5,
                    "Battello delle 6.40, protestano i pendolari dell'altra sponda",
                    "Corriere della Riviera",
                    "Due corse soppresse in una settimana: la società parla di un guasto al motore, i viaggiatori di \
                     un orario pensato per i turisti.",
                    "Trasporti (battello, pendolari)",
                )],
            ),
            section(5, "Cultura", Vec::new()),
        ],
        pickup: vec![
            PickupLine {
                release: ReleaseId(31),
                title: "Il lungolago riapre mercoledì 25 novembre".into(),
                outlet_name: "Bellariva Oggi".into(),
                url: "https://bellariva-oggi.test/lungolago".into(),
                level: PickupLevel::Full,
                delay: 130 * 60_000,
            },
            PickupLine {
                release: ReleaseId(31),
                title: "Il lungolago riapre mercoledì 25 novembre".into(),
                outlet_name: "Il Lago".into(),
                url: "https://il-lago.test/articolo/1".into(),
                level: PickupLevel::Quote,
                delay: 9 * 3_600_000,
            },
        ],
        coverage: Coverage {
            alive: 9,
            total: 10,
            articles: 152,
            ill: vec![IllSource {
                outlet_name: "Gazzetta dei Monti".into(),
                source: "gazzetta-dei-monti".into(),
                since: at(22, 2, 10, 0),
                why: "503".into(),
            }],
        },
    }
}

/// A review of a day on which no article concerned the office.
pub fn quiet() -> Review {
    let mut review = review();
    for section in &mut review.sections {
        section.entries.clear();
    }
    review.pickup.clear();
    review.coverage.ill.clear();
    review.coverage.alive = 10;
    review
}

fn at(day: i8, hour: i8, minute: i8, second: i8) -> Timestamp {
    Timestamp::of_civil(date(2026, 11, day).at(hour, minute, second, 0))
}

fn shown(text: &str) -> Extract {
    let gate = allowed(RightsClass::ExtractOnly, None, &Signals::default(), Audience::Readers(8), DAY);
    gate.extract(&ForeignText::new(text))
}

fn also(article: i64, outlet: &str, url: &str, copy: bool) -> AlsoIn {
    let origin = if copy { "Agenzia Lago".into() } else { String::new() };
    AlsoIn { article: ArticleId(article), outlet_name: outlet.into(), url: url.into(), copy, origin }
}
