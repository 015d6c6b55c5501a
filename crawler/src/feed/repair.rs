//! Any feed, however broken, written again as a sound one: RSS 2.0 or Atom 1.0, only the elements that we read.
//!
//! The parser behind this (`feed-rs`) is exact: a version it does not know, a foreign namespace, one mismatched tag or a
//! duration of thirty digits and the whole feed is lost, or the process with it. So it never sees the feed itself. One
//! pass over the tokens closes what was left open, sorts namespaces into families, gives old names their new ones, and
//! carries each value over as escaped HTML. Depth and attributes are counted here, before anything recursive runs.
//! Left out: what values mean (dates, addresses), which `read` asks the parser and `dates`.

use super::tokens::{self, Token, Tokens};
use super::value::{self, Encoding};
use super::vocabulary::{self, Dialect, Family, Field, Role, Standing};
use super::{NotAFeed, Problem, entities};
use url::Url;

/// Deepest nesting of elements.
const DEPTH: usize = 256;
/// Most attributes of one element.
const ATTRIBUTES: usize = 5_000;
/// Most items; the rest is cut.
pub(super) const ITEMS: usize = 2_000;
/// Longest value of one field, in bytes; the rest is cut.
const FIELD: usize = 1 << 20;
/// Most namespace declarations in scope; later ones are not looked at.
const SCOPES: usize = 256;

/// A feed in pieces, so that one that the parser refuses can be left out.
pub(super) struct Repaired {
    pub(super) dialect: Dialect,
    /// The title, as HTML.
    pub(super) title: String,
    /// Each item as one sound element.
    pub(super) items: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// Writes a feed again. Refused: what has no root of a feed, and what breaks a limit that guards the process.
pub(super) fn repair(text: &str, base: Option<&Url>) -> Result<Repaired, NotAFeed> {
    let mut writer = Writer::at_root(text, base)?;
    for token in Tokens::of(text).skip(writer.skipped) {
        writer.token(token)?;
        if writer.items.len() >= ITEMS {
            writer.problem(format!("cut after {ITEMS} items"));
            break;
        }
    }
    Ok(writer.finish())
}

struct Frame<'a> {
    /// As written, with its prefix.
    name: &'a str,
    role: Role,
    /// How many namespace declarations were in scope outside.
    scopes: usize,
    base: Option<Url>,
}

/// The value being read.
struct Capture<'a> {
    field: Field,
    standing: Standing,
    /// How many elements are open around its content, itself included.
    depth: usize,
    attributes: &'a str,
    encoding: Encoding,
    /// Its content read as escaped markup.
    escaped: String,
    /// Its content read as markup.
    inline: String,
    has_children: bool,
}

#[derive(Default)]
struct OpenItem {
    written: String,
    /// The fields that have a value.
    fields: Vec<Field>,
    /// Those among them whose value is the format's own.
    own: Vec<Field>,
}

struct Writer<'a> {
    dialect: Dialect,
    /// Tokens before the root.
    skipped: usize,
    base: Option<Url>,
    /// The namespace of the root, which counts as the feed's own whatever it is.
    home: String,
    open: Vec<Frame<'a>>,
    scopes: Vec<(&'a str, Option<Family>, &'a str)>,
    capture: Option<Capture<'a>>,
    item: Option<OpenItem>,
    title: Option<String>,
    items: Vec<String>,
    problems: Vec<Problem>,
    mismatched: usize,
}

impl<'a> Writer<'a> {
    /// Stands before the first element that can be the root; whatever is before it is junk.
    fn at_root(text: &'a str, base: Option<&Url>) -> Result<Self, NotAFeed> {
        let mut elements = 0;
        for (skipped, token) in Tokens::of(text).enumerate() {
            let Token::Start { name, attributes, .. } = token else { continue };
            let (prefix, local) = split(name);
            let local = local.to_ascii_lowercase();
            elements += 1;
            if !(vocabulary::is_root(&local) || elements == 1 && local == "entry") {
                continue;
            }
            let declaration = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            let home = tokens::attributes(attributes).take(ATTRIBUTES).find(|(n, _)| *n == declaration);
            return Ok(Self {
                dialect: if matches!(local.as_str(), "feed" | "entry") { Dialect::Atom } else { Dialect::Rss },
                skipped,
                base: base.cloned(),
                home: home.map(|(_, value)| value.to_owned()).unwrap_or_default(),
                open: Vec::new(),
                scopes: Vec::new(),
                capture: None,
                item: None,
                title: None,
                items: Vec::new(),
                problems: Vec::new(),
                mismatched: 0,
            });
        }
        Err(NotAFeed { why: if elements == 0 { "no element".into() } else { "no root element of a feed".into() } })
    }

    fn problem(&mut self, what: impl Into<String>) {
        self.problems.push(Problem { what: what.into() });
    }

