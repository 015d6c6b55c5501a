//! *Foto e allegati*: files come to a release, are described, put in order, taken away.
//!
//! Each of these is an edit: it voids a review or an approval, and on a release that is out it begins a correction. A file
//! is looked over before anything is kept, and a photo is made anew (`releases::files`), one at a time, because its
//! pixels need memory. Left out: alt text and credit are asked at *submit*, so that nobody is kept from uploading.

use crate::house::{actor, allowed};
use crate::{Denied, Result, Slip};
use anyhow::Context as _;
use jiff::civil::Date;
use salastampa_domain::{
    Act, Document, Licence, Photo, Picture, Release, ReleaseFiles, ReleaseKind, ReleaseState, Timestamp, User,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_releases::Message;
use salastampa_releases::files::{LARGEST_ALL, MOST, Scaled, Taken, What, take};
use salastampa_store::{Rows, Store, Write};
use tokio::sync::Semaphore;

/// Longest description or caption, in characters; names and credits are shorter.
const LONGEST: usize = 1_000;
const LONGEST_NAME: usize = 200;

/// Photos are made anew one after the other: each needs up to half a gigabyte while it is.
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);

/// What is said of a file; of a document only the title.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Said {
    /// What a photo shows.
    pub alt: String,
    /// Whose it is.
    pub credit: String,
    /// What stands below it.
    pub caption: String,
    /// What may be done with it.
    pub licence: Licence,
    /// What a document is called.
    pub title: String,
    /// The last day, in Europe/Rome, on which it may be shown; none where its licence does not end. Of documents too.
    pub until: Option<Date>,
}

/// A file that was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attached {
    /// The name that it has now.
    pub name: String,
    /// The hash by which it is known: of a photo, that of the size to print.
    pub file: String,
    /// A photo; else a document.
    pub is_photo: bool,
    /// That it is not what its name said, in words.
    pub note: Option<String>,
}

/// Takes a file for a release: looks it over, keeps it, and puts it last.
///
/// # Errors
/// [`Denied::Form`] with the field `file` says why it is not taken, in the person's language.
pub async fn attach(
    store: &Store,
    lang: Lang,
    slug: &str,
    (name, bytes): (&str, Vec<u8>),
    said: Said,
    login: &str,
    now: Timestamp,
) -> Result<Attached> {
    let mut rows = store.read().await?;
    allowed(&mut rows, login, Act::Write).await?;
    let release = super::find(&mut rows, slug).await?;
    must_be_open(&release)?;
    drop(rows);
    let taken = looked_over(name, bytes).await?.map_err(|why| slip(why.say(lang)))?;
    let note = taken.renamed.then(|| {
        let shown = Message::new("acts.files.renamed").with("name", &taken.name).with("sort", taken.sort);
        shown.say(lang)
    });
    let (kept, file) = keep(store, taken, said.tidied()).await?;
    let is_photo = matches!(kept, Kept::Photo(_));
    let mut name = String::new();
    change(store, slug, "added", login, now, |files| {
        name = add(files, kept, lang)?;
        Ok(Some(file.clone()))
    })
    .await?;
    Ok(Attached { name, file, is_photo, note })
}

/// Puts a photo of the bank last in a release: the same files, with what was last said of them.
pub async fn reuse(store: &Store, lang: Lang, slug: &str, file: &str, login: &str, now: Timestamp) -> Result<String> {
    let mut rows = store.read().await?;
    allowed(&mut rows, login, Act::Write).await?;
    let photo = rows.find_photo(file).await?;
    drop(rows);
    let photo = photo.ok_or_else(|| Denied::Unknown { what: "file", name: file.to_owned() })?.photo;
    if let Some(until) = photo.until.filter(|until| *until < now.day()) {
        let until = salastampa_locale::date::numeric(until);
        return Err(slip(fill(lang, "acts.files.ended", &[("name", &photo.name), ("until", &until)])).into());
    }
    let mut name = String::new();
    change(store, slug, "added", login, now, |files| {
        name = add(files, Kept::Photo(photo), lang)?;
        Ok(Some(file.to_owned()))
    })
    .await?;
    Ok(name)
}

/// Writes down at the photo bank until when a photo may be shown, for whoever takes it from there next. Releases that have it
/// keep the day that they were approved with.
pub async fn licence_of_photo(
    store: &Store,
    file: &str,
    until: Option<Date>,
    login: &str,
    now: Timestamp,
) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let kept = write.find_photo(file).await?;
    let kept = kept.ok_or_else(|| Denied::Unknown { what: "file", name: file.to_owned() })?;
    if kept.photo.until == until {
        return Ok(());
    }
    log_until(&mut write, &user, file, (kept.photo.until, until), now).await?;
    write.keep_photo(&Photo { until, ..kept.photo }, kept.by, kept.at).await?;
    write.commit().await?;
    Ok(())
}

