//! What lies near an article: by the door, and against an oracle that counts words with nested loops.

use crate::changes::{put, remove};
use crate::common::{article, noon};
use salastampa_domain::time::DAY;
use salastampa_domain::{Article, ArticleId, Change, ChangeKind, ForeignText, Seq};
use salastampa_index::{Archive, TantivyArchive};
use salastampa_text::analyse;
use std::collections::BTreeSet;

async fn filled(changes: &[Change]) -> (tempfile::TempDir, TantivyArchive) {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = TantivyArchive::open(folder.path(), "store-a", Seq(0));
    for part in changes.chunks(17) {
        archive.apply(part).await.expect("applied");
    }
    (folder, archive)
}

async fn related(archive: &dyn Archive, of: &Change, but: &[i64], limit: usize) -> Vec<(i64, f32)> {
    let ChangeKind::Put { article, body } = &of.kind else { panic!("no article") };
    let but: Vec<ArticleId> = but.iter().copied().map(ArticleId).collect();
    let found = archive.related(article, body, &but, limit).await.expect("an answer");
    found.into_iter().map(|hit| (hit.article.0, hit.score)).collect()
}

fn ids(found: &[(i64, f32)]) -> Vec<i64> {
    found.iter().map(|(id, _)| *id).collect()
}

/// A month of other news, so that there is something to tell apart from.
fn background(from: i64) -> impl Iterator<Item = Change> {
    let subjects =
        ["il mercato del sabato", "la stagione di pallanuoto", "il bilancio della scuola", "il coro di Natale"];
    (0..40).map(move |n| {
        let subject = subjects[usize::try_from(n).unwrap_or_default() % subjects.len()];
        let title = format!("A Bellariva {subject}, parte {n}");
        put(from + n, article(from + n, &title, "Se ne parla in città.", noon().plus(-(n % 28) * DAY)), "")
    })
}

#[tokio::test]
async fn what_speaks_of_the_same_thing_is_near_and_the_story_itself_is_left_out() {
    let bridge = |id: i64, days: i64, title: &str| {
        put(
            id,
            article(id, title, "I tiranti del ponte Oldrati cedono.", noon().plus(-days * DAY)),
            "Traffico deviato.",
        )
    };
    let changes: Vec<Change> = [
        bridge(1, 0, "Il ponte Oldrati chiude, tiranti da cambiare"),
        bridge(2, 0, "Chiude il ponte Oldrati"),
        bridge(3, 9, "I tecnici sul ponte Oldrati: tiranti consumati"),
        bridge(4, 200, "Collaudo del ponte Oldrati, nuovi tiranti"),
        bridge(5, 2_000, "Quando aprì il ponte Oldrati"),
    ]
    .into_iter()
    .chain(background(10))
    .collect();
    let (_folder, archive) = filled(&changes).await;
    let found = related(&archive, &changes[0], &[], 20).await;
    assert_eq!(ids(&found).iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from([2, 3, 4, 5]), "{found:?}");
    assert_eq!(ids(&found)[2..], [4, 5], "its own time first");
    assert_eq!(ids(&related(&archive, &changes[0], &[2], 20).await), [3, 4, 5]);
    assert_eq!(ids(&related(&archive, &changes[0], &[2], 2).await), [3], "old ones only for want of something near");
    assert_eq!(ids(&related(&archive, &changes[0], &[], 0).await), [0_i64; 0]);
    archive.apply(&[remove(100, 3)]).await.expect("applied");
    assert_eq!(ids(&related(&archive, &changes[0], &[2], 20).await), [4, 5]);
}

#[tokio::test]
async fn an_article_without_words_or_alone_has_nothing_near() {
    let changes: Vec<Change> = [
        put(1, article(1, "Il e la 2026", "", noon()), ""),
        put(2, article(2, "Zuccherificio abbandonato", "Sopralluogo notturno", noon()), ""),
    ]
    .into_iter()
    .chain(background(10))
    .collect();
    let (_folder, archive) = filled(&changes).await;
    for change in &changes[..2] {
        assert!(related(&archive, change, &[], 20).await.is_empty());
    }
    // one that the archive has not got yet, and an archive that has nothing yet
    let new = put(99, article(99, "Il coro di Natale canta in città", "Il coro di Natale.", noon()), "");
    assert!(!related(&archive, &new, &[], 20).await.is_empty());
    let empty = tempfile::tempdir().expect("a folder");
    let empty = TantivyArchive::open(empty.path(), "store-a", Seq(0));
    assert!(related(&empty, &new, &[], 20).await.is_empty());
}

const WORDS: &[&str] = &[
    "ponte",
    "ponti",
    "tiranti",
    "collaudo",
    "mercato",
    "sabato",
    "coro",
    "Natale",
    "scuola",
    "bilancio",
    "lago",
    "vela",
    "regata",
    "sindaca",
    "giunta",
    "asfalto",
    "cantiere",
    "corriera",
    "orario",
    "teatro",
    "recita",
    "il",
    "di",
    "2026",
    "acquedotto",
    "perdita",
    "sciopero",
    "mensa",
    "biblioteca",
    "festa",
    "patrono",
    "banda",
    "mostra",
    "quadri",
];

/// Numbers that look random and are the same on every machine (a linear congruence).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % n
    }

    fn text(&mut self, words: usize) -> String {
        // neighbours in the list are of one subject
        let subject = self.below(WORDS.len());
        let word = |dice: &mut Self| WORDS[(subject + dice.below(6)) % WORDS.len()];
        (0..words).map(|_| word(self)).collect::<Vec<_>>().join(" ")
    }
}

