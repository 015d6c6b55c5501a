//! Feeds: what they show to whom, and what of it is written down.

use super::*;
use crate::desk::small::{self, watch};
use crate::dossier;
use crate::export::tests::Press;
use salastampa_domain::{
    DossierId, EditionId, ForeignText, ReviewState, RightsClass, Schedule, Signals, Slot, Visibility, WatchId,
    allowed as allowed_by,
};

fn wanted(name: &str, readers: &str, of: FeedOf) -> Wanted {
    Wanted { name: name.into(), readers: readers.into(), of }
}

fn search(query: &str) -> FeedOf {
    FeedOf::Search { query: query.into() }
}

async fn shown(press: &Press, secret: &str) -> Option<Vec<i64>> {
    let feed = find(&mut press.office.store.read().await.expect("rows"), secret).await.expect("rows")?;
    let desk = press.office.desk("lia");
    let shown = read(desk.store, &*press.archive, feed, desk.now).await.expect("a feed");
    Some(shown.lines.into_iter().map(|line| line.article.0).collect())
}

#[tokio::test]
async fn a_feed_shows_a_search_a_dossier_or_a_watch_and_is_accounted_for_once() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    dossier::put_into_new(desk, "Ponte", &[ArticleId(2), ArticleId(5)]).await.expect("a dossier");
    let mut write = desk.store.write().await.expect("a transaction");
    let watch = write.record_watch(&watch("ponte")).await.expect("a watch");
    for (article, state) in [(3, ClippingState::Proposed), (4, ClippingState::Dropped { by: UserId(1) })] {
        let id =
            write.record_clipping(ArticleId(article), watch, desk.now, &[], false).await.expect("ok").expect("new");
        write.record_clipping_state(id, state).await.expect("ok");
    }
    write.commit().await.expect("a commit");
    let dossier = FeedOf::Dossier { dossier: DossierId(1) };
    for (of, ids) in
        [(search("ponte"), vec![1, 2, 3, 4, 5, 6, 7]), (dossier, vec![2, 5]), (FeedOf::Watch { watch }, vec![3])]
    {
        let secret = make(desk, &wanted("Ponte", "3", of)).await.expect("a feed");
        assert_eq!(shown(&press, &secret).await, Some(ids.clone()));
        let uses = press.uses().await.len();
        assert_eq!(shown(&press, &secret).await, Some(ids));
        assert_eq!(press.uses().await.len(), uses, "a second poll uses nothing");
    }
    let uses = press.uses().await;
    assert_eq!(uses.len(), 10);
    assert!(uses.iter().all(|used| used.output == "feed" && used.readers == 3 && !used.full_text));
}

#[tokio::test]
async fn a_licence_for_twenty_readers_gives_thirty_the_short_extract() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    let longest = async |readers| {
        let secret = make(desk, &wanted("Ponte", readers, search("testata:licenza"))).await.expect("a feed");
        let feed = find(&mut desk.store.read().await.expect("rows"), &secret).await.expect("rows").expect("a feed");
        let shown = read(desk.store, &*press.archive, feed, desk.now).await.expect("a feed");
        shown.lines.iter().map(|line| line.extract.as_str().chars().count()).max().unwrap_or_default()
    };
    assert!(longest("20").await > 200);
    assert!((1..=200).contains(&longest("30").await));
}

#[tokio::test]
async fn an_address_opens_until_it_is_renewed_or_closed() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    let first = make(desk, &wanted("Ponte", "1", search("ponte"))).await.expect("a feed");
    let second = renew(desk, FeedId(1)).await.expect("renewed");
    assert_eq!(shown(&press, &first).await, None);
    assert!(shown(&press, &second).await.is_some());
    let kept = desk.store.read().await.expect("rows").list_feeds().await.expect("rows").remove(0);
    assert!(kept.hash != second && kept.hash != first, "the secret is stored nowhere");
    revoke(desk, FeedId(1)).await.expect("closed");
    assert_eq!(shown(&press, &second).await, None);
    assert!(revoke(desk, FeedId(1)).await.is_err() && renew(desk, FeedId(1)).await.is_err());
    for junk in ["", "x", &"f".repeat(64)] {
        assert_eq!(shown(&press, junk).await, None);
    }
    assert_eq!(press.office.log().await, ["feed.add", "feed.renew", "feed.revoke"]);
}

#[tokio::test]
async fn a_feed_that_cannot_be_is_refused_with_its_reason() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    let fields = crate::desk::small::fields;
    assert_eq!(fields(make(desk, &wanted("", "0", search(" "))).await), ["nome", "lettori", "ricerca"]);
    assert_eq!(fields(make(desk, &wanted("Ponte", "1", search("\"ponte"))).await), ["ricerca"]);
    assert!(make(desk, &wanted("Ponte", "1", FeedOf::Watch { watch: WatchId(9) })).await.is_err());
    assert!(make(desk, &wanted("Ponte", "1", FeedOf::Dossier { dossier: DossierId(9) })).await.is_err());
    for who in ["ivo", "ada"] {
        assert!(make(press.office.desk(who), &wanted("Ponte", "1", search("ponte"))).await.is_err(), "{who}");
    }
    assert!(press.office.log().await.is_empty());
}

