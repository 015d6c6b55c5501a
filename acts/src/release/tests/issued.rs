//! The hour of the first mail.

use super::*;

#[tokio::test]
async fn the_hour_of_the_first_mail_that_was_taken_over_is_noted_once() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.approved(&slug, at(1)).await;
    office.send(&slug, at(2)).await;
    let issued = async || {
        let mut rows = office.store.read().await.expect("rows");
        let release = rows.find_release(&slug).await.expect("read").expect("there");
        rows.issued_at(release.id).await.expect("read")
    };
    settle(&office.store, &office.house, at(3)).await.expect("settled");
    assert_eq!(issued().await, None, "no server has taken one over");
    office.accept("rita", at(4)).await;
    settle(&office.store, &office.house, at(5)).await.expect("settled");
    assert_eq!(issued().await, Some(at(4)));
    office.accept("lea", at(6)).await;
    office.accept("ugo", at(7)).await;
    settle(&office.store, &office.house, at(8)).await.expect("settled");
    assert_eq!((issued().await, office.release(&slug).await.state.name()), (Some(at(4)), "sent"));
}
