//! Somebody on the way between the program and Postfix: passes on what both say, and does to chosen messages what a
//! server cannot be set up to do.
//!
//! It follows the conversation line by line and waits for each answer, also where the program says several lines in one
//! breath. It waits for what happens, never for time: an answer that comes too late is held until who waited has hung up.

use super::server::until;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What is done to a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trick {
    /// The dot is passed on, and both connections end before any answer.
    CutAfterDot,
    /// Postfix has the message in its queue, as its log says; its yes is not passed on, both connections end.
    CutAfterYes,
    /// All but the dot is passed on, then both connections end.
    CutBeforeDot,
    /// Postfix's answer to the dot is held until the program has given up; then it is written, to nobody.
    Late,
}

/// Whom it is done to: recipients whose address holds the text, so many times.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Part of an address.
    pub to: String,
    /// How often still.
    pub times: usize,
    /// What is done.
    pub trick: Trick,
}

impl Rule {
    /// Once to that recipient.
    pub fn once(to: &str, trick: Trick) -> Self {
        Self { to: to.to_owned(), times: 1, trick }
    }
}

/// What it has still to do.
#[derive(Default)]
struct World {
    rules: Vec<Rule>,
    /// So many connections more are not greeted.
    silent: usize,
    /// How many connections came.
    came: usize,
    log: PathBuf,
}

/// Who stands between; it ends with the test's process.
pub struct Between {
    /// Where it listens, on loopback.
    pub port: u16,
    world: Arc<Mutex<World>>,
}

impl Between {
    /// Before the server on that port, which writes that log.
    pub fn start(server: u16, log: &Path, rules: Vec<Rule>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let world = Arc::new(Mutex::new(World { rules, log: log.to_owned(), ..World::default() }));
        let all = Arc::clone(&world);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let world = Arc::clone(&all);
                // a conversation that breaks is what this is for
                std::thread::spawn(move || drop(pass(client, server, &world)));
            }
        });
        Self { port, world }
    }

    /// Does not greet the next connections, so many.
    pub fn silent(&self, connections: usize) {
        self.world.lock().expect("nobody broke").silent = connections;
    }

    /// How many connections came so far.
    pub fn came(&self) -> usize {
        self.world.lock().expect("nobody broke").came
    }
}

impl World {
    fn trick(&mut self, to: &str) -> Option<Trick> {
        let rule = self.rules.iter_mut().find(|rule| rule.times > 0 && to.contains(&rule.to))?;
        rule.times -= 1;
        Some(rule.trick)
    }
}

/// One conversation to its end.
fn pass(mut client: TcpStream, server: u16, world: &Mutex<World>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let is_silent = {
        let mut world = world.lock().expect("nobody broke");
        world.came += 1;
        let is_silent = world.silent > 0;
        world.silent = world.silent.saturating_sub(1);
        is_silent
    };
    if is_silent {
        return given_up(&mut client);
    }
    let mut server = TcpStream::connect(("127.0.0.1", server))?;
    server.set_nodelay(true)?;
    let mut says = BufReader::new(client.try_clone()?);
    let mut answers = BufReader::new(server.try_clone()?);
    client.write_all(&answer(&mut answers)?)?;
    let mut to = String::new();
    loop {
        let line = line(&mut says)?;
        server.write_all(&line)?;
        let text = String::from_utf8_lossy(&line).to_ascii_uppercase();
        if text.starts_with("RCPT") {
            to = text.split(['<', '>']).nth(1).unwrap_or_default().to_ascii_lowercase();
        }
        let said = answer(&mut answers)?;
        client.write_all(&said)?;
        if !(text.starts_with("DATA") && said.starts_with(b"354")) {
            continue;
        }
        let trick = world.lock().expect("nobody broke").trick(&to);
        let message = message(&mut says)?;
        if trick == Some(Trick::CutBeforeDot) {
            return server.write_all(&message[..message.len() - b".\r\n".len()]);
        }
        server.write_all(&message)?;
        if trick == Some(Trick::CutAfterDot) {
            return Ok(());
        }
        let said = answer(&mut answers)?;
        match trick {
            Some(Trick::CutAfterYes) => {
                let text = String::from_utf8_lossy(&said).into_owned();
                let queue_id = text.rsplit(' ').next().unwrap_or_default().trim().to_owned();
                let log = world.lock().expect("nobody broke").log.clone();
                until(&log, &queue_id, |log| log.contains(&format!("{queue_id}: from=<")).then_some(()));
                return Ok(());
            }
            Some(Trick::Late) => given_up(&mut client)?,
            _ => {}
        }
        client.write_all(&said)?;
    }
}

/// Waits until the other side has hung up, whatever it says before.
fn given_up(client: &mut impl Read) -> io::Result<()> {
    io::copy(client, &mut io::sink()).map(drop)
}

/// A line with its end.
fn line(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    match from.read_until(b'\n', &mut line)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line),
    }
}

/// An answer of one or more lines (RFC 5321 §4.2.1).
fn answer(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let line = line(from)?;
        all.extend_from_slice(&line);
        if line.get(3) != Some(&b'-') {
            return Ok(all);
        }
    }
}

/// A message with its dot.
fn message(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let line = line(from)?;
        all.extend_from_slice(&line);
        if line == b".\r\n" {
            return Ok(all);
        }
    }
}
