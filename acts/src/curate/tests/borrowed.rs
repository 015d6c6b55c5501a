//! A line of the office is printed whatever the outlets allow: it holds none of their texts, summaries included.

use super::*;

#[tokio::test]
async fn a_note_with_the_summary_of_an_article_is_refused_like_one_with_its_text() {
    let desk = Desk::new(0).await;
    let words = |name: &str| (0..33).map(|n| format!("{name}{n}")).collect::<Vec<_>>().join(" ");
    let (lead, body) = (words("a"), words("b"));
    let article = NewArticle {
        via: Via::Source { source: salastampa_domain::SourceId(1) },
        lead: ForeignText::new(lead.as_str()),
        body: ForeignText::new(body.as_str()),
        ..article(OutletId(1), "https://testata.test/1", "Notizia", at("2026-11-22 18:00"))
    };
    let mut write = desk.store.write().await.expect("a turn");
    let id = write.keep_article(&article, None, 20_000, desk.now).await.expect("written").expect("new");
    write.record_placement(&Placement::alone(id), desk.now).await.expect("placed");
    write.record_clipping(id, WatchId(1), at("2026-11-22 18:00"), &[], true).await.expect("clipped");
    write.commit().await.expect("kept");
    for (note, taken) in [(lead, true), (body, true), (words("c"), false)] {
        let done = annotate(&desk.store, &desk.house, "elena", desk.key, Desk::pick(1, 0), (&note, ""), desk.now).await;
        let refused = matches!(&done, Err(Error::Denied(Denied::Form(slips))) if slips[0].field == "nota");
        assert_eq!((refused, done.is_ok()), (taken, !taken), "{note}");
    }
}
