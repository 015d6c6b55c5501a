//! Cuts a stream of bytes into records, however its pieces arrive.
//!
//! Pushed to, not pulled from, so that who reads the file decides when and memory holds one piece and one record. The
//! rules of a table are those of spreadsheets: a quote counts where a cell begins, doubled it is itself, what stands
//! behind a closing one still belongs to the cell. `sep=;` in the first line is an instruction, not a record.

use super::{Form, LARGEST, Refusal, Shape, WIDEST};
use encoding_rs::{CoderResult, Encoding, UTF_8, WINDOWS_1252};
use serde_json::{Map, Value};

/// After so many lines with open quotes the file is not what it is taken for: each of them is read twice.
const MOST_OPEN: usize = 100;

/// A record.
#[derive(Clone, PartialEq, Debug)]
pub enum Record {
    /// A line of a table.
    Cells {
        /// The line on which it begins, from 1.
        line: u64,
        /// Its cells.
        cells: Vec<String>,
    },
    /// A JSON object.
    Object {
        /// Its line, from 1.
        line: u64,
        /// Its values.
        object: Map<String, Value>,
    },
    /// Something that is no record.
    Broken {
        /// Its line, from 1.
        line: u64,
        /// Why.
        why: Refusal,
    },
}

/// A stream that is being cut.
#[derive(Debug)]
pub struct Records {
    shape: Shape,
    decoder: Decoder,
    text: String,
    /// Where the next record begins in `text`.
    start: usize,
    line: u64,
    ended: bool,
    /// Inside of a record that is too large: everything up to the end of the line is left out.
    skipping: bool,
    open_quotes: usize,
}

impl Records {
    /// Of a file in that form.
    pub fn new(form: Form) -> Self {
        Self {
            shape: form.shape,
            decoder: Decoder::new(form.encoding),
            text: String::new(),
            start: 0,
            line: 1,
            ended: false,
            skipping: false,
            open_quotes: 0,
        }
    }

    /// Takes the next piece of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.text.drain(..self.start);
        self.start = 0;
        self.decoder.push(bytes, false, &mut self.text);
    }

    /// There is no more.
    pub fn end(&mut self) {
        self.decoder.push(&[], true, &mut self.text);
        self.ended = true;
    }

    /// Whether so many quotes stand open that the file is not what it is taken for; then nothing more is given.
    pub fn is_hopeless(&self) -> bool {
        self.open_quotes > MOST_OPEN
    }

    /// The next record; none until more was fed.
    #[expect(clippy::should_implement_trait, reason = "it may give more after it gave none")]
    pub fn next(&mut self) -> Option<Record> {
        loop {
            if self.is_hopeless() || (self.skipping && !self.skip()) {
                return None;
            }
            let rest = &self.text[self.start..];
            if rest.is_empty() {
                return None;
            }
            let line = self.line;
            match self.shape {
                Shape::Lines => {
                    let Some((end, next)) = line_end(rest, self.ended) else {
                        return self.too_large(line);
                    };
                    let record = object(&rest[..end], line);
                    self.advance(next);
                    if record.is_some() {
                        return record;
                    }
                }
                Shape::Table(separator) => match cut(rest, separator, self.ended) {
                    Cut::Record { cells, next } => {
                        self.advance(next);
                        if line == 1 && self.is_instruction(&cells) || cells.iter().all(|cell| cell.trim().is_empty()) {
                            continue;
                        }
                        return Some(match cells.len() > WIDEST || next > LARGEST {
                            true => Record::Broken { line, why: Refusal::TooLarge },
                            false => Record::Cells { line, cells },
                        });
                    }
                    Cut::More { quoted } if self.ended || rest.len() > LARGEST => {
                        return if quoted { self.open_quote(line) } else { self.too_large(line) };
                    }
                    Cut::More { .. } => return None,
                },
            }
        }
    }

    fn advance(&mut self, bytes: usize) {
        let end = self.start + bytes;
        self.line += newlines(&self.text[self.start..end]);
        self.start = end;
    }

    /// `sep=;`, which some programs write into the first line.
    fn is_instruction(&mut self, cells: &[String]) -> bool {
        let Some(first) = cells.first() else { return false };
        let Some(named) = first.strip_prefix("sep=") else { return false };
        if let Some(separator) = named.chars().next() {
            self.shape = Shape::Table(separator);
        }
        cells.iter().skip(1).all(String::is_empty)
    }

    /// The line that opens the quote is refused, what follows is read on its own.
    fn open_quote(&mut self, line: u64) -> Option<Record> {
        self.open_quotes += 1;
        match line_end(&self.text[self.start..], self.ended) {
            Some((_, next)) => self.advance(next),
            None => self.skipping = true,
        }
        Some(Record::Broken { line, why: Refusal::OpenQuote })
    }

    /// A line without end: refused once it is too large, and left out up to its end.
    fn too_large(&mut self, line: u64) -> Option<Record> {
        if self.text.len() - self.start <= LARGEST {
            return None;
        }
        self.skipping = true;
        Some(Record::Broken { line, why: Refusal::TooLarge })
    }

    /// Whether the line that is left out has ended.
    fn skip(&mut self) -> bool {
        match line_end(&self.text[self.start..], self.ended) {
            Some((_, next)) => {
                self.advance(next);
                self.skipping = false;
                true
            }
            None => {
                self.start = self.text.len();
                false
            }
        }
    }
}

