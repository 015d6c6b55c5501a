//! Candidates, the review and alerts from outside: what is decided on the pages, who may, and what a link opens.

use crate::world::{Answer, Seat, World, at};
use axum::http::StatusCode;
use salastampa_acts::review;
use salastampa_domain::{
    Address, Alert, ArticleId, Edition, EditionId, ForeignText, Grading, IssueKey, NewArticle, Outlet, OutletId,
    OutletKind, Placement, Reader, ReaderId, Receives, ReviewId, RevisionKind, RightsClass, Role, Schedule, Section,
    SectionId, Signals, Slot, SourceId, StoryId, TokenPurpose, Urgency, Via, Visibility, Watch, WatchId,
};

pub(crate) const NOW: &str = "2026-11-22 20:00";
pub(crate) const SCRIPT: &str = "<script>alert(1)</script>";
pub(crate) const ISSUE: &str = "/desk/rassegna/generale/2026-11-23T07:00:00";

pub(crate) fn key() -> IssueKey {
    IssueKey { edition: EditionId(1), slot: Slot::parse("2026-11-23T07:00:00").expect("a slot") }
}

/// An edition for seven o'clock with two sections, one reader, and so many stories of hostile titles.
pub(crate) async fn office(stories: i64) -> World {
    let world = World::new(NOW).await;
    let store = world.site().store.clone();
    let mut write = store.write().await.expect("a transaction");
    let outlet = Outlet {
        id: OutletId(0),
        slug: "il-lago".into(),
        name: format!("Il Lago {SCRIPT}"),
        kind: OutletKind::Local,
        area: "Bellariva".into(),
        tier: 2,
        rights: RightsClass::ExtractOnly,
        contract: None,
        home: None,
    };
    let outlet = write.record_outlet(&outlet).await.expect("an outlet");
    let watch = Watch {
        id: WatchId(0),
        slug: "lungolago".into(),
        name: format!("Lungolago {SCRIPT}"),
        query: "lungolago".into(),
        weight: 5,
        urgency: Urgency::Flash,
        hold: 0,
        grading: Grading::default(),
        retired_at: None,
    };
    let watch = write.record_watch(&watch).await.expect("a watch");
    let section = |name: &str| Section { id: SectionId(0), name: name.into(), watches: vec![watch] };
    let edition = Edition {
        id: EditionId(0),
        slug: "generale".into(),
        name: format!("Rassegna {SCRIPT}"),
        schedule: Schedule::parse("0 7 * * *").expect("a schedule"),
        ready_before: 15,
        visibility: Visibility::Readers,
        sections: vec![section(&format!("Lavori {SCRIPT}")), section("Scuola")],
        cap: 20,
        outlet_cap: 0,
        holidays: Default::default(),
        order: Default::default(),
        done: Slot::of(at("2026-11-22 07:00")),
    };
    let id = write.record_edition(&edition).await.expect("an edition");
    let reader = Reader {
        id: ReaderId(0),
        slug: "sindaca".into(),
        name: format!("Ada Corti {SCRIPT}"),
        address: Address::parse("sindaca@bellariva.test").expect("an address"),
        language: "it".into(),
        watches: vec![watch],
        editions: vec![id],
        receives: Receives { alerts: true, reviews: true },
        quiet: None,
        second: None,
        second_at_night: false,
        push: None,
    };
    let reader = write.record_reader(&reader).await.expect("a reader");
    let seen = at("2026-11-22 18:00");
    for n in 1..=stories {
        let article = NewArticle {
            outlet,
            via: Via::Source { source: SourceId(1) },
            url: format!("https://il-lago.test/{n}"),
            key: format!("https://il-lago.test/{n}"),
            guid: None,
            title: format!("Notizia {n} {SCRIPT}"),
            lead: ForeignText::new(format!("Riapre {SCRIPT}")),
            body: ForeignText::new("testo che non si mostra mai ".repeat(40)),
            authors: vec![SCRIPT.into()],
            rubric: None,
            published_at: Some(seen.plus(-n * 60_000)),
            language: None,
            signals: Signals::default(),
            first_seen: seen,
            backlog: false,
        };
        let id = write.keep_article(&article, None, 20_000, seen).await.expect("written").expect("new");
        let alone = Placement::alone(id);
        write.record_placement(&alone, seen).await.expect("placed");
        write.record_clipping(id, watch, seen, &[SCRIPT.into()], true).await.expect("clipped");
        if n == 1 {
            write
                .record_alert(&Alert::flash(StoryId(1), watch, reader, id, at(NOW)).left(at(NOW)))
                .await
                .expect("raised");
        }
    }
    write.commit().await.expect("a commit");
    world
}

