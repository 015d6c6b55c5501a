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
        rows.list_issued(release.id).await.expect("read").into_iter().map(|(_, at)| at).collect::<Vec<_>>()
    };
    settle(&office.store, &office.house, at(3)).await.expect("settled");
    assert_eq!(issued().await, [], "no server has taken one over");
    office.accept("rita", at(4)).await;
    settle(&office.store, &office.house, at(5)).await.expect("settled");
    assert_eq!(issued().await, [at(4)]);
    office.accept("lea", at(6)).await;
    office.accept("ugo", at(7)).await;
    settle(&office.store, &office.house, at(8)).await.expect("settled");
    assert_eq!((issued().await, office.release(&slug).await.state.name()), (vec![at(4)], "sent"));
    // a correction has an hour of its own
    office.edit(&slug, "Riapre il ponte, ma martedì", "elena", at(10)).await.expect("saved");
    office.approved(&slug, at(11)).await;
    office.send(&slug, at(12)).await;
    settle(&office.store, &office.house, at(13)).await.expect("settled");
    assert_eq!(issued().await, [at(4)], "no server has taken the second text over");
    office.accept("rita", at(14)).await;
    settle(&office.store, &office.house, at(15)).await.expect("settled");
    assert_eq!(issued().await, [at(4), at(14)]);
}
