//! The media kit: text, photos to print and documents of a release in one archive, with a note of what is whose.
//!
//! The archive is made while it is sent: each file is read once for its checksum and once for its bytes, so that a
//! hundred readers of a hundred megabytes need little memory. Who asks for a part of it gets those bytes of the same archive. Nothing is compressed, photos cannot be made smaller.

use super::address::Reading;
use super::kept::lifetime;
use super::zip::{self, fields};
use crate::Site;
use crate::answer::Error;
use crate::handed::{self, Dress, PIECE, Parts, Window};
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use flate2::Crc;
use salastampa_domain::Timestamp;
use salastampa_locale::{Lang, t};
use salastampa_releases::files::{About, readme};
use salastampa_releases::public::{self, sha256};
use salastampa_releases::wording;
use salastampa_store::Store;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

/// Bytes of the fixed part of a header before a file, of its line in the table of contents, and of the end.
const BEFORE: u64 = 30;
const LINE: u64 = 46;
const END: u64 = 22;

/// A file of the kit.
struct Entry {
    name: String,
    length: u64,
    source: Source,
}

/// Where its bytes are.
enum Source {
    Made(Vec<u8>),
    Kept(String),
}

/// The kit of a text that can be read; not there where it has no files.
pub(super) fn respond(site: &Site, asked: &HeaderMap, reading: &Reading, now: Timestamp) -> Result<Response, Error> {
    if reading.version.files.is_empty() {
        return Err(Error::Missing);
    }
    let (year, number) = reading.register();
    let file_name = format!("comunicato-{year}-{number}-materiali.zip");
    let dress = Dress { name: &file_name, mime: "application/zip", is_shown: false, cache: lifetime(now) };
    let entries = entries(site, reading);
    let length =
        entries.iter().map(|entry| BEFORE + LINE + 2 * entry.name.len() as u64 + entry.length).sum::<u64>() + END;
    // with what is made for it: what is said of the office may change, and two halves of different archives are none
    let made = entries.iter().filter_map(|entry| match &entry.source {
        Source::Made(bytes) => Some(&bytes[..]),
        Source::Kept(_) => None,
    });
    let made = sha256(&made.collect::<Vec<_>>().concat());
    let tag = format!("\"{}-kit-{length}-{}\"", reading.version.sha256, &made[..16]);
    if handed::is_known(asked, &tag) {
        return Ok(handed::dressed(StatusCode::NOT_MODIFIED, &dress, &tag, None, Body::empty()));
    }
    Ok(handed::given(&dress, &tag, asked, length, |window| {
        let (parts, body) = mpsc::channel(2);
        let store = site.store.clone();
        tokio::spawn(async move {
            let mut pieces = Pieces { parts, window };
            if let Err(error) = write(&store, entries, &mut pieces).await {
                tracing::error!(%error, "a media kit broke off: it is not whole, and its reader is told");
                let _ = pieces.parts.send(Err(error)).await;
            }
        });
        Body::from_stream(Parts(body))
    }))
}

fn entries(site: &Site, reading: &Reading) -> Vec<Entry> {
    let lang = reading.head.as_ref().and_then(|head| head.language).unwrap_or(site.house.lang);
    let files = &reading.version.files;
    let numbered = wording::numbered(reading.kind(), Some(reading.register()), lang);
    let url = format!("{}{}", site.house.base_url, reading.path());
    let about = About { office: &site.house.office, numbered: &numbered, title: &reading.version.title, url: &url };
    let made = |name: &str, text: String| Entry {
        name: name.to_owned(),
        length: text.len() as u64,
        source: Source::Made(text.into_bytes()),
    };
    let folder = |key| t(lang, key).to_lowercase();
    let kept = |folder: &str, name: &str, bytes: i64, file: &str| Entry {
        name: format!("{folder}/{name}"),
        length: u64::try_from(bytes).unwrap_or_default(),
        source: Source::Kept(file.to_owned()),
    };
    let mut entries = vec![
        made(if lang == Lang::It { "LEGGIMI.txt" } else { "README.txt" }, readme(about, files, lang)),
        made(
            if lang == Lang::It { "testo.txt" } else { "text.txt" },
            // as its own address gives it to copy, with the line ends of every system's editor
            public::text(&reading.version, reading.register(), site.house.lang).replace('\n', "\r\n"),
        ),
    ];
    let photos = folder("releases.kit.photos");
    entries.extend(files.photos.iter().map(|p| kept(&photos, &p.name, p.full.bytes, &p.full.file)));
    let documents = folder("releases.kit.documents");
    entries.extend(files.documents.iter().map(|d| kept(&documents, &d.name, d.bytes, &d.file)));
    entries
}

