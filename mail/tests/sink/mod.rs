//! A mail server for tests that does what its script says, and remembers what it was given.
//!
//! Servers for tests that one can install refuse and delay, but none takes a message and then hangs up before it says
//! so: the one case that an outbox exists for. It needs tokio and std only, so that tests of other packages can take it
//! in by `#[path]`.
//!
//! ```ignore
//! let sink = Sink::start(Script::new().on(Verb::Rcpt, "rossi@", Act::reply("550 5.1.1 no such user"))).await;
//! ```
#![allow(dead_code, reason = "each test binary uses another part of it")]

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Where a rule applies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verb {
    /// The greeting.
    Connect,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    /// The command DATA.
    Data,
    /// The final dot.
    Dot,
    Rset,
    Quit,
}

/// What is done there instead of the usual.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// This answer. At the dot the message is kept if it begins with 250.
    Reply(String),
    /// This answer, so much later; a message is kept before the wait.
    Late(Duration, String),
    /// No answer, and the connection stays open.
    Silence,
    /// The connection is closed. At the dot: the message was read, and is not kept.
    Cut,
    /// At DATA: `354`, and the connection is closed before the dot has come.
    CutBeforeDot,
    /// At the dot: the message is kept, and the connection closed without an answer.
    AcceptThenCut,
    /// At the dot: the message is kept, and no answer ever comes.
    AcceptThenSilence,
    /// At RCPT: `451` the first time for each recipient, then as usual.
    Greylist,
}

impl Act {
    pub(crate) fn reply(text: &str) -> Self {
        Self::Reply(text.to_owned())
    }
}

#[derive(Clone, Debug)]
struct Rule {
    verb: Verb,
    needle: String,
    left: usize,
    act: Act,
}

/// What the server does; without rules it accepts everything.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    rules: Vec<Rule>,
    extensions: Vec<String>,
}

impl Default for Script {
    fn default() -> Self {
        Self::new()
    }
}

impl Script {
    pub(crate) fn new() -> Self {
        let extensions = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN"].map(str::to_owned).to_vec();
        Self { rules: Vec::new(), extensions }
    }

    /// Does `act` at each `verb` whose argument holds `needle`. At DATA the recipient is looked at, at the dot the
    /// recipient and the Message-ID. The first rule that fits is taken.
    #[must_use]
    pub(crate) fn on(self, verb: Verb, needle: &str, act: Act) -> Self {
        self.times(usize::MAX, verb, needle, act)
    }

    /// The same, but only the first `left` times, over all connections.
    #[must_use]
    pub(crate) fn times(mut self, left: usize, verb: Verb, needle: &str, act: Act) -> Self {
        self.rules.push(Rule { verb, needle: needle.to_owned(), left, act });
        self
    }

    /// What EHLO offers.
    #[must_use]
    pub(crate) fn offering(mut self, extensions: &[&str]) -> Self {
        self.extensions = extensions.iter().map(|&e| e.to_owned()).collect();
        self
    }
}

/// A message that came to its dot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Received {
    /// Which connection, from 1.
    pub(crate) connection: usize,
    /// Without angle brackets.
    pub(crate) message_id: String,
    pub(crate) sender: String,
    pub(crate) recipient: String,
    /// FNV-1a of 64 bits over the bytes, in hexadecimal: enough to see that a repeat is the same.
    pub(crate) hash: String,
    /// The message as it was before dots were doubled.
    pub(crate) bytes: Vec<u8>,
    /// Whether the server has taken it over, whatever it said.
    pub(crate) accepted: bool,
}

/// What happened so far.
#[derive(Clone, Default, Debug)]
pub(crate) struct Log {
    pub(crate) messages: Vec<Received>,
    /// Every line that the client said outside messages, with its connection.
    pub(crate) commands: Vec<(usize, String)>,
    pub(crate) connections: usize,
}

impl Log {
    /// The messages taken over for that recipient.
    pub(crate) fn accepted_for(&self, recipient: &str) -> Vec<&Received> {
        self.messages.iter().filter(|m| m.accepted && m.recipient == recipient).collect()
    }

