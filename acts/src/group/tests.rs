//! The grouping on a small store: a stream is placed alike twice, and after a stop at any article.

use super::*;
use crate::desk::small::{article, outlet, store};
use salastampa_domain::time::{HOUR, MINUTE};
use salastampa_domain::{ArticleId, NewArticle, Outlet, RightsClass, SourceId, Via};

mod disorder;

const START: Timestamp = Timestamp(1_795_000_000_000);

struct Desk {
    store: Store,
    _folder: tempfile::TempDir,
}

/// An item of the stream, before it is kept.
#[derive(Clone)]
struct Item {
    n: u64,
    outlet: i64,
    title: String,
    body: String,
    seen: Timestamp,
}

impl Desk {
    async fn new() -> Self {
        Self::with(&[OutletKind::Agency, OutletKind::Web, OutletKind::Web]).await
    }

    async fn with(kinds: &[OutletKind]) -> Self {
        let (folder, store) = store(START).await;
        let mut write = store.write().await.expect("a turn");
        for (n, kind) in (1..).zip(kinds) {
            let outlet = Outlet {
                kind: *kind,
                tier: 1,
                rights: RightsClass::Internal,
                ..outlet(&format!("testata-{n}"), &format!("Testata {n}"))
            };
            write.record_outlet(&outlet).await.expect("an outlet");
        }
        write.commit().await.expect("kept");
        Self { store, _folder: folder }
    }

    async fn keep(&self, item: &Item) -> ArticleId {
        let article = NewArticle {
            via: Via::Source { source: SourceId(item.outlet) },
            body: ForeignText::new(item.body.clone()),
            ..article(OutletId(item.outlet), &format!("http://testata.test/{}", item.n), &item.title, item.seen)
        };
        let mut write = self.store.write().await.expect("a turn");
        let id = write.keep_article(&article, None, 20_000, item.seen).await.expect("written").expect("new");
        write.commit().await.expect("kept");
        id
    }

    /// The story, the group of copies and the table of each item, by the item's number.
    async fn placed(&self, ids: &[(u64, ArticleId)]) -> BTreeMap<u64, (i64, i64, Option<i64>, Option<i64>)> {
        let mut rows = self.store.read().await.expect("a reader");
        let mut placed = BTreeMap::new();
        for (n, id) in ids {
            let found = rows.find_placement(*id).await.expect("read").expect("placed");
            let numbers = (
                found.story.map_or(0, |s| s.0),
                found.copy_of.map_or(0, |g| g.0),
                found.table.map(|t| t.0),
                found.perhaps.map(|s| s.0),
            );
            placed.insert(*n, numbers);
        }
        placed
    }

    /// Keeps and places the stream, so many at a time; after each run the memory is made again if it is one of `stops`.
    async fn read(&self, stream: &[Item], batch: usize, stops: impl Fn(usize) -> bool) -> Vec<(u64, ArticleId)> {
        let mut memory = remember(&self.store).await.expect("a memory");
        let mut ids = Vec::new();
        for (n, items) in stream.chunks(batch).enumerate() {
            for item in items {
                ids.push((item.n, self.keep(item).await));
            }
            let now = items.iter().map(|i| i.seen).max().expect("not empty").plus(MINUTE);
            group(&self.store, &mut memory, 50, now).await.expect("placed");
            if stops(n) {
                memory = remember(&self.store).await.expect("a memory");
            }
        }
        ids
    }
}

/// A stream of events told by three outlets over some days: copies, reworked texts, reports of one's own, strangers.
fn stream(articles: u64, seed: u64) -> Vec<Item> {
    let mut seen = START;
    (0..articles)
        .map(|n| {
            let event = number(n, seed) % (3 + n / 5);
            let told = sentences(event, 9);
            let (title, body) = match number(n, seed + 1) % 5 {
                0 | 1 => (told[0].clone(), told.join(" ")),
                2 => (format!("Oggi {}", told[0]), format!("BELLARIVA - {}", told[..6].join(" "))),
                3 => (told[0].clone(), [&told[..4], &sentences(n + 500, 5)[..]].concat().join(" ")),
                _ => (told[1].clone(), sentences(n + 900, 4).join(" ")),
            };
            seen = seen.plus(match number(n, seed + 2) % 6 {
                0 => 30 * HOUR,
                1 => 11 * MINUTE,
                _ => 2 * MINUTE,
            });
            let outlet = i64::try_from(number(n, seed + 3) % 3).unwrap_or(0) + 1;
            Item { n, outlet, title, body, seen }
        })
        .collect()
}

