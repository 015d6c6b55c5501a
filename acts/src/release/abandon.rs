//! *Lascia la rettifica*: the newer text is let go, and the release is where it was before anybody began it.
//!
//! What was frozen of it stays among the versions, and the words of the draft stay in the log: nothing is lost. What is out,
//! or on its way, never noticed.

use crate::house::allowed;
use crate::{Denied, House, Result};
use salastampa_domain::{Act, Release, ReleaseKind, Timestamp};
use salastampa_locale::t;
use salastampa_releases::draft::parse;
use salastampa_store::Store;

/// Lets a correction go that has not left: the text that is out, its files and its state stand again.
pub async fn abandon(store: &Store, house: &House, slug: &str, login: &str, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let release = super::find(&mut write, slug).await?;
    let (Some(out), Some(current)) = (release.beside().cloned(), release.current) else {
        let sentence = t(house.lang, "composer.refused.no_correction").to_owned();
        return Err(Denied::Invalid(vec![sentence]).into());
    };
    let version = write.find_version(current).await?.ok_or(Denied::Altered)?;
    let kind = match version.corrects {
        Some(_) => ReleaseKind::Rettifica,
        None => parse(&version.markdown).map_or(release.kind, |draft| draft.kind),
    };
    let after = Release {
        kind,
        title: version.title,
        draft: version.markdown,
        state: out.state,
        public_at: out.public_at,
        embargo_until: out.embargo_until,
        out: None,
        ..release.clone()
    };
    write.replace_release_files(release.id, &version.files).await?;
    let said = [("text", release.draft.clone().into())];
    super::moved_saying(&mut write, &user, "release.abandon", &release, &after, &said, now).await?;
    write.commit().await?;
    Ok(())
}
