//! What a page says of its article in JSON-LD (schema.org `NewsArticle` and kin).
//!
//! Written by programs, wrong in all ways: several blocks, graphs, references by `@id`, lists where one value belongs,
//! line breaks inside strings. The first article found counts; what it lacks is taken from later ones. Left out:
//! everything that is said of the site, the picture and the breadcrumbs.

use crate::feed::plain;
use scraper::{Html, Selector};
use serde_json::Value;
use std::collections::HashMap;

/// What is said of the article. Texts are plain, dates as written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Linked {
    pub(super) headline: Option<String>,
    pub(super) description: Option<String>,
    pub(super) authors: Vec<String>,
    /// Who signed without being a person: the outlet, an agency.
    pub(super) organisations: Vec<String>,
    pub(super) published: Option<String>,
    pub(super) body: Option<String>,
    pub(super) section: Option<String>,
    pub(super) language: Option<String>,
    /// `isAccessibleForFree`, where it is said.
    pub(super) free: Option<bool>,
    /// The types of the articles, without their prefix.
    pub(super) kinds: Vec<String>,
}

/// Most nodes looked at in one page.
const NODES: usize = 2_000;

pub(super) fn read(page: &Html) -> Linked {
    let scripts = Selector::parse("script[type*='ld+json']").expect("a sound selector");
    let blocks: Vec<Value> = page.select(&scripts).filter_map(|s| parse(&s.text().collect::<String>())).collect();
    let mut nodes = Vec::new();
    blocks.iter().for_each(|block| collect(block, &mut nodes));
    let names: HashMap<&str, &Value> =
        nodes.iter().filter(|n| !n["name"].is_null()).filter_map(|n| Some((n["@id"].as_str()?, &n["name"]))).collect();
    let mut linked = Linked::default();
    for rank in [is_article as fn(&Value) -> bool, is_page] {
        for node in nodes.iter().filter(|node| rank(node)) {
            fill(&mut linked, node, &names);
        }
    }
    linked
}

/// Takes what is not known yet.
fn fill(linked: &mut Linked, node: &Value, names: &HashMap<&str, &Value>) {
    let article = is_article(node);
    let text = |key: &str| texts(&node[key]).next().map(plain::line).filter(|t| !t.is_empty());
    let take = |slot: &mut Option<String>, value: Option<String>| {
        if slot.is_none() {
            *slot = value;
        }
    };
    take(&mut linked.published, text("datePublished").or_else(|| article.then(|| text("dateCreated")).flatten()));
    take(&mut linked.language, text("inLanguage"));
    if !article {
        return;
    }
    linked.free = linked.free.or_else(|| truth(&node["isAccessibleForFree"]));
    linked.kinds.extend(kinds(node).map(|kind| kind.rsplit('/').next().unwrap_or(kind).to_owned()).take(4));
    take(&mut linked.headline, text("headline").or_else(|| text("name")));
    take(&mut linked.description, text("description"));
    take(&mut linked.section, text("articleSection"));
    let body = texts(&node["articleBody"]).map(plain::paragraphs).max_by_key(String::len).filter(|b| !b.is_empty());
    if linked.body.as_ref().map_or(0, String::len) < body.as_ref().map_or(0, String::len) {
        linked.body = body;
    }
    for key in ["author", "creator"] {
        if linked.authors.is_empty() && linked.organisations.is_empty() {
            (linked.organisations, linked.authors) = signatures(&node[key], names);
        }
    }
}

/// A truth value, or the text that programs write for one.
fn truth(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()?.trim().to_ascii_lowercase().rsplit('/').next()? {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    })
}

/// The organisations and the people of an `author`.
fn signatures(value: &Value, names: &HashMap<&str, &Value>) -> (Vec<String>, Vec<String>) {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut found = (Vec::new(), Vec::new());
    for author in list {
        let name = match author {
            Value::Object(_) if author["name"].is_null() => {
                author["@id"].as_str().and_then(|id| names.get(id)).copied().unwrap_or(&Value::Null)
            }
            Value::Object(_) => &author["name"],
            other => other,
        };
        let is_organisation = author.is_object() && kinds(author).any(|kind| kind.ends_with("Organization"));
        let to = if is_organisation { &mut found.0 } else { &mut found.1 };
        to.extend(texts(name).map(plain::line).filter(|n| !n.is_empty()));
    }
    found
}

