//! Who is kept out of a release that waits already: by the end of a licence, and by their own choice.

use super::*;
use crate::contacts::own;
use crate::token;

impl Office {
    async fn lapses(&self, name: &str, last: &str) {
        let mut write = self.store.write().await.expect("a turn");
        let contact = write.find_contact_by_address(&address(&format!("{name}@riva.test"))).await.expect("rows");
        let contact = Contact { expires: Some(last.parse().expect("a day")), ..contact.expect("there") };
        write.replace_contact(&contact).await.expect("written");
        write.commit().await.expect("kept");
    }

    async fn why_not(&self, slug: &str) -> Vec<String> {
        let id = self.release(slug).await.id;
        let rows = self.store.read().await.expect("rows").list_deliveries(DeliveryKind::Release, id.0).await;
        let line = |d: &Delivery| Some(format!("{} {}", d.address.as_str(), d.reason.as_deref()?));
        rows.expect("rows").iter().filter(|d| d.state == DeliveryState::Suppressed).filter_map(line).collect()
    }
}

#[tokio::test]
async fn an_address_whose_licence_has_ended_gets_nothing_from_the_next_day_on() {
    let office = office().await;
    let slug = office.begun("Riapre il ponte", "").await;
    office.lapses("lea", "2027-01-14").await;
    office.lapses("ugo", "2027-01-15").await;
    office.approved(&slug, at(1)).await;
    let shown = office.who(&slug, at(2)).await;
    let line = |a: &Addressee| (a.name.clone(), a.suppressed.clone());
    let lapsed = Some("lapsed".to_owned());
    let expected = [("LEA".into(), lapsed), ("RITA".into(), None), ("UGO".into(), None)];
    assert_eq!(shown.iter().map(line).collect::<Vec<_>>(), expected, "said before it leaves");
    office.send(&slug, at(2)).await;
    assert_eq!(office.why_not(&slug).await, ["lea@riva.test lapsed"]);

    // ugo's message waits over midnight: a server has put it off
    let late = at(2).plus(salastampa_domain::time::DAY);
    let mut write = office.store.write().await.expect("a turn");
    let claim = Claim::of("w", late, late.plus(9), 9);
    let (taken, left_out) = crate::outbox::take(&mut write, &office.house, &claim, false).await.expect("taken");
    write.commit().await.expect("kept");
    assert_eq!((taken.len(), left_out), (1, 1));
    assert_eq!(office.why_not(&slug).await, ["lea@riva.test lapsed", "ugo@riva.test lapsed"]);
}

#[tokio::test]
async fn who_leaves_the_only_list_of_a_release_does_not_get_the_one_that_waits() {
    let office = office().await;
    let first = office.begun("Riapre il ponte", "").await;
    office.approved(&first, at(1)).await;
    office.send(&first, at(2)).await;
    for name in ["rita", "lea", "ugo"] {
        office.accept(name, at(3)).await;
    }
    settle(&office.store, &office.house, at(3)).await.expect("settled");
    office.edit(&first, "Riapre il ponte, ma martedì", "elena", at(4)).await.expect("saved");
    office.approved(&first, at(5)).await;
    schedule(&office.store, &office.house, &first, at(60), None, "carlo", at(6)).await.expect("scheduled");
    let second = office.begun("Riapre la strada", "").await;
    office.approved(&second, at(5)).await;
    schedule(&office.store, &office.house, &second, at(60), None, "carlo", at(6)).await.expect("scheduled");

    let rows = office.store.read().await.expect("rows").list_deliveries(DeliveryKind::Release, 1).await.expect("rows");
    let had = rows.iter().find(|d| d.address == address("lea@riva.test")).expect("hers").id;
    let link = token::sign(&office.house.key, &Token::unsubscribe(had));
    own::choose_lists(&office.store, &office.house.key, &link, &[], at(7)).await.expect("chosen");
    assert_eq!(office.why_not(&second).await, ["lea@riva.test left-lists"]);
    assert!(office.why_not(&first).await.is_empty(), "the correction of what she has goes to her");
}
