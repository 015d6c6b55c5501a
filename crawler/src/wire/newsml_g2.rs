//! NewsML-G2 (IPTC, 2006 on): messages of items, each with metadata and its text as XHTML, NITF or plain.
//!
//! Read leniently: the order of elements, empty rights and unknown vocabularies do not matter. What agencies write in
//! their own way is looked for by meaning (the part of a code after its colon), not by the name of an agency; the codes of
//! an Italian one, which puts its routing line behind the last paragraph, are recognised by their form. Left out: packages
//! (lists of other items), pictures, concepts and planning items.

use super::body::{joined, paragraphs};
use super::tree::{Node, Part};
use super::{Kind, Problem, Raw, Status, WireContext, WireFormat, WireItem, empty, instant, language, rubric};
use crate::feed::plain::collapse;
use salastampa_domain::ForeignText;

/// Reads a message, or an item that stands alone.
pub(super) fn read(root: &Node, context: &WireContext) -> Raw {
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    let nodes: Vec<&Node> = match root.name.as_str() {
        "newsMessage" => root.all("itemSet").flat_map(Node::nodes).collect(),
        _ => vec![root],
    };
    let sent = root.text(&["header", "sent"]).and_then(|sent| instant(&sent, context));
    for node in nodes {
        match item(node, context) {
            Ok(mut item) => {
                item.issued_at = item.issued_at.or(sent);
                items.push(item);
            }
            Err(what) => problems.push(Problem { what }),
        }
    }
    if items.is_empty() && problems.is_empty() {
        problems.push(Problem { what: "a message without items".into() });
    }
    (items, problems)
}

/// What a code means: the part behind its vocabulary.
fn code(value: &str) -> &str {
    value.rsplit_once(':').map_or(value, |(_, code)| code)
}

/// The code of an element, whichever way it is given.
fn qcode(node: &Node) -> Option<&str> {
    node.attribute("qcode").or_else(|| node.attribute("literal")).or_else(|| node.attribute("uri")).map(code)
}

fn item(node: &Node, context: &WireContext) -> Result<WireItem, String> {
    let guid = node.attribute("guid").ok_or("an item without guid")?.to_owned();
    if !node.closed {
        return Err(format!("the file breaks off inside {guid}"));
    }
    if node.name != "newsItem" {
        return Err(format!("a {} is no text ({guid})", node.name));
    }
    let nothing = Node::default();
    let about = node.find(&["itemMeta"]).unwrap_or(&nothing);
    let content = node.find(&["contentMeta"]).unwrap_or(&nothing);
    let class = about.find(&["itemClass"]).and_then(qcode).unwrap_or("text").to_ascii_lowercase();
    if class != "text" {
        return Err(format!("the item is a {class}, no text ({guid})"));
    }
    let mut item = empty(WireFormat::NewsmlG2, guid);
    item.version = node.attribute("version").and_then(|v| v.parse().ok()).unwrap_or(1);
    item.issued_at = ["versionCreated", "firstCreated"]
        .iter()
        .find_map(|name| about.text(&[name]))
        .or_else(|| content.text(&["contentCreated"]))
        .and_then(|text| instant(&text, context));
    usability(about, context, &mut item);
    kind(about, &mut item);
    if let Some(replaced) = about.all("link").find(|link| relation(link) == Some("replaces")) {
        item.replaces = ["residref", "guidref"].iter().find_map(|name| replaced.attribute(name)).map(str::to_owned);
    }
    describe(node, content, &mut item);
    item.rights = ["copyrightNotice", "usageTerms"]
        .iter()
        .find_map(|name| node.text(&["rightsInfo", name]))
        .or_else(|| node.find(&["rightsInfo", "copyrightHolder"])?.attribute("literal").map(str::to_owned));
    // a private note is for the agency's own desk, a public one for readers: both are for editors here
    let notes: Vec<String> = about.all("edNote").map(Node::line).filter(|note| !note.is_empty()).collect();
    item.note = (!notes.is_empty()).then(|| notes.join(" "));
    text(node, &mut item);
    Ok(item)
}

fn usability(about: &Node, context: &WireContext, item: &mut WireItem) {
    item.status = match about.find(&["pubStatus"]).and_then(qcode).map(str::to_ascii_lowercase).as_deref() {
        Some("withheld") => Status::Withheld,
        Some("canceled" | "cancelled") => Status::Cancelled,
        _ => Status::Usable,
    };
    // an embargo without an hour ends when a later version says so (NewsML-G2 §7.7)
    if let Some(embargoed) = about.find(&["embargoed"]) {
        item.embargo_until = instant(&embargoed.line(), context);
        if item.embargo_until.is_none() && item.status == Status::Usable {
            item.status = Status::Withheld;
        }
    }
}

