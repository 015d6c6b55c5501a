//! What leaves the archive and what the office lays beside it, from outside: files, dossiers, notes, tags, feeds.

use crate::archive::{article, editor, outlet, town};
use crate::world::{Answer, World, at};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    ClippingState, Edition, EditionId, Outlet, Placement, Review, RightsClass, Role, Schedule, Slot, Use, Visibility,
};

const NOW: &str = "2026-11-24 12:00";

async fn uses(world: &World) -> Vec<Use> {
    world.site().store.read().await.expect("rows").list_uses(None).await.expect("uses")
}

async fn verbs(world: &World) -> Vec<String> {
    let mut rows = world.site().store.read().await.expect("rows");
    let mut events = rows.list_events(100).await.expect("a log");
    events.reverse();
    events.into_iter().map(|event| event.verb).collect()
}

async fn inside(world: &World, slug: &str) -> Vec<i64> {
    let mut rows = world.site().store.read().await.expect("rows");
    let dossier = rows.find_dossier(slug).await.expect("rows").expect("a dossier");
    let mut ids: Vec<_> =
        rows.list_filed(dossier.id, 99).await.expect("rows").into_iter().map(|filed| filed.article.0).collect();
    ids.sort_unstable();
    ids
}

/// A value of a hidden field.
fn hidden(answer: &Answer, name: &str) -> String {
    let after = answer.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    after.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no {name}")).to_owned()
}

