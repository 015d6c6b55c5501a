//! The register of persons at the desk.

use crate::world::World;
use axum::http::StatusCode;
use salastampa_domain::Role;

const NOW: &str = "2026-11-25 06:45";

#[tokio::test]
async fn a_person_is_registered_becomes_a_watch_and_leaves_the_office() {
    let world = World::new(NOW).await;
    let seat = world.enter("lia", Role::Editor).await;
    let mut fields = vec![
        ("nome", "Marta Ferri"),
        ("altri", "la vicesindaca\nFerri Marta"),
        ("carica", "Vicesindaca"),
        ("dal", "2026-06-15"),
        ("al", ""),
    ];
    let made = world.send(&seat, "/desk/persone/nuova", &fields).await;
    assert_eq!(made.header("location"), Some("/desk/persone/marta-ferri"));
    let page = world.see(&seat, "/desk/persone/marta-ferri").await.body;
    let seen =
        page.split("name=\"visto\" value=\"").nth(1).and_then(|r| r.split('"').next()).expect("a mark").to_owned();
    let link = page.split("href=\"").find(|rest| rest.starts_with("/desk/temi/nuovo?")).expect("a link to a watch");
    let link = link.split('"').next().expect("it ends").replace("&#38;", "&").replace("&amp;", "&");
    let watch = world.see(&seat, &link).await.body;
    assert!(watch.contains("value=\"Marta Ferri\"") && watch.contains("vicesindaca"), "{watch}");
    let query = watch.split("name=\"ricerca\"").nth(1).and_then(|rest| rest.split("</textarea>").next());
    assert!(query.is_some_and(|query| query.matches(" OR ").count() == 2), "{query:?}");
    assert!(world.see(&seat, "/desk/persone").await.body.contains("15/06/2026"));
    // two officers: who comes second sees both texts
    fields.push(("visto", &seen));
    fields[2].1 = "Sindaca";
    assert_eq!(world.send(&seat, "/desk/persone/marta-ferri", &fields).await.status, StatusCode::SEE_OTHER);
    fields[2].1 = "Prefetta";
    let late = world.send(&seat, "/desk/persone/marta-ferri", &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("lia di prova ha cambiato") && late.body.contains("<dd>Sindaca</dd>"), "{}", late.body);
    assert_eq!(world.send(&seat, "/desk/persone/marta-ferri/chiudi", &[]).await.status, StatusCode::SEE_OTHER);
    let page = world.see(&seat, "/desk/persone/marta-ferri").await.body;
    assert!(page.contains("value=\"2026-11-25\"") && !page.contains("Chiudi la carica oggi"), "{page}");
    let wrong = world.send(&seat, "/desk/persone/nuova", &[("nome", ""), ("carica", ""), ("dal", "ieri")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["nome", "carica", "dal"] {
        assert!(wrong.body.contains(&format!("id=\"errore-{field}\"")), "{field}");
    }
    let reader = world.enter("ugo", Role::Viewer).await;
    let page = world.see(&reader, "/desk/persone/marta-ferri").await;
    assert!(page.status.is_success() && !page.body.contains("<form class=\"watch-form\""));
    assert_eq!(world.see(&reader, "/desk/persone/mai").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_administrator_sees_the_imports_and_takes_one_back() {
    use salastampa_domain::{Actor, Import, ImportId, Progress};
    let world = World::new(NOW).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let import = Import {
        id: ImportId(0),
        name: "storico.csv".into(),
        hash: "ab".into(),
        form: "{}".into(),
        by: Actor::Console,
        at: crate::world::at(NOW),
        progress: Progress::default(),
        done_at: None,
        back: None,
        removed: 0,
        spared: 0,
    };
    let id = write.record_import(&import).await.expect("an import");
    let progress = Progress { position: 1_240, taken: 1_200, known: 30, refused: 10, refused_bytes: 0 };
    write.record_import_progress(id, progress, Some(import.at)).await.expect("its counts");
    write.commit().await.expect("a commit");
    let admin = world.enter("ada", Role::Admin).await;
    assert!(world.see(&admin, "/desk/impostazioni").await.body.contains("/desk/importazioni"));
    let page = world.see(&admin, "/desk/importazioni").await.body;
    assert!(
        page.contains("storico.csv") && page.contains("1.200") && page.contains("/desk/importazioni/1/togli"),
        "{page}"
    );
    world.send(&admin, "/desk/importazioni/1/togli", &[]).await;
    let page = world.see(&admin, "/desk/importazioni").await.body;
    assert!(page.contains("In uscita: 0 articoli tolti finora") && !page.contains("/togli"), "{page}");
    assert_eq!(world.site().store.read().await.expect("rows").list_errands().await.expect("errands").len(), 1);
}
