//! Three ways to answer a query must agree on every article: the archive, the watch matcher, and the oracle.
//!
//! The seed is fixed: a failure prints the query and comes again.

use crate::common::{names, noon};
use crate::drawn::{Dice, query, town};
use crate::oracle::{Scanned, oracle};
use salastampa_domain::{ArticleId, Query, WatchId};
use salastampa_index::{Analysed, Archive, Frequencies, Matcher, TantivyArchive, bind, parse, print};
use std::collections::BTreeSet;

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
