//! Texts that try to be more than words. Whatever stands in a release, its page, mail, text, feeds, data and linked data
//! hold no script, no handler and no request to a stranger, and are well-formed.
//!
//! What is checked is not that bad things are absent but that only known things are there: a tag, an attribute, a target
//! that the list does not name fails. The texts are made of known tricks in every place where an officer can write.

use crate::world::{Answer, World};
use axum::http::StatusCode;
use salastampa_domain::{ReleaseId, Version};

/// Addresses that must never become a link: schemes that run or embed, in the disguises that parsers have fallen for.
const TARGETS: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java\tscript:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;&#x61;vascript:alert(1)",
    "&#0000106avascript:alert(1)",
    "%6aavascript:alert(1)",
    "\\javascript:alert(1)",
    "j\\avascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "\u{200b}javascript:alert(1)",
    "\u{202e}javascript:alert(1)",
    " javascript:alert(1)",
    "javascript://esempio.test/%0aalert(1)",
    "javascript:/*https://esempio.test*/alert(1)",
    "https://esempio.test/\u{202e}gpj.exe",
    "vbscript:msgbox(1)",
    "VBSCRIPT:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,%3Csvg%20onload=alert(1)%3E",
    "DATA:text/html,x",
    "&#100;ata:text/html,x",
    "blob:https://esempio.test/1",
    "file:///etc/passwd",
    "ftp://esempio.test/x",
    "ws://esempio.test",
    "jar:https://esempio.test!/x",
    "view-source:https://esempio.test",
    "about:blank",
    "intent://esempio.test#Intent;scheme=https;end",
    "ms-word:ofe|u|https://esempio.test/x.docx",
    "//esempio.test/x.js",
    "/\\esempio.test",
    "\\\\esempio.test\\x",
    "https:/esempio.test",
    "https:esempio.test",
    "https://esempio.test/\" onmouseover=\"alert(1)",
    "https://esempio.test/' onmouseover='alert(1)",
    "https://esempio.test/`onmouseover=alert(1)",
    "https://esempio.test/>< img src=x onerror=alert(1)>",
    "https://esempio.test/&quot;onclick=&quot;alert(1)",
    "https://esempio.test/&#34;onclick=&#34;alert(1)",
    "https://esempio.test/%22onclick=%22alert(1)",
    "https://esempio.test/\u{0}x",
    "mailto:a@esempio.test?body=<script>alert(1)</script>",
    "mailto:\"onclick=alert(1)\"@esempio.test",
    "tel:+39\"onclick=\"alert(1)",
    "#\" onclick=\"alert(1)",
    "?\" onclick=\"alert(1)",
];

