//! Faults and attacks by class: each a small feed made for the test.

use super::*;
use expect_test::{Expect, expect};
use salastampa_domain::time::rome;

fn context() -> FeedContext<'static> {
    let now = Timestamp::parse("2026-11-22 18:00").expect("a date");
    FeedContext { base: "https://esempio.test/feed.xml", content_type: None, zone: rome(), now }
}

fn read(bytes: &[u8]) -> (Feed, Vec<Problem>) {
    parse(bytes, &context()).unwrap_or_else(|refused| panic!("{refused}: {}", String::from_utf8_lossy(bytes)))
}

/// One line for the feed, one an item, one a problem.
fn check(bytes: impl AsRef<[u8]>, expect: Expect) {
    let (feed, problems) = read(bytes.as_ref());
    let mut shown = format!("{}\n", feed.title);
    for item in &feed.items {
        let date = item.published_at.map_or("-".to_owned(), |at| match item.date_only {
            true => at.day().to_string(),
            false => at.rfc3339(),
        });
        let (lead, body) = (item.lead.for_analysis(), item.body.for_analysis());
        let guid = item.guid.as_deref().unwrap_or("-");
        shown += &format!(
            "{} | {} | {guid} | {date} | {} | {lead} | {body}\n",
            item.title,
            item.url,
            item.authors.join("+")
        );
    }
    for problem in problems {
        shown += &format!("! {}\n", problem.what);
    }
    expect.assert_eq(&shown);
}

fn refusal(bytes: &[u8]) -> String {
    parse(bytes, &context()).expect_err("is refused").why
}

