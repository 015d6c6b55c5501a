//! What every [`Archive`] must do: follow without gaps or repeats, and answer with sums that add up.

use crate::changes::{put, remove, town};
use crate::common::{article, names, noon};
use salastampa_domain::time::DAY;
use salastampa_domain::{Article, ArticleId, ChangeKind, ForeignText, OutletId, Page, Period, Query, Seq, Sort};
use salastampa_index::{Archive, Hits, Notice, QueryErrorKind, SearchError, TantivyArchive, written};
use std::path::Path;

fn open(folder: &Path, last: i64) -> TantivyArchive {
    TantivyArchive::open(folder, "store-a", Seq(last))
}

async fn search(archive: &dyn Archive, query: &Query) -> Hits {
    archive.search(query, &names(), noon()).await.expect("an answer")
}

async fn found(archive: &dyn Archive, text: &str) -> Vec<i64> {
    let mut query = Query::text(text);
    query.page.size = 1_000;
    search(archive, &query).await.hits.iter().map(|h| h.article.0).collect()
}

#[tokio::test]
async fn what_is_applied_is_found_at_once_and_replay_is_free() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    assert_eq!(archive.cursor().await.expect("a cursor"), Seq(0));
    let changes = town(7);
    archive.apply(&changes[..4]).await.expect("applied");
    assert_eq!(found(&archive, "ponte").await, [1, 3]);
    archive.apply(&changes).await.expect("applied");
    archive.apply(&changes[2..5]).await.expect("applied");
    assert_eq!(found(&archive, "ponte").await, [1, 5, 3, 7]);
    assert_eq!(archive.cursor().await.expect("a cursor"), Seq(7));
}

#[tokio::test]
async fn a_revision_replaces_and_a_removal_removes() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    archive.apply(&town(5)).await.expect("applied");
    let again = put(6, article(1, "Chiude il municipio", "", noon()), "");
    let twice = put(8, article(3, "Chiude il municipio, anzi no", "", noon()), "");
    archive.apply(&[again, put(7, article(3, "Bozza", "", noon()), ""), twice, remove(9, 5)]).await.expect("applied");
    assert!(found(&archive, "ponte").await.is_empty());
    assert_eq!(found(&archive, "municipio").await, [3, 1]);
    assert_eq!(found(&archive, "").await, [3, 2, 1, 4]);
}

#[tokio::test]
async fn it_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let changes = town(9);
    {
        let archive = open(folder.path(), 0);
        archive.apply(&changes[..5]).await.expect("applied");
    }
    let archive = open(folder.path(), 9);
    assert_eq!((archive.cursor().await.expect("a cursor"), archive.follows_from()), (Seq(5), Seq(5)));
    archive.apply(&changes).await.expect("applied");
    assert_eq!(search(&archive, &Query::text("")).await.total, 9);
}

#[tokio::test]
async fn one_writes_into_a_folder_and_others_search() {
    let folder = tempfile::tempdir().expect("a folder");
    let changes = town(9);
    let first = open(folder.path(), 9);
    let early = open(folder.path(), 9);
    first.apply(&changes).await.expect("applied");
    let refused = early.apply(&changes).await.expect_err("the first one writes");
    assert!(format!("{refused:#}").contains(&format!("another process ({})", std::process::id())), "{refused:#}");
    // it has taken over what the first one made
    assert_eq!(found(&early, "ponte 5").await, [5]);
    let second = open(folder.path(), 9);
    assert_eq!(found(&second, "ponte 5").await, [5]);
    let more = town(10);
    first.apply(&more).await.expect("applied");
    assert!(second.apply(&more).await.is_err(), "the first one writes");
    assert_eq!(found(&second, "strada 10").await, [10]);
    // who follows another store neither answers from this one nor empties it
    let other = TantivyArchive::open(folder.path(), "store-b", Seq(9));
    assert!(matches!(other.search(&Query::text(""), &names(), noon()).await, Err(SearchError::Away(_))));
    assert!(other.apply(&changes).await.is_err(), "the first one writes");
    assert_eq!(found(&first, "strada 10").await, [10]);
}

