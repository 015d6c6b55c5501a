//! A small office in a folder: a store, a clock that is set by hand, a router, and releases made by the pure functions
//! that make them in life.

use axum::body::{Body, to_bytes};
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use salastampa_acts::{House, session, token};
use salastampa_domain::{
    Address, Approved, Clock, Declared, DeliveryId, DeliveryKind, NewDelivery, Preferences, Release, ReleaseId,
    ReleaseKind, ReleaseState, Role, Seq, Settings, Subject, Timestamp, Token, User, UserId, Version, VersionId,
};
use salastampa_index::{Archive, TantivyArchive};
use salastampa_locale::Lang;
use salastampa_releases::{draft, freeze};
use salastampa_store::Store;
use salastampa_web::{Footer, Site, metrics_router, router};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;

/// The office.
pub(crate) struct World {
    site: Site,
    present: Arc<AtomicI64>,
    author: UserId,
    _folder: tempfile::TempDir,
}

/// Somebody at the desk: the browser's cookie, and the word that forms carry.
pub(crate) struct Seat {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// What a request was answered.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// An instant of the Italian clock.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|| panic!("no instant: {text}"))
}

impl World {
    pub(crate) async fn new(now: &str) -> Self {
        Self::at_address(now, "https://stampa.bellariva.test").await
    }

    /// An office where nobody can work yet.
    pub(crate) async fn empty(now: &str) -> Self {
        Self::made(now, "https://stampa.bellariva.test", false).await
    }

    pub(crate) async fn at_address(now: &str, base_url: &str) -> Self {
        Self::made(now, base_url, true).await
    }

