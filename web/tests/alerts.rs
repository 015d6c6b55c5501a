//! *Avvisi* from outside: what waits and who decides it, what has left and how fast, and the link that says *not for me*.

use crate::curation::{NOW, office};
use crate::world::at;
use axum::http::{Method, StatusCode};
use salastampa_domain::{Address, Alert, AlertState, ArticleId, Reader, ReaderId, Role, StoryId, WatchId};

#[tokio::test]
async fn the_alerts_of_a_day_say_why_and_how_long_it_took() {
    let world = office(1).await;
    let seat = world.enter("ugo", Role::Viewer).await;
    let page = world.see(&seat, "/desk/avvisi?giorno=2026-11-22").await.body;
    for part in ["1 avviso", "Ada Corti", "vista 18:00:00", "partita 20:00:00", "nessun invio"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<script>alert"));
    let none = world.see(&seat, "/desk/avvisi?giorno=2026-11-01&pagina=99").await.body;
    assert!(none.contains("Nessun avviso in questo giorno"));
    assert_eq!(world.see(&seat, "/desk/avvisi?giorno=mai").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_story_that_five_readers_were_told_of_stands_once_and_names_them() {
    let world = office(1).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let first = write.list_alerts_of_stories(&[StoryId(1)]).await.expect("alerts").remove(0);
    let ada = write.list_readers().await.expect("readers").remove(0);
    for name in ["Bruno Setti", "Carla Motta"] {
        let address = Address::parse(&format!("{}@bellariva.test", &name[..5].to_lowercase())).expect("an address");
        let slug = name.to_lowercase().replace(' ', "-");
        let reader = Reader { id: ReaderId(0), slug, name: name.into(), address, ..ada.clone() };
        let id = write.record_reader(&reader).await.expect("a reader");
        write.record_alert(&Alert { reader: id, ..first.clone() }).await.expect("raised");
    }
    write.commit().await.expect("a commit");
    let seat = world.enter("ugo", Role::Viewer).await;
    let page = world.see(&seat, "/desk/avvisi?giorno=2026-11-22").await.body;
    assert!(page.contains("3 avvisi"), "{page}");
    assert_eq!((page.matches("data-row ").count(), page.matches("vista 18:00:00").count()), (1, 1), "{page}");
    let at = |name: &str| page.find(name).unwrap_or_else(|| panic!("{name} in {page}"));
    assert!(at("Ada Corti") < at("Bruno Setti") && at("Bruno Setti") < at("Carla Motta"));
}

#[tokio::test]
async fn at_the_gate_a_story_gets_a_line_leaves_or_is_dropped_and_who_comes_late_is_told() {
    let world = office(3).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    for story in [2, 3] {
        let held = Alert {
            state: AlertState::Held,
            gated: true,
            due_at: Some(at("2026-11-23 06:49")),
            ..Alert::flash(StoryId(story), WatchId(1), ReaderId(1), ArticleId(story), at(NOW))
        };
        write.record_alert(&held).await.expect("raised");
    }
    write.commit().await.expect("a commit");
    let (seat, reads) = (world.enter("elena", Role::Editor).await, world.enter("irma", Role::Viewer).await);
    let page = world.see(&seat, "/desk/avvisi").await.body;
    assert_eq!(page.matches("name=\"storia\"").count(), 2, "{page}");
    assert!(page.contains("Parte da solo: ") && !page.contains("<script>alert"), "{page}");
    assert!(!world.see(&reads, "/desk/avvisi").await.body.contains("name=\"storia\""));
    let press = async |storia: &str, fai: &str| {
        world.send(&seat, "/desk/avvisi", &[("storia", storia), ("riga", "Sentita l'<assessora>"), ("fai", fai)]).await;
        world.see(&seat, "/desk/avvisi").await.body
    };
    let page = press("2", "riga").await;
    assert!(page.contains("Riga salvata.") && page.contains("value=\"Sentita l&#39;&#60;assessora&#62;\""), "{page}");
    let page = press("2", "invia").await;
    assert!(page.contains("Parte subito.") && page.contains("Parte: "), "{page}");
    let page = press("3", "scarta").await;
    assert!(page.contains("Scartato") && page.contains("scartato dall&#39;ufficio"), "{page}");
    let page = press("3", "invia").await;
    assert!(page.contains("è già partita, o qualcuno ha deciso prima"), "{page}");
    let times = world.see(&seat, "/desk/avvisi/tempi").await;
    assert_eq!(times.status, StatusCode::OK);
}

#[tokio::test]
async fn not_for_me_is_a_page_with_a_button_that_only_a_press_makes_count() {
    let world = office(1).await;
    let house = &world.site().house;
    let link = house.not_for_me_url(salastampa_domain::AlertId(1), at(NOW));
    let path = link.strip_prefix("https://stampa.bellariva.test").expect("a link of ours");
    let said = async || {
        let mut rows = world.site().store.read().await.expect("rows");
        rows.list_not_for_me(StoryId(1), ReaderId(1)).await.expect("rows").len()
    };
    let page = world.get(path).await;
    assert_eq!((page.status, said().await), (StatusCode::OK, 0));
    assert!(page.body.contains("conta solo il bottone") && !page.body.contains("<script>alert"), "{}", page.body);
    // what nobody may see any more is not named by its link either
    let hide = async |hidden: bool| {
        let mut write = world.site().store.write().await.expect("a turn");
        match hidden {
            true => write.record_hidden(ArticleId(1), None).await.expect("hidden"),
            false => write.record_shown(ArticleId(1), at(NOW)).await.expect("shown"),
        }
        write.commit().await.expect("a commit");
    };
    assert!(page.body.contains("Notizia 1"), "{}", page.body);
    hide(true).await;
    let page = world.get(path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("«notizia ritirata»") && !page.body.contains("Notizia 1"), "{}", page.body);
    hide(false).await;
    let done = world.ask(Method::POST, path).await;
    assert_eq!((done.status, said().await), (StatusCode::OK, 1));
    assert!(done.body.contains("non ti scriviamo più"), "{}", done.body);
    assert_eq!(world.ask(Method::POST, path).await.status, StatusCode::OK);
    let wrong = world.ask(Method::POST, &path.replacen("n-1", "n-2", 1)).await;
    assert_eq!((wrong.status, said().await), (StatusCode::NOT_FOUND, 1));
}

#[tokio::test]
async fn a_line_at_the_gate_is_not_written_over_by_a_page_that_shows_an_older_one() {
    let world = office(2).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let held = Alert {
        state: AlertState::Held,
        gated: true,
        due_at: Some(at("2026-11-23 06:49")),
        ..Alert::flash(StoryId(2), WatchId(1), ReaderId(1), ArticleId(2), at(NOW))
    };
    write.record_alert(&held).await.expect("raised");
    write.commit().await.expect("a commit");
    let (elena, marco) = (world.enter("elena", Role::Editor).await, world.enter("marco", Role::Editor).await);
    let line =
        async || world.site().store.read().await.expect("rows").list_open_alerts().await.expect("rows")[0].clone();
    let page = world.see(&elena, "/desk/avvisi").await.body;
    assert!(page.contains("name=\"riga-vista\" value=\"\""), "{page}");
    let press = async |seat, riga: &str, seen: &str, fai: &str| {
        let fields = [("storia", "2"), ("riga", riga), ("riga-vista", seen), ("fai", fai)];
        world.send(seat, "/desk/avvisi", &fields).await;
        world.see(seat, "/desk/avvisi").await.body
    };
    press(&elena, "Sentita l'assessora.", "", "riga").await;
    // Marco's page is older: he presses a button and has written nothing
    press(&marco, "", "", "trattieni").await;
    assert_eq!(line().await.note, "Sentita l'assessora.");
    // now he writes, on the same page: his words are not lost, and nothing leaves
    let page = press(&marco, "La strada è aperta.", "", "invia").await;
    assert!(page.contains("elena di prova ha cambiato") && page.contains("«La strada è aperta.»"), "{page}");
    let alert = line().await;
    assert_eq!((alert.note.as_str(), alert.state), ("Sentita l'assessora.", AlertState::Held));
    let page = press(&marco, "La strada è aperta.", "Sentita l'assessora.", "riga").await;
    assert!(page.contains("Riga salvata."), "{page}");
    assert_eq!(line().await.note, "La strada è aperta.");
    press(&elena, "", "La strada è aperta.", "riga").await;
    assert_eq!(line().await.note, "", "a line is taken away by who sees it");
}