#[tokio::test]
async fn counts_by_outlet_and_day_add_up_to_the_total() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    for changes in town(60).chunks(13) {
        archive.apply(changes).await.expect("applied");
    }
    archive.apply(&[remove(61, 9), remove(62, 10)]).await.expect("applied");
    for text in ["", "ponte", "strada OR ponte", "ponte data:2026-11-20..", "-ponte", "luna"] {
        let mut query = Query::text(text);
        query.page.size = 5;
        let hits = search(&archive, &query).await;
        let sum = |counts: &[u64]| counts.iter().sum::<u64>();
        assert_eq!(sum(&hits.by_outlet.iter().map(|(_, n)| *n).collect::<Vec<_>>()), hits.total, "{text}");
        assert_eq!(sum(&hits.by_day.iter().map(|(_, n)| *n).collect::<Vec<_>>()), hits.total, "{text}");
        assert!(hits.by_day.is_sorted(), "{text}");
        assert_eq!(sum(&hits.by_rubric.iter().map(|(_, n)| *n).collect::<Vec<_>>()), hits.total, "{text}");
        let plain = search(&archive, &Query { counts: false, ..query.clone() }).await;
        assert_eq!((&plain.hits, plain.total, &plain.next), (&hits.hits, hits.total, &hits.next), "{text}");
        assert!(plain.by_outlet.is_empty() && plain.by_day.is_empty() && plain.by_rubric.is_empty(), "{text}");
        assert_eq!(hits.total, found(&archive, text).await.len() as u64, "{text}");
    }
    let hits = search(&archive, &Query::text("data:2026-11-22")).await;
    assert_eq!(hits.by_day, [(noon().day(), 2)]);
    assert_eq!(hits.by_outlet, [(OutletId(1), 1), (OutletId(2), 1)]);
}

#[tokio::test]
async fn pages_neither_repeat_nor_skip_while_news_comes_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    archive.apply(&town(40)).await.expect("applied");
    let mut seq = 40;
    for sort in [Sort::Newest, Sort::Oldest, Sort::Relevance, Sort::Outlets] {
        let mut query = Query { sort, page: Page { size: 1_000, after: None }, ..Query::text("ponte OR riapre") };
        let whole: Vec<i64> = search(&archive, &query).await.hits.iter().map(|h| h.article.0).collect();
        query.page.size = 7;
        let mut paged = Vec::new();
        let mut totals = Vec::new();
        loop {
            let hits = search(&archive, &query).await;
            paged.extend(hits.hits.iter().map(|h| h.article.0));
            totals.push(hits.total);
            let Some(next) = hits.next else { break };
            query.page.after = Some(next);
            // older, newer and better than all that is there
            for at in [noon().plus(DAY), noon().plus(-900 * DAY)] {
                seq += 1;
                let news = article(1_000 + seq, "Ponte ponte ponte", "Riapre il ponte", at);
                archive.apply(&[put(seq, news, "")]).await.expect("applied");
            }
        }
        assert_eq!(paged.len(), whole.len(), "{sort:?}");
        // new articles change what words weigh, so that the order of the best is not held
        if sort != Sort::Relevance {
            assert_eq!(paged, whole, "{sort:?}");
            assert!(totals.iter().all(|t| *t == whole.len() as u64), "{sort:?} {totals:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_search_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    archive.apply(&town(9)).await.expect("applied");
    let mut query = Query::text("ponte");
    query.page.size = 2;
    let next = search(&archive, &query).await.next;
    assert!(next.is_some());
    let other = Query { page: Page { size: 2, after: next }, ..Query::text("strada") };
    let refused = archive.search(&other, &names(), noon()).await;
    assert!(matches!(refused, Err(SearchError::Page)), "{refused:?}");
}

#[tokio::test]
async fn what_is_chosen_beside_the_text_narrows_the_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    archive.apply(&town(20)).await.expect("applied");
    let mut query = Query::text("ponte OR strada");
    query.outlets = vec![OutletId(1), OutletId(2)];
    query.period = Some(Period::days(noon().day(), noon().day()));
    let ids: Vec<i64> = search(&archive, &query).await.hits.iter().map(|h| h.article.0).collect();
    assert_eq!(ids, [2, 1]);
}

#[tokio::test]
async fn a_search_among_some_articles_finds_no_others_in_every_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    archive.apply(&town(40)).await.expect("applied");
    let only: Vec<ArticleId> = (1..=40).filter(|n| n % 3 == 0).map(ArticleId).chain([ArticleId(999)]).collect();
    for sort in [Sort::Newest, Sort::Oldest, Sort::Relevance, Sort::Outlets] {
        for (text, counts) in [("", true), ("ponte", true), ("ponte", false), ("data:2026-11-22", true)] {
            let page = Page { size: 100, after: None };
            let all = Query { sort, counts, page, ..Query::text(text) };
            let expected: Vec<_> = search(&archive, &all).await.hits.into_iter().map(|hit| hit.article).collect();
            let expected: Vec<_> = expected.into_iter().filter(|id| only.contains(id)).collect();
            let mut narrowed = Query { only: Some(only.clone()), page: Page { size: 5, after: None }, ..all };
            let (mut found, mut total) = (Vec::new(), None);
            loop {
                let hits = search(&archive, &narrowed).await;
                assert!(!counts || hits.by_outlet.iter().map(|(_, n)| n).sum::<u64>() == hits.total, "{sort:?} {text}");
                total.get_or_insert(hits.total);
                found.extend(hits.hits.iter().map(|hit| hit.article));
                let Some(next) = hits.next else { break };
                narrowed.page.after = Some(next);
            }
            assert_eq!(found, expected, "{sort:?} {text:?}");
            assert_eq!(total, Some(expected.len() as u64), "{sort:?} {text:?}");
        }
        let none = Query { sort, only: Some(Vec::new()), ..Query::text("ponte") };
        assert_eq!(search(&archive, &none).await.total, 0, "an empty dossier");
    }
}