/// Where the archive goes: what is before the window is passed over, and after it nothing is made.
struct Pieces {
    parts: mpsc::Sender<std::io::Result<Vec<u8>>>,
    window: Window,
}

impl Pieces {
    /// Hands a piece on, as far as it is wanted; whether more is.
    async fn send(&mut self, mut piece: Vec<u8>) -> bool {
        let before = usize::try_from(self.window.from).unwrap_or(usize::MAX).min(piece.len());
        piece.drain(..before);
        self.window.from -= before as u64;
        piece.truncate(usize::try_from(self.window.length).unwrap_or(usize::MAX));
        self.window.length -= piece.len() as u64;
        // who has gone away takes no further piece
        (piece.is_empty() || self.parts.send(Ok(piece)).await.is_ok()) && self.window.length > 0
    }

    /// Passes over so many bytes, if all of them are before the window.
    fn skips(&mut self, bytes: u64) -> bool {
        let skips = self.window.from >= bytes;
        self.window.from -= if skips { bytes } else { 0 };
        skips
    }
}

/// Sends the archive. Ends early, and well, where its reader has gone away or has what was asked for.
async fn write(store: &Store, entries: Vec<Entry>, pieces: &mut Pieces) -> std::io::Result<()> {
    let mut contents = Vec::new();
    let mut at: u64 = 0;
    let count = u16::try_from(entries.len()).map_err(std::io::Error::other)?;
    for entry in entries {
        let crc = checksum(store, &entry).await?;
        let fields = fields(crc, entry.length, &entry.name)?;
        contents.extend_from_slice(&zip::line(&fields, at, &entry.name)?);
        let before = zip::header(&fields, &entry.name);
        at += before.len() as u64 + entry.length;
        if !pieces.send(before).await {
            return Ok(());
        }
        match entry.source {
            Source::Made(bytes) => {
                if !pieces.send(bytes).await {
                    return Ok(());
                }
            }
            Source::Kept(_) if pieces.skips(entry.length) => {}
            Source::Kept(file) => {
                let mut reader = open(store, &file).await?;
                while let Some(piece) = next(&mut reader).await? {
                    if !pieces.send(piece).await {
                        return Ok(());
                    }
                }
            }
        }
    }
    contents.extend_from_slice(&zip::end(count, contents.len() as u64, at)?);
    pieces.send(contents).await;
    Ok(())
}

async fn checksum(store: &Store, entry: &Entry) -> std::io::Result<u32> {
    let mut crc = Crc::new();
    match &entry.source {
        Source::Made(bytes) => crc.update(bytes),
        Source::Kept(file) => {
            let mut reader = open(store, file).await?;
            let mut length = 0;
            while let Some(piece) = next(&mut reader).await? {
                length += piece.len() as u64;
                crc.update(&piece);
            }
            if length != entry.length {
                return Err(std::io::Error::other("a file has not the length that its row says"));
            }
        }
    }
    Ok(crc.sum())
}

async fn open(store: &Store, file: &str) -> std::io::Result<tokio::fs::File> {
    let opened = store.files().open_file(file).await.map_err(std::io::Error::other)?;
    Ok(opened.ok_or(std::io::ErrorKind::NotFound)?.0)
}

async fn next(reader: &mut tokio::fs::File) -> std::io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; PIECE];
    let read = reader.read(&mut piece).await?;
    piece.truncate(read);
    Ok((read > 0).then_some(piece))
}