    /// The first words of what one connection said.
    pub(crate) fn verbs(&self, connection: usize) -> Vec<&str> {
        let said = self.commands.iter().filter(|(c, _)| *c == connection);
        said.filter_map(|(_, line)| line.split_whitespace().next()).collect()
    }
}

/// The running server; it ends with its owner.
pub(crate) struct Sink {
    pub(crate) addr: SocketAddr,
    world: Arc<World>,
    task: JoinHandle<()>,
}

#[derive(Default)]
pub(crate) struct World {
    rules: Mutex<Vec<Rule>>,
    extensions: Vec<String>,
    greylisted: Mutex<HashSet<String>>,
    log: Mutex<Log>,
    arrived: Notify,
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sink {
    /// Listens on a free port of this machine.
    pub(crate) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("a bound socket has an address");
        let world = World::new(script);
        let all = Arc::clone(&world);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let world = Arc::clone(&all);
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    let connection = world.enter();
                    talk(&world, connection, stream, true).await;
                });
            }
        });
        Self { addr, world, task }
    }

    /// What happened so far.
    pub(crate) fn log(&self) -> Log {
        locked(&self.world.log).clone()
    }

    /// Waits until so many messages were taken over.
    pub(crate) async fn until_accepted(&self, count: usize) {
        loop {
            let arrived = self.world.arrived.notified();
            if locked(&self.world.log).messages.iter().filter(|m| m.accepted).count() >= count {
                return;
            }
            arrived.await;
        }
    }
}

impl World {
    pub(crate) fn new(script: Script) -> Arc<Self> {
        let Script { rules, extensions } = script;
        Arc::new(Self { rules: Mutex::new(rules), extensions, ..Self::default() })
    }

    /// Counts a new connection.
    pub(crate) fn enter(&self) -> usize {
        let mut log = locked(&self.log);
        log.connections += 1;
        log.connections
    }

    pub(crate) fn log(&self) -> Log {
        locked(&self.log).clone()
    }

