//! How a file is written: its encoding, and whether it is a table with a separator or JSON lines.

use super::columns::field;
use super::records::{Decoder, Records};
use super::{HEAD, Record};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Separators that are tried, the likeliest first.
const SEPARATORS: [char; 4] = [';', ',', '\t', '|'];

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Form {
    /// Its encoding. Stray bytes in UTF-8 are read as Windows-1252.
    pub encoding: &'static Encoding,
    /// What its records are.
    pub shape: Shape,
}

/// What the records of a file are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Cells with that character between them (RFC 4180, leniently).
    Table(char),
    /// One JSON object a line.
    Lines,
}

impl Form {
    /// Guesses the form from the beginning of a file ([`HEAD`] bytes at most); what is given is not guessed.
    pub fn detect(head: &[u8], encoding: Option<&'static Encoding>, separator: Option<char>) -> Self {
        let head = &head[..head.len().min(HEAD)];
        let encoding = encoding.unwrap_or_else(|| guess(head));
        let shape = match separator {
            Some(separator) => Shape::Table(separator),
            None => shape(head, encoding),
        };
        Self { encoding, shape }
    }
}

/// The encoding of that name, as the web knows it: `utf-8`, `windows-1252`, `utf-16`, `iso-8859-15`…
pub fn encoding(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes())
}

fn guess(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    // text of our alphabets in UTF-16 is zero in every other byte
    let (pairs, _) = head.as_chunks::<2>();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count() * 3 > pairs.len();
    match (zeros(0), zeros(1)) {
        (false, true) => return UTF_16LE,
        (true, false) => return UTF_16BE,
        _ => {}
    }
    let (mut whole, mut stray) = (0_usize, 0_usize);
    for chunk in head.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        stray += chunk.invalid().len();
    }
    // the head may end inside a character
    if stray <= 3 && whole > 0 || stray == 0 || whole >= stray { UTF_8 } else { WINDOWS_1252 }
}

/// The separator under which most columns have a name that is known; of several the one that makes most columns.
fn shape(head: &[u8], encoding: &'static Encoding) -> Shape {
    let mut text = String::new();
    Decoder::new(encoding).push(head, false, &mut text);
    if text.trim_start().starts_with('{') {
        return Shape::Lines;
    }
    if let Some(separator) = text.strip_prefix("sep=").and_then(|rest| rest.chars().next()) {
        return Shape::Table(separator);
    }
    let told = |separator: char| {
        let mut records = Records::new(Form { encoding, shape: Shape::Table(separator) });
        records.feed(head);
        records.end();
        let Some(Record::Cells { cells, .. }) = records.next() else { return (0, 0) };
        (cells.iter().filter(|name| field(name).is_some()).count(), cells.len())
    };
    let best = SEPARATORS.into_iter().rev().max_by_key(|separator| told(*separator));
    Shape::Table(best.unwrap_or(';'))
}
