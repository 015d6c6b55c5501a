//! Which sentences stand for an article: the program's, or those that a person ticked.

use super::*;
use salastampa_domain::RevisionKind;

async fn write_again(desk: &Desk, id: ArticleId, body: &str) {
    let mut write = desk.store.write().await.expect("a turn");
    let (lead, body) = (ForeignText::default(), ForeignText::new(body));
    write.record_revision(id, RevisionKind::Update, desk.now, "Notizia", &lead, &body).await.expect("written");
    write.commit().await.expect("kept");
}

#[tokio::test]
async fn a_person_chooses_the_sentences_and_a_correction_of_the_article_does_not_print_others() {
    let desk = Desk::new(0).await;
    let id = desk.article(1, Some(1), at("2026-11-22 18:00")).await;
    write_again(&desk, id, "Riapre il molo. Piove da ieri. Costa poco, dice la sindaca.").await;
    let shown = async || {
        let table = desk.table().await;
        let line = table.lines.into_iter().find(|l| l.story == Some(StoryId(1))).expect("on the table");
        (line.entry.extract.as_str().to_owned(), line.entry.passage.is_some(), line.lost)
    };
    assert_eq!(shown().await, ("Riapre il molo. Piove da ieri.".into(), true, false));
    let mut rows = desk.store.read().await.expect("rows");
    let hashes: Vec<u64> = offered(&mut rows, id).await.expect("a text").2.iter().map(|s| s.hash).collect();
    drop(rows);
    let say = async |version, sentences: &[u64]| {
        quote(&desk.store, "elena", desk.key, Desk::pick(1, version), sentences, desk.now).await
    };
    let done = say(0, &hashes[2..]).await.expect("chosen");
    assert_eq!(shown().await, ("Costa poco, dice la sindaca.".into(), true, false));
    assert_eq!(say(1, &hashes[2..]).await.expect("as it is").act, 0);
    assert!(matches!(say(0, &hashes[..1]).await, Err(Error::Denied(Denied::Changed { .. }))), "somebody was first");
    assert!(matches!(say(1, &[7]).await, Err(Error::Denied(Denied::Unknown { what: "sentence", .. }))));
    let viewer = quote(&desk.store, "ugo", desk.key, Desk::pick(1, 1), &hashes[..1], desk.now).await;
    assert!(matches!(viewer, Err(Error::Denied(Denied::Role { .. }))));

    write_again(&desk, id, "Una frase nuova davanti. Riapre il molo. Costa poco, dice la sindaca.").await;
    assert_eq!(shown().await, ("Costa poco, dice la sindaca.".into(), true, false), "it stands elsewhere now");
    write_again(&desk, id, "Il molo resta chiuso.").await;
    assert_eq!(shown().await, ("Il molo resta chiuso.".into(), true, true), "it is gone, and that is told");
    undo(&desk.store, "elena", desk.key, Some(done.act), desk.now).await.expect("undone");
    assert_eq!(shown().await, ("Il molo resta chiuso.".into(), true, false));
}
