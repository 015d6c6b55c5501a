//! SMTP (RFC 5321) to the relay: a connection that its worker owns, spoken command by command.
//!
//! lettre knows the grammar and the encryption; its own ways to send are not used, each for a measured reason. The pool
//! parks cancelled sends as healthy, and from then on every reply is booked on the message before. `send()` has no
//! place between RCPT and DATA where the outbox could commit. Its `Ok` is any 2xx or 3xx. Its timeout covers the TCP
//! handshake alone. It does not set NODELAY and writes body and dot apart: 40 ms a message.
//!
//! The one rule here: **the connection is taken out while a phase waits, and put back only after an answer that leaves
//! it in a known state**. A deadline that passes, a task that is cancelled, an answer out of step: the socket is dropped
//! with whatever was still to come on it. Never `abort()` or `quit()` then: they write QUIT and wait.
//!
//! Where the server takes several commands at once (PIPELINING, RFC 2920), sender and recipient go out together, and those
//! of the next message right behind the final dot of this one, as its §3.1 allows: two waits a message instead of four,
//! which is half the time on the long way to a relay elsewhere and spares both sides work on the short one. DATA never goes
//! ahead of what must be on the disk before it. No BDAT: Postfix answers it late on a connection with long commands.

mod config;
mod error;
mod stream;
mod tls;

pub use config::{Login, Phases, SmtpConfig, Tls};

use crate::queue_id::queue_id;
use crate::{Envelope, Fault, FaultKind, MESSAGES_PER_CONNECTION, Phase, Reply};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter, RcptParameter};
use lettre::transport::smtp::response::Response;
use std::fmt;
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// After so many refusals with no message taken between them a connection ends, and the next message opens another.
/// Servers take a row of refusals for somebody who tries addresses out: Postfix waits a second before each answer after
/// ten and hangs up after twenty (`smtpd_soft_error_limit`, `smtpd_hard_error_limit`), Exchange hangs up after five
/// (`MaxProtocolErrors`). An old list has such rows.
const REFUSALS_IN_A_ROW: u32 = 5;

/// An open conversation.
pub(crate) struct SmtpConnection {
    /// `None` while a phase waits, and for good once the state of the conversation is unknown.
    live: Option<AsyncSmtpConnection>,
    phases: Phases,
    /// Whether the server sends notices on request (RFC 3461).
    notices: bool,
    /// Whether it takes addresses outside ASCII (RFC 6531).
    utf8: bool,
    /// Whether it takes several commands at once (RFC 2920).
    pipelining: bool,
    /// Whether something was offered that RSET must take back first.
    offered: bool,
    /// The offer that was made behind the last dot, whose two answers were not read yet.
    ahead: Option<Envelope>,
    /// Messages offered so far.
    messages: u32,
    /// What was refused since a message was taken.
    refused: u32,
}

/// What is said in one phase.
enum Say {
    /// These lines, each with its end.
    Lines(String),
    /// Nothing: it was said before, and its answer is the next.
    Nothing,
}