#[tokio::test]
async fn the_best_come_first_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    let changes = [
        put(1, article(1, "Il ponte", "Poche righe sul traffico e su altre cose della giornata", noon()), ""),
        put(2, article(2, "Ponte: il ponte riapre", "Il ponte", noon()), ""),
        put(3, article(3, "La strada", "", noon()), ""),
    ];
    archive.apply(&changes).await.expect("applied");
    let hits = search(&archive, &Query { sort: Sort::Relevance, ..Query::text("ponti") }).await.hits;
    assert_eq!(hits.iter().map(|h| h.article.0).collect::<Vec<_>>(), [2, 1]);
    assert!(hits[0].score > hits[1].score && hits[1].score > 0.0);
}

#[tokio::test]
async fn the_very_word_comes_before_its_relatives() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    let changes = [
        put(1, article(1, "La mobilità del quartiere", "", noon()), ""),
        put(2, article(2, "Il mobile del quartiere", "", noon()), ""),
        put(3, article(3, "I mobili del quartiere", "", noon()), ""),
    ];
    archive.apply(&changes).await.expect("applied");
    for (word, first) in [("mobilita'", 1), ("mobile", 2), ("mobili", 3), ("titolo:mobile", 2)] {
        let hits = search(&archive, &Query { sort: Sort::Relevance, ..Query::text(word) }).await.hits;
        assert_eq!((hits.len(), hits[0].article.0), (3, first), "{word}");
        assert!(hits[0].score > hits[1].score, "{word}");
    }
}

#[tokio::test]
async fn outlets_that_weigh_most_come_first_and_sections_narrow() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    let changes: Vec<_> = (1..=8)
        .map(|n| {
            let rubric = (n % 3 != 0).then(|| if n % 2 == 0 { "Cronaca".into() } else { "Sport ".into() });
            put(n, Article { rubric, ..article(n, "Il ponte", "", noon().plus(n)) }, "")
        })
        .collect();
    archive.apply(&changes).await.expect("applied");
    let mut query = Query { sort: Sort::Outlets, ..Query::text("ponte") };
    let hits = search(&archive, &query).await;
    // the outlet of an article is its number modulo four, and the last outlet weighs most
    let order: Vec<i64> = hits.hits.iter().map(|h| h.article.0).collect();
    assert_eq!(order, [7, 3, 6, 2, 5, 1, 8, 4]);
    let counted = |name: &str, n| (name.to_owned(), n);
    assert_eq!(hits.by_rubric, [counted("", 2), counted("cronaca", 3), counted("sport", 3)]);
    query.rubrics = vec!["sport".into()];
    let hits = search(&archive, &query).await.hits;
    assert_eq!(hits.iter().map(|h| h.article.0).collect::<Vec<_>>(), [7, 5, 1]);
}

