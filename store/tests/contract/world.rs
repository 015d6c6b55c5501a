//! The things of the tests: Bellariva sul Lago, its outlets, its office. All of it invented.

use salastampa_domain::*;
use salastampa_store::{Error, Found, Left, Store};

/// The instant at which the tests happen.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// So many minutes after [`NOW`].
pub(crate) fn at(minutes: i64) -> Timestamp {
    NOW.plus(minutes * 60_000)
}

pub(crate) fn outlet(slug: &str) -> Outlet {
    Outlet {
        id: OutletId(0),
        slug: slug.into(),
        name: "Il Lago".into(),
        kind: OutletKind::Local,
        area: "Bellariva".into(),
        tier: 2,
        rights: RightsClass::ExtractOnly,
        contract: Some(Contract {
            number: "7/2026".into(),
            until: Slot::of(NOW).0.date(),
            scope: ContractScope::Intranet,
            extract_chars: 400,
            max_readers: Some(20),
        }),
        home: Some("https://il-lago.test/".into()),
    }
}

pub(crate) fn source(slug: &str, outlet: OutletId) -> Source {
    Source {
        id: SourceId(0),
        slug: slug.into(),
        outlet,
        kind: SourceKind::Page {
            selectors: Selectors { item: "article".into(), link: Some("a".into()), ..Selectors::default() },
        },
        url: format!("https://{slug}.test/notizie"),
        host: format!("{slug}.test"),
        cadence: Cadence::C,
        rubric: Some("cronaca".into()),
        rights: Some(RightsClass::LinkOnly),
        legal: LegalStatus::ToVerify,
        extract: true,
        origin: Origin::File,
        paused: false,
        retired_at: None,
        next_at: NOW,
        health: Health::New,
        validators: Validators { etag: Some("\"a\"".into()), last_modified: None, body_hash: Some("b".into()) },
        learned: salastampa_domain::Learned::default(),
        reading: salastampa_domain::SourceReading::default(),
    }
}

pub(crate) fn article(outlet: OutletId, source: SourceId, n: i64) -> NewArticle {
    NewArticle {
        outlet,
        via: Via::Source { source },
        url: format!("https://il-lago.test/{n}?utm_source=feed"),
        key: format!("https://il-lago.test/{n}"),
        guid: Some(format!("https://il-lago.test/?p={n}")),
        title: format!("Riapre il lungolago di Bellariva, tratto {n}"),
        lead: ForeignText::new("Da domani si passeggia."),
        body: ForeignText::new(format!("Il tratto {n} riapre.\nPerò è già la terza volta: «finalmente»")),
        authors: vec!["Nina Valli".into()],
        rubric: Some("cronaca".into()),
        published_at: Some(at(n)),
        language: Some("it".into()),
        signals: Signals { tdm_reserved: true, reproduction_reserved: false, own_summary: Some(23), barred: true },
        first_seen: at(n + 1),
        backlog: false,
    }
}

pub(crate) fn found(article: NewArticle, source: SourceId, host: &str, page_at: Timestamp) -> Found {
    Found {
        id: 0,
        source,
        host: host.into(),
        title_key: Some(format!("t-{}", article.key)),
        day: 20_779,
        page_at,
        attempts: 0,
        article,
    }
}

/// An outlet with one source.
pub(crate) async fn press(store: &Store) -> Result<(OutletId, SourceId), Error> {
    let mut write = store.write().await?;
    let outlet = write.record_outlet(&outlet("il-lago")).await?;
    let source = write.record_source(&source("il-lago", outlet)).await?;
    write.commit().await?;
    Ok((outlet, source))
}

/// An outlet with one source and articles 1 to `count`, kept.
pub(crate) async fn press_with(store: &Store, count: i64) -> Result<(OutletId, SourceId, Vec<ArticleId>), Error> {
    let (outlet, source) = press(store).await?;
    let mut kept = Vec::new();
    let mut write = store.write().await?;
    for n in 1..=count {
        let new = write.keep_article(&article(outlet, source, n), Some(&format!("t{n}")), 20_779, at(n + 2)).await?;
        kept.push(new.expect("a new article"));
    }
    write.commit().await?;
    Ok((outlet, source, kept))
}

pub(crate) fn watch(slug: &str) -> Watch {
    Watch {
        id: WatchId(0),
        slug: slug.into(),
        name: "Lungolago".into(),
        query: "lungolago OR \"Ada Corti\"".into(),
        weight: 7,
        urgency: Urgency::Flash,
        hold: 0,
        grading: Grading::default(),
        retired_at: None,
    }
}

pub(crate) fn inbound(kind: InboundKind, delivery: Option<DeliveryId>, file: &str) -> Inbound {
    Inbound {
        id: InboundId(0),
        at: NOW,
        kind,
        delivery,
        contact: None,
        file: file.into(),
        bytes: 2_400,
        status: "5.1.1".into(),
        said: "550 5.1.1 no such user".into(),
        from: "mailer-daemon@redazioni.test".into(),
        subject: "Undelivered".into(),
        excerpt: "This is the mail system".into(),
        aside_at: None,
    }
}

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).expect(text)
}

