//! Releases (*comunicati*): what the office says, from the first draft to the withdrawal.
//!
//! The state of a release is that of its newest version, and each state carries its proof: [`Approved`] can only come
//! out of the act that checked the approver and the hash, and the outbox takes nothing else.

use crate::{ListId, ReleaseFiles, ReleaseId, Slot, Timestamp, UserId, VersionId};
use serde::{Deserialize, Serialize};

/// A release. What it says is in its versions.
#[derive(Clone, PartialEq, Debug)]
pub struct Release {
    /// Its number in the store.
    pub id: ReleaseId,
    /// Its name in files, commands and addresses.
    pub slug: String,
    /// Number in the office's register of the year, drawn at the first submit: `(year, number)`.
    pub register: Option<(i16, u32)>,
    /// What sort of release.
    pub kind: ReleaseKind,
    /// Title of the newest version.
    pub title: String,
    /// The working text, Markdown with front matter.
    pub draft: String,
    /// Who wrote it.
    pub author: UserId,
    /// Where it stands.
    pub state: ReleaseState,
    /// The version that readers see; a correction takes its place when it goes out.
    pub current: Option<VersionId>,
    /// Not to be read by anybody before.
    pub embargo_until: Option<Timestamp>,
    /// From when it is public: set by *invia* or *programma*, cleared by a cancel.
    pub public_at: Option<Timestamp>,
    /// When it was withdrawn, by whom and why.
    pub withdrawn: Option<(Timestamp, UserId, String)>,
    /// Where [`Release::current`] stood when a newer text was begun, until the newer one is with everybody.
    pub out: Option<TextOut>,
}

/// Where a text stood that is out, or on its way: its proof holds while a newer one is worked on, and it is given back
/// when the newer one is let go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TextOut {
    /// *In invio* or *diramato*; *approvato* where it was stopped or held back. With its proof.
    pub state: ReleaseState,
    /// From when it is public.
    pub public_at: Option<Timestamp>,
    /// Its embargo.
    pub embargo_until: Option<Timestamp>,
}

/// Sorts of releases.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseKind {
    /// COMUNICATO STAMPA.
    #[default]
    Comunicato,
    /// NOTA STAMPA.
    Nota,
    /// INVITO.
    Invito,
    /// RETTIFICA.
    Rettifica,
    /// PRECISAZIONE.
    Precisazione,
}

/// Where a release stands in the public newsroom: the three kinds of news of the national model for municipal sites. What
/// the mail calls it ([`ReleaseKind`]) is another matter: a note may be news.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum NewsType {
    /// *Notizia*: a text for citizens.
    Notizia,
    /// *Comunicato*: a text for the press.
    #[default]
    Comunicato,
    /// *Avviso*: a notice.
    Avviso,
}

impl NewsType {
    /// All, in the order of the model.
    pub const ALL: [Self; 3] = [Self::Notizia, Self::Comunicato, Self::Avviso];

    /// Its name in the head of a draft.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notizia => "notizia",
            Self::Comunicato => "comunicato",
            Self::Avviso => "avviso",
        }
    }

    /// Its name in addresses: `notizie`, `comunicati`, `avvisi`.
    pub fn section(self) -> &'static str {
        match self {
            Self::Notizia => "notizie",
            Self::Comunicato => "comunicati",
            Self::Avviso => "avvisi",
        }
    }

    /// The type of that name in a draft.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|news| news.name() == name)
    }

    /// The type of that name in addresses.
    pub fn of_section(section: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|news| news.section() == section)
    }
}

/// A release as the public finds it at an instant: which text stands, and nothing of what the office works on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Published {
    /// The release.
    pub release: ReleaseId,
    /// Its name in addresses.
    pub slug: String,
    /// Year in the office's register.
    pub year: i16,
    /// Number in the register of that year.
    pub number: u32,
    /// The text that stands.
    pub version: VersionId,
    /// Since when the release is public: its hour, or the end of its embargo.
    pub public_at: Timestamp,
    /// Since when that text stands.
    pub since: Timestamp,
    /// When another text takes its place, if one waits for its hour. Not for readers.
    pub until: Option<Timestamp>,
    /// *Diramato alle ore*: when the first message of that text was taken over by a server; none while none was.
    pub issued_at: Option<Timestamp>,
}

