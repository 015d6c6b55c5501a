//! What importance is made of.

use crate::world::*;
use salastampa_domain::*;

contract! {
    async fn the_grade_of_a_clipping_is_kept_with_it(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 1).await?;
        let mut write = home.store.write().await?;
        let one = write.record_watch(&watch("lungolago")).await?;
        let id = write.record_clipping(ids[0], one, at(5), &[], true).await?.expect("new");
        let pattern = Pattern {
            words: "è però".into(),
            kind: PatternKind::Phrase,
            title: 1,
            lead: 0,
            body: 3,
            weight: Some(-4),
            strong: true,
        };
        let mention = Mention { person: PersonId(2), name: "assessora Ferri".into(), spot: Spot::Lead };
        let grade = Grade { patterns: vec![pattern], people: vec![mention] };
        write.record_clipping_grade(id, &grade).await?;
        assert_eq!(write.find_clipping(id).await?.map(|c| c.grade), Some(grade));
    }

    async fn an_article_keeps_the_highest_place_that_its_address_had(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let articles = write.list_articles(&ids).await?;
        let (outlet, key) = (articles[0].outlet, articles[0].key.clone());
        // the address stands there before its article is kept, and goes down the page in the course of the day
        write.record_front(outlet, &["another".into(), key.clone()], at(1)).await?;
        write.record_front(outlet, &["third".into(), "another".into(), key], at(2)).await?;
        assert_eq!(write.list_front_places(&ids).await?, [(ids[0], 2)].into());
        assert_eq!(write.purge_front(at(2)).await?, 0);
        assert_eq!(write.purge_front(at(3)).await?, 3);
        assert!(write.list_front_places(&ids).await?.is_empty());
    }

    async fn each_change_of_the_weights_is_a_version(home: &Home) {
        let mut write = home.store.write().await?;
        assert_eq!(write.find_weights().await?, None);
        let weights = Weights { tier: 3, ..Weights::default() };
        assert_eq!(write.record_weights(&Weights::default(), &Actor::Console, at(1)).await?, 1);
        assert_eq!(write.record_weights(&weights, &Actor::Console, at(2)).await?, 2);
        let expected = SavedWeights { version: 2, at: at(2), by: Actor::Console, weights };
        assert_eq!(write.find_weights().await?, Some(expected));
    }

    async fn what_decisions_taught_is_replaced_and_forgotten(home: &Home) {
        let mut write = home.store.write().await?;
        let watch = write.record_watch(&watch("lungolago")).await?;
        let model = WatchModel {
            watch, kept: 31, dropped: 40, declined: 0, bias: -120, traits: vec![(7, 900)], words: vec![("però".into(), 900)],
        };
        write.replace_watch_model(watch, Some(&WatchModel { kept: 30, ..model.clone() })).await?;
        write.replace_watch_model(watch, Some(&model)).await?;
        assert_eq!(write.list_watch_models().await?, [model]);
        write.replace_watch_model(watch, None).await?;
        assert!(write.list_watch_models().await?.is_empty());
    }

    async fn every_line_that_somebody_touched_is_listed(home: &Home) {
        let (_, _, ids) = press_with(&home.store, 2).await?;
        let mut write = home.store.write().await?;
        let edition = write.record_edition(&edition("mattino", &["Città"])).await?;
        let key = IssueKey { edition, slot: Slot::parse("2027-01-16T07:00:00").expect("a slot") };
        let mut hands = Vec::new();
        for id in ids {
            let place = Placement::alone(id);
            let (_, story) = write.record_placement(&place, at(9)).await?.expect("an article");
            let hand = Hand { version: 1, ..Hand::new(story, at(10)) };
            write.replace_hand(key, story, Some(&hand)).await?;
            hands.push((key, hand));
        }
        assert_eq!(write.list_hands().await?, hands);
    }

    async fn the_numbers_of_an_issue_stand_as_they_were_when_it_left(home: &Home) {
        let mut write = home.store.write().await?;
        let edition = write.record_edition(&edition("mattino", &["Città"])).await?;
        let slot = Slot::parse("2027-01-16T07:00:00").expect("a slot");
        let work = IssueWork {
            edition, slot, at: at(7), active_ms: 290_000, acts: 24, alive: 15, total: 16, kept: 18, dropped: 5, added: 2,
            first: 10, first_kept: 9,
        };
        write.record_issue_work(&work).await?;
        write.record_issue_work(&IssueWork { active_ms: 1, ..work.clone() }).await?;
        assert_eq!(write.list_issue_work(Period::ALWAYS).await?, [work]);
        assert!(write.list_issue_work(Period { from: at(8), to: at(9) }).await?.is_empty());
    }
}
