//! A dossier from its making to the drawer, and the articles in it.

use super::*;
use crate::desk::small::{NOW, Office, article, fields, outlet};
use crate::{note, tag};
use salastampa_domain::{ArticleId, Note, NoteId, Role, User};

/// An office with three articles.
async fn office() -> (Office, Vec<ArticleId>) {
    let office = Office::new().await;
    let mut write = office.store.write().await.expect("a transaction");
    let outlet = write.record_outlet(&outlet("il-lago", "Il Lago")).await.expect("an outlet");
    let mut ids = Vec::new();
    for n in 0..3 {
        let article = article(outlet, &format!("https://il-lago.test/{n}"), &format!("Ponte {n}"), NOW);
        ids.push(write.keep_article(&article, None, 0, NOW).await.expect("kept").expect("new"));
    }
    let chief = User {
        login: "capo".into(),
        role: Role::Chief,
        ..write.find_user("lia").await.expect("rows").expect("a user")
    };
    write.record_user(&chief).await.expect("a user");
    write.record_user(&User { login: "ugo".into(), role: Role::Editor, ..chief }).await.expect("a user");
    write.commit().await.expect("a commit");
    (office, ids)
}

fn wanted(name: &str) -> Wanted {
    Wanted { name: name.into(), about: String::new() }
}