pub(crate) fn reader(slug: &str) -> Reader {
    let time = |hour| Slot::of(NOW).0.date().at(hour, 30, 0, 0).time();
    Reader {
        id: ReaderId(0),
        slug: slug.into(),
        name: "Ada Corti".into(),
        address: address("sindaca@bellariva.test"),
        language: "it".into(),
        watches: vec![WatchId(1)],
        editions: vec![EditionId(1)],
        receives: Receives { alerts: true, reviews: false },
        quiet: Some((time(22), time(6))),
        second: None,
        second_at_night: false,
        push: None,
    }
}

pub(crate) fn edition(slug: &str, sections: &[&str]) -> Edition {
    Edition {
        id: EditionId(0),
        slug: slug.into(),
        name: "Rassegna del mattino".into(),
        schedule: Schedule::parse("0 7 * * Mon-Sat").expect("a schedule"),
        ready_before: 45,
        visibility: Visibility::Reserved,
        sections: sections
            .iter()
            .map(|name| Section { id: SectionId(0), name: (*name).into(), watches: vec![WatchId(1), WatchId(2)] })
            .collect(),
        cap: 12,
        outlet_cap: 0,
        holidays: Default::default(),
        order: Default::default(),
        done: Slot::of(NOW),
    }
}

pub(crate) fn review(edition: EditionId, slot: &str) -> Review {
    Review {
        id: ReviewId(0),
        edition,
        title: "Rassegna del mattino".into(),
        slot: Slot::parse(slot).expect(slot),
        period: Period { from: at(-60), to: NOW },
        version: 0,
        state: ReviewState::Draft,
        sections: vec![ReviewSection { section: SectionId(1), name: "Città".into(), entries: Vec::new() }],
        pickup: Vec::new(),
        coverage: Coverage { alive: 3, total: 4, articles: 9, ill: Vec::new() },
    }
}

pub(crate) fn user(login: &str, role: Role) -> User {
    User {
        id: UserId(0),
        login: login.into(),
        name: "Pia Moretti".into(),
        address: Some(address("pia@bellariva.test")),
        role,
        second_signature: true,
        password: Some("$argon2id$".into()),
        disabled_at: None,
        second_factor: None,
        preferences: Preferences::default(),
    }
}

pub(crate) fn release(slug: &str, author: UserId) -> Release {
    Release {
        id: ReleaseId(0),
        slug: slug.into(),
        register: None,
        kind: ReleaseKind::Invito,
        title: "Riapre il lungolago".into(),
        draft: "# Riapre il lungolago\n".into(),
        author,
        state: ReleaseState::Draft,
        current: None,
        embargo_until: None,
        public_at: None,
        withdrawn: None,
        out: None,
    }
}

pub(crate) fn version(release: ReleaseId, number: u32, author: UserId) -> Version {
    Version {
        id: VersionId(0),
        release,
        number,
        author,
        at: NOW,
        markdown: "# Riapre il lungolago\n".into(),
        title: "Riapre il lungolago".into(),
        subject: "COMUNICATO STAMPA: Riapre il lungolago".into(),
        html: "<h1>Riapre</h1>".into(),
        text: "RIAPRE".into(),
        page: "<p>Riapre</p>".into(),
        summary: "Riapre.".into(),
        lists: vec![ListId(1), ListId(2)],
        corrects: None,
        files: ReleaseFiles::default(),
        sha256: "ab".repeat(32),
    }
}

pub(crate) fn contact(mail: &str) -> Contact {
    Contact {
        id: ContactId(0),
        name: "Nina Valli".into(),
        address: address(mail),
        outlet: "Il Lago".into(),
        medium: Medium::Web,
        beats: vec!["Cronaca".into(), "sport".into()],
        territory: "Bellariva".into(),
        language: "it".into(),
        accepts_embargo: true,
        basis: Basis::Consent,
        origin: "accredito".into(),
        notice_at: Some(NOW),
        expires: Some(Slot::of(NOW).0.date()),
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
    }
}

pub(crate) fn delivery(kind: DeliveryKind, thing: i64, mail: &str) -> NewDelivery {
    NewDelivery {
        subject: Subject { kind, thing, version: 1, round: 0 },
        address: address(mail),
        contact: None,
        reader: None,
        letter: "cd".repeat(32),
        due_at: NOW,
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    }
}

/// Message-IDs of the tests.
pub(crate) fn message_id(id: DeliveryId, subject: &Subject) -> String {
    format!("{}{id}.v{}.r{}@bellariva.test", subject.kind.name(), subject.version, subject.round)
}

/// What a visit leaves that taught nothing.
pub(crate) fn left(next_at: Timestamp, health: Health, validators: Validators) -> Left {
    Left { next_at, health, validators, learned: Learned::default(), gate: None }
}

pub(crate) fn photo(file: &str) -> Photo {
    let size = |name: &str| Picture { file: format!("{file}{name}"), bytes: 9, width: 4, height: 3 };
    Photo { full: size(""), web: size("-web"), thumb: size("-thumb"), name: "p.jpg".into(), ..Photo::default() }
}
