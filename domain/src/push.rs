//! A notification on the telephone beside the mail of an alert: where it goes, what it says, how far it is.
//!
//! It is no [`crate::Delivery`]: that one is a mail with its server's two steps, its bounces and its blocks. A
//! notification is one request, and the mail stays what counts: whoever gets no notification has the mail all the same.
//! The topic is a secret (who knows it can read along), so an address is never printed but by its host.

use crate::{ReaderId, Subject, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest address, in bytes.
const LONGEST: usize = 500;
/// Longest topic, in bytes, as the ntfy server takes it.
const LONGEST_TOPIC: usize = 64;

/// A topic on an ntfy server: `https://host/topic`, with `?auth=…` where the server asks who may write
/// (<https://docs.ntfy.sh/publish/>).
#[derive(Clone, PartialEq, Eq)]
pub struct PushAddress(url::Url);

/// A text that is no such address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("write the topic as https://host/topic, with letters, figures, - and _")]
pub struct BadPushAddress;

impl PushAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`BadPushAddress`] if it is none: also where it names a user before the host, or more than one step of a path.
    pub fn parse(text: &str) -> Result<Self, BadPushAddress> {
        let url = url::Url::parse(text.trim()).map_err(|_| BadPushAddress)?;
        let topic = url.path().trim_start_matches('/');
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_topic = !topic.is_empty() && topic.len() <= LONGEST_TOPIC && topic.chars().all(plain);
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let web = matches!(url.scheme(), "https" | "http") && url.host_str().is_some();
        if is_topic && bare && web && url.as_str().len() <= LONGEST { Ok(Self(url)) } else { Err(BadPushAddress) }
    }

    /// As it is kept and shown to whoever may change it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Where the server is: what may be told.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The topic.
    pub fn topic(&self) -> &str {
        self.0.path().trim_start_matches('/')
    }

    /// Where a message with its topic inside is posted.
    pub fn server(&self) -> String {
        let mut url = self.0.clone();
        url.set_path("/");
        url.into()
    }
}

impl fmt::Debug for PushAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushAddress({}, …)", self.host())
    }
}

/// What a notification says: title and link of the source, nothing of others' text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PushNote {
    /// Its first line.
    pub title: String,
    /// What stands under it.
    pub text: String,
    /// What opens at a touch; empty where there is nothing.
    pub link: String,
    /// Whether it may not wait.
    pub urgent: bool,
}

/// A notification that is to leave: one of a subject and a reader, so that a replay writes none twice.
#[derive(Clone, PartialEq, Debug)]
pub struct NewPush {
    /// What it is about: that of the mail.
    pub subject: Subject,
    /// To whom.
    pub reader: ReaderId,
    /// What it says.
    pub note: PushNote,
    /// Not after.
    pub expires_at: Timestamp,
}

/// How far a notification is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushState {
    /// It is to be tried, or tried again.
    Waiting,
    /// The server took it.
    Accepted,
    /// It is over: the server refused it, or did not take it in time.
    Failed,
}

/// A notification.
#[derive(Clone, PartialEq, Debug)]
pub struct Push {
    /// Its number.
    pub id: i64,
    /// What it is about and to whom.
    pub new: NewPush,
    /// How far it is.
    pub state: PushState,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried, while it waits.
    pub due_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the last try met, without the address; empty before it.
    pub said: String,
}

/// Pauses between tries, in milliseconds; after the last one it is tried at that pace until it expires.
const PAUSES: [i64; 4] = [15_000, 60_000, 180_000, 600_000];

