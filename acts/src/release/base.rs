//! *Usa come base*: the text of a release as the draft of a new one.
//!
//! What belonged to that day and that decision stays behind: number, embargo, date, approval, why it was indispensable, that
//! somebody looked after sensitive data. So do photos and documents: each new text says for itself what it shows (they are
//! in the bank).

use crate::house::allowed;
use crate::{House, Result};
use salastampa_domain::{Act, ReleaseKind, Timestamp};
use salastampa_releases::Fields;
use salastampa_releases::compose::{compose, kind_name};
use salastampa_store::Store;

/// Begins a release with the text of another: the one that is out, or the draft where none is. Under the name `to`, or one
/// made of the title. Gives its name.
///
/// # Errors
/// [`crate::Denied::Unknown`]; [`crate::Denied::Exists`] where a release has that name; [`crate::Denied::Invalid`] for a name
/// that cannot be.
pub async fn new_from(
    store: &Store,
    house: &House,
    from: &str,
    to: Option<&str>,
    login: &str,
    now: Timestamp,
) -> Result<String> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let earlier = super::find(&mut write, from).await?;
    let out = match earlier.current {
        Some(version) => write.find_version(version).await?,
        None => None,
    };
    let text = out.map_or(earlier.draft, |version| version.markdown);
    let read = super::read(house, &text)?;
    let kind = if read.kind == ReleaseKind::Rettifica { ReleaseKind::Comunicato } else { read.kind };
    let fields = Fields {
        kind: kind_name(kind).to_owned(),
        date: String::new(),
        embargo: String::new(),
        indispensable: String::new(),
        checked: String::new(),
        ..Fields::of(&read)
    };
    let markdown = compose(&text, &fields);
    let draft = super::read(house, &markdown)?;
    let slug = match to {
        Some(name) => {
            super::draft::must_be_free(&mut write, house, name).await?;
            name.to_owned()
        }
        None => super::save::free_slug(&mut write, &draft.title).await?,
    };
    super::draft::begin(&mut write, &user, &slug, &markdown, &draft, now).await?;
    write.commit().await?;
    Ok(slug)
}
