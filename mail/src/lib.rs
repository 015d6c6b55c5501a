//! A message, and the ways to send it.
//!
//! `Letter` and `Personal` go in, bytes come out ([`render`]); a [`Transport`] gives a [`Connection`], which takes an
//! [`Envelope`] and then the bytes; [`judge`] says what the answer means for the delivery, and [`retry_at`] when to try
//! again; [`relay_log`] finds in a server's log what became of a message in doubt, and [`signed`] signs where the relay does
//! not. The handing over has two steps, `offer` and `data`, so that the outbox can commit between them that the data have
//! started: what dies before cannot have been sent, what dies after may have been.
//!
//! What comes back is read the other way round: [`read_inbound`] makes of bytes what it is and whom it may concern.
//!
//! Nobody else depends on lettre. Left out: rows and leases (the store's), who gets what (the acts'), waiting (a retry
//! is a due time).

mod dkim;
mod fault;
mod flowed;
mod folder;
mod header;
mod inbound;
mod memory;
mod message;
mod queue_id;
pub mod relay_log;
mod retry;
mod smtp;
pub mod standing;
mod stencil;
mod transport;
mod verdict;
mod words;

pub use dkim::{BadKey, Signer, signed};
pub use fault::{Fault, FaultKind, Phase};
pub use inbound::read as read_inbound;
pub use memory::{Memory, Sent};
pub use message::{BadMessage, HTML_LIMIT, MAIL_LIMIT, MAIL_LIMIT_WITH_FILES, Personal, Sender, Unsubscribe};
pub use retry::retry_at;
pub use smtp::{Login, Phases, SmtpConfig, Tls};
pub use stencil::{Stencil, render};
pub use transport::{Connection, Envelope, MESSAGES_PER_CONNECTION, Ready, Reply, Transport};
pub use verdict::{Verdict, judge};
