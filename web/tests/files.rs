//! Photos and documents from outside: brought by forms, hidden until their second, handed out, reused.

use crate::releases::{office, written};
use crate::world::{Answer, Seat, World};
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Method, Request, StatusCode};
use futures_core::Stream;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use salastampa_domain::*;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tower::ServiceExt;

pub(crate) const SLUG: &str = "apre-il-ponte";
const EDIT: &str = "/desk/comunicati/apre-il-ponte/modifica";
const BRING: &str = "/desk/comunicati/apre-il-ponte/file/carica";
pub(crate) const CHANGE: &str = "/desk/comunicati/apre-il-ponte/file";
pub(crate) const KIT: &str = "/novita/comunicati/2026/1/materiali.zip";
const BOUNDARY: &str = "x-confine-x";

pub(crate) fn photo(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = vec![shade; 600 * 300 * 3];
    JpegEncoder::new(&mut bytes).write_image(&pixels, 600, 300, ExtendedColorType::Rgb8).expect("a JPEG");
    bytes
}

fn part(head: &str, content: &[u8]) -> Vec<u8> {
    [format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(), content, b"\r\n"].concat()
}

fn fields(csrf: &str) -> Vec<u8> {
    [part("name=\"_csrf\"", csrf.as_bytes()), part("name=\"credito\"", "Foto di Nina Valli".as_bytes())].concat()
}

fn form(csrf: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = fields(csrf);
    for (name, bytes) in files {
        body.extend(part(&format!("name=\"nuovi\"; filename=\"{name}\""), bytes));
    }
    [body, format!("--{BOUNDARY}--\r\n").into_bytes()].concat()
}

async fn send(world: &World, who: &Seat, body: Body) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(BRING)
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header(COOKIE, &who.cookie);
    world.answer(request.body(body).expect("a request")).await
}

/// Brings files and gives what the page says then.
pub(crate) async fn bring(world: &World, who: &Seat, files: &[(&str, &[u8])]) -> String {
    let answer = send(world, who, Body::from(form(&who.csrf, files))).await;
    said(world, who, &answer).await
}

async fn said(world: &World, who: &Seat, answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = world.see(who, EDIT).await.body;
    let (_, flash) = page.split_once("desk-flash\">").unwrap_or_else(|| panic!("nothing is said: {page}"));
    flash.split("</div>").next().unwrap_or_default().to_owned()
}

pub(crate) async fn files(world: &World) -> ReleaseFiles {
    let mut rows = world.site().store.read().await.expect("rows");
    let release = rows.find_release(SLUG).await.expect("rows").expect("a release");
    rows.find_release_files(release.id).await.expect("files")
}

/// A release with a photo and a document, approved; gives its files.
pub(crate) async fn approved(world: &World, elena: &Seat, carlo: &Seat) -> ReleaseFiles {
    written(world, elena, "Apre il ponte").await;
    let words = bring(world, elena, &[("ponte.jpg", &photo(90)), ("Ordinanza.pdf", b"%PDF-1.7\n1 0 obj")]).await;
    assert!(words.contains("2 file aggiunti"), "{words}");
    let hash = files(world).await.photos[0].full.file.clone();
    described(world, elena, &hash, "").await;
    step(world, elena, "revisione", &[]).await;
    let seen = version(world).await.sha256;
    step(world, carlo, "approva", &[("visto", &seen)]).await;
    files(world).await
}

/// Says all of a photo, with the last day of its licence.
pub(crate) async fn described(world: &World, who: &Seat, hash: &str, until: &str) {
    let text = [
        ("file", hash),
        ("descrizione", "Il ponte dal molo"),
        ("credito", "Foto di Nina Valli"),
        ("didascalia", "Il ponte riaperto"),
        ("licenza", "cc_by"),
        ("fino", until),
    ];
    assert_eq!(world.send(who, CHANGE, &text).await.status, StatusCode::SEE_OTHER);
}

pub(crate) async fn version(world: &World) -> Version {
    let mut rows = world.site().store.read().await.expect("rows");
    let release = rows.find_release(SLUG).await.expect("rows").expect("a release");
    rows.list_versions(release.id).await.expect("rows").pop().expect("a version")
}

