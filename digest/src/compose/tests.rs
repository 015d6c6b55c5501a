//! Which story stands where, with which article, and how much of it.

mod caps;

use super::*;
use expect_test::{Expect, expect};
use jiff::civil::date;
use proptest::prelude::*;
use salastampa_domain::{
    ClippingId, CopyGroupId, EditionId, Grading, IssueKey, OrderRule, OutletKind, Part, RightsClass, Schedule, Section,
    SectionId, Seq, Signals, Slot, SourceId, Urgency, UserId, WatchId,
};
use std::collections::BTreeSet;

pub(super) const TODAY: Date = date(2026, 11, 23);

pub(super) fn at(day: i8, hour: i8) -> Timestamp {
    Timestamp::of_civil(date(2026, 11, day).at(hour, 0, 0, 0))
}

pub(super) fn outlet(id: i64, tier: u8) -> Outlet {
    Outlet {
        id: OutletId(id),
        slug: format!("testata-{id}"),
        name: format!("Testata {id}"),
        kind: OutletKind::Local,
        area: "Bellariva".into(),
        tier,
        rights: RightsClass::ExtractOnly,
        contract: None,
        home: None,
    }
}

pub(super) fn watch(id: i64, weight: u8) -> Watch {
    Watch {
        id: WatchId(id),
        slug: format!("tema-{id}"),
        name: format!("Tema {id}"),
        query: "lungolago".into(),
        weight,
        urgency: Urgency::Review,
        hold: 0,
        grading: Grading::default(),
        retired_at: None,
    }
}

/// An article of story `story` in outlet `outlet`, clipped for watch `watch`, published yesterday evening.
pub(super) fn candidate(id: i64, story: i64, outlet: Outlet, watch: Watch) -> Candidate {
    let (article, seen) = (ArticleId(id), at(22, 18));
    Candidate {
        clipping: Clipping {
            id: ClippingId(id * 100 + watch.id.0),
            article,
            watch: watch.id,
            matched_at: seen,
            why: vec!["lungolago".into()],
            fresh: true,
            state: ClippingState::Proposed,
            grade: Default::default(),
        },
        article: Article {
            id: article,
            seq: Seq(id),
            revision: 1,
            outlet: outlet.id,
            via: Via::Source { source: SourceId(1) },
            url: format!("https://testata-{}.test/{id}", outlet.id),
            key: String::new(),
            guid: None,
            title: format!("Articolo {id}"),
            lead: ForeignText::new("Riapre il lungolago."),
            authors: Vec::new(),
            rubric: None,
            language: None,
            signals: Signals::default(),
            backlog: false,
            published_at: Some(seen),
            first_seen: seen,
            kept_at: seen,
            grouped_at: None,
            copy_group: None,
            story: Some(StoryId(story)),
        },
        body: ForeignText::new("Il lungolago riapre mercoledì."),
        outlet,
        watch,
        is_copy: false,
        origin: String::new(),
    }
}

pub(super) fn edition(sections: &[&[i64]], cap: usize) -> Edition {
    Edition {
        id: EditionId(1),
        slug: "generale".into(),
        name: "Generale".into(),
        schedule: Schedule::parse("0 7 * * *").expect("a schedule"),
        ready_before: 15,
        visibility: Default::default(),
        sections: sections
            .iter()
            .zip(1..)
            .map(|(watches, n)| Section {
                id: SectionId(n),
                name: format!("Sezione {n}"),
                watches: watches.iter().map(|w| WatchId(*w)).collect(),
            })
            .collect(),
        cap,
        outlet_cap: 0,
        holidays: Default::default(),
        order: Default::default(),
        done: Slot(TODAY.at(7, 0, 0, 0)),
    }
}

/// A simple rule in place of the office's points: weight of the watch, then number of outlets, then tier.
pub(crate) const BY_RULE: Weigh = Weigh { points: &by_rule, minimum: 0 };

fn by_rule(story: &Gathered) -> Vec<Point> {
    let weight = story.clippings.iter().map(|c| c.watch.weight).max().unwrap_or(0);
    let outlets = story.articles.iter().map(|c| c.outlet.id).collect::<BTreeSet<_>>().len();
    let tier = story.articles.first().map_or(5, |c| c.outlet.tier);
    let points = i64::from(weight) * 100_000 + i64::try_from(outlets).unwrap_or(0) * 100 - i64::from(tier);
    vec![Point { part: Part::Relevance, points, what: String::new(), spot: None, n: 0 }]
}

