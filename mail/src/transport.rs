//! The ways out, and the two steps that all of them have.
//!
//! `offer` ends before anything of the message has left; `data` sends it. Between them the outbox commits that the data
//! have started. A test, a demo and a real relay differ by the variant of one enum, not by a mock. [`Ready`] borrows
//! the connection, so that nothing else can be said on it in between.

use crate::folder::FolderConnection;
use crate::memory::{Memory, MemoryConnection};
use crate::smtp::{SmtpConfig, SmtpConnection};
use crate::{Fault, FaultKind, Phase};
use salastampa_domain::Address;
use std::fmt;
use std::path::PathBuf;

/// So many messages go over one connection; then it ends with QUIT. Many servers end it themselves soon after.
pub const MESSAGES_PER_CONNECTION: u32 = 100;

/// So many characters of an answer are kept.
const REPLY_LIMIT: usize = 1_000;

/// How mail leaves.
#[derive(Clone, Debug)]
pub enum Transport {
    /// To the relay of the municipality.
    Smtp(Box<SmtpConfig>),
    /// Into a folder, a file a message: for the demo, and for a look before the real thing.
    Folder(PathBuf),
    /// Into memory, for tests.
    Memory(Memory),
    /// Not at all: the rows of the outbox wait.
    Off,
}

/// From whom to whom, as the server sees it; what the reader sees stands in the message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// Where a bounce goes.
    pub from: Address,
    /// The one recipient. There is no message to two people.
    pub to: Address,
    /// What a server that sends notices on request gives back with them (ENVID, RFC 3461 §4.4): plain letters, digits and
    /// dashes; empty is none.
    pub id: String,
}

/// An answer of the server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// Three digits (RFC 5321 §4.2).
    pub code: u16,
    /// What it said, in one line.
    pub text: String,
    /// The name under which it keeps the message, if it told one: with it the mail server's log can be asked.
    pub queue_id: Option<String>,
}

impl Reply {
    /// An answer without a queue id. The text is the server's: it is kept in the store and shown, so it is held short
    /// and without control characters.
    pub(crate) fn new(code: u16, text: &str) -> Self {
        let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(REPLY_LIMIT).collect();
        Self { code, text, queue_id: None }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

/// An open way out.
#[derive(Debug)]
pub struct Connection(Way);

#[derive(Debug)]
enum Way {
    Smtp(Box<SmtpConnection>),
    Folder(FolderConnection),
    Memory(MemoryConnection),
}

/// The recipient is accepted; the message may follow. Dropping it takes the offer back.
#[derive(Debug)]
pub struct Ready<'a> {
    connection: &'a mut Connection,
    envelope: Envelope,
}

impl Transport {
    /// Opens a way out. Switched-off mail is [`FaultKind::Off`].
    pub async fn connect(&self) -> Result<Connection, Fault> {
        Ok(Connection(match self {
            Self::Smtp(config) => Way::Smtp(Box::new(SmtpConnection::open(config).await?)),
            Self::Folder(folder) => Way::Folder(FolderConnection::open(folder)?),
            Self::Memory(memory) => Way::Memory(memory.open()),
            Self::Off => return Err(Fault::new(Phase::Connect, FaultKind::Off)),
        }))
    }
}

impl Connection {
    /// First step: sender and recipient. After an error ask [`Connection::is_usable`]: a refused recipient leaves the
    /// connection alive.
    pub async fn offer(&mut self, envelope: &Envelope) -> Result<Ready<'_>, Fault> {
        if let Way::Smtp(smtp) = &mut self.0 {
            smtp.offer(envelope).await?;
        }
        Ok(Ready { connection: self, envelope: envelope.clone() })
    }

    /// Whether another message may be offered: the connection lives and has not carried
    /// [`MESSAGES_PER_CONNECTION`].
    pub fn is_usable(&self) -> bool {
        match &self.0 {
            Way::Smtp(smtp) => smtp.is_usable(),
            Way::Folder(_) | Way::Memory(_) => true,
        }
    }

    /// Takes leave; a dead connection is dropped in silence.
    pub async fn quit(self) {
        if let Way::Smtp(smtp) = self.0 {
            smtp.quit().await;
        }
    }
}

impl Ready<'_> {
    /// Second step: the message, as [`crate::render`] made it. `Ok` is the reply 250 to the final dot and nothing else.
    /// `next` is what will be offered after it, if that is known already: a server that takes several commands at once
    /// hears it in the same breath. It binds nobody: another offer, or none, takes it back.
    pub async fn data(self, bytes: &[u8], next: Option<&Envelope>) -> Result<Reply, Fault> {
        match &mut self.connection.0 {
            Way::Smtp(smtp) => smtp.data(bytes, next).await,
            Way::Folder(folder) => folder.write(bytes).await,
            Way::Memory(memory) => Ok(memory.keep(self.envelope, bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_servers_flood_little_is_kept() {
        let reply = Reply::new(550, &format!("5.1.1 no\u{1b}[2Jbody {}", "è".repeat(100_000)));
        assert!(reply.text.starts_with("5.1.1 no [2Jbody è"), "{}", &reply.text[..30]);
        assert_eq!(reply.text.chars().count(), REPLY_LIMIT);
    }
}
