//! *Manca un pezzo*, from paper: a PDF that somebody uploads for a section of an issue. Its file is kept by its hash, and
//! the errand to read it is left; reading foreign files is no work for a page.

use super::seen_edition;
use crate::{Denied, House, Result, Slip, house};
use salastampa_domain::time::DAY;
use salastampa_domain::{Act, ErrandId, ErrandKind, FileRef, IssueKey, SectionId, Timestamp};
use salastampa_locale::t;
use salastampa_store::Store;

/// Longest title that is taken, in characters.
const TITLE: usize = 300;

/// A file with what its uploader says of it.
#[derive(Clone, Debug)]
pub struct Uploaded {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The name that it had.
    pub name: String,
    /// Slug of the publication that it comes from.
    pub outlet: String,
    /// Its title; empty where the file says it.
    pub title: String,
    /// The day on which it came out, `2026-11-23`; empty is today.
    pub day: String,
}

/// Keeps the file and leaves the errand to read it.
///
/// # Errors
/// [`Denied::Form`] names the fields `pdf`, `testata` and `giorno`.
pub async fn upload(
    store: &Store,
    house: &House,
    login: &str,
    (key, section): (IssueKey, SectionId),
    uploaded: Uploaded,
    now: Timestamp,
) -> Result<ErrandId> {
    let mut rows = store.read().await?;
    let user = house::allowed(&mut rows, login, Act::Curate).await?;
    let edition = seen_edition(&mut rows, &user, key).await?;
    if edition.sections.iter().all(|s| s.id != section) {
        return Err(Denied::Unknown { what: "section", name: section.to_string() }.into());
    }
    let outlet = rows.find_outlet_by_slug(&uploaded.outlet).await?;
    drop(rows);
    let day = uploaded.day.parse::<jiff::civil::Date>().ok();
    let mut slips = Vec::new();
    let mut slip = |field, key| slips.push(Slip { field, sentence: t(house.lang, key).to_owned() });
    match &uploaded.bytes {
        none if none.is_empty() => slip("pdf", "curation.upload.no_file"),
        bytes if !is_pdf(bytes) => slip("pdf", "curation.upload.no_pdf"),
        _ => {}
    }
    if outlet.is_none() {
        slip("testata", "curation.upload.no_outlet");
    }
    if !uploaded.day.is_empty() && day.is_none_or(|day| day > now.plus(DAY).day()) {
        slip("giorno", "curation.upload.bad_day");
    }
    let (Some(outlet), true) = (outlet, slips.is_empty()) else { return Err(Denied::Form(slips).into()) };
    let length = i64::try_from(uploaded.bytes.len()).unwrap_or(i64::MAX);
    let sha256 = store.files().put(uploaded.bytes).await?;
    let file = FileRef { sha256: sha256.clone(), bytes: length, mime: "application/pdf".into(), at: now };
    let short = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(TITLE).collect();
    let (name, title): (String, String) = (short(&uploaded.name), short(&uploaded.title));
    let after = serde_json::json!({ "file": sha256, "name": name, "outlet": outlet.slug }).to_string();
    let kind = ErrandKind::Upload { file: sha256, name, outlet: outlet.id, title, day, issue: key, section };
    let mut write = store.write().await?;
    write.record_file(&file).await?;
    let who = house::actor(&user);
    let id = write.record_errand(&kind, &who, now).await?;
    write.record_event(now, &who, "review.upload", &key.subject(&edition.slug), None, Some(&after)).await?;
    write.commit().await?;
    Ok(id)
}

/// Whether a file says that it is a PDF; some programs write a few bytes before that (ISO 32000-1 annex H).
fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1_024)].windows(5).any(|part| part == b"%PDF-")
}
