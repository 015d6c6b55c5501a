//! What hangs on a release beside its text: photos and documents. Linked, never mailed.
//!
//! A photo is three files made of what was uploaded (to print, for the page, for lists), each under its own hash; the
//! upload itself, with the place and the camera that it may tell of, is not kept. A licence may end: then the file is no
//! longer shown to anybody outside, from the first second of the next Italian day, while the frozen text that named it stays
//! as it was. Left out: who may read them ([`crate::is_public`] of a release that uses them), and their bytes
//! (`store::files`).

use crate::{Timestamp, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The files of a release, in the order in which they are shown.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReleaseFiles {
    /// Photos; the first is the one that stands beside the title.
    pub photos: Vec<Photo>,
    /// Documents.
    pub documents: Vec<Document>,
}

/// A photo, with what is said of it in this release.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Photo {
    /// To print: at most 4,000 pixels on its long side.
    pub full: Picture,
    /// For a page: at most 1,200.
    pub web: Picture,
    /// For a list: at most 400.
    pub thumb: Picture,
    /// Its name in addresses and folders, such as `ponte.jpg`.
    pub name: String,
    /// `image/jpeg` or `image/png`, of all three.
    pub mime: String,
    /// What it shows, for who does not see it.
    pub alt: String,
    /// Whose it is.
    pub credit: String,
    /// What may be done with it.
    pub licence: Licence,
    /// What stands below it; may be empty.
    pub caption: String,
    /// The last day, in Europe/Rome, on which it may be shown; none where its licence does not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A picture in one size.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Picture {
    /// SHA-256 of its bytes in the folder of files, in hexadecimal.
    pub file: String,
    /// How many bytes.
    pub bytes: i64,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A document, with what is said of it in this release.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// SHA-256 of its bytes in the folder of files, in hexadecimal.
    pub file: String,
    /// How many bytes.
    pub bytes: i64,
    /// Its media type, by its content.
    pub mime: String,
    /// Its name in addresses and folders, such as `ordinanza.pdf`.
    pub name: String,
    /// What it is called; its name where empty.
    pub title: String,
    /// The last day, in Europe/Rome, on which it may be shown; none where its licence does not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A photo of the bank.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptPhoto {
    /// With what was last said of it.
    pub photo: Photo,
    /// Who brought it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What may be done with a photo.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// By the press, with its credit.
    #[default]
    Press,
    /// Creative Commons BY 4.0.
    CcBy,
    /// Creative Commons BY-SA 4.0.
    CcBySa,
    /// Creative Commons Zero 1.0: no condition.
    Cc0,
    /// Nothing without asking.
    Reserved,
}

impl Licence {
    /// All of them, the usual first.
    pub const ALL: [Self; 5] = [Self::Press, Self::CcBy, Self::CcBySa, Self::Cc0, Self::Reserved];

    /// Its name in the store, in forms and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Press => "press",
            Self::CcBy => "cc_by",
            Self::CcBySa => "cc_by_sa",
            Self::Cc0 => "cc0",
            Self::Reserved => "reserved",
        }
    }

    /// The licence of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|licence| licence.name() == name)
    }

    /// Its text, where it has one for everybody.
    pub fn url(self) -> Option<&'static str> {
        match self {
            Self::CcBy => Some("https://creativecommons.org/licenses/by/4.0/"),
            Self::CcBySa => Some("https://creativecommons.org/licenses/by-sa/4.0/"),
            Self::Cc0 => Some("https://creativecommons.org/publicdomain/zero/1.0/"),
            Self::Press | Self::Reserved => None,
        }
    }
}

impl ReleaseFiles {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.photos.is_empty() && self.documents.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.photos.len() + self.documents.len()
    }

    /// Bytes of what a reader can take: photos to print, and documents.
    pub fn bytes(&self) -> i64 {
        let photos = self.photos.iter().map(|photo| photo.full.bytes);
        photos.chain(self.documents.iter().map(|document| document.bytes)).sum()
    }

    /// What of them may be shown on that Italian day.
    #[must_use]
    pub fn licensed(mut self, day: Date) -> Self {
        self.photos.retain(|photo| holds(photo.until, day));
        self.documents.retain(|document| holds(document.until, day));
        self
    }

    /// The files whose licence ends, by name, each with its last day.
    pub fn ends(&self) -> Vec<(&str, Date)> {
        let photos = self.photos.iter().map(|photo| (photo.name.as_str(), photo.until));
        let all = photos.chain(self.documents.iter().map(|document| (document.name.as_str(), document.until)));
        all.filter_map(|(name, until)| Some((name, until?))).collect()
    }

    /// The hashes of all files, each size of each photo.
    pub fn hashes(&self) -> Vec<&str> {
        let photos = self.photos.iter().flat_map(|photo| [&photo.full, &photo.web, &photo.thumb]);
        let files = photos.map(|picture| picture.file.as_str());
        files.chain(self.documents.iter().map(|document| document.file.as_str())).collect()
    }

    /// The name and the media type under which a file of these is handed out.
    pub fn find(&self, file: &str) -> Option<Served<'_>> {
        let photo = self.photos.iter().find(|p| [&p.full, &p.web, &p.thumb].iter().any(|size| size.file == file));
        let photo = photo.map(|photo| Served { name: &photo.name, mime: &photo.mime, is_photo: true });
        let document = || self.documents.iter().find(|document| document.file == file);
        photo.or_else(|| {
            document().map(|document| Served { name: &document.name, mime: &document.mime, is_photo: false })
        })
    }

    /// All that a version is approved with, field by field, for its fingerprint; nothing where there are no files. The end
    /// of a licence is two fields more, after those of its file, and none where it does not end: what was frozen before
    /// licences had an end keeps its fingerprint. As a file has a fixed number of fields and begins with what it is, no
    /// other files give the same list.
    pub fn fields(&self) -> Vec<String> {
        let mut fields: Vec<String> = Vec::new();
        let mut add = |of: &[&str], until: Option<Date>| {
            fields.extend(of.iter().map(|field| (*field).to_owned()));
            fields.extend(until.into_iter().flat_map(|day| ["until".to_owned(), day.to_string()]));
        };
        for photo in &self.photos {
            let [full, web, thumb] = [&photo.full, &photo.web, &photo.thumb].map(|size| size.file.as_str());
            let said = [photo.alt.as_str(), &photo.credit, photo.licence.name(), &photo.caption];
            add(&[&["photo", full, web, thumb, &photo.name, &photo.mime], said.as_slice()].concat(), photo.until);
        }
        for document in &self.documents {
            add(&["document", &document.file, &document.name, &document.mime, &document.title], document.until);
        }
        fields
    }
}

