//! Releases at the desk, from outside: two people write, approve, send, stop and correct, with forms alone.

use crate::world::{Answer, Seat, World, at};
use axum::http::StatusCode;
use salastampa_domain::*;

pub(crate) const NEW: &str = "/desk/comunicati/nuovo";
pub(crate) const PAGE: &str = "/desk/comunicati/riapre-il-ponte";
pub(crate) const TEXT: &str = "Da lunedì 23 novembre il Comune apre il ponte sul Gerna.";

/// An office with two journalists on one list, a redattrice and a capo.
pub(crate) async fn office() -> (World, Seat, Seat) {
    let world = World::new("2026-11-23 09:00").await;
    let mut write = world.site().store.write().await.expect("a turn");
    let mut members = Vec::new();
    for (name, trusted) in [("rita", true), ("ugo", false)] {
        let contact = Contact {
            id: ContactId(0),
            name: format!("{name} <b>Valli</b>"),
            address: Address::parse(&format!("{name}@riva.test")).expect("an address"),
            outlet: "La <i>Riva</i>".into(),
            medium: Medium::Print,
            beats: Vec::new(),
            territory: String::new(),
            language: "it".into(),
            accepts_embargo: trusted,
            basis: Basis::PublicTask,
            origin: "sito".into(),
            notice_at: None,
            expires: None,
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
        };
        members.push(write.record_contact(&contact).await.expect("a contact"));
    }
    let list = MailingList {
        id: ListId(0),
        slug: "locali".into(),
        name: "Testate locali".into(),
        membership: Membership::Hand,
    };
    write.record_list(&list, &members).await.expect("a list");
    write.commit().await.expect("kept");
    let elena = world.enter("elena", Role::Editor).await;
    let carlo = world.enter("carlo", Role::Chief).await;
    (world, elena, carlo)
}

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let after =
        page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    after.split('"').next().unwrap_or_default().to_owned()
}

