//! Wires (*lanci*): files that a news agency drops into a folder, in the formats that agencies have used for fifty years.
//!
//! *The bytes are recognised by what they are, read by the reader of that format, and what all agencies do alike (dateline,
//! marks of urgency, takes, sign-off) is taken out of title and text in one place.* A file holds one item or many; a
//! broken one does not lose the others, and one that is cut short is not taken at all: half a wire is worse than none.
//!
//! Left out: the folder (`folder`), which version wins and which takes belong together (the store knows what came
//! before), photos and videos (a wire is a text), and names of files, which say nothing that the content does not.

mod anpa;
mod body;
pub mod folder;
mod iptc7901;
mod marks;
mod newsml1;
mod newsml_g2;
mod nitf;
mod rubric;
#[cfg(test)]
mod tests;
mod tree;

use crate::encoding::{self, Kind as Document};
pub use crate::feed::Problem;
use crate::visit::worker::{self, Mishap};
use jiff::tz::TimeZone;
use salastampa_domain::{ForeignText, Timestamp};
pub use salastampa_domain::{WireFormat, WireKind as Kind, WireStatus as Status};
use std::time::Duration;

/// The largest file that is read, in bytes.
pub const CAP: usize = 20 << 20;
/// Items of one file; the rest is left.
const MOST_ITEMS: usize = 2_000;
/// The longest title, slug and the like, in characters; the rest is cut.
const LONGEST_FIELD: usize = 1_000;

/// What is known besides the bytes.
#[derive(Clone, Debug)]
pub struct WireContext {
    /// The zone of dates that name none.
    pub zone: TimeZone,
    /// The present.
    pub now: Timestamp,
}

/// One wire.
#[derive(Clone, PartialEq, Debug)]
pub struct WireItem {
    /// What it was read from.
    pub format: WireFormat,
    /// What the agency knows it by, the same in each version.
    pub identity: String,
    /// Which version of it; higher is newer. Numbers of one identity are comparable, others are not.
    pub version: i64,
    /// May it be used?
    pub status: Status,
    /// What it is to what came before.
    pub kind: Kind,
    /// What it replaces, if it names that by identity.
    pub replaces: Option<String>,
    /// What takes, updates and kills under another identity are joined by: the slug, or the title without its marks;
    /// `None` where that is too little to go by.
    pub chain: Option<String>,
    /// Which part of the piece it is, from 1.
    pub take: u32,
    /// Another take is announced (*segue*).
    pub continues: bool,
    /// 1 (flash) to 9, as the agency sets it.
    pub urgency: Option<u8>,
    /// `+` signs before the title, the Italian mark of urgency.
    pub plus: u8,
    /// The title, without marks.
    pub title: String,
    /// The second title.
    pub subtitle: Option<String>,
    /// The agency's key words for the story.
    pub slug: Option<String>,
    /// Where and when it was written, as it stood before the text: `(ANSA) - ROMA, 1 LUG`.
    pub dateline: Option<String>,
    /// The town of it.
    pub place: Option<String>,
    /// The agency's category, as written.
    pub category: Option<String>,
    /// The category in words.
    pub rubric: Option<String>,
    /// Such as `it`.
    pub language: Option<String>,
    /// Who signed it; initials, mostly.
    pub authors: Vec<String>,
    /// When this version was issued.
    pub issued_at: Option<Timestamp>,
    /// Not to be published before.
    pub embargo_until: Option<Timestamp>,
    /// The agency's note on its rights.
    pub rights: Option<String>,
    /// The agency's note to editors; never for readers.
    pub note: Option<String>,
    /// The line of codes by which the agency routes it.
    pub routing: Option<String>,
    /// The summary.
    pub lead: ForeignText,
    /// The text without dateline and sign-off, a line break between paragraphs.
    pub body: ForeignText,
}

/// The bytes are no wire, or one that cannot be used: nothing of the file is taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{why}")]
pub struct NoWire {
    /// Why, in a few Italian words.
    pub why: String,
}

