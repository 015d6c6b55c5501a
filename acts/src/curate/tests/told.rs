//! Who else tells a story: reprints, and whose text they are.

use super::*;
use salastampa_digest::mail;
use salastampa_domain::OutletKind;

impl Desk {
    /// Outlet `n` writes a text at that minute after six; nobody has placed or clipped it yet.
    async fn writes(&self, n: i64, minute: i64, text: &str) -> ArticleId {
        let seen = at("2026-11-22 18:00").plus(minute * 60_000);
        let article = NewArticle {
            via: Via::Source { source: salastampa_domain::SourceId(1) },
            body: ForeignText::new((0..80).map(|w| format!("{text}x{w} ")).collect::<String>()),
            published_at: Some(seen),
            ..article(OutletId(n), &format!("https://testata-{n}.test/{text}"), &format!("Notizia {text}"), seen)
        };
        let mut write = self.store.write().await.expect("a turn");
        let id = write.keep_article(&article, None, 20_000, seen).await.expect("written").expect("new");
        write.commit().await.expect("kept");
        id
    }

    /// The job that places articles, and the watch.
    async fn places_and_clips(&self, clipped: &[ArticleId]) {
        let mut memory = crate::group::remember(&self.store).await.expect("a memory");
        crate::group::group(&self.store, &mut memory, 50, self.now).await.expect("placed");
        let mut write = self.store.write().await.expect("a turn");
        for id in clipped {
            let words = ["lungolago".to_owned()];
            write.record_clipping(*id, WatchId(1), self.now.plus(-60_000), &words, true).await.expect("clipped");
        }
        write.commit().await.expect("kept");
    }
}

#[tokio::test]
async fn a_reprint_says_whose_text_it_is_though_the_agency_was_read_later() {
    let desk = Desk::new(0).await;
    let mut write = desk.store.write().await.expect("a turn");
    let agency = salastampa_domain::Outlet { kind: OutletKind::Agency, ..outlet("testata-3", "Agenzia Alfa") };
    write.record_outlet(&agency).await.expect("an outlet");
    write.commit().await.expect("kept");
    let mut articles = Vec::new();
    for (minute, n) in [(0, 1), (1, 3), (2, 2)] {
        articles.push(desk.writes(n, minute, "ponte").await);
    }
    desk.places_and_clips(&articles).await;
    review::make_due(&desk.store, &desk.house, at("2026-11-23 07:00")).await.expect("made");
    let out = desk.published().await;
    let told = &out.sections[0].entries[0];
    assert_eq!((told.outlet_name.as_str(), told.article), ("Agenzia Alfa", articles[1]));
    let letter = mail::review(&out, &crate::alert::dress(&desk.house, desk.house.lang));
    let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("Testata 1 (ripresa Agenzia Alfa)") && text.contains("Testata 2 (ripresa Agenzia Alfa)"),
        "{text}"
    );
}