#[tokio::test]
async fn a_wrong_query_is_told_not_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    let refused = archive.search(&Query::text("testata:\"Testta 1\""), &names(), noon()).await;
    let Err(SearchError::Query(error)) = refused else { panic!("{refused:?}") };
    assert!(matches!(error.kind, QueryErrorKind::UnknownOutlet { .. }));
    assert_eq!(error.suggestion.as_deref(), Some("testata:\"Testata 1\""));
}

#[tokio::test]
async fn a_slip_of_spelling_is_told_with_the_query_that_was_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    let changes: Vec<_> = (1..=9)
        .map(|n| put(n, article(n, "La piazza Manzoni e l'acquedotto di Bellariva", "", noon()), ""))
        .chain([put(10, article(10, "Il ponte", "", noon()), "")])
        .collect();
    archive.apply(&changes).await.expect("applied");
    for (query, meant) in [
        ("Manzzoni", Some("Manzoni")),
        ("piazza AND titolo:aqcuedotto", Some("piazza AND titolo:acquedotto")),
        ("(belariva OR luna) data:2026", Some("(bellariva OR luna) data:2026")),
        ("l'aquedotto", Some("l'acquedotto")),
        ("manzoni NEAR/3 piaza", Some("manzoni NEAR/3 piazza")),
        ("piazze", None),
        ("ponte", None),
        ("piazza -manzzoni", None),
        ("xyzxyz", None),
        ("2027", None),
    ] {
        let hits = search(&archive, &Query::text(query)).await;
        let told: Vec<&str> = hits.notices.iter().filter_map(Notice::query).collect();
        assert_eq!(told, meant.as_slice(), "{query}");
    }
    let hits = search(&archive, &Query::text("ponte Manzoni")).await;
    assert_eq!(hits.notices, [Notice::AnyWord { query: "ponte OR Manzoni".into() }]);
    let plain = search(&archive, &Query { counts: false, ..Query::text("Manzzoni") }).await;
    assert_eq!(plain.notices, []);
}

#[tokio::test]
async fn the_word_that_was_meant_is_proposed_as_its_articles_write_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = open(folder.path(), 0);
    let texts = [
        ("CITTÀ IN FESTA", "", "Perché la mobilità conta"),
        ("La citta' in festa", "", ""),
        ("Festa in città", "Mobilità", "perchè sì"),
        ("Una città", "", "Perché no"),
        ("Il lago", "", ""),
    ];
    let changes: Vec<_> = (1..)
        .zip(texts)
        .map(|(n, (title, lead, body))| put(n, article(n, title, lead, noon().plus(n)), body))
        .collect();
    archive.apply(&changes).await.expect("applied");
    for (query, better) in [
        ("cittta festa", Some("città festa")),
        ("il lago o la Citttà", Some("il lago o la Città")),
        ("mobbilita", Some("mobilità")),
        ("\"x\" OR (percche NEAR/3 no)", Some("\"x\" OR (perché NEAR/3 no)")),
    ] {
        let hits = search(&archive, &Query::text(query)).await;
        let meant = hits.notices.into_iter().find(|notice| matches!(notice, Notice::Meant { .. }));
        let meant = meant.unwrap_or_else(|| panic!("{query}: nothing was meant"));
        let Notice::Meant { seen, meant: form, .. } = &meant else { panic!("{meant:?}") };
        let (seen, form) = (seen.clone(), form.to_lowercase());
        assert!(seen.iter().is_sorted_by(|a, b| a > b), "the newest first: {seen:?}");
        let articles = changes.iter().filter_map(|change| match &change.kind {
            ChangeKind::Put { article, body } if seen.contains(&article.id) => Some((&**article, body)),
            _ => None,
        });
        let meant = meant.as_written(&written(&form, articles).expect("it is there"));
        assert_eq!(meant.query(), better, "{meant:?}");
    }
    assert_eq!(written("ponte", [(&article(1, "Il lago", "", noon()), &ForeignText::new("senza"))]), None);
    assert_eq!(
        written("citta", [(&article(1, "CITTA'", "", noon()), &ForeignText::new(""))]).as_deref(),
        Some("citta")
    );
}
