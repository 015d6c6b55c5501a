//! What comes back counts, is forgiven with time, and leaves the last word to a person.

use super::*;
use crate::contacts::{self, ContactForm};
use crate::desk::AtDesk;
use crate::desk::small::{Office, address};
use crate::{Denied, Error, leave, token};
use salastampa_domain::time::DAY;
use salastampa_domain::{
    Basis, Contact, ContactId, DeliveryId, DeliveryKind, Medium, NewDelivery, Report, Subject, Suppression,
};
use salastampa_locale::Lang;

const RITA: &str = "rita@riva.test";
/// Noon of an Italian day.
const NOON: Timestamp = Timestamp(1_796_036_400_000);

/// A mail as the reader gives it.
fn incoming(kind: InboundKind) -> Incoming {
    Incoming {
        kind,
        came_to: Vec::new(),
        envelopes: Vec::new(),
        about: Vec::new(),
        message_id: None,
        reports: Vec::new(),
        from: Some(address("postmaster@riva.test")),
        from_name: String::new(),
        subject: "Tornata".into(),
        text: "Testo.".into(),
        automatic: true,
    }
}

struct Small {
    office: Office,
    rita: ContactId,
    things: i64,
    /// When each next thing happens.
    now: Timestamp,
}

impl Small {
    async fn new() -> Self {
        let office = Office::new().await;
        let contact = Contact {
            id: ContactId(0),
            name: "Rita Melzi".into(),
            address: address(RITA),
            outlet: "La Riva".into(),
            medium: Medium::Print,
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
        let mut write = office.store.write().await.expect("a turn");
        let rita = write.record_contact(&contact).await.expect("a contact");
        write.commit().await.expect("kept");
        Self { office, rita, things: 0, now: NOON }
    }

    fn desk(&self) -> AtDesk<'_> {
        AtDesk { now: self.now, lang: Lang::It, ..self.office.desk("lia") }
    }

    /// A message to her, of another release each time.
    async fn deliver(&mut self) -> DeliveryId {
        self.things += 1;
        let row = NewDelivery {
            subject: Subject { kind: DeliveryKind::Release, thing: self.things, version: 1, round: 0 },
            address: address(RITA),
            contact: Some(self.rita),
            reader: None,
            letter: "ab".repeat(32),
            due_at: self.now,
            expires_at: None,
            in_reply_to: None,
            suppressed: None,
        };
        let mut write = self.office.store.write().await.expect("a turn");
        queue(&mut write, &self.office.house, &[row], self.now).await.expect("queued");
        let rows = write.list_deliveries(DeliveryKind::Release, self.things).await.expect("rows");
        write.commit().await.expect("kept");
        rows[0].id
    }

    /// Books a mail about a delivery.
    async fn book(&self, kind: InboundKind, id: DeliveryId) -> Booked {
        let text = token::sign_return(&self.office.house.key, TokenPurpose::Bounce, id);
        let mail = Incoming { came_to: vec![format!("b+{text}@bellariva.test")], ..incoming(kind) };
        self.book_mail(&mail).await
    }

    async fn book_mail(&self, mail: &Incoming) -> Booked {
        let bytes = format!("{mail:?} {}", self.now.0);
        book(&self.office.store, &self.office.house, mail, bytes.as_bytes(), 9, self.now).await.expect("booked")
    }

    /// A message that comes back so many days later.
    async fn bounces(&mut self, days: i64, kind: InboundKind) -> Booked {
        self.now = self.now.plus(days * DAY);
        let id = self.deliver().await;
        self.book(kind, id).await
    }

    async fn closed(&self) -> Option<Suppression> {
        let mut rows = self.office.store.read().await.expect("rows");
        contacts::suppressed(&mut rows, &self.office.house, &address(RITA)).await.expect("asked")
    }

    async fn score(&self) -> i64 {
        let mut rows = self.office.store.read().await.expect("rows");
        standing(&mut rows, &address(RITA), self.now).await.expect("asked").score
    }
}

