//! What a person decided stays decided, whatever the machine finds afterwards.

use super::tests::{BY_RULE, TODAY, at, candidate, edition, nobody, outlet, watch};
use super::*;
use salastampa_domain::{Relevance, SectionId, UserId};

const PIA: UserId = UserId(3);

fn kept(story: i64, section: i64, place: i64) -> Hand {
    Hand {
        state: ClippingState::Kept { by: PIA },
        section: Some(SectionId(section)),
        place: Some(place),
        ..Hand::new(StoryId(story), at(23, 6))
    }
}

fn dropped(story: i64, seen: i64) -> Hand {
    let state = ClippingState::Dropped { by: PIA };
    Hand { state, seen: ArticleId(seen), ..Hand::new(StoryId(story), at(23, 6)) }
}

fn begun(hands: Vec<Hand>) -> Arrangement {
    let hands = hands.into_iter().map(|h| (h.story, h)).collect();
    Arrangement { begun_at: Some(at(23, 6)), hands, ..nobody() }
}

/// Article and story `n`, of watch `watch`.
fn of(n: i64, w: i64) -> Candidate {
    candidate(n, n, outlet(n, 2), watch(w, 5))
}

fn titles(edition: &Edition, candidates: &[Candidate], arrangement: &Arrangement, late: Latecomers) -> Vec<String> {
    let (sections, _) = compose(edition, candidates, arrangement, late, 8, TODAY, &BY_RULE);
    let title = |s: &ReviewSection| {
        let articles: Vec<String> = s.entries.iter().map(|e| e.article.to_string()).collect();
        articles.join(" ")
    };
    sections.iter().map(title).collect()
}

#[test]
fn manual_order_wins_and_new_articles_do_not_move_it() {
    let edition = edition(&[&[1], &[2]], 9);
    let arrangement = begun(vec![kept(3, 1, 1), kept(1, 1, 2), kept(4, 1, 3)]);
    let mut rows = vec![of(1, 1), of(2, 1), of(3, 1), of(4, 2)];
    assert_eq!(titles(&edition, &rows, &arrangement, Latecomers::Wait), ["3 1 4 2", ""]);
    // nine outlets more make the second story the weightiest of all: what a person placed stays before it
    for n in 0..9 {
        rows.push(candidate(50 + n, 2, outlet(60 + n, 1), watch(1, 5)));
    }
    assert_eq!(
        titles(&edition, &rows, &arrangement, Latecomers::Wait)[0].split(' ').take(3).collect::<Vec<_>>(),
        ["3", "1", "4"]
    );
}

#[test]
fn what_was_dropped_comes_back_only_with_news_and_then_to_the_tray() {
    let edition = edition(&[&[1]], 9);
    let arrangement = begun(vec![dropped(1, 1)]);
    let copy = Candidate { is_copy: true, ..candidate(7, 1, outlet(9, 2), watch(1, 5)) };
    let mut rows = vec![of(1, 1), copy];
    assert_eq!(titles(&edition, &rows, &arrangement, Latecomers::Leave), [""]);
    rows.push(candidate(8, 1, outlet(4, 2), watch(1, 5)));
    let lines = lay(&edition, &rows, &[], &arrangement, 8, TODAY, &BY_RULE);
    assert!(lines[0].returned);
    assert_eq!(lines[0].standing, Standing::Late);
    assert_eq!(titles(&edition, &rows, &arrangement, Latecomers::Wait), [""]);
    assert_ne!(titles(&edition, &rows, &arrangement, Latecomers::Leave), [""]);
}

#[test]
fn what_arrives_after_the_first_decision_waits_apart() {
    let edition = edition(&[&[1]], 9);
    let mut late = of(2, 1);
    (late.clipping.matched_at, late.article.published_at) = (at(23, 6).plus(1), Some(at(23, 5)));
    let rows = vec![of(1, 1), late];
    let arrangement = begun(vec![]);
    assert_eq!(titles(&edition, &rows, &arrangement, Latecomers::Wait), ["1"]);
    assert_eq!(
        titles(&edition, &rows, &arrangement, Latecomers::Leave),
        ["1 2"],
        "behind the rest, if nobody confirms"
    );
    assert_eq!(titles(&edition, &rows, &begun(vec![kept(2, 1, 1)]), Latecomers::Wait), ["2 1"]);
}