#[test]
fn a_sound_rss_feed_is_read() {
    check(
        "<?xml version='1.0' encoding='UTF-8'?>
        <rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'>
        <channel><title>Il Foglio di Bellariva</title><link>https://esempio.test/</link>
        <image><title>Logo</title><url>/logo.png</url></image>
        <item><title>Riapre il ponte &amp; si festeggia</title><link>/ponte</link><guid isPermaLink='false'>n-1</guid>
          <description>&lt;p&gt;Da &lt;b&gt;luned&amp;igrave;&lt;/b&gt;.&lt;/p&gt;</description>
          <content:encoded><![CDATA[<p>Prima riga.</p><p>Seconda riga.</p>]]></content:encoded>
          <dc:creator>Ada Corti</dc:creator><category>Cronaca</category>
          <pubDate>Sun, 22 Nov 2026 09:00:00 +0100</pubDate></item>
        </channel></rss>",
        expect![[r#"
            Il Foglio di Bellariva
            Riapre il ponte & si festeggia | https://esempio.test/ponte | n-1 | 2026-11-22T09:00:00+01:00 | Ada Corti | Da lunedì. | Prima riga.
            Seconda riga.
        "#]],
    );
}

#[test]
fn old_versions_and_odd_namespaces_are_read() {
    let item = "<item><title>Uno</title><link>https://esempio.test/1</link></item>";
    for shell in [
        ["<rss version='0.93'><channel>", "</channel></rss>"],
        ["<rss><channel>", "</channel></rss>"],
        ["<rss version='2.0' xmlns='http://invented.test/ns'><channel>", "</channel></rss>"],
        ["<r:rss version='2.0' xmlns:r='http://invented.test/r'><channel>", "</channel></r:rss>"],
        ["<rdf:RDF xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel/>", "</rdf:RDF>"],
        ["<RSS VERSION='2.0'><CHANNEL>", "</CHANNEL></RSS>"],
        ["<rss version='2.0'><channel></channel>", "</rss>"],
        ["<channel>", "</channel>"],
        ["<p>Errore del server</p>\n<rss version='2.0'><channel>", "</channel></rss>"],
    ] {
        let (feed, _) = read(shell.join(item).as_bytes());
        let found: Vec<_> = feed.items.iter().map(|i| (i.title.as_str(), i.url.as_str())).collect();
        assert_eq!(found, [("Uno", "https://esempio.test/1")], "{shell:?}");
    }
}

#[test]
fn atom_of_both_versions_is_read() {
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/notizie/'><title type='html'>Bellariva &amp;amp; lago</title>
        <entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Uno <em>nuovo</em></div></title>
          <link rel='self' href='1.atom'/><link href='1.html'/><id>tag:esempio.test,2026:1</id>
          <author><name>Ada Corti</name><email>ada@esempio.test</email></author>
          <summary type='invented/x+y'>Un riassunto.</summary>
          <published>2026-11-22</published><updated>2026-11-22T10:00:00Z</updated></entry></feed>",
        expect![[r#"
            Bellariva & lago
            Uno nuovo | https://esempio.test/notizie/1.html | tag:esempio.test,2026:1 | 2026-11-22 | Ada Corti | Un riassunto. | 
        "#]],
    );
    check(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>Zero tre</title>
        <entry><title mode='base64'>Y2l0dMOg</title><link rel='alternate' type='text/html' href='https://esempio.test/2'/>
        <id>2</id><issued>2026-11-22T09:00:00</issued><modified>2026-11-22T10:00:00Z</modified></entry></feed>",
        expect![[r#"
            Zero tre
            città | https://esempio.test/2 | 2 | 2026-11-22T09:00:00+01:00 |  |  | 
        "#]],
    );
}

#[test]
fn json_feeds_are_read() {
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"Comune","items":[
        {"id":7,"url":"/7","title":"Sette","content_text":"Prima.\n\nSeconda.","authors":[{"name":"Ada Corti"}],
         "date_published":"2026-11-22T09:00:00+01:00","summary":"In breve"}, "guasto"]}"#,
        expect![[r#"
            Comune
            Sette | https://esempio.test/7 | 7 | 2026-11-22T09:00:00+01:00 | Ada Corti | In breve | Prima.
            Seconda.
            ! 1 items could not be read
        "#]],
    );
    assert_eq!(refusal(br#"{"a":1}"#), "json without items");
    assert_eq!(refusal(br#"{"items":[{"a":1}]}"#), "json that is no feed");
}

#[test]
fn broken_markup_costs_the_broken_place_only() {
    check(
        "<rss version='2.0'><channel><title>Guasti</title>
        <item><title>A & B &egrave; &#146;qui&#146;</title><link>https://esempio.test/?a=1&b=2</link></item>
        <item><title>Mai chiuso<link>https://esempio.test/2</link></item>
        <item><title>Incrociato</titel></title><link>https://esempio.test/3</link>
        <item><title><![CDATA[Senza fine</title><link>https://esempio.test/4</link></item>
        <item><title>Troncato</title><link>https://esempio.te",
        expect![[r#"
            Guasti
            A & B è ’qui’ | https://esempio.test/?a=1&b=2 | - | - |  |  | 
            Mai chiuso | https://esempio.test/2 | - | - |  |  | 
            Incrociato | https://esempio.test/3 | - | - |  |  | 
            Senza fine | https://esempio.test/4 | - | - |  |  | 
            Troncato | https://esempio.te/ | - | - |  |  | 
            ! ends in the middle of an item
            ! 2 mismatched tags
        "#]],
    );
}

#[test]
fn encodings_are_read_whatever_is_declared() {
    let feed = |title: &str| format!("<rss version='2.0'><channel><title>{title}</title></channel></rss>");
    let latin =
        [b"<rss version='2.0'><channel><title>Citt\xE0 ".as_slice(), b"\x93oggi\x94</title></channel></rss>"].concat();
    assert_eq!(read(&latin).0.title, "Città “oggi”");
    let utf16: Vec<u8> = feed("Città").encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(&utf16).0.title, "Città");
    let declared = format!("<?xml version='1.0' encoding='iso-8859-1'?>{}", feed("Città"));
    assert_eq!(read(declared.as_bytes()).0.title, "Città");
    assert_eq!(read(b"\0\x01<rss><channel><title>N\0u\x08llo</title></channel></rss>").0.title, "Nullo");
}

#[test]
fn an_item_without_link_has_the_address_of_its_identity_or_enclosure() {
    let url = |inside: &str| {
        let feed = format!("<rss version='2.0'><channel><item><title>x</title>{inside}</item></channel></rss>");
        read(feed.as_bytes()).0.items[0].url.clone()
    };
    assert_eq!(url("<guid>https://esempio.test/9</guid>"), "https://esempio.test/9");
    assert_eq!(
        url("<guid>9</guid><enclosure url='/9.mp3' type='audio/mpeg' length='x'/>"),
        "https://esempio.test/9.mp3"
    );
    assert_eq!(url("<guid>9</guid>"), "");
    assert_eq!(url("<link/><link> https://esempio.test/a\n</link>"), "https://esempio.test/a");
}

#[test]
fn an_identity_is_never_made_up() {
    let feed = b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>";
    assert_eq!(read(feed).0.items[0].guid, None);
    assert_eq!(read(feed), read(feed));
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    assert_eq!(refusal(b""), "no element");
    assert_eq!(refusal(b"<opml version='2.0'></opml>"), "no root element of a feed");
    assert_eq!(refusal(b"<!doctype html><html><body><p>Comune</body></html>"), "a web page");
    assert_eq!(refusal(b"<html><head><title>Just a moment...</title></head></html>"), "a page with a challenge");
}

/// As the example program: a thread with the smallest stack in use.
fn on_a_small_stack(name: &str, bytes: Vec<u8>) -> Result<(Feed, Vec<Problem>), NotAFeed> {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || parse(&bytes, &context()));
    thread.expect("a thread").join().unwrap_or_else(|_| panic!("{name} panics"))
}

#[test]
fn what_is_nested_or_decorated_without_end_is_refused() {
    let feed =
        |inside: &str| format!("<rss version='2.0'><channel><item><title>x</title>{inside}</item></channel></rss>");
    let attributes =
        |n: usize, name: &str| (0..n).map(|i| format!(" {name}{i}='http://x.test/{i}'")).collect::<String>();
    for (name, bytes, why) in [
        ("groups", feed(&"<media:group>".repeat(1_600)), "nested deeper than 256 elements"),
        ("many groups", feed(&"<media:group>".repeat(100_000)), "nested deeper than 256 elements"),
        ("links", feed(&format!("<description>{}", "<a>".repeat(100_000))), "nested deeper than 256 elements"),
        ("bases", feed(&"<a xml:base='x/'>".repeat(50_000)), "nested deeper than 256 elements"),
        ("attributes", feed(&format!("<a{}/>", attributes(40_000, "b"))), "an element with more than 5000 attributes"),
        (
            "namespaces",
            format!("<rss version='2.0'{}><channel>", attributes(20_000, "xmlns:n")),
            "an element with more than 5000 attributes",
        ),
        ("json", "[".repeat(200_000), "no element"),
    ] {
        let refused = on_a_small_stack(name, bytes.into_bytes()).expect_err(name);
        assert_eq!(refused.why, why, "{name}");
    }
    assert!(on_a_small_stack("json", format!("{{\"items\":{}", "[".repeat(200_000)).into_bytes()).is_err());
}

#[test]
fn what_is_only_large_or_odd_is_read_and_cut() {
    let feed =
        |inside: &str| format!("<rss version='2.0'><channel><item><title>x</title>{inside}</item></channel></rss>");
    let entity = "<!DOCTYPE rss [<!ENTITY a 'boom'><!ENTITY b SYSTEM 'file:///etc/passwd'>]>";
    for (name, bytes, items) in [
        ("items", format!("<rss><channel>{}", "<item><title>x</title></item>".repeat(10_000)), 2_000),
        ("duration", feed("<itunes:duration>99999999999999999999999</itunes:duration>"), 1),
        ("media", feed("<media:content duration='99999999999999999999999' url='x'/>"), 1),
        ("signature", feed("<author>\u{bb}ada@esempio.test\u{bb}</author>"), 1),
        ("bold", feed(&format!("<description>{}</description>", "&lt;b&gt;x ".repeat(200_000))), 1),
        ("comment", feed(&format!("<!--{}-->", " ".repeat(2 << 20))), 1),
        ("entities", format!("{entity}{}", feed("<description>&a;&b;</description>")), 1),
        ("field", feed(&format!("<description>{}</description>", "città ".repeat(400_000))), 1),
        ("base", feed("<link xml:base='http://['>/a</link>"), 1),
    ] {
        let (feed, _) =
            on_a_small_stack(name, bytes.into_bytes()).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(feed.items.len(), items, "{name}");
        if name == "entities" {
            assert_eq!(feed.items[0].lead.for_analysis(), "&a;&b;");
        }
    }
}

#[test]
fn no_cut_and_no_flipped_byte_makes_it_panic() {
    let sound = "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Bellariva</title>
        <item><title><![CDATA[A & B]]></title><link>/a</link><dc:date>2026-11-22T10:00:00Z</dc:date><author>a@b.it (\u{e0})</author>
        <description>&lt;p&gt;citt\u{e0} &amp;egrave; &#8217;</description><enclosure url='x'/></item></channel></rss>"
        .as_bytes();
    for at in 0..sound.len() {
        let _ = parse(&sound[..at], &context());
        for byte in [b'<', b'>', b'&', b'\'', 0, 0xFF] {
            let mut flipped = sound.to_vec();
            flipped[at] = byte;
            let _ = parse(&flipped, &context());
        }
    }
}