fn kind(about: &Node, item: &mut WireItem) {
    if item.status == Status::Cancelled {
        item.kind = Kind::Kill;
        return;
    }
    if item.version > 1 {
        item.kind = Kind::Update;
    }
    for signal in about.all("signal").filter_map(qcode) {
        match signal.to_ascii_lowercase().as_str() {
            "correction" | "corrected" | "corrective" => item.kind = Kind::Correction,
            "update" | "updated" if item.kind == Kind::New => item.kind = Kind::Update,
            "kill" | "withdrawal" => item.kind = Kind::Kill,
            _ => {}
        }
    }
    if item.kind == Kind::Kill {
        item.status = Status::Cancelled;
    }
}

fn relation(link: &Node) -> Option<&str> {
    link.attribute("rel").map(code)
}

fn describe(node: &Node, content: &Node, item: &mut WireItem) {
    item.urgency = content.text(&["urgency"]).and_then(|text| text.parse().ok());
    for headline in content.all("headline") {
        let line = headline.line();
        let role = headline.attribute("role").map(code).unwrap_or_default().to_ascii_lowercase();
        match role.as_str() {
            "subheadline" | "subhead" if item.subtitle.is_none() => item.subtitle = Some(line),
            "subheadline" | "subhead" => {}
            _ if item.title.is_empty() => item.title = line,
            _ => {}
        }
    }
    if item.title.is_empty() {
        item.title = node.text(&["itemMeta", "title"]).unwrap_or_default();
    }
    item.slug = content.text(&["slugline"]);
    item.dateline = content.text(&["dateline"]);
    item.place = content
        .all("located")
        .chain(node.all("itemMeta").flat_map(|about| about.all("located")))
        .find_map(|located| located.text(&["name"]).or_else(|| located.attribute("literal").map(str::to_owned)));
    item.language = node.attribute("lang").or_else(|| content.find(&["language"])?.attribute("tag")).and_then(language);
    item.lead = content
        .all("description")
        .filter(|about| about.attribute("role").map(code) == Some("summary"))
        .map(Node::line)
        .find(|line| !line.is_empty())
        .map(ForeignText::new)
        .unwrap_or_default();
    item.authors = authors(content);
    category(content, item);
}

/// Who signed: the byline, or the creators by name, or their initials.
fn authors(content: &Node) -> Vec<String> {
    let by: Vec<String> = content.all("by").map(Node::line).filter(|line| !line.is_empty()).collect();
    if !by.is_empty() {
        return by;
    }
    let name = |node: &Node| {
        let written = node.text(&["name"]).or_else(|| node.attribute("literal").map(str::to_owned));
        written.filter(|name| !name.is_empty())
    };
    content.all("creator").filter_map(name).collect()
}

/// The first category of the press that the item names, and a word for it.
fn category(content: &Node, item: &mut WireItem) {
    let is_category = |subject: &Node| {
        subject.attribute("type").map(code) == Some("cat")
            || subject.attribute("qcode").is_some_and(|code| code.to_ascii_lowercase().contains("categor"))
    };
    if let Some(subject) = content.all("subject").find(|subject| is_category(subject)) {
        item.category = qcode(subject).map(str::to_owned);
        item.rubric = item.category.as_deref().and_then(rubric::of_press_category);
    }
    if item.rubric.is_none() {
        item.rubric = content.all("subject").filter_map(qcode).find_map(rubric::of_subject_code);
    }
}

/// The text, and the line of codes behind its last paragraph.
fn text(node: &Node, item: &mut WireItem) {
    let Some(set) = node.find(&["contentSet"]) else { return };
    if let Some(xml) = set.all("inlineXML").next() {
        let body = xml.anywhere("body.content").or_else(|| xml.anywhere("body")).unwrap_or(xml);
        let mut body = body.clone();
        item.routing = routing(&mut body);
        item.body = ForeignText::new(joined(&paragraphs(&body)));
    } else if let Some(data) = set.all("inlineData").next() {
        let mut raw = String::new();
        for part in &data.parts {
            if let Part::Text(text) = part {
                raw.push_str(text);
            }
        }
        item.body = ForeignText::new(joined(&super::body::unwrapped(&raw)));
    }
}

/// Takes the line of codes away that stands outside all elements, behind the last one.
fn routing(body: &mut Node) -> Option<String> {
    let has_paragraphs = body.nodes().next().is_some();
    let last = match body.parts.last_mut() {
        Some(Part::Text(text)) if has_paragraphs => text,
        _ => return None,
    };
    let line = collapse(last);
    let shouts = line.chars().any(|c| c.is_ascii_digit()) && !line.chars().any(char::is_lowercase);
    if !shouts {
        return None;
    }
    last.clear();
    Some(line)
}
