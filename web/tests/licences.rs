//! A licence that ends: the file is there on its last day and gone, on every public path, with the next; what was frozen
//! stays as it was. Nothing runs in between: the day is asked when something is read.

use crate::files::{CHANGE, KIT, SLUG, addresses, bring, described, fetched, files, photo, step, version};
use crate::releases::{office, written};
use crate::world::World;
use axum::http::StatusCode;
use salastampa_domain::*;

const PAGE: &str = "/novita/comunicati/2026/1-apre-il-ponte";

/// A release that is out, with two photos of which the first may be shown until 30 November, and a document until the 29th.
async fn out() -> (World, ReleaseFiles) {
    let (world, elena, carlo) = office().await;
    written(&world, &elena, "Apre il ponte").await;
    bring(&world, &elena, &[("ponte.jpg", &photo(90)), ("molo.jpg", &photo(20)), ("o.pdf", b"%PDF-1.7\n1 0 obj")])
        .await;
    let found = files(&world).await;
    described(&world, &elena, &found.photos[0].full.file, "2026-11-30").await;
    described(&world, &elena, &found.photos[1].full.file, "").await;
    let document = [("file", found.documents[0].file.as_str()), ("titolo", "Atto"), ("fino", "2026-11-29")];
    world.send(&elena, CHANGE, &document).await;
    step(&world, &elena, "revisione", &[]).await;
    let seen = version(&world).await.sha256;
    step(&world, &carlo, "approva", &[("visto", &seen)]).await;
    step(&world, &carlo, "invia", &[("visto", &seen)]).await;
    let files = files(&world).await;
    (world, files)
}

/// All addresses of a photo.
fn of(photo: &Photo) -> [String; 3] {
    [&photo.full, &photo.web, &photo.thumb].map(|size| file_path(&size.file, &photo.name))
}

#[tokio::test]
async fn a_file_is_there_on_the_last_day_of_its_licence_and_nowhere_the_day_after() {
    let (world, files) = out().await;
    world.set("2026-11-29 23:59:59");
    for path in addresses(&files) {
        assert_eq!(fetched(&world, &path).await.0, StatusCode::OK, "{path}");
    }
    let page = world.get(PAGE).await.body;
    assert!(page.contains("fino al 30 novembre 2026") && page.contains("fino al 29 novembre 2026"), "{page}");
    let whole = fetched(&world, KIT).await;

    // a second later, with the page in memory: the document is gone from each public path, the photos stay
    world.set("2026-11-30 00:00:00");
    let document = file_path(&files.documents[0].file, "o.pdf");
    assert_eq!(fetched(&world, &document).await, fetched(&world, "/mai").await, "as what never was, to the byte");
    let page = world.get(PAGE).await.body;
    assert!(!page.contains("o.pdf") && page.contains("ponte.jpg"), "{page}");
    let smaller = fetched(&world, KIT).await;
    assert!(smaller.2.len() < whole.2.len() && smaller.1["etag"] != whole.1["etag"]);

    world.set("2026-11-30 23:59:59");
    let first = files.photos[0].clone();
    assert!(world.get(PAGE).await.body.contains(&first.web.file));
    world.set("2026-12-01 00:00:00");
    let unknown = fetched(&world, "/mai").await;
    for path in of(&first) {
        assert_eq!(fetched(&world, &path).await, unknown, "{path}");
    }
    let public = [
        PAGE.to_owned(),
        format!("{PAGE}.json"),
        format!("{PAGE}/v1"),
        format!("{PAGE}/versioni"),
        "/novita".into(),
        "/novita/comunicati".into(),
        "/novita/cerca?q=ponte".into(),
        "/novita/feed.atom".into(),
        "/novita/feed.rss".into(),
        "/novita/feed.json".into(),
        "/sitemap.xml".into(),
        "/sitemap-news.xml".into(),
    ];
    for path in public {
        let (status, _, body) = fetched(&world, &path).await;
        let body = String::from_utf8_lossy(&body);
        assert_eq!(status, StatusCode::OK, "{path}");
        for hash in [&first.full.file, &first.web.file, &first.thumb.file, &files.documents[0].file] {
            assert!(!body.contains(hash), "{path} names a file whose licence has ended: {body}");
        }
    }
    let kit = fetched(&world, KIT).await.2;
    let kit = String::from_utf8_lossy(&kit);
    assert!(kit.contains("foto/molo.jpg") && !kit.contains("ponte.jpg") && !kit.contains("o.pdf"));

    // the other photo has taken its place, and the frozen text is what it was
    let second = &files.photos[1];
    assert!(world.get("/novita").await.body.contains(&second.thumb.file), "beside the title in lists");
    for path in of(second) {
        assert_eq!(fetched(&world, &path).await.0, StatusCode::OK, "{path}");
    }
    let frozen = version(&world).await;
    assert_eq!(salastampa_releases::digest(&frozen), frozen.sha256);
    assert_eq!(frozen.files.len(), 3);
}

#[tokio::test]
async fn a_day_that_is_none_is_said_and_the_bank_takes_one() {
    let (world, elena, _) = office().await;
    written(&world, &elena, "Apre il ponte").await;
    bring(&world, &elena, &[("ponte.jpg", &photo(90))]).await;
    let hash = files(&world).await.photos[0].full.file.clone();
    described(&world, &elena, &hash, "domani").await;
    let page = world.see(&elena, &format!("/desk/comunicati/{SLUG}/modifica")).await.body;
    assert!(page.contains("ha la forma 2026-11-30"), "{page}");
    assert_eq!(files(&world).await.photos[0].until, None);
    described(&world, &elena, &hash, "2026-11-22").await;
    let page = world.see(&elena, &format!("/desk/comunicati/{SLUG}/modifica")).await.body;
    assert!(page.contains("value=\"2026-11-22\"") && page.contains("La licenza è finita"), "{page}");

    let bank = "/desk/foto?per=apre-il-ponte";
    assert!(!world.see(&elena, bank).await.body.contains("/file/riusa"), "nobody takes what has ended");
    let longer = [("file", hash.as_str()), ("fino", "2026-12-10"), ("per", SLUG)];
    let done = world.send(&elena, "/desk/foto/licenza", &longer).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = world.see(&elena, bank).await.body;
    assert!(page.contains("fino al 10 dicembre 2026") && page.contains("/file/riusa"), "{page}");
    let ada = world.enter("ada", Role::Admin).await;
    let health = world.see(&ada, "/desk/salute").await.body;
    assert!(health.contains("«ponte.jpg» della raccolta di foto, fino al 10 dicembre 2026"), "{health}");
}
