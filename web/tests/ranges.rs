//! A download that broke off goes on where it was: parts of photos, documents and the media kit, by byte ranges.

use crate::files::{KIT, SLUG, addresses, approved, fetched, ranged, step, version};
use crate::releases::office;
use axum::http::{HeaderMap, Method, StatusCode};

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_part_of_every_file_is_those_bytes_of_it_and_a_broken_download_goes_on() {
    let (world, elena, carlo) = office().await;
    let files = approved(&world, &elena, &carlo).await;
    let seen = version(&world).await.sha256;
    step(&world, &carlo, "invia", &[("visto", &seen)]).await;
    assert!(SLUG.starts_with("apre"));
    for path in addresses(&files) {
        let (status, headers, whole) = fetched(&world, &path).await;
        if status == StatusCode::PERMANENT_REDIRECT {
            continue;
        }
        assert_eq!((status, text(&headers, "accept-ranges").as_str()), (StatusCode::OK, "bytes"), "{path}");
        let length = whole.len();
        let middle = length / 2;
        let tag = text(&headers, "etag");
        // every cut of the kit between its headers, and of a file anywhere
        for from in (0..length).step_by((length / 40).max(1)).chain([length - 1]) {
            let to = (from + length / 7).min(length - 1);
            let (status, headers, part) = ranged(&world, &path, &[("range", &format!("bytes={from}-{to}"))]).await;
            assert_eq!(status, StatusCode::PARTIAL_CONTENT, "{path} from {from}");
            assert_eq!(text(&headers, "content-range"), format!("bytes {from}-{to}/{length}"));
            assert_eq!(text(&headers, "content-length"), part.len().to_string());
            assert!(part == whole[from..=to], "{path} from {from} to {to}");
        }
        for (range, from) in [(format!("bytes={middle}-"), middle), (format!("bytes=-{}", length - middle), middle)] {
            let zipped = ("accept-encoding", "gzip");
            let (status, headers, rest) = ranged(&world, &path, &[("range", &range), ("if-range", &tag), zipped]).await;
            assert_eq!((status, text(&headers, "content-encoding").as_str()), (StatusCode::PARTIAL_CONTENT, ""));
            assert!([&whole[..middle], &rest].concat() == whole, "{path} {range}");
            assert_eq!(text(&headers, "content-range"), format!("bytes {from}-{}/{length}", length - 1));
        }
        // who has the beginning of something else, asks for several parts, or writes nonsense, gets all of it
        let other = [("range", "bytes=0-1"), ("if-range", "\"other\"")];
        for headers in [
            &other[..],
            &[("range", "bytes=0-1,3-4")],
            &[("range", "lines=1-2")],
            &[("range", "bytes=x")],
            &[("range", "bytes=5-2")],
        ] {
            let (status, _, all) = ranged(&world, &path, headers).await;
            assert!(status == StatusCode::OK && all == whole, "{path} {headers:?}");
        }
        let (status, headers, all) = ranged(&world, &path, &[("range", &format!("bytes=-{}", length + 7))]).await;
        assert!(status == StatusCode::PARTIAL_CONTENT && all == whole, "{path}");
        assert_eq!(text(&headers, "content-range"), format!("bytes 0-{}/{length}", length - 1));
        let (status, headers, none) = ranged(&world, &path, &[("range", &format!("bytes={length}-"))]).await;
        assert_eq!((status, none.len()), (StatusCode::RANGE_NOT_SATISFIABLE, 0), "{path}");
        assert_eq!(text(&headers, "content-range"), format!("bytes */{length}"));
        // a look has no parts
        let request = axum::http::Request::builder().method(Method::HEAD).uri(&path).header("range", "bytes=0-1");
        let head = world.answer(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert_eq!((head.status, head.header("content-range")), (StatusCode::OK, None), "{path}");
    }
    world.withdraw(SLUG, "2026-11-23 09:00", "errore").await;
    assert_eq!(ranged(&world, KIT, &[("range", "bytes=0-9")]).await, fetched(&world, KIT).await);
}
