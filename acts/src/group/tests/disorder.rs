//! What comes ten minutes out of order: which stories differ, and that the rows say why.
//!
//! An article is compared with what is there when it comes, so another order may give other stories. A difference is
//! *explained* if the parts of what is one story in one order, and several in the other, are tied to one another by rows: each
//! by an article's own, which names the other part as the nearest story that it did not join, and what kept it out or
//! drew it elsewhere. Nothing but the rows is asked: what they do not tell, nobody can be told later.

use super::*;
use salastampa_domain::{Because, Placement};

#[path = "../../../../tests/gold/world.rs"]
#[allow(dead_code, unreachable_pub, reason = "the judge of the gold day uses the rest of it")]
mod world;

/// How late an article comes at most.
const LATE: u64 = 10 * 60 * 1_000;

/// A stream as it was placed.
struct Told {
    rows: BTreeMap<u64, Placement>,
    merges: BTreeMap<StoryId, StoryId>,
}

impl Told {
    async fn of(kinds: &[OutletKind], items: &[Item]) -> Self {
        let desk = Desk::with(kinds).await;
        let ids = desk.read(items, 10, |_| false).await;
        let mut rows = desk.store.read().await.expect("a reader");
        let mut placed = BTreeMap::new();
        for (n, id) in &ids {
            placed.insert(*n, rows.find_placement(*id).await.expect("read").expect("placed"));
        }
        let merges = rows.list_machine_merges().await.expect("read").into_iter().collect();
        Self { rows: placed, merges }
    }

    /// The items of each story.
    fn stories(&self) -> BTreeMap<StoryId, BTreeSet<u64>> {
        let mut stories: BTreeMap<StoryId, BTreeSet<u64>> = BTreeMap::new();
        for (n, row) in &self.rows {
            stories.entry(row.story.expect("each has one")).or_default().insert(*n);
        }
        stories
    }

    /// Whether the rows say why these are not one story here: each part is tied to the others by an article that names
    /// the part that it did not join.
    fn says_why_apart(&self, items: &BTreeSet<u64>) -> bool {
        let part = |n: &u64| self.rows[n].story.expect("each has one");
        let parts: BTreeSet<StoryId> = items.iter().map(part).collect();
        let ties: Vec<(StoryId, StoryId)> = items
            .iter()
            .filter_map(|n| {
                let row = &self.rows[n];
                let beside = now_called(&self.merges, row.beside?.story);
                (parts.contains(&beside) && row.because.is_some()).then_some((part(n), beside))
            })
            .collect();
        let mut tied: BTreeSet<StoryId> = parts.iter().take(1).copied().collect();
        for _ in &parts {
            for (one, other) in &ties {
                if tied.contains(one) || tied.contains(other) {
                    tied.extend([*one, *other]);
                }
            }
        }
        tied == parts
    }
}

/// The gold day of the tests: outlets, and what they told in the order of time.
fn gold_day() -> (Vec<OutletKind>, Vec<Item>) {
    let day = world::Day::read();
    let kind = |o: &world::Outlet| if o.kind == "agency" { OutletKind::Agency } else { OutletKind::Web };
    let items = (0..).zip(&day.told).map(|(n, told)| Item {
        n,
        outlet: i64::try_from(told.outlet).unwrap_or(0) + 1,
        title: told.title.clone(),
        body: told.text.join("\n\n"),
        seen: START.plus(i64::from(told.at) * MINUTE),
    });
    (day.outlets.iter().map(kind).collect(), items.collect())
}

/// The same, each item up to ten minutes late.
fn late(items: &[Item], seed: u64) -> Vec<Item> {
    let by = |n: u64| i64::try_from(number(n, seed) % LATE).unwrap_or(0);
    let mut late: Vec<Item> = items.iter().map(|i| Item { seen: i.seen.plus(by(i.n)), ..i.clone() }).collect();
    late.sort_by_key(|item| (item.seen, item.n));
    late
}

/// Stories of one order that are none in the other, each explained by the rows of the other; how many there are.
fn explained(one: &Told, other: &Told, name: &str) -> usize {
    let there: BTreeSet<BTreeSet<u64>> = other.stories().into_values().collect();
    let mut differ = 0;
    for items in one.stories().into_values().filter(|items| !there.contains(items)) {
        differ += 1;
        let parts: BTreeSet<StoryId> = items.iter().filter_map(|n| other.rows[n].story).collect();
        // it only grew: the other side tells of that
        if parts.len() > 1 {
            let rows: Vec<&Placement> = items.iter().map(|n| &other.rows[n]).collect();
            assert!(
                other.says_why_apart(&items),
                "{name}: nothing says why {items:?} are {} stories: {rows:#?}",
                parts.len()
            );
        }
    }
    differ
}

#[tokio::test]
#[allow(clippy::print_stdout, reason = "figures for docs/stories-measured.md")]
async fn what_comes_ten_minutes_out_of_order_differs_little_and_each_difference_is_explained() {
    let made_up = vec![OutletKind::Agency, OutletKind::Web, OutletKind::Web];
    for (world, (kinds, items)) in [("the gold day", gold_day()), ("a made-up stream", (made_up, dense(300)))] {
        let ordered = Told::of(&kinds, &items).await;
        let all = ordered.stories();
        let copies = ordered.rows.values().filter(|row| row.because == Some(Because::Copy)).count();
        let alike = ordered.rows.values().filter(|row| row.because == Some(Because::Alike)).count();
        assert!(items.len() >= 300 && copies >= 10 && alike >= 10, "a stream worth testing: {copies}, {alike}");
        for seed in [3, 29, 71] {
            let shuffled = late(&items, seed);
            let moved = (0..).zip(&shuffled).filter(|(at, item)| *at != item.n).count();
            assert!(moved * 3 > items.len() * 2, "most change places: {moved}");
            let other = Told::of(&kinds, &shuffled).await;
            let name = format!("{world}, seed {seed}");
            let differ = explained(&ordered, &other, &name).max(explained(&other, &ordered, &name));
            println!("{name}: {moved} of {} moved, {differ} of {} stories differ", items.len(), all.len());
            assert!(differ * 33 <= all.len(), "{name}: {differ} of {} stories", all.len());
        }
    }
}

/// The made-up stream, with a minute or two between two of them: ten minutes change much.
fn dense(articles: u64) -> Vec<Item> {
    let seen = |n: u64| START.plus(i64::try_from(n).unwrap_or(0) * MINUTE * 3 / 2);
    stream(articles, 11).into_iter().map(|item| Item { seen: seen(item.n), ..item }).collect()
}
