//! Documents that are archives inside (OOXML, ODF): only their table of contents is read, nothing is unpacked.
//!
//! Source: PKWARE APPNOTE 6.3.10 §4.3.12 and §4.3.16; ISO/IEC 26300-3 §3.3 (`mimetype` comes first, stored).

use super::sort::{DOCX, Kind, ODS, ODT, XLSX};
use crate::Message;

/// Most files inside.
const MOST: usize = 10_000;
/// Most bytes when unpacked, as the table of contents says it: what a newsroom's machine would have to bear.
const LARGEST: u64 = 250 << 20;

/// What sort of document the archive is.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, Message> {
    let broken = || Message::new("releases.file.broken");
    let contents = Contents::read(bytes).ok_or_else(broken)?;
    if contents.unpacked > LARGEST {
        return Err(Message::new("releases.file.bomb"));
    }
    let has = |name: &str| contents.names.iter().any(|known| known == name);
    let runs = |name: &String| {
        let macros = name.ends_with("vbaproject.bin") || name.contains("/activex/");
        macros || name.starts_with("basic/") || name.starts_with("scripts/")
    };
    if contents.names.iter().any(runs) {
        return Err(Message::new("releases.file.macros"));
    }
    let is_office = has("[content_types].xml");
    match mimetype(bytes) {
        Some(mime) if mime == ODT.mime.as_bytes() => Ok(ODT),
        Some(mime) if mime == ODS.mime.as_bytes() => Ok(ODS),
        None if is_office && has("word/document.xml") => Ok(DOCX),
        None if is_office && has("xl/workbook.xml") => Ok(XLSX),
        _ if is_office || has("meta-inf/manifest.xml") => Err(Message::new("releases.file.unknown")),
        _ => Err(Message::new("releases.file.archive")),
    }
}

/// The table of contents of an archive.
struct Contents {
    /// Names in lower case.
    names: Vec<String>,
    /// Bytes when unpacked.
    unpacked: u64,
}

impl Contents {
    fn read(bytes: &[u8]) -> Option<Self> {
        // the end record is followed by a comment of at most 65,535 bytes
        let from = bytes.len().saturating_sub(22 + 65_535);
        let end = from + bytes[from..].windows(4).rposition(|part| part == b"PK\x05\x06")?;
        let count = usize::from(two(bytes, end + 10)?);
        let mut at = usize::try_from(four(bytes, end + 16)?).ok()?;
        if count > MOST {
            return None;
        }
        let mut contents = Self { names: Vec::with_capacity(count), unpacked: 0 };
        for _ in 0..count {
            if bytes.get(at..at + 4)? != b"PK\x01\x02" {
                return None;
            }
            let unpacked = four(bytes, at + 24)?;
            let (name, extra, comment) = (two(bytes, at + 28)?, two(bytes, at + 30)?, two(bytes, at + 32)?);
            let name = bytes.get(at + 46..at + 46 + usize::from(name))?;
            contents.names.push(String::from_utf8_lossy(name).to_lowercase());
            contents.unpacked = contents.unpacked.saturating_add(unpacked.into());
            at += 46 + name.len() + usize::from(extra) + usize::from(comment);
        }
        Some(contents)
    }
}

/// What the first file of an ODF archive says that it is.
fn mimetype(bytes: &[u8]) -> Option<&[u8]> {
    let (name, extra) = (usize::from(two(bytes, 26)?), usize::from(two(bytes, 28)?));
    if bytes.get(30..30 + name)? != b"mimetype" || two(bytes, 8)? != 0 {
        return None;
    }
    let from = 30 + name + extra;
    bytes.get(from..from.checked_add(usize::try_from(four(bytes, 18)?).ok()?)?)
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    let part: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(u16::from_le_bytes(part))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let part: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(u32::from_le_bytes(part))
}
