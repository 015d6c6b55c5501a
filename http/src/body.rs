//! The body of an answer: streamed, unpacked and bounded.
//!
//! The library could unpack by itself, but then nobody sees both lengths, and the ratio of the two is what gives a
//! compression bomb away long before the cap does. So gzip and deflate are offered and unpacked here; brotli is not.

use crate::Refused;
use flate2::write::{MultiGzDecoder, ZlibDecoder};
use std::io::{self, Write};

/// Below so many unpacked bytes any ratio is allowed: a page of blanks is no attack.
const RATIO_FROM: usize = 1 << 20;
/// The greatest unpacked size for one byte received.
const RATIO: usize = 100;

/// Reads a whole body of at most `cap` bytes after unpacking.
pub(crate) async fn read(mut response: reqwest::Response, cap: usize) -> Result<Vec<u8>, Refused> {
    let encoding = response.headers().get("content-encoding").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut unpacker = Unpacker::new(encoding, cap)?;
    if unpacker.is_plain() && response.content_length().is_some_and(|length| length > cap as u64) {
        return Err(Refused::TooBig { what: "the body", limit: cap });
    }
    while let Some(chunk) = response.chunk().await.map_err(|e| Refused::of(&e))? {
        unpacker.take(&chunk)?;
    }
    unpacker.finish()
}

/// Unpacks piece by piece and stops at the first breach.
enum Unpacker {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
    Deflate(Box<ZlibDecoder<Bounded>>),
}

/// What has come out, and the bounds that it must keep.
#[derive(Default)]
struct Bounded {
    body: Vec<u8>,
    received: usize,
    cap: usize,
    breach: Option<Refused>,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.body.len() + bytes.len();
        if length > self.cap {
            self.breach = Some(Refused::TooBig { what: "the body", limit: self.cap });
        } else if length > RATIO_FROM && length / RATIO > self.received {
            self.breach = Some(Refused::Bomb);
        }
        if self.breach.is_some() {
            return Err(io::Error::other("a limit was passed"));
        }
        self.body.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Unpacker {
    fn new(encoding: &str, cap: usize) -> Result<Self, Refused> {
        let sink = Bounded { cap, ..Bounded::default() };
        match encoding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Plain(sink)),
            "gzip" | "x-gzip" => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(sink)))),
            "deflate" => Ok(Self::Deflate(Box::new(ZlibDecoder::new(sink)))),
            other => Err(Refused::Broken { why: format!("packed as {other}, which was not asked for") }),
        }
    }

    fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    fn sink(&mut self) -> &mut Bounded {
        match self {
            Self::Plain(sink) => sink,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Deflate(decoder) => decoder.get_mut(),
        }
    }

    fn take(&mut self, chunk: &[u8]) -> Result<(), Refused> {
        self.sink().received += chunk.len();
        let written = match self {
            Self::Plain(sink) => sink.write_all(chunk),
            Self::Gzip(decoder) => decoder.write_all(chunk),
            Self::Deflate(decoder) => decoder.write_all(chunk),
        };
        self.judge(written)
    }

    fn finish(mut self) -> Result<Vec<u8>, Refused> {
        // an empty body has no gzip header either: what a 304 or a careless server sends
        let ended = match &mut self {
            Self::Gzip(decoder) if decoder.get_ref().received > 0 => decoder.try_finish(),
            Self::Deflate(decoder) if decoder.get_ref().received > 0 => decoder.try_finish(),
            _ => Ok(()),
        };
        self.judge(ended)?;
        Ok(std::mem::take(&mut self.sink().body))
    }

    fn judge(&mut self, result: io::Result<()>) -> Result<(), Refused> {
        result.map_err(|e| self.sink().breach.take().unwrap_or(Refused::Broken { why: format!("packed badly: {e}") }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory does not fail");
        encoder.finish().expect("memory does not fail")
    }

    fn unpack(encoding: &str, bytes: &[u8], cap: usize) -> Result<Vec<u8>, Refused> {
        let mut unpacker = Unpacker::new(encoding, cap)?;
        for chunk in bytes.chunks(1_000) {
            unpacker.take(chunk)?;
        }
        unpacker.finish()
    }

    #[test]
    fn packed_bodies_are_unpacked_up_to_the_cap() {
        let text = b"Il traghetto torna in servizio. ".repeat(100);
        assert_eq!(unpack("gzip", &gzip(&text), text.len()), Ok(text.clone()));
        assert_eq!(unpack("", &text, text.len()), Ok(text.clone()));
        let over = Refused::TooBig { what: "the body", limit: text.len() - 1 };
        assert_eq!(unpack("gzip", &gzip(&text), text.len() - 1), Err(over.clone()));
        assert_eq!(unpack("identity", &text, text.len() - 1), Err(over));
        let members: Vec<u8> = [gzip(b"uno "), gzip(b"due")].concat();
        assert_eq!(unpack("x-gzip", &members, 100), Ok(b"uno due".to_vec()));
        assert_eq!(unpack("gzip", b"", 100), Ok(Vec::new()));
    }

    #[test]
    fn a_bomb_is_known_by_its_ratio_before_the_cap() {
        let bomb = gzip(&vec![0; 40 << 20]);
        assert_eq!(unpack("gzip", &bomb, 50 << 20), Err(Refused::Bomb));
        let blanks = gzip(&vec![b' '; RATIO_FROM]);
        assert_eq!(unpack("gzip", &blanks, 50 << 20).map(|b| b.len()), Ok(RATIO_FROM));
    }

    #[test]
    fn a_body_packed_badly_is_broken() {
        let whole = gzip(&b"una riga ".repeat(500));
        for (encoding, bytes) in
            [("gzip", &whole[..whole.len() / 2]), ("gzip", b"<html>"), ("deflate", b"<html>"), ("br", b"x")]
        {
            assert!(matches!(unpack(encoding, bytes, 1 << 20), Err(Refused::Broken { .. })), "{encoding}");
        }
    }
}
