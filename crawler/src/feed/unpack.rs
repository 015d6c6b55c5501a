//! Feeds that are served as gzip files, beside any compression of the transport.

use super::NotAFeed;
use std::borrow::Cow;
use std::io::Read;

/// Largest feed after decompression, in bytes.
const LARGEST: u64 = 10 << 20;
/// From this size on the ratio is watched, in bytes.
const FREE: u64 = 1 << 20;
/// Highest ratio of decompression beyond that.
const RATIO: u64 = 100;

/// Undoes gzip where its magic bytes stand at the beginning. A truncated file gives what it holds.
pub(crate) fn gunzip(bytes: &[u8]) -> Result<Cow<'_, [u8]>, NotAFeed> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let allowed = LARGEST.min(FREE.max(RATIO * bytes.len() as u64));
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(bytes).take(allowed + 1);
    if let Err(error) = reader.read_to_end(&mut unpacked)
        && unpacked.is_empty()
    {
        return Err(NotAFeed { why: format!("no sound gzip file: {error}") });
    }
    if unpacked.len() as u64 > allowed {
        return Err(NotAFeed { why: "a gzip file that grows beyond its limits".into() });
    }
    Ok(Cow::Owned(unpacked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes it")
    }

    #[test]
    fn gzip_is_undone_and_a_truncated_file_gives_what_it_holds() {
        let text = b"<rss>".repeat(1_000);
        let packed = gzip(&text);
        assert_eq!(gunzip(&packed).expect("sound").as_ref(), text);
        assert_eq!(gunzip(b"<rss/>").expect("plain").as_ref(), b"<rss/>");
        assert!(gunzip(&packed[..packed.len() - 4]).expect("truncated").starts_with(b"<rss>"));
        assert!(gunzip(b"\x1F\x8Bnothing").is_err());
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = gzip(&vec![b' '; 20 << 20]);
        assert!(bomb.len() < 100_000);
        assert!(gunzip(&bomb).is_err());
    }
}
