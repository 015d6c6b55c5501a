//! What bounds the proposals of a section, and what does not.

use super::*;

#[test]
fn the_cap_bounds_the_machine_and_not_the_person() {
    let kept = |mut c: Candidate| {
        c.clipping.state = ClippingState::Kept { by: UserId(1) };
        c
    };
    let dropped = |mut c: Candidate| {
        c.clipping.state = ClippingState::Dropped { by: UserId(1) };
        c
    };
    composed(
        &edition(&[&[1]], 2),
        vec![
            dropped(candidate(1, 10, outlet(1, 1), watch(1, 9))),
            candidate(2, 20, outlet(1, 1), watch(1, 8)),
            candidate(3, 30, outlet(1, 1), watch(1, 7)),
            kept(candidate(4, 40, outlet(1, 1), watch(1, 1))),
        ],
        expect![[r#"
            Sezione 1
              2 [] Tema 1 (lungolago)
              4 [] Tema 1 (lungolago)
        "#]],
    );
}

#[test]
fn an_outlet_that_alone_tells_many_things_leaves_room_for_the_others() {
    let kept = |mut c: Candidate| {
        c.clipping.state = ClippingState::Kept { by: UserId(1) };
        c
    };
    let capped = |outlet_cap| Edition { outlet_cap, ..edition(&[&[1]], 9) };
    let told = || {
        vec![
            candidate(1, 10, outlet(1, 1), watch(1, 9)),
            candidate(2, 20, outlet(1, 1), watch(1, 8)),
            // a person's word stands above it
            kept(candidate(3, 30, outlet(1, 1), watch(1, 1))),
            // what another tells too is not its alone
            candidate(4, 40, outlet(1, 1), watch(1, 7)),
            candidate(5, 40, outlet(2, 1), watch(1, 7)),
            candidate(6, 60, outlet(3, 1), watch(1, 6)),
        ]
    };
    let leaving = |edition: &Edition| {
        let all = lay(edition, &told(), &[], &nobody(), 8, TODAY, &BY_RULE);
        all.iter().filter(|l| l.standing == Standing::In).filter_map(|l| l.story).map(|s| s.0).collect::<Vec<_>>()
    };
    let mut of_all = leaving(&capped(0));
    of_all.sort_unstable();
    assert_eq!(of_all, [10, 20, 30, 40, 60]);
    let mut of_two = leaving(&capped(2));
    of_two.sort_unstable();
    assert_eq!(of_two.len(), 4, "{of_two:?}");
    assert!([30, 40, 60].iter().all(|story| of_two.contains(story)), "{of_two:?}");
    let mut of_one = leaving(&capped(1));
    of_one.sort_unstable();
    assert_eq!(of_one, [30, 40, 60]);
}

#[test]
fn an_edition_may_put_the_weightier_outlet_first_and_points_among_its_equals() {
    let ruled = |order| Edition { order, ..edition(&[&[1]], 3) };
    let told = || {
        vec![
            candidate(1, 10, outlet(1, 3), watch(1, 9)),
            candidate(2, 20, outlet(2, 1), watch(1, 2)),
            candidate(3, 30, outlet(2, 1), watch(1, 5)),
            // its best outlet counts, whichever article stands for it
            candidate(4, 40, outlet(1, 3), watch(1, 8)),
            candidate(5, 40, outlet(4, 2), watch(1, 8)),
        ]
    };
    let order = |order| {
        let (sections, _) = untouched(&ruled(order), &told());
        sections[0].entries.iter().map(|e| e.story.0).collect::<Vec<_>>()
    };
    assert_eq!(order(OrderRule::Importance), [10, 40, 30]);
    assert_eq!(order(OrderRule::Tier), [30, 20, 40], "and the cap cuts by the same order");
}

#[test]
fn the_article_that_is_about_the_theme_stands_for_the_story_before_the_weightier_outlet_that_mentions_it() {
    // points of relevance by article, as the places of the words give them
    let led_by = |relevance: [i64; 3]| {
        let points = |story: &Gathered| {
            let of = |c: &&Candidate| relevance[usize::try_from(c.article.id.0 - 1).expect("small")];
            let points = story.clippings.iter().map(of).max().unwrap_or(0);
            vec![Point { part: Part::Relevance, points, what: String::new(), spot: None, n: 0 }]
        };
        let told = vec![
            candidate(1, 10, outlet(1, 1), watch(1, 5)),
            candidate(2, 10, outlet(2, 2), watch(1, 5)),
            candidate(3, 10, outlet(3, 3), watch(1, 5)),
        ];
        let weigh = Weigh { points: &points, minimum: 0 };
        let (sections, _) = compose(&edition(&[&[1]], 9), &told, &nobody(), Latecomers::Leave, 8, TODAY, &weigh);
        sections[0].entries[0].article.0
    };
    assert_eq!(led_by([3, 38, 31]), 2, "and among equals the tier decides");
    assert_eq!(led_by([31, 38, 39]), 1, "a difference within a step is none");
    assert_eq!(led_by([3, 12, 25]), 3);
}