/// The texts of a value that should be one.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    list.iter().filter_map(|v| v.as_str().or_else(|| v["@value"].as_str()).or_else(|| v["name"].as_str()))
}

/// All nodes in a block, in order.
fn collect<'a>(value: &'a Value, nodes: &mut Vec<&'a Value>) {
    match value {
        _ if nodes.len() >= NODES => {}
        Value::Array(list) => list.iter().for_each(|v| collect(v, nodes)),
        Value::Object(fields) => {
            nodes.push(value);
            for (key, inner) in fields {
                // the articles that a page links to are not its own
                if inner.is_object() || inner.is_array() {
                    if matches!(key.as_str(), "isPartOf" | "hasPart" | "itemListElement" | "relatedLink" | "mentions") {
                        continue;
                    }
                    collect(inner, nodes);
                }
            }
        }
        _ => {}
    }
}

fn is_article(node: &Value) -> bool {
    kinds(node).any(|kind| {
        let kind = kind.rsplit('/').next().unwrap_or(kind);
        kind.ends_with("Article") || kind.ends_with("BlogPosting") || matches!(kind, "Report" | "SocialMediaPosting")
    })
}

fn is_page(node: &Value) -> bool {
    kinds(node).any(|kind| kind.ends_with("WebPage") || kind.ends_with("VideoObject"))
}

fn kinds(node: &Value) -> impl Iterator<Item = &str> {
    texts(&node["@type"])
}

/// Reads a block, if need be with the faults that programs make taken out.
fn parse(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let text = text.trim_start_matches("//<![CDATA[").trim_end_matches("//]]>").trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let repaired: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let repaired = without_trailing_commas(&repaired);
        serde_json::from_str(&repaired).ok()
    })
}

fn without_trailing_commas(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in json.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' | '}' if !quoted && out.trim_end().ends_with(',') => out.truncate(out.trim_end().len() - 1),
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Linked {
        read(&Html::parse_document(&format!("<script type=\"application/ld+json\">{json}</script>")))
    }

    #[test]
    fn an_article_is_found_in_graphs_and_lists_and_its_author_by_reference() {
        let linked = of(r##"[{"@graph":[{"@type":"Organization","@id":"#o","name":"Il Foglio di Bellariva"},
            {"@type":["NewsArticle"],"headline":"Riapre il &quot;ponte&quot;","datePublished":"2026-11-22T09:00:00+01:00",
             "author":[{"@id":"#a"},{"name":"Ada Corti"},{"@type":"NewsMediaOrganization","name":"Ansa"}],"articleBody":"<p>Uno.</p><p>Due.</p>","inLanguage":"it-IT"},
            {"@type":"Person","@id":"#a","name":"Piero Lanti"}]}]"##);
        assert_eq!(linked.headline.as_deref(), Some("Riapre il \"ponte\""));
        assert_eq!(linked.authors, ["Piero Lanti", "Ada Corti"]);
        assert_eq!(linked.organisations, ["Ansa"]);
        assert_eq!(linked.body.as_deref(), Some("Uno.\nDue."));
        assert_eq!(linked.published.as_deref(), Some("2026-11-22T09:00:00+01:00"));
    }

    #[test]
    fn faults_of_programs_are_forgiven() {
        let linked = of("<!-- {\"@type\":\"NewsArticle\",\"headline\":\"Due\nrighe, una virgola,\",} -->");
        assert_eq!(linked.headline.as_deref(), Some("Due righe, una virgola,"));
        assert_eq!(of("{\"@type\":\"NewsArticle\""), Linked::default());
        assert_eq!(of(&"[".repeat(10_000)), Linked::default());
        assert_eq!(of(&format!("{}{}", "{\"a\":[".repeat(60), "]}".repeat(60))), Linked::default());
    }
}
