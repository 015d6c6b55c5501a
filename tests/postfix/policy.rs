//! A policy service (`check_policy_service`, SMTPD_POLICY_README of Postfix): Postfix asks it about each recipient, and it
//! answers with what access(5) allows. Greylisting is such a service at real offices.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered about a recipient who was asked about so many times before.
type Answer = dyn Fn(&str, usize) -> String + Send + Sync;

/// The service; it ends with the test's process.
pub struct Policy {
    /// Where it listens, on loopback.
    pub port: u16,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Policy {
    /// Answers so: `DUNNO` lets pass.
    pub fn start(answer: impl Fn(&str, usize) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let asked = Arc::new(Mutex::new(BTreeMap::new()));
        let (answer, all): (Arc<Answer>, _) = (Arc::new(answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, asked) = (Arc::clone(&answer), Arc::clone(&all));
                std::thread::spawn(move || drop(talk(stream, &*answer, &asked)));
            }
        });
        Self { port, asked }
    }

    /// Lines of `main.cf` that have every recipient asked about.
    pub fn main(&self) -> String {
        format!(
            "smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{}, permit_mynetworks, reject\n",
            self.port
        )
    }

    /// How often it was asked about each.
    pub fn asked(&self) -> BTreeMap<String, usize> {
        self.asked.lock().expect("nobody broke").clone()
    }
}

/// One connection: questions of lines `name=value`, each ended by an empty line.
fn talk(mut stream: TcpStream, answer: &Answer, asked: &Mutex<BTreeMap<String, usize>>) -> io::Result<()> {
    let mut recipient = String::new();
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        if let Some(to) = line.strip_prefix("recipient=") {
            to.clone_into(&mut recipient);
        }
        if line.is_empty() {
            let before = {
                let mut asked = asked.lock().expect("nobody broke");
                let times = asked.entry(recipient.clone()).or_default();
                *times += 1;
                *times - 1
            };
            stream.write_all(format!("action={}\n\n", answer(&recipient, before)).as_bytes())?;
        }
    }
    Ok(())
}