/// A text that was approved: the proof that the outbox asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Approved {
    /// The version.
    pub version: VersionId,
    /// The hash that the approver saw.
    pub sha256: String,
    /// The approver.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether the author approved it, by the setting for offices of one person.
    pub alone: bool,
    /// The signature of somebody else again, without which nothing leaves in election time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<Signature>,
    /// It was on its way and election time has held it back; whoever sends it again takes this away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Who let the words of its quotations go out, as it was noted when it was approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotes: Vec<SignOff>,
}

/// That whoever is quoted has let the words go out (*via libera*), as somebody of the office has noted it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignOff {
    /// What the words are known by: others are another quotation.
    pub quote: String,
    /// The words.
    pub words: String,
    /// Who let them go out: name and office.
    pub who: String,
    /// When they did.
    pub at: Timestamp,
    /// Who has noted it.
    pub by: UserId,
    /// When it was noted.
    pub noted: Timestamp,
}

/// That somebody stands by a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Signature {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A text that was to leave in election time without what election time asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    /// When it would have left or become public.
    pub due: Timestamp,
    /// When it was held back.
    pub at: Timestamp,
}

/// Where a release stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum ReleaseState {
    /// *Bozza*.
    Draft,
    /// *In revisione*: the version is frozen.
    InReview {
        /// Which one.
        version: VersionId,
        /// Who submitted it.
        by: UserId,
        /// When.
        at: Timestamp,
    },
    /// *Approvato*.
    Approved {
        /// The proof.
        approved: Approved,
    },
    /// *Programmato*: recipients are in the outbox, due then.
    Scheduled {
        /// The proof.
        approved: Approved,
        /// When it goes out.
        at: Timestamp,
    },
    /// *In invio*.
    Sending {
        /// The proof.
        approved: Approved,
        /// Since when.
        since: Timestamp,
    },
    /// *Diramato*.
    Sent {
        /// The proof.
        approved: Approved,
        /// When the last mail was decided.
        at: Timestamp,
    },
    /// *Ritirato*.
    Withdrawn {
        /// By whom.
        by: UserId,
        /// When.
        at: Timestamp,
        /// Why.
        why: String,
    },
}

/// A frozen text of a release: retries, previews, page and proof use these bytes, never a new rendering.
#[derive(Clone, PartialEq, Debug)]
pub struct Version {
    /// Its number in the store.
    pub id: VersionId,
    /// The release.
    pub release: ReleaseId,
    /// 1, 2, … within the release.
    pub number: u32,
    /// Who submitted it.
    pub author: UserId,
    /// When it was frozen.
    pub at: Timestamp,
    /// The Markdown with its front matter.
    pub markdown: String,
    /// Title.
    pub title: String,
    /// Subject of the mail.
    pub subject: String,
    /// HTML part of the mail.
    pub html: String,
    /// Text part of the mail.
    pub text: String,
    /// The text as HTML for the newsroom page, without its frame.
    pub page: String,
    /// Abstract for lists and feeds.
    pub summary: String,
    /// The lists that it goes to.
    pub lists: Vec<ListId>,
    /// The version that it corrects.
    pub corrects: Option<VersionId>,
    /// Its photos and documents.
    pub files: ReleaseFiles,
    /// SHA-256 over all that is frozen, in hexadecimal.
    pub sha256: String,
}

/// Whether anybody may read the release at `now`. Every public path asks this at read time; no job flips a flag, so
/// that a restart or a change of hour is never early or late.
pub fn is_public(release: &Release, now: Timestamp) -> bool {
    let approved = matches!(
        release.state,
        ReleaseState::Scheduled { .. } | ReleaseState::Sending { .. } | ReleaseState::Sent { .. }
    ) || release.current.is_some();
    let hour = release.public_at.is_some_and(|at| at <= now) && release.embargo_until.is_none_or(|at| at <= now);
    approved && hour && release.withdrawn.is_none()
}

