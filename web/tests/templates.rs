//! House templates from outside: the head of the office keeps them, whoever writes begins with one.

use crate::releases::{hidden, office};
use axum::http::StatusCode;
use salastampa_acts::{Denied, Error, templates};
use salastampa_domain::Role;

#[tokio::test]
async fn a_release_begins_with_a_template_and_the_office_keeps_its_own() {
    let (world, elena, carlo) = office().await;
    let form = world.see(&elena, "/desk/comunicati/nuovo").await.body;
    assert!(form.contains("Parti da un modello") && form.contains("Chiusura di una strada"), "{form}");
    assert!(!form.contains("Cambia i modelli"), "who writes does not keep them");
    let filled = world.see(&elena, "/desk/comunicati/nuovo?modello=strada").await.body;
    assert!(filled.contains("[Via o piazza] chiusa al traffico") && filled.contains("value=\"viabilità\""), "{filled}");
    assert_eq!(world.see(&elena, "/desk/comunicati/nuovo?modello=nessuno").await.status, StatusCode::NOT_FOUND);

    let fields =
        [("nome", "Sport"), ("tipo", "nota"), ("titolo", "[Squadra] vince"), ("testo", "Ieri [squadra] ha vinto.")];
    let done = world.send(&carlo, "/desk/modelli/nuovo", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let form = world.see(&elena, "/desk/comunicati/nuovo?modello=sport").await.body;
    assert!(form.contains("[Squadra] vince") && form.contains("<option value=\"nota\" selected"), "{form}");
    let wrong = [("nome", ""), ("tipo", "nota"), ("titolo", ""), ("testo", "Ieri <b>")];
    let again = world.send(&carlo, "/desk/modelli/sport", &wrong).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.body.contains("Scrivi come si chiama il modello") && again.body.contains("Ieri &#60;b&#62;"),
        "{}",
        again.body
    );

    // one of the first day is put away, offered to nobody, and comes back as it was
    world.send(&carlo, "/desk/modelli/strada/togli", &[]).await;
    assert!(!world.see(&elena, "/desk/comunicati/nuovo").await.body.contains("Chiusura di una strada"));
    assert_eq!(world.see(&elena, "/desk/comunicati/nuovo?modello=strada").await.status, StatusCode::NOT_FOUND);
    assert!(world.see(&carlo, "/desk/modelli").await.body.contains("Messi da parte"));
    world.send(&carlo, "/desk/modelli/strada/ripristina", &[]).await;
    assert!(world.see(&elena, "/desk/comunicati/nuovo").await.body.contains("Chiusura di una strada"));

    // two people: the second to save sees the first's text, and loses none
    let page = world.see(&carlo, "/desk/modelli/strada").await.body;
    let seen = hidden(&page, "visto");
    let save = async |title: &str| {
        let fields =
            [("visto", seen.as_str()), ("nome", "Strada"), ("tipo", "nota"), ("titolo", title), ("testo", "[testo]")];
        world.send(&carlo, "/desk/modelli/strada", &fields).await
    };
    assert_eq!(save("Uno").await.status, StatusCode::SEE_OTHER);
    let late = save("Due").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("value=\"Due\"") && late.body.contains("titolo = &#34;Uno&#34;"), "{}", late.body);
}

#[tokio::test]
async fn a_template_begins_a_release_under_a_name_that_is_free() {
    let (world, ..) = office().await;
    let (store, house, now) = (&world.site().store, &world.site().house, world.now());
    templates::begin(store, house, "conferenza", "ponte", "elena", now).await.expect("begun");
    let release = store.read().await.expect("rows").find_release("ponte").await.expect("read").expect("there");
    assert!(release.title.contains("conferenza stampa") && release.draft.contains("tipo = \"invito\""));
    for (from, to) in [("conferenza", "ponte"), ("nessuno", "altro"), ("conferenza", "Altro nome")] {
        let refused = templates::begin(store, house, from, to, "elena", now).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{from} {to}: {refused:?}");
    }
    world.enter("vera", Role::Viewer).await;
    let refused = templates::begin(store, house, "conferenza", "altro", "vera", now).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::Role { .. }))), "{refused:?}");
}