/// The review that the machine proposes.
pub(super) fn untouched(edition: &Edition, candidates: &[Candidate]) -> (Vec<ReviewSection>, Vec<Shown>) {
    compose(edition, candidates, &nobody(), Latecomers::Leave, 8, TODAY, &BY_RULE)
}

/// An issue that nobody has touched.
pub(crate) fn nobody() -> Arrangement {
    Arrangement::untouched(IssueKey { edition: EditionId(1), slot: Slot(TODAY.at(7, 0, 0, 0)) })
}

fn composed(edition: &Edition, candidates: Vec<Candidate>, expect: Expect) {
    let (sections, _) = untouched(edition, &candidates);
    let mut out = String::new();
    for section in sections {
        out += &format!("{}\n", section.name);
        for e in section.entries {
            let also: Vec<String> =
                e.also_in.iter().map(|a| format!("{}{}", a.article, if a.copy { "*" } else { "" })).collect();
            out += &format!("  {} [{}] {}\n", e.article, also.join(" "), e.why.join("; "));
        }
    }
    expect.assert_eq(&out);
}

#[test]
fn a_story_stands_once_in_the_section_whose_watches_speak_most_of_it_and_among_equals_in_the_first() {
    composed(
        &edition(&[&[1], &[2, 3], &[4]], 9),
        vec![
            candidate(1, 50, outlet(1, 2), watch(3, 5)),
            candidate(1, 50, outlet(1, 2), watch(2, 9)),
            candidate(2, 50, outlet(2, 2), watch(1, 1)),
            candidate(3, 60, outlet(1, 2), watch(2, 5)),
            candidate(4, 70, outlet(1, 2), watch(7, 5)),
            candidate(5, 80, outlet(1, 2), watch(4, 5)),
            candidate(5, 80, outlet(1, 2), watch(1, 5)),
        ],
        expect![[r#"
            Sezione 1
              5 [] Tema 1 (lungolago); Tema 4
            Sezione 2
              1 [2] Tema 2 (lungolago); Tema 3 (lungolago); Tema 1
              3 [] Tema 2 (lungolago)
            Sezione 3
        "#]],
    );
}

#[test]
fn a_text_that_can_be_read_stands_before_one_behind_a_barrier_and_after_a_better_tier_or_the_original() {
    let lead = |rows: [(u8, bool, bool, &str); 2]| {
        let rows = rows.into_iter().zip(1..).map(|((tier, copy, barred, body), id)| {
            let mut c = candidate(id, 50, outlet(id, tier), watch(1, 5));
            (c.is_copy, c.article.signals.barred, c.body) = (copy, barred, ForeignText::new(body));
            c
        });
        let rows: Vec<Candidate> = rows.collect();
        lay(&edition(&[&[1]], 9), &rows, &[], &nobody(), 8, TODAY, &BY_RULE)[0].entry.article.0
    };
    assert_eq!(lead([(2, false, true, "molto molto lungo"), (2, false, false, "corto")]), 2);
    assert_eq!(lead([(2, false, true, "molto molto lungo"), (2, false, true, "corto")]), 1, "longer, among equals");
    assert_eq!(lead([(1, false, true, "corto"), (2, false, false, "lungo")]), 1, "the tier goes before");
    assert_eq!(lead([(2, false, true, "corto"), (2, true, false, "lungo")]), 1, "the original goes before");
}

#[test]
fn the_lead_is_of_the_best_tier_and_rather_original_longer_earlier() {
    let with = |id, tier, copy, body: &str, hour| {
        let mut c = candidate(id, 50, outlet(id, tier), watch(1, 5));
        c.is_copy = copy;
        c.body = ForeignText::new(body);
        c.article.published_at = Some(at(22, hour));
        c
    };
    let edition = edition(&[&[1]], 9);
    composed(
        &edition,
        vec![with(1, 2, false, "lungo lungo", 9), with(2, 1, true, "corto", 12)],
        expect![[r#"
            Sezione 1
              2 [1] Tema 1 (lungolago)
        "#]],
    );
    composed(
        &edition,
        vec![
            with(1, 1, true, "molto molto lungo", 9),
            with(2, 1, false, "corto", 12),
            with(3, 1, false, "più lungo", 12),
            with(4, 1, false, "più lungo", 11),
        ],
        expect![[r#"
            Sezione 1
              4 [3 2 1*] Tema 1 (lungolago)
        "#]],
    );
}

#[test]
fn an_outlet_is_named_once_and_outlets_stand_by_tier() {
    composed(
        &edition(&[&[1]], 9),
        vec![
            candidate(1, 50, outlet(1, 1), watch(1, 5)),
            candidate(2, 50, outlet(1, 1), watch(1, 5)),
            candidate(3, 50, outlet(3, 3), watch(1, 5)),
            candidate(4, 50, outlet(2, 2), watch(1, 5)),
            candidate(5, 50, outlet(3, 3), watch(1, 5)),
        ],
        expect![[r#"
            Sezione 1
              1 [4 3] Tema 1 (lungolago)
        "#]],
    );
}

#[test]
fn a_section_goes_by_weight_outlets_tier_freshness_number() {
    let hour = |mut c: Candidate, hour| {
        c.article.published_at = Some(at(22, hour));
        c
    };
    composed(
        &edition(&[&[1, 2]], 9),
        vec![
            candidate(1, 10, outlet(1, 2), watch(1, 5)),
            candidate(2, 20, outlet(1, 2), watch(1, 5)),
            hour(candidate(3, 30, outlet(1, 2), watch(1, 5)), 19),
            candidate(4, 40, outlet(1, 1), watch(1, 5)),
            candidate(5, 50, outlet(1, 2), watch(1, 5)),
            candidate(6, 50, outlet(2, 4), watch(1, 5)),
            candidate(7, 60, outlet(4, 5), watch(2, 6)),
        ],
        expect![[r#"
            Sezione 1
              7 [] Tema 2 (lungolago)
              5 [6] Tema 1 (lungolago)
              4 [] Tema 1 (lungolago)
              3 [] Tema 1 (lungolago)
              1 [] Tema 1 (lungolago)
              2 [] Tema 1 (lungolago)
        "#]],
    );
}

#[test]
fn nothing_older_than_two_days_is_proposed_unless_a_person_kept_it() {
    let old = |id, state| {
        let mut c = candidate(id, id, outlet(1, 1), watch(1, 5));
        c.article.published_at = Some(at(20, 17));
        c.clipping.state = state;
        c
    };
    composed(
        &edition(&[&[1]], 9),
        vec![old(1, ClippingState::Proposed), old(2, ClippingState::Kept { by: UserId(1) })],
        expect![[r#"
            Sezione 1
              2 [] Tema 1 (lungolago)
        "#]],
    );
}

#[test]
fn the_first_window_of_a_new_source_is_proposed_and_an_import_is_not() {
    let first_window = |id, hours: i64| {
        let mut c = candidate(id, id, outlet(1, 1), watch(1, 5));
        (c.article.backlog, c.clipping.fresh) = (true, false);
        c.article.first_seen = at(23, 6);
        c.clipping.matched_at = at(23, 6);
        c.article.published_at = Some(at(23, 6).plus(-hours * HOUR));
        c
    };
    let mut imported = first_window(3, 12);
    imported.article.via = Via::Import { batch: "archivio".into() };
    composed(
        &edition(&[&[1]], 9),
        vec![first_window(1, 47), first_window(2, 48), imported],
        expect![[r#"
            Sezione 1
              1 [] Tema 1 (lungolago)
        "#]],
    );
}

#[test]
fn articles_without_a_story_are_one_line_only_with_their_copies() {
    let loose = |id, group: Option<i64>| {
        let mut c = candidate(id, 0, outlet(id, 1), watch(1, 5));
        c.article.story = None;
        c.article.copy_group = group.map(CopyGroupId);
        c.is_copy = group.is_some_and(|g| g != id);
        c
    };
    composed(
        &edition(&[&[1]], 9),
        vec![loose(1, Some(1)), loose(2, Some(1)), loose(3, None), loose(4, None)],
        expect![[r#"
            Sezione 1
              1 [2*] Tema 1 (lungolago)
              3 [] Tema 1 (lungolago)
              4 [] Tema 1 (lungolago)
        "#]],
    );
}

#[test]
fn what_is_shown_of_others_is_accounted_for() {
    let mut reserved = candidate(2, 20, outlet(2, 1), watch(1, 5));
    reserved.article.signals.tdm_reserved = true;
    let open = candidate(1, 10, outlet(1, 1), watch(1, 5));
    let (sections, shown) = untouched(&edition(&[&[1]], 9), &[open, reserved]);
    assert_eq!(sections[0].entries[0].extract.as_str(), "Riapre il lungolago.");
    assert!(sections[0].entries[1].extract.is_empty(), "text mining is reserved");
    let (first, second) = (&shown[0], &shown[1]);
    assert_eq!((first.article, first.chars), (ArticleId(1), 20));
    assert_eq!((second.article, second.chars), (ArticleId(2), 0));
    let left = first.leaving(at(23, 7), "review mail", 8);
    assert_eq!(
        (left.outlet, left.output.as_str(), left.readers, left.full_text),
        (OutletId(1), "review mail", 8, false)
    );
}

proptest! {
    #[test]
    fn the_order_of_the_rows_changes_nothing(
        rows in proptest::collection::vec((1i64..30, 1i64..6), 1..24),
        seed in any::<u64>(),
    ) {
        let mut candidates: Vec<Candidate> = rows
            .iter()
            .map(|(id, w)| {
                // what is true of an article is true of it in every row
                let mut c = candidate(*id, id % 8, outlet(id % 5 + 1, (id % 3) as u8 + 1), watch(*w, *w as u8));
                c.is_copy = id % 2 == 0;
                c.clipping.why = vec![format!("parola{id}")];
                c
            })
            .collect();
        candidates.sort_by_key(|c| (c.article.id, c.watch.id));
        candidates.dedup_by_key(|c| (c.article.id, c.watch.id));
        let edition = edition(&[&[3], &[1, 2], &[4, 5]], 3);
        let straight = untouched(&edition, &candidates);
        let mut state = seed;
        for n in (1..candidates.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            candidates.swap(n, (state >> 33) as usize % (n + 1));
        }
        let mixed = untouched(&edition, &candidates);
        prop_assert_eq!(&straight, &mixed);
        let stories: Vec<StoryId> = straight.0.iter().flat_map(|s| &s.entries).map(|e| e.story).collect();
        let once: BTreeSet<StoryId> = stories.iter().copied().collect();
        prop_assert_eq!(stories.len(), once.len(), "a story stands once");
    }
}

/// An edition of one section and an article that feeds it.
pub(crate) fn example() -> (Edition, Candidate) {
    (edition(&[&[1]], 9), candidate(1, 10, outlet(1, 1), watch(1, 5)))
}

#[test]
fn what_weighs_too_little_is_on_the_table_and_does_not_leave() {
    let edition = edition(&[&[1]], 9);
    let rows = [candidate(1, 1, outlet(1, 1), watch(1, 5)), candidate(2, 2, outlet(1, 1), watch(1, 2))];
    let weigh = Weigh { points: &by_rule, minimum: 300_000 };
    let mut arrangement = nobody();
    let standings = |arrangement: &Arrangement| -> Vec<Standing> {
        lay(&edition, &rows, &[], arrangement, 8, TODAY, &weigh).iter().map(|l| l.standing).collect()
    };
    assert_eq!(standings(&arrangement), [Standing::In, Standing::Over]);
    let kept = Hand { state: ClippingState::Kept { by: UserId(3) }, ..Hand::new(StoryId(2), at(23, 6)) };
    arrangement.hands.insert(StoryId(2), kept);
    assert_eq!(standings(&arrangement), [Standing::In, Standing::In], "a person's word stands above it");
}

#[test]
fn more_points_stand_first_and_of_equals_the_newer() {
    let edition = edition(&[&[1]], 9);
    let mut rows: Vec<Candidate> = (1..=4).map(|n| candidate(n, n, outlet(1, 1), watch(1, 5))).collect();
    rows[2].article.published_at = Some(at(22, 19));
    let points = |story: &Gathered| {
        let points = if story.story == Some(StoryId(4)) { 9 } else { 5 };
        vec![Point { part: Part::Outlets, points, what: String::new(), spot: None, n: 1 }]
    };
    let weigh = Weigh { points: &points, minimum: 0 };
    let order: Vec<i64> =
        lay(&edition, &rows, &[], &nobody(), 8, TODAY, &weigh).iter().map(|l| l.entry.article.0).collect();
    assert_eq!(order, [4, 3, 1, 2]);
}
