//! Election time at the desk, from outside: the calendar, the line on each page, what the composer says, two signatures,
//! a release that was scheduled before.

use crate::world::{Answer, Seat, World, at};
use axum::http::StatusCode;
use salastampa_domain::*;

const PAGE: &str = "/desk/comunicati/via-roma-chiusa-per-lavori";
const PLAIN: &str = "Da lunedì 3 maggio via Roma è chiusa per lavori.";
const MAYOR: &str = "Lunedì 3 maggio il sindaco Rossi inaugura la palestra.";
const REASON: &str = "Chi abita lì deve spostare l'auto.";

/// Elena writes, Carlo and Dina are heads, Sara is an administrator who may sign second; nobody is on the list.
async fn office() -> (World, [Seat; 4]) {
    let world = World::new("2027-04-30 09:00").await;
    let elena = world.enter("elena", Role::Editor).await;
    let carlo = world.enter("carlo", Role::Chief).await;
    let dina = world.enter("dina", Role::Chief).await;
    let sara = world.enter("sara", Role::Admin).await;
    let mut write = world.site().store.write().await.expect("a turn");
    let mut user = write.find_user("sara").await.expect("rows").expect("sara");
    user.second_signature = true;
    write.record_user(&user).await.expect("kept");
    let mayor = Person {
        id: PersonId(0),
        slug: "mario-rossi".into(),
        name: "Mario Rossi".into(),
        aliases: Vec::new(),
        office: "Sindaco".into(),
        from: None,
        until: None,
    };
    write.record_person(&mayor).await.expect("a person");
    let list = MailingList {
        id: ListId(0),
        slug: "locali".into(),
        name: "Testate locali".into(),
        membership: Membership::Hand,
    };
    write.record_list(&list, &[]).await.expect("a list");
    write.commit().await.expect("kept");
    (world, [elena, carlo, dina, sara])
}

async fn called(world: &World, chief: &Seat, from: &str) -> String {
    let fields = [
        ("nome", "Elezioni <comunali> 2027"),
        ("tipo", "local"),
        ("dal", from),
        ("al", "2027-06-14"),
        ("chiusura", "15:00"),
    ];
    let done = world.send(chief, "/desk/elezioni/nuova", &fields).await;
    after(world, chief, done).await
}

fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    after.split('"').next().unwrap_or_default().to_owned()
}

async fn after(world: &World, who: &Seat, answer: Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    world.see(who, answer.header("location").expect("a way")).await.body
}

async fn submitted(world: &World, who: &Seat, body: &str, reason: &str) {
    submitted_for(world, who, "", body, reason).await;
}

