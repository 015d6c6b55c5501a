//! NewsML 1.x (IPTC, 2000): items with a revision, and their text as a piece of NITF or XHTML inside.
//!
//! Components nest; the first text among them is the piece. Left out: updates by instruction to single elements
//! (`Update`), which no agency was seen to send, and media components.

use super::body::{joined, paragraphs};
use super::tree::Node;
use super::{Kind, Problem, Raw, Status, WireContext, WireFormat, WireItem, empty, instant, language, rubric};
use salastampa_domain::ForeignText;

/// Reads a document.
pub(super) fn read(root: &Node, context: &WireContext) -> Raw {
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    for node in root.all("NewsItem") {
        match item(node, context) {
            Ok(item) => items.push(item),
            Err(what) => problems.push(Problem { what }),
        }
    }
    if items.is_empty() && problems.is_empty() {
        problems.push(Problem { what: "a document without items".into() });
    }
    (items, problems)
}

fn item(node: &Node, context: &WireContext) -> Result<WireItem, String> {
    let nothing = Node::default();
    let names = node.find(&["Identification", "NewsIdentifier"]).unwrap_or(&nothing);
    let id = names.text(&["NewsItemId"]).ok_or("an item without NewsItemId")?;
    if !node.closed {
        return Err(format!("the file breaks off inside {id}"));
    }
    // ids are unique with their provider and day only (NewsML 1.2 §5.2)
    let part = |name: &str| names.text(&[name]).unwrap_or_default();
    let mut item = empty(WireFormat::Newsml1, format!("urn:newsml:{}:{}:{id}", part("ProviderId"), part("DateId")));
    item.version = part("RevisionId").parse().unwrap_or(1);
    let about = node.find(&["NewsManagement"]).unwrap_or(&nothing);
    item.issued_at = ["ThisRevisionCreated", "FirstCreated"]
        .iter()
        .find_map(|name| about.text(&[name]))
        .and_then(|text| instant(&text, context));
    usability(about, context, &mut item);
    item.urgency = formal(about.find(&["Urgency"])).and_then(|text| text.parse().ok());
    item.note = about.text(&["Instruction"]);
    item.slug = node.text(&["Identification", "NameLabel"]);
    let component = node.find(&["NewsComponent"]).unwrap_or(&nothing);
    if let Some(lines) = component.anywhere("NewsLines") {
        item.title = lines.text(&["HeadLine"]).unwrap_or_default();
        item.subtitle = lines.text(&["SubHeadLine"]);
        item.dateline = lines.text(&["DateLine"]);
        item.authors = lines.all("ByLine").map(Node::line).filter(|line| !line.is_empty()).collect();
        item.rights = lines.text(&["CopyrightLine"]).or_else(|| lines.text(&["RightsLine"]));
        item.slug = lines.text(&["SlugLine"]).or(item.slug);
    }
    if let Some(described) = component.anywhere("DescriptiveMetadata") {
        item.language = formal(described.find(&["Language"])).and_then(language);
        item.place = described.anywhere("Location").map(Node::line).filter(|line| !line.is_empty());
        item.rubric = described
            .nodes()
            .filter(|n| n.name == "SubjectCode")
            .flat_map(Node::nodes)
            .filter_map(|subject| subject.attribute("FormalName"))
            .find_map(rubric::of_subject_code);
    }
    match content(component) {
        Some(data) => {
            let body = data.anywhere("body.content").or_else(|| data.anywhere("body")).unwrap_or(data);
            item.body = ForeignText::new(joined(&paragraphs(body)));
        }
        None if item.kind == Kind::Kill => {}
        None => return Err(format!("the item holds no text ({})", item.identity)),
    }
    Ok(item)
}

fn formal(node: Option<&Node>) -> Option<&str> {
    node?.attribute("FormalName")
}

fn usability(about: &Node, context: &WireContext, item: &mut WireItem) {
    let status = formal(about.find(&["Status"])).unwrap_or_default().to_ascii_lowercase();
    item.status = match status.as_str() {
        "canceled" | "cancelled" => Status::Cancelled,
        "withheld" | "embargoed" => Status::Withheld,
        _ => Status::Usable,
    };
    if item.version > 1 {
        item.kind = Kind::Update;
    }
    if item.status == Status::Cancelled {
        item.kind = Kind::Kill;
    }
    if status == "embargoed"
        && let Some(until) = about.text(&["StatusWillChange", "DateAndTime"]).and_then(|text| instant(&text, context))
    {
        item.status = Status::Usable;
        item.embargo_until = Some(until);
    }
}

/// The first text among the components.
fn content(component: &Node) -> Option<&Node> {
    let is_text = |item: &Node| formal(item.find(&["MediaType"])).is_none_or(|kind| kind.eq_ignore_ascii_case("text"));
    component
        .all("ContentItem")
        .filter(|item| is_text(item))
        .find_map(|item| item.find(&["DataContent"]))
        .or_else(|| component.all("NewsComponent").find_map(content))
}