#[test]
fn the_cap_cuts_off_proposals_and_never_a_decision() {
    let edition = edition(&[&[1]], 2);
    let rows: Vec<Candidate> = (1..=5).map(|n| of(n, 1)).collect();
    let arrangement = begun(vec![kept(5, 1, 1), kept(4, 1, 2), kept(3, 1, 3)]);
    assert_eq!(titles(&edition, &rows, &arrangement, Latecomers::Leave), ["5 4 3"]);
    let lines = lay(&edition, &rows, &[], &arrangement, 8, TODAY, &BY_RULE);
    assert_eq!(lines.iter().filter(|l| l.standing == Standing::Over).count(), 2);
}

#[test]
fn the_officers_words_stand_in_place_of_the_extract_unless_they_are_the_articles() {
    let edition = edition(&[&[1]], 9);
    let mut row = of(1, 1);
    let words: String = (0..60).map(|n| format!("parola{n} ")).collect();
    row.body = ForeignText::new(words.as_str());
    let with = |summary: &str| {
        let hand = Hand { summary: summary.into(), note: "Vedi ieri.".into(), ..kept(1, 1, 1) };
        let hand = Hand { relevance: Some(Relevance::Main), ..hand };
        let rows = [row.clone()];
        lay(&edition, &rows, &[], &begun(vec![hand]), 8, TODAY, &BY_RULE).remove(0)
    };
    let own = with("Il lungolago riapre.");
    assert_eq!((own.entry.summary.as_str(), own.entry.extract.as_str()), ("Il lungolago riapre.", ""));
    assert_eq!(
        (own.entry.note.as_str(), own.entry.relevance, own.borrowed),
        ("Vedi ieri.", Some(Relevance::Main), false)
    );
    let taken = with(words.trim());
    assert!(taken.borrowed && taken.entry.summary.is_empty());
    assert!(taken.entry.extract.as_str().split_whitespace().count() <= 31, "{}", taken.entry.extract);
}

#[test]
fn a_person_chooses_the_article_that_stands_for_a_story() {
    let edition = edition(&[&[1]], 9);
    let rows = [candidate(1, 5, outlet(1, 1), watch(1, 5)), candidate(2, 5, outlet(2, 3), watch(1, 5))];
    let lead = |hand: Hand| lay(&edition, &rows, &[], &begun(vec![hand]), 8, TODAY, &BY_RULE)[0].entry.article;
    assert_eq!(lead(kept(5, 1, 1)), ArticleId(1));
    assert_eq!(lead(Hand { lead: Some(ArticleId(2)), ..kept(5, 1, 1) }), ArticleId(2));
    assert_eq!(
        lead(Hand { lead: Some(ArticleId(9)), ..kept(5, 1, 1) }),
        ArticleId(1),
        "one that is gone leads nothing"
    );
}

#[test]
fn what_was_brought_is_there_however_old_and_whatever_watch_it_has() {
    let edition = edition(&[&[1], &[2]], 9);
    let mut old = of(1, 7);
    old.article.published_at = Some(at(2, 5));
    assert_eq!(titles(&edition, &[old.clone()], &nobody(), Latecomers::Leave), ["", ""]);
    let brought = Hand { brought: true, ..Hand::new(StoryId(1), at(23, 6)) };
    assert_eq!(titles(&edition, &[old.clone()], &begun(vec![brought.clone()]), Latecomers::Wait), ["1", ""]);
    let second = Hand { section: Some(SectionId(2)), ..brought };
    assert_eq!(titles(&edition, &[old], &begun(vec![second]), Latecomers::Wait), ["", "1"]);
}