pub(crate) async fn written(world: &World, who: &Seat, title: &str) -> Answer {
    let fields =
        [("titolo", title), ("tipo", "comunicato"), ("testo", TEXT), ("liste", "locali"), ("contatti", "tel. 1")];
    let saved = world.send(who, NEW, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    saved
}

/// The page after an act, with what it says once.
async fn after(world: &World, who: &Seat, answer: Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    world.see(who, answer.header("location").expect("a way")).await.body
}

pub(crate) async fn approved(world: &World, elena: &Seat, carlo: &Seat) {
    written(world, elena, "Riapre il ponte").await;
    world.send(elena, &format!("{PAGE}/revisione"), &[]).await;
    let page = world.see(carlo, PAGE).await.body;
    let done = world.send(carlo, &format!("{PAGE}/approva"), &[("visto", &hidden(&page, "visto"))]).await;
    assert!(after(world, carlo, done).await.contains("Approvato. Adesso si può inviare"));
}

#[tokio::test]
async fn a_release_goes_from_the_form_to_the_outbox_with_two_people() {
    let (world, elena, carlo) = office().await;
    let saved = written(&world, &elena, "Riapre il ponte").await;
    assert_eq!(saved.header("location"), Some(PAGE));
    let draft = world.see(&elena, PAGE).await.body;
    assert!(draft.contains("Manda in revisione") && draft.contains("apre il ponte sul Gerna"), "{draft}");
    let sent = world.send(&elena, &format!("{PAGE}/revisione"), &[]).await;
    let review = after(&world, &elena, sent).await;
    assert!(review.contains("spetta al capo ufficio stampa"), "why she cannot approve: {review}");
    let list = world.see(&carlo, "/desk/comunicati?stato=in_review").await.body;
    assert!(list.contains("Attende la tua approvazione"), "{list}");
    let page = world.see(&carlo, PAGE).await.body;
    assert!(page.contains("2 messaggi partono"), "{page}");
    world.send(&carlo, &format!("{PAGE}/approva"), &[("visto", &hidden(&page, "visto"))]).await;
    let who = world.see(&carlo, &format!("{PAGE}/destinatari")).await.body;
    for name in ["rita &#60;b&#62;Valli", "ugo@riva.test", "La &#60;i&#62;Riva", "Testate locali"] {
        assert!(who.contains(name), "{name} in {who}");
    }
    let ready = world.see(&carlo, PAGE).await.body;
    assert!(ready.contains("Invia adesso a 2 persone"), "{ready}");
    let sent = world.send(&carlo, &format!("{PAGE}/invia"), &[("visto", &hidden(&ready, "visto"))]).await;
    let out = after(&world, &carlo, sent).await;
    assert!(out.contains("Invio avviato: 2 messaggi.") && out.contains("data-refresh"), "{out}");
    assert_eq!(world.states().await, ["queued", "queued"]);
    let who = world.see(&carlo, &format!("{PAGE}/destinatari")).await;
    assert_eq!(who.header("location"), Some("/desk/invii?tipo=release&cosa=1"), "who got it is in the outbox");
    let again = world.send(&carlo, &format!("{PAGE}/invia"), &[]).await;
    assert!(after(&world, &carlo, again).await.contains("alert-warning"), "pressing twice sends once");
    assert_eq!(world.states().await, ["queued", "queued"]);
}

#[tokio::test]
async fn a_word_to_one_journalist_is_written_beside_their_name_and_a_long_one_comes_back() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    let path = format!("{PAGE}/destinatari");
    let who = world.see(&elena, &path).await.body;
    let first = hidden(&who, "a");
    let long = "è".repeat(601);
    let again = world.send(&elena, &path, &[("a", &first), ("nota", &long)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains(&long) && again.body.contains("al massimo 600 caratteri"), "{}", again.body);
    let kept = world.send(&elena, &path, &[("a", &first), ("nota", "Cara <Rita>,\r\na domani.")]).await;
    let page = after(&world, &elena, kept).await;
    assert!(page.contains("La nota è salvata") && page.contains("Cara &#60;Rita&#62;,\na domani."), "{page}");
    let nobody = world.send(&elena, &path, &[("a", "99"), ("nota", "Chi?")]).await;
    assert!(after(&world, &elena, nobody).await.contains("alert-warning"));
    let gone = world.send(&elena, &path, &[("a", &first), ("nota", " ")]).await;
    let page = after(&world, &elena, gone).await;
    assert!(page.contains("La nota è tolta") && !page.contains("a domani"), "{page}");
    let events = world.see(&carlo, PAGE).await.body;
    assert!(events.contains("nota personale scritta") && events.contains("nota personale tolta"), "{events}");
}

#[tokio::test]
async fn nobody_approves_their_own_text_and_the_button_says_why() {
    let (world, _, carlo) = office().await;
    written(&world, &carlo, "Riapre il ponte").await;
    world.send(&carlo, &format!("{PAGE}/revisione"), &[]).await;
    let page = world.see(&carlo, PAGE).await.body;
    assert!(page.contains("Manca l&#39;approvazione di un secondo operatore"), "{page}");
    let tried = world.send(&carlo, &format!("{PAGE}/approva"), &[("visto", &hidden(&page, "visto"))]).await;
    assert!(after(&world, &carlo, tried).await.contains("serve un secondo operatore"));
    assert!(world.see(&carlo, PAGE).await.body.contains("Approva questo testo"));
}

#[tokio::test]
async fn a_form_that_is_wrong_comes_back_with_what_was_typed_and_why() {
    let (world, elena, _) = office().await;
    let typed =
        [("titolo", ""), ("testo", "Il <script>ponte</script>"), ("data", "domani"), ("sommario", "ciò che resta")];
    let again = world.send(&elena, NEW, &typed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in
        ["<title>Errore:", "id=\"errore-titolo\"", "id=\"errore-data\"", "ciò che resta", "&#60;script&#62;ponte"]
    {
        assert!(again.body.contains(part), "{part} in {}", again.body);
    }
    assert!(world.see(&elena, "/desk/comunicati").await.body.contains("nessun comunicato"), "nothing was kept");
}

#[tokio::test]
async fn two_people_at_one_text_see_both_and_overwrite_nothing() {
    let (world, elena, carlo) = office().await;
    written(&world, &elena, "Riapre il ponte").await;
    let edit = format!("{PAGE}/modifica");
    let seen = hidden(&world.see(&elena, &edit).await.body, "da");
    let fields = |testo: &'static str, seen: &str| {
        let seen = seen.to_owned();
        [
            ("titolo", "Riapre il ponte".to_owned()),
            ("testo", testo.to_owned()),
            ("liste", "locali".to_owned()),
            ("da", seen),
        ]
    };
    async fn post(world: &World, who: &Seat, path: &str, fields: [(&str, String); 4]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        world.send(who, path, &fields).await
    }
    world.set("2026-11-23 09:05");
    let first = post(&world, &carlo, &edit, fields("Il testo di Carlo.", &seen)).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let stale = post(&world, &elena, &edit, fields("Il testo di <Elena>.", &seen)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    for part in [
        "carlo di prova ha salvato un altro testo (23 novembre 2026, ore 09:05)",
        "Il testo di Carlo.",
        "&#60;Elena&#62;",
    ] {
        assert!(stale.body.contains(part), "{part} in {}", stale.body);
    }
    assert!(world.see(&elena, PAGE).await.body.contains("Il testo di Carlo."), "what was saved stands");
    let merged = post(&world, &elena, &edit, fields("Il testo di tutti e due.", &hidden(&stale.body, "da"))).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "after both were seen it is saved");
    assert!(world.see(&elena, PAGE).await.body.contains("Il testo di tutti e due."));
}

#[tokio::test]
async fn a_check_and_a_preview_write_nothing() {
    let (world, elena, _) = office().await;
    let typed =
        [("titolo", "Riapre il ponte"), ("testo", "Testo *vivo* e <script>x()</script>."), ("liste", "mai-vista")];
    let checked = world.send(&elena, &format!("{NEW}/controlla"), &typed).await;
    assert_eq!(checked.status, StatusCode::OK);
    assert!(
        checked.body.contains("nessuna lista «mai-vista»") && checked.body.contains("manca il sommario"),
        "{}",
        checked.body
    );
    assert!(checked.body.contains("Testo *vivo*"), "the text is in the form");
    let policy = checked.header("content-security-policy").expect("a policy");
    assert!(policy.contains("frame-src 'self'") && policy.contains("script-src 'self'"), "{policy}");
    let seen = world.send(&elena, &format!("{NEW}/anteprima"), &typed).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains("<em>vivo</em>") && !seen.body.contains("<script>"), "{}", seen.body);
    assert!(!seen.body.contains("{{disiscrizione}}"));
    let policy = seen.header("content-security-policy").expect("a policy");
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    let early = world.send(&elena, &format!("{NEW}/anteprima"), &[("titolo", "")]).await;
    assert!(early.body.contains("non si può ancora comporre"), "{}", early.body);
    assert!(world.see(&elena, "/desk/comunicati").await.body.contains("nessun comunicato"));
}