pub(crate) async fn step(world: &World, who: &Seat, verb: &str, fields: &[(&str, &str)]) {
    let done = world.send(who, &format!("/desk/comunicati/{SLUG}/{verb}"), fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{verb}: {}", done.body);
}

/// Bytes, headers and status of a public address.
pub(crate) async fn fetched(world: &World, path: &str) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    ranged(world, path, &[]).await
}

/// The same, asked with headers.
pub(crate) async fn ranged(
    world: &World,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
    let asked = headers.iter().fold(Request::builder().uri(path), |asked, (name, value)| asked.header(*name, *value));
    let request = asked.body(Body::empty()).expect("a request");
    let response = world.router().oneshot(request).await.expect("a router never fails");
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, to_bytes(body, 200 << 20).await.expect("a body").to_vec())
}

/// All addresses of the files of a release.
pub(crate) fn addresses(files: &ReleaseFiles) -> Vec<String> {
    let photos = files.photos.iter().flat_map(|p| [&p.full, &p.web, &p.thumb].map(|s| file_path(&s.file, &p.name)));
    let documents = files.documents.iter().map(|document| file_path(&document.file, &document.name));
    photos
        .chain(documents)
        .chain([KIT.to_owned(), "/novita/comunicati/2026/1-apre-il-ponte/materiali.zip".into()])
        .collect()
}