#[tokio::test]
async fn three_days_of_hard_bounces_suspend_and_two_of_one_day_are_one() {
    let mut small = Small::new().await;
    assert!(!small.bounces(0, InboundKind::HardBounce).await.suspended);
    assert!(!small.bounces(0, InboundKind::HardBounce).await.suspended);
    assert_eq!(small.score().await, 1_000);
    assert!(!small.bounces(1, InboundKind::HardBounce).await.suspended);
    for kind in [InboundKind::Refused, InboundKind::Delayed, InboundKind::AutoReply, InboundKind::Delivered] {
        assert!(!small.bounces(1, kind).await.suspended);
    }
    assert_eq!((small.score().await, small.closed().await), (2_000, None));
    // what waits for her goes with it
    let waiting = small.deliver().await;
    assert!(small.bounces(1, InboundKind::HardBounce).await.suspended);
    assert_eq!(small.closed().await.map(|s| s.why), Some(BOUNCED.to_owned()));
    let mut rows = small.office.store.read().await.expect("rows");
    let stopped = rows.find_delivery(waiting).await.expect("rows").expect("there");
    assert_eq!((stopped.state.name(), stopped.reason.as_deref()), ("suppressed", Some(BOUNCED)));
    drop(rows);
    assert!(!small.bounces(1, InboundKind::HardBounce).await.suspended, "once is enough");
}

#[tokio::test]
async fn what_is_long_ago_counts_half_and_half_again() {
    let mut small = Small::new().await;
    small.bounces(0, InboundKind::HardBounce).await;
    small.bounces(1, InboundKind::HardBounce).await;
    assert!(!small.bounces(31, InboundKind::HardBounce).await.suspended);
    assert_eq!(small.score().await, 2_000);
    small.now = small.now.plus(30 * DAY);
    assert_eq!(small.score().await, 1_000);
    small.now = small.now.plus(400 * DAY);
    assert_eq!(small.score().await, 0);
}

#[tokio::test]
async fn a_person_frees_an_address_or_agrees_and_an_import_does_not_make_it_leave() {
    let mut small = Small::new().await;
    for _ in 0..3 {
        small.bounces(1, InboundKind::HardBounce).await;
    }
    let refused = confirm(small.office.desk("ivo"), small.rita).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Role { .. }))), "{refused:?}");
    confirm(small.desk(), small.rita).await.expect("agreed");
    confirm(small.desk(), small.rita).await.expect("twice is once");
    // changing the record is not her leaving
    let mut rows = small.office.store.read().await.expect("rows");
    let rita = rows.find_contact(small.rita).await.expect("rows").expect("there");
    drop(rows);
    let form = ContactForm { territory: "Montalto".into(), ..ContactForm::of(&rita, &[]) };
    contacts::edit(small.desk(), small.rita, &contacts::mark_of(&rita, &[]), &form).await.expect("changed");
    free(small.desk(), small.rita).await.expect("freed");
    assert!(free(small.desk(), small.rita).await.is_err(), "nothing is left to decide");
    assert_eq!((small.closed().await, small.score().await), (None, 0));
    let mut rows = small.office.store.read().await.expect("rows");
    assert_eq!(rows.find_contact(small.rita).await.expect("rows").expect("there").opted_out_at, None);
    drop(rows);
    // it begins anew
    assert!(!small.bounces(1, InboundKind::HardBounce).await.suspended);
    assert_eq!(small.score().await, 1_000);
    let log = small.office.log().await;
    let decided: Vec<&str> =
        log.iter().map(String::as_str).filter(|verb| verb.starts_with("contact.") && *verb != "contact.edit").collect();
    assert_eq!(decided, ["contact.suspend", "contact.confirm", "contact.free"]);
}

#[tokio::test]
async fn who_leaves_after_being_suspended_has_left_for_good() {
    let mut small = Small::new().await;
    for _ in 0..3 {
        small.bounces(1, InboundKind::HardBounce).await;
    }
    let id = small.deliver().await;
    let text = token::sign(&small.office.house.key, &salastampa_domain::Token::unsubscribe(id));
    let left = leave::leave(&small.office.store, &small.office.house.key, &text, small.now).await.expect("left");
    assert!(!left.before, "an address that rejects mail had not left");
    free(small.desk(), small.rita).await.expect("the address may work again");
    assert_eq!(small.closed().await.map(|s| s.why), Some("opt-out".to_owned()), "and she still wants nothing");
}

