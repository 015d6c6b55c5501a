//! Files that somebody brings for a release: known by their content, never by their name.
//!
//! *A photo is made anew* ([`picture`]): what is kept was written by us, so that nothing hides behind the pixels. *A
//! document is kept as it is*, so the list of sorts is short: what newsrooms open (PDF, Word, Writer, tables, plain text,
//! sound) and nothing that runs, loads or holds other files unseen. SVG and HTML run scripts, archives hide what is in
//! them, macros run when a journalist opens them. Video is not taken: it does not fit the size.
//!
//! Left out: keeping the bytes and who may bring them (`acts::release_files`), and who may read them.

mod name;
mod office;
pub mod picture;
mod readme;
mod sort;
#[cfg(test)]
mod tests;

pub use name::{safe_name, shown};
pub use picture::Scaled;
pub use readme::{About, licence_words, listed, readme, size_words, sort_words, terms_words, until_words};

use crate::Message;
use crate::refuse::{Refusal, Rule};
use jiff::civil::Date;
use salastampa_domain::{ReleaseFiles, release_files};

/// Largest file, in bytes.
pub const LARGEST: usize = 25 << 20;
/// Most bytes of all files of a release.
pub const LARGEST_ALL: i64 = 100 << 20;
/// Most photos of a release, and most documents.
pub const MOST: usize = 40;

/// A file that is taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// The name under which it is kept: plain, with the ending of what it is.
    pub name: String,
    /// Its media type.
    pub mime: &'static str,
    /// What it is called: `PDF`, `JPEG`.
    pub sort: &'static str,
    /// Its name said that it is something else.
    pub renamed: bool,
    /// What is kept of it.
    pub what: What,
}

/// What is kept of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A photo, in three sizes: to print, for a page, for a list.
    Photo(Box<[Scaled; 3]>),
    /// A document, as it came.
    Document(Vec<u8>),
}

/// Looks a file over and makes of it what is kept, or says why it is not taken. Slow for a photo: seconds.
///
/// # Errors
/// The sentence names the file and what to do.
pub fn take(name: &str, bytes: Vec<u8>) -> Result<Taken, Message> {
    let shown = shown(name);
    let refuse = |why: Message| why.with("name", &shown);
    if bytes.len() > LARGEST {
        return Err(refuse(Message::new("releases.file.too_large").with("most", LARGEST >> 20)));
    }
    let sort = sort::sort(&bytes, name).map_err(refuse)?;
    match sort {
        sort::Sort::Photo(format) => {
            let made = picture::make(&bytes, format).map_err(refuse)?;
            let (mime, ending, called) =
                if made.is_png { ("image/png", "png", "PNG") } else { ("image/jpeg", "jpg", "JPEG") };
            Ok(Taken {
                renamed: !name::says(name, format.endings()),
                name: safe_name(name, "foto", ending),
                mime,
                sort: called,
                what: What::Photo(Box::new(made.sizes)),
            })
        }
        sort::Sort::Document(kind) => Ok(Taken {
            renamed: !name::says(name, &[kind.ending]),
            name: safe_name(name, "documento", kind.ending),
            mime: kind.mime,
            sort: kind.sort,
            what: What::Document(bytes),
        }),
    }
}

/// Why these files may not leave as they are: a photo that nobody described, or that is nobody's, or a file that nobody may
/// show any more on the Italian day on which the release becomes public.
pub fn refuse_files(files: &ReleaseFiles, day: Date) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for (n, photo) in files.photos.iter().enumerate() {
        let mut add = |rule, key| {
            let message = Message::new(key).with("n", n + 1).with("name", &photo.name);
            refusals.push(Refusal { rule, message });
        };
        if photo.alt.trim().is_empty() {
            add(Rule::PhotoWithoutAlt, "releases.refuse.no_alt");
        }
        if photo.credit.trim().is_empty() {
            add(Rule::PhotoWithoutCredit, "releases.refuse.no_credit");
        }
    }
    refusals.extend(refuse_licences(files, day));
    refusals
}

/// The files among them whose licence ends before the Italian day on which the release becomes public.
pub fn refuse_licences(files: &ReleaseFiles, day: Date) -> Vec<Refusal> {
    let ended = files.ends().into_iter().filter(|(_, until)| !release_files::holds(Some(*until), day));
    let refusal = |(name, until): (&str, Date)| Refusal {
        rule: Rule::LicenceEnded,
        message: Message::new("releases.refuse.licence_ended")
            .with("name", name)
            .with("until", until.strftime("%d/%m/%Y"))
            .with("day", day.strftime("%d/%m/%Y")),
    };
    ended.map(refusal).collect()
}
