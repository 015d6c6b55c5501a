//! Identities: numbers that the store draws from one counter a table, in the transaction that writes the row.
//!
//! A newtype each, so that an article's number cannot be handed over as a story's. Numbers and not UUIDs: they are
//! equal on both databases and equal again in a replay. Nothing public shows a contact's, reader's or delivery's
//! number without a signature.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A publication.
    OutletId,
    /// An address or a drop folder that we visit.
    SourceId,
    /// One visit to a source.
    VisitId,
    /// An article, for ever: a correction keeps it.
    ArticleId,
    /// A group of articles with the same text; the number of its first article.
    CopyGroupId,
    /// A story, for ever: a merge leaves a redirect.
    StoryId,
    /// A saved query.
    WatchId,
    /// Somebody who subscribed on the newsroom.
    SubscriberId,
    /// A person of the gazetteer.
    PersonId,
    /// An article kept for a watch.
    ClippingId,
    /// A review that is made each day.
    EditionId,
    /// A section of an edition.
    SectionId,
    /// One day's issue of an edition.
    ReviewId,
    /// Somebody who receives reviews and alerts.
    ReaderId,
    /// One watch that spoke about one story to one reader.
    AlertId,
    /// A press release.
    ReleaseId,
    /// A frozen text of a release.
    VersionId,
    /// What a reader said of a public page.
    RatingId,
    /// A journalist.
    ContactId,
    /// A mailing list.
    ListId,
    /// One message to one address.
    DeliveryId,
    /// A mail that came back.
    InboundId,
    /// Somebody who works at the desk.
    UserId,
    /// A line of the audit log.
    EventId,
    /// A request that needs the network.
    ErrandId,
    /// A named folder of articles.
    DossierId,
    /// What somebody of the office wrote about an article.
    NoteId,
    /// A word that the office puts on articles.
    TagId,
    /// A feed at a secret address.
    FeedId,
    /// An old archive that was brought in.
    ImportId,
}

/// The order of changes: drawn under a row lock, so the order of numbers is the order of commits and a follower that
/// reads `seq > cursor` never misses a late commit. Starts at 1; 0 is "nothing yet".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub i64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
