//! An agency's feed takes back what it wrote before: a new item of the same story, under a title that says so.

use super::*;
use salastampa_domain::{Again, Outlet, OutletKind};

const CORRECTION: &str = "RETTIFICA: Frana sulla provinciale, la strada tra Bellariva e Olmeta resta aperta";

impl Office {
    /// Outlets 1 and 2 are agencies.
    async fn with_agencies() -> Self {
        let office = Self::new().await;
        let mut write = office.store.write().await.expect("a turn");
        for n in [1, 2] {
            let agency =
                Outlet { kind: OutletKind::Agency, ..outlet(&format!("testata-{n}"), &format!("Agenzia {n}")) };
            write.record_outlet(&agency).await.expect("an outlet");
        }
        write.commit().await.expect("kept");
        office
    }
}

#[tokio::test]
async fn a_correction_in_an_agencys_feed_does_not_wait_for_two_hours_and_is_no_other_outlets_word() {
    for (n, watch, title, mails) in [
        (1, 1, CORRECTION, 2),
        (1, 2, CORRECTION, 2),
        (3, 1, CORRECTION, 1),
        (1, 1, "Rettifica dei confini tra Bellariva e Olmeta", 1),
    ] {
        let office = Office::with_agencies().await;
        let story = office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
        office.run(at("06:00")).await;
        office.writes(n, watch, Some(story), (title, BODY), at("06:20")).await;
        office.run(at("06:20")).await;
        let told = office.mails().await;
        assert_eq!(told.len(), mails, "{n} {watch} {title}");
        if let Some(again) = told.get(1) {
            let words = office.text(again).await;
            assert!(words.contains("L'agenzia ha rettificato quello che ti avevamo segnalato."), "{words}");
            assert!(words.contains("resta aperta"), "{words}");
        }
    }
}

#[tokio::test]
async fn the_same_correction_by_a_second_agency_is_not_told_again() {
    let office = Office::with_agencies().await;
    let story = office.writes(1, 1, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:00")).await;
    let first = office.brings(1, 1, (CORRECTION, NEWS), at("06:20")).await;
    office.places(first, Some(story), at("06:20")).await;
    office.run(at("06:20")).await;
    let second = office.brings(2, 1, (CORRECTION, NEWS), at("06:25")).await;
    let mut write = office.store.write().await.expect("a turn");
    let copy_of = write.find_article(first).await.expect("rows").expect("there").copy_group;
    let placement = Placement { story: Some(story), copy_of, ..Placement::alone(second) };
    write.record_placement(&placement, at("06:25")).await.expect("placed");
    write.commit().await.expect("kept");
    office.run(at("06:25")).await;
    assert_eq!(office.mails().await.len(), 2);
    let told: Vec<Option<Again>> = office.alerts().await.iter().map(|a| a.again).collect();
    assert_eq!(told, [None, Some(Again::Correction)]);
}

#[tokio::test]
async fn what_waits_for_its_batch_is_told_as_it_was_corrected() {
    let office = Office::with_agencies().await;
    let story = office.writes(1, 2, None, (LANDSLIDE, BODY), at("06:00")).await;
    office.run(at("06:00")).await;
    office.writes(1, 2, Some(story), (CORRECTION, BODY), at("06:20")).await;
    for now in ["06:20", "10:00", "13:00"] {
        office.run(at(now)).await;
    }
    let mails = office.mails().await;
    assert_eq!(mails.len(), 1);
    let words = office.text(&mails[0]).await;
    assert!(words.contains("resta aperta") && !words.contains("chiusa la strada"), "{words}");
}