/// The last day of a licence as a form or a command line gives it: `2026-11-30`; nothing is no end.
///
/// # Errors
/// [`Denied::Form`] with the field `file`.
pub fn last_day(text: &str, lang: Lang) -> Result<Option<Date>> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse::<Date>().ok().filter(|day| (1990..=2200).contains(&day.year())) {
            Some(day) => Ok(Some(day)),
            None => Err(slip(t(lang, "acts.files.bad_day").to_owned()).into()),
        },
    }
}

/// Writes down what is said of a file of a release.
pub async fn describe(store: &Store, slug: &str, file: &str, said: Said, login: &str, now: Timestamp) -> Result<()> {
    let said = said.tidied();
    change(store, slug, "described", login, now, |files| {
        let photo = files.photos.iter_mut().find(|photo| photo.full.file == file);
        let document = files.documents.iter_mut().find(|document| document.file == file);
        match (photo, document) {
            (Some(photo), _) => said.onto(photo),
            (None, Some(document)) => (document.title, document.until) = (said.title, said.until),
            (None, None) => return Err(Denied::Unknown { what: "file", name: file.to_owned() }.into()),
        }
        Ok(Some(file.to_owned()))
    })
    .await
}

/// Moves a file one place up or down among its like.
pub async fn shift(store: &Store, slug: &str, file: &str, up: bool, login: &str, now: Timestamp) -> Result<()> {
    change(store, slug, "moved", login, now, |files| {
        let photo = files.photos.iter().position(|photo| photo.full.file == file);
        let document = files.documents.iter().position(|document| document.file == file);
        let other = |at: usize, n: usize| if up { at.checked_sub(1) } else { Some(at + 1).filter(|at| *at < n) };
        match (photo, document) {
            (Some(at), _) => other(at, files.photos.len()).into_iter().for_each(|to| files.photos.swap(at, to)),
            (None, Some(at)) => {
                other(at, files.documents.len()).into_iter().for_each(|to| files.documents.swap(at, to));
            }
            (None, None) => return Err(Denied::Unknown { what: "file", name: file.to_owned() }.into()),
        }
        Ok(None)
    })
    .await
}

/// Takes a file out of a release. Versions that have it keep it, and a photo stays in the bank for a while.
pub async fn detach(store: &Store, slug: &str, file: &str, login: &str, now: Timestamp) -> Result<()> {
    change(store, slug, "removed", login, now, |files| {
        let before = files.len();
        files.photos.retain(|photo| photo.full.file != file);
        files.documents.retain(|document| document.file != file);
        if files.len() == before {
            return Err(Denied::Unknown { what: "file", name: file.to_owned() }.into());
        }
        Ok(None)
    })
    .await
}

/// The files of the text in the making.
pub async fn files_of(rows: &mut Rows, release: &Release) -> Result<ReleaseFiles> {
    Ok(rows.find_release_files(release.id).await?)
}

/// A file looked over, before it is kept.
enum Kept {
    Photo(Photo),
    Document(Document),
}

async fn looked_over(name: &str, bytes: Vec<u8>) -> Result<std::result::Result<Taken, Message>> {
    let turn = ONE_AT_A_TIME.acquire().await.context("the queue of photos is closed")?;
    let shown = name.to_owned();
    let taken = tokio::task::spawn_blocking(move || take(&shown, bytes)).await;
    drop(turn);
    // a file that breaks its reader is broken
    Ok(taken.unwrap_or_else(|error| {
        tracing::warn!(%error, "a file broke its reader");
        Err(Message::new("releases.file.broken").with("name", salastampa_releases::files::shown(name)))
    }))
}

/// The bytes into the folder of files; the row that names them comes after. Gives the hash that the file is known by.
async fn keep(store: &Store, taken: Taken, said: Said) -> Result<(Kept, String)> {
    match taken.what {
        What::Photo(sizes) => {
            let [full, web, thumb] = *sizes;
            let mut photo = Photo { name: taken.name, mime: taken.mime.to_owned(), ..Photo::default() };
            said.onto(&mut photo);
            photo.full = keep_size(store, full).await?;
            photo.web = keep_size(store, web).await?;
            photo.thumb = keep_size(store, thumb).await?;
            let file = photo.full.file.clone();
            Ok((Kept::Photo(photo), file))
        }
        What::Document(bytes) => {
            let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            let file = store.files().put(bytes).await?;
            let (name, mime, title) = (taken.name, taken.mime.to_owned(), said.title);
            let document = Document { file: file.clone(), bytes: length, mime, name, title, until: said.until };
            Ok((Kept::Document(document), file))
        }
    }
}

async fn keep_size(store: &Store, size: Scaled) -> Result<Picture> {
    let (width, height) = (size.width, size.height);
    let bytes = i64::try_from(size.bytes.len()).unwrap_or(i64::MAX);
    Ok(Picture { file: store.files().put(size.bytes).await?, bytes, width, height })
}