#[tokio::test]
async fn before_its_second_a_file_cannot_be_told_from_what_never_was() {
    let (world, elena, carlo) = office().await;
    let files = approved(&world, &elena, &carlo).await;
    let seen = version(&world).await.sha256;
    step(&world, &carlo, "programma", &[("visto", &seen), ("ora", "2026-11-23T11:00")]).await;
    world.set("2026-11-23 10:59:59");
    let unknown = fetched(&world, "/mai").await;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);
    for path in addresses(&files) {
        assert_eq!(fetched(&world, &path).await, unknown, "{path}");
        let head = world.ask(Method::HEAD, &path).await;
        assert_eq!((head.status, head.headers), (unknown.0, unknown.1.clone()), "HEAD {path}");
        for range in ["bytes=0-9", "bytes=5-", "bytes=999999999-", "bytes=0-1,3-4"] {
            assert_eq!(ranged(&world, &path, &[("range", range)]).await, unknown, "{range} of {path}");
        }
    }
    world.set("2026-11-23 11:00:00");
    for path in addresses(&files) {
        let (status, headers, _) = fetched(&world, &path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!(text("x-content-type-options"), "nosniff");
        assert!(text("content-security-policy").ends_with("sandbox"), "{path}");
        assert!(text("cache-control").starts_with("public, max-age=") && !text("etag").is_empty(), "{path}");
        let shown = if path.ends_with(".jpg") { "inline; filename=\"ponte.jpg\"" } else { "attachment; filename=\"" };
        assert!(text("content-disposition").starts_with(shown), "{path}");
    }
    // only the right name opens a file, and no other file of the folder is open
    let photo = &files.photos[0].full.file;
    let unknown = fetched(&world, "/mai").await;
    for path in [format!("/file/{photo}/virus.exe"), format!("/file/{}/ponte.jpg", "0".repeat(64)), "/file/x/y".into()]
    {
        assert_eq!(fetched(&world, &path).await, unknown, "{path}");
    }
    let tag = format!("\"{photo}\"");
    let again = Request::builder().uri(file_path(photo, "ponte.jpg")).header("if-none-match", tag);
    let again = world.answer(again.body(Body::empty()).expect("a request")).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn the_page_shows_photos_and_documents_and_a_withdrawal_takes_them_away() {
    let (world, elena, carlo) = office().await;
    let files = approved(&world, &elena, &carlo).await;
    let seen = version(&world).await.sha256;
    step(&world, &carlo, "invia", &[("visto", &seen)]).await;
    let page = world.get("/novita/comunicati/2026/1-apre-il-ponte").await.body;
    let photo = &files.photos[0];
    let (web, full) = (file_path(&photo.web.file, "ponte.jpg"), file_path(&photo.full.file, "ponte.jpg"));
    for part in [
        format!("<img src=\"{web}\""),
        "width=\"600\" height=\"300\" alt=\"Il ponte dal molo\"".into(),
        "Il ponte riaperto</span> <span class=\"credit\">Foto di Nina Valli".into(),
        format!("<a href=\"{full}\">ponte.jpg</a>"),
        format!("<meta property=\"og:image\" content=\"https://stampa.bellariva.test{web}\">"),
        ">ordinanza.pdf</a> <span>(PDF, 1 kB)".into(),
        "<a href=\"/novita/comunicati/2026/1-apre-il-ponte/materiali.zip\">".to_owned(),
        "creativecommons.org/licenses/by/4.0".into(),
    ] {
        assert!(page.contains(&part), "{part} in {page}");
    }
    let mail = version(&world).await;
    assert!(mail.html.contains(&full) && mail.text.contains(&full) && !mail.html.contains("<img"));

    // lists and feeds have it too, small, from here, with what it shows and whose it is
    let thumb = file_path(&photo.thumb.file, "ponte.jpg");
    for list in ["/novita", "/novita/comunicati"] {
        let page = world.get(list).await.body;
        let image = format!("<img src=\"{thumb}\" width=\"400\" height=\"200\" alt=\"Il ponte dal molo\"");
        assert!(page.contains(&image) && page.contains("<figcaption>Foto di Nina Valli</figcaption>"), "{page}");
    }
    let address = format!("https://stampa.bellariva.test{web}");
    let media = format!("<media:content url=\"{address}\" type=\"image/jpeg\" medium=\"image\" fileSize=");
    for feed in ["/novita/feed.atom", "/novita/comunicati/feed.rss"] {
        let feed = world.get(feed).await.body;
        for part in [
            &media,
            "width=\"600\" height=\"300\"",
            ">Il ponte dal molo</media:description>",
            ">Foto di Nina Valli</media:credit>",
        ] {
            assert!(feed.contains(part), "{part} in {feed}");
        }
    }
    let feed: serde_json::Value = serde_json::from_str(&world.get("/novita/feed.json").await.body).expect("JSON");
    let item = &feed["items"][0];
    assert_eq!((item["image"].as_str(), item["_photo"]["alt"].as_str()), (Some(&*address), Some("Il ponte dal molo")));
    assert_eq!(item["attachments"][0]["size_in_bytes"], photo.web.bytes);

    // a file that a correction in the making takes out is still there for the public
    let gone = ("file", photo.full.file.as_str());
    world.send(&elena, CHANGE, &[gone, ("fai", "togli")]).await;
    let compared = world.see(&elena, "/desk/comunicati/apre-il-ponte/confronto").await.body;
    assert!(compared.contains("<del>") && compared.contains("Foto: ponte.jpg; Il ponte dal molo"), "{compared}");
    assert_eq!(fetched(&world, &full).await.0, StatusCode::OK);
    world.withdraw(SLUG, "2026-11-23 09:00", "errore").await;
    let (status, _, body) = fetched(&world, &full).await;
    assert_eq!((status, String::from_utf8_lossy(&body).contains("errore")), (StatusCode::GONE, true));
    assert_eq!(fetched(&world, KIT).await.0, StatusCode::GONE);
}

#[tokio::test]
async fn the_media_kit_is_an_archive_of_what_a_desk_needs() {
    let (world, elena, carlo) = office().await;
    let files = approved(&world, &elena, &carlo).await;
    let seen = version(&world).await.sha256;
    step(&world, &carlo, "invia", &[("visto", &seen)]).await;
    let (_, headers, kit) = fetched(&world, KIT).await;
    assert_eq!(headers["content-length"].to_str().ok(), Some(kit.len().to_string().as_str()));
    assert_eq!(headers["content-type"], "application/zip");
    let store = world.site().store.files();
    let photo = store.get(&files.photos[0].full.file).await.expect("read").expect("there");
    let mut found = Vec::new();
    let mut at = 0;
    while kit[at..].starts_with(b"PK\x03\x04") {
        let number = |from: usize, n: usize| {
            kit[at + from..at + from + n].iter().rev().fold(0, |sum, b| sum << 8 | usize::from(*b))
        };
        let (length, named) = (number(18, 4), number(26, 2));
        let name = String::from_utf8_lossy(&kit[at + 30..at + 30 + named]).into_owned();
        let content = &kit[at + 30 + named..at + 30 + named + length];
        let mut crc = flate2::Crc::new();
        crc.update(content);
        assert_eq!(usize::try_from(crc.sum()).expect("fits"), number(14, 4), "{name}");
        if name == "foto/ponte.jpg" {
            assert_eq!(content, photo);
        }
        if name.ends_with(".txt") {
            let text = String::from_utf8_lossy(content);
            assert!(text.contains("Apre il ponte") && !text.contains("disiscri"), "{text}");
        }
        found.push(name);
        at += 30 + named + length;
    }
    assert_eq!(found, ["LEGGIMI.txt", "testo.txt", "foto/ponte.jpg", "documenti/ordinanza.pdf"]);
    assert!(kit[at..].starts_with(b"PK\x01\x02") && kit[kit.len() - 22..].starts_with(b"PK\x05\x06"));
}

/// A body of one file that is made while it is read.
struct Flood {
    head: Option<Vec<u8>>,
    left: usize,
    sent: Arc<AtomicUsize>,
}

impl Stream for Flood {
    type Item = std::io::Result<Vec<u8>>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let flood = self.get_mut();
        if let Some(head) = flood.head.take() {
            return Poll::Ready(Some(Ok(head)));
        }
        let piece = flood.left.min(1 << 20);
        flood.left -= piece;
        flood.sent.fetch_add(piece, Ordering::SeqCst);
        Poll::Ready(match piece {
            0 => None,
            _ if flood.left == 0 => Some(Ok(format!("\r\n--{BOUNDARY}--\r\n").into_bytes())),
            piece => Some(Ok(vec![b'x'; piece])),
        })
    }
}