    fn token(&mut self, token: Token<'a>) -> Result<(), NotAFeed> {
        match token {
            Token::Start { name, attributes, empty, source } => self.start(name, attributes, empty, source)?,
            Token::End { name, source } => self.end(name, source),
            Token::Text(text) => {
                if let Some(capture) = &mut self.capture {
                    append(&mut capture.escaped, &entities::decode(text));
                    append(&mut capture.inline, text);
                }
            }
            Token::Cdata(text) => {
                if let Some(capture) = &mut self.capture {
                    append(&mut capture.escaped, text);
                    append(&mut capture.inline, text);
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, name: &'a str, attributes: &'a str, empty: bool, source: &str) -> Result<(), NotAFeed> {
        let outside = self.scopes.len();
        let base = self.declare(attributes)?;
        let (prefix, local) = split(name);
        let local = local.to_ascii_lowercase();
        let family = self.family(prefix);
        let role = vocabulary::role(family, &local);
        if role == Role::Item && self.capture.as_ref().is_none_or(|c| c.field != Field::Content) {
            self.close_item();
        }
        if let (Role::Value(..), Some(Capture { field: Field::Title, depth, .. })) = (role, &self.capture)
            && family == Family::Core
        {
            // no title holds a link or a date: its own end is missing
            self.mismatched += 1;
            self.close_to(depth - 1);
        }
        if let Some(capture) = &mut self.capture {
            capture.has_children = true;
            append(&mut capture.inline, source);
            // unclosed ones are common in HTML, and hold nothing that nests
            if matches!(local.as_str(), "br" | "hr" | "img" | "p" | "li" | "input" | "wbr") {
                self.scopes.truncate(outside);
                return Ok(());
            }
        }
        let inside = if self.capture.is_none() { role } else { Role::Other };
        let parent = self.open.last().map_or(Role::Feed, |f| f.role);
        self.open.push(Frame { name, role: inside, scopes: outside, base });
        if self.open.len() > DEPTH {
            return Err(NotAFeed { why: format!("nested deeper than {DEPTH} elements") });
        }
        match inside {
            Role::Item => self.open_item(attributes),
            Role::Value(field, standing) if self.wanted(parent, field, standing) => {
                self.capture = Some(Capture {
                    field,
                    standing: if parent == Role::Group { Standing::Substitute } else { standing },
                    depth: self.open.len(),
                    attributes,
                    encoding: value::encoding(attributes),
                    escaped: String::new(),
                    inline: String::new(),
                    has_children: false,
                });
            }
            _ => {}
        }
        if empty {
            self.close_to(self.open.len() - 1);
        }
        Ok(())
    }

    fn end(&mut self, name: &str, source: &str) {
        let found = self.open.iter().rposition(|frame| frame.name.eq_ignore_ascii_case(name));
        let inside = self.capture.as_ref().map(|c| c.depth);
        match found {
            Some(at) if inside.is_some_and(|depth| at >= depth) => {
                if let Some(capture) = &mut self.capture {
                    append(&mut capture.inline, source);
                }
                self.close_to(at);
            }
            Some(at) => {
                self.mismatched += usize::from(at + 1 < self.open.len());
                self.close_to(at);
            }
            None => match &mut self.capture {
                Some(capture) => append(&mut capture.inline, source),
                None => self.mismatched += 1,
            },
        }
    }

    /// Reads the namespaces and the base that a start tag declares, and counts its attributes.
    fn declare(&mut self, attributes: &'a str) -> Result<Option<Url>, NotAFeed> {
        let mut base = None;
        for (count, (name, value)) in tokens::attributes(attributes).enumerate() {
            if count >= ATTRIBUTES {
                return Err(NotAFeed { why: format!("an element with more than {ATTRIBUTES} attributes") });
            }
            let declared = if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            if let Some(prefix) = declared
                && self.scopes.len() < SCOPES
            {
                self.scopes.push((prefix, vocabulary::family(value), value));
            }
            if name == "xml:base" {
                let value = entities::decode(value.trim());
                base = match self.current_base() {
                    Some(outer) => outer.join(&value).ok(),
                    None => Url::parse(&value).ok(),
                };
            }
        }
        Ok(base)
    }

    fn current_base(&self) -> Option<&Url> {
        self.open.iter().rev().find_map(|frame| frame.base.as_ref()).or(self.base.as_ref())
    }

    fn family(&self, prefix: &str) -> Family {
        match self.scopes.iter().rev().find(|(declared, ..)| *declared == prefix) {
            Some((_, Some(family), _)) if *family != Family::Other || !prefix.is_empty() => *family,
            Some((_, None, address)) if prefix.is_empty() || *address == self.home => Family::Core,
            Some((_, None, _)) => Family::Other,
            _ => vocabulary::family_of_prefix(prefix),
        }
    }

    /// Whether a value inside `parent` is read: those of an item, and the title of the feed.
    fn wanted(&self, parent: Role, field: Field, standing: Standing) -> bool {
        match (parent, &self.item) {
            (Role::Item, Some(item)) => match standing {
                // the first title is the item's, and its first identity; later ones belong to something inside it
                Standing::Own => !matches!(field, Field::Title | Field::Guid) || !item.own.contains(&field),
                Standing::Substitute => !item.fields.contains(&field),
            },
            (Role::Group, Some(item)) => !item.fields.contains(&field),
            (Role::Feed, None) => field == Field::Title && self.title.is_none(),
            _ => false,
        }
    }

    fn open_item(&mut self, attributes: &str) {
        let mut item = OpenItem::default();
        let attribute = |wanted: &str| {
            tokens::attributes(attributes).find(|(name, _)| split(name).1 == wanted).map(|(_, v)| entities::decode(v))
        };
        if let Some(about) = attribute("about") {
            element(&mut item.written, vocabulary::name(self.dialect, Field::Guid), "", &about);
        }
        if let Some(href) = attribute("href").filter(|_| self.dialect == Dialect::Rss) {
            element(&mut item.written, "link", "", &href);
        }
        self.item = Some(item);
    }

    /// Closes the open item, if there is one, and everything inside it.
    fn close_item(&mut self) {
        if let Some(at) = self.open.iter().position(|f| f.role == Role::Item) {
            self.mismatched += 1;
            self.close_to(at);
        }
    }

    fn close_to(&mut self, length: usize) {
        while self.open.len() > length {
            if self.capture.as_ref().is_some_and(|c| c.depth == self.open.len())
                && let Some(capture) = self.capture.take()
            {
                self.write(capture);
            }
            let Some(frame) = self.open.pop() else { break };
            self.scopes.truncate(frame.scopes);
            if frame.role == Role::Item
                && let Some(item) = self.item.take()
            {
                let tag = if self.dialect == Dialect::Atom { "entry" } else { "item" };
                self.items.push(format!("<{tag}>{}</{tag}>", item.written));
            }
        }
    }

    /// Writes a value into the open item, or keeps it as the feed's title.
    fn write(&mut self, capture: Capture<'_>) {
        if capture.escaped.len() >= FIELD {
            self.problem(format!("a field cut at {FIELD} bytes"));
        }
        let Capture { field, standing, attributes, encoding, escaped, inline, has_children, .. } = capture;
        let html = value::html(encoding, escaped, inline, has_children);
        let base = self.current_base().filter(|base| Some(*base) != self.base.as_ref()).map(Url::to_string);
        let Some(item) = &mut self.item else {
            self.title = Some(html).filter(|title| !title.trim().is_empty());
            return;
        };
        let name = vocabulary::name(self.dialect, field);
        let kind = if self.dialect == Dialect::Atom { " type=\"html\"" } else { "" };
        let out = &mut item.written;
        match field {
            Field::Link | Field::Enclosure => {
                if !value::address(out, self.dialect, field, attributes, &html, base.as_deref()) {
                    return;
                }
            }
            Field::Author => {
                let signature = value::signature(&html);
                if signature.is_empty() {
                    return;
                }
                match self.dialect {
                    Dialect::Rss => element(out, name, "", &signature),
                    Dialect::Atom => {
                        out.push_str("<author>");
                        element(out, "name", "", &signature);
                        out.push_str("</author>");
                    }
                }
            }
            Field::Category => {
                let Some(term) = value::term(attributes, &html) else { return };
                match self.dialect {
                    Dialect::Rss => element(out, name, "", &term),
                    Dialect::Atom => {
                        out.push_str("<category term=\"");
                        entities::encode(&term, out);
                        out.push_str("\"/>");
                    }
                }
            }
            Field::Guid | Field::Published | Field::Updated => element(out, name, "", html.trim()),
            // an empty one does not take the place of what another element says
            Field::Title | Field::Summary | Field::Content if html.trim().is_empty() => return,
            Field::Title | Field::Summary | Field::Content => element(out, name, kind, &html),
        }
        // each once: an item may repeat one a million times
        if !item.fields.contains(&field) {
            item.fields.push(field);
        }
        if standing == Standing::Own && !item.own.contains(&field) {
            item.own.push(field);
        }
    }

    fn finish(mut self) -> Repaired {
        let truncated = self.item.is_some() || self.capture.is_some();
        self.close_to(0);
        if truncated && self.items.len() < ITEMS {
            self.problem("ends in the middle of an item");
        }
        if self.mismatched > 0 {
            self.problem(format!("{} mismatched tags", self.mismatched));
        }
        Repaired {
            dialect: self.dialect,
            title: self.title.unwrap_or_default(),
            items: self.items,
            problems: self.problems,
        }
    }
}

/// Appends up to the limit of a field.
fn append(to: &mut String, text: &str) {
    let room = FIELD.saturating_sub(to.len());
    to.push_str(&text[..text.floor_char_boundary(room.min(text.len()))]);
}

/// Writes `<name attributes>text</name>`.
pub(super) fn element(out: &mut String, name: &str, attributes: &str, text: &str) {
    out.push('<');
    out.push_str(name);
    out.push_str(attributes);
    out.push('>');
    entities::encode(text, out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Prefix and local part of a name.
fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