/// The same, of a text that names the day on which it is to leave.
async fn submitted_for(world: &World, who: &Seat, date: &str, body: &str, reason: &str) {
    let fields = [
        ("data", date),
        ("titolo", "Via Roma chiusa per lavori"),
        ("tipo", "comunicato"),
        ("testo", body),
        ("liste", "locali"),
        ("indispensabile", reason),
    ];
    let saved = world.send(who, "/desk/comunicati/nuovo", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = after(world, who, saved).await;
    assert!(page.contains("Manda in revisione"), "{page}");
    world.send(who, &format!("{PAGE}/revisione"), &[]).await;
}

async fn press(world: &World, who: &Seat, verb: &str) -> String {
    let page = world.see(who, PAGE).await.body;
    // who has no button posts all the same
    let seen = if page.contains("name=\"visto\"") { hidden(&page, "visto") } else { String::new() };
    let done = world.send(who, &format!("{PAGE}/{verb}"), &[("visto", &seen)]).await;
    after(world, who, done).await
}

#[tokio::test]
async fn the_calendar_is_told_on_every_page_of_the_desk_and_on_no_public_one_and_ends_by_itself() {
    let (world, [_, carlo, ..]) = office().await;
    let calendar = called(&world, &carlo, "2027-05-01").await;
    assert!(calendar.contains("Elezioni &#60;comunali&#62; 2027") && calendar.contains("prossima"), "{calendar}");
    let banner = "Periodo elettorale.</strong> Elezioni &#60;comunali&#62; 2027, fino al 14 giugno 2027, ore 15:00";
    for (now, there) in [
        ("2027-04-30 23:59:59", false),
        ("2027-05-01 00:00", true),
        ("2027-06-14 14:59:59", true),
        ("2027-06-14 15:00", false),
    ] {
        world.set(now);
        let elena_now = world.enter(&format!("elena-{}", at(now).0), Role::Editor).await;
        for path in ["/desk/oggi", "/desk/comunicati/nuovo", "/desk/elezioni", "/desk/archivio"] {
            let page = world.see(&elena_now, path).await.body;
            assert_eq!(page.contains(banner), there, "{path} at {now}: {page}");
        }
        assert!(!world.get("/novita/comunicati").await.body.contains("elettorale"), "{now}");
    }
    world.set("2027-04-30 09:00");
    let elena = world.enter("elena-ancora", Role::Editor).await;
    let carlo = world.enter("carlo-ancora", Role::Chief).await;
    let page = world.see(&elena, "/desk/elezioni").await.body;
    assert!(page.contains("Il calendario lo tiene il capo") && !page.contains("/desk/elezioni/nuova"), "{page}");
    // changed and taken out, with its history
    let path = "/desk/elezioni/elezioni-comunali-2027";
    let form = world.see(&carlo, path).await.body;
    let mut fields =
        vec![("nome", "Elezioni comunali"), ("tipo", "local"), ("dal", "2027-05-01"), ("al", "2027-04-01")];
    let wrong = world.send(&carlo, path, &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"errore-al\"") && wrong.body.contains("value=\"2027-04-01\""), "{}", wrong.body);
    fields[3] = ("al", "2027-06-13");
    let seen = hidden(&form, "visto");
    fields.push(("visto", &seen));
    let done = world.send(&carlo, path, &fields).await;
    assert!(after(&world, &carlo, done).await.contains("modificata"));
    let late = world.send(&carlo, path, &[fields.as_slice(), &[("ballottaggio", "2027-06-27")]].concat()).await;
    assert!(late.body.contains("ha cambiato la stessa cosa"), "{}", late.body);
    assert_eq!(world.send(&carlo, &format!("{path}/togli"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = world.send(&carlo, &format!("{path}/togli"), &[("perche", "rinviate <a> ottobre")]).await;
    let page = after(&world, &carlo, done).await;
    assert!(
        page.contains("rinviate &#60;a&#62; ottobre") && page.contains("non c&#39;è nessuna consultazione"),
        "{page}"
    );
}

#[tokio::test]
async fn the_mayor_who_inaugurates_is_stopped_with_the_rule_and_told_what_to_write() {
    let (world, [elena, carlo, ..]) = office().await;
    called(&world, &carlo, "2027-04-15").await;
    let form = world.see(&elena, "/desk/comunicati/nuovo").await.body;
    assert!(form.contains("Perché è indispensabile"), "{form}");
    let typed = [("titolo", "Nuova palestra"), ("testo", MAYOR), ("liste", "locali")];
    let checked = world.send(&elena, "/desk/comunicati/nuovo/controlla", &typed).await.body;
    for part in
        ["testo, riga 1: «Rossi» è chi ricopre una carica (Sindaco)", "legge 28/2000, art. 9", "Manca il motivo"]
    {
        assert!(checked.contains(part), "{part} in {checked}");
    }
    submitted(&world, &elena, MAYOR, REASON).await;
    let page = world.see(&carlo, PAGE).await.body;
    assert!(page.contains("1 punto ferma il comunicato"), "{page}");
    let refused = press(&world, &carlo, "approva").await;
    assert!(refused.contains("È periodo elettorale (Elezioni") && refused.contains("«Rossi»"), "{refused}");
    world.set("2027-06-14 15:00");
    let carlo = world.enter("carlo-dopo", Role::Chief).await;
    assert!(
        press(&world, &carlo, "approva").await.contains("Approvato. Adesso si può inviare"),
        "it has ended by itself"
    );
}

#[tokio::test]
async fn a_closed_road_leaves_with_a_reason_and_two_signatures_both_shown() {
    let (world, [elena, carlo, dina, sara]) = office().await;
    called(&world, &carlo, "2027-04-15").await;
    submitted(&world, &elena, PLAIN, REASON).await;
    let approved = press(&world, &carlo, "approva").await;
    assert!(approved.contains("Attende la seconda firma") && !approved.contains("Firma anche tu"), "{approved}");
    assert!(press(&world, &carlo, "invia").await.contains("Manca la seconda firma"));
    assert!(
        press(&world, &carlo, "firma").await.contains("diversa da chi ha scritto il testo e da chi l&#39;ha approvato")
    );
    assert!(press(&world, &elena, "firma").await.contains("La seconda firma spetta al capo"));
    for other in [&dina, &sara] {
        let today = world.see(other, "/desk/oggi").await.body;
        assert!(today.contains("Firma 1 comunicato"), "{today}");
        assert!(world.see(other, PAGE).await.body.contains("Firma anche tu"));
    }
    assert!(!world.see(&carlo, "/desk/oggi").await.body.contains("Firma 1 comunicato"));
    let signed = press(&world, &sara, "firma").await;
    assert!(signed.contains("Firmato. Adesso si può inviare."), "{signed}");
    let page = world.see(&dina, PAGE).await.body;
    for part in ["<dt>Seconda firma</dt><dd>sara di prova", "<dt>Approvato da</dt><dd>carlo di prova", REASON] {
        assert!(page.replace("&#39;", "'").contains(part), "{part} in {page}");
    }
    let sent = press(&world, &carlo, "invia").await;
    assert!(sent.contains("Invio avviato") && sent.contains("seconda firma"), "{sent}");
    assert!(world.get("/novita/comunicati").await.body.contains("Via Roma chiusa per lavori"));
}

#[tokio::test]
async fn a_release_that_was_scheduled_before_the_polls_were_called_stays_and_says_so() {
    let (world, [elena, carlo, dina, _]) = office().await;
    submitted_for(&world, &elena, "2027-05-03", PLAIN, REASON).await;
    press(&world, &carlo, "approva").await;
    let seen = hidden(&world.see(&carlo, PAGE).await.body, "visto");
    let hour = [("ora", "2027-05-03T08:00"), ("visto", seen.as_str())];
    let done = world.send(&carlo, &format!("{PAGE}/programma"), &hour).await;
    assert!(after(&world, &carlo, done).await.contains("Programmato"));
    let saved = called(&world, &carlo, "2027-05-01").await;
    assert!(saved.contains("1 comunicato già programmato è rimasto fermo"), "{saved}");
    let today = world.see(&elena, "/desk/oggi").await.body;
    assert!(today.contains("Fermo per il periodo elettorale: Via Roma chiusa per lavori"), "{today}");
    let page = world.see(&dina, PAGE).await.body;
    assert!(page.contains("Era pronto per il 3 maggio 2027, ore 08:00") && page.contains("Firma anche tu"), "{page}");
    let list = world.see(&elena, "/desk/comunicati").await.body;
    assert!(list.contains("Fermo: periodo elettorale"), "{list}");
    world.set("2027-05-03 08:00");
    assert!(!world.get("/novita/comunicati").await.body.contains("Via Roma"), "its hour has passed, nobody reads it");
    world.set("2027-04-30 09:10");
    press(&world, &dina, "firma").await;
    let done = world.send(&carlo, &format!("{PAGE}/programma"), &hour).await;
    assert!(after(&world, &carlo, done).await.contains("Programmato"));
    assert!(!world.see(&elena, "/desk/oggi").await.body.contains("Fermo per il periodo"));
    world.set("2027-05-03 08:00");
    assert!(world.get("/novita/comunicati").await.body.contains("Via Roma"));
}
