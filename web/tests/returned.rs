//! *Posta tornata*: what came back is read, put to somebody or aside, and an address that rejects mail is decided about.

use crate::world::{World, at};
use axum::http::StatusCode;
use salastampa_acts::receive;
use salastampa_domain::{
    Address, Basis, Contact, ContactId, DeliveryId, DeliveryKind, InboundKind, Incoming, Medium, NewDelivery, Role,
    Subject,
};

const NOW: &str = "2026-11-25 06:45";
const NASTY: &str = "</pre><script>alert('x')</script>";

async fn contact(world: &World) -> ContactId {
    let contact = Contact {
        id: ContactId(0),
        name: "Nina Valli".into(),
        address: Address::parse("nina@riva.test").expect("an address"),
        outlet: "La Riva".into(),
        medium: Medium::Web,
        beats: Vec::new(),
        territory: String::new(),
        language: "it".into(),
        accepts_embargo: false,
        basis: Basis::PublicTask,
        origin: "sito".into(),
        notice_at: None,
        expires: None,
        phones: Vec::new(),
        quiet: None,
        opted_out_at: None,
        added_at: None,
        changed_at: None,
        confirmed_at: None,
        others: Vec::new(),
        role: String::new(),
        posts: Vec::new(),
        notes: String::new(),
    };
    let mut write = world.site().store.write().await.expect("a turn");
    let id = write.record_contact(&contact).await.expect("a contact");
    let rows: Vec<NewDelivery> = (1..=3)
        .map(|thing| NewDelivery {
            subject: Subject { kind: DeliveryKind::Release, thing, version: 1, round: 0 },
            address: contact.address.clone(),
            contact: Some(id),
            reader: None,
            letter: "ab".repeat(32),
            due_at: at(NOW),
            expires_at: None,
            in_reply_to: None,
            suppressed: None,
        })
        .collect();
    let house = &world.site().house;
    write.record_deliveries(&rows, at(NOW), |id, subject| house.message_id(id, subject)).await.expect("rows");
    write.commit().await.expect("kept");
    id
}

/// A mail comes back: about a delivery, or about nobody knows what.
pub(crate) async fn came(world: &World, now: &str, kind: InboundKind, delivery: Option<i64>, subject: &str) {
    let site = world.site();
    let token = delivery.map(|id| site.house.return_token(DeliveryId(id)));
    let incoming = Incoming {
        kind,
        came_to: token.into_iter().map(|token| format!("b+{token}@bellariva.test")).collect(),
        envelopes: Vec::new(),
        about: Vec::new(),
        message_id: None,
        reports: Vec::new(),
        from: Address::parse("nina@riva.test").ok(),
        from_name: String::new(),
        subject: subject.into(),
        text: format!("Prima riga.\n{NASTY}"),
        automatic: true,
    };
    let bytes = format!("Subject: {subject}\r\nDate: {now}\r\n\r\n{NASTY}");
    receive::book(&site.store, &site.house, &incoming, bytes.as_bytes(), 10, at(now)).await.expect("booked");
}

