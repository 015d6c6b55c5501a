//! Three ways to answer a query must agree on every article: the archive, the watch matcher, and the oracle.
//!
//! The seed is fixed: a failure prints the query and comes again.

use crate::common::{names, noon};
use crate::drawn::{Dice, WATCHES, beside, query, town};
use crate::oracle::{Scanned, oracle};
use salastampa_domain::{Article, ArticleId, Query, WatchId};
use salastampa_index::{Analysed, Archive, Frequencies, Matcher, Names, TantivyArchive, WatchName, bind, parse, print};
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
    let (names, now) = (with_watches(), noon());
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

        let mut asked = beside(&mut dice, Query::text(text.as_str()));
        asked.page.size = 1_000;
        let answer = archive.search(&asked, &names, now).await.expect("an answer");
        let found: BTreeSet<ArticleId> = answer.hits.iter().map(|h| h.article).collect();
        let let_in = scanned.iter().filter(|(id, _, s)| wanted.contains(id) && is_let_in(&asked, &s.article));
        assert_eq!(found, let_in.map(|(id, ..)| *id).collect(), "the archive and the oracle differ on {asked:?}");
        assert_eq!(answer.total, found.len() as u64, "{text}");

        // a query in which nothing is required becomes a watch beside every outlet there is
        let any = "testata:(testata-0 OR testata-1 OR testata-2 OR testata-3)";
        for watch in [text.clone(), format!("({text}) {any}")] {
            let (matcher, refused) = Matcher::new(&[(WatchId(1), &watch)], &names, &Frequencies::default(), now);
            if refused.is_empty() {
                watched += 1;
                let matched =
                    |(_, analysed, _): &&(ArticleId, Analysed, Scanned)| !matcher.matches(analysed).is_empty();
                let found: BTreeSet<ArticleId> = scanned.iter().filter(matched).map(|(id, ..)| *id).collect();
                assert_eq!(found, wanted, "the matcher and the oracle differ on {watch}");
            }
        }

        // what says the same finds the same
        for same in [format!("NOT NOT ({text})"), print(&ast)] {
            let same = bind(&parse(&same).expect("it parses"), &names, now).expect("it binds").plan;
            let found = scanned.iter().filter(|(.., s)| oracle(&same, s)).map(|(id, ..)| *id).collect();
            assert_eq!(wanted, found, "{text}");
        }
    }
    assert!(hits > queries * 5 && watched > 2_000, "the words are too rare: {hits} hits, {watched} watches");
    assert!(queries.min(watched) * scanned.len() > 100_000, "{} articles", scanned.len());
}

/// Whether what was chosen beside the text lets the article in.
fn is_let_in(query: &Query, article: &Article) -> bool {
    let rubric = article.rubric.as_deref().map(salastampa_text::fold).unwrap_or_default();
    query.period.is_none_or(|period| period.contains(article.dated()))
        && (query.outlets.is_empty() || query.outlets.contains(&article.outlet))
        && (query.rubrics.is_empty() || query.rubrics.contains(&rubric))
        && query.only.as_ref().is_none_or(|only| only.contains(&article.id))
}

/// Four outlets, and the watches that queries name.
fn with_watches() -> Names {
    let watch = |(slug, query): (&str, &str)| WatchName { slug: slug.into(), name: slug.into(), query: query.into() };
    Names { watches: WATCHES.map(watch).into(), ..names() }
}

#[test]
fn many_watches_at_once_say_what_each_says_alone() {
    let mut dice = Dice(7);
    let (_, left) = town(&mut dice);
    let (names, now) = (with_watches(), noon());
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