    async fn made(now: &str, base_url: &str, is_attended: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}/sala.db", folder.path().display());
        let store = Store::open(&url, &folder.path().join("files"), at(now)).await.expect("a store");
        let present = Arc::new(AtomicI64::new(at(now).0));
        let clock = Clock::new({
            let present = present.clone();
            move || Timestamp(present.load(Ordering::SeqCst))
        });
        let house = House {
            office: "Comune di Bellariva sul Lago".into(),
            town: "Bellariva sul Lago".into(),
            contacts: "Ufficio stampa\ntel. 0000 000000".into(),
            sender: Address::parse("stampa@bellariva.test").expect("an address"),
            sender_name: "Ufficio stampa".into(),
            base_url: base_url.into(),
            lang: Lang::It,
            key: b"a key for tests".to_vec(),
            one_person: false,
            wide_watch: 50,
            patron: None,
            alerts: salastampa_domain::AlertHours::default(),
            returns: None,
            elections: Vec::new(),
            privacy: Default::default(),
        };
        let user = User {
            id: UserId(0),
            login: "redattrice".into(),
            name: "Lia Neri".into(),
            address: None,
            role: Role::Editor,
            second_signature: false,
            password: None,
            disabled_at: None,
            second_factor: None,
            preferences: Preferences::default(),
        };
        let mut write = store.write().await.expect("a transaction");
        let author = if is_attended { write.record_user(&user).await.expect("a user") } else { UserId(0) };
        write.commit().await.expect("a commit");
        let settings = Settings { sender: Some(house.sender.clone()), ..Settings::default() };
        let declared = Declared { settings, ..Declared::default() };
        let site = Site::new(store, clock, Arc::new(house), Footer::default()).under(Arc::new(declared));
        Self { site, present, author, _folder: folder }
    }

    /// Makes all that the store holds searchable.
    pub(crate) async fn follow(&mut self) {
        let folder = self._folder.path().join("index");
        // one writes into a folder
        self.site.archive = None;
        let changes = self.site.store.read().await.expect("rows").list_changes(Seq(0), 100_000).await.expect("changes");
        let archive = TantivyArchive::open(&folder, "an office", changes.last().map_or(Seq(0), |last| last.seq));
        archive.apply(&changes).await.expect("applied");
        self.site.archive = Some(Arc::new(archive));
    }

    /// The searchable archive is gone and has not been built anew yet.
    pub(crate) fn unfollow(&mut self) {
        let folder = self._folder.path().join("no-index");
        self.site.archive = Some(Arc::new(TantivyArchive::open(&folder, "an office", Seq(9))));
    }

    /// The same office, which has said who answers for personal data.
    pub(crate) fn with_privacy(mut self) -> Self {
        let privacy = salastampa_domain::Privacy {
            controller: "Comune di Bellariva, piazza del Porto 1".into(),
            dpo: "rpd@bellariva.test".into(),
            page: "https://www.bellariva.test/privacy".into(),
        };
        self.site.house = Arc::new(House { privacy, ..(*self.site.house).clone() });
        self
    }

    /// The same office with a directory to log in through.
    pub(crate) fn with_directory(self, directory: salastampa_web::Directory) -> Self {
        Self { site: self.site.clone().with_directory(Some(Arc::new(directory))), ..self }
    }

    /// Sets the clock.
    pub(crate) fn set(&self, now: &str) {
        self.present.store(at(now).0, Ordering::SeqCst);
    }

    /// Sets the clock to an instant.
    pub(crate) fn set_to(&self, now: Timestamp) {
        self.present.store(now.0, Ordering::SeqCst);
    }

    /// The program ends and is started again over the same rows: what it kept in its memory is gone.
    pub(crate) async fn restart(&mut self) {
        let folder = self._folder.path();
        let url = format!("sqlite:{}/sala.db", folder.display());
        let store = Store::open(&url, &folder.join("files"), self.now()).await.expect("a store");
        self.site = Site { store, shelf: Default::default(), ..self.site.clone() };
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.site.clock.now()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        answer(router(self.site.clone()), request).await
    }

    /// The answer to a request of any kind.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Answer {
        answer(router(self.site.clone()), request).await
    }

    /// Somebody of that role, logged in.
    pub(crate) async fn enter(&self, login: &str, role: Role) -> Seat {
        let store = &self.site.store;
        let user = User {
            id: UserId(0),
            login: login.into(),
            name: format!("{login} di prova"),
            address: None,
            role,
            second_signature: false,
            password: None,
            second_factor: None,
            preferences: Preferences::default(),
            disabled_at: None,
        };
        let mut write = store.write().await.expect("a transaction");
        let id = write.record_user(&user).await.expect("a user");
        write.commit().await.expect("a commit");
        let user = User { id, ..user };
        let (token, session) = session::open(store, &user, true, None, self.now()).await.expect("a session");
        Seat { cookie: format!("salastampa={token}"), csrf: session.csrf }
    }

    /// A page of the desk, as that person gets it.
    pub(crate) async fn see(&self, seat: &Seat, path: &str) -> Answer {
        let request = Request::builder().uri(path).header(COOKIE, &seat.cookie).body(Body::empty()).expect("a request");
        answer(router(self.site.clone()), request).await
    }

    /// A form that this person sends, with the session's word.
    pub(crate) async fn send(&self, seat: &Seat, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        fields.push(("_csrf", &seat.csrf));
        self.post(Some(&seat.cookie), path, &fields, &[]).await
    }

    /// A form with the headers that are given.
    pub(crate) async fn post(
        &self,
        cookie: Option<&str>,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(Method::POST).uri(path);
        if headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = cookie {
            request = request.header(COOKIE, cookie);
        }
        let body = fields.iter().map(|(n, v)| format!("{}={}", encoded(n), encoded(v))).collect::<Vec<_>>().join("&");
        answer(router(self.site.clone()), request.body(Body::from(body)).expect("a request")).await
    }

    /// The rows and the office, for what a test lays out by itself.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// The numbers, from their own router.
    pub(crate) async fn metrics(&self) -> Answer {
        let request = Request::builder().uri("/metrics").body(Body::empty()).expect("a request");
        answer(metrics_router(self.site.clone()), request).await
    }

    /// The path of the style sheet, as pages name it.
    pub(crate) async fn style(&self) -> String {
        let page = self.get("/novita/comunicati").await.body;
        let (_, after) = page.split_once("rel=\"stylesheet\" href=\"").expect("a style sheet");
        after.split('"').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn router(&self) -> axum::Router {
        router(self.site.clone())
    }

    /// A release that was sent now, under embargo or not.
    pub(crate) async fn release(&self, slug: &str, number: u32, embargo: Option<&str>) {
        self.sent(slug, number, &format!("Riapre il «{slug}»"), embargo).await;
    }

    /// A release with a title of its own (as a TOML string has it), sent now.
    pub(crate) async fn titled(&self, slug: &str, number: u32, title: &str) {
        self.sent(slug, number, title, None).await;
    }

    async fn sent(&self, slug: &str, number: u32, title: &str, embargo: Option<&str>) {
        let head = embargo.map(|end| format!("embargo = \"{end}\"\n")).unwrap_or_default();
        let text = format!(
            "+++\ntitolo = \"{title}\"\nsommario = \"Un fatto.\"\nliste = [\"cronaca\"]\n{head}+++\nIl testo del comunicato.\n"
        );
        self.written(slug, number, &text, embargo).await;
    }

    /// A release of that text, sent now, that nobody may read before `embargo`.
    pub(crate) async fn written(&self, slug: &str, number: u32, text: &str, embargo: Option<&str>) {
        let now = self.now();
        self.out(slug, number, text, now, embargo.map(at), false).await;
    }

    /// A release of that text that leaves at that hour.
    pub(crate) async fn scheduled(&self, slug: &str, number: u32, text: &str, hour: &str) {
        self.out(slug, number, text, at(hour), None, true).await;
    }

    async fn out(
        &self,
        slug: &str,
        number: u32,
        text: &str,
        public_at: Timestamp,
        embargo: Option<Timestamp>,
        waits: bool,
    ) {
        let release = Release {
            id: ReleaseId(0),
            slug: slug.into(),
            register: Some((2026, number)),
            kind: ReleaseKind::Comunicato,
            title: String::new(),
            draft: text.to_owned(),
            author: self.author,
            state: ReleaseState::Draft,
            current: None,
            embargo_until: embargo,
            public_at: Some(public_at),
            withdrawn: None,
            out: None,
        };
        let mut write = self.site.store.write().await.expect("a transaction");
        let id = write.record_release(&release).await.expect("a release");
        let version = self.version(id, 1, text, None);
        let version_id = write.record_version(&version).await.expect("a version");
        let since = embargo.map_or(public_at, |end| end.max(public_at));
        write.record_standing(id, version_id, since).await.expect("a row");
        let mut after = sent(Release { id, ..release }, version_id, public_at);
        if waits && let Some(approved) = after.state.approved().cloned() {
            after.state = ReleaseState::Scheduled { approved, at: public_at };
        }
        write.replace_release(&after).await.expect("a change");
        write.commit().await.expect("a commit");
    }

    /// A corrected text, sent now.
    pub(crate) async fn correct(&self, slug: &str, body: &str) {
        let mut write = self.site.store.write().await.expect("a transaction");
        let release = write.find_release(slug).await.expect("an answer").expect("a release");
        let text = format!("+++\ntitolo = \"Riapre il «{slug}»\"\nliste = [\"cronaca\"]\n+++\n{body}\n");
        let version = self.version(release.id, 2, &text, release.current);
        let version_id = write.record_version(&version).await.expect("a version");
        write.record_standing(release.id, version_id, self.now()).await.expect("a row");
        write.replace_release(&sent(release, version_id, self.now())).await.expect("a change");
        write.commit().await.expect("a commit");
    }

    /// A corrected text that leaves at that hour.
    pub(crate) async fn correct_at(&self, slug: &str, body: &str, hour: &str) {
        let mut write = self.site.store.write().await.expect("a transaction");
        let release = write.find_release(slug).await.expect("an answer").expect("a release");
        let text = format!("+++\ntitolo = \"Riapre il «{slug}»\"\nliste = [\"cronaca\"]\n+++\n{body}\n");
        let version = self.version(release.id, 2, &text, release.current);
        let version = write.record_version(&version).await.expect("a version");
        write.record_standing(release.id, version, at(hour)).await.expect("a row");
        let approved = Approved {
            version,
            sha256: String::new(),
            by: UserId(2),
            at: self.now(),
            alone: false,
            second: None,
            held: None,
            quotes: Vec::new(),
        };
        let after = Release { state: ReleaseState::Scheduled { approved, at: at(hour) }, ..release };
        write.replace_release(&after).await.expect("a change");
        write.commit().await.expect("a commit");
    }

    /// A correction that somebody has begun to write.
    pub(crate) async fn draft_correction(&self, slug: &str, title: &str) {
        let mut write = self.site.store.write().await.expect("a transaction");
        let release = write.find_release(slug).await.expect("an answer").expect("a release");
        let begun = Release {
            kind: ReleaseKind::Rettifica,
            title: title.into(),
            draft: format!("+++\ntitolo = \"{title}\"\n+++\n{title}"),
            state: ReleaseState::Draft,
            ..release
        };
        write.replace_release(&begun).await.expect("a change");
        write.commit().await.expect("a commit");
    }

    pub(crate) async fn withdraw(&self, slug: &str, when: &str, why: &str) {
        let mut write = self.site.store.write().await.expect("a transaction");
        let release = write.find_release(slug).await.expect("an answer").expect("a release");
        let withdrawn = Release {
            state: ReleaseState::Withdrawn { by: self.author, at: at(when), why: why.into() },
            withdrawn: Some((at(when), self.author, why.into())),
            ..release
        };
        write.replace_release(&withdrawn).await.expect("a change");
        write.commit().await.expect("a commit");
    }

    /// A mail that waits in the outbox; gives the token of its link for leaving.
    pub(crate) async fn queued_mail(&self, address: &str) -> String {
        let delivery = NewDelivery {
            subject: Subject { kind: DeliveryKind::Release, thing: 1, version: 1, round: 0 },
            address: Address::parse(address).expect("an address"),
            contact: None,
            reader: None,
            letter: "ab".into(),
            due_at: self.now().plus(60_000),
            expires_at: None,
            in_reply_to: None,
            suppressed: None,
        };
        let mut write = self.site.store.write().await.expect("a transaction");
        let message_id = |id: DeliveryId, _: &Subject| format!("{id}@bellariva.test");
        write.record_deliveries(&[delivery], self.now(), message_id).await.expect("a delivery");
        let queued = write.list_deliveries(DeliveryKind::Release, 1).await.expect("deliveries");
        write.commit().await.expect("a commit");
        token::sign(&self.site.house.key, &Token::unsubscribe(queued.first().expect("one").id))
    }

    /// Where the mails of the outbox stand.
    pub(crate) async fn states(&self) -> Vec<&'static str> {
        let mut rows = self.site.store.read().await.expect("rows");
        let deliveries = rows.list_deliveries(DeliveryKind::Release, 1).await.expect("deliveries");
        deliveries.iter().map(|delivery| delivery.state.name()).collect()
    }

    fn version(&self, release: ReleaseId, number: u32, text: &str, corrects: Option<VersionId>) -> Version {
        Version { corrects, ..self.frozen(release, number, text).expect("a text that may leave") }
    }

    /// The frozen text of a draft; none where it may not leave.
    pub(crate) fn frozen(&self, release: ReleaseId, number: u32, text: &str) -> Option<Version> {
        let house = salastampa_releases::House {
            office: self.site.house.office.clone(),
            town: self.site.house.town.clone(),
            contacts: self.site.house.contacts.clone(),
            base_url: self.site.house.base_url.clone(),
            lang: Lang::It,
        };
        let draft = draft::parse(text).ok()?;
        let frozen = freeze(&draft, &house, (2026, number), None, self.now()).ok()?;
        Some(Version {
            id: VersionId(0),
            release,
            number,
            author: self.author,
            at: self.now(),
            markdown: text.into(),
            title: frozen.title,
            subject: frozen.subject,
            html: frozen.html,
            text: frozen.text,
            page: frozen.page,
            summary: frozen.summary,
            lists: Vec::new(),
            corrects: None,
            files: frozen.files,
            sha256: frozen.sha256,
        })
    }
}

fn sent(release: Release, version: VersionId, at: Timestamp) -> Release {
    let approved = Approved {
        version,
        sha256: String::new(),
        by: UserId(2),
        at,
        alone: false,
        second: None,
        held: None,
        quotes: Vec::new(),
    };
    Release { current: Some(version), state: ReleaseState::Sent { approved, at }, ..release }
}

async fn answer(router: axum::Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.expect("a router never fails");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 16 << 20).await.expect("a body");
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
}
