//! Stories on their own: who joins whom, and what becomes one.

use super::*;
use crate::terms::terms;

const NOON: Timestamp = Timestamp(1_795_000_000_000);
/// Whose texts the stories are made of, and whose article comes.
const OTHER: OutletId = OutletId(1);
const OURS: OutletId = OutletId(2);

/// Stories 1, 2, … of one text each, and unrelated ones that make the background. The texts are a title long: what is
/// unsaid does not count.
fn stories(titles: &[&str]) -> Stories {
    told(Settings { blend: Blend { unsaid: 0.0, ..Settings::DATED.blend }, ..Settings::DATED }, titles)
}

fn told(settings: Settings, titles: &[&str]) -> Stories {
    let mut stories = Stories::new(settings);
    for n in 0..40 {
        let at = NOON.plus(-9 * DAY);
        stories.add(
            StoryId(1_000 + n),
            terms("Consiglio comunale", &format!("La giunta di Bellariva voce{n}")),
            OTHER,
            at,
        );
    }
    stories.renew(NOON);
    for (id, title) in (1..).zip(titles) {
        stories.add(StoryId(id), terms(title, ""), OTHER, NOON);
    }
    stories
}

fn nearest(stories: &Stories, title: &str, at: Timestamp) -> Option<(i64, bool)> {
    stories.nearest(&terms(title, ""), OURS, at).map(|n| (n.story.0, n.because.joins()))
}

#[test]
fn an_article_joins_the_story_that_it_is_most_alike() {
    let stories = stories(&["Frana sulla provinciale a Montefosco", "Incendio in cartiera a Montefosco"]);
    for (title, expected) in [
        ("Montefosco, la frana chiude la provinciale", Some((1, true))),
        ("Montefosco, incendio nella cartiera", Some((2, true))),
        ("Parte la stagione teatrale", None),
    ] {
        assert_eq!(nearest(&stories, title, NOON), expected, "{title}");
    }
}

#[test]
fn an_outlet_s_second_piece_joins_its_own_first_only_if_they_are_much_alike() {
    let first = "La passeggiata di Borgo Alto con le guide, sabato da piazza Granaio";
    let joins = |stories: &Stories, outlet, title: &str| {
        stories.nearest(&terms(title, ""), outlet, NOON).map(|n| n.because.joins())
    };
    let mut stories = told(Settings::DATED, &[first]);
    let loosely =
        "Borgo Alto, a scuola di educazione stradale coi vigili, i caschi, le biciclette e i birilli dei bambini";
    assert_eq!(joins(&stories, OURS, loosely), Some(true), "by another outlet it may be the same");
    assert_eq!(joins(&stories, OTHER, loosely), Some(false), "one outlet writes of one place twice");
    assert_eq!(joins(&stories, OTHER, "Borgo Alto, la passeggiata con le guide parte da piazza Granaio"), Some(true));
    assert!(stories.is_only_of(StoryId(1), OTHER));
    stories.add(StoryId(1), terms(first, ""), OURS, NOON);
    assert!(!stories.is_only_of(StoryId(1), OTHER), "told by two, it is an event that is written on");
}

#[test]
fn of_two_equal_stories_the_older_is_joined() {
    let stories = stories(&["Frana a Montefosco", "Frana a Montefosco"]);
    assert_eq!(nearest(&stories, "Frana a Montefosco", NOON), Some((1, true)));
}

#[test]
fn likeness_falls_with_the_days_and_a_story_closes() {
    let stories = stories(&["Frana a Montefosco"]);
    let after =
        |days: i64| stories.nearest(&terms("Frana a Montefosco", ""), OURS, NOON.plus(days * DAY)).map(|n| n.likeness);
    let (same, third, late) = (after(0), after(3), after(5));
    // two texts without numbers lack that part of the blend
    assert!(same.is_some_and(|l| l > 0.9));
    assert!(third < same && third > Some(0.0), "{third:?}");
    assert_eq!(late, None);
}

#[test]
fn a_weak_likeness_needs_a_rare_thing_in_common() {
    // alike in common words only
    let guarded = Settings { join: 0.001, guard: 0.99, ..Settings::DATED };
    let mut stories = stories(&[]);
    stories.settings = guarded;
    stories.add(StoryId(1), terms("Giunta", "Consiglio comunale di Bellariva"), OTHER, NOON);
    assert_eq!(nearest(&stories, "Consiglio comunale, la giunta a Bellariva", NOON), Some((1, false)));
    stories.add(StoryId(2), terms("Rotonda dei Tigli", "Consiglio comunale di Bellariva"), OTHER, NOON);
    assert_eq!(nearest(&stories, "Consiglio comunale, rotonda dei Tigli a Bellariva", NOON), Some((2, true)));
}

