//! Licences that end within a month: of photos and documents of releases, of photos of the bank, and the contracts under
//! which the texts of outlets are used. One list for *Salute* and for `check`, so that nobody has to look in three places.
//!
//! Nothing happens here: a file whose licence has ended is no longer shown (`web::newsroom` asks the day), a contract that
//! has ended lets out an extract and no more (`domain::rights`). This only says so in time.

use crate::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use salastampa_domain::{Release, ReleaseFiles, ReleaseState, Timestamp};
use salastampa_locale::{Lang, fill};
use salastampa_releases::files::until_words;
use salastampa_store::Rows;
use std::collections::BTreeSet;

/// So many days ahead.
pub const AHEAD: i32 = 30;
/// Most photos of the bank that are named.
const MOST: usize = 100;

/// What ends soon.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ending {
    /// The last day, in Europe/Rome.
    pub until: Date,
    /// Of what.
    pub of: Of,
}

/// What has a licence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Of {
    /// A file of a release that is public or in the making.
    File {
        /// The file, by the name that it has there.
        name: String,
        /// The title of the release.
        title: String,
    },
    /// A photo of the bank that is in none of those.
    Photo {
        /// Its name.
        name: String,
    },
    /// The contract with an outlet.
    Contract {
        /// The name of the outlet.
        outlet: String,
        /// The contract, as it calls itself.
        number: String,
    },
}

impl Ending {
    /// `«ponte.jpg» di «Riapre il ponte»: fino al 30 novembre 2026`.
    pub fn say(&self, lang: Lang) -> String {
        let until = until_words(Some(self.until), lang).unwrap_or_default();
        match &self.of {
            Of::File { name, title } => {
                fill(lang, "acts.licences.file", &[("name", name), ("title", title), ("until", &until)])
            }
            Of::Photo { name } => fill(lang, "acts.licences.photo", &[("name", name), ("until", &until)]),
            Of::Contract { outlet, number } => {
                fill(lang, "acts.licences.contract", &[("outlet", outlet), ("number", number), ("until", &until)])
            }
        }
    }
}

/// What ends from today to [`AHEAD`] days from now, the soonest first.
pub async fn ending(rows: &mut Rows, now: Timestamp) -> Result<Vec<Ending>> {
    let from = now.day();
    let to = from.saturating_add(AHEAD.days());
    let soon = |until: &Date| (from..=to).contains(until);
    let mut found = BTreeSet::new();
    let mut named = BTreeSet::new();
    for id in rows.list_releases_with_licence_until(from, to).await? {
        let Some(release) = rows.find_release_by_id(id).await? else { continue };
        for (file, name, until) in files_of(rows, &release).await?.iter().flat_map(last_days) {
            if soon(&until) {
                named.insert(file.to_owned());
                let of = Of::File { name: name.to_owned(), title: release.title.clone() };
                found.insert(Ending { until, of });
            }
        }
    }
    for kept in rows.list_photos_until(from, to, MOST).await? {
        if let Some(until) = kept.photo.until
            && !named.contains(&kept.photo.full.file)
        {
            found.insert(Ending { until, of: Of::Photo { name: kept.photo.name } });
        }
    }
    for outlet in rows.list_outlets().await? {
        if let Some(contract) = outlet.contract.filter(|contract| soon(&contract.until)) {
            let of = Of::Contract { outlet: outlet.name, number: contract.number };
            found.insert(Ending { until: contract.until, of });
        }
    }
    Ok(found.into_iter().collect())
}

/// The files that the public sees or will see: of the text that stands and of the one in the making.
async fn files_of(rows: &mut Rows, release: &Release) -> Result<Vec<ReleaseFiles>> {
    if matches!(release.state, ReleaseState::Withdrawn { .. }) {
        return Ok(Vec::new());
    }
    let mut files = vec![rows.find_release_files(release.id).await?];
    if let Some(version) = release.current {
        files.extend(rows.find_version(version).await?.map(|version| version.files));
    }
    Ok(files)
}

/// Each file whose licence ends: its hash, its name, its last day.
fn last_days(files: &ReleaseFiles) -> Vec<(&str, &str, Date)> {
    let photos = files.photos.iter().map(|photo| (photo.full.file.as_str(), photo.name.as_str(), photo.until));
    let documents = files.documents.iter().map(|one| (one.file.as_str(), one.name.as_str(), one.until));
    photos.chain(documents).filter_map(|(file, name, until)| Some((file, name, until?))).collect()
}
