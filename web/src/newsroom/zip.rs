//! Archives, written by hand: PKWARE APPNOTE 6.3.10 §4.3.7, §4.3.12, §4.3.16. Nothing is compressed; names in UTF-8 (bit 11),
//! times all alike, so that the same files give the same bytes.

use flate2::Crc;

/// A small archive, whole in memory.
pub(super) fn stored(files: &[(&'static str, String)]) -> std::io::Result<Vec<u8>> {
    let (mut out, mut contents) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let fields = fields(crc.sum(), text.len() as u64, name)?;
        contents.extend_from_slice(&line(&fields, out.len() as u64, name)?);
        out.extend_from_slice(&header(&fields, name));
        out.extend_from_slice(text.as_bytes());
    }
    let count = u16::try_from(files.len()).map_err(std::io::Error::other)?;
    let end = end(count, contents.len() as u64, out.len() as u64)?;
    out.extend_from_slice(&contents);
    out.extend_from_slice(&end);
    Ok(out)
}

/// What stands before a file.
pub(super) fn header(fields: &[u8], name: &str) -> Vec<u8> {
    [b"PK\x03\x04".as_slice(), fields, name.as_bytes()].concat()
}

/// The line of a file in the table of contents; `at` is where its header begins.
pub(super) fn line(fields: &[u8], at: u64, name: &str) -> std::io::Result<Vec<u8>> {
    // no comment, first disk, no attributes
    Ok([b"PK\x01\x02\x14\x03".as_slice(), fields, &[0; 10], &four(at)?, name.as_bytes()].concat())
}

/// The end: how many files, and the length and the place of the table of contents.
pub(super) fn end(count: u16, length: u64, at: u64) -> std::io::Result<Vec<u8>> {
    let count = count.to_le_bytes();
    Ok([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &four(length)?, &four(at)?, &[0, 0]].concat())
}

/// The fields that a file's header and its line in the table of contents share: version, names in UTF-8, stored, the
/// first day that the format knows, checksum, length, length of the name, nothing extra.
pub(super) fn fields(crc: u32, length: u64, name: &str) -> std::io::Result<Vec<u8>> {
    let length = four(length)?;
    let name = u16::try_from(name.len()).map_err(std::io::Error::other)?.to_le_bytes();
    Ok([[0x14, 0, 0, 0x08].as_slice(), &[0, 0], &[0, 0, 0x21, 0], &crc.to_le_bytes(), &length, &length, &name, &[0, 0]]
        .concat())
}

fn four(number: u64) -> std::io::Result<[u8; 4]> {
    Ok(u32::try_from(number).map_err(std::io::Error::other)?.to_le_bytes())
}
