//! A document of markup as a small tree: what the readers of NewsML and NITF walk through.
//!
//! The events of the parser are bounded before they become nodes (depth, elements, attributes, length of a text), so that
//! no file can grow the tree beyond what a wire needs. Prefixes are dropped: agencies write the same element with and
//! without one. No DTD is read and no entity but those of XML and HTML resolved; what is not known stays as it is written.
//! Left out: namespaces (the reader looks at the root's), and comments.

use crate::feed::entities;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements inside one another.
const DEEPEST: usize = 256;
/// Elements of one file.
const MOST_ELEMENTS: usize = 200_000;
/// Attributes of one element; the rest is not read.
const MOST_ATTRIBUTES: usize = 5_000;
/// Bytes of one run of text; the rest is cut.
const LONGEST_TEXT: usize = 1 << 20;

/// One element.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Node {
    /// Its name, without prefix.
    pub(super) name: String,
    /// Its attributes, names without prefix, as far as they could be read.
    pub(super) attributes: Vec<(String, String)>,
    /// What it holds, in order.
    pub(super) parts: Vec<Part>,
    /// Its end was seen: an element that the file breaks off in is not whole.
    pub(super) closed: bool,
}

/// What stands in an element.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Part {
    /// Text, references resolved.
    Text(String),
    /// An element.
    Node(Node),
}

/// A document, read as far as it goes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Document {
    /// The outermost element.
    pub(super) root: Node,
    /// Why the reading ended early, if it did.
    pub(super) broken: Option<String>,
}

/// Reads a document; `Err` says which limit refused it, `Ok(None)` that there is no element.
pub(super) fn parse(text: &str) -> Result<Option<Document>, &'static str> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    // the path from the root to the element that is open
    let mut open: Vec<Node> = Vec::new();
    let mut elements = 0;
    let mut broken = None;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                broken = Some(error.to_string());
                break;
            }
        };
        match event {
            Event::Start(start) => {
                elements += 1;
                if elements > MOST_ELEMENTS {
                    return Err("troppi elementi");
                }
                if open.len() >= DEEPEST {
                    return Err("troppi elementi uno dentro l'altro");
                }
                open.push(node(&start));
            }
            Event::Empty(start) => {
                elements += 1;
                if elements > MOST_ELEMENTS {
                    return Err("troppi elementi");
                }
                let node = Node { closed: true, ..node(&start) };
                match open.last_mut() {
                    Some(parent) => parent.parts.push(Part::Node(node)),
                    None => return Ok(Some(Document { root: node, broken: None })),
                }
            }
            Event::End(_) => {
                let Some(mut node) = open.pop() else { continue };
                node.closed = true;
                match open.last_mut() {
                    Some(parent) => parent.parts.push(Part::Node(node)),
                    // what follows the root is not looked at
                    None => return Ok(Some(Document { root: node, broken: None })),
                }
            }
            Event::Text(text) => says(&mut open, &text.xml10_content()),
            Event::CData(data) => says(&mut open, &data.xml10_content()),
            Event::GeneralRef(reference) => {
                let name: &str = &reference;
                says(&mut open, &entities::decode(&format!("&{name};")));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    // what is still open is put together, unclosed, so that the items before the break can be read
    let mut root = None;
    while let Some(node) = open.pop() {
        match open.last_mut() {
            Some(parent) => parent.parts.push(Part::Node(node)),
            None => root = Some(node),
        }
    }
    let broken = broken.unwrap_or_else(|| "the end is missing".into());
    Ok(root.map(|root| Document { root, broken: Some(broken) }))
}

fn node(start: &BytesStart<'_>) -> Node {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false).flatten().take(MOST_ATTRIBUTES) {
        let name: &str = attribute.key.local_name().into_inner();
        // `xmlns="…"` is an attribute of that name, `xmlns:x` one of the name `x` that nobody asks for
        let value: String = entities::decode(&attribute.value).chars().take(4_096).collect();
        attributes.push((name.to_owned(), value));
    }
    Node { name: start.local_name().into_inner().to_owned(), attributes, ..Node::default() }
}

fn says(open: &mut [Node], text: &str) {
    let Some(node) = open.last_mut() else { return };
    match node.parts.last_mut() {
        Some(Part::Text(before)) if before.len() + text.len() <= LONGEST_TEXT => before.push_str(text),
        Some(Part::Text(_)) => {}
        _ => node.parts.push(Part::Text(text.chars().take(LONGEST_TEXT).collect())),
    }
}

impl Node {
    /// The elements in it, in order.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Self> {
        self.parts.iter().filter_map(|part| match part {
            Part::Node(node) => Some(node),
            Part::Text(_) => None,
        })
    }

    /// The elements of that name directly in it.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.nodes().filter(move |node| node.name.eq_ignore_ascii_case(name))
    }

    /// The first element down that path.
    pub(super) fn find(&self, path: &[&str]) -> Option<&Self> {
        match path {
            [] => Some(self),
            [name, rest @ ..] => {
                self.nodes().filter(|node| node.name.eq_ignore_ascii_case(name)).find_map(|node| node.find(rest))
            }
        }
    }

    /// The first element of that name anywhere in it, itself included.
    pub(super) fn anywhere(&self, name: &str) -> Option<&Self> {
        if self.name.eq_ignore_ascii_case(name) {
            return Some(self);
        }
        self.nodes().find_map(|node| node.anywhere(name))
    }

    /// An attribute that says something.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// All text in it on one line.
    pub(super) fn line(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        // elements are set apart, and so is a comma that stands between two
        crate::feed::plain::collapse(&text).replace(" ,", ",")
    }

    /// The text of the first element down that path on one line, if there is any.
    pub(super) fn text(&self, path: &[&str]) -> Option<String> {
        self.find(path).map(Self::line).filter(|line| !line.is_empty())
    }

    fn write(&self, text: &mut String) {
        for part in &self.parts {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Node(node) => {
                    text.push(' ');
                    node.write(text);
                    text.push(' ');
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_go_and_references_are_resolved() {
        let document =
            parse("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'no'>]><n:a k='1 &amp; 2'>perch&eacute; &x;<b/></n:a>")
                .expect("within limits")
                .expect("an element");
        assert_eq!((document.root.name.as_str(), document.root.attribute("k")), ("a", Some("1 & 2")));
        assert_eq!(document.root.line(), "perché &x;");
        assert_eq!(document.broken, None);
    }

    #[test]
    fn what_breaks_off_is_known_to_be_open() {
        let document = parse("<a><b>uno</b><b>due").expect("within limits").expect("an element");
        let closed: Vec<bool> = document.root.all("b").map(|b| b.closed).collect();
        assert_eq!((closed, document.broken.is_some()), (vec![true, false], true));
        assert_eq!(parse("niente"), Ok(None));
    }

    #[test]
    fn a_deep_or_a_crowded_file_is_refused() {
        assert!(parse(&"<a>".repeat(300)).is_err());
        assert!(parse(&format!("<r>{}", "<a/>".repeat(200_001))).is_err());
    }
}
