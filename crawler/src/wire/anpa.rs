//! ANPA 1312 (1979): the wire of the American agencies, called up by SYN, with header lines between `^` and `<`.
//!
//! ```text
//! <SYN><SYN><SOH>v1234<US>selector      service letter and number
//! u i<DC4><DC2> BC-Slug-Words   11-23 0416     priority, category, slug, month-day, words
//! <STX>^BC-Slug-Words, 1st Ld-Writethru,416<
//! ^Headline<
//! ^Eds: a note<
//! ^By SOMEBODY=
//! <TAB>   Text …
//! <ETX>XX-WF-11-23-26 0423GMT<
//! ```
//! The number is new in each version; what stays is the slug. Left out: tables in typesetter codes, which are read as lines.

use super::body::joined;
use super::{ETX, NoWire, Raw, STX, WireContext, WireFormat, WireItem, empty, instant, marks, messages, rubric};
use crate::feed::plain::collapse;
use salastampa_domain::ForeignText;

/// Reads a file of one message or several.
pub(super) fn read(text: &str, context: &WireContext) -> Result<Raw, NoWire> {
    messages(text, "ANPA 1312", |message| item(message, context))
}

fn item(message: &str, context: &WireContext) -> Result<WireItem, String> {
    let (head, rest) = message.split_once(STX).ok_or("a message without text")?;
    let (text, trailer) = rest.split_once(ETX).ok_or("a message without its end")?;
    let (called, header) = head.split_once('\n').ok_or("a header that cannot be read")?;
    let name: String = called.chars().take_while(char::is_ascii_alphanumeric).collect();
    if name.len() < 2 || !name.ends_with(|c: char| c.is_ascii_digit()) {
        return Err("a header that cannot be read".into());
    }
    let issued = hour(trailer, context);
    let day = issued.unwrap_or(context.now).day();
    let mut item = empty(WireFormat::Anpa, format!("{name}-{day}"));
    item.issued_at = issued;
    let header = collapse(&header.replace(|c: char| c.is_control(), " "));
    let mut words = header.split(' ');
    item.urgency = words.next().and_then(urgency);
    item.category = words.next().map(str::to_owned);
    item.rubric = item.category.as_deref().and_then(rubric::of_press_category);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut told = Told::default();
    for line in text.lines() {
        if let Some(line) = line.trim_start_matches('\t').strip_prefix('^')
            && paragraphs.is_empty()
            && line.contains(['<', '='])
        {
            line.split(['<', '^']).for_each(|part| told.hear(part, &mut item));
            continue;
        }
        let line = collapse(line.trim_end().trim_end_matches('<').trim_start_matches(['^', ' ', '\t']));
        if line.chars().any(char::is_alphanumeric) {
            paragraphs.push(plain(&line));
        }
    }
    if item.title.is_empty() {
        item.title = item.slug.clone().unwrap_or_default();
    }
    item.body = ForeignText::new(joined(&paragraphs));
    Ok(item)
}

/// What the header lines have told so far.
#[derive(Default)]
struct Told {
    slug: bool,
    byline: bool,
}

impl Told {
    fn hear(&mut self, part: &str, item: &mut WireItem) {
        let line = collapse(part);
        if !line.chars().any(char::is_alphabetic) {
            return;
        }
        if !self.slug {
            self.slug = true;
            slug(&line, item);
        } else if let Some(name) = line.strip_prefix("By ") {
            self.byline = true;
            item.authors.push(name.trim_end_matches('=').trim().to_owned());
        } else if line.ends_with('=') || self.byline {
            // what somebody is, under their name
        } else if line.starts_with("Eds:") || line.starts_with("Editors") {
            item.note = Some(line);
        } else if line.to_ascii_lowercase().contains("photo") && line.chars().any(|c| c.is_ascii_digit()) {
            // numbers of pictures
        } else if marks::version_words(&line, item) {
        } else if item.title.is_empty() {
            item.title = plain(&line);
        } else if item.lead.is_empty() {
            item.lead = ForeignText::new(plain(&line));
        }
    }
}

/// `BC-BKN--Heat-Hawks, 1st Ld-Writethru,416`: the slug, what version it is, the number of words.
fn slug(line: &str, item: &mut WireItem) {
    let mut parts = line.split(',').map(str::trim).filter(|part| !part.is_empty());
    let Some(slug) = parts.next() else { return };
    item.chain = marks::slug_key(slug);
    item.slug = Some(slug.to_owned());
    for part in parts {
        if part.chars().any(char::is_alphabetic) {
            marks::version_words(part, item);
        }
    }
}

/// Flash, bulletin, urgent, regular, deferred, weekend.
fn urgency(letter: &str) -> Option<u8> {
    match letter {
        "f" => Some(1),
        "b" => Some(2),
        "u" => Some(3),
        "r" => Some(5),
        "d" => Some(6),
        _ => None,
    }
}

/// `XX-WF-02-10-16 0423GMT`: month, day, year, hour and minute, zone.
fn hour(trailer: &str, context: &WireContext) -> Option<salastampa_domain::Timestamp> {
    let line = trailer.lines().find(|line| line.contains('-'))?.trim().trim_end_matches('<').trim();
    let (date, clock) = line.rsplit_once(' ')?;
    let numbers: Vec<&str> = date.rsplit('-').take(3).collect();
    let [year, day, month] = numbers[..] else { return None };
    let good = |text: &str, digits: usize| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    if !good(year, 2) || !good(day, 2) || !good(month, 2) || !clock.get(..4).is_some_and(|c| good(c, 4)) {
        return None;
    }
    instant(&format!("20{year}-{month}-{day}T{}:{} {}", &clock[..2], &clock[2..4], &clock[4..]), context)
}

/// The marks of the teleprinter as print has them.
fn plain(line: &str) -> String {
    line.replace("``", "“").replace("''", "”").replace(" _ ", " – ")
}
