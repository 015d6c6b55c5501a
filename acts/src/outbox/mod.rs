//! Puts messages into the outbox: the frozen letter into the folder of files, then a row for each address. What a worker
//! takes out of it is in `take`, what becomes of an attempt in `book`, what a person lets go on after a pause in `resume`.

mod book;
mod resume;
mod take;

pub use book::{Ended, book, book_unsent};
pub use resume::resume;
pub use take::take;

use crate::{House, Result};
use salastampa_domain::{Address, FileRef, Letter, NewDelivery, Timestamp};
use salastampa_store::{Store, Write};
use serde::{Deserialize, Serialize};

/// A letter as it lies in the folder of files, with what its personal parts are made of: a retry after a change of
/// settings is the same bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Frozen {
    /// The letter.
    pub letter: Letter,
    /// Where the links to leave lead, without a slash at the end.
    pub base_url: String,
    /// Who it comes from; none in letters of before this was kept.
    #[serde(default)]
    pub from: Option<From>,
    /// Where mail comes back to, if that is another address than the office's: whoever leaves by mail writes there.
    #[serde(default)]
    pub returns: Option<Address>,
    /// Who gets the answers, if not the office.
    #[serde(default)]
    pub reply_to: Option<Address>,
}

/// Who a letter comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct From {
    /// The mailbox, which somebody reads.
    pub address: Address,
    /// Its name.
    pub name: String,
}

/// Freezes a letter; gives its hash. Before the transaction that names it: a file without a row is tidied away, a row
/// without a file would be a mail that cannot leave.
pub async fn freeze(store: &Store, house: &House, letter: &Letter, now: Timestamp) -> Result<FileRef> {
    freeze_for(store, house, letter, None, now).await
}

/// The same, of a letter whose answers go to somebody else.
pub async fn freeze_for(
    store: &Store,
    house: &House,
    letter: &Letter,
    reply_to: Option<&Address>,
    now: Timestamp,
) -> Result<FileRef> {
    let from = From { address: house.sender.clone(), name: house.sender_name.clone() };
    let frozen = Frozen {
        letter: letter.clone(),
        base_url: house.base_url.clone(),
        from: Some(from),
        returns: house.returns.clone(),
        reply_to: reply_to.cloned(),
    };
    let bytes = serde_json::to_vec(&frozen).map_err(anyhow::Error::from)?;
    keep(store, &bytes, "application/json", now).await
}

/// Keeps bytes in the folder of files.
pub async fn keep(store: &Store, bytes: &[u8], mime: &str, now: Timestamp) -> Result<FileRef> {
    let sha256 = store.files().put(bytes).await?;
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    Ok(FileRef { sha256, bytes: length, mime: mime.to_owned(), at: now })
}

/// Adds rows to the outbox; who has one of this subject already gets none. Gives how many are new.
pub async fn queue(write: &mut Write, house: &House, rows: &[NewDelivery], now: Timestamp) -> Result<usize> {
    Ok(write.record_deliveries(rows, now, |id, subject| house.message_id(id, subject)).await?)
}