#[test]
fn two_stories_that_have_come_together_are_one_under_the_older_number() {
    let mut stories = stories(&["Frana a Montefosco, strada provinciale chiusa", "Teatro Lario, la stagione"]);
    for (id, title) in
        [(7, "Provinciale chiusa a Montefosco dopo la frana"), (7, "Montefosco, la frana sulla provinciale")]
    {
        stories.add(StoryId(id), terms(title, ""), OTHER, NOON);
    }
    let pair = |found: Vec<Merge>| found.iter().map(|m| (m.story.0, m.other.0)).collect::<Vec<_>>();
    assert_eq!(pair(stories.merges(NOON, |_, _| false)), [], "people keep them apart");
    assert_eq!(pair(stories.merges(NOON, |_, _| true)), [], "asked already");
    stories.add(StoryId(7), terms("Frana a Montefosco", ""), OTHER, NOON);
    assert_eq!(pair(stories.merges(NOON, |_, _| true)), [(1, 7)]);
    stories.merge(StoryId(1), StoryId(7));
    assert_eq!(nearest(&stories, "Provinciale, la frana a Montefosco", NOON), Some((1, true)));
    assert_eq!(pair(stories.merges(NOON, |_, _| true)), []);
}

#[test]
fn what_happened_elsewhere_is_another_story() {
    let stories = stories(&[
        "Asfalto nuovo in via Fornaci da lunedì, i cantieri del quartiere",
        "Il consiglio comunale di Montefosco approva il bilancio",
    ]);
    for (title, expected) in [
        ("Via Fornaci, asfalto nuovo da lunedì", Some((1, true))),
        ("Asfalto nuovo in via Mulini da lunedì, i cantieri del quartiere", Some((1, false))),
        ("Asfalto nuovo da lunedì, i cantieri del quartiere", Some((1, true))),
        ("Il consiglio comunale di Roccalta approva il bilancio", Some((2, false))),
        ("Il sindaco di Montefosco: il consiglio approva il bilancio", Some((2, true))),
    ] {
        assert_eq!(nearest(&stories, title, NOON), expected, "{title}");
    }
}

#[test]
fn the_less_is_said_the_less_alike_two_texts_are() {
    let mut likeness = Vec::new();
    for words in [0, 20, 80] {
        let text: String = (0..words).map(|n| format!("parola{n} ")).collect();
        let mut stories = told(Settings::DATED, &[]);
        stories.add(StoryId(1), terms("Frana a Montefosco", &text), OTHER, NOON);
        likeness.push(stories.nearest(&terms("Frana a Montefosco", &text), OURS, NOON).map_or(0.0, |n| n.likeness));
    }
    assert!(likeness.is_sorted() && likeness[0] < 0.2 && likeness[2] > 0.6, "{likeness:?}");
}

#[test]
fn a_followed_story_stays_open_longer() {
    let mut stories = stories(&["Frana a Montefosco"]);
    let late = NOON.plus(6 * DAY);
    assert_eq!(nearest(&stories, "Frana a Montefosco", late), None);
    stories.follow(StoryId(1));
    assert_eq!(nearest(&stories, "Frana a Montefosco", late), Some((1, true)));
    stories.renew(late);
    assert_eq!(nearest(&stories, "Frana a Montefosco", late), Some((1, true)));
}

#[test]
fn a_loose_story_draws_less_than_a_close_one() {
    let likeness = |second: &str| {
        let mut stories = stories(&["Frana a Montefosco"]);
        stories.add(StoryId(1), terms(second, ""), OTHER, NOON);
        stories.nearest(&terms("Frana a Montefosco", ""), OURS, NOON).map_or(0.0, |n| n.likeness)
    };
    let (close, loose) = (likeness("Montefosco, la frana"), likeness("Montefosco, la sagra delle castagne"));
    assert!(loose < close * 0.8, "{loose} {close}");
}

#[test]
fn a_story_without_its_first_text_is_as_if_that_had_never_been() {
    let texts: Vec<_> = ["Frana a Montefosco", "Strada chiusa a Montefosco", "Montefosco, riapre la strada"]
        .into_iter()
        .map(|title| terms(title, "Massi sulla provinciale"))
        .collect();
    let build = |from: usize| {
        let mut stories = Stories::new(Settings::DATED);
        for terms in &texts[from..] {
            stories.add(StoryId(7), terms.clone(), OTHER, NOON);
        }
        stories
    };
    let mut whole = build(0);
    whole.forget_oldest();
    assert_eq!(whole.nearest(&texts[0], OURS, NOON), build(1).nearest(&texts[0], OURS, NOON));
    whole.forget_oldest();
    whole.forget_oldest();
    assert_eq!(whole.nearest(&texts[0], OURS, NOON), None);
}