#[tokio::test]
async fn a_text_goes_back_with_a_reason_and_without_one_the_form_says_so() {
    let (world, elena, carlo) = office().await;
    written(&world, &elena, "Riapre il ponte").await;
    world.send(&elena, &format!("{PAGE}/revisione"), &[]).await;
    let none = world.send(&carlo, &format!("{PAGE}/rimanda"), &[("motivo", " ")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.body.contains("id=\"errore-motivo\""), "{}", none.body);
    let back = world.send(&carlo, &format!("{PAGE}/rimanda"), &[("motivo", "Manca il <giorno>.")]).await;
    let page = after(&world, &carlo, back).await;
    assert!(page.contains("Manca il &#60;giorno&#62;.") && page.contains("rimandato in bozza"), "{page}");
}

#[tokio::test]
async fn a_scheduled_release_can_be_stopped_and_its_hour_must_lie_ahead() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    for (hour, sentence) in
        [("2026-11-23T08:00", "già passata"), ("domani", "scrivi giorno e ora"), ("2026-11-24", "scrivi giorno")]
    {
        let refused = world.send(&carlo, &format!("{PAGE}/programma"), &[("ora", hour)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{hour}");
        assert!(
            refused.body.contains(sentence) && refused.body.contains(&format!("value=\"{hour}\"")),
            "{hour}: {}",
            refused.body
        );
    }
    let unseen = world.send(&carlo, &format!("{PAGE}/programma"), &[("ora", "2026-11-23T11:00")]).await;
    assert!(after(&world, &carlo, unseen).await.contains("non è più quello che avevi davanti"));
    let visto = hidden(&world.see(&carlo, PAGE).await.body, "visto");
    let hour = [("ora", "2026-11-23T11:00"), ("visto", visto.as_str())];
    let waits = world.send(&carlo, &format!("{PAGE}/programma"), &hour).await;
    let page = after(&world, &carlo, waits).await;
    assert!(page.contains("Programmato per il 23 novembre 2026, ore 11:00: 2 messaggi."), "{page}");
    let stopped = world.send(&carlo, &format!("{PAGE}/ferma"), &[]).await;
    let page = after(&world, &carlo, stopped).await;
    assert!(page.contains("2 messaggi non partono") && page.contains("non diventa pubblico"), "{page}");
    assert_eq!(world.states().await, ["cancelled", "cancelled"]);
    world.set("2026-11-23 11:30");
    assert_eq!(world.get("/novita/comunicati/2026/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn versions_are_compared_and_their_mails_shown() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    let edit = format!("{PAGE}/modifica");
    let page = world.see(&elena, &edit).await.body;
    assert!(page.contains("l&#39;approvazione cade"), "{page}");
    let seen = hidden(&page, "da");
    world
        .send(
            &elena,
            &edit,
            &[("titolo", "Riapre il ponte"), ("testo", "Da martedì."), ("liste", "locali"), ("da", &seen)],
        )
        .await;
    let compared = world.see(&elena, &format!("{PAGE}/confronto?da=1&a=bozza")).await.body;
    assert!(compared.contains("<ins>") && compared.contains("<del>") && compared.contains("martedì"), "{compared}");
    let same = world.see(&elena, &format!("{PAGE}/confronto?da=1&a=1")).await.body;
    assert!(same.contains("I due testi sono uguali."));
    let mail = world.see(&elena, &format!("{PAGE}/mail?versione=1")).await.body;
    assert!(
        mail.contains("Versione 1, com&#39;è fissata")
            && mail.contains("[Comune di Bellariva sul Lago] Riapre il ponte")
    );
    let raw = world.see(&elena, &format!("{PAGE}/mail/html?versione=1")).await;
    assert!(
        raw.body.contains("lunedì 23 novembre")
            && raw.header("content-security-policy").is_some_and(|p| p.contains("sandbox"))
    );
    assert_eq!(world.see(&elena, &format!("{PAGE}/mail?versione=7")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_only_reads_sees_what_the_public_sees_and_no_more() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    for role in [Role::Viewer, Role::Admin] {
        let reader = world.enter(&format!("chi-{}", role.name()), role).await;
        assert!(!world.see(&reader, "/desk/comunicati").await.body.contains("Riapre il ponte"));
        assert_eq!(world.see(&reader, PAGE).await.status, StatusCode::NOT_FOUND);
        for path in [format!("{PAGE}/modifica"), NEW.to_owned(), "/desk/invii".into(), "/desk/invii/1".into()] {
            assert_eq!(world.see(&reader, &path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for act in ["revisione", "approva", "rimanda", "programma", "invia", "ferma", "ritira", "modifica"] {
            let tried = world
                .send(
                    &reader,
                    &format!("{PAGE}/{act}"),
                    &[("motivo", "x"), ("perche", "x"), ("ora", "2027-01-01T10:00")],
                )
                .await;
            assert_ne!(tried.status, StatusCode::OK, "{act}");
        }
    }
    assert!(world.states().await.is_empty());
    world
        .send(&carlo, &format!("{PAGE}/invia"), &[("visto", &hidden(&world.see(&carlo, PAGE).await.body, "visto"))])
        .await;
    let reader = world.enter("lettore", Role::Viewer).await;
    let list = world.see(&reader, "/desk/comunicati").await.body;
    assert!(list.contains("Riapre il ponte") && !list.contains("Nuovo comunicato"), "{list}");
    let page = world.see(&reader, PAGE).await.body;
    assert!(
        page.contains("apre il ponte sul Gerna") && !page.contains("<form method=\"post\" action=\"/desk/comunicati"),
        "{page}"
    );
    assert_eq!(world.see(&reader, &format!("{PAGE}/destinatari")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_uncertain_waits_for_a_person_who_says_how_they_know() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    world
        .send(&carlo, &format!("{PAGE}/invia"), &[("visto", &hidden(&world.see(&carlo, PAGE).await.body, "visto"))])
        .await;
    let mut write = world.site().store.write().await.expect("a turn");
    let now = at("2026-11-23 09:01");
    for held in write.claim_deliveries(&salastampa_store::Claim::of("w", now, now.plus(9), 9)).await.expect("a claim") {
        write.start_data(held.id, "w", 1).await.expect("begun");
        let said = Attempt {
            delivery: held.id,
            number: 1,
            phase: AttemptPhase::Data,
            started: now,
            ended: Some(now),
            code: Some(451),
            text: "<script>451</script>".into(),
            cause: None,
        };
        write.record_attempt(&said).await.expect("written");
        write.finish_delivery(held.id, "w", 1, &DeliveryState::Uncertain, None, now).await.expect("booked");
    }
    write.commit().await.expect("kept");
    let list = world.see(&elena, "/desk/invii?stato=uncertain&chi=RITA").await.body;
    assert!(
        list.contains("rita@riva.test") && !list.contains("ugo@riva.test") && list.contains("2 invii incerti"),
        "{list}"
    );
    assert!(
        world.see(&elena, "/desk/invii?chi=%25&prima=x&cosa=x&tipo=x&stato=x").await.body.contains("Nessun messaggio")
    );
    let page = world.see(&elena, "/desk/invii/1").await.body;
    assert!(page.contains("Decidi tu") && page.contains("&#60;script&#62;451"), "{page}");
    let none = world.send(&elena, "/desk/invii/1/decidi", &[("esito", "arrivato"), ("motivo", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = world.send(&elena, "/desk/invii/1/decidi", &[("esito", "arrivato"), ("motivo", "ha risposto")]).await;
    let page = after(&world, &elena, done).await;
    assert!(page.contains("accettata dal server") && page.contains("elena di prova: ha risposto"), "{page}");
    world.send(&elena, "/desk/invii/2/decidi", &[("esito", "rimanda")]).await;
    assert_eq!(world.states().await, ["accepted", "queued"]);
    assert_eq!(world.see(&elena, "/desk/invii/99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.send(&elena, "/desk/invii/2/decidi", &[("esito", "boh")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_the_server_refuses_for_our_fault_says_why_and_goes_on_when_somebody_says_so() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    world
        .send(&carlo, &format!("{PAGE}/invia"), &[("visto", &hidden(&world.see(&carlo, PAGE).await.body, "visto"))])
        .await;
    let mut write = world.site().store.write().await.expect("a turn");
    let lane = Lane::Campaign { kind: DeliveryKind::Release, thing: 1 };
    write.record_pause(&lane.pause(Cause::Policy, "550 5.7.515 <DMARC>", at("2026-11-23 09:05"))).await.expect("kept");
    write.record_pause(&Lane::All.pause(Cause::Login, "535 no", at("2026-11-23 09:06"))).await.expect("kept");
    write.commit().await.expect("kept");
    assert!(world.see(&elena, "/desk/oggi").await.body.contains("2 invii sono in pausa"));
    let page = world.see(&elena, PAGE).await.body;
    assert!(page.contains("manca SPF, DKIM o DMARC") && page.contains("&#60;DMARC&#62;"), "{page}");
    assert!(page.contains("Tutta la posta"), "what holds all mail back holds this back: {page}");
    let list = world.see(&elena, "/desk/invii").await.body;
    assert!(list.contains("Riapre il ponte") && list.contains("Un messaggio si prova da sé"), "{list}");
    let done = world.send(&elena, "/desk/invii/riprendi", &[("corsia", "release:1")]).await;
    assert_eq!(done.header("location"), Some(PAGE));
    let page = after(&world, &elena, done).await;
    assert!(page.contains("Ripreso") && !page.contains("DMARC") && page.contains("Tutta la posta"), "{page}");
    let done = world.send(&elena, "/desk/invii/riprendi", &[("corsia", "tutto")]).await;
    assert_eq!(done.header("location"), Some("/desk/invii"));
    assert!(!world.see(&elena, "/desk/invii").await.body.contains("In pausa"));
    let twice = world.send(&elena, "/desk/invii/riprendi", &[("corsia", "tutto")]).await;
    assert!(after(&world, &elena, twice).await.contains("Non era più in pausa"));
    for lane in ["release:99", "release:x", "boh:1", ""] {
        let none = world.send(&elena, "/desk/invii/riprendi", &[("corsia", lane)]).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND, "{lane}");
    }
}

#[tokio::test]
async fn a_release_that_is_out_is_corrected_by_the_same_form_and_withdrawn_with_a_reason() {
    let (world, elena, carlo) = office().await;
    approved(&world, &elena, &carlo).await;
    world
        .send(&carlo, &format!("{PAGE}/invia"), &[("visto", &hidden(&world.see(&carlo, PAGE).await.body, "visto"))])
        .await;
    let edit = world.see(&elena, &format!("{PAGE}/modifica")).await.body;
    assert!(edit.contains("Rettifica del comunicato") && edit.contains("Salva come rettifica"), "{edit}");
    let fields = [
        ("titolo", "Riapre il ponte, martedì"),
        ("testo", "Da martedì."),
        ("liste", "locali"),
        ("da", &hidden(&edit, "da")),
    ];
    world.send(&elena, &format!("{PAGE}/modifica"), &fields).await;
    let list = world.see(&elena, "/desk/comunicati").await.body;
    assert!(list.contains("Una rettifica è in preparazione"), "{list}");
    let reader = world.enter("lettore", Role::Viewer).await;
    let list = world.see(&reader, "/desk/comunicati").await.body;
    assert!(list.contains(">Riapre il ponte<") && !list.contains("martedì"), "the public title: {list}");
    let none = world.send(&carlo, &format!("{PAGE}/ritira"), &[("perche", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = world.send(&carlo, &format!("{PAGE}/ritira"), &[("perche", "Era <sbagliato>")]).await;
    let page = after(&world, &carlo, gone).await;
    assert!(
        page.contains("Ritirato: 2 messaggi fermati, 0 persone avvisate.") && page.contains("Era &#60;sbagliato&#62;"),
        "{page}"
    );
    assert_eq!(world.see(&carlo, &format!("{PAGE}/modifica")).await.status, StatusCode::CONFLICT);
}