/// An article as the oracle sees it: stems with their forms, those of the title first, and their number.
struct Seen<'a> {
    article: &'a Article,
    words: Vec<(String, String)>,
    in_title: usize,
    forms: Vec<String>,
}

fn seen(change: &Change) -> Seen<'_> {
    let ChangeKind::Put { article, body } = &change.kind else { panic!("no article") };
    let (mut words, mut forms, mut in_title) = (Vec::new(), Vec::new(), 0);
    for (n, text) in [article.title.as_str(), article.lead.for_analysis(), body.for_analysis()].iter().enumerate() {
        for token in analyse(text) {
            forms.push(token.exact.to_string());
            if let Some(stem) = token.stem {
                words.push((stem.to_string(), token.exact.to_string()));
            }
        }
        if n == 0 {
            in_title = words.len();
        }
    }
    Seen { article, words, in_title, forms }
}

/// BM25 of how often a word stands in a text of a length, in a world of texts of a mean length.
fn bm25(
    world: &[Seen<'_>],
    has: impl Fn(&Seen<'_>) -> usize,
    length: impl Fn(&Seen<'_>) -> usize,
    of: &Seen<'_>,
) -> f64 {
    let (all, with) = (world.len() as f64, world.iter().filter(|one| has(one) > 0).count() as f64);
    let mean = world.iter().map(&length).sum::<usize>() as f64 / all;
    let (times, length) = (has(of) as f64, length(of) as f64);
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln() * 2.2 * times / (times + 1.2 * (0.1 + 0.9 * length / mean))
}

fn oracle(world: &[Seen<'_>], of: &Seen<'_>, limit: usize) -> Vec<(i64, f64)> {
    let all = world.len() as f64;
    let mut telling: Vec<(f64, f64, &str, &str)> = Vec::new();
    for (n, (stem, form)) in of.words.iter().enumerate() {
        let with = world.iter().filter(|one| one.words.iter().any(|(other, _)| other == stem)).count() as f64;
        let first = of.words[..n].iter().all(|(other, _)| other != stem);
        if !first || with < 2.0 || stem.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let rare = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
        let places = of.words.iter().enumerate().filter(|(_, (other, _))| other == stem);
        let times: usize = places.map(|(at, _)| if at < of.in_title { 3 } else { 1 }).sum();
        telling.push((times as f64 * rare.sqrt(), rare, stem, form));
    }
    telling.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.cmp(b.2)));
    telling.truncate(16);
    let least = 0.3 * telling.iter().map(|(_, rare, ..)| rare).sum::<f64>();
    let mut near: Vec<(i64, f64)> = Vec::new();
    for days in [30, 365, i64::MAX / DAY] {
        if near.len() * 3 >= limit {
            break;
        }
        let mut ring: Vec<(i64, f64)> = Vec::new();
        for one in world {
            let apart = one.article.dated().since(of.article.dated());
            let inside = -days * DAY <= apart && apart < days * DAY;
            if !inside || one.article.id == of.article.id || near.iter().any(|(id, _)| *id == one.article.id.0) {
                continue;
            }
            let mut score = 0.0;
            for (_, _, stem, form) in &telling {
                let stems = |one: &Seen<'_>| one.words.iter().filter(|(other, _)| other == stem).count();
                let forms = |one: &Seen<'_>| one.forms.iter().filter(|other| other == form).count();
                if stems(one) > 0 {
                    score += bm25(world, stems, |one| one.words.len(), one);
                    score += 0.3 * bm25(world, forms, |one| one.forms.len(), one);
                }
            }
            if score >= least {
                ring.push((one.article.id.0, score));
            }
        }
        ring.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
        near.extend(ring);
        near.truncate(limit);
    }
    near
}

#[tokio::test]
async fn a_naive_count_of_words_finds_the_same() {
    let mut dice = Dice(7);
    let changes: Vec<Change> = (1..=90)
        .map(|id| {
            let days = [0, 3, 12, 29, 45, 300, 500, 1_500][dice.below(8)];
            let (title, lead) = (dice.text(4), dice.text(7));
            put(id, article(id, &title, &lead, noon().plus(-days * DAY)), &dice.text(12))
        })
        .collect();
    let (_folder, archive) = filled(&changes).await;
    let world: Vec<Seen<'_>> = changes.iter().map(seen).collect();
    let mut compared = 0;
    for (change, of) in changes.iter().zip(&world) {
        for limit in [3, 12, 40] {
            let (found, expected) = (related(&archive, change, &[], limit).await, oracle(&world, of, limit));
            assert_eq!(found.len(), expected.len(), "{}: {found:?} {expected:?}", of.article.id);
            for ((id, score), (other, naive)) in found.iter().zip(&expected) {
                // equal but for the rounding of the engine, which may turn two that are as near round
                assert!((f64::from(*score) - naive).abs() < 1e-3, "{id} {score}, {other} {naive}");
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared} were near");
}

#[tokio::test]
async fn a_text_without_end_is_looked_at_from_its_beginning() {
    let long = "tiranti del ponte ".repeat(200_000);
    let changes: Vec<Change> = [
        put(1, article(1, "È".repeat(5_000).as_str(), &long, noon()), &long),
        put(2, article(2, "I tiranti del ponte", "", noon()), ""),
    ]
    .into_iter()
    .chain(background(10))
    .collect();
    let (_folder, archive) = filled(&changes).await;
    assert_eq!(ids(&related(&archive, &changes[0], &[], 5).await), [2]);
    let body = ForeignText::new("");
    let ChangeKind::Put { article, .. } = &changes[1].kind else { panic!("no article") };
    assert_eq!(archive.related(article, &body, &[], 5).await.expect("an answer").len(), 1);
}