#[tokio::test]
async fn a_search_is_taken_along_as_a_file_and_the_log_names_who_took_it() {
    let (world, _) = town(&["Chiude il ponte", "Riapre il ponte", "Il viale"]).await;
    let reader = world.enter("ugo", Role::Viewer).await;
    let page = world.see(&reader, "/desk/archivio?q=ponte").await;
    assert!(page.body.contains("action=\"/desk/archivio/esporta\""), "{}", page.body);
    let fields = [("q", "titolo:ponte"), ("formato", "csv"), ("dopo", "1.2.3.4")];
    let file = world.send(&reader, "/desk/archivio/esporta", &fields).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = "attachment; filename=\"articoli-titolo-ponte-2026-11-24.csv\"";
    assert_eq!((file.header("content-disposition"), file.header("cache-control")), (Some(name), Some("no-store")));
    assert_eq!(file.body.lines().count(), 3, "{}", file.body);
    assert!(file.body.contains("\u{feff}numero;data;") && !file.body.contains("Il viale"), "{}", file.body);
    let pdf = world.send(&reader, "/desk/archivio/esporta", &[("q", "titolo:ponte"), ("formato", "pdf")]).await;
    assert!(pdf.body.starts_with("%PDF-") && pdf.header("content-type") == Some("application/pdf"));
    let lines = world.send(&reader, "/desk/archivio/esporta", &[("q", "viale"), ("formato", "jsonl-tags")]).await;
    assert!(lines.body.starts_with("{\"id\":3,") && lines.body.contains("\"tags\":[]"), "{}", lines.body);
    assert_eq!(uses(&world).await.len(), 5);

    for q in ["\"ponte", "introvabile"] {
        let refused = world.send(&reader, "/desk/archivio/esporta", &[("q", q)]).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{q}");
    }
    assert_eq!(verbs(&world).await, ["articles.export"; 3]);
    let chief = world.enter("ada", Role::Chief).await;
    let log = world.see(&chief, "/desk/registro/esportazioni").await;
    for words in ["ugo di prova", "ha esportato articoli", "titolo:ponte", ">pdf<", ">2<"] {
        assert!(log.body.contains(words), "{words} in {}", log.body);
    }
    let own = world.see(&editor(&world).await, "/desk/registro/esportazioni").await;
    assert!(!own.body.contains("ugo di prova") && own.body.contains("Nessuno ha ancora esportato"), "{}", own.body);
    assert_eq!(world.see(&reader, "/desk/registro/esportazioni").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_file_holds_no_text_that_its_outlet_keeps() {
    let mut world = World::new(NOW).await;
    let store = world.site().store.clone();
    let mut write = store.write().await.expect("a transaction");
    for (n, rights) in (1..).zip([RightsClass::Internal, RightsClass::LinkOnly, RightsClass::Own]) {
        let outlet = write.record_outlet(&Outlet { rights, ..outlet(&format!("t{n}"), "Testata") }).await.expect("one");
        let one = article(outlet, &format!("Ponte {n}"), at(NOW).plus(-n * HOUR));
        write.keep_article(&one, None, 0, at(NOW)).await.expect("kept").expect("new");
    }
    write.commit().await.expect("a commit");
    world.follow().await;
    let seat = editor(&world).await;
    let body = world.send(&seat, "/desk/archivio/esporta", &[("q", "ponte"), ("formato", "jsonl")]).await.body;
    let lines: Vec<&str> = body.lines().collect();
    assert!(!lines[0].contains("Lavori") && !lines[0].contains("https://") && !lines[0].contains("Nina"), "{body}");
    assert!(!lines[1].contains("Lavori") && lines[1].contains("https://il-lago.test/"), "{body}");
    assert!(lines[2].contains("I lavori al ponte"), "{body}");
    assert_eq!(uses(&world).await.iter().map(|used| used.full_text).collect::<Vec<_>>(), [false, false, true]);
}

#[tokio::test]
async fn a_dossier_is_filled_from_the_archive_the_clippings_and_an_article() {
    let (world, ids) = town(&["Ponte uno", "Ponte due", "Ponte tre"]).await;
    let seat = editor(&world).await;
    let id = ids[0].to_string();
    // from the list, into a new one
    let fields = [("q", "ponte"), ("articolo", id.as_str()), ("dossier_nuovo", "Ponte <b>vecchio")];
    let sent = world.send(&seat, "/desk/archivio/dossier", &fields).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, Some("/desk/archivio?q=ponte")));
    let told = world.see(&seat, "/desk/archivio?q=ponte").await;
    assert!(told.body.contains("1 articolo messo nel dossier «Ponte &#60;b&#62;vecchio»."), "{}", told.body);
    assert_eq!(inside(&world, "ponte-b-vecchio").await, [1]);
    let undo = [("evento", hidden(&told, "evento")), ("dove", "//altrove.test/".to_owned())];
    let undo = undo.each_ref().map(|(name, text)| (*name, text.as_str()));
    let back = world.send(&seat, "/desk/dossier/annulla", &undo).await;
    assert_eq!(back.header("location"), Some("/desk/dossier"), "it leads to the desk only");
    assert!(inside(&world, "ponte-b-vecchio").await.is_empty());
    // all that the search finds, into that one
    let fields = [("q", "titolo:due OR titolo:tre"), ("tutti", "1"), ("nel_dossier", "ponte-b-vecchio")];
    world.send(&seat, "/desk/archivio/dossier", &fields).await;
    assert_eq!(inside(&world, "ponte-b-vecchio").await, [2, 3]);
    // from an article, and out again
    world.send(&seat, "/desk/articoli/1/dossier", &[("nel_dossier", "ponte-b-vecchio")]).await;
    assert_eq!(inside(&world, "ponte-b-vecchio").await, [1, 2, 3]);
    let page = world.see(&seat, "/desk/articoli/1").await;
    assert!(page.body.contains("href=\"/desk/dossier/ponte-b-vecchio\">Ponte &#60;b&#62;vecchio"), "{}", page.body);
    world.send(&seat, "/desk/articoli/1/dossier/togli", &[("dossier", "ponte-b-vecchio")]).await;
    assert_eq!(inside(&world, "ponte-b-vecchio").await, [2, 3]);
    // from the clippings, by the story
    let mut write = world.site().store.write().await.expect("a transaction");
    let place = Placement::alone(ids[0]);
    let (_, story) = write.record_placement(&place, at(NOW)).await.expect("ok").expect("placed");
    write.commit().await.expect("a commit");
    let pick = format!("{story}.0");
    let fields =
        [("scelta", pick.as_str()), ("nel_dossier", "ponte-b-vecchio"), ("qui", "ritagli?edizione=x&vista=dentro")];
    let sent = world.send(&seat, "/desk/dossier/da-ritagli", &fields).await;
    assert_eq!(sent.header("location"), Some("/desk/ritagli?edizione=x&vista=dentro"));
    assert_eq!(inside(&world, "ponte-b-vecchio").await, [1, 2, 3]);
    for fields in
        [vec![("articolo", id.as_str())], vec![("dossier_nuovo", "x")], vec![("articolo", "1"), ("nel_dossier", "mai")]]
    {
        world.send(&seat, "/desk/archivio/dossier", &fields).await;
        let told = world.see(&seat, "/desk/archivio").await;
        assert!(told.body.contains("alert-warning desk-flash"), "{fields:?}");
    }
}

