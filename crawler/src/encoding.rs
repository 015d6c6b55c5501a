//! Bytes to text: which encoding a document is really in.
//!
//! Declarations lie: "UTF-8" that holds Windows-1252 bytes, "ISO-8859-1" that is UTF-8, UTF-16 without a mark. So the
//! bytes are believed first (byte order mark, the pattern of zero bytes, validity as UTF-8), then the declaration (HTTP
//! before the document, RFC 7303), then a guess. Nothing fails: a byte that fits nowhere is read as Windows-1252, where
//! nearly every stray byte of the Western web comes from. Left out: EBCDIC and UTF-7.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// What kind of document declares its encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `<?xml encoding="..."?>`
    Xml,
    /// `<meta charset="...">` in the first kilobytes.
    Html,
}

/// A document as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The text, without byte order mark.
    pub text: String,
    /// The encoding that was used, by its WHATWG name (or `UTF-32`).
    pub encoding: &'static str,
    /// Bytes that are none of that encoding were read as something else.
    pub repaired: bool,
}

/// How far into a page its `<meta charset>` is looked for; browsers stop at 1,024 bytes, pages do not.
const HEAD: usize = 4_096;

/// Decodes a document; `content_type` is the header of the answer that carried it.
pub fn decode(bytes: &[u8], content_type: Option<&str>, kind: Kind) -> Decoded {
    if let Some((endian, skip)) = utf32(bytes) {
        return Decoded { text: from_utf32(&bytes[skip..], endian), encoding: "UTF-32", repaired: false };
    }
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return with(&bytes[skip..], encoding);
    }
    if let Some(encoding) = utf16_pattern(bytes) {
        return with(bytes, encoding);
    }
    let declared = declared(bytes, content_type, kind);
    if declared.is_none_or(|e| e.name() != "ISO-2022-JP")
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded { text: text.to_owned(), encoding: "UTF-8", repaired: false };
    }
    match declared {
        Some(encoding) if encoding != UTF_8 && !mostly_utf8(bytes) => with(bytes, encoding),
        _ if mostly_utf8(bytes) => mixed(bytes),
        _ => with(bytes, guess(bytes)),
    }
}

/// Reads bytes in a known encoding; stray bytes of UTF-8 become Windows-1252.
fn with(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
    if encoding == UTF_8 {
        return mixed(bytes);
    }
    let (text, repaired) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), repaired }
}

/// UTF-8 where it is UTF-8, Windows-1252 where it is not.
fn mixed(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut repaired = false;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        repaired |= !chunk.invalid().is_empty();
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    Decoded { text, encoding: "UTF-8", repaired }
}

/// Whether there are at least as many whole UTF-8 sequences as stray bytes.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut stray) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        stray += chunk.invalid().len();
    }
    whole > 0 && whole >= stray
}

/// A guess from the bytes alone; never UTF-8, which was tried before.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(64 * 1024)], true);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

fn declared(bytes: &[u8], content_type: Option<&str>, kind: Kind) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let inside = match kind {
        Kind::Xml => head
            .find("<?xml")
            .and_then(|at| head[at..].split("?>").next())
            .and_then(|declaration| label_after(declaration, "encoding")),
        Kind::Html => label_after(&head, "charset"),
    };
    let header = content_type.map(str::to_ascii_lowercase);
    let by_header = header.as_deref().and_then(|h| label_after(h, "charset"));
    // UTF-16 in a declaration that could be read as ASCII is wrong by itself
    [by_header, inside]
        .into_iter()
        .flatten()
        .filter_map(|label| Encoding::for_label(label.as_bytes()))
        .find(|e| e.is_ascii_compatible() || e.name() == "ISO-2022-JP")
}

/// The label in `charset="label"`, `charset=label;`, `encoding='label'`.
fn label_after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.match_indices(key).find_map(|(at, _)| {
        let rest = text[at + key.len()..].trim_start().strip_prefix('=')?;
        let rest = rest.trim_start().trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })
}

