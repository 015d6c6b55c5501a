//! What a file is, by its first bytes. The name is asked only where the content cannot tell: plain text.

use super::office;
use crate::Message;

/// What is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// A photo.
    Photo(Format),
    /// A document.
    Document(Kind),
}

/// Formats of photos that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, without movement.
    Webp,
}

impl Format {
    /// How names of its files end.
    pub(super) fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
        }
    }
}

/// A sort of document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Kind {
    pub(super) ending: &'static str,
    pub(super) mime: &'static str,
    pub(super) sort: &'static str,
}

pub(super) const PDF: Kind = Kind { ending: "pdf", mime: "application/pdf", sort: "PDF" };
pub(super) const DOCX: Kind = Kind {
    ending: "docx",
    mime: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    sort: "Word",
};
pub(super) const XLSX: Kind =
    Kind { ending: "xlsx", mime: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sort: "Excel" };
pub(super) const ODT: Kind = Kind { ending: "odt", mime: "application/vnd.oasis.opendocument.text", sort: "ODT" };
pub(super) const ODS: Kind =
    Kind { ending: "ods", mime: "application/vnd.oasis.opendocument.spreadsheet", sort: "ODS" };
const TXT: Kind = Kind { ending: "txt", mime: "text/plain", sort: "TXT" };
const CSV: Kind = Kind { ending: "csv", mime: "text/csv", sort: "CSV" };
const MP3: Kind = Kind { ending: "mp3", mime: "audio/mpeg", sort: "MP3" };

/// All sorts of documents: for naming them where one is shown.
pub(super) const KINDS: [Kind; 8] = [PDF, DOCX, XLSX, ODT, ODS, TXT, CSV, MP3];

/// What the bytes are, or why they are not taken.
pub(super) fn sort(bytes: &[u8], name: &str) -> Result<Sort, Message> {
    let refuse = |key| Err(Message::new(key));
    let starts = |with: &[u8]| bytes.starts_with(with);
    let at = |from: usize, with: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(with));
    let text = after_blanks(bytes);
    match bytes {
        [] => refuse("releases.file.empty"),
        _ if starts(&[0xff, 0xd8, 0xff]) => Ok(Sort::Photo(Format::Jpeg)),
        _ if starts(b"\x89PNG\r\n\x1a\n") => Ok(Sort::Photo(Format::Png)),
        _ if starts(b"RIFF") && at(8, b"WEBP") => Ok(Sort::Photo(Format::Webp)),
        _ if starts(b"GIF8") => refuse("releases.file.gif"),
        _ if at(4, b"ftyp") && is_heif(bytes) => refuse("releases.file.heic"),
        _ if at(4, b"ftyp") || starts(&[0x1a, 0x45, 0xdf, 0xa3]) || (starts(b"RIFF") && at(8, b"AVI")) => {
            refuse("releases.file.video")
        }
        _ if starts(b"II*\0") || starts(b"MM\0*") || starts(b"BM") => refuse("releases.file.other_picture"),
        _ if starts(b"PK\x03\x04") => office::kind(bytes).map(Sort::Document),
        _ if starts(b"PK") || starts(b"Rar!") || starts(b"7z\xbc\xaf") || starts(&[0x1f, 0x8b]) => {
            refuse("releases.file.archive")
        }
        _ if starts(&[0xd0, 0xcf, 0x11, 0xe0]) => refuse("releases.file.old_office"),
        _ if starts(b"{\\rtf") => refuse("releases.file.old_office"),
        _ if starts(b"MZ") || starts(b"\x7fELF") || starts(b"#!") => refuse("releases.file.program"),
        _ if text.starts_with(b"<") => markup(text),
        _ if text.starts_with(b"%PDF-") => Ok(Sort::Document(PDF)),
        _ if is_mp3(bytes) => Ok(Sort::Document(MP3)),
        _ if is_text(bytes) && super::name::says(name, &["csv"]) => Ok(Sort::Document(CSV)),
        _ if is_text(bytes) && super::name::says(name, &["txt"]) => Ok(Sort::Document(TXT)),
        _ => refuse("releases.file.unknown"),
    }
}

/// The bytes without a mark of byte order and blanks before them.
fn after_blanks(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

/// Whatever begins with a tag is a page or a drawing, and both can run scripts.
fn markup(text: &[u8]) -> Result<Sort, Message> {
    let head = text[..text.len().min(4_096)].to_ascii_lowercase();
    let has = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
    Err(Message::new(if has(b"<svg") { "releases.file.svg" } else { "releases.file.markup" }))
}

/// The picture brands of the ISO base media format (ISO/IEC 23008-12, AVIF).
fn is_heif(bytes: &[u8]) -> bool {
    let brand = bytes.get(8..12).unwrap_or_default();
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"].iter().any(|known| *known == brand)
}

/// A tag of ID3v2, or a frame of layer III with a bit rate and a sampling rate that exist (ISO/IEC 11172-3 §2.4.1).
fn is_mp3(bytes: &[u8]) -> bool {
    match bytes {
        [b'I', b'D', b'3', 2..=4, ..] => true,
        [0xff, second, third, ..] => second & 0xe6 == 0xe2 && third >> 4 != 0xf && third & 0x0c != 0x0c,
        _ => false,
    }
}

fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
}