/// How a file is handed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Served<'a> {
    /// Under which name.
    pub name: &'a str,
    /// As which media type.
    pub mime: &'a str,
    /// A photo is shown, a document is saved.
    pub is_photo: bool,
}

impl Document {
    /// What a person calls it.
    pub fn called(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }
}

/// Whether a licence with that last day still holds on `day`.
pub fn holds(until: Option<Date>, day: Date) -> bool {
    until.is_none_or(|until| day <= until)
}

/// The path of a file below the site: `/file/<sha256>/ponte.jpg`.
pub fn file_path(file: &str, name: &str) -> String {
    format!("/file/{file}/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_the_hash_of_any_of_its_sizes() {
        let size = |file: &str| Picture { file: file.into(), bytes: 10, width: 1, height: 1 };
        let photo =
            Photo { full: size("a"), web: size("b"), thumb: size("c"), name: "p.jpg".into(), ..Photo::default() };
        let document = Document { file: "d".into(), bytes: 5, name: "o.pdf".into(), ..Document::default() };
        let files = ReleaseFiles { photos: vec![photo], documents: vec![document] };
        assert_eq!((files.hashes(), files.bytes(), files.len()), (vec!["a", "b", "c", "d"], 15, 2));
        for (file, name) in [("a", Some("p.jpg")), ("c", Some("p.jpg")), ("d", Some("o.pdf")), ("e", None)] {
            assert_eq!(files.find(file).map(|served| served.name), name, "{file}");
        }
        assert!(ReleaseFiles::default().fields().is_empty(), "what has no files keeps its fingerprint");
        let ends = |day: i8| Some(jiff::civil::date(2026, 11, day));
        let mut ending = files.clone();
        (ending.photos[0].until, ending.documents[0].until) = (ends(29), ends(30));
        assert_eq!(ending.ends(), [("p.jpg", ends(29).unwrap_or_default()), ("o.pdf", ends(30).unwrap_or_default())]);
        for (day, left) in [(29, vec!["a", "b", "c", "d"]), (30, vec!["d"])] {
            let on = jiff::civil::date(2026, 11, day);
            assert_eq!(ending.clone().licensed(on).hashes(), left, "its last day is one on which it is shown");
            assert_eq!(files.clone().licensed(on), files);
        }
        assert_eq!(Licence::ALL.map(|licence| Licence::parse(licence.name())), Licence::ALL.map(Some));
    }

    #[test]
    fn a_row_from_before_licences_ended_reads_and_is_written_as_it_was() {
        let old = r#"{"photos":[{"full":{"file":"a","bytes":1,"width":2,"height":3},"web":{"file":"b","bytes":1,"width":2,"height":3},"thumb":{"file":"c","bytes":1,"width":2,"height":3},"name":"p.jpg","mime":"image/jpeg","alt":"Il ponte","credit":"Nina","licence":"cc_by","caption":"Aperto"}],"documents":[{"file":"d","bytes":5,"mime":"application/pdf","name":"o.pdf","title":"Atto"}]}"#;
        let read: ReleaseFiles = serde_json::from_str(old).expect("what is absent is none");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), old);
        let before = ["photo", "a", "b", "c", "p.jpg", "image/jpeg", "Il ponte", "Nina", "cc_by", "Aperto"];
        let before = [before.as_slice(), &["document", "d", "o.pdf", "application/pdf", "Atto"]].concat();
        assert_eq!(read.fields(), before, "and keeps the fields of its fingerprint");
        let mut ending = read.clone();
        ending.photos[0].until = Some(jiff::civil::date(2026, 11, 30));
        assert_eq!(ending.fields()[10..12], ["until".to_owned(), "2026-11-30".to_owned()]);
        let json = serde_json::to_string(&ending).expect("JSON");
        assert_eq!(serde_json::from_str::<ReleaseFiles>(&json).expect("it reads"), ending);
    }
}