/// UTF-16 without a mark: `<` and what follows it, one byte of each pair zero.
fn utf16_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<' | b'{', 0, second, 0, ..] if *second != 0 => Some(encoding_rs::UTF_16LE),
        [0, b'<' | b'{', 0, second, ..] if *second != 0 => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Endian {
    Little,
    Big,
}

/// UTF-32 with its mark, or by the three zero bytes around `<`; with the length of the mark.
fn utf32(bytes: &[u8]) -> Option<(Endian, usize)> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Some((Endian::Little, 4)),
        [0, 0, 0xFE, 0xFF, ..] => Some((Endian::Big, 4)),
        [b'<', 0, 0, 0, ..] => Some((Endian::Little, 0)),
        [0, 0, 0, b'<', ..] => Some((Endian::Big, 0)),
        _ => None,
    }
}

fn from_utf32(bytes: &[u8], endian: Endian) -> String {
    let (units, _) = bytes.as_chunks::<4>();
    units
        .iter()
        .map(|unit| match endian {
            Endian::Little => u32::from_le_bytes(*unit),
            Endian::Big => u32::from_be_bytes(*unit),
        })
        .map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], content_type: Option<&str>, kind: Kind, text: &str, encoding: &str) {
        let decoded = decode(bytes, content_type, kind);
        assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
    }

    fn utf16(text: &str, unit: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn marks_and_byte_patterns_are_believed_before_declarations() {
        let text = "<?xml version='1.0' encoding='iso-8859-1'?><a>città</a>";
        let with_mark = |mark: &[u8], body: Vec<u8>| [mark, &body].concat();
        check(&with_mark(b"\xEF\xBB\xBF", text.into()), None, Kind::Xml, text, "UTF-8");
        check(&utf16(text, u16::to_be_bytes), None, Kind::Xml, text, "UTF-16BE");
        check(&utf16(text, u16::to_le_bytes), Some("text/xml; charset=utf-8"), Kind::Xml, text, "UTF-16LE");
        let utf32: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        check(&utf32, None, Kind::Xml, text, "UTF-32");
        check(text.as_bytes(), None, Kind::Xml, text, "UTF-8");
    }

    #[test]
    fn the_header_goes_before_the_document_and_both_before_a_guess() {
        check(b"<a>citt\xE0</a>", Some("text/xml; charset=ISO-8859-1"), Kind::Xml, "<a>città</a>", "windows-1252");
        let document = b"<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a>\xB1</a>";
        let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a>ą</a>";
        check(document, None, Kind::Xml, text, "ISO-8859-2");
        check(document, Some("application/xml"), Kind::Xml, text, "ISO-8859-2");
        let page = b"<html><head><meta charset=windows-1251><p>\xCF\xF0\xE8\xE2\xE5\xF2</p>";
        check(page, None, Kind::Html, "<html><head><meta charset=windows-1251><p>Привет</p>", "windows-1251");
    }

    #[test]
    fn stray_bytes_in_utf8_are_read_as_windows_1252() {
        let decoded = decode("<a>perché \u{2014} ".as_bytes(), None, Kind::Xml);
        assert!(!decoded.repaired);
        let stray = [b"<?xml encoding='utf-8'?><a>perch\xC3\xA9 l\x92ora</a>".as_slice()].concat();
        let decoded = decode(&stray, None, Kind::Xml);
        assert_eq!(decoded.text, "<?xml encoding='utf-8'?><a>perché l\u{2019}ora</a>");
        assert!(decoded.repaired);
    }

    #[test]
    fn no_bytes_make_it_fail() {
        for bytes in [b"".as_slice(), b"\xFF", b"\xFF\xFE", b"\xFF\xFE\0\0\x01", b"<\0", &[0x80; 4_200]] {
            decode(bytes, Some("text/html; charset="), Kind::Html);
            decode(bytes, Some("charset=utf-16"), Kind::Xml);
        }
    }
}
