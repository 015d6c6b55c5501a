//! Texts that try to be more than words. Whatever stands in a release, its page, mail, text, feeds, data and linked data
//! hold no script, no handler and no request to a stranger, and are well-formed.
//!
//! What is checked is not that bad things are absent but that only known things are there: a tag, an attribute, a target
//! that the list does not name fails. The texts are made of known tricks in every place where an officer can write.

mod corpus;

use crate::world::{Answer, World};
use axum::http::StatusCode;
use corpus::{TEXTS, cases};
use salastampa_domain::{ReleaseId, Version};

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
    "fieldset",
    "legend",
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
    "required",
    "autocomplete",
    "aria-describedby",
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