#[tokio::test]
async fn two_hundred_megabytes_are_read_to_their_end_and_refused_with_a_sentence() {
    let (world, elena, _) = office().await;
    written(&world, &elena, "Apre il ponte").await;
    let head = "name=\"nuovi\"; filename=\"video <b>.pdf\"";
    let mut body = [fields(&elena.csrf), part(head, b"%PDF-1.7 ")].concat();
    // the file goes on
    body.truncate(body.len() - 2);
    let sent = Arc::new(AtomicUsize::new(0));
    let flood = Flood { head: Some(body), left: 200 << 20, sent: sent.clone() };
    let answer = send(&world, &elena, Body::from_stream(flood)).await;
    let words = said(&world, &elena, &answer).await;
    assert!(words.contains("«video &#60;b&#62;.pdf» supera i 25 MB"), "{words}");
    assert!(words.contains("resta com&#39;era") && files(&world).await.is_empty());
    assert_eq!(sent.load(Ordering::SeqCst), 200 << 20, "a browser shows an answer only to what it has sent");
}

#[tokio::test]
async fn what_is_not_taken_says_why_and_keeps_nothing_else_out() {
    let (world, elena, _) = office().await;
    written(&world, &elena, "Apre il ponte").await;
    let cut = photo(10);
    let words = bring(
        &world,
        &elena,
        &[
            ("logo.svg", b"<svg><script>alert(1)</script></svg>"),
            ("a.gif", b"GIF89a/*...*/=1;alert(1)"),
            ("tronca.jpg", &cut[..cut.len() / 2]),
            ("../../ponte\u{202e}gpj.jpg", &photo(90)),
            ("foto.jpg", b"%PDF-1.7\n"),
        ],
    )
    .await;
    for part in ["2 file aggiunti", "disegno SVG", "è una GIF", "rovinato o incompleto", "«foto.pdf» è di tipo PDF"]
    {
        assert!(words.contains(part), "{part} in {words}");
    }
    let files = files(&world).await;
    assert_eq!((files.photos[0].name.as_str(), files.documents[0].name.as_str()), ("ponte-gpj.jpg", "foto.pdf"));
    let none = bring(&world, &elena, &[("", b"")]).await;
    assert!(none.contains("Nessun file scelto"), "{none}");
}