impl SmtpConnection {
    /// Connects, greets, encrypts and logs in as the settings say.
    pub(crate) async fn open(config: &SmtpConfig) -> Result<Self, Fault> {
        let limits = &config.phases;
        let hello = config.client_id()?;
        let tcp = stream::open(config).await?;
        let encrypt = |tcp| tls::implicit(config, tcp);
        let stream: Box<dyn AsyncTokioStream> = match config.tls {
            Tls::Implicit => Box::new(within(Phase::Tls, limits.banner, encrypt(tcp)).await??),
            _ => Box::new(stream::LineByLine::new(tcp)),
        };
        let greet = AsyncSmtpConnection::connect_with_transport(stream, &hello);
        let mut live = spoken(Phase::Greeting, within(Phase::Greeting, limits.banner, greet).await?)?;

        let encrypted = match config.tls {
            Tls::Implicit => true,
            Tls::Off => false,
            Tls::Opportunistic if !live.can_starttls() || config.is_out_of_reach() => false,
            Tls::Opportunistic | Tls::StartTls => {
                let parameters = tls::starttls(config)?;
                let handshake = live.starttls(parameters, &hello);
                spoken(Phase::Tls, within(Phase::Tls, limits.banner, handshake).await?)?;
                true
            }
        };
        if let Some(login) = &config.login {
            if !encrypted && !config.is_here() {
                let why = "no password goes over a connection that is not encrypted".to_owned();
                return Err(Fault::new(Phase::Auth, FaultKind::Unable(why)));
            }
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            let auth = live.auth(DEFAULT_MECHANISMS, &credentials);
            let answer = spoken(Phase::Auth, within(Phase::Auth, limits.mail, auth).await?)?;
            if !answer.has_code(235) {
                return Err(Fault::new(Phase::Auth, FaultKind::Unexpected(reply(&answer))));
            }
        }
        // lettre keeps of the answer to EHLO only the extensions that it uses itself: DSN must be asked for again
        let again = live.command(Ehlo::new(hello));
        let answer = spoken(Phase::Greeting, within(Phase::Greeting, limits.banner, again).await?)?;
        let offers = |keyword: &str| answer.message().any(|line| line.trim().eq_ignore_ascii_case(keyword));
        let (notices, pipelining) = (offers("DSN"), offers("PIPELINING"));
        let utf8 = live.server_info().supports_feature(Extension::SmtpUtfEight);
        let (phases, live) = (config.phases, Some(live));
        Ok(Self { live, phases, notices, utf8, pipelining, offered: false, ahead: None, messages: 0, refused: 0 })
    }

    /// MAIL and RCPT. A refused recipient leaves the connection alive; the RSET goes out with the next offer.
    pub(crate) async fn offer(&mut self, envelope: &Envelope) -> Result<(), Fault> {
        let (mail, rcpt) = self.commands(envelope)?;
        let rested = self.messages > 0;
        let stale = |fault: Fault| if rested { fault.stale() } else { fault };
        let is_said = match self.ahead.take() {
            Some(said) if said == *envelope => true,
            Some(_) => {
                // it is somebody else's turn: what was said ahead is taken back
                self.pass_over(Phase::Mail).await;
                self.pass_over(Phase::Rcpt).await;
                self.offered = true;
                false
            }
            None => false,
        };
        if self.offered && !is_said {
            self.say(Phase::Mail, self.phases.mail, Say::line(Rset), &[250]).await.map_err(stale)?;
        }
        self.offered = true;
        self.messages += 1;
        let (mail, rcpt) = match (is_said, self.pipelining) {
            (true, _) => (Say::Nothing, Say::Nothing),
            (false, true) => (Say::Lines(mail + &rcpt), Say::Nothing),
            (false, false) => (Say::Lines(mail), Say::Lines(rcpt)),
        };
        if let Err(fault) = self.say(Phase::Mail, self.phases.mail, mail, &[250]).await {
            if matches!(rcpt, Say::Nothing) {
                // what it says of the recipient too is not to be read as the answer to what comes next
                self.pass_over(Phase::Rcpt).await;
            }
            return Err(stale(fault));
        }
        // 251: the server forwards it, and has accepted it
        self.say(Phase::Rcpt, self.phases.rcpt, rcpt, &[250, 251]).await?;
        Ok(())
    }

    /// DATA and the message. Only 250 to the final dot is a yes. `next` is who gets the message after this one, if that
    /// is known: a server that takes several commands at once hears of it behind the dot.
    pub(crate) async fn data(&mut self, bytes: &[u8], next: Option<&Envelope>) -> Result<Reply, Fault> {
        let whole = std::str::from_utf8(bytes).ok().filter(|text| lines_are_whole(text.as_bytes()));
        let Some(text) = whole else {
            // a line that ends otherwise is read differently by different servers: a way to smuggle a second message
            let why = "the message has a line that does not end in CR LF, or letters outside UTF-8".to_owned();
            return Err(Fault::new(Phase::Dot, FaultKind::Unable(why)));
        };
        self.say(Phase::Data, self.phases.data, Say::line(Data), &[354]).await?;
        let has_room = self.pipelining && self.messages < MESSAGES_PER_CONNECTION;
        let behind = next.filter(|_| has_room).and_then(|next| Some((next, self.commands(next).ok()?)));
        let mut said = dotted(text);
        if let Some((next, (mail, rcpt))) = behind {
            said.push_str(&mail);
            said.push_str(&rcpt);
            self.ahead = Some(next.clone());
        }
        let mut reply = self.say(Phase::Dot, self.phases.dot, Say::Lines(said), &[250]).await?;
        self.offered = false;
        self.refused = 0;
        reply.queue_id = queue_id(&reply.text);
        Ok(reply)
    }

