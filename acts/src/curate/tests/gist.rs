//! The abstract of a story: sentences of its articles, each with where it stands, and out only where the rights let it.

use super::*;
use salastampa_domain::{Passage, RevisionKind, RightsClass, TextPart};

const LEAD: &str = "Riapre il molo. Piove da ieri. Costa poco, dice la sindaca. Il bar resta chiuso.";

/// A story with a leading article, one that adds to it and one that repeats it; outlet `n` grants that much.
async fn told(grants: &[(i64, RightsClass)]) -> Desk {
    let desk = Desk::new(0).await;
    let mut write = desk.store.write().await.expect("a turn");
    for (n, rights) in grants {
        let granted =
            salastampa_domain::Outlet { rights: *rights, ..outlet(&format!("testata-{n}"), &format!("Testata {n}")) };
        write.record_outlet(&granted).await.expect("an outlet");
    }
    write.commit().await.expect("kept");
    for (n, body) in [
        (1, LEAD),
        (2, "Riapre il molo. Con Ines Ferri lavorano 300 volontari di Olmeta. Piove da ieri."),
        (3, "Piove da ieri. Costa poco, dice la sindaca."),
    ] {
        let id = desk.article(n, Some(1), at("2026-11-22 18:00").plus(n * 60_000)).await;
        let mut write = desk.store.write().await.expect("a turn");
        let (kind, none, body) = (RevisionKind::Update, ForeignText::default(), ForeignText::new(body));
        write.record_revision(id, kind, desk.now, &format!("Notizia {n}"), &none, &body).await.expect("written");
        write.commit().await.expect("kept");
    }
    desk
}

async fn gist_of(desk: &Desk) -> Option<Gist> {
    let table = desk.table().await;
    let line = table.lines.iter().find(|l| l.story == Some(StoryId(1))).expect("on the table");
    assert_eq!(line.entry.article, ArticleId(1));
    let mut rows = desk.store.read().await.expect("rows");
    gist(&mut rows, line, table.readers, desk.now).await.expect("read")
}

#[tokio::test]
async fn an_abstract_is_how_the_leading_article_begins_and_what_the_others_bring_that_is_new() {
    let desk = told(&[]).await;
    let told = gist_of(&desk).await.expect("an abstract");
    let parts: Vec<(ArticleId, &str, &str)> =
        told.parts.iter().map(|p| (p.article, p.outlet_name.as_str(), p.words.as_str())).collect();
    assert_eq!(
        parts,
        [
            (ArticleId(1), "Testata 1", "Riapre il molo. Piove da ieri. Costa poco, dice la sindaca."),
            (ArticleId(2), "Testata 2", "Con Ines Ferri lavorano 300 volontari di Olmeta."),
        ]
    );
    let at = |range| Passage { part: TextPart::Body, ranges: vec![range] };
    assert_eq!([&told.parts[0].passage, &told.parts[1].passage], [&at((0, 59)), &at((16, 64))]);
    assert!(told.words().ends_with(" Con Ines Ferri lavorano 300 volontari di Olmeta. (Testata 2)"), "{told:?}");
    assert_eq!(told.chars, "Notizia 1".len() + 1 + told.words().len());
    assert!(told.free, "each of the two is no longer than an extract may be");
}

#[tokio::test]
async fn it_leaves_where_the_rights_let_each_of_its_parts_leave_whole() {
    for (grants, free) in [
        (&[(1, RightsClass::LinkOnly)][..], false),
        (&[(2, RightsClass::Internal)], false),
        (&[(1, RightsClass::Open), (2, RightsClass::LinkOnly)], false),
        (&[(1, RightsClass::Open), (2, RightsClass::Open)], true),
    ] {
        let desk = told(grants).await;
        let told = gist_of(&desk).await.expect("an abstract");
        assert_eq!((told.parts.len(), told.free), (2, free), "{grants:?}");
    }
}

#[tokio::test]
async fn it_is_never_longer_than_eight_hundred_characters_with_the_title() {
    let desk = told(&[]).await;
    let long =
        |n: usize| format!("È la frase numero {n} di un articolo che ha molto da dire{}.", " e lo dice".repeat(27));
    let write = async |id: i64, body: &str| {
        let mut write = desk.store.write().await.expect("a turn");
        let (kind, none, body) = (RevisionKind::Update, ForeignText::default(), ForeignText::new(body));
        write.record_revision(ArticleId(id), kind, desk.now, "Città", &none, &body).await.expect("written");
        write.commit().await.expect("kept");
    };
    write(2, &format!("Qui parla Ugo Nardi{}.", " ancora".repeat(110))).await;
    write(3, "Piove.").await;
    for leading in [(1..9).map(long).collect::<Vec<_>>().join(" "), format!("Parla{}.", " ancora".repeat(200))] {
        write(1, &leading).await;
        let told = gist_of(&desk).await.expect("an abstract");
        assert_eq!(told.parts.len(), 1, "the other does not fit: {told:?}");
        assert!((640..=800).contains(&told.chars), "{told:?}");
        assert_eq!(told.chars, "Città".chars().count() + 1 + told.words().chars().count());
        assert!(!told.free);
    }
}