    fn act(&self, verb: Verb, about: &str) -> Option<Act> {
        let mut rules = locked(&self.rules);
        let rule = rules.iter_mut().find(|r| r.verb == verb && r.left > 0 && about.contains(&r.needle))?;
        rule.left = rule.left.saturating_sub(1);
        match &rule.act {
            Act::Greylist if !locked(&self.greylisted).insert(about.to_owned()) => None,
            Act::Greylist => Some(Act::reply("451 4.2.0 greylisted, try again later")),
            act => Some(act.clone()),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Holds one conversation to its end. Gives the stream back when the client asked for STARTTLS and was told to go on,
/// with what it had sent behind it left unread.
pub(crate) async fn talk<S>(world: &World, connection: usize, stream: S, greet: bool) -> Option<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    if greet && !answer(&mut stream, world.act(Verb::Connect, ""), "220 sink.test ESMTP").await {
        return None;
    }
    let (mut sender, mut recipient) = (String::new(), String::new());
    loop {
        let line = read_line(&mut stream).await?;
        locked(&world.log).commands.push((connection, line.clone()));
        let word = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let go_on = match word.as_str() {
            "EHLO" | "HELO" => {
                let mut lines: Vec<String> = world.extensions.iter().map(|e| format!("250-{e}")).collect();
                lines.insert(0, "250-sink.test".into());
                lines.push("250 HELP".into());
                answer(&mut stream, world.act(Verb::Ehlo, &line), &lines.join("\r\n")).await
            }
            "STARTTLS" => {
                let act = world.act(Verb::StartTls, &line);
                let yes = !matches!(&act, Some(Act::Reply(text)) if !text.starts_with("220"));
                let go_on = answer(&mut stream, act, "220 go on").await;
                if go_on && yes {
                    return Some(stream.into_inner());
                }
                go_on
            }
            "AUTH" => {
                let challenges: &[&str] =
                    if line.contains("LOGIN") { &["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"] } else { &[] };
                for challenge in challenges {
                    say(&mut stream, challenge).await.then_some(())?;
                    let line = read_line(&mut stream).await?;
                    locked(&world.log).commands.push((connection, line));
                }
                answer(&mut stream, world.act(Verb::Auth, &line), "235 2.7.0 welcome").await
            }
            "MAIL" => {
                (sender, recipient) = (between_brackets(&line), String::new());
                answer(&mut stream, world.act(Verb::Mail, &line), "250 2.1.0 ok").await
            }
            "RCPT" => {
                let to = between_brackets(&line);
                let act = world.act(Verb::Rcpt, &to);
                let taken = matches!(&act, None | Some(Act::Silence))
                    || matches!(&act, Some(Act::Reply(text) | Act::Late(_, text)) if text.starts_with("25"));
                recipient = if taken { to } else { String::new() };
                answer(&mut stream, act, "250 2.1.5 ok").await
            }
            // a client that says several commands in one breath may say this behind a refusal
            "DATA" if recipient.is_empty() => say(&mut stream, "554 5.5.1 no valid recipients").await,
            "DATA" => match world.act(Verb::Data, &recipient) {
                Some(Act::CutBeforeDot) => {
                    say(&mut stream, "354 go on").await;
                    let mut some = [0; 16];
                    let _ = stream.read(&mut some).await;
                    false
                }
                Some(act @ Act::Reply(_)) => answer(&mut stream, Some(act), "").await,
                act => {
                    let to = std::mem::take(&mut recipient);
                    answer(&mut stream, act, "354 go on").await
                        && message(world, connection, &mut stream, &sender, &to).await
                }
            },
            "RSET" => answer(&mut stream, world.act(Verb::Rset, ""), "250 2.0.0 ok").await,
            "QUIT" => {
                answer(&mut stream, world.act(Verb::Quit, ""), "221 2.0.0 bye").await;
                false
            }
            _ => say(&mut stream, "500 5.5.2 what?").await,
        };
        if !go_on {
            return None;
        }
    }
}

/// Reads a message to its dot, keeps it or not, and answers.
async fn message<S>(world: &World, connection: usize, stream: &mut S, sender: &str, recipient: &str) -> bool
where
    S: AsyncBufReadExt + AsyncWrite + Unpin,
{
    let mut bytes = Vec::new();
    loop {
        let mut line = Vec::new();
        if !matches!(stream.read_until(b'\n', &mut line).await, Ok(n) if n > 0) {
            return false;
        }
        if line == b".\r\n" {
            break;
        }
        bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
    let message_id = message_id(&bytes);
    let act = world.act(Verb::Dot, &format!("{recipient} {message_id}"));
    let accepted = match &act {
        None | Some(Act::AcceptThenCut | Act::AcceptThenSilence) => true,
        Some(Act::Reply(text) | Act::Late(_, text)) => text.starts_with("250"),
        Some(_) => false,
    };
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let queue_id = {
        let (hash, sender, recipient) = (format!("{hash:016x}"), sender.to_owned(), recipient.to_owned());
        let mut log = locked(&world.log);
        log.messages.push(Received { connection, message_id, sender, recipient, hash, bytes, accepted });
        format!("SINK{}", log.messages.len())
    };
    world.arrived.notify_waiters();
    answer(stream, act, &format!("250 2.0.0 Ok: queued as {queue_id}")).await
}

/// Answers as the rule says, or as usual; whether the conversation goes on.
async fn answer<S: AsyncWrite + Unpin>(stream: &mut S, act: Option<Act>, usual: &str) -> bool {
    match act {
        None | Some(Act::Greylist | Act::CutBeforeDot) => say(stream, usual).await,
        Some(Act::Reply(text)) => say(stream, &text).await && !text.starts_with("421"),
        Some(Act::Late(wait, text)) => {
            let _ = tokio::time::timeout(wait, std::future::pending::<()>()).await;
            say(stream, &text).await
        }
        // the stream stays open until the test ends
        Some(Act::Silence | Act::AcceptThenSilence) => std::future::pending().await,
        Some(Act::Cut | Act::AcceptThenCut) => false,
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, text: &str) -> bool {
    stream.write_all(format!("{text}\r\n").as_bytes()).await.is_ok() && stream.flush().await.is_ok()
}

async fn read_line<S: AsyncBufReadExt + Unpin>(stream: &mut S) -> Option<String> {
    let mut line = Vec::new();
    let n = stream.read_until(b'\n', &mut line).await.ok()?;
    (n > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn between_brackets(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(address, _)| address.to_owned())
}

fn message_id(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:"));
    line.map_or_else(String::new, between_brackets)
}