/// Puts a file last, under a name that no other has; gives the name.
fn add(files: &mut ReleaseFiles, kept: Kept, lang: Lang) -> Result<String> {
    let refuse = |key, most: String| Err(slip(fill(lang, key, &[("most", &most)])).into());
    let (hash, name, bytes, like) = match &kept {
        Kept::Photo(photo) => (&photo.full.file, &photo.name, photo.full.bytes, files.photos.len()),
        Kept::Document(document) => (&document.file, &document.name, document.bytes, files.documents.len()),
    };
    if files.hashes().contains(&hash.as_str()) {
        return Err(slip(fill(lang, "acts.files.twice", &[("name", name)])).into());
    }
    if like >= MOST {
        return refuse("acts.files.too_many", MOST.to_string());
    }
    if files.bytes() + bytes > LARGEST_ALL {
        return refuse("acts.files.too_large", (LARGEST_ALL >> 20).to_string());
    }
    let name = free_name(files, name);
    match kept {
        Kept::Photo(photo) => files.photos.push(Photo { name: name.clone(), ..photo }),
        Kept::Document(document) => files.documents.push(Document { name: name.clone(), ..document }),
    }
    Ok(name)
}

fn free_name(files: &ReleaseFiles, name: &str) -> String {
    let taken = |name: &str| {
        files.photos.iter().any(|photo| photo.name == name) || files.documents.iter().any(|one| one.name == name)
    };
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut free = name.to_owned();
    let mut n = 1;
    while taken(&free) {
        n += 1;
        free = format!("{stem}-{n}.{ending}");
    }
    free
}

/// Changes the files of a release and its state with them, in one transaction. `edit` gives the hash of the photo that
/// the bank is to know anew.
async fn change(
    store: &Store,
    slug: &str,
    verb: &str,
    login: &str,
    now: Timestamp,
    edit: impl FnOnce(&mut ReleaseFiles) -> Result<Option<String>>,
) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let release = super::find(&mut write, slug).await?;
    must_be_open(&release)?;
    let before = write.find_release_files(release.id).await?;
    let mut files = before.clone();
    let touched = edit(&mut files)?;
    if files == before {
        return Ok(());
    }
    if let Some(hash) = &touched {
        let kept = write.find_photo(hash).await?.map(|kept| kept.photo.until);
        let said_here = before.photos.iter().find(|one| one.full.file == *hash).map(|one| one.until);
        if let Some(photo) = files.photos.iter_mut().find(|photo| photo.full.file == *hash) {
            // uploaded again without a day, a photo of the bank keeps the one that is known there
            if said_here.is_none() && photo.until.is_none() {
                photo.until = kept.flatten();
            }
            // what stands in the bank was changed by this form, or stays: an older draft takes nothing back
            let until = kept.filter(|_| said_here == Some(photo.until)).unwrap_or(photo.until);
            let known = Photo { until, ..photo.clone() };
            if let Some(kept) = kept.filter(|kept| *kept != until) {
                log_until(&mut write, &user, hash, (kept, until), now).await?;
            }
            write.keep_photo(&known, user.id, now).await?;
        }
    }
    write.replace_release_files(release.id, &files).await?;
    reopened(&mut write, &user, &release, verb, now).await?;
    write.commit().await?;
    Ok(())
}

/// A line of the log: until when a photo of the bank may be shown, before and after.
async fn log_until(
    write: &mut Write,
    user: &User,
    file: &str,
    (before, after): (Option<Date>, Option<Date>),
    now: Timestamp,
) -> Result<()> {
    let state = |until: Option<Date>| serde_json::json!({ "until": until }).to_string();
    let subject = format!("photo:{file}");
    write.record_event(now, &actor(user), "release.photo", &subject, Some(&state(before)), Some(&state(after))).await?;
    Ok(())
}

/// The release back to draft: another file is another version.
async fn reopened(write: &mut Write, user: &User, release: &Release, verb: &str, now: Timestamp) -> Result<()> {
    let is_out = release.current.is_some();
    let after = Release {
        kind: if is_out { ReleaseKind::Rettifica } else { release.kind },
        state: ReleaseState::Draft,
        out: super::beside(release),
        ..release.clone()
    };
    super::moved_saying(write, user, "release.files", release, &after, &[("files", verb.into())], now).await
}

fn must_be_open(release: &Release) -> Result<()> {
    match release.state {
        ReleaseState::Scheduled { .. } | ReleaseState::Withdrawn { .. } => super::wrong_state(release),
        _ => Ok(()),
    }
}

fn slip(sentence: String) -> Denied {
    Denied::Form(vec![Slip { field: "file", sentence }])
}

impl Said {
    /// On one line each, without what cannot be seen, not longer than a page has room for.
    fn tidied(self) -> Self {
        let line = |text: String, most: usize| {
            let plain = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
            plain.collect::<Vec<_>>().join(" ").chars().take(most).collect::<String>()
        };
        Self {
            alt: line(self.alt, LONGEST),
            credit: line(self.credit, LONGEST_NAME),
            caption: line(self.caption, LONGEST),
            licence: self.licence,
            title: line(self.title, LONGEST_NAME),
            until: self.until,
        }
    }

    fn onto(self, photo: &mut Photo) {
        photo.alt = self.alt;
        photo.credit = self.credit;
        photo.caption = self.caption;
        photo.licence = self.licence;
        photo.until = self.until;
    }
}
