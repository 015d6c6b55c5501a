//! Imports on a small store.

use super::*;
use crate::Error;
use crate::clip_hand::tests::{NOW, office, town};
use crate::desk::small::article;
use salastampa_domain::{ArticleId, ForeignText, Role, User, UserId, Via};

fn offered(key: &str, address: Option<&str>, title: Option<&str>, day: i64) -> Offered {
    let article = NewArticle {
        via: Via::Import { batch: "1".into() },
        url: String::new(),
        body: ForeignText::new("Da oggi."),
        published_at: Some(NOW),
        backlog: true,
        ..article(OutletId(1), key, title.unwrap_or("Riapre il molo"), NOW)
    };
    let title_key = title.map(str::to_owned);
    Offered { article, address: address.map(str::to_owned), title_key, day, by_title: false }
}

async fn keep(store: &Store, rows: &[Offered], last: bool) -> Import {
    let mut import = begin(store, "storico.csv", "ab", "{}", NOW).await.expect("begun");
    let upto = Progress { position: import.progress.position + rows.len() as i64, ..import.progress };
    take(store, &mut import, rows, upto, last, Lang::It, NOW).await.expect("taken");
    import
}

#[tokio::test]
async fn a_row_is_known_by_number_address_or_day_and_title() {
    let home = office().await;
    town(&home.store, 1).await;
    let first = offered("import:7", Some("https://il-lago.test/a"), Some("t7"), 3);
    keep(&home.store, &[first, offered("https://il-lago.test/b", None, Some("t8"), 4)], false).await;
    let by_title = |title, day| Offered { by_title: true, ..offered("import:x", None, Some(title), day) };
    for (row, expected, why) in [
        (offered("import:7", None, None, 9), true, "the same number"),
        (offered("import:8", Some("https://il-lago.test/b"), Some("t8"), 9), true, "its address and its title"),
        (offered("import:8", Some("https://il-lago.test/b"), None, 4), true, "its address and its day"),
        (offered("import:8", Some("https://il-lago.test/b"), None, 9), false, "an address that several share"),
        (offered("https://il-lago.test/b", None, None, 9), true, "the same address"),
        (offered("https://il-lago.test/c", None, Some("t8"), 4), false, "an address of its own"),
        (by_title("t8", 4), true, "day and title"),
        (by_title("t8", 5), false, "another day"),
        (by_title("t9", 4), false, "another title"),
    ] {
        let mut rows = home.store.read().await.expect("rows");
        assert_eq!(known(&mut rows, &[row]).await.expect("asked"), [expected], "{why}");
    }
}

#[tokio::test]
async fn an_import_goes_on_and_two_at_once_do_not_tread_on_each_other() {
    let home = office().await;
    town(&home.store, 1).await;
    let half = keep(&home.store, &[offered("import:1", None, None, 3)], false).await;
    let mut other = begin(&home.store, "storico.csv", "ab", "{}", NOW.plus(1)).await.expect("found again");
    assert_eq!(other, half);
    let upto = Progress { position: 2, ..other.progress };
    let rows = [offered("import:1", None, None, 3), offered("import:2", None, None, 3)];
    take(&home.store, &mut other, &rows, upto, true, Lang::It, NOW).await.expect("taken");
    assert_eq!((other.progress.taken, other.progress.known, other.done_at), (2, 1, Some(NOW)));
    let mut late = half;
    let refused = take(&home.store, &mut late, &rows, upto, true, Lang::It, NOW).await.expect_err("it was moved");
    assert!(matches!(refused, Error::Denied(Denied::Invalid(_))), "{refused}");
    let mut rows = home.store.read().await.expect("rows");
    let verbs: Vec<String> = rows.list_events(9).await.expect("rows").into_iter().map(|e| e.verb).collect();
    assert_eq!(verbs, ["import.done", "import.begin"]);
}

#[tokio::test]
async fn an_import_that_failed_at_its_end_is_gone_on_with_and_no_other_is_begun() {
    let home = office().await;
    town(&home.store, 1).await;
    let import = keep(&home.store, &[offered("import:1", None, None, 3)], true).await;
    let mut write = home.store.write().await.expect("a transaction");
    let lia = write.find_user("lia").await.expect("rows").expect("there");
    let admin = User { id: UserId(0), login: "ada".into(), name: "Ada Corti".into(), role: Role::Admin, ..lia };
    write.record_user(&admin).await.expect("a user");
    let reading = salastampa_domain::Reading::default();
    let kind = ErrandKind::Import { file: "ab".into(), name: "storico.csv".into(), reading, import: Some(import.id) };
    let failed = write.record_errand(&kind, &Actor::Console, NOW).await.expect("an errand");
    write.finish_errand(failed, "{\"error\":\"disco pieno\"}", NOW).await.expect("its answer");
    write.commit().await.expect("a commit");
    let again = desk::bring_in(&home.store, Lang::It, "ada", failed, NOW).await.expect("it may go on");
    let mut rows = home.store.read().await.expect("rows");
    assert_eq!(rows.find_errand(again).await.expect("rows").expect("there").kind, kind);
    assert_eq!(rows.list_imports(9).await.expect("rows").len(), 1);
}

#[tokio::test]
async fn an_administrator_takes_an_import_back() {
    let home = office().await;
    town(&home.store, 1).await;
    let import =
        keep(&home.store, &[offered("import:1", None, None, 3), offered("import:2", None, None, 3)], true).await;
    let mut write = home.store.write().await.expect("a transaction");
    let lia = write.find_user("lia").await.expect("rows").expect("there");
    let admin = User { id: UserId(0), login: "ada".into(), name: "Ada Corti".into(), role: Role::Admin, ..lia };
    write.record_user(&admin).await.expect("a user");
    write.commit().await.expect("a commit");
    let denied = ask_back(&home.store, "lia", import.id, NOW).await.expect_err("an editor");
    assert!(matches!(denied, Error::Denied(Denied::Role { .. })));
    assert!(ask_back(&home.store, "ada", ImportId(9), NOW).await.is_err(), "there is none");
    for _ in 0..2 {
        ask_back(&home.store, "ada", import.id, NOW).await.expect("asked");
    }
    assert_eq!(home.store.read().await.expect("rows").list_errands().await.expect("rows").len(), 1);
    while take_back(&home.store, import.id, NOW).await.expect("a step") {}
    let mut rows = home.store.read().await.expect("rows");
    let event = rows.find_last_event(&Event::about_import(import.id)).await.expect("rows").expect("a line");
    assert_eq!((event.verb.as_str(), event.after.as_deref()), ("import.removed", Some("{\"removed\":2,\"spared\":0}")));
    assert_eq!(rows.find_article(ArticleId(2)).await.expect("rows").expect("its number stays").title, "");
    drop(rows);
    let again = keep(&home.store, &[offered("import:1", None, None, 3)], true).await;
    assert_eq!((again.id, again.progress.taken), (ImportId(2), 1), "it may come in again");
}
