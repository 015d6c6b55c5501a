//! What the public may see of a release, decided when it is asked for.

use crate::answer::Error;
use salastampa_domain::{Release, ReleaseKind, Timestamp, Version, is_public};
use salastampa_releases::draft::{self, Draft};
use salastampa_store::Rows;

/// A release that the public may read, in the version that stands.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Public {
    pub(crate) release: Release,
    pub(crate) version: Version,
    pub(crate) year: i16,
    pub(crate) number: u32,
    pub(crate) public_at: Timestamp,
    /// The head of the frozen text, with what the version does not repeat. Nothing is taken from the release that a
    /// correction still being written may already have changed.
    pub(crate) head: Option<Draft>,
}

/// What stands at the address of a release.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Standing {
    /// It may be read.
    Public(Box<Public>),
    /// It could be read once, and was withdrawn.
    Withdrawn {
        /// The release.
        release: Box<Release>,
        /// Since when.
        at: Timestamp,
        /// Why.
        why: String,
    },
}

/// What stands there for the public at `now`; nothing for a release that is not public or never was.
pub(crate) async fn standing(rows: &mut Rows, release: Release, now: Timestamp) -> Result<Option<Standing>, Error> {
    if let Some((at, why)) = tombstone(&release, now) {
        return Ok(Some(Standing::Withdrawn { release: Box::new(release), at, why }));
    }
    let Some((year, number)) = release.register else { return Ok(None) };
    let Some(public_at) = release.public_at.filter(|_| is_public(&release, now)) else { return Ok(None) };
    let current = release.current.or_else(|| release.state.approved().map(|approved| approved.version));
    let Some(version) = current else { return Ok(None) };
    let Some(version) = rows.find_version(version).await? else { return Ok(None) };
    let public_at = release.embargo_until.map_or(public_at, |end| end.max(public_at));
    let head = draft::parse(&version.markdown).ok();
    Ok(Some(Standing::Public(Box::new(Public { release, version, year, number, public_at, head }))))
}

/// When and why a release was withdrawn that had been public by then. One that was stopped before its hour leaves
/// nothing: its address is unknown, as it was.
pub(crate) fn tombstone(release: &Release, now: Timestamp) -> Option<(Timestamp, String)> {
    let (at, _, why) = release.withdrawn.clone()?;
    let before = Release { withdrawn: None, ..release.clone() };
    (at <= now && is_public(&before, at)).then_some((at, why))
}

impl Public {
    /// What sort of release the text says it is.
    pub(crate) fn kind(&self) -> ReleaseKind {
        self.head.as_ref().map(|head| head.kind).unwrap_or_default()
    }

    /// The path of its page, below the site.
    pub(crate) fn path(&self) -> String {
        format!("/novita/comunicati/{}/{}-{}", self.year, self.number, self.release.slug)
    }

    /// When its text last changed: when it became public, or when the correction was written.
    pub(crate) fn updated(&self) -> Timestamp {
        if self.version.corrects.is_some() { self.version.at.max(self.public_at) } else { self.public_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::{ReleaseId, ReleaseState, UserId, VersionId};

    fn withdrawn(public_at: i64, at: i64) -> Release {
        Release {
            id: ReleaseId(1),
            slug: "lungolago".into(),
            register: Some((2026, 12)),
            kind: ReleaseKind::Comunicato,
            title: "Riapre il lungolago".into(),
            draft: String::new(),
            author: UserId(1),
            state: ReleaseState::Withdrawn { by: UserId(2), at: Timestamp(at), why: "errore".into() },
            current: Some(VersionId(1)),
            embargo_until: None,
            public_at: Some(Timestamp(public_at)),
            withdrawn: Some((Timestamp(at), UserId(2), "errore".into())),
        }
    }

    #[test]
    fn only_what_was_public_leaves_a_tombstone() {
        assert_eq!(tombstone(&withdrawn(100, 200), Timestamp(300)), Some((Timestamp(200), "errore".into())));
        assert_eq!(tombstone(&withdrawn(250, 200), Timestamp(300)), None, "stopped before its hour");
    }
}