    pub(crate) fn is_usable(&self) -> bool {
        self.live.is_some() && self.messages < MESSAGES_PER_CONNECTION && self.refused < REFUSALS_IN_A_ROW
    }

    pub(crate) async fn quit(mut self) {
        if let Some(mut live) = self.live.take() {
            // whatever it answers: nothing depends on it
            let _ = timeout(self.phases.quit, live.command(Quit)).await;
        }
    }

    /// Reads an answer that no longer matters, so that it is not read as the answer to what is said next.
    async fn pass_over(&mut self, phase: Phase) {
        let refused = self.refused;
        let _ = self.say(phase, self.phases.rcpt, Say::Nothing, &[250, 251]).await;
        self.refused = refused;
    }

    /// One phase: says something and waits for one of the expected codes. See the rule at the top.
    async fn say(&mut self, phase: Phase, limit: Duration, say: Say, expected: &[u16]) -> Result<Reply, Fault> {
        let Some(mut live) = self.live.take() else {
            return Err(Fault::new(phase, FaultKind::Stale("it was given up before".into())));
        };
        let talk = async {
            match say {
                Say::Lines(lines) => live.command(lines).await,
                Say::Nothing => live.read_response().await,
            }
        };
        match spoken(phase, within(phase, limit, talk).await?) {
            Ok(answer) if expected.contains(&u16::from(answer.code())) => {
                self.live = Some(live);
                Ok(reply(&answer))
            }
            Ok(answer) => Err(Fault::new(phase, FaultKind::Unexpected(reply(&answer)))),
            Err(fault) => {
                // after 421 the server hangs up (RFC 5321 §3.8); after any other no it goes on
                if matches!(&fault.kind, FaultKind::Refused(reply) if reply.code != 421) {
                    self.live = Some(live);
                    self.refused += 1;
                }
                Err(fault)
            }
        }
    }

    /// MAIL and RCPT, each with its line end.
    fn commands(&self, envelope: &Envelope) -> Result<(String, String), Fault> {
        let from = lettre_address(Phase::Mail, envelope.from.as_str())?;
        let to = lettre_address(Phase::Rcpt, envelope.to.as_str())?;
        let utf8 = !envelope.from.as_str().is_ascii() || !envelope.to.as_str().is_ascii();
        if utf8 && !self.utf8 {
            let why = "the address is not plain ASCII, and the mail server takes no other (SMTPUTF8)".to_owned();
            return Err(Fault::new(Phase::Rcpt, FaultKind::Unable(why)));
        }
        let mail = Mail::new(Some(from), self.mail_parameters(utf8, &envelope.id)).to_string();
        Ok((mail, Rcpt::new(to, self.rcpt_parameters(envelope)).to_string()))
    }

    fn mail_parameters(&self, utf8: bool, id: &str) -> Vec<MailParameter> {
        let mut parameters = Vec::new();
        if utf8 {
            parameters.extend([MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)]);
        }
        if self.notices {
            // a bounce need not carry the whole review back
            parameters.push(MailParameter::Other { keyword: "RET".into(), value: Some("HDRS".into()) });
            // plain letters need no xtext; anything else is left away rather than let into a command
            if !id.is_empty() && id.len() <= 100 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                parameters.push(MailParameter::Other { keyword: "ENVID".into(), value: Some(id.into()) });
            }
        }
        parameters
    }

    fn rcpt_parameters(&self, envelope: &Envelope) -> Vec<RcptParameter> {
        let other = |keyword: &str, value| RcptParameter::Other { keyword: keyword.into(), value: Some(value) };
        // RFC 6533 has another form of ORCPT for addresses outside ASCII; without it the bounce is found by its sender
        if self.notices && envelope.to.as_str().is_ascii() {
            vec![other("NOTIFY", "FAILURE,DELAY".into()), other("ORCPT", format!("rfc822;{}", envelope.to))]
        } else {
            Vec::new()
        }
    }
}