/// An edition with an issue that is out, whose stories are led by the articles 1 to 7 and by one that is gone, and a draft.
async fn edition(press: &Press) -> EditionId {
    let mut write = press.office.store.write().await.expect("a transaction");
    let edition = Edition {
        id: EditionId(0),
        slug: "generale".into(),
        name: "Generale".into(),
        schedule: Schedule::parse("0 7 * * *").expect("a schedule"),
        ready_before: 15,
        visibility: Visibility::Readers,
        sections: Vec::new(),
        cap: 12,
        outlet_cap: 0,
        holidays: Default::default(),
        order: Default::default(),
        done: Slot::of(small::NOW),
    };
    let id = write.record_edition(&edition).await.expect("an edition");
    let mut out = salastampa_digest::sample::review();
    let first = out.sections[0].entries[0].clone();
    // by a licence that held then
    let gate = allowed_by(RightsClass::Own, None, &Signals::default(), Audience::Readers(1), small::NOW.day());
    let extract = gate.extract(&ForeignText::new("parola ".repeat(90)));
    out.sections.truncate(1);
    out.sections[0].entries = [7, 6, 5, 4, 3, 2, 1, 99]
        .map(|n| salastampa_domain::Entry {
            article: ArticleId(n),
            title: format!("Notizia {n}"),
            url: format!("https://{n}.test/a"),
            extract: extract.clone(),
            summary: String::new(),
            also_in: Vec::new(),
            ..first.clone()
        })
        .to_vec();
    let out = Review { edition: id, version: 1, state: ReviewState::Published { at: small::NOW, by: None }, ..out };
    let out = Review { id: write.record_review(out.clone()).await.expect("a review"), ..out };
    write.record_review_version(&out, small::NOW, &[]).await.expect("frozen");
    let slot = Slot::of(small::NOW.plus(DAY));
    let draft = Review { slot, version: 0, state: ReviewState::Draft, ..out };
    write.record_review(draft).await.expect("a draft");
    write.commit().await.expect("a commit");
    id
}

#[tokio::test]
async fn a_feed_of_an_edition_tells_its_issues_in_their_order_within_what_the_rights_say_today() {
    let press = Press::new().await;
    let desk = press.office.desk("lia");
    let id = edition(&press).await;
    let secret = make(desk, &wanted("Generale", "30", FeedOf::Edition { edition: id })).await.expect("a feed");
    let feed = find(&mut desk.store.read().await.expect("rows"), &secret).await.expect("rows").expect("a feed");
    let shown = read(desk.store, &*press.archive, feed.clone(), desk.now).await.expect("a feed");
    assert_eq!(shown.issues.len(), 1, "the draft stays at the desk");
    let entries = &shown.issues[0].sections[0].entries;
    let chars: Vec<(i64, usize)> = entries.iter().map(|e| (e.article.0, e.extract.as_str().chars().count())).collect();
    // what is gone is left out; a link alone has no text; the licence that ended, and one for fewer readers, are cut
    assert_eq!(chars.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [7, 6, 5, 4, 3, 2, 1]);
    let of = |n: i64| chars.iter().find(|(article, _)| *article == n).map(|(_, chars)| *chars);
    assert_eq!(of(2), Some(0));
    assert!(
        of(4).is_some_and(|n| (1..=200).contains(&n)) && of(5).is_some_and(|n| (1..=200).contains(&n)),
        "{chars:?}"
    );
    // of an inside source only title, outlet and date are named
    assert!(entries.iter().find(|e| e.article.0 == 1).is_some_and(|e| e.url.is_empty() && e.authors.is_empty()));
    let uses = press.uses().await;
    assert_eq!(uses.len(), 7);
    assert!(uses.iter().all(|used| used.output == "feed" && used.readers == 30));

    let mut write = desk.store.write().await.expect("a transaction");
    let known = write.find_edition_by_id(id).await.expect("rows").expect("there");
    write.record_edition(&Edition { visibility: Visibility::Reserved, ..known }).await.expect("written");
    write.commit().await.expect("a commit");
    let shown = read(desk.store, &*press.archive, feed, desk.now).await.expect("a feed");
    assert!(shown.issues.is_empty(), "reserved since: it tells nothing");
    let again = make(desk, &wanted("Generale", "1", FeedOf::Edition { edition: id })).await;
    assert!(again.is_err());
    assert!(make(desk, &wanted("Generale", "1", FeedOf::Edition { edition: EditionId(9) })).await.is_err());
}