/// Texts whose marks, tags or letters try to get out of the place where they stand.
const TEXTS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//esempio.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script/x>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"https://esempio.test/p.gif\">",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math><mi xlink:href=\"data:x,<script>alert(1)</script>\"></mi></math>",
    "<iframe src=\"https://esempio.test\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"https://esempio.test/x.swf\"></object>",
    "<embed src=\"https://esempio.test/x.swf\">",
    "<link rel=stylesheet href=https://esempio.test/x.css>",
    "<style>@import 'https://esempio.test/x.css';</style>",
    "<style>body{background:url(https://esempio.test/x.png)}</style>",
    "<base href=\"https://esempio.test/\">",
    "<meta http-equiv=refresh content=\"0;url=https://esempio.test\">",
    "<form action=\"https://esempio.test\"><input name=q></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<video poster=https://esempio.test/x.png><source src=x onerror=alert(1)></video>",
    "<audio src=https://esempio.test/x.mp3 onplay=alert(1)>",
    "<body onload=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=https://esempio.test ping=https://esempio.test/p>x</a>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<div style=\"background:url(https://esempio.test/x.png)\">x</div>",
    "<p title=\"</p><script>alert(1)</script>\">x</p>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<xmp></xmp><script>alert(1)</script>",
    "<plaintext><script>alert(1)</script>",
    "</article></main></body></html><script>alert(1)</script>",
    "</section></div><div id=\"contenuto\">",
    "</script><script>alert(1)</script>",
    "</ScRiPt ><img src=x onerror=alert(1)>",
    "<!-- nota --><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<!-- <!-- --> <script>alert(1)</script> -->",
    "<!--",
    "-->",
    "--!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    "<?xml version=\"1.0\"?><?xml-stylesheet href=\"https://esempio.test/x.xsl\"?>",
    "<?php system('id'); ?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;",
    "<!ENTITY % p SYSTEM \"https://esempio.test/x.dtd\">%p;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "&NotAnEntity; &#xD800; &#0; &#x110000; &#99999999999;",
    "\\<script\\>alert(1)\\</script\\>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "~~~\n</pre><script>alert(1)</script>\n~~~",
    "```\"onclick=alert(1)\nx\n```",
    "| a | b |\n|---|---|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |",
    "x[^1]\n\n[^1]: <script>alert(1)</script>",
    "# <img src=x onerror=alert(1)>",
    "## titolo {#id onclick=alert(1)}",
    "## </h2><script>alert(1)</script>",
    "## <h2>dentro</h2> [x](https://esempio.test/)",
    "<h2>finto</h2>",
    "<p id=\"descrizione\">finto</p>",
    "- [ ] <input onfocus=alert(1) autofocus>",
    "* * *\n<hr onclick=alert(1)>",
    "> <blockquote cite=javascript:alert(1)>x",
    "> > > <script>alert(1)</script>",
    "1. <li onclick=alert(1)>x",
    "999999999. uno\n1000000000. due",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "[x][]\n\n[x]: data:text/html,<script>alert(1)</script>",
    "[x]\n\n[x]: <javascript:alert(1)> \"titolo\"",
    "[x]: https://esempio.test \"\\\"><script>alert(1)</script>\"\n\n[x]",
    "![x][1]\n\n[1]: https://esempio.test/p.gif",
    "![x](https://esempio.test/p.gif \"t\")",
    "![\"onerror=alert(1)](https://esempio.test/p.gif)",
    "![<img src=x onerror=alert(1)>](https://esempio.test/p.gif)",
    "![](https://esempio.test/p.gif)",
    "![a](x) ![b](/etc/passwd) ![c](data:image/png;base64,AAAA)",
    "[![x](https://esempio.test/p.gif)](javascript:alert(1))",
    "[[x](https://esempio.test)](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](https://esempio.test 'onclick=alert(1)')",
    "[x](https://esempio.test \"><script>alert(1)</script>\")",
    "[](javascript:alert(1))",
    "[ ](https://esempio.test/)",
    "[<script>alert(1)</script>](https://esempio.test/)",
    "[x](https://esempio.test/?a=1&b=2&copy=3&lt;script&gt;)",
    "<javascript:alert(1)>",
    "<https://esempio.test/\"onclick=\"alert(1)>",
    "<a@esempio.test\"onclick=alert(1)>",
    "<data:text/html,x>",
    "https://esempio.test/<script>alert(1)</script>",
    "www.esempio.test javascript:alert(1) data:x",
    "***<script>alert(1)</script>***",
    "**[x](javascript:alert(1))** _[y](vbscript:x)_",
    "testo \u{202e}otrevor\u{202c} testo",
    "\u{2066}isolato\u{2069} \u{200f}\u{200e}\u{061c}",
    "zero\u{200b}largo\u{feff} \u{2028}riga\u{2029}paragrafo",
    "\u{0}\u{1}\u{8}\u{b}\u{c}\u{e}\u{1f}\u{7f}\u{80}\u{9f}",
    "\u{fffe}\u{ffff}\u{fdd0}\u{1fffe}\u{10ffff}",
    "\u{85}riga\u{a0}unita\rsola\r\n",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} z̸̡̧͓a̵͖l̷g̶o̷",
    "👩‍👩‍👧‍👦 🇮🇹 ﷽",
    "a & b && c &amp d &copy e",
    "\" ' ` \\ / { } {{ frame.title }} {% include \"x\" %} ${x} #{x} <%= x %>",
    "{{7*7}} ${7*7} #{7*7}",
    "+++\ntitolo = \"altro\"\n+++\n<script>alert(1)</script>",
    "---\ntitle: x\n---\n<script>alert(1)</script>",
    "\"}],\"@type\":\"Person\",\"x\":[{\"y\":\"",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "</textarea></form><form action=https://esempio.test>",
    "=1+1|cmd' /C calc'!A0",
    "\r\nBcc: tutti@esempio.test\r\n\r\ncorpo",
    "%0d%0aSet-Cookie:x=1",
    "x%UNSUBSCRIBE%x {unsubscribe} %%disiscrizione%%",
    ".\n..\n.\r\n.\r\nQUIT",
    "From me to you\n>From",
];

