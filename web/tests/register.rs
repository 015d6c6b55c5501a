//! What stands beside the text of a release, from outside: the leave for its quotations, its number in the register.

use crate::releases::{NEW, PAGE, TEXT, approved, hidden, office, written};
use crate::world::at;
use axum::http::StatusCode;

#[tokio::test]
async fn a_quotation_carries_who_let_it_go_out_until_its_words_change() {
    let (world, elena, carlo) = office().await;
    let with = async |words: &str, seen: Option<String>| {
        let text = format!("{TEXT}\n\n«{words}», dice Ada Corti, sindaca.");
        let mut fields = vec![("titolo", "Riapre il ponte"), ("tipo", "comunicato"), ("testo", text.as_str())];
        fields.extend([("liste", "locali"), ("contatti", "tel. 1"), ("virgolettati", "Ada Corti, sindaca")]);
        let path = match &seen {
            Some(seen) => {
                fields.push(("da", seen));
                format!("{PAGE}/modifica")
            }
            None => NEW.to_owned(),
        };
        let saved = world.send(&elena, &path, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        world.see(&elena, PAGE).await.body
    };
    let page = with("Il ponte torna a tutti da lunedì", None).await;
    assert!(page.contains("Manca il via libera") && page.contains("senza il via libera di chi parla"), "{page}");
    let note = |page: &str, when: &'static str| {
        vec![
            ("virgolettato", hidden(page, "virgolettato")),
            ("chi", "Ada Corti, sindaca".into()),
            ("quando", when.into()),
        ]
    };
    let post = async |fields: Vec<(&'static str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        world.send(&elena, &format!("{PAGE}/virgolettati"), &fields).await
    };
    assert_eq!(post(note(&page, "2026-11-23T10:00")).await.status, StatusCode::UNPROCESSABLE_ENTITY, "in the future");
    assert_eq!(post(note(&page, "2026-11-23T08:30")).await.status, StatusCode::SEE_OTHER);
    let free = world.see(&elena, PAGE).await.body;
    assert!(free.contains("Ada Corti, sindaca, <time") && !free.contains("senza il via libera"), "{free}");

    // one word more, and nobody has let it go out
    let seen = hidden(&world.see(&elena, &format!("{PAGE}/modifica")).await.body, "da");
    let changed = with("Il ponte torna a tutti quanti da lunedì", Some(seen)).await;
    assert!(changed.contains("Manca il via libera"), "{changed}");
    assert_eq!(post(note(&page, "2026-11-23T08:30")).await.status, StatusCode::CONFLICT, "the words of before");
    assert_eq!(post(note(&changed, "2026-11-23T08:45")).await.status, StatusCode::SEE_OTHER);

    // the proof has it, and whoever reads the approved text sees it
    world.send(&elena, &format!("{PAGE}/revisione"), &[]).await;
    let page = world.see(&carlo, PAGE).await.body;
    world.send(&carlo, &format!("{PAGE}/approva"), &[("visto", &hidden(&page, "visto"))]).await;
    let release = world.site().store.read().await.expect("rows").find_release("riapre-il-ponte").await;
    let release = release.expect("read").expect("there");
    let [kept] = &release.state.approved().expect("approved").quotes[..] else { panic!("{:?}", release.state) };
    assert_eq!((kept.who.as_str(), kept.at), ("Ada Corti, sindaca", at("2026-11-23 08:45")));
    assert!(world.see(&carlo, PAGE).await.body.contains("Via libera"));
    assert_eq!(post(note(&changed, "2026-11-23T08:50")).await.status, StatusCode::CONFLICT, "it is approved as it is");
}

#[tokio::test]
async fn what_was_approved_without_leave_waits_for_none_any_more() {
    let (world, elena, carlo) = office().await;
    let text = format!("{TEXT}\n\n«Il ponte torna a tutti da lunedì», dice Ada Corti, sindaca.");
    let fields = [("titolo", "Riapre il ponte"), ("tipo", "comunicato"), ("testo", text.as_str()), ("liste", "locali")];
    world.send(&elena, NEW, &fields).await;
    world.send(&elena, &format!("{PAGE}/revisione"), &[]).await;
    let page = world.see(&carlo, PAGE).await.body;
    assert!(
        page.contains("1 virgolettato non ha ancora il via libera") && page.contains("Segna il via libera"),
        "{page}"
    );
    world.send(&carlo, &format!("{PAGE}/approva"), &[("visto", &hidden(&page, "visto"))]).await;
    let page = world.see(&carlo, PAGE).await.body;
    assert!(page.contains("1 virgolettato è stato approvato senza un via libera segnato"), "{page}");
    assert!(!page.contains("non ha ancora") && !page.contains("Segna il via libera"), "{page}");
}

#[tokio::test]
async fn the_register_of_a_year_says_what_became_of_each_number() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    let page = world.see(&carlo, PAGE).await.body;
    world.send(&carlo, &format!("{PAGE}/invia"), &[("visto", &hidden(&page, "visto"))]).await;
    written(&world, &elena, "=Il testo; lasciato").await;
    world.send(&elena, "/desk/comunicati/il-testo-lasciato/revisione", &[]).await;
    world.send(&carlo, "/desk/comunicati/il-testo-lasciato/rimanda", &[("motivo", "non ora")]).await;
    // a number whose text is not here
    let mut write = world.site().store.write().await.expect("a turn");
    write.next_register(2026).await.expect("drawn");
    write.commit().await.expect("kept");

    let page = world.see(&elena, "/desk/registro/comunicati").await.body;
    for words in ["3 numeri assegnati", "2 senza un testo uscito", "Pubblico dal 23 novembre 2026, ore 09:00"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(
        page.contains("Il testo non è uscito: fermo dal") && page.contains("qui non c&#39;è il suo testo"),
        "{page}"
    );
    let table = world.see(&elena, "/desk/registro/comunicati/csv?anno=2026").await;
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = table.body.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("Numero;") && lines[1].starts_with("1/2026;2026-11-23T09:00"), "{}", table.body);
    assert!(lines[2].contains("\"'=Il testo; lasciato\""), "a formula stays text: {}", lines[2]);
    assert_eq!(lines.len(), 4, "{}", table.body);
    assert!(
        world.see(&elena, "/desk/registro/comunicati?anno=2020").await.body.contains("nessun comunicato ha ancora")
    );
}