#[tokio::test]
async fn an_upload_needs_the_word_of_the_session_before_anything_else() {
    let (world, elena, carlo) = office().await;
    written(&world, &elena, "Apre il ponte").await;
    let file: (&str, &[u8]) = ("a.txt", b"ciao");
    for word in ["", "x", carlo.csrf.as_str()] {
        let answer = send(&world, &elena, Body::from(form(word, &[file]))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{word:?}");
    }
    // the word after the file comes too late
    let late = [part("name=\"nuovi\"; filename=\"a.txt\"", b"ciao"), form(&elena.csrf, &[])].concat();
    assert_eq!(send(&world, &elena, Body::from(late)).await.status, StatusCode::FORBIDDEN);
    let stranger = Seat { cookie: "salastampa=x".into(), csrf: String::new() };
    let answer = send(&world, &stranger, Body::from(form("", &[file]))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains(BRING), "after the login it goes on where it was: {}", answer.body);
    let back = world.see(&elena, BRING).await;
    assert_eq!(back.header("location"), Some("/desk/comunicati/apre-il-ponte/modifica#file"));
    let reader = world.enter("vera", Role::Viewer).await;
    assert_eq!(send(&world, &reader, Body::from(form(&reader.csrf, &[file]))).await.status, StatusCode::FORBIDDEN);
    let other = Request::builder().method(Method::POST).uri(BRING).header(COOKIE, &elena.cookie);
    let other = other.header("origin", "https://altrove.test").header(CONTENT_TYPE, "multipart/form-data; boundary=x");
    assert_eq!(world.answer(other.body(Body::empty()).expect("a request")).await.status, StatusCode::FORBIDDEN);
    assert!(files(&world).await.is_empty());
    let cut = form(&elena.csrf, &[file]);
    let answer = send(&world, &elena, Body::from(cut[..cut.len() - 20].to_vec())).await;
    assert!(said(&world, &elena, &answer).await.contains("interrotto"), "an upload that breaks off keeps nothing");
    assert!(files(&world).await.is_empty());
}

#[tokio::test]
async fn the_bank_finds_a_photo_and_gives_it_to_another_release() {
    let (world, elena, carlo) = office().await;
    let files = approved(&world, &elena, &carlo).await;
    world
        .send(
            &elena,
            "/desk/comunicati/nuovo",
            &[
                ("titolo", "Chiude il ponte"),
                ("tipo", "comunicato"),
                ("testo", "Il Comune chiude il ponte."),
                ("liste", "locali"),
            ],
        )
        .await;
    for (question, n) in [("", 1), ("MOLO", 1), ("nina", 1), ("riaperto", 1), ("gatto", 0)] {
        let page = world.see(&elena, &format!("/desk/foto?q={question}&per=chiude-il-ponte")).await.body;
        assert_eq!(page.matches("<li id=\"foto-").count(), n, "{question}");
        assert_eq!(page.matches("action=\"/desk/comunicati/chiude-il-ponte/file/riusa\"").count(), n, "{question}");
    }
    let page = world.see(&elena, "/desk/foto").await.body;
    assert!(page.contains(">Apre il ponte</a>") && page.contains("elena di prova"), "{page}");
    let hash = files.photos[0].full.file.clone();
    let done = world.send(&elena, "/desk/comunicati/chiude-il-ponte/file/riusa", &[("file", &hash)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let other = world.see(&elena, "/desk/comunicati/chiude-il-ponte").await.body;
    let thumb = format!("/desk{}", file_path(&files.photos[0].thumb.file, "ponte.jpg"));
    assert!(other.contains(&thumb), "{other}");
    assert_eq!(world.see(&elena, &thumb).await.status, StatusCode::OK);
    let reader = world.enter("vera", Role::Viewer).await;
    assert_eq!(world.see(&reader, &thumb).await.status, StatusCode::FORBIDDEN, "not before it is public");
    assert_eq!(world.get(&thumb).await.status, StatusCode::SEE_OTHER, "a stranger is asked to log in");
}
