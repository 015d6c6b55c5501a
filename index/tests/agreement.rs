//! Three ways to answer a query must agree on every article: the archive, the watch matcher, and the oracle below, which
//! scans lists of words with nested loops and is written for clearness alone.
//!
//! Queries and articles are drawn from few words, with accents, clitics, cut words and repeats, so that matches are
//! frequent. The seed is fixed: a failure prints the query and comes again.

mod common;

use common::{article, names, noon, put, remove};
use salastampa_domain::time::DAY;
use salastampa_domain::{Article, ArticleId, Change, ForeignText, Query, WatchId};
use salastampa_index::plan::{Place, Plan, Spans, Stemmed};
use salastampa_index::{Analysed, Archive, Frequencies, Matcher, TantivyArchive, bind, parse, print};
use salastampa_text::{Token, analyse};
use std::collections::{BTreeMap, BTreeSet};

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

/// Numbers that look random and are the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    /// One of them.
    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
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
fn query(dice: &mut Dice, depth: u64) -> String {
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
        return match dice.below(16) {
            0..8 => leaf(dice),
            8..11 => format!("{} NEAR/{} {}", operand(dice), 1 + dice.below(6), operand(dice)),
            11 => format!("{0} NEAR/{3} {1} NEAR/2 {2}", operand(dice), operand(dice), leaf(dice), 1 + dice.below(4)),
            12 => format!("testata:testata-{}", dice.below(4)),
            13 => format!("sezione:{}", dice.pick(&["cronaca", "CITTA", "\"città\"", "sport"])),
            14 => format!("data:{}", dice.pick(&["oggi", "ieri", "3g", "..2026-11-20", "2026-11-19..2026-11-21"])),
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

/// What the oracle knows of an article: words with their places, parts far from each other.
struct Scanned {
    text: Vec<Token>,
    title: usize,
    authors: Vec<Token>,
    article: Article,
}

impl Scanned {
    fn new(article: &Article, body: &ForeignText) -> Self {
        let title = analyse(&article.title).len();
        let parts = [article.title.as_str(), article.lead.for_analysis(), body.for_analysis()];
        let authors: Vec<&str> = article.authors.iter().map(String::as_str).collect();
        Self { text: apart(&parts), title, authors: apart(&authors), article: article.clone() }
    }

    fn words(&self, place: Place) -> &[Token] {
        match place {
            Place::Text => &self.text,
            Place::Title => &self.text[..self.title],
            Place::Author => &self.authors,
        }
    }
}

fn apart(texts: &[&str]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for (n, text) in texts.iter().enumerate() {
        // any distance greater than the greatest NEAR will do
        let from = u32::try_from(n).expect("few parts") * 1_000;
        out.extend(analyse(text).into_iter().map(|t| Token { position: t.position + from, ..t }));
    }
    out
}

fn oracle(plan: &Plan, scanned: &Scanned) -> bool {
    match plan {
        Plan::All => true,
        Plan::And(parts) => parts.iter().all(|p| oracle(p, scanned)),
        Plan::Or(parts) => parts.iter().any(|p| oracle(p, scanned)),
        Plan::Not(inner) => !oracle(inner, scanned),
        Plan::Word { within: stemmed, stem, .. } => {
            let place = if *stemmed == Stemmed::Title { Place::Title } else { Place::Text };
            scanned.words(place).iter().any(|t| t.stem.as_ref() == Some(stem))
        }
        Plan::Spans(place, spans) => !places(spans, scanned.words(*place)).is_empty(),
        Plan::Outlets(outlets) => outlets.contains(&scanned.article.outlet),
        Plan::Rubric(rubric) => scanned.article.rubric.as_deref().map(salastampa_text::fold).as_ref() == Some(rubric),
        Plan::During(period) => period.contains(scanned.article.dated()),
    }
}

/// Every place of the spans among the words, by trying all of them.
fn places(spans: &Spans, words: &[Token]) -> BTreeSet<(u32, u32)> {
    let mut out = BTreeSet::new();
    match spans {
        Spans::Phrase(phrase) => {
            for run in words.windows(phrase.len()) {
                let together = run.windows(2).all(|two| two[1].position == two[0].position + 1);
                if together && run.iter().zip(phrase).all(|(token, word)| token.exact == *word) {
                    out.insert((run[0].position, run[run.len() - 1].position));
                }
            }
        }
        Spans::Prefix(prefix) => {
            out.extend(words.iter().filter(|t| t.exact.starts_with(prefix)).map(|t| (t.position, t.position)));
        }
        Spans::Any(parts) => out.extend(parts.iter().flat_map(|p| places(p, words))),
        Spans::Near(left, right, distance) => {
            for a in places(left, words) {
                for b in places(right, words) {
                    let (first, second) = if a <= b { (a, b) } else { (b, a) };
                    if second.0 > first.1 && second.0 - first.1 <= *distance {
                        out.insert((first.0, second.1));
                    }
                }
            }
        }
    }
    out
}

/// Some articles, several times revised, some removed: the changes, and what is left.
fn town(dice: &mut Dice) -> (Vec<Change>, BTreeMap<i64, (Article, ForeignText)>) {
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

#[tokio::test]
async fn archive_matcher_and_oracle_agree() {
    let mut dice = Dice(20_261_122);
    let (changes, left) = town(&mut dice);
    let folder = tempfile::tempdir().expect("a folder");
    let archive = TantivyArchive::open(folder.path(), "store", changes[49].seq);
    // several segments, and a restart between them
    archive.apply(&changes[..50]).await.expect("applied");
    drop(archive);
    let archive = TantivyArchive::open(folder.path(), "store", changes[changes.len() - 1].seq);
    for some in changes.chunks(37) {
        archive.apply(some).await.expect("applied");
    }
    let scanned: Vec<(ArticleId, Analysed, Scanned)> =
        left.values().map(|(a, body)| (a.id, Analysed::new(a, body), Scanned::new(a, body))).collect();
    let (names, now) = (names(), noon());
    let (mut queries, mut hits, mut watched) = (0, 0, 0);
    while queries < 1_500 {
        let depth = dice.below(4);
        let text = query(&mut dice, depth);
        let Ok(ast) = parse(&text) else { panic!("{text} does not parse") };
        // function words alone, or NEAR in a field that has no words
        let Ok(bound) = bind(&ast, &names, now) else { continue };
        queries += 1;
        let wanted: BTreeSet<ArticleId> =
            scanned.iter().filter(|(.., s)| oracle(&bound.plan, s)).map(|(id, ..)| *id).collect();
        hits += wanted.len();

        let mut asked = Query::text(text.as_str());
        asked.page.size = 1_000;
        let answer = archive.search(&asked, &names, now).await.expect("an answer");
        let found: BTreeSet<ArticleId> = answer.hits.iter().map(|h| h.article).collect();
        assert_eq!(found, wanted, "the archive and the oracle differ on {text}");
        assert_eq!(answer.total, wanted.len() as u64, "{text}");

        let (matcher, refused) = Matcher::new(&[(WatchId(1), &text)], &names, &Frequencies::default(), now);
        if refused.is_empty() {
            watched += 1;
            let matched = |(_, analysed, _): &&(ArticleId, Analysed, Scanned)| !matcher.matches(analysed).is_empty();
            let found: BTreeSet<ArticleId> = scanned.iter().filter(matched).map(|(id, ..)| *id).collect();
            assert_eq!(found, wanted, "the matcher and the oracle differ on {text}");
        }

        // what says the same finds the same
        for same in [format!("NOT NOT ({text})"), print(&ast)] {
            let same = bind(&parse(&same).expect("it parses"), &names, now).expect("it binds").plan;
            let found = scanned.iter().filter(|(.., s)| oracle(&same, s)).map(|(id, ..)| *id).collect();
            assert_eq!(wanted, found, "{text}");
        }
    }
    assert!(hits > queries * 5 && watched > 600, "the words are too rare: {hits} hits, {watched} watches");
}

#[test]
fn many_watches_at_once_say_what_each_says_alone() {
    let mut dice = Dice(7);
    let (_, left) = town(&mut dice);
    let (names, now) = (names(), noon());
    let texts: Vec<String> = (0..400)
        .map(|_| {
            let depth = dice.below(3);
            query(&mut dice, depth)
        })
        .collect();
    let watches: Vec<(WatchId, &str)> = (0..).map(WatchId).zip(texts.iter().map(String::as_str)).collect();
    // what words a watch waits for changes with what was counted, and never what it finds
    let mut counted = Frequencies::default();
    for (article, body) in left.values().cycle().take(1_000) {
        counted.see(&Analysed::new(article, body));
    }
    let (all, _) = Matcher::new(&watches, &names, &counted, now);
    let alone: Vec<(WatchId, Matcher)> = watches
        .iter()
        .map(|(id, text)| (*id, Matcher::new(&[(*id, *text)], &names, &Frequencies::default(), now).0))
        .collect();
    for (article, body) in left.values() {
        let analysed = Analysed::new(article, body);
        let together = all.matches(&analysed);
        let one_by_one: Vec<_> = alone.iter().flat_map(|(_, m)| m.matches(&analysed)).collect();
        assert_eq!(together, one_by_one);
    }
}
