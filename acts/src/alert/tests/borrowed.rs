//! The line at the gate is the office's own.

use super::*;

#[tokio::test]
async fn a_line_with_an_articles_own_words_is_refused_at_the_gate_and_the_story_goes_on_waiting() {
    let words = |name: &str| (0..33).map(|n| format!("{name}{n}")).collect::<Vec<_>>().join(" ");
    for (line, taken) in [(words("x"), true), (words("y"), true), (words("z"), false)] {
        let office = Office::new().await;
        let story = office.writes(1, 3, None, (LANDSLIDE, &words("x")), at("06:00")).await;
        // another outlet of the same story
        office.writes(2, 1, Some(story), (LANDSLIDE, &words("y")), at("06:00")).await;
        let (pia, now) = ("lia", at("06:00"));
        let unplaced = now.plus(-PLACED_WITHIN);
        raise(&office.store, &office.house, 50, unplaced, now).await.expect("raised");
        let decision = Decision::Note { line: line.clone(), seen: String::new() };
        let done = decide(&office.store, pia, Lang::It, story, &decision, now).await;
        assert_eq!(done.is_err(), taken, "{line}");
        let notes: Vec<String> = office.alerts().await.into_iter().map(|a| a.note).collect();
        assert_eq!(notes.contains(&line), !taken, "{notes:?}");
    }
}