impl Say {
    fn line(command: impl fmt::Display) -> Self {
        Self::Lines(command.to_string())
    }
}

impl Fault {
    /// The same fault on a connection that had rested: it had died, or was dying, before anything was offered.
    fn stale(self) -> Self {
        let kind = match self.kind {
            FaultKind::Lost(why) => FaultKind::Stale(why),
            FaultKind::Refused(reply) if reply.code == 421 => FaultKind::Stale(reply.to_string()),
            other => other,
        };
        Self { kind, ..self }
    }
}

impl fmt::Debug for SmtpConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConnection").field("usable", &self.is_usable()).field("messages", &self.messages).finish()
    }
}

/// What comes of a phase within its limit.
async fn within<T>(phase: Phase, limit: Duration, talk: impl Future<Output = T>) -> Result<T, Fault> {
    timeout(limit, talk).await.map_err(|_| Fault::new(phase, FaultKind::Silent))
}

/// What lettre says, in our words.
fn spoken<T>(phase: Phase, outcome: Result<T, lettre::transport::smtp::Error>) -> Result<T, Fault> {
    outcome.map_err(|error| Fault::new(phase, error::kind(phase, &error)))
}

fn reply(response: &Response) -> Reply {
    Reply::new(response.code().into(), &response.message().collect::<Vec<_>>().join(" "))
}

/// An address of ours as lettre wants it; what its stricter grammar refuses is that address's own fault.
fn lettre_address(phase: Phase, address: &str) -> Result<lettre::Address, Fault> {
    address.parse().map_err(|e| Fault::new(phase, FaultKind::Unable(format!("the address {address}: {e}"))))
}

/// The message as it goes over the wire: a dot more before each line that begins with one, and the line of one dot at its
/// end (RFC 5321 §4.5.2).
fn dotted(text: &str) -> String {
    let mut said = String::with_capacity(text.len() + 1_024);
    for line in text.split_inclusive('\n') {
        if line.starts_with('.') {
            said.push('.');
        }
        said.push_str(line);
    }
    said.push_str(if text.is_empty() || text.ends_with('\n') { ".\r\n" } else { "\r\n.\r\n" });
    said
}

/// Whether each CR is followed by LF and each LF preceded by CR.
fn lines_are_whole(bytes: &[u8]) -> bool {
    let mut before = 0;
    for &byte in bytes {
        if (byte == b'\n') != (before == b'\r') {
            return false;
        }
        before = byte;
    }
    before != b'\r'
}

#[cfg(test)]
mod tests {
    use super::{dotted, lines_are_whole};

    #[test]
    fn a_dot_at_the_beginning_of_a_line_is_doubled_and_one_ends_it() {
        for (text, said) in [
            ("", ".\r\n"),
            ("a", "a\r\n.\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            (".\r\n..b\r\nc.\r\n.d", "..\r\n...b\r\nc.\r\n..d\r\n.\r\n"),
        ] {
            assert_eq!(dotted(text), said, "{text:?}");
        }
    }

    #[test]
    fn a_lone_cr_or_lf_is_seen() {
        for (bytes, whole) in [
            (&b"a\r\nb\r\n"[..], true),
            (b"", true),
            (b"a", true),
            (b"a\nb", false),
            (b"a\rb", false),
            (b"a\r", false),
            (b"\n", false),
            (b"a\r\n\n", false),
            (b"a\n.\r\nMAIL FROM:<x@y>", false),
        ] {
            assert_eq!(lines_are_whole(bytes), whole, "{bytes:?}");
        }
    }
}
