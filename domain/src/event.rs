//! What happened: the audit log, requests that need the network, signed links, and files.

use crate::{
    Address, ContactId, DeliveryId, ErrandId, EventId, ImportId, IssueKey, ListId, OutletId, PersonId, ReaderId,
    Reading, ReleaseId, ReviewId, SectionId, Selectors, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

/// A line of the audit log (*registro*): written in the transaction of the act, never changed.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// The number.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Actor,
    /// What was done, such as `release.approve`.
    pub verb: String,
    /// To what, such as `release:12`.
    pub subject: String,
    /// The state before, as JSON; no secrets, no full text.
    pub before: Option<String>,
    /// The state after.
    pub after: Option<String>,
}

/// Who did something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "actor")]
pub enum Actor {
    /// Somebody at the desk or on the command line.
    User {
        /// Who.
        id: UserId,
    },
    /// A job, by its name.
    Job {
        /// Which one.
        name: String,
    },
    /// Whoever held a signed link.
    Link {
        /// What the link was for.
        purpose: TokenPurpose,
    },
    /// The person who runs the program.
    Console,
}

/// A request that needs the network: a page or a verb leaves it, `crawl` or `deliver` takes it at once.
#[derive(Clone, PartialEq, Debug)]
pub struct Errand {
    /// The number.
    pub id: ErrandId,
    /// What is asked.
    pub kind: ErrandKind,
    /// Who asks.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What came of it, once done, as JSON.
    pub result: Option<String>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

/// Sorts of requests.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ErrandKind {
    /// What would be taken out of this address?
    Probe {
        /// Where.
        url: String,
        /// Where the items of a section page are, if that is to be tried.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        selectors: Option<Selectors>,
    },
    /// Visit this source now.
    Visit {
        /// Its slug.
        source: String,
    },
    /// Keep the article at this address.
    Paste {
        /// Where.
        url: String,
        /// The issue that it is for.
        #[serde(default)]
        issue: Option<IssueKey>,
        /// The section of that issue.
        #[serde(default)]
        section: Option<SectionId>,
    },
    /// Keep the text of an uploaded PDF as an article.
    Upload {
        /// The file, by its SHA-256.
        file: String,
        /// The name that it had.
        name: String,
        /// The publication that it comes from.
        outlet: OutletId,
        /// Its title; empty where the file says it.
        title: String,
        /// The day on which it came out; today where nobody said it.
        day: Option<jiff::civil::Date>,
        /// The issue that it is for.
        issue: IssueKey,
        /// The section of that issue.
        section: SectionId,
    },
    /// Build the archive again.
    Reindex,
    /// Take an import of an old archive back.
    TakeBack {
        /// Which.
        import: ImportId,
    },
    /// Say what an uploaded file of an old archive would bring, or bring it in.
    Import {
        /// The file, by its SHA-256.
        file: String,
        /// The name that it had.
        name: String,
        /// How it is to be read.
        reading: Reading,
        /// The import that it has become; none while it is only tried.
        import: Option<ImportId>,
    },
    /// Run a job once.
    Run {
        /// Its name.
        job: String,
    },
    /// Send one mail by the way that somebody tries out; what it is waits sealed in the store.
    MailTest {
        /// Where to.
        to: Address,
    },
}

/// A signed link, bound to one purpose: what it opens, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Token {
    /// What it is for.
    pub purpose: TokenPurpose,
    /// The number of the thing.
    pub thing: i64,
    /// Whose link it is, where each reader has their own.
    pub reader: Option<ReaderId>,
    /// Not after.
    pub until: Option<Timestamp>,
}

/// What a signed link is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenPurpose {
    /// Leaving a list: the delivery that carried the link.
    Unsubscribe,
    /// Reading one review.
    Review,
    /// Reading what may be shown of one article.
    Article,
    /// The envelope sender of a delivery (VERP).
    Bounce,
    /// A hub that tells of news: the source.
    Hub,
    /// Setting up a new office: the link that `serve` prints when nobody can log in yet.
    Setup,
    /// Choosing a password: the link that an administrator hands to somebody.
    Invitation,
    /// Saying of an alert: not for me.
    NotForMe,
    /// A copy of one's own data, and their deletion: the delivery that carried the link.
    OwnData,
    /// Confirming a subscription: the subscriber.
    Subscription,
}

/// Bytes in the folder of files, by their SHA-256.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileRef {
    /// In hexadecimal.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: i64,
    /// Type, such as `application/pdf`.
    pub mime: String,
    /// When it was written.
    pub at: Timestamp,
}

impl TokenPurpose {
    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::Review => "review",
            Self::Article => "article",
            Self::Bounce => "bounce",
            Self::Hub => "hub",
            Self::Setup => "setup",
            Self::Invitation => "invitation",
            Self::NotForMe => "not_for_me",
            Self::OwnData => "own_data",
            Self::Subscription => "subscription",
        }
    }
}

impl Token {
    /// The link by which the receiver of a delivery leaves the list.
    pub fn unsubscribe(delivery: DeliveryId) -> Self {
        Self { purpose: TokenPurpose::Unsubscribe, thing: delivery.0, reader: None, until: None }
    }
}

impl Event {
    /// `reader:7` and the like: what a line of the log is about.
    pub fn about_reader(id: ReaderId) -> String {
        format!("reader:{id}")
    }

    /// `contact:7`: nothing of the person but the number, because a line of the log is never changed.
    pub fn about_contact(id: ContactId) -> String {
        format!("contact:{id}")
    }

    /// The subject of a line about a mailing list.
    pub fn about_list(id: ListId) -> String {
        format!("list:{id}")
    }

    /// The subject of a line about a source, by its slug.
    pub fn about_source(slug: &str) -> String {
        format!("source:{slug}")
    }

    /// The subject of a line about a release.
    pub fn about_release(id: ReleaseId) -> String {
        format!("release:{id}")
    }

    /// The subject of a line about one message of the outbox.
    pub fn about_delivery(id: DeliveryId) -> String {
        format!("delivery:{id}")
    }

    /// The subject of a line about a person of the register.
    pub fn about_person(id: PersonId) -> String {
        format!("person:{id}")
    }

    /// The subject of a line about an import of an old archive.
    pub fn about_import(id: ImportId) -> String {
        format!("import:{id}")
    }

    /// The subject of a line about a request.
    pub fn about_errand(id: ErrandId) -> String {
        format!("errand:{id}")
    }

    /// The subject of a line about a review.
    pub fn about_review(id: ReviewId) -> String {
        format!("review:{id}")
    }
}
