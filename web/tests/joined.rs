//! An issue that is out, of which a story became one with another since.

use crate::curation::{ISSUE, NOW, office, press, titles};
use crate::world::at;
use salastampa_domain::{Role, StoryId};

#[tokio::test]
async fn a_story_that_was_joined_after_the_issue_left_still_has_its_buttons() {
    let world = office(3).await;
    let seat = world.enter("elena", Role::Editor).await;
    press(&world, &seat, &[("fai", "scarta.1.0.2")]).await;
    press(&world, &seat, &[("fai", "pubblica")]).await;
    assert_eq!(titles(&world.see(&seat, ISSUE).await.body), ["2", "3"]);
    let mut write = world.site().store.write().await.expect("a turn");
    write.record_machine_merge(StoryId(1), StoryId(2), 500, at(NOW)).await.expect("joined");
    write.commit().await.expect("a commit");
    world.set("2026-11-22 20:30");
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("value=\"scarta.1.1."), "{page}");
    press(&world, &seat, &[("fai", "scarta.1.1.0")]).await;
    press(&world, &seat, &[("fai", "versione")]).await;
    let page = world.see(&seat, ISSUE).await.body;
    assert_eq!(titles(&page), ["3"], "{page}");
}