async fn inside(office: &Office, slug: &str) -> Vec<ArticleId> {
    let mut rows = office.store.read().await.expect("rows");
    let id = rows.find_dossier(slug).await.expect("rows").expect("a dossier").id;
    let mut ids: Vec<_> = rows.list_filed(id, 99).await.expect("rows").into_iter().map(|f| f.article).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_dossier_is_made_renamed_put_away_and_taken_up_again() {
    let (office, ids) = office().await;
    let desk = office.desk("lia");
    assert_eq!(make(desk, &wanted("  Città  vecchia ")).await.expect("made"), "citta-vecchia");
    assert_eq!(make(desk, &wanted("…")).await.expect("made"), "dossier");
    assert_eq!(fields(make(desk, &wanted("CITTÀ VECCHIA")).await), ["nome"]);
    let long = Wanted { name: "x".repeat(81), about: "x".repeat(1_001) };
    assert_eq!(fields(make(desk, &long).await), ["nome", "scopo"]);
    let mark = seen(&find(&mut office.store.read().await.expect("rows"), "citta-vecchia").await.expect("there"));
    edit(desk, "citta-vecchia", &mark, &wanted("Centro")).await.expect("changed");
    let late = edit(office.desk("ugo"), "citta-vecchia", &mark, &wanted("Borgo")).await;
    assert!(matches!(late, Err(crate::Error::Denied(Denied::Changed { .. }))), "{late:?}");
    put_away(desk, "citta-vecchia", true).await.expect("away");
    put_away(desk, "citta-vecchia", true).await.expect("nothing happens");
    assert_eq!(fields(put(desk, "citta-vecchia", &ids).await), ["in"]);
    put_away(desk, "citta-vecchia", false).await.expect("back");
    put(desk, "citta-vecchia", &ids).await.expect("put");
    let log = ["dossier.add", "dossier.add", "dossier.edit", "dossier.archive", "dossier.restore", "dossier.put"];
    assert_eq!(office.log().await, log);
    for who in ["ivo", "ada", "nessuno"] {
        assert!(make(office.desk(who), &wanted("Altro")).await.is_err(), "{who}");
        assert!(put(office.desk(who), "citta-vecchia", &ids).await.is_err(), "{who}");
        assert!(take(office.desk(who), "citta-vecchia", &ids).await.is_err(), "{who}");
    }
    assert_eq!(office.log().await.len(), log.len(), "who may not leaves no trace");
}

#[tokio::test]
async fn what_went_in_comes_out_again_unless_somebody_moved_it_since() {
    let (office, ids) = office().await;
    let desk = office.desk("lia");
    let made = put_into_new(desk, "Ponte", &ids[..2]).await.expect("made and put");
    assert_eq!((made.slug.as_str(), made.changed, inside(&office, "ponte").await), ("ponte", 2, ids[..2].to_vec()));
    let more = put(desk, "ponte", &[ids[1], ids[2], ArticleId(99)]).await.expect("put");
    assert_eq!((more.changed, more.already), (1, 1));
    // a colleague takes one out and puts it back: that one is hers now
    take(office.desk("ugo"), "ponte", &ids[..1]).await.expect("taken");
    put(office.desk("ugo"), "ponte", &ids[..1]).await.expect("put");
    let back = undo(desk, made.event.expect("a line")).await.expect("undone");
    assert_eq!((back.changed, back.already, inside(&office, "ponte").await), (1, 1, vec![ids[0], ids[2]]));
    assert!(undo(office.desk("ugo"), made.event.expect("a line")).await.is_err(), "somebody else's act");

    let taken = take(desk, "ponte", &ids).await.expect("taken");
    assert_eq!((taken.changed, taken.already, inside(&office, "ponte").await.len()), (2, 1, 0));
    let back = undo(desk, taken.event.expect("a line")).await.expect("undone");
    assert_eq!((back.changed, inside(&office, "ponte").await), (2, vec![ids[0], ids[2]]));
    let mut rows = office.store.read().await.expect("rows");
    let filed = rows.list_filed_of(&ids[..1]).await.expect("rows");
    let ugo = rows.find_user("ugo").await.expect("rows").expect("a user").id;
    assert_eq!(filed.first().map(|f| f.by), Some(ugo), "it is put back as it was");
}

#[tokio::test]
async fn a_note_is_changed_by_its_author_or_the_head_of_the_office() {
    let (office, ids) = office().await;
    let id = note::add(office.desk("lia"), ids[0], " Sentire\r\nl'assessora \u{0}").await.expect("a note");
    let find = async || {
        let mut rows = office.store.read().await.expect("rows");
        rows.find_note(id).await.expect("rows").expect("a note")
    };
    assert_eq!(find().await.body, "Sentire\nl'assessora");
    let mark = note::seen(&find().await);
    assert_eq!(fields(note::edit(office.desk("ugo"), id, &mark, "Altro").await), ["nota"]);
    assert_eq!(fields(note::remove(office.desk("ugo"), id).await), ["nota"]);
    note::edit(office.desk("capo"), id, &mark, "Sentita.").await.expect("the head may");
    let late = note::edit(office.desk("lia"), id, &mark, "Chiamare").await;
    assert!(matches!(late, Err(crate::Error::Denied(Denied::Changed { .. }))), "{late:?}");
    for bad in ["", " \n", &"x".repeat(note::LONGEST + 1)] {
        assert_eq!(fields(note::add(office.desk("lia"), ids[0], bad).await), ["nota"]);
    }
    assert!(note::add(office.desk("lia"), ArticleId(99), "x").await.is_err());
    assert!(note::add(office.desk("ivo"), ids[0], "x").await.is_err());
    note::remove(office.desk("lia"), id).await.expect("removed");
    assert_eq!(office.log().await, ["note.add", "note.edit", "note.remove"]);
    let events = office.store.read().await.expect("rows").list_events(9).await.expect("a log");
    let told: String = events.into_iter().flat_map(|e| [e.before, e.after]).flatten().collect();
    assert!(!told.contains("assessora") && !told.contains("Sentita"), "the log holds no note: {told}");
    let stranger =
        Note { id: NoteId(1), article: ids[0], author: UserId(77), at: NOW, edited_at: None, body: "x".into() };
    let lia = office.store.read().await.expect("rows").find_user("lia").await.expect("rows").expect("a user");
    assert!(!note::may_change(&lia, &stranger));
}

#[tokio::test]
async fn two_spellings_are_one_tag() {
    let (office, ids) = office().await;
    let desk = office.desk("lia");
    assert_eq!(tag::put(desk, &ids[..1], "Viabilità, Ponte vecchio").await.expect("put"), 2);
    assert_eq!(tag::put(desk, &ids[..2], "VIABILITA; ").await.expect("put"), 1, "one article has it already");
    let names = async || {
        let mut rows = office.store.read().await.expect("rows");
        let tags = rows.list_tags().await.expect("rows");
        tags.into_iter().map(|(tag, n)| format!("{} {n}", tag.name)).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["Ponte vecchio 1", "Viabilità 2"]);
    for bad in ["", " , ", "…", &"x".repeat(41)] {
        assert_eq!(fields(tag::put(desk, &ids, bad).await), ["etichetta"], "{bad}");
    }
    let many = (0..21).map(|n| format!("t{n}")).collect::<Vec<_>>().join(",");
    assert_eq!(fields(tag::put(desk, &ids[2..], &many).await), ["etichetta"]);
    assert_eq!(names().await.len(), 2, "nothing of it stays");
    let taken = tag::take(desk, ids[0], &tag::key("ponte VECCHIO")).await.expect("taken");
    assert_eq!(taken.map(|tag| tag.name).as_deref(), Some("Ponte vecchio"));
    assert_eq!(tag::take(desk, ids[0], "ponte vecchio").await.expect("an answer"), None);
    assert!(tag::put(office.desk("ivo"), &ids, "x").await.is_err());
    assert_eq!(office.log().await, ["tag.put", "tag.put", "tag.take"]);
}
