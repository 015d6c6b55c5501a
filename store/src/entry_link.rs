//! Links that open once: setting up an office, choosing a password. Known by the hash of their token.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{Timestamp, TokenPurpose, UserId};

/// A link that opens once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryLink {
    /// SHA-256 of its token, in hexadecimal.
    pub hash: String,
    /// What it opens.
    pub purpose: TokenPurpose,
    /// Whose password it lets choose.
    pub user: Option<UserId>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Not after.
    pub until: Timestamp,
}

impl Rows {
    /// The link of that hash, also an old one.
    pub async fn find_entry_link(&mut self, hash: &str) -> Result<Option<EntryLink>, Error> {
        let row = sql("select * from entry_link where hash = $1").text(hash).optional(self).await?;
        row.map(|row| {
            Ok(EntryLink {
                hash: row.text("hash")?,
                purpose: row.word("purpose")?,
                user: row.maybe_number("staff")?.map(UserId),
                made_at: row.time("made_at")?,
                until: row.time("until")?,
            })
        })
        .transpose()
    }

    /// Whether nobody can work here yet: an office without a single user.
    pub async fn is_unattended(&mut self) -> Result<bool, Error> {
        Ok(sql("select id from staff limit 1").optional(self).await?.is_none())
    }
}

impl Write {
    /// Makes a link.
    pub async fn record_entry_link(&mut self, link: &EntryLink) -> Result<(), Error> {
        sql("insert into entry_link (hash, purpose, staff, made_at, until) values ($1, $2, $3, $4, $5)")
            .text(&link.hash)
            .word(&link.purpose)
            .maybe_number(link.user.map(|u| u.0))
            .time(link.made_at)
            .time(link.until)
            .run(self)
            .await?;
        Ok(())
    }

    /// Ends the links of a user, used or not; gives how many there were.
    pub async fn remove_entry_links_of(&mut self, user: UserId) -> Result<u64, Error> {
        sql("delete from entry_link where staff = $1").number(user.0).run(self).await
    }

    /// Ends the links that belong to nobody: those that set an office up.
    pub async fn remove_setup_links(&mut self) -> Result<u64, Error> {
        sql("delete from entry_link where staff is null").run(self).await
    }
}
