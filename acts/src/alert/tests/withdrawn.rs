//! What its agency took back before its alert left.

use super::*;
use crate::wire::{Incoming, WireFile, keep};
use salastampa_domain::{Cadence, Health, LegalStatus, Origin, Source, SourceKind, SourceReading, Validators};

/// The agency's folder.
fn folder() -> Source {
    Source {
        id: SourceId(1),
        slug: "agenzia".into(),
        outlet: OutletId(1),
        kind: SourceKind::Wire { format: None },
        url: "agenzie/uno".into(),
        host: "agenzia".into(),
        cadence: Cadence::C,
        rubric: None,
        rights: None,
        legal: LegalStatus::ToVerify,
        extract: true,
        origin: Origin::File,
        paused: false,
        retired_at: None,
        next_at: at("06:00"),
        health: Health::Alive,
        validators: Validators::default(),
        learned: salastampa_domain::Learned::default(),
        reading: SourceReading::default(),
    }
}

impl Office {
    /// The agency drops a file with one piece in it, in that version.
    async fn drops(&self, identity: &str, version: i64, status: WireStatus, now: Timestamp) -> ArticleId {
        let killed = status == WireStatus::Cancelled;
        let article = NewArticle {
            via: Via::Source { source: SourceId(1) },
            body: ForeignText::new(if killed { "" } else { BODY }),
            published_at: Some(now),
            ..article(OutletId(1), "", LANDSLIDE, now)
        };
        let wire = Wire {
            outlet: OutletId(1),
            identity: identity.into(),
            version,
            article: None,
            kind: if killed { WireKind::Kill } else { WireKind::New },
            status,
            chain: None,
            take: 1,
            lines: 0,
            at: now,
            notes: WireNotes::default(),
        };
        let items = vec![Incoming { article, wire, replaces: None, early: false }];
        let file = WireFile { name: format!("{identity}.xml"), hash: format!("{identity}-{version}"), items };
        let mut write = self.store.write().await.expect("a turn");
        if write.list_sources().await.expect("rows").is_empty() {
            write.record_source(&folder()).await.expect("a source");
        }
        write.commit().await.expect("kept");
        keep(&self.store, &folder(), file, now).await.expect("kept");
        let wire = self.store.read().await.expect("rows").find_wire(OutletId(1), identity).await.expect("rows");
        wire.and_then(|wire| wire.article).expect("an article")
    }
}

#[tokio::test]
async fn a_piece_that_the_agency_took_back_before_the_batch_is_told_to_nobody() {
    for (version, status, told) in [(2, WireStatus::Cancelled, false), (1, WireStatus::Usable, true)] {
        let office = Office::new().await;
        let id = office.drops("lancio-1", 1, WireStatus::Usable, at("06:00")).await;
        office.places(id, None, at("06:00")).await;
        let mut write = office.store.write().await.expect("a turn");
        write.record_clipping(id, WatchId(2), at("06:00"), &["frana".into()], true).await.expect("clipped");
        write.commit().await.expect("kept");
        office.run(at("06:00")).await;
        office.drops("lancio-1", version, status, at("08:00")).await;
        office.run(at("10:00")).await;
        assert_eq!(!office.mails().await.is_empty(), told, "{status:?}");
        let state = office.alerts().await[0].state;
        assert_eq!(state == AlertState::Dropped { why: Unsent::Withdrawn }, !told, "{state:?}");
    }
}

#[tokio::test]
async fn what_was_taken_back_does_not_go_along_with_another_article_of_its_story_nor_stand_beside_it() {
    let office = Office::new().await;
    let id = office.drops("lancio-1", 1, WireStatus::Usable, at("06:00")).await;
    let story = office.places(id, None, at("06:00")).await;
    let mut write = office.store.write().await.expect("a turn");
    write.record_clipping(id, WatchId(2), at("06:00"), &["frana".into()], true).await.expect("clipped");
    write.commit().await.expect("kept");
    office.run(at("06:00")).await;
    office.drops("lancio-1", 2, WireStatus::Cancelled, at("08:00")).await;
    // another outlet, another watch, the same story: it cannot wait, and the ordinary one of the wire would go along
    office.writes(3, 1, Some(story), ("Strada chiusa sul lago", BODY), at("08:10")).await;
    office.run(at("08:10")).await;
    let mails = office.mails().await;
    assert_eq!(mails.len(), 1);
    let words = office.text(&mails[0]).await;
    assert!(words.contains("Strada chiusa sul lago"), "{words}");
    assert!(!words.contains("ANNULLATA") && !words.contains("Testata 1"), "{words}");
}
