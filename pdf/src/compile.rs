//! The world that the template is compiled in: one source, one data file, the fonts, and no clock.

use crate::booklet::{Booklet, Moment};
use crate::{fit, fonts};
use std::sync::OnceLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The value could not be handed to the template.
    #[error("cannot hand the document to its template: {0}")]
    Data(#[from] serde_json::Error),
    /// The document says that it was made on a day or at an hour that there is not.
    #[error("the document was made at no moment of any calendar: {0:?}")]
    Date(Moment),
    /// The compiler refused, in its own words.
    #[error("cannot set the document: {0}")]
    Compile(String),
}

/// The bytes of the document. Takes processor time (about a second for forty stories in a debug build) and cannot be
/// stopped: call it where that blocks nobody. Stories beyond the thousandth are left out.
pub fn render(booklet: &Booklet) -> Result<Vec<u8>, Error> {
    let made = made(booklet.made).ok_or(Error::Date(booklet.made))?;
    let document = layout(booklet)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|e| Error::Compile(e.message().to_string()))?;
    let creator = Smart::Custom(Some("Sala Stampa".to_owned()));
    let options = PdfOptions { standards, creator, timestamp: Some(made), ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| Error::Compile(said(&errors)));
    // the compiler remembers what it has seen for as long as the program runs
    typst::comemo::evict(0);
    bytes
}

/// The pages, set but not yet written.
pub(crate) fn layout(booklet: &Booklet) -> Result<PagedDocument, Error> {
    let data = serde_json::to_vec(&fit::booklet(booklet))?;
    let world = Desk { data: Bytes::new(data) };
    let Warned { output, .. } = typst::compile::<PagedDocument>(&world);
    output.map_err(|errors| Error::Compile(said(&errors)))
}

fn made(at: Moment) -> Option<Timestamp> {
    let unsigned = |n: i8| u8::try_from(n).ok();
    let (month, day) = (unsigned(at.month)?, unsigned(at.day)?);
    let (hour, minute) = (unsigned(at.hour)?, unsigned(at.minute)?);
    Timestamp::new_local(Datetime::from_ymd_hms(at.year.into(), month, day, hour, minute, 0)?, at.offset.into())
}

fn said(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|e| e.message.to_string()).collect::<Vec<_>>().join("; ")
}

/// What never changes from one document to the next.
struct House {
    library: LazyHash<Library>,
    template: Source,
    data: FileId,
}

fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let id = |name: &str| {
            let path = VirtualPath::new(name).expect("a plain name is a path");
            RootedPath::new(VirtualRoot::Project, path).intern()
        };
        House {
            library: LazyHash::new(Library::default()),
            template: Source::new(id("booklet.typ"), include_str!("../template/booklet.typ").to_owned()),
            data: id("data.json"),
        }
    })
}

struct Desk {
    data: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &house().library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts::fonts().book
    }

    fn main(&self) -> FileId {
        house().template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == house().template.id() { Ok(house().template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == house().data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::fonts().fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests;
