//! What went wrong with a message, and how far it had come.
//!
//! The place decides as much as the answer: a connection that dies at RCPT has certainly sent nothing, one that dies
//! after the final dot may have. So a fault always carries its [`Phase`]; what follows from both is in [`crate::judge`].

use crate::Reply;
use salastampa_domain::AttemptPhase;
use std::fmt;

/// Where in the conversation (RFC 5321 §3) something happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// Finding the server and opening a connection.
    Connect,
    /// Its greeting, and the answer to EHLO.
    Greeting,
    /// Turning the connection into an encrypted one.
    Tls,
    /// Name and password.
    Auth,
    /// MAIL FROM, or the RSET before it.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// The command DATA: nothing of the message is sent yet.
    Data,
    /// The message itself, up to the reply to the final dot.
    Dot,
}

impl Phase {
    /// The same in the coarser steps of the outbox.
    pub fn attempt(self) -> AttemptPhase {
        match self {
            Self::Connect | Self::Greeting | Self::Tls | Self::Auth => AttemptPhase::Connect,
            Self::Mail | Self::Rcpt => AttemptPhase::Offer,
            Self::Data | Self::Dot => AttemptPhase::Data,
        }
    }

    /// How mail people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::Greeting => "greeting",
            Self::Tls => "TLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Dot => "the final dot",
        }
    }
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// No connection: the name is unknown, the port closed, the way there silent.
    Unreachable(String),
    /// The deadline of the phase passed; the connection was dropped.
    Silent,
    /// The connection ended, or what came is no SMTP.
    Lost(String),
    /// A connection that had rested was found dead before anything was offered: a new one will do.
    Stale(String),
    /// The server said no: 4xx or 5xx.
    Refused(Reply),
    /// The server said yes to something else, such as 354 to the final dot; the connection was dropped.
    Unexpected(Reply),
    /// What the message or the settings need cannot be had: TLS, a way to log in, SMTPUTF8.
    Unable(String),
    /// The folder cannot be written.
    Disk(String),
    /// Mail is switched off.
    Off,
}

/// Why a message was not handed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// How far it had come.
    pub phase: Phase,
    /// What happened.
    pub kind: FaultKind,
}

impl Fault {
    /// A fault in that phase.
    pub(crate) fn new(phase: Phase, kind: FaultKind) -> Self {
        Self { phase, kind }
    }

    /// The server's answer, if there was one.
    pub fn reply(&self) -> Option<&Reply> {
        match &self.kind {
            FaultKind::Refused(reply) | FaultKind::Unexpected(reply) => Some(reply),
            _ => None,
        }
    }

    /// Whether the same may be tried at once over a new connection: nothing was offered.
    pub fn is_stale(&self) -> bool {
        matches!(self.kind, FaultKind::Stale(_))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = self.phase.name();
        match &self.kind {
            FaultKind::Unreachable(why) => write!(f, "no connection to the mail server: {why}"),
            FaultKind::Silent => write!(f, "at {phase}: no answer within the time allowed"),
            FaultKind::Lost(why) => write!(f, "at {phase}: the connection was lost: {why}"),
            FaultKind::Stale(why) => write!(f, "the connection had ended while it rested: {why}"),
            FaultKind::Refused(reply) => write!(f, "at {phase}: {reply}"),
            FaultKind::Unexpected(reply) => write!(f, "at {phase}: unexpected answer {reply}"),
            FaultKind::Unable(why) => write!(f, "at {phase}: {why}"),
            FaultKind::Disk(why) => write!(f, "cannot write the message: {why}"),
            FaultKind::Off => write!(f, "mail is switched off"),
        }
    }
}

impl std::error::Error for Fault {}
