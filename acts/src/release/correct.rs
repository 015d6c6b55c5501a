//! *Rettifica*: a release that is out gets a new text, which takes the same way through review and approval.

use crate::house::allowed;
use crate::{House, Result};
use salastampa_domain::{Act, Release, ReleaseKind, ReleaseState, Timestamp};
use salastampa_store::Store;

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
    if !matches!(release.state, ReleaseState::Sending { .. } | ReleaseState::Sent { .. }) {
        return super::wrong_state(&release);
    }
    let after = Release {
        kind: ReleaseKind::Rettifica,
        title: parsed.title,
        draft: markdown.to_owned(),
        state: ReleaseState::Draft,
        ..release.clone()
    };
    super::moved(&mut write, &user, "release.correct", &release, &after, now).await?;
    write.commit().await?;
    Ok(())
}
