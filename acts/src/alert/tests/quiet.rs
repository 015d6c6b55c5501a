//! Hours that have become quiet between the batch's raising and its leaving.

use super::*;

#[tokio::test]
async fn a_batch_that_comes_late_into_quiet_hours_waits_for_the_next() {
    for (now, next) in [("19:00", None), ("21:59", None), ("23:30", Some("2026-11-24 10:00"))] {
        let office = Office::new().await;
        let night = ("22:00".parse().expect("a time"), "07:00".parse().expect("a time"));
        let mut write = office.store.write().await.expect("a turn");
        let reader = write.find_reader(ReaderId(1)).await.expect("rows").expect("there");
        write.record_reader(&Reader { quiet: Some(night), ..reader }).await.expect("kept");
        write.commit().await.expect("kept");
        office.writes(1, 2, None, (LANDSLIDE, BODY), at("16:30")).await;
        office.run(at("16:30")).await;
        // the program stood still at seven
        office.run(at(now)).await;
        assert_eq!(office.mails().await.len(), usize::from(next.is_none()), "{now}");
        if let Some(next) = next {
            let morning = Timestamp::parse(next).expect("an instant");
            assert_eq!(office.alerts().await[0].due_at, Some(morning));
            office.run(morning).await;
            assert_eq!(office.mails().await.len(), 1, "nothing is lost");
        }
    }
}