#[tokio::test]
async fn a_dossier_is_read_searched_exported_and_put_away() {
    let (world, _) = town(&["Ponte uno", "Ponte due", "Viale tre"]).await;
    let seat = editor(&world).await;
    let made = world.send(&seat, "/desk/dossier", &[("nome", "Ponte"), ("scopo", "Per il <i>consiglio")]).await;
    assert_eq!(made.header("location"), Some("/desk/dossier/ponte"));
    for id in ["1", "3"] {
        world.send(&seat, &format!("/desk/articoli/{id}/dossier"), &[("nel_dossier", "ponte")]).await;
    }
    world.send(&seat, "/desk/articoli/3/etichette", &[("etichetta", "Viabilità, Lavori")]).await;
    world.send(&seat, "/desk/articoli/3/note", &[("nota", "Sentire <u>l'assessora")]).await;
    let page = world.see(&seat, "/desk/dossier/ponte?ordine=vecchi").await;
    let order: Vec<_> = ["Viale tre", "Ponte uno"].iter().map(|title| page.body.find(title)).collect();
    assert!(order.is_sorted() && order[0].is_some(), "oldest first: {}", page.body);
    for words in ["2 articoli", "Sentire &#60;u&#62;l&#39;assessora", ">Viabilità</a>", "Per il &#60;i&#62;consiglio"]
    {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    // who only reads sees the dossier, not the notes
    let reader = world.enter("ugo", Role::Viewer).await;
    for path in ["/desk/dossier/ponte", "/desk/articoli/3"] {
        let page = world.see(&reader, path).await;
        assert!(page.status == StatusCode::OK && page.body.contains("Viabilità"), "{path}");
        assert!(!page.body.contains("assessora") && !page.body.contains("/togli\""), "{path}: {}", page.body);
    }
    // the search, narrowed to it and to a tag
    let narrowed = world.see(&seat, "/desk/archivio?q=titolo%3Aponte&dossier=ponte").await;
    assert!(
        narrowed.body.contains(">1 articolo</h2>") && narrowed.body.contains("Dossier: Ponte"),
        "{}",
        narrowed.body
    );
    let tagged = world.see(&seat, "/desk/archivio?etichetta=VIABILIT%C3%80").await;
    assert!(
        tagged.body.contains(">1 articolo</h2>") && tagged.body.contains("Etichetta: Viabilità"),
        "{}",
        tagged.body
    );
    let both = world.see(&seat, "/desk/archivio?dossier=ponte&etichetta=viabilita&q=titolo%3A%22uno%22").await;
    assert!(both.body.contains("Nessun articolo corrisponde"), "{}", both.body);
    let unknown = world.see(&seat, "/desk/archivio?dossier=mai&etichetta=mai").await;
    assert!(unknown.body.contains(">3 articoli</h2>"), "what nobody knows is let go");

    let file = world.send(&seat, "/desk/dossier/ponte/esporta", &[("formato", "jsonl"), ("ordine", "vecchi")]).await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"articoli-ponte-2026-11-24.jsonl\""));
    assert!(file.body.starts_with("{\"id\":3,") && file.body.lines().count() == 2, "{}", file.body);
    assert!(
        !file.body.contains("assessora") && !file.body.contains("Viabilità"),
        "the office's words stay: {}",
        file.body
    );
    let taken = world.send(&seat, "/desk/dossier/ponte/togli", &[("articolo", "3"), ("ordine", "vecchi")]).await;
    assert_eq!(taken.header("location"), Some("/desk/dossier/ponte?ordine=vecchi"));
    let told = world.see(&seat, "/desk/dossier/ponte").await;
    let event = hidden(&told, "evento");
    world.send(&seat, "/desk/dossier/annulla", &[("evento", &event), ("dove", "/desk/dossier/ponte")]).await;
    assert_eq!(inside(&world, "ponte").await, [1, 3]);

    world.send(&seat, "/desk/dossier/ponte/riponi", &[]).await;
    world.send(&seat, "/desk/articoli/2/dossier", &[("nel_dossier", "ponte")]).await;
    assert_eq!(inside(&world, "ponte").await, [1, 3], "nothing is added to what was put away");
    let list = world.see(&seat, "/desk/dossier").await;
    assert!(list.body.contains("Un dossier riposto"), "{}", list.body);
    world.send(&seat, "/desk/dossier/ponte/riprendi", &[]).await;
    let wrong = world.send(&seat, "/desk/dossier", &[("nome", "PONTE"), ("scopo", "resta")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"errore-nome\"") && wrong.body.contains("\nresta</textarea>"), "{}", wrong.body);
    assert_eq!(world.see(&seat, "/desk/dossier/mai").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_note_that_is_not_taken_is_given_back() {
    let (world, _) = town(&["Ponte"]).await;
    let (lia, ada) = (editor(&world).await, world.enter("ada", Role::Chief).await);
    let long = "è".repeat(4_001);
    let refused = world.send(&lia, "/desk/articoli/1/note", &[("nota", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(&long) && refused.body.contains("La nota supera i 4.000 caratteri"));
    world.send(&lia, "/desk/articoli/1/note", &[("nota", "Prima")]).await;
    let page = world.see(&ada, "/desk/articoli/1").await;
    let mark = hidden(&page, "visto");
    let change = async |seat, text: &str| {
        world.send(seat, "/desk/articoli/1/note/cambia", &[("quale", "1"), ("visto", &mark), ("nota", text)]).await
    };
    assert_eq!(change(&ada, "Della capa").await.status, StatusCode::SEE_OTHER);
    let late = change(&lia, "Della redattrice").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("Della redattrice</textarea>") && late.body.contains("Della capa"), "{}", late.body);
    let other = world.enter("ugo", Role::Editor).await;
    let page = world.see(&other, "/desk/articoli/1").await;
    assert!(page.body.contains("Della capa") && !page.body.contains("note/elimina"), "{}", page.body);
    world.send(&other, "/desk/articoli/1/note/elimina", &[("quale", "1")]).await;
    assert!(world.see(&ada, "/desk/articoli/1").await.body.contains("Della capa"));
    world.send(&lia, "/desk/articoli/1/note/elimina", &[("quale", "1")]).await;
    assert!(!world.see(&ada, "/desk/articoli/1").await.body.contains("Della capa"));
    // a tag, away and back
    world.send(&lia, "/desk/articoli/1/etichette", &[("etichetta", "Lavori")]).await;
    world.send(&lia, "/desk/articoli/1/etichette/togli", &[("etichetta", "lavori")]).await;
    let told = world.see(&lia, "/desk/articoli/1").await;
    assert!(told.body.contains("Etichetta «Lavori» tolta."), "{}", told.body);
    world.send(&lia, "/desk/articoli/1/etichette", &[("etichetta", &hidden(&told, "etichetta"))]).await;
    assert!(world.see(&lia, "/desk/articoli/1").await.body.contains(">Lavori</a>"));
}

#[tokio::test]
async fn a_feed_is_read_at_its_secret_address_until_that_is_changed() {
    let (world, ids) = town(&["Chiude il <ponte> & la strada", "Il viale"]).await;
    let seat = editor(&world).await;
    let form = world.see(&seat, "/desk/feed/nuovo?q=ponte").await;
    assert!(form.body.contains("name=\"q\" type=\"text\" value=\"ponte\""), "{}", form.body);
    let fields = [("q", "titolo:ponte"), ("nome", "Il ponte & <noi>"), ("lettori", "3")];
    let made = world.send(&seat, "/desk/feed/nuovo", &fields).await;
    let address = |page: &Answer| {
        let after = page.body.split("https://stampa.bellariva.test").nth(1).expect("an address");
        after.split('<').next().unwrap_or_default().to_owned()
    };
    let path = address(&made);
    assert!(path.starts_with("/feed/") && path.len() == 70, "{path}");
    let feed = world.get(&path).await;
    assert_eq!(feed.status, StatusCode::OK);
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    assert_eq!(
        (feed.header("cache-control"), feed.header("x-robots-tag")),
        (Some("private, max-age=300"), Some("noindex"))
    );
    assert!(feed.header("set-cookie").is_none());
    assert_eq!(feed.body.matches("<entry>").count(), 1, "{}", feed.body);
    for words in [
        "<title>Il ponte &amp; &lt;noi&gt;</title>",
        "<title>Chiude il &lt;ponte&gt; &amp; la strada</title>",
        "<link rel=\"alternate\" href=\"https://il-lago.test/",
    ] {
        assert!(feed.body.contains(words), "{words} in {}", feed.body);
    }
    assert!(!feed.body.contains(&path[6..]), "the key is not in the file");
    assert_eq!(uses(&world).await.len(), 1);
    assert_eq!(uses(&world).await[0].readers, 3);

    let tag = feed.header("etag").expect("a tag").to_owned();
    let again = async |known: &str| {
        let request = Request::builder().method(Method::GET).uri(&path).header("if-none-match", known);
        world.answer(request.body(Body::empty()).expect("a request")).await
    };
    let same = again(&format!("\"x\", {tag}")).await;
    assert_eq!((same.status, same.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(same.header("etag"), Some(tag.as_str()));
    assert_eq!(again("\"x\"").await.status, StatusCode::OK);
    assert_eq!(uses(&world).await.len(), 1, "one use, however often it is asked");
    for _ in 0..40 {
        world.get(&path).await;
    }
    let much = world.get(&path).await;
    assert_eq!((much.status, much.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, Some("600")));
    world.set("2026-11-24 12:10");
    assert_eq!(world.get(&path).await.status, StatusCode::OK);

    let renewed = world.send(&seat, "/desk/feed/1/rinnova", &[]).await;
    let new = address(&renewed);
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get(&new).await.status, StatusCode::OK);
    let list = world.see(&seat, "/desk/feed").await;
    assert!(list.body.contains("Ricerca: titolo:ponte") && !list.body.contains(&new[6..]), "{}", list.body);
    world.send(&seat, "/desk/feed/1/chiudi", &[]).await;
    let closed = world.get(&new).await;
    assert_eq!((closed.status, closed.header("x-robots-tag")), (StatusCode::NOT_FOUND, Some("noindex")));
    assert!(world.see(&seat, "/desk/feed").await.body.contains("Un feed chiuso"));
    let wrong = world.send(&seat, "/desk/feed/nuovo", &[("q", "\"ponte"), ("nome", ""), ("lettori", "0")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["nome", "lettori", "ricerca"] {
        assert!(wrong.body.contains(&format!("id=\"errore-{field}\"")), "{field}: {}", wrong.body);
    }
    // of a watch: what was clipped and not dropped
    let mut write = world.site().store.write().await.expect("a transaction");
    let watch = write.find_watch("ponte").await.expect("rows").expect("a watch").id;
    for (article, state) in
        [(ids[0], ClippingState::Proposed), (ids[1], ClippingState::Dropped { by: salastampa_domain::UserId(1) })]
    {
        let id = write.record_clipping(article, watch, at(NOW), &[], false).await.expect("ok").expect("new");
        write.record_clipping_state(id, state).await.expect("ok");
    }
    write.commit().await.expect("a commit");
    let made = world.send(&seat, "/desk/feed/nuovo", &[("tema", "ponte"), ("nome", "Tema"), ("lettori", "1")]).await;
    assert_eq!(world.get(&address(&made)).await.body.matches("<entry>").count(), 1);
    assert_eq!(world.see(&seat, "/desk/feed/nuovo?tema=mai").await.status, StatusCode::NOT_FOUND);
    let log = ["feed.add", "feed.renew", "feed.revoke", "feed.add"];
    assert_eq!(verbs(&world).await, log);
}

#[tokio::test]
async fn the_last_issues_of_an_edition_are_read_as_atom_and_as_json_at_one_secret_address() {
    let (world, ids) = town(&["Chiude il <ponte> & la strada"]).await;
    let seat = editor(&world).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let edition = |slug: &str, visibility| Edition {
        id: EditionId(0),
        slug: slug.into(),
        name: format!("Rassegna {slug}"),
        schedule: Schedule::parse("0 7 * * *").expect("a schedule"),
        ready_before: 15,
        visibility,
        sections: Vec::new(),
        cap: 12,
        outlet_cap: 0,
        holidays: Default::default(),
        order: Default::default(),
        done: Slot::of(at(NOW)),
    };
    let id = write.record_edition(&edition("mattino", Visibility::Readers)).await.expect("an edition");
    write.record_edition(&edition("giunta", Visibility::Reserved)).await.expect("an edition");
    let sample = salastampa_digest::sample::review();
    let mut out = Review { edition: id, version: 1, ..sample };
    out.sections.truncate(1);
    out.sections[0].entries.truncate(1);
    let entry = &mut out.sections[0].entries[0];
    (entry.article, entry.title, entry.also_in) = (ids[0], "Chiude il <ponte> & la strada".into(), Vec::new());
    let out = Review { id: write.record_review(out.clone()).await.expect("a review"), ..out };
    write.record_review_version(&out, at(NOW), &[]).await.expect("frozen");
    write.commit().await.expect("a commit");

    let list = world.see(&seat, "/desk/rassegna").await.body;
    assert!(list.contains("/desk/feed/nuovo?edizione=mattino") && !list.contains("nuovo?edizione=giunta"), "{list}");
    let form = world.see(&seat, "/desk/feed/nuovo?edizione=mattino").await;
    assert!(form.body.contains("Edizione «Rassegna mattino»"), "{}", form.body);
    let fields = [("edizione", "mattino"), ("nome", "Mattino"), ("lettori", "3")];
    let made = world.send(&seat, "/desk/feed/nuovo", &fields).await;
    let paths: Vec<String> = made
        .body
        .split("https://stampa.bellariva.test")
        .skip(1)
        .filter_map(|part| part.split('<').next())
        .filter(|path| path.starts_with("/feed/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(paths.len(), 2, "{}", made.body);
    assert_eq!(paths[1], format!("{}.json", paths[0]));
    let atom = world.get(&paths[0]).await;
    assert_eq!(atom.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    assert!(atom.body.contains("<title>Chiude il &lt;ponte&gt; &amp; la strada</title>"), "{}", atom.body);
    let json = world.get(&paths[1]).await;
    assert_eq!((json.status, json.header("content-type")), (StatusCode::OK, Some("application/json")));
    let value: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
    assert_eq!(value["issues"][0]["sections"][0]["entries"][0]["title"], "Chiude il <ponte> & la strada");
    assert!(!json.body.contains(&paths[0][6..]), "the key is not in the file");
    let tag = json.header("etag").expect("a tag").to_owned();
    let request = Request::builder().method(Method::GET).uri(&paths[1]).header("if-none-match", &tag);
    let same = world.answer(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
    assert_eq!(uses(&world).await.len(), 1);

    let reserved = [("edizione", "giunta"), ("nome", "Giunta"), ("lettori", "3")];
    let refused = world.send(&seat, "/desk/feed/nuovo", &reserved).await;
    assert!(refused.status.is_client_error() && !refused.body.contains("/feed/r"), "{}", refused.body);
    let made = world.send(&seat, "/desk/feed/nuovo", &[("q", "ponte"), ("nome", "Ponte"), ("lettori", "1")]).await;
    let path = made.body.split("https://stampa.bellariva.test").nth(1).and_then(|part| part.split('<').next());
    let plain = path.expect("an address").to_owned();
    assert_eq!(world.get(&plain).await.status, StatusCode::OK);
    assert_eq!(world.get(&format!("{plain}.json")).await.status, StatusCode::NOT_FOUND, "only issues are JSON");
}
