//! A small office for the tests of acts, and rows to put into it.
//!
//! Each row is one as it comes when nothing about it matters: a test writes over what it is about (`..watch("ponte")`).
//! Users are [`user::blank`]. Left out: what one act alone asks for; that stands in its own tests.

use super::AtDesk;
use crate::{Denied, Error, House, user};
use salastampa_domain::{
    Address, ForeignText, Grading, NewArticle, Outlet, OutletId, OutletKind, Reader, ReaderId, Receives, RightsClass,
    Role, Signals, Timestamp, Urgency, UserId, Via, Watch, WatchId,
};
use salastampa_locale::Lang;
use salastampa_store::Store;
use tempfile::TempDir;

/// The present.
pub(crate) const NOW: Timestamp = Timestamp(1_796_000_000_000);

/// Rows in a folder that goes with the test; users `lia` (editor), `ivo` (viewer), `ada` (admin).
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) house: House,
    _folder: TempDir,
}

impl Office {
    pub(crate) async fn new() -> Self {
        let (folder, store) = store(NOW).await;
        let mut write = store.write().await.expect("a transaction");
        for (login, role) in [("lia", Role::Editor), ("ivo", Role::Viewer), ("ada", Role::Admin)] {
            write.record_user(&user::blank(login, &format!("{login} di prova"), role)).await.expect("a user");
        }
        write.commit().await.expect("a commit");
        let house = House::sample();
        Self { store, house, _folder: folder }
    }

    /// The desk as that user sits at it.
    pub(crate) fn desk<'a>(&'a self, login: &'a str) -> AtDesk<'a> {
        AtDesk { store: &self.store, house: &self.house, login, lang: Lang::It, now: NOW }
    }

    /// Verbs of the log, oldest first.
    pub(crate) async fn log(&self) -> Vec<String> {
        let mut events = self.store.read().await.expect("rows").list_events(100).await.expect("a log");
        events.reverse();
        events.into_iter().map(|e| e.verb).collect()
    }
}

pub(crate) fn address(text: &str) -> Address {
    Address::parse(text).expect(text)
}

/// The fields that a refusal names.
pub(crate) fn fields<T: std::fmt::Debug>(refused: Result<T, Error>) -> Vec<&'static str> {
    match refused {
        Err(Error::Denied(Denied::Form(slips))) => slips.into_iter().map(|s| s.field).collect(),
        other => panic!("no refusal of a form: {other:?}"),
    }
}

/// An empty store, in a folder that goes with the test.
pub(crate) async fn store(now: Timestamp) -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}/sala.db", folder.path().display());
    let store = Store::open(&url, &folder.path().join("files"), now).await.expect("a store");
    (folder, store)
}

/// A local outlet whose articles may be shown in extracts.
pub(crate) fn outlet(slug: &str, name: &str) -> Outlet {
    Outlet {
        id: OutletId(0),
        slug: slug.into(),
        name: name.into(),
        kind: OutletKind::Local,
        area: "Bellariva".into(),
        tier: 2,
        rights: RightsClass::ExtractOnly,
        contract: None,
        home: None,
    }
}

/// A watch on the word that it is called by, for the review.
pub(crate) fn watch(slug: &str) -> Watch {
    Watch {
        id: WatchId(0),
        slug: slug.into(),
        name: slug.into(),
        query: slug.into(),
        weight: 5,
        urgency: Urgency::Review,
        hold: 0,
        grading: Grading::default(),
        retired_at: None,
    }
}

/// A reader of everything, without quiet hours.
pub(crate) fn reader(slug: &str) -> Reader {
    Reader {
        id: ReaderId(0),
        slug: slug.into(),
        name: slug.into(),
        address: address(&format!("{slug}@bellariva.test")),
        language: "it".into(),
        watches: Vec::new(),
        editions: Vec::new(),
        receives: Receives { alerts: true, reviews: true },
        quiet: None,
        second: None,
        second_at_night: false,
        push: None,
    }
}

/// An article without lead and body that was put in by hand, undated.
pub(crate) fn article(outlet: OutletId, url: &str, title: &str, first_seen: Timestamp) -> NewArticle {
    NewArticle {
        outlet,
        via: Via::Hand { by: UserId(1) },
        url: url.into(),
        key: url.into(),
        guid: None,
        title: title.into(),
        lead: ForeignText::default(),
        body: ForeignText::default(),
        authors: Vec::new(),
        rubric: None,
        published_at: None,
        language: None,
        signals: Signals::default(),
        first_seen,
        backlog: false,
    }
}
