//! *Rettifica*: a release that is out gets a new text, which takes the same way through review and approval.

use crate::house::allowed;
use crate::{House, Result};
use salastampa_domain::{Act, Release, ReleaseKind, ReleaseState, Timestamp, User};
use salastampa_store::{Store, Write};

/// Takes the corrected text as the draft of the next version. The public goes on reading the one that stands.
pub async fn correct(
    store: &Store,
    house: &House,
    slug: &str,
    markdown: &str,
    login: &str,
    now: Timestamp,
) -> Result<()> {
    let parsed = super::read(house, markdown)?;
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let release = super::find(&mut write, slug).await?;
    take(&mut write, &user, &release, markdown, parsed.title, now).await?;
    write.commit().await?;
    Ok(())
}

/// The corrected text as the draft, in the caller's transaction.
pub(super) async fn take(
    write: &mut Write,
    user: &User,
    release: &Release,
    markdown: &str,
    title: String,
    now: Timestamp,
) -> Result<()> {
    if !matches!(release.state, ReleaseState::Sending { .. } | ReleaseState::Sent { .. }) {
        return super::wrong_state(release);
    }
    let after = Release {
        kind: ReleaseKind::Rettifica,
        title,
        draft: markdown.to_owned(),
        state: ReleaseState::Draft,
        out: super::beside(release),
        ..release.clone()
    };
    super::moved(write, user, "release.correct", release, &after, now).await
}