/// Sentences of an event, the same for the same number: made-up words, so that events share little.
fn sentences(event: u64, count: u64) -> Vec<String> {
    const PARTS: [&str; 12] = ["ba", "co", "di", "fu", "ga", "le", "mi", "no", "pe", "ra", "si", "to"];
    let word = |seed: u64| (0..3).map(|i| PARTS[(number(seed, i) % 12) as usize]).collect::<String>();
    let sentence = |s: u64| (0..10).map(|w| word(event * 40 + number(s * 16 + w, event) % 40)).collect::<Vec<_>>();
    (0..count).map(|s| format!("Il {}.", sentence(s).join(" "))).collect()
}

/// A number that looks drawn, the same each time (splitmix64).
fn number(seed: u64, step: u64) -> u64 {
    let mut z =
        seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(step.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[tokio::test]
async fn a_stream_is_placed_alike_twice_and_after_a_stop_at_any_article() {
    for seed in [11, 77] {
        let stream = stream(70, seed);
        let whole = Desk::new().await;
        let ids = whole.read(&stream, 1, |_| false).await;
        let expected = whole.placed(&ids).await;
        let stories: BTreeSet<i64> = expected.values().map(|p| p.0).collect();
        let tables: BTreeSet<Option<i64>> = expected.values().map(|p| p.2).collect();
        assert!(
            (10..60).contains(&stories.len()) && tables.len() > 3,
            "a stream worth testing: {stories:?} {tables:?}"
        );

        for (batch, name, every) in [(1, "twice", 0), (1, "stopped at each article", 1), (7, "by sevens", 2)] {
            let again = Desk::new().await;
            let ids = again.read(&stream, batch, |n| every > 0 && n % every == 0).await;
            assert_eq!(again.placed(&ids).await, expected, "{name}, seed {seed}");
        }
    }
}

#[tokio::test]
async fn the_text_is_the_agencys_whoever_was_read_first_and_whatever_the_runs_were() {
    let kinds = [OutletKind::Web, OutletKind::Web, OutletKind::Agency, OutletKind::Agency];
    let event = |n: u64| sentences(n, 9);
    let told = |n, outlet, of: u64, minutes: i64| Item {
        n,
        outlet,
        title: event(of)[0].clone(),
        body: event(of).join(" "),
        seen: START.plus(minutes * MINUTE),
    };
    // two sites, the agency, a second agency; and a text that no agency has
    let stream =
        [told(1, 1, 3, 0), told(2, 2, 3, 1), told(3, 1, 8, 2), told(4, 3, 3, 3), told(5, 4, 3, 4), told(6, 2, 8, 5)];
    for (batch, restarts) in [(1, false), (1, true), (6, false)] {
        let desk = Desk::with(&kinds).await;
        let ids = desk.read(&stream, batch, |_| restarts).await;
        let placed = desk.placed(&ids).await;
        let groups: Vec<i64> = placed.values().map(|p| p.1).collect();
        let stories: Vec<i64> = placed.values().map(|p| p.0).collect();
        assert_eq!((groups, stories), (vec![1, 1, 3, 1, 1, 3], vec![1, 1, 2, 1, 1, 2]), "{batch} {restarts}");
        let mut rows = desk.store.read().await.expect("a reader");
        let roots = rows.list_copy_groups(&[CopyGroupId(1), CopyGroupId(3)]).await.expect("read");
        assert_eq!(roots.iter().map(|g| g.root.0).collect::<Vec<_>>(), [4, 3], "{batch} {restarts}");
    }
}
