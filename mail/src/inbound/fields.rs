//! The fields of a header, whoever parsed it: the library, or ourselves where the header is a text in the mail.

use super::{LINE, bounded};
use mail_parser::{HeaderValue, Message, MessagePart};

/// So many fields of a block are read.
const FIELDS: usize = 200;
/// So many blocks of a report are read.
const BLOCKS: usize = 100;

/// Fields by name, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    /// Names in lower case, and values on one line.
    named: Vec<(String, String)>,
    /// The type of the whole, with its parameters.
    pub(super) content_type: String,
}

impl Fields {
    /// Those of a message.
    pub(super) fn of(message: &Message<'_>) -> Self {
        let mut fields =
            Self { content_type: message.parts.first().map(content_type).unwrap_or_default(), ..Self::default() };
        for header in message.headers().iter().take(FIELDS) {
            let name = header.name.as_str().to_lowercase();
            for value in values(&header.value) {
                fields.named.push((name.clone(), bounded(&value, 4 * LINE)));
            }
        }
        fields
    }

    /// The first value of a name; empty where it is not there.
    pub(super) fn first(&self, name: &str) -> &str {
        self.named.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Whether there is a field of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.named.iter().any(|(n, _)| n == name)
    }

    /// All values of a name.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.named.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim().to_owned()).collect()
    }

    /// All addresses in the fields of a name, as they stand.
    pub(super) fn addresses(&self, name: &str) -> Vec<String> {
        self.all(name).iter().flat_map(|value| addresses_in(value)).collect()
    }

    /// All Message-IDs in the fields of a name, without brackets.
    pub(super) fn ids(&self, name: &str) -> Vec<String> {
        self.all(name).iter().flat_map(|value| addresses_in(value)).collect()
    }

    /// Takes in the fields of another header.
    pub(super) fn merge(&mut self, other: Option<Self>) {
        self.named.extend(other.into_iter().flat_map(|fields| fields.named));
    }
}

/// A value of the library as texts: an address or a Message-ID each, in brackets where it has a name beside it.
fn values(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(text) => vec![text.to_string()],
        HeaderValue::TextList(list) => list.iter().map(ToString::to_string).collect(),
        HeaderValue::Address(addresses) => addresses
            .iter()
            .map(|one| match (&one.name, &one.address) {
                (Some(name), Some(address)) => format!("{name} <{address}>"),
                (None, Some(address)) => address.to_string(),
                (Some(name), None) => name.to_string(),
                (None, None) => String::new(),
            })
            .collect(),
        HeaderValue::ContentType(_) | HeaderValue::DateTime(_) | HeaderValue::Received(_) => Vec::new(),
        HeaderValue::Empty => vec![String::new()],
    }
}

/// `multipart/report; report-type=delivery-status` of a part, in lower case.
pub(super) fn content_type(part: &MessagePart<'_>) -> String {
    let found = part.headers.iter().find_map(|header| {
        header.value.as_content_type().filter(|_| header.name == mail_parser::HeaderName::ContentType)
    });
    let Some(found) = found else { return String::new() };
    let mut text = format!("{}/{}", found.ctype(), found.subtype().unwrap_or_default());
    if let Some(kind) = found.attribute("report-type") {
        text.push_str(&format!("; report-type={kind}"));
    }
    bounded(&text, LINE).to_lowercase()
}

/// Blocks of fields in a text, an empty line between them (RFC 3464 §2.1).
pub(super) fn blocks(text: &str) -> Vec<Fields> {
    let mut blocks = vec![Fields::default()];
    for line in text.lines() {
        if line.trim().is_empty() {
            if blocks.last().is_some_and(|block| !block.named.is_empty()) {
                blocks.push(Fields::default());
            }
            if blocks.len() > BLOCKS {
                break;
            }
            continue;
        }
        let Some(block) = blocks.last_mut() else { break };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = block.named.last_mut().filter(|(_, value)| value.len() < 4 * LINE) {
                value.push(' ');
                value.push_str(&bounded(line.trim(), LINE));
            }
        } else if let Some((name, value)) = line.split_once(':')
            && block.named.len() < FIELDS
        {
            block.named.push((name.trim().to_lowercase(), bounded(value.trim(), 4 * LINE)));
        }
    }
    blocks.retain(|block| !block.named.is_empty());
    blocks
}

/// What looks like an address in a text: `name@domain`, in brackets or between blanks and commas.
pub(super) fn addresses_in(text: &str) -> Vec<String> {
    let apart = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')' | '[' | ']');
    text.split(apart).filter(|word| word.contains('@') && word.len() <= 998).take(20).map(str::to_owned).collect()
}

/// The Message-IDs that a text gives in lines that begin with the name of the field, also where it is folded.
pub(super) fn ids_in(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t'])).collect();
    let is_named = |line: &&str| line.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("message-id:"));
    let named = lines.iter().enumerate().filter(|(_, line)| is_named(line));
    named
        .flat_map(|(at, line)| {
            let found = addresses_in(&line[11..]);
            if found.is_empty() { lines.get(at + 1).map(|next| addresses_in(next)).unwrap_or_default() } else { found }
        })
        .collect()
}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