/// The ways to write a link.
const LINKS: &[&str] = &["[x](T)", "[x](<T>)", "<T>", "![x](T)", "[x][r]\n\n[r]: T"];

/// Nestings without end: what is asked of them is an answer.
fn endless() -> Vec<String> {
    vec![
        format!("{} fondo", ">".repeat(5_000)),
        "[".repeat(20_000),
        format!("{}x{}", "[".repeat(5_000), "](https://esempio.test)".repeat(1_000)),
        format!("{}x", "![".repeat(10_000)),
        format!("{}x{}", "**a ".repeat(8_000), "**".repeat(8_000)),
        "*_".repeat(15_000),
        "`".repeat(30_001),
        format!("{}x", "<b>".repeat(8_000)),
        "<!--".repeat(8_000),
        "&".repeat(9_000),
        (0..200).map(|n| format!("{}- voce {n}\n", "  ".repeat(n))).collect(),
        "- ".repeat(5_000) + "x",
        "1. ".repeat(3_000) + "x",
        (0..900).map(|n| format!("[r{n}]: https://esempio.test/{n}\n")).collect::<String>() + "\n[r1][r2]",
        "\\".repeat(30_000),
        "(".repeat(20_000) + &")".repeat(20_000),
        "a\u{301}".repeat(9_000),
        "x ".repeat(20_000),
    ]
}

/// All cases: what stands in the body of a release.
fn cases() -> Vec<String> {
    let links = TARGETS.iter().flat_map(|target| LINKS.iter().map(|link| link.replace('T', target)));
    let texts = TEXTS.iter().map(|text| (*text).to_owned());
    links.chain(texts).chain(endless()).collect()
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}

/// A draft with the trick in its text, and, where it fits, in every field of its head.
fn draft(case: &str, in_head: bool) -> String {
    if !in_head {
        return format!("+++\ntitolo = \"Prova\"\nliste = [\"cronaca\"]\n+++\nprima\n\n{case}\n\ndopo\n");
    }
    let field: String = case.chars().take(250).collect();
    // control characters in a title are refused, and that is tried elsewhere
    let title: String = field.chars().filter(|c| !c.is_control()).collect();
    let (title, field) = (quoted(&format!("T {title}")), quoted(&field));
    format!(
        "+++\nsezione = \"avviso\"\ntitolo = {title}\nocchiello = {field}\nsommario = {field}\nluogo = {field}\n\
         liste = [\"cronaca\"]\nargomenti = [{field}, \"x\"]\ncontatti = [{field}]\nvirgolettati = [{field}]\n+++\n{case}\n\nfine\n"
    )
}

#[tokio::test]
async fn no_text_of_a_release_becomes_more_than_words() {
    let cases = cases();
    assert!(cases.len() >= 200, "{}", cases.len());
    let world = World::new("2026-11-25 12:00").await;
    let mut number = 0;
    for (n, case) in cases.iter().enumerate() {
        for in_head in [false, true] {
            // links and nesting without end are a matter of the text
            if in_head && !TEXTS.contains(&case.as_str()) {
                continue;
            }
            let text = draft(case, in_head);
            let name: String = format!("case {n} {in_head}: {case:.200?}");
            let Some(version) = world.frozen(ReleaseId(0), number + 1, &text) else {
                assert!(case.len() > 2_000, "refused: {name}");
                continue;
            };
            number += 1;
            of_version(&version, &name);
            world.written(&format!("n{number}"), number, &text, None).await;
            of_release(&world, number, in_head, &name).await;
        }
        if n % 50 == 49 || n + 1 == cases.len() {
            of_lists(&world, &format!("up to case {n}")).await;
        }
    }
}