#[tokio::test]
async fn what_nobody_knows_whose_it_is_is_read_and_put_in_its_place() {
    let world = World::new(NOW).await;
    let nina = contact(&world).await;
    came(&world, NOW, InboundKind::Unknown, None, NASTY).await;
    came(&world, NOW, InboundKind::Reply, None, "Seconda").await;
    let seat = world.enter("elio", Role::Editor).await;
    assert!(world.see(&seat, "/desk/oggi").await.body.contains("Guarda 2 messaggi tornati e non abbinati"));
    let list = world.see(&seat, "/desk/posta-tornata").await;
    assert!(list.body.contains("non riconosciuto") && list.body.contains("Seconda"), "{}", list.body);
    assert!(!list.body.contains("<script>alert"), "{}", list.body);
    let page = world.see(&seat, "/desk/posta-tornata/1").await;
    assert!(page.body.contains("Prima riga.") && !page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.body.contains("value=\"nina@riva.test\""), "the sender is known: nobody types it");
    let raw = world.see(&seat, "/desk/posta-tornata/1/messaggio.eml").await;
    assert_eq!(raw.header("content-disposition"), Some("attachment; filename=\"posta-tornata-1.eml\""));
    assert_eq!(raw.header("content-type"), Some("application/octet-stream"));
    assert!(raw.body.contains("<script>"), "as it came, and no browser shows it");

    let path = "/desk/posta-tornata/1/decidi";
    let wrong = world.send(&seat, path, &[("fai", "assegna"), ("indirizzo", "chi@sa.test")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Nessun giornalista ha questo indirizzo") && wrong.body.contains("chi@sa.test"));
    let done = world.send(&seat, path, &[("fai", "assegna"), ("indirizzo", "Nina@Riva.test")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = world.see(&seat, "/desk/posta-tornata/1").await;
    assert!(page.body.contains("Lo ha assegnato una persona") && page.body.contains("Nina Valli"), "{}", page.body);
    let person = world.see(&seat, &format!("/desk/giornalisti/{nina}")).await;
    assert!(person.body.contains("/desk/posta-tornata/1\"") && !person.body.contains("Punti:"), "{}", person.body);

    let aside = world.send(&seat, "/desk/posta-tornata/2/decidi", &[("fai", "parte")]).await;
    assert_eq!(aside.status, StatusCode::SEE_OTHER, "{}", aside.body);
    assert!(world.see(&seat, "/desk/posta-tornata").await.body.contains("Niente da abbinare"));
    assert!(world.see(&seat, "/desk/posta-tornata?vista=tutta").await.body.contains("messo da parte"));
    assert!(!world.see(&seat, "/desk/oggi").await.body.contains("non abbinati"));
    let back = world.send(&seat, "/desk/posta-tornata/2/decidi", &[("fai", "riprendi")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert!(world.see(&seat, "/desk/posta-tornata").await.body.contains("Seconda"));
    for path in ["/desk/posta-tornata/9", "/desk/posta-tornata/x", "/desk/posta-tornata/9/messaggio.eml"] {
        assert_eq!(world.see(&seat, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_address_that_rejects_mail_is_told_and_a_person_decides() {
    let world = World::new(NOW).await;
    let nina = contact(&world).await;
    for (n, day) in [(1, "2026-11-22 09:00"), (2, "2026-11-23 09:00"), (3, "2026-11-24 09:00")] {
        came(&world, day, InboundKind::HardBounce, Some(n), "Undelivered").await;
    }
    let seat = world.enter("elio", Role::Editor).await;
    assert!(world.see(&seat, "/desk/oggi").await.body.contains("Decidi di 1 indirizzo che respinge la posta"));
    let list = world.see(&seat, "/desk/posta-tornata").await;
    assert!(list.body.contains(&format!("/desk/giornalisti/{nina}#posta")), "{}", list.body);
    let path = format!("/desk/giornalisti/{nina}");
    let page = world.see(&seat, &path).await;
    assert!(page.body.contains("Indirizzo sospeso") && page.body.contains("Punti: 3,0 su 3"), "{}", page.body);
    assert!(!page.body.contains("non vuole più posta"), "nobody said that");
    let sent = world.see(&seat, "/desk/invii").await;
    assert!(sent.body.contains("Dopo l&#39;invio: respinto per sempre") || sent.body.contains("respinto per sempre"));
    assert!(world.see(&seat, "/desk/invii/1").await.body.contains("/desk/posta-tornata/1\""));

    let decide = format!("{path}/indirizzo");
    assert_eq!(world.send(&seat, &decide, &[("fai", "conferma")]).await.status, StatusCode::SEE_OTHER);
    assert!(!world.see(&seat, "/desk/oggi").await.body.contains("respinge la posta"), "nobody is asked again");
    assert!(world.see(&seat, &path).await.body.contains("Una persona ha confermato"));
    assert_eq!(world.send(&seat, &decide, &[("fai", "riattiva")]).await.status, StatusCode::SEE_OTHER);
    let page = world.see(&seat, &path).await;
    assert!(!page.body.contains("Indirizzo sospeso") && !page.body.contains("Punti:"), "{}", page.body);
}

/// A review to the mayor, by number, at her address of now.
async fn review_to_the_mayor(world: &World, thing: i64) -> DeliveryId {
    let mut write = world.site().store.write().await.expect("a turn");
    let ada = write.find_reader_by_slug("ada-corti").await.expect("rows").expect("a reader");
    let row = NewDelivery {
        subject: Subject { kind: DeliveryKind::Review, thing, version: 1, round: 0 },
        address: ada.address.clone(),
        contact: None,
        reader: Some(ada.id),
        letter: "ab".repeat(32),
        due_at: at(NOW),
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    };
    let house = &world.site().house;
    write.record_deliveries(&[row], at(NOW), |id, subject| house.message_id(id, subject)).await.expect("rows");
    let kept = write.list_deliveries(DeliveryKind::Review, thing).await.expect("rows");
    write.commit().await.expect("kept");
    kept[0].id
}

#[tokio::test]
async fn the_office_learns_that_the_mayor_gets_nothing_until_it_is_settled() {
    let world = World::new(NOW).await;
    let seat = world.enter("elio", Role::Editor).await;
    let mayor =
        |address| [("name", "Ada Corti"), ("address", address), ("language", "it"), ("reviews", "1"), ("alerts", "1")];
    world.send(&seat, "/desk/destinatari/nuovo", &mayor("sindaca@bellariva.test")).await;
    let first = review_to_the_mayor(&world, 1).await;
    let warns = async |world: &World| {
        let today = world.see(&seat, "/desk/oggi").await.body.contains("La posta per Ada Corti torna indietro");
        let list = world.see(&seat, "/desk/destinatari").await.body;
        assert_eq!(today, list.contains("posta tornata"), "both pages say it, or none: {list}");
        today
    };
    assert!(!warns(&world).await);
    came(&world, "2026-11-25 06:40", InboundKind::Delayed, Some(first.0), "still trying").await;
    assert!(!warns(&world).await, "it is still tried");
    came(&world, "2026-11-25 06:41", InboundKind::HardBounce, Some(first.0), "no such user").await;
    assert!(warns(&world).await, "the first that comes back is told");
    let page = world.see(&seat, "/desk/destinatari/ada-corti").await.body;
    for part in [
        "respinto per sempre",
        "sindaca@bellariva.test",
        "Chiedi alla persona l&#39;indirizzo giusto",
        "/desk/invii/1",
        "È a posto",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let viewer = world.enter("vera", Role::Viewer).await;
    assert!(!world.see(&viewer, "/desk/oggi").await.body.contains("Ada Corti"));
    world.send(&viewer, "/desk/destinatari/ada-corti/a-posto", &[]).await;
    assert!(warns(&world).await, "who may not keep readers settles nothing");

    let done = world.send(&seat, "/desk/destinatari/ada-corti/a-posto", &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(!warns(&world).await);
    // what comes back later is told again, also where it is refused by policy
    world.set("2026-11-25 07:05");
    let second = review_to_the_mayor(&world, 2).await;
    came(&world, "2026-11-25 07:04", InboundKind::Refused, Some(second.0), "policy").await;
    assert!(warns(&world).await);
    let page = world.see(&seat, "/desk/destinatari/ada-corti").await.body;
    assert!(page.contains("riguarda noi"), "{page}");
    // of another address it says nothing
    let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark");
    let mut moved = mayor("ada@bellariva.test").to_vec();
    moved.push(("seen", seen));
    world.send(&seat, "/desk/destinatari/ada-corti", &moved).await;
    assert!(!warns(&world).await);
}
