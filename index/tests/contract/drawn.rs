//! Queries and articles drawn from few words, with accents, clitics, cut words and repeats, so that matches are frequent.

use crate::changes::{put, remove};
use crate::common::{article, noon};
use salastampa_domain::time::DAY;
use salastampa_domain::{Article, ArticleId, Change, ForeignText, OutletId, Period, Query};
use std::collections::BTreeMap;

const WORDS: &[&str] = &[
    "ponte",
    "ponti",
    "PONTE",
    "città",
    "citta'",
    "l'acqua",
    "dell'acqua",
    "acque",
    "il",
    "di",
    "non",
    "un po'",
    "po",
    "Po",
    "co-working",
    "working",
    "sindaca",
    "sindaco",
    "Corti",
    "corte",
    "strada",
    "S.p.A.",
    "spa",
    "1.200",
    "1200",
];

/// Words as they stand in queries: one token of the language each.
const ASKED: &[&str] = &[
    "ponte",
    "ponti",
    "città",
    "citta",
    "acqua",
    "l'acqua",
    "acque",
    "po'",
    "po",
    "co-working",
    "working",
    "sindaca",
    "corti",
    "corte",
    "strada",
    "spa",
    "1200",
];

const PHRASES: &[&str] = &[
    "il ponte",
    "ponte di",
    "dell'acqua",
    "acqua",
    "un po'",
    "po",
    "di città",
    "co working",
    "sindaca corti",
    "ponte ponte",
    "non il",
    "il",
    "s.p.a.",
    "ponte ponte il",
    "città città",
];

const BEGINNINGS: &[&str] = &["pon", "cit", "acq", "sinda", "cor", "work", "stra", "120", "xyz"];

/// Watches that may stand in a query, some with others in them.
pub(crate) const WATCHES: [(&str, &str); 4] = [
    ("ponti", "ponte OR strad*"),
    ("acque", "\"dell'acqua\" -tema:ponti"),
    ("recenti", "testata:testata-1 dopo:2026-11-20"),
    ("tutto", "titolo:(città OR tema:ponti) OR tema:acque"),
];

/// Numbers that look random and are the same on every machine (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    /// One of them.
    pub(crate) fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap_or_default()]
    }
}

/// A text of up to `most` words, a sentence end here and there.
fn text(dice: &mut Dice, most: u64) -> String {
    let mut out = String::new();
    for _ in 0..dice.below(most + 1) {
        out.push_str(dice.pick(WORDS));
        out.push_str(dice.pick(&[" ", " ", " ", ", ", ". ", "\n"]));
    }
    out
}

fn news(dice: &mut Dice, id: i64) -> (Article, ForeignText) {
    let days = i64::try_from(dice.below(5)).unwrap_or(0);
    let mut new = article(id, &text(dice, 4), &text(dice, 5), noon().plus(-days * DAY));
    new.authors = (0..dice.below(3)).map(|_| text(dice, 2)).collect();
    new.rubric = Some(dice.pick(&["Cronaca", "Città", ""]).to_owned());
    (new, ForeignText::new(text(dice, 8)))
}

/// A query text. Deep ones are rare.
pub(crate) fn query(dice: &mut Dice, depth: u64) -> String {
    let leaf = |dice: &mut Dice| match dice.below(10) {
        0..4 => dice.pick(ASKED).to_owned(),
        4..7 => format!("\"{}\"", dice.pick(PHRASES)),
        _ => format!("{}*", dice.pick(BEGINNINGS)),
    };
    let operand = |dice: &mut Dice| match dice.below(4) {
        0 => format!("({} OR {})", leaf(dice), leaf(dice)),
        _ => leaf(dice),
    };
    if depth == 0 {
        return match dice.below(20) {
            0..8 => leaf(dice),
            8..11 => format!("{} NEAR/{} {}", operand(dice), 1 + dice.below(6), operand(dice)),
            11 => format!("{0} NEAR/{3} {1} NEAR/2 {2}", operand(dice), operand(dice), leaf(dice), 1 + dice.below(4)),
            12 => format!("testata:{}", dice.pick(&["testata-0", "\"Testata 1\"", "(testata-2 OR testata-3)"])),
            13 => format!("sezione:{}", dice.pick(&["cronaca", "CITTA", "\"città\"", "sport", "(cronaca OR città)"])),
            14 => format!("data:{}", dice.pick(&["oggi", "ieri", "3g", "..2026-11-20", "2026-11-19..2026-11-21"])),
            15 => {
                dice.pick(&["dopo:2026-11-20", "prima:2026-11-20", "dopo:ieri", "prima:oggi", "data:2026"]).to_owned()
            }
            16 => format!("tema:{}", dice.pick(&WATCHES.map(|(slug, _)| slug))),
            17 => format!("titolo:({} NEAR/{} {})", operand(dice), 1 + dice.below(3), leaf(dice)),
            18 => format!("autore:({} OR {})", leaf(dice), leaf(dice)),
            _ => format!("{}:{}", dice.pick(&["titolo", "autore"]), leaf(dice)),
        };
    }
    let inner = |dice: &mut Dice| {
        let shallower = dice.below(depth);
        query(dice, shallower)
    };
    match dice.below(8) {
        0..3 => format!("({}) {}", inner(dice), inner(dice)),
        3..5 => format!("({}) OR ({})", inner(dice), inner(dice)),
        5 => format!("NOT ({})", inner(dice)),
        6 => format!("({}) -({})", inner(dice), inner(dice)),
        _ => format!("titolo:({})", inner(dice)),
    }
}

/// Some articles, several times revised, some removed: the changes, and what is left.
pub(crate) fn town(dice: &mut Dice) -> (Vec<Change>, BTreeMap<i64, (Article, ForeignText)>) {
    let (mut changes, mut left) = (Vec::new(), BTreeMap::new());
    for seq in 1..=160 {
        let id = i64::try_from(dice.below(120)).expect("small");
        if dice.below(10) == 0 {
            left.remove(&id);
            changes.push(remove(seq, id));
        } else {
            let (new, body) = news(dice, id);
            changes.push(put(seq, new.clone(), body.for_analysis()));
            left.insert(id, (new, body));
        }
    }
    (changes, left)
}

/// What a person chooses beside the text: half of the time nothing, else some outlets, sections, days or articles.
pub(crate) fn beside(dice: &mut Dice, query: Query) -> Query {
    let days = |n: u64| noon().plus(-i64::try_from(n).unwrap_or(0) * DAY).day();
    match dice.below(8) {
        0 => Query { outlets: (0..=i64::try_from(dice.below(3)).unwrap_or(0)).map(OutletId).collect(), ..query },
        1 => Query { rubrics: vec![dice.pick(&["cronaca", "citta", "cultura"]).to_owned(), "sport".into()], ..query },
        2 => Query { period: Some(Period::days(days(1 + dice.below(4)), days(dice.below(2)))), ..query },
        3 => Query { only: Some((0..120).filter(|_| dice.below(3) == 0).map(ArticleId).collect()), ..query },
        _ => query,
    }
}