pub(crate) async fn press(world: &World, seat: &Seat, fields: &[(&str, &str)]) -> Answer {
    world.send(seat, &format!("{ISSUE}/fai"), fields).await
}

/// The titles of the review as it would leave now, in order.
pub(crate) fn titles(page: &str) -> Vec<String> {
    page.split("<h3 dir=\"auto\">")
        .skip(1)
        .filter_map(|part| part.split_once("Notizia "))
        .map(|(_, rest)| rest.split_whitespace().next().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_story_is_kept_dropped_and_taken_back_and_the_page_comes_back_at_the_next_line() {
    let world = office(3).await;
    let seat = world.enter("elena", Role::Editor).await;
    let list = world.see(&seat, "/desk/ritagli").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(!list.body.contains("<script>alert"), "{}", list.body);
    assert!(!list.body.contains("non si mostra mai"));
    for part in ["value=\"tieni.1.0.2\"", "data-key=\"r\"", "id=\"riga-2\"", "Decidi 3 candidati"] {
        assert!(list.body.contains(part), "{part} in {}", list.body);
    }
    let kept = press(&world, &seat, &[("fai", "tieni.2.0.3"), ("qui", "ritagli?edizione=generale")]).await;
    assert_eq!(kept.header("location"), Some("/desk/ritagli?edizione=generale#riga-3"));
    let list = world.see(&seat, "/desk/ritagli").await;
    assert!(list.body.contains("Tenuta.") && list.body.contains("value=\"annulla.1\""), "{}", list.body);
    press(&world, &seat, &[("fai", "scarta.1.0.2"), ("qui", "ritagli")]).await;
    let issue = world.see(&seat, ISSUE).await;
    assert_eq!(titles(&issue.body), ["2", "3"]);
    assert!(!issue.body.contains("<script>alert"));
    press(&world, &seat, &[("fai", "annulla"), ("qui", "ritagli")]).await;
    assert_eq!(titles(&world.see(&seat, ISSUE).await.body), ["2", "1", "3"]);
}

#[tokio::test]
async fn lines_that_are_ticked_and_the_one_that_a_key_means_are_decided_together_or_alone() {
    let world = office(4).await;
    let seat = world.enter("elena", Role::Editor).await;
    let none = press(&world, &seat, &[("fai", "tieni"), ("qui", "ritagli")]).await;
    assert_eq!(none.status, StatusCode::SEE_OTHER);
    assert!(world.see(&seat, "/desk/ritagli").await.body.contains("Non è segnata nessuna riga"));
    press(&world, &seat, &[("fai", "tieni-2"), ("scelta", "3.0"), ("scelta", "1.0"), ("qui", "ritagli")]).await;
    let key =
        [("fai", "tienip"), ("riga", "4.0"), ("poi", "2"), ("scelta", "2.0"), ("qui", "ritagli?edizione=generale")];
    let answer = press(&world, &seat, &key).await;
    assert_eq!(answer.header("location"), Some("/desk/ritagli?edizione=generale#riga-2"));
    press(&world, &seat, &[("fai", "scartaresto"), ("indecisa", "2.0"), ("qui", "ritagli")]).await;
    let issue = world.see(&seat, ISSUE).await.body;
    assert_eq!(titles(&issue), ["4", "3", "1"]);
    assert!(issue.contains("<strong>Principale</strong>"));
}

#[tokio::test]
async fn a_viewer_reads_and_decides_nothing() {
    let world = office(2).await;
    let seat = world.enter("ugo", Role::Viewer).await;
    let issue = world.see(&seat, ISSUE).await;
    assert_eq!(issue.status, StatusCode::OK);
    for act in ["value=\"tieni.", "value=\"conferma\"", "/incolla\""] {
        assert!(!issue.body.contains(act), "{act}");
    }
    press(&world, &seat, &[("fai", "scarta.1.0.2")]).await;
    assert!(world.see(&seat, ISSUE).await.body.contains("Il ruolo «lettore» non può farlo"));
    assert_eq!(titles(&world.see(&seat, ISSUE).await.body).len(), 2);
}

#[tokio::test]
async fn a_reserved_edition_is_not_there_for_who_may_not_see_it() {
    let world = office(1).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let edition = write.find_edition("generale").await.expect("read").expect("there");
    write.record_edition(&Edition { visibility: Visibility::Reserved, ..edition }).await.expect("written");
    write.commit().await.expect("a commit");
    let (editor, chief) = (world.enter("elena", Role::Editor).await, world.enter("teresa", Role::Chief).await);
    for path in [ISSUE, "/desk/ritagli?edizione=generale", &format!("{ISSUE}/mail"), &format!("{ISSUE}/pdf")] {
        assert_eq!(world.see(&editor, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!world.see(&editor, "/desk/rassegna").await.body.contains("generale"));
    assert_eq!(world.see(&chief, ISSUE).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_text_that_came_second_is_shown_beside_the_first_and_loses_no_word() {
    let world = office(1).await;
    let (elena, marco) = (world.enter("elena", Role::Editor).await, world.enter("marco", Role::Editor).await);
    let story = format!("{ISSUE}/notizia/1");
    let fields = |version, words| [("versione", version), ("sintesi", words), ("nota", "")];
    let saved = world.send(&elena, &story, &fields("0", "Parole di Elena")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let stale = world.send(&marco, &story, &fields("0", "Parole di Marco </textarea>")).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [
        "Parole di Elena",
        "Parole di Marco &#60;/textarea&#62;",
        "elena di prova ha cambiato",
        "name=\"versione\" value=\"1\"",
    ] {
        assert!(stale.body.contains(part), "{part} in {}", stale.body);
    }
    let long = "x".repeat(801);
    let refused = world.send(&marco, &story, &fields("1", &long)).await;
    assert!(refused.body.contains("801") && refused.body.contains(&long) && refused.body.contains("aria-invalid"));
    assert!(world.see(&elena, ISSUE).await.body.contains("Parole di Elena"));
}

#[tokio::test]
async fn what_leaves_is_seen_in_a_frame_that_can_do_nothing() {
    let world = office(2).await;
    let seat = world.enter("elena", Role::Editor).await;
    let page = world.see(&seat, &format!("{ISSUE}/anteprima")).await;
    assert!(page.header("content-security-policy").expect("a policy").ends_with("frame-src 'self'"));
    assert!(page.body.contains("sandbox></iframe>") && page.body.contains("bozza"));
    let mail = world.see(&seat, &format!("{ISSUE}/mail?lingua=en")).await;
    let policy = mail.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("sandbox; default-src 'none'") && !policy.contains("script"), "{policy}");
    assert!(!mail.body.contains("<script>alert") && mail.body.contains("draft"));
    let paper = world.see(&seat, &format!("{ISSUE}/pdf")).await;
    assert_eq!(paper.header("content-type"), Some("application/pdf"));
    assert!(paper.body.starts_with("%PDF"));
}

#[tokio::test]
async fn an_issue_is_confirmed_published_and_then_shown_as_it_left() {
    let world = office(2).await;
    let seat = world.enter("elena", Role::Editor).await;
    press(&world, &seat, &[("fai", "conferma")]).await;
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("confermata da elena di prova") && page.contains("value=\"sconferma\""), "{page}");
    press(&world, &seat, &[("fai", "scarta.1.1.2")]).await;
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("va confermata di nuovo") && page.contains("value=\"conferma\""), "{page}");
    press(&world, &seat, &[("fai", "pubblica")]).await;
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("Uscita, versione 1") && page.contains("confermata da elena di prova"), "{page}");
    assert_eq!(titles(&page), ["2"]);
    let list = world.see(&seat, "/desk/rassegna").await.body;
    assert!(list.contains("2026-11-23T07:00:00") && list.contains("2026-11-24T07:00:00"), "{list}");
    // what is put back after it left makes the next version
    press(&world, &seat, &[("fai", "tieni.1.2.1")]).await;
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("La prossima versione") && page.contains("value=\"versione\""), "{page}");
    press(&world, &seat, &[("fai", "versione")]).await;
    assert_eq!(titles(&world.see(&seat, ISSUE).await.body), ["2", "1"]);
}

#[tokio::test]
async fn who_confirms_a_page_that_is_no_more_is_told_who_did_what_and_presses_again() {
    let world = office(2).await;
    let (elena, marco) = (world.enter("elena", Role::Editor).await, world.enter("marco", Role::Editor).await);
    let seen = |page: &str| {
        let (_, rest) = page.split_once("name=\"visto\" value=\"").expect("the page says what it shows");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let older = seen(&world.see(&elena, ISSUE).await.body);
    press(&world, &marco, &[("fai", "scarta.1.0.2")]).await;
    for verb in ["conferma", "pubblica"] {
        press(&world, &elena, &[("fai", verb), ("qui", "rassegna"), ("visto", &older)]).await;
        let page = world.see(&elena, ISSUE).await.body;
        assert!(
            page.contains("marco di prova: ") && page.contains("Non è stato confermato né inviato nulla"),
            "{page}"
        );
        assert!(page.contains("value=\"conferma\"") && !page.contains("Uscita, versione 1"), "{page}");
    }
    let now = seen(&world.see(&elena, ISSUE).await.body);
    press(&world, &elena, &[("fai", "conferma"), ("qui", "rassegna"), ("visto", &now)]).await;
    let page = world.see(&elena, ISSUE).await.body;
    assert!(page.contains("confermata da elena di prova"), "{page}");
}

#[tokio::test]
async fn a_link_opens_its_review_until_it_ends_or_is_revoked_and_nothing_else() {
    let world = office(2).await;
    let seat = world.enter("elena", Role::Editor).await;
    let (store, house) = (&world.site().store, &world.site().house);
    review::publish_now(store, house, "elena", key(), None, at(NOW)).await.expect("published");
    let path = |purpose, thing| {
        let link = review::web_link(house, purpose, thing, at(NOW));
        link.strip_prefix("https://stampa.bellariva.test").expect("a link of ours").to_owned()
    };
    let link = path(TokenPurpose::Review, ReviewId(1).0);
    let page = world.get(&link).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), (Some("no-store"), Some("noindex")));
    assert!(page.body.contains("Notizia 1") && !page.body.contains("<script>alert"), "{}", page.body);
    assert!(!page.body.contains("non si mostra mai"));
    assert!(world.get(&format!("{link}/pdf")).await.body.starts_with("%PDF"));
    let article = world.get(&path(TokenPurpose::Article, 1)).await;
    assert!(article.body.contains("Notizia 1") && !article.body.contains("non si mostra mai"), "{}", article.body);
    for wrong in [
        link.replacen("r-1", "r-2", 1),
        link.replacen("/l/r", "/l/a", 1),
        "/l/x".into(),
        path(TokenPurpose::Review, 9),
        path(TokenPurpose::Unsubscribe, 1),
        format!("{link}?v=7"),
    ] {
        assert_eq!(world.get(&wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    world.set("2026-11-22 20:05");
    press(&world, &seat, &[("fai", "revoca")]).await;
    let gone = world.get(&link).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.body.contains("Questo collegamento non apre nulla"));
    world.set("2026-11-22 21:00");
    let anew = review::web_link(house, TokenPurpose::Review, 1, at("2026-11-22 21:00"));
    let anew = anew.strip_prefix("https://stampa.bellariva.test").expect("a link of ours");
    assert_eq!(world.get(anew).await.status, StatusCode::OK);
    world.set("2026-12-30 21:00");
    assert_eq!(world.get(anew).await.status, StatusCode::NOT_FOUND, "it has ended");
}

#[tokio::test]
async fn an_address_that_is_none_is_said_beside_its_field_and_a_good_one_waits_for_the_network() {
    let world = office(1).await;
    let seat = world.enter("elena", Role::Editor).await;
    let paste = format!("{ISSUE}/incolla");
    let refused = world.send(&seat, &paste, &[("indirizzo", "lago.test \"x"), ("sezione", "2")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["id=\"errore-indirizzo\"", "lago.test &#34;x", "value=\"2\" selected", "Errore:"] {
        assert!(refused.body.contains(part), "{part} in {}", refused.body);
    }
    let left = world.send(&seat, &paste, &[("indirizzo", "https://altrove.test/1"), ("sezione", "2")]).await;
    assert_eq!(left.header("location"), Some(format!("{ISSUE}#incolla").as_str()));
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("https://altrove.test/1: lettura in corso") && page.contains("data-refresh"), "{page}");
}

#[tokio::test]
async fn what_is_no_issue_has_no_page() {
    let world = office(1).await;
    let seat = world.enter("elena", Role::Editor).await;
    for path in [
        "/desk/rassegna/generale/2026-11-23T08:00:00",
        "/desk/rassegna/generale/mai",
        "/desk/rassegna/mai/2026-11-23T07:00:00",
        "/desk/rassegna/99",
        &format!("{ISSUE}/notizia/99"),
        "/desk/ritagli?edizione=mai",
    ] {
        assert_eq!(world.see(&seat, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let nothing = press(&world, &seat, &[("fai", "vola.1.0.1")]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_story_whose_article_changed_since_is_marked_before_and_after_the_review_is_out() {
    let world = office(2).await;
    let seat = world.enter("elena", Role::Editor).await;
    assert!(!world.see(&seat, "/desk/ritagli").await.body.contains("/versioni/"));
    let revise = async |article: i64, kind, when: &str| {
        let mut write = world.site().store.write().await.expect("a transaction");
        let text = ForeignText::new("Riapre un giorno dopo.");
        let title = format!("Notizia {article} cambiata");
        write.record_revision(ArticleId(article), kind, at(when), &title, &text, &text).await.expect("written");
        write.commit().await.expect("a commit");
    };
    revise(1, RevisionKind::Correction, "2026-11-22 19:00").await;
    for path in ["/desk/ritagli", ISSUE] {
        let page = world.see(&seat, path).await.body;
        let mark = "href=\"/desk/articoli/1/versioni/2\">corretto dopo, 22 nov 2026, 19:00</a>";
        assert_eq!(page.matches(mark).count(), 1, "{path}: {page}");
        assert!(!page.contains("/articoli/2/versioni/"), "{path}");
    }
    // who keeps it now has seen the new text
    press(&world, &seat, &[("fai", "tieni.1.0.2"), ("qui", "ritagli")]).await;
    assert!(!world.see(&seat, "/desk/ritagli").await.body.contains("/versioni/"));
    revise(1, RevisionKind::Removal, "2026-11-22 21:00").await;
    assert!(world.see(&seat, "/desk/ritagli").await.body.contains("tolto dal sito, 22 nov 2026, 21:00"));
}

#[tokio::test]
async fn weights_are_tried_without_being_saved_and_saved_by_who_answers_for_the_review() {
    let world = office(3).await;
    let elena = world.enter("elena", Role::Editor).await;
    let page = world.see(&elena, "/desk/pesi").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Notizia 1") && !page.body.contains(SCRIPT));
    let tried = [("version", "0"), ("tier", "0"), ("freshness", "3")];
    let page = world.send(&elena, "/desk/pesi/prova", &tried).await;
    assert!(page.body.contains("È una prova") && page.body.contains("→"), "before and after");
    assert!(world.site().store.read().await.expect("rows").find_weights().await.expect("read").is_none());
    let wrong = world.send(&elena, "/desk/pesi", &[("version", "0"), ("tier", "mille")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"mille\"") && wrong.body.contains("da 0 a 100"));
    let saved = world.send(&elena, "/desk/pesi", &tried).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let second = world.send(&elena, "/desk/pesi", &[("version", "0"), ("tier", "5")]).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY, "made over older weights");
    let viewer = world.enter("vera", Role::Viewer).await;
    let page = world.see(&viewer, "/desk/pesi").await;
    assert!(page.status == StatusCode::OK && !page.body.contains("/desk/pesi/prova"));
}

#[tokio::test]
async fn the_two_numbers_stand_on_the_first_page_once_an_issue_has_left_and_leave_as_a_table() {
    let world = office(2).await;
    let elena = world.enter("elena", Role::Editor).await;
    assert!(!world.see(&elena, "/desk/oggi").await.body.contains("id=\"lavoro\""));
    assert!(world.see(&elena, "/desk/qualita").await.body.contains("Non è ancora uscito"));
    let kept = press(&world, &elena, &[("fai", "tieni.1.0.2"), ("qui", "ritagli")]).await;
    assert!(kept.status.is_redirection(), "{}", kept.status);
    world.set("2026-11-22 20:01");
    let site = world.site();
    assert!(
        review::publish_now(&site.store, &site.house, "elena", key(), None, at("2026-11-22 20:01")).await.expect("out")
    );
    assert!(world.see(&elena, "/desk/oggi").await.body.contains("id=\"lavoro\""));
    // a stance is often given when the issue is out
    press(&world, &elena, &[("fai", "tono-critico.1.1"), ("qui", "rassegna")]).await;
    let page = world.see(&elena, "/desk/qualita").await.body;
    assert!(page.contains("novembre 2026") && page.contains("Critiche"), "{page}");
    let table = world.see(&elena, "/desk/qualita/numeri.csv").await;
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = table.body.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].starts_with("\"generale\",2026-11-23T07:00:00,2026-11-22T20:01:00"), "{}", lines[1]);
    assert!(lines[0].ends_with(",favourable,neutral,critical") && lines[1].ends_with(",0,0,1"), "{}", table.body);
}

#[tokio::test]
async fn what_may_be_one_story_stands_on_both_pages_and_is_joined_by_a_button() {
    let world = office(3).await;
    let mut write = world.site().store.write().await.expect("a transaction");
    let doubt = Placement { story: Some(StoryId(2)), perhaps: Some(StoryId(1)), ..Placement::alone(ArticleId(2)) };
    write.record_placement(&doubt, at(NOW)).await.expect("placed");
    write.commit().await.expect("kept");
    let (seat, reads) = (world.enter("elena", Role::Editor).await, world.enter("irma", Role::Viewer).await);
    for story in [1, 2] {
        let page = world.see(&seat, &format!("{ISSUE}/notizia/{story}")).await.body;
        assert!(page.contains("Forse collegata") && page.contains("value=\"unisci\""), "{page}");
        assert!(!page.contains("<script>alert"), "{page}");
        let page = world.see(&reads, &format!("{ISSUE}/notizia/{story}")).await.body;
        assert!(page.contains("Forse collegata") && !page.contains("value=\"unisci\""), "{page}");
    }
    assert!(!world.see(&seat, &format!("{ISSUE}/notizia/3")).await.body.contains("Forse collegata"));
    let fields = [("fai", "unisci"), ("qui", "rassegna"), ("scelta", "1.0"), ("scelta", "2.0")];
    world.send(&seat, &format!("{ISSUE}/fai"), &fields).await;
    let page = world.see(&seat, &format!("{ISSUE}/notizia/1")).await.body;
    assert!(page.contains("articolo-1") && page.contains("articolo-2") && !page.contains("Forse collegata"), "{page}");
}

#[tokio::test]
async fn the_stance_of_a_story_is_said_by_a_button_counted_and_kept_from_readers() {
    let world = office(2).await;
    let seat = world.enter("elena", Role::Editor).await;
    press(&world, &seat, &[("fai", "tono-critico.1.0"), ("qui", "notizia?1")]).await;
    let page = world.see(&seat, &format!("{ISSUE}/notizia/1")).await.body;
    assert!(page.contains("aria-pressed=\"true\">critico"), "{page}");
    let page = world.see(&seat, ISSUE).await.body;
    assert!(page.contains("Tono verso l&#39;ente: critico") && page.contains("1 critica"), "{page}");
    let shown = world.see(&seat, &format!("{ISSUE}/mail")).await;
    assert!(shown.status == StatusCode::OK && !shown.body.contains("critic"), "{}", shown.body);
    let answer = press(&world, &seat, &[("fai", "tono-furioso.1.1"), ("qui", "notizia?1")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    press(&world, &seat, &[("fai", "tono-nessuno.1.1"), ("qui", "notizia?1")]).await;
    assert!(!world.see(&seat, ISSUE).await.body.contains("1 critica"));
}
