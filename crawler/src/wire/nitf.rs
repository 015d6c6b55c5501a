//! NITF (IPTC, 1998 on): one document a piece, with or without DTD and namespace.
//!
//! Left out: versions by `revision-history`, which nobody was seen to fill, and everything in `identified-content`.

use super::body::{joined, paragraphs};
use super::tree::Node;
use super::{Kind, Problem, Raw, Status, WireContext, WireFormat, WireItem, empty, instant, language, rubric};
use salastampa_domain::ForeignText;

/// Reads a document.
pub(super) fn read(root: &Node, context: &WireContext) -> Raw {
    match item(root, context) {
        Ok(item) => (vec![item], Vec::new()),
        Err(what) => (Vec::new(), vec![Problem { what }]),
    }
}

fn item(root: &Node, context: &WireContext) -> Result<WireItem, String> {
    if !root.closed {
        return Err("the file breaks off".into());
    }
    let nothing = Node::default();
    let head = root.find(&["head"]).unwrap_or(&nothing);
    let data = head.find(&["docdata"]).unwrap_or(&nothing);
    let top = root.find(&["body", "body.head"]).unwrap_or(&nothing);
    let attribute = |name: &str, key: &str| data.find(&[name]).and_then(|node| node.attribute(key));
    let title = ["hl1", "hl2"]
        .iter()
        .find_map(|name| top.text(&["hedline", name]))
        .or_else(|| head.text(&["title"]))
        .unwrap_or_default();
    // some leave the id empty: the key of the story, or the title with its hour, has to do
    let issued = attribute("date.issue", "norm");
    let identity = attribute("doc-id", "id-string")
        .or_else(|| attribute("du-key", "key"))
        .map_or_else(|| format!("{title} {}", issued.unwrap_or_default()), str::to_owned);
    let mut item = empty(WireFormat::Nitf, identity);
    item.title = title;
    item.subtitle = top.text(&["hedline", "hl2"]).filter(|second| *second != item.title);
    item.issued_at = issued.and_then(|text| instant(text, context));
    let number = |key: &str| attribute("du-key", key).and_then(|v| v.trim().parse::<i64>().ok());
    item.version =
        number("version").or_else(|| number("generation")).or_else(|| item.issued_at.map(|at| at.0)).unwrap_or(1);
    usability(data, context, &mut item);
    item.urgency = attribute("urgency", "ed-urg").and_then(|text| text.parse().ok());
    item.slug = attribute("du-key", "key").map(str::to_owned).or_else(|| meta(head, "anpa-keyword"));
    item.take = attribute("series", "series.part").and_then(|text| text.parse().ok()).filter(|n| *n > 0).unwrap_or(1);
    item.note = attribute("ed-msg", "info").map(str::to_owned);
    item.rights = attribute("doc.copyright", "holder").or_else(|| attribute("doc.rights", "owner")).map(str::to_owned);
    item.language = ["baselang", "lang"].iter().find_map(|name| root.attribute(name)).and_then(language);
    item.authors = top.all("byline").map(Node::line).filter(|line| !line.is_empty()).collect();
    item.dateline = top.find(&["dateline"]).map(place_and_words).filter(|line| !line.is_empty());
    item.place = top
        .text(&["dateline", "location", "city"])
        .or_else(|| top.text(&["dateline", "location"]))
        .or_else(|| attribute("evloc", "city").map(str::to_owned));
    item.lead = top.text(&["abstract"]).map(ForeignText::new).unwrap_or_default();
    item.category = ["category", "anpa-category", "categoria"].iter().find_map(|name| meta(head, name));
    item.rubric = item.category.as_deref().and_then(rubric::of_press_category).or_else(|| {
        let subjects = head.all("tobject").flat_map(|t| t.all("tobject.subject"));
        subjects.filter_map(|s| s.attribute("tobject.subject.refnum")).find_map(rubric::of_subject_code)
    });
    let content = root.find(&["body", "body.content"]);
    item.body = content.map(|content| ForeignText::new(joined(&paragraphs(content)))).unwrap_or_default();
    if item.body.is_empty() && item.kind != Kind::Kill && content.is_some_and(|c| c.anywhere("media").is_some()) {
        return Err(format!("media without text ({})", item.identity));
    }
    Ok(item)
}

/// A dateline without its machine date, which stands in an attribute as well.
fn place_and_words(dateline: &Node) -> String {
    let mut words = dateline.clone();
    words.parts.retain(|part| !matches!(part, super::tree::Part::Node(node) if node.name == "story.date"));
    words.line()
}

fn meta(head: &Node, name: &str) -> Option<String> {
    let wanted = head.all("meta").find(|meta| meta.attribute("name").is_some_and(|n| n.eq_ignore_ascii_case(name)))?;
    wanted.attribute("content").map(str::to_owned)
}

fn usability(data: &Node, context: &WireContext, item: &mut WireItem) {
    let status = data.attribute("management-status").unwrap_or_default().to_ascii_lowercase();
    let release =
        data.find(&["date.release"]).and_then(|node| node.attribute("norm")).and_then(|text| instant(text, context));
    // a release later than the issue is an embargo whatever the status says
    item.embargo_until = release.filter(|at| item.issued_at.is_some_and(|issued| *at > issued));
    let words = [data.find(&["ed-msg"]).and_then(|n| n.attribute("msg-type")).unwrap_or_default(), status.as_str()]
        .map(str::to_ascii_lowercase);
    item.status = match status.as_str() {
        "canceled" | "cancelled" => Status::Cancelled,
        "withheld" => Status::Withheld,
        "embargoed" if item.embargo_until.is_none() => Status::Withheld,
        _ => Status::Usable,
    };
    item.replaces = data.attribute("management-doc-idref").map(str::to_owned);
    item.kind = match () {
        () if item.status == Status::Cancelled => Kind::Kill,
        () if words.iter().any(|word| word.contains("correct")) => Kind::Correction,
        () if item.replaces.is_some() => Kind::Update,
        () => Kind::New,
    };
}