fn newlines(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, b)| match b {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.count() as u64
}

/// Where a line ends and the next one begins; none while that cannot be told.
fn line_end(text: &str, ended: bool) -> Option<(usize, usize)> {
    let Some(end) = text.find(['\n', '\r']) else {
        return (ended && !text.is_empty()).then_some((text.len(), text.len()));
    };
    if text[end..].starts_with("\r\n") {
        return Some((end, end + 2));
    }
    let unsure = text.len() == end + 1 && text.ends_with('\r') && !ended;
    (!unsure).then_some((end, end + 1))
}

fn object(line: &str, number: u64) -> Option<Record> {
    if line.trim().is_empty() {
        return None;
    }
    if line.len() > LARGEST {
        return Some(Record::Broken { line: number, why: Refusal::TooLarge });
    }
    Some(match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Record::Object { line: number, object },
        _ => Record::Broken { line: number, why: Refusal::NoObject },
    })
}

enum Cut {
    Record { cells: Vec<String>, next: usize },
    More { quoted: bool },
}

/// The first record of a table.
fn cut(text: &str, separator: char, ended: bool) -> Cut {
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let (mut quoted, mut begins) = (false, true);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if quoted {
            match c {
                '"' if chars.next_if(|(_, next)| *next == '"').is_some() => cell.push('"'),
                // a doubled quote may be cut in two by the end of a piece
                '"' if chars.peek().is_none() && !ended => return Cut::More { quoted: true },
                '"' => quoted = false,
                _ => cell.push(c),
            }
            continue;
        }
        match c {
            '"' if begins => quoted = true,
            c if c == separator => {
                if cells.len() <= WIDEST {
                    cells.push(std::mem::take(&mut cell));
                }
                cell.clear();
                begins = true;
                continue;
            }
            '\n' | '\r' => {
                let Some((_, next)) = line_end(&text[at..], ended) else { return Cut::More { quoted: false } };
                cells.push(cell);
                return Cut::Record { cells, next: at + next };
            }
            _ => cell.push(c),
        }
        begins = false;
    }
    if !ended || quoted {
        return Cut::More { quoted };
    }
    cells.push(cell);
    Cut::Record { cells, next: text.len() }
}

/// Bytes that arrive in pieces, as text.
#[derive(Debug)]
pub(super) struct Decoder {
    way: Way,
    begun: bool,
}

#[derive(Debug)]
enum Way {
    /// The bytes of a character that is not yet whole.
    Utf8(Vec<u8>),
    Other(Box<encoding_rs::Decoder>),
}

impl Decoder {
    pub(super) fn new(encoding: &'static Encoding) -> Self {
        let way = match encoding == UTF_8 {
            true => Way::Utf8(Vec::new()),
            false => Way::Other(Box::new(encoding.new_decoder_with_bom_removal())),
        };
        Self { way, begun: false }
    }

    /// Appends what the bytes say. `last` ends the stream; after it nothing may be pushed.
    pub(super) fn push(&mut self, bytes: &[u8], last: bool, text: &mut String) {
        let from = text.len();
        match &mut self.way {
            Way::Utf8(held) => repaired(held, bytes, last, text),
            Way::Other(decoder) => {
                let mut rest = bytes;
                loop {
                    text.reserve(decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len()).max(16));
                    let (result, read, _) = decoder.decode_to_string(rest, text, last);
                    rest = &rest[read..];
                    if result == CoderResult::InputEmpty {
                        break;
                    }
                }
            }
        }
        if !self.begun && text.len() > from {
            self.begun = true;
            if text[from..].starts_with('\u{feff}') {
                text.drain(from..from + '\u{feff}'.len_utf8());
            }
        }
    }
}

/// UTF-8 whose stray bytes are read as Windows-1252: files are often glued together from two.
fn repaired(held: &mut Vec<u8>, bytes: &[u8], last: bool, text: &mut String) {
    let whole = [std::mem::take(held).as_slice(), bytes].concat();
    let mut rest = whole.as_slice();
    loop {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                return;
            }
            Err(error) => {
                let (valid, bad) = rest.split_at(error.valid_up_to());
                // checked the moment before
                text.push_str(std::str::from_utf8(valid).unwrap_or_default());
                let stray = match error.error_len() {
                    None if !last => {
                        *held = bad.to_vec();
                        return;
                    }
                    None => bad.len(),
                    Some(n) => n,
                };
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(&bad[..stray]).0);
                rest = &bad[stray..];
            }
        }
    }
}
