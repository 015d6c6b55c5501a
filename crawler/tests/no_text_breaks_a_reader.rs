//! Every reader of the fetching half meets texts that nobody has thought of. None may panic.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use salastampa_crawler::robots::Robots;
use salastampa_crawler::tdm::Tdm;
use salastampa_crawler::wire::{self, WireContext};
use salastampa_crawler::{key, registry, section, sitemap};
use salastampa_domain::time::rome;
use salastampa_domain::{Selectors, Timestamp};

const NOW: Timestamp = Timestamp(1_795_000_000_000);

/// Pieces of the formats in any order, with anything between them.
fn pieces(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => proptest::sample::select(words).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// How files of agencies begin.
const STARTS: &[&[u8]] = &[b"", b"<nitf>", b"\x01a1 2 s\n\x02", b"\xff\xfe<\0", b"\x16\x01"];

/// The same texts on every run.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(2026), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn robots(text in pieces(&["User-agent:", " *", "salastampa", "\n", "\r", "Disallow:", "Allow: /", "$", "%e", "%", "#", "Crawl-delay: 1e9", "<"])) {
        let robots = Robots::read(200, &text);
        robots.verdict("https://www.lago.test/cronaca/è?a=%41");
        robots.verdict(&text);
    }

    #[test]
    fn reservations(text in pieces(&["[", "{", "\"location\":", "\"/*\"", "\"tdm-reservation\":", "1", ",", "}", "]"])) {
        Tdm::read(200, &text).says("https://www.lago.test/cronaca");
    }

    #[test]
    fn sitemaps(text in pieces(&["<urlset>", "<url>", "<loc>", "https://lago.test/a", "</loc>", "</url>", "<news:title>", "&amp;", "&#x0;", "&x;", "<![CDATA[", "]]>", "<!DOCTYPE x [", "<?x", "<lastmod>2026-11-23", "</"])) {
        let _ = sitemap::parse(text.as_bytes(), "https://www.lago.test/", NOW);
        let _ = sitemap::parse(format!("<urlset>{text}").as_bytes(), "", NOW);
    }

    #[test]
    fn wires_of_markup(text in pieces(&["<newsMessage>", "<itemSet>", "<newsItem guid='a' version='99999999999999999999'>", "</newsItem>", "<itemMeta>", "<embargoed>", "</embargoed>", "<signal qcode=':'/>", "<contentMeta>", "<headline>", "++ A (2-segue)", "</headline>", "<contentSet>", "<inlineXML>", "<p>", "(AGZ) - È, 1 - ", "</p>", "11 CRO", "<NewsML>", "<NewsItem>", "<NewsItemId>1</NewsItemId>", "<nitf>", "<br/>", "&egrave;", "&#x0;", "<![CDATA[", "]]>", "<!DOCTYPE x [", "</"])) {
        let context = WireContext { zone: rome(), now: NOW };
        let _ = wire::parse(text.as_bytes(), &context);
        for root in ["<newsItem guid='x'><contentMeta>", "<nitf><body><body.content>", "<NewsML><NewsItem>"] {
            let _ = wire::parse(format!("{root}{text}").as_bytes(), &context);
        }
        wire::is_wire(text.as_bytes());
    }

    #[test]
    fn wires_of_teleprinters(text in pieces(&["\u{1}", "\u{2}", "\u{3}", "\u{4}", "\u{16}\u{16}\u{1}", "a4711\u{1f}x\n", "agz042 2 s 120\r\n", "^", "<", "=", "1st Ld-Writethru", "KILL", "(AGZ) _ ", "\n", "\t   ", "* * *", "230655 GMT Nov 26", "AGZ-WF-11-23-26 0630GMT", "(", ")", "İ(segue)", "-2-"])) {
        let context = WireContext { zone: rome(), now: NOW };
        for start in ["", "\u{1}agz042 2 s 120\n\u{2}", "\u{16}\u{16}\u{1}a1\u{1f}\nu i\n\u{2}"] {
            let _ = wire::parse(format!("{start}{text}").as_bytes(), &context);
        }
    }

    #[test]
    fn wires_of_anything(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in proptest::sample::select(STARTS)) {
        let _ = wire::parse(&[start, &bytes].concat(), &WireContext { zone: rome(), now: NOW });
    }

    #[test]
    fn packed_sitemaps(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = sitemap::parse(&[&[0x1f, 0x8b, 8, 0][..], &bytes].concat(), "https://www.lago.test/", NOW);
    }

    #[test]
    fn sections(text in pieces(&["<div class=c>", "<a href=", "/a", "'", "\"", ">", "</a>", "<time datetime=2026-11-23>", "ieri", "2 ore fa", "<table>", "<svg>", "<template>", "<!--", "-->"])) {
        let selectors = Selectors { item: ".c".into(), date: Some("time".into()), ..Selectors::default() };
        let _ = section::parse(text.as_bytes(), None, "https://www.lago.test/", &selectors, NOW);
    }

    #[test]
    fn registries(text in pieces(&["[[outlet]]\n", "[[source]]\n", "id = ", "\"lago\"\n", "kind = \"page\"\n", "selectors = {", "item = \"", "}", "tier = 0x7\n", "contract = {until = 2026-02-30}\n", "\n", "=", "url = \"http://["])) {
        let _ = registry::parse(&text, "feeds.toml");
    }

    #[test]
    fn keys(text in pieces(&["http://", "https://", "www.lago.test", ".", "..", ":80", "/", "?", "&", "utm_x=1", "#", "[::1]", "127.1", "%", "@", "lombardia.it", "gov.it"])) {
        let canonical = key::canonical(&text);
        prop_assert_eq!(key::canonical(&canonical), canonical.clone());
        key::host_key(&text);
        key::title_key(&text);
    }
}