impl Push {
    /// What becomes of it after a try at `now`: `Ok` is the status of an answer, `Err` what stood in the way and whether it
    /// may pass.
    pub fn after(self, answer: Result<u16, (String, bool)>, now: Timestamp) -> Self {
        let tries = self.tries.saturating_add(1);
        let (state, said) = match answer {
            Ok(200..=299) => (PushState::Accepted, String::new()),
            Ok(status) if status == 408 || status == 429 || status >= 500 => (PushState::Waiting, status.to_string()),
            Ok(status) => (PushState::Failed, status.to_string()),
            Err((why, true)) => (PushState::Waiting, why),
            Err((why, false)) => (PushState::Failed, why),
        };
        let pause = PAUSES[usize::try_from(tries - 1).unwrap_or(usize::MAX).min(PAUSES.len() - 1)];
        let due_at = now.plus(pause);
        let state = match state {
            PushState::Waiting if due_at > self.new.expires_at => PushState::Failed,
            state => state,
        };
        let ended_at = (state != PushState::Waiting).then_some(now);
        Self { state, tries, due_at, ended_at, said: said.chars().take(200).collect(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DeliveryKind;
    use crate::time::{HOUR, MINUTE};

    #[test]
    fn a_topic_is_an_address_and_is_never_printed() {
        for (text, expected) in [
            ("https://ntfy.bellariva.test/sindaca-7f3", Some(("https://ntfy.bellariva.test/", "sindaca-7f3"))),
            (
                " https://ntfy.bellariva.test:8443/a?auth=xyz ",
                Some(("https://ntfy.bellariva.test:8443/?auth=xyz", "a")),
            ),
            ("https://ntfy.bellariva.test/", None),
            ("https://ntfy.bellariva.test/a/b", None),
            ("https://u:p@ntfy.bellariva.test/a", None),
            ("https://ntfy.bellariva.test/a#b", None),
            ("ftp://ntfy.bellariva.test/a", None),
            ("https://ntfy.bellariva.test/à", None),
            ("sindaca", None),
            ("", None),
        ] {
            let read = PushAddress::parse(text).ok();
            let told = read.as_ref().map(|address| (address.server(), address.topic().to_owned()));
            let expected = expected.map(|(server, topic)| (server.to_owned(), topic.to_owned()));
            assert_eq!(told, expected, "{text}");
            let shown = format!("{read:?}");
            assert!(!shown.contains("7f3") && !shown.contains("xyz"), "{shown}");
        }
        assert!(PushAddress::parse(&format!("https://a.test/{}", "x".repeat(65))).is_err());
    }

    #[test]
    fn what_may_pass_is_tried_again_until_it_is_too_late() {
        let now = Timestamp(1_795_000_000_000);
        let new = NewPush {
            subject: Subject { kind: DeliveryKind::Alert, thing: 1, version: 0, round: 0 },
            reader: ReaderId(1),
            note: PushNote { title: "Frana".into(), text: String::new(), link: String::new(), urgent: true },
            expires_at: now.plus(2 * HOUR),
        };
        let push =
            Push { id: 1, new, state: PushState::Waiting, tries: 0, due_at: now, ended_at: None, said: String::new() };
        for (answer, state, said) in [
            (Ok(200), PushState::Accepted, ""),
            (Ok(503), PushState::Waiting, "503"),
            (Ok(429), PushState::Waiting, "429"),
            (Ok(403), PushState::Failed, "403"),
            (Ok(301), PushState::Failed, "301"),
            (Err(("no answer in time".to_owned(), true)), PushState::Waiting, "no answer in time"),
            (Err(("an inner network".to_owned(), false)), PushState::Failed, "an inner network"),
        ] {
            let after = push.clone().after(answer, now);
            assert_eq!((after.state, after.said.as_str(), after.tries), (state, said, 1));
            assert_eq!(after.ended_at.is_some(), state != PushState::Waiting);
        }
        let (mut at, mut tried) = (now, push);
        while tried.state == PushState::Waiting {
            tried = tried.after(Ok(503), at);
            assert!(tried.due_at <= at.plus(10 * MINUTE), "never longer than ten minutes");
            at = tried.due_at;
        }
        assert_eq!((tried.state, tried.tries), (PushState::Failed, 15));
        assert!(tried.ended_at.is_some_and(|end| end <= now.plus(2 * HOUR)));
    }
}