fn of_version(version: &Version, name: &str) {
    mail(&version.html, name);
    plain(&version.text, name);
    let stray = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!version.subject.contains(stray), "{name}: {:?}", version.subject);
}

async fn of_release(world: &World, number: u32, in_head: bool, name: &str) {
    let section = if in_head { "avvisi" } else { "comunicati" };
    let path = format!("/novita/{section}/2026/{number}-n{number}");
    let page = get(world, &path).await;
    html(&page.body, name);
    let data = get(world, &format!("{path}.json")).await;
    serde_json::from_str::<serde_json::Value>(&data.body).unwrap_or_else(|e| panic!("{name}: {e}"));
    plain(&get(world, &format!("{path}.txt")).await.body, name);
}

async fn of_lists(world: &World, name: &str) {
    for path in ["/novita", "/novita/comunicati", "/novita/avvisi", "/novita/argomenti", "/novita/argomenti/x"] {
        html(&get(world, path).await.body, &format!("{name} {path}"));
    }
    for feed in ["/novita", "/novita/avvisi", "/novita/argomenti/x"] {
        for ending in ["atom", "rss"] {
            xml(&get(world, &format!("{feed}/feed.{ending}")).await.body, &format!("{name} {feed} {ending}"));
        }
        let json = get(world, &format!("{feed}/feed.json")).await.body;
        serde_json::from_str::<serde_json::Value>(&json).unwrap_or_else(|e| panic!("{name} {feed}: {e}"));
    }
    for map in ["/sitemap.xml", "/sitemap-news.xml"] {
        xml(&get(world, map).await.body, &format!("{name} {map}"));
    }
}

async fn get(world: &World, path: &str) -> Answer {
    let answer = world.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer
}

/// No character that a program would act upon.
fn plain(text: &str, name: &str) {
    let acts =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(acts), "{name}: {text:?}");
}

const TAGS: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "a",
    "header",
    "div",
    "span",
    "nav",
    "ul",
    "ol",
    "li",
    "main",
    "article",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "strong",
    "em",
    "br",
    "hr",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "time",
    "details",
    "summary",
    "section",
    "footer",
    "form",
    "label",
    "input",
    "button",
    "table",
    "tr",
    "td",
    "tbody",
];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "name",
    "content",
    "property",
    "rel",
    "href",
    "type",
    "title",
    "class",
    "aria-label",
    "aria-labelledby",
    "aria-current",
    "data-element",
    "id",
    "tabindex",
    "role",
    "datetime",
    "method",
    "action",
    "for",
    "maxlength",
    "value",
    "start",
    "style",
    "width",
    "cellpadding",
    "cellspacing",
    "border",
    "align",
    "bgcolor",
    "xmlns",
    "xmlns:o",
];

/// A page: known tags and attributes in our own strict writing, which no browser reads otherwise; targets that are words
/// of a person or pages of ours; linked data that is JSON.
fn html(page: &str, name: &str) {
    let page = page.strip_prefix("<!doctype html>").unwrap_or_else(|| panic!("{name}: no page"));
    const DATA: &str = "<script type=\"application/ld+json\" data-element=\"metatag\">";
    let mut rest = page.to_owned();
    if let Some((before, after)) = page.split_once(DATA) {
        let (data, after) = after.split_once("</script>").unwrap_or_else(|| panic!("{name}: data without end"));
        assert!(!data.contains(['<', '>', '&']), "{name}: {data}");
        serde_json::from_str::<serde_json::Value>(data).unwrap_or_else(|e| panic!("{name}: {e}: {data}"));
        rest = format!("{before}{after}");
    }
    tags(&rest, name, false);
}