impl Release {
    /// The proof of that version, while it stands: that of the newest one, or of the one that is out beside it.
    pub fn proof_of(&self, version: VersionId) -> Option<&Approved> {
        let out = self.out.as_ref().and_then(|out| out.state.approved());
        [self.state.approved(), out].into_iter().flatten().find(|approved| approved.version == version)
    }

    /// The text that is out, or on its way, beside a newer one that is worked on.
    pub fn beside(&self) -> Option<&TextOut> {
        let worked_on =
            matches!(self.state, ReleaseState::Draft | ReleaseState::InReview { .. } | ReleaseState::Approved { .. });
        self.out.as_ref().filter(|_| worked_on)
    }
}

impl ReleaseState {
    /// The proof of approval, in the states that have one.
    pub fn approved(&self) -> Option<&Approved> {
        match self {
            Self::Approved { approved }
            | Self::Scheduled { approved, .. }
            | Self::Sending { approved, .. }
            | Self::Sent { approved, .. } => Some(approved),
            Self::Draft | Self::InReview { .. } | Self::Withdrawn { .. } => None,
        }
    }

    /// Its name in the store and on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview { .. } => "in_review",
            Self::Approved { .. } => "approved",
            Self::Scheduled { .. } => "scheduled",
            Self::Sending { .. } => "sending",
            Self::Sent { .. } => "sent",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// The year in which a release submitted then is registered: that of the Italian day.
pub fn register_year(at: Timestamp) -> i16 {
    Slot::of(at).0.year()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(state: ReleaseState) -> Release {
        Release {
            id: ReleaseId(1),
            slug: "lungolago".into(),
            register: Some((2026, 1)),
            kind: ReleaseKind::Comunicato,
            title: "Riapre il lungolago".into(),
            draft: String::new(),
            author: UserId(1),
            state,
            current: None,
            embargo_until: Some(Timestamp(200)),
            public_at: Some(Timestamp(100)),
            withdrawn: None,
            out: None,
        }
    }

    #[test]
    fn an_approval_of_an_older_program_reads() {
        let old = r#"{"version":1,"sha256":"ab","by":2,"at":50,"alone":false}"#;
        let read: Approved = serde_json::from_str(old).expect("what is absent is none");
        assert_eq!((read.second, read.held), (None, None));
        assert_eq!(serde_json::to_string(&read).expect("JSON"), old, "and is written as it was");
        let signed = Approved { second: Some(Signature { by: UserId(3), at: Timestamp(60) }), ..read };
        let json = serde_json::to_string(&signed).expect("JSON");
        assert_eq!(serde_json::from_str::<Approved>(&json).expect("it reads"), signed);
    }

    #[test]
    fn nothing_is_public_before_its_hour_or_without_approval() {
        let approved = Approved {
            version: VersionId(1),
            sha256: "ab".into(),
            by: UserId(2),
            at: Timestamp(50),
            alone: false,
            second: None,
            held: None,
            quotes: Vec::new(),
        };
        let scheduled = release(ReleaseState::Scheduled { approved, at: Timestamp(100) });
        assert!(!is_public(&scheduled, Timestamp(99)));
        assert!(!is_public(&scheduled, Timestamp(199)), "the embargo is later than the sending");
        assert!(is_public(&scheduled, Timestamp(200)));
        assert!(!is_public(&release(ReleaseState::Draft), Timestamp(200)));
        let withdrawn = Release { withdrawn: Some((Timestamp(150), UserId(2), "errore".into())), ..scheduled.clone() };
        assert!(!is_public(&withdrawn, Timestamp(200)));
        assert!(!is_public(&Release { public_at: None, ..scheduled }, Timestamp(200)));
    }
}