#[tokio::test]
async fn only_our_own_tokens_say_whom_a_mail_concerns() {
    let mut small = Small::new().await;
    let id = small.deliver().await;
    let key = &small.office.house.key;
    let bounce = token::sign_return(key, TokenPurpose::Bounce, id);
    let wish = token::sign_return(key, TokenPurpose::Unsubscribe, id);
    let foreign = token::sign_return(b"another office", TokenPurpose::Bounce, id);
    let gone = token::sign_return(key, TokenPurpose::Bounce, DeliveryId(99));
    let delivery =
        small.office.store.read().await.expect("rows").find_delivery(id).await.expect("rows").expect("there");
    let to = |local: &str| Incoming {
        came_to: vec![format!("{local}@bellariva.test")],
        ..incoming(InboundKind::HardBounce)
    };
    let base = || incoming(InboundKind::HardBounce);
    let cases = [
        ("its address", to(&format!("b+{bounce}")), true),
        ("in capitals", to(&format!("B+{}", bounce.to_uppercase())), true),
        ("behind another plus", to(&format!("stampa+b+{bounce}")), true),
        ("its envelope", Incoming { envelopes: vec![bounce.clone()], ..base() }, true),
        ("its subject", Incoming { subject: format!("unsubscribe {wish}"), ..base() }, true),
        ("its Message-ID", Incoming { about: vec![delivery.message_id.clone()], ..base() }, true),
        ("a foreign one", to(&format!("b+{foreign}")), false),
        ("of nothing", to(&format!("b+{gone}")), false),
        ("without its plus", to(&bounce), false),
        (
            "a Message-ID of another domain",
            Incoming { about: vec![delivery.message_id.replace("bellariva", "altrove")], ..base() },
            false,
        ),
        ("none", base(), false),
    ];
    for (name, mail, matched) in cases {
        assert_eq!(small.book_mail(&mail).await.matched, matched, "{name}");
    }
}

#[tokio::test]
async fn the_tray_is_emptied_by_a_person_and_counts_nothing() {
    let small = Small::new().await;
    let report = Report {
        original: String::new(),
        last: RITA.into(),
        kind: InboundKind::HardBounce,
        status: "5.1.1".into(),
        said: "550 5.1.1 no such user".into(),
    };
    let mail = Incoming { reports: vec![report], ..incoming(InboundKind::HardBounce) };
    let booked = small.book_mail(&mail).await;
    assert!(!booked.matched && small.book_mail(&mail).await.again);
    assert!(matches!(assign(small.office.desk("ivo"), booked.id, small.rita).await, Err(Error::Denied(_))));
    assert!(matches!(put_aside(small.desk(), InboundId(99)).await, Err(Error::Denied(Denied::Unknown { .. }))));
    put_aside(small.desk(), booked.id).await.expect("aside");
    take_back(small.desk(), booked.id).await.expect("back");
    assign(small.desk(), booked.id, small.rita).await.expect("hers");
    assert!(put_aside(small.desk(), booked.id).await.is_err(), "somebody has decided");
    assert_eq!((small.score().await, small.closed().await), (0, None), "no token, no point");
    let mut rows = small.office.store.read().await.expect("rows");
    assert_eq!(rows.list_inbound_of(small.rita, 9).await.expect("rows")[0].status, "5.1.1");
    drop(rows);
    // with her the mail goes too
    contacts::erase(small.desk(), small.rita).await.expect("erased");
    assert!(
        small.office.store.read().await.expect("rows").list_inbound(false, None, 9).await.expect("rows").is_empty()
    );
}

#[tokio::test]
async fn a_reader_of_reviews_is_never_suspended_by_a_machine() {
    let small = Small::new().await;
    let mut write = small.office.store.write().await.expect("a turn");
    let reader = write.record_reader(&crate::desk::small::reader("sindaca")).await.expect("a reader");
    let rows: Vec<NewDelivery> = (1..=4)
        .map(|thing| NewDelivery {
            subject: Subject { kind: DeliveryKind::Review, thing, version: 1, round: 0 },
            address: address("sindaca@bellariva.test"),
            contact: None,
            reader: Some(reader),
            letter: "ab".repeat(32),
            due_at: NOON,
            expires_at: None,
            in_reply_to: None,
            suppressed: None,
        })
        .collect();
    queue(&mut write, &small.office.house, &rows, NOON).await.expect("queued");
    write.commit().await.expect("kept");
    let mut small = small;
    for n in 1..=4 {
        small.now = small.now.plus(DAY);
        assert!(!small.book(InboundKind::HardBounce, DeliveryId(n)).await.suspended);
    }
    let mut rows = small.office.store.read().await.expect("rows");
    assert!(rows.list_suspended_addresses().await.expect("rows").is_empty());
    let standing = standing(&mut rows, &address("sindaca@bellariva.test"), small.now).await.expect("asked");
    assert_eq!(standing.score, 4_000, "and it can be seen");
}