/// A mail: the same, below its head, which is ours whole, with the remarks for one program that stand in our template.
fn mail(mail: &str, name: &str) {
    let body = mail.split_once("<body").unwrap_or_else(|| panic!("{name}: no mail")).1;
    let mut rest = format!("<body{body}");
    for remark in [
        "<!--[if mso]><table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td><![endif]-->",
        "<!--[if mso]></td></tr></table><![endif]-->",
    ] {
        rest = rest.replacen(remark, "", 1);
    }
    tags(&rest, name, true);
}

/// `styled` where a tag may have a style of its own, as mail needs it.
fn tags(page: &str, name: &str, styled: bool) {
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').unwrap_or_else(|| panic!("{name}: a tag without end: {rest:.80}"));
        let tag = &rest[..end];
        let (tag, attributes) =
            tag.strip_prefix('/').unwrap_or(tag).split_once([' ', '\n']).unwrap_or((tag.trim_start_matches('/'), ""));
        assert!(TAGS.contains(&tag), "{name}: <{tag}> {attributes}");
        let mut left = attributes;
        while !left.trim().is_empty() {
            let (attribute, value) = left.split_once("=\"").unwrap_or_else(|| panic!("{name}: <{tag} {attributes}>"));
            let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("{name}: <{tag} {attributes}>"));
            let attribute = attribute.trim();
            assert!(ATTRIBUTES.contains(&attribute), "{name}: {attribute} in <{tag} {attributes}>");
            assert!(after.is_empty() || after.starts_with(' '), "{name}: <{tag} {attributes}>");
            if matches!(attribute, "href" | "action") {
                target(tag, value, name);
            }
            assert!(attribute != "style" || styled && !value.contains("url("), "{name}: {value}");
            left = after;
        }
        rest = &rest[end + 1..];
    }
}

/// What a person follows may lead anywhere by known schemes; what a program fetches is ours.
fn target(tag: &str, value: &str, name: &str) {
    let ours = (value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\"))
        || value.starts_with("https://stampa.bellariva.test")
        || value == "data:,"
        || (tag == "a" && value.starts_with('#'));
    let mark = salastampa_domain::delivery::UNSUBSCRIBE_MARK;
    let known =
        ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| value.to_lowercase().starts_with(scheme));
    assert!(ours || tag == "a" && (known || value == mark), "{name}: {tag} leads to {value}");
    assert!(!value.contains(|c: char| c.is_control() || c.is_whitespace()), "{name}: {value:?}");
}

/// Well-formed XML 1.0 as far as our feeds use it: tags that close in order, quoted attributes, five entities, no
/// character that XML forbids.
fn xml(text: &str, name: &str) {
    let forbidden = |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(forbidden), "{name}: a forbidden character");
    for after in text.split('&').skip(1) {
        let entity = after.split(';').next().unwrap_or_default();
        assert!(["amp", "lt", "gt", "quot", "apos"].contains(&entity), "{name}: &{entity:.20}");
    }
    assert!(!text.contains("]]>") && !text.contains("<!"), "{name}");
    let mut open: Vec<&str> = Vec::new();
    let (_, mut rest) = text.split_once("?>").unwrap_or_else(|| panic!("{name}: no XML"));
    while let Some(at) = rest.find('<') {
        let (tag, after) = rest[at + 1..].split_once('>').unwrap_or_else(|| panic!("{name}: a tag without end"));
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}");
        } else {
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_');
            let called = tag.split([' ', '/']).next().unwrap_or_default();
            assert!(!called.is_empty() && called.chars().all(known), "{name}: <{tag}>");
            let mut left = tag[called.len()..].trim_end_matches('/');
            while !left.trim().is_empty() {
                let quoted =
                    left.split_once("=\"").and_then(|(attribute, value)| Some((attribute, value.split_once('"')?)));
                let Some((attribute, (_, after))) = quoted else { panic!("{name}: <{tag}>") };
                assert!(attribute.trim().chars().all(known), "{name}: {attribute} in <{tag}>");
                left = after;
            }
            if !tag.ends_with('/') {
                open.push(called);
            }
        }
        rest = after;
    }
    assert!(open.is_empty(), "{name}: {open:?} stay open");
}