impl NoWire {
    fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

/// What a file holds, and what of it could not be read.
pub type Raw = (Vec<WireItem>, Vec<Problem>);

/// Reads a file. One broken item does not lose the rest: what was wrong is listed beside what was read. A file that is
/// sound and holds no text (a photo, a list of links) gives no items and says so.
pub fn parse(bytes: &[u8], context: &WireContext) -> Result<Raw, NoWire> {
    if bytes.len() > CAP {
        return Err(NoWire::new("più grande di 20 MB"));
    }
    let (mut items, mut problems) = match recognise(bytes)? {
        Form::Markup => markup(bytes, context)?,
        Form::Iptc7901 => iptc7901::read(&text_of(bytes), context)?,
        Form::Anpa => anpa::read(&text_of(bytes), context)?,
    };
    if items.len() > MOST_ITEMS {
        items.truncate(MOST_ITEMS);
        problems.push(Problem { what: format!("only the first {MOST_ITEMS} items are taken") });
    }
    for item in &mut items {
        marks::read(item);
        bound(item);
    }
    items.retain(|item| {
        let says = !item.title.is_empty() || !item.body.is_empty() || item.kind == Kind::Kill;
        if !says {
            problems.push(Problem { what: format!("an item without title and text ({})", item.identity) });
        }
        says
    });
    Ok((items, problems))
}

/// The same on a thread of its own, with a bound of time and a net under it: what went wrong is the reason of a refusal.
pub async fn read(bytes: Vec<u8>, context: WireContext, most: Duration) -> Result<Raw, NoWire> {
    let read = worker::apart(most, move || parse(&bytes, &context)).await;
    read.unwrap_or_else(|mishap| {
        Err(NoWire::new(match mishap {
            Mishap::Slow => "lettura troppo lunga, interrotta",
            Mishap::Panic | Mishap::NoThread => "errore interno durante la lettura",
        }))
    })
}

/// Whether bytes look like a wire at all: for whoever asks what a document is.
pub fn is_wire(bytes: &[u8]) -> bool {
    match recognise(bytes) {
        Ok(Form::Markup) => {
            let head = encoding::decode(&bytes[..bytes.len().min(16 << 10)], None, Document::Xml).text;
            matches!(tree::parse(&head), Ok(Some(document)) if reader_of(&document.root).is_some())
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

enum Form {
    Markup,
    Iptc7901,
    Anpa,
}

/// The control characters of the teleprinter formats.
const SOH: char = '\u{1}';
const STX: char = '\u{2}';
const ETX: char = '\u{3}';
const SYN: u8 = 0x16;

fn recognise(bytes: &[u8]) -> Result<Form, NoWire> {
    let head = &bytes[..bytes.len().min(4_096)];
    let Some(first) = head.iter().position(|b| !b.is_ascii_whitespace() && *b != 0) else {
        return Err(NoWire::new("file vuoto"));
    };
    // the two teleprinter formats begin with the same character; one is called up by SYN before it
    match head[first..] {
        [SYN, ..] if head.contains(&1) => return Ok(Form::Anpa),
        [1, ..] => return Ok(Form::Iptc7901),
        _ => {}
    }
    let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let markup = head[first] == b'<' || head[first..].starts_with(&[0xef, 0xbb, 0xbf]) || utf16;
    if markup { Ok(Form::Markup) } else { Err(NoWire::new("non è in un formato di agenzia che si sappia leggere")) }
}

/// Which reader takes a document with that root.
fn reader_of(root: &tree::Node) -> Option<WireFormat> {
    match root.name.as_str() {
        "newsMessage" | "newsItem" | "packageItem" => Some(WireFormat::NewsmlG2),
        "NewsML" => Some(WireFormat::Newsml1),
        "nitf" => Some(WireFormat::Nitf),
        _ => None,
    }
}

fn markup(bytes: &[u8], context: &WireContext) -> Result<Raw, NoWire> {
    let decoded = encoding::decode(bytes, None, Document::Xml);
    let document = tree::parse(&decoded.text)
        .map_err(NoWire::new)?
        .ok_or_else(|| NoWire::new("non è in un formato di agenzia che si sappia leggere"))?;
    let root = &document.root;
    let (items, mut problems) = match reader_of(root) {
        Some(WireFormat::NewsmlG2) => newsml_g2::read(root, context),
        Some(WireFormat::Newsml1) => newsml1::read(root, context),
        Some(_) => nitf::read(root, context),
        None => {
            let name: String = root.name.chars().take(40).collect();
            return Err(NoWire::new(format!(
                "documento «{name}»: non è in un formato di agenzia che si sappia leggere"
            )));
        }
    };
    if let Some(why) = document.broken {
        if items.is_empty() {
            return Err(NoWire::new("il file finisce a metà di una notizia"));
        }
        problems.push(Problem { what: format!("the file breaks off: {why}") });
    }
    if decoded.repaired {
        problems.push(Problem { what: format!("bytes that are no {}", decoded.encoding) });
    }
    Ok((items, problems))
}

/// The text of a teleprinter format: UTF-8 where it is that, otherwise Latin-1 as IPTC 7901 has it (as its superset of
/// Windows, since that is what is meant where the two differ).
fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// An item that has nothing yet.
fn empty(format: WireFormat, identity: String) -> WireItem {
    WireItem {
        format,
        identity,
        version: 1,
        status: Status::Usable,
        kind: Kind::New,
        replaces: None,
        chain: None,
        take: 1,
        continues: false,
        urgency: None,
        plus: 0,
        title: String::new(),
        subtitle: None,
        slug: None,
        dateline: None,
        place: None,
        category: None,
        rubric: None,
        language: None,
        authors: Vec::new(),
        issued_at: None,
        embargo_until: None,
        rights: None,
        note: None,
        routing: None,
        lead: ForeignText::default(),
        body: ForeignText::default(),
    }
}

fn bound(item: &mut WireItem) {
    let cut = |text: &mut String| {
        if let Some((at, _)) = text.char_indices().nth(LONGEST_FIELD) {
            text.truncate(at);
        }
    };
    cut(&mut item.identity);
    cut(&mut item.title);
    for field in [
        &mut item.replaces,
        &mut item.chain,
        &mut item.subtitle,
        &mut item.slug,
        &mut item.dateline,
        &mut item.place,
        &mut item.category,
        &mut item.rubric,
        &mut item.language,
        &mut item.rights,
        &mut item.note,
        &mut item.routing,
    ] {
        if let Some(text) = field {
            cut(text);
        }
        if field.as_ref().is_some_and(|text| text.trim().is_empty()) {
            *field = None;
        }
    }
    item.authors.truncate(20);
    item.authors.iter_mut().for_each(cut);
    if item.urgency.is_some_and(|u| !(1..=9).contains(&u)) {
        item.urgency = None;
    }
}

/// An instant in a text, in the zone of the context where it names none.
fn instant(text: &str, context: &WireContext) -> Option<Timestamp> {
    crate::dates::parse(text, &context.zone, context.now).map(|dated| dated.at)
}

/// The language of a tag such as `it-IT`.
fn language(tag: &str) -> Option<String> {
    let main = tag.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase();
    (main.len() == 2 || main.len() == 3).then_some(main).filter(|m| m.bytes().all(|b| b.is_ascii_lowercase()))
}

/// Reads the messages of a file one by one, each between its SOH and the next: one that is broken does not lose the
/// others. `format` names what could not be read.
fn messages(text: &str, format: &str, item: impl Fn(&str) -> Result<WireItem, String>) -> Result<Raw, NoWire> {
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    for message in text.split(SOH).skip(1) {
        match item(message) {
            Ok(item) => items.push(item),
            Err(what) => problems.push(Problem { what }),
        }
    }
    if items.is_empty() {
        return Err(match problems.iter().any(|p| p.what.ends_with("without its end")) {
            true => NoWire::new("il file finisce a metà di una notizia"),
            false => NoWire::new(format!("intestazione {format} illeggibile")),
        });
    }
    Ok((items, problems))
}
