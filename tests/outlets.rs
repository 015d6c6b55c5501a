//! Invented outlets on loopback, served under their own names: what they answer is set by the test, and what they were
//! asked is written down.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What an address answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Header lines, `Name: value`.
    pub headers: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
    /// How it is sent.
    pub manner: Manner,
}

/// How an answer is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Manner {
    /// As it should be.
    #[default]
    Whole,
    /// Half of the promised body, then nothing more.
    Torn,
    /// The head, and then a byte now and then, until the client has had enough.
    Drips,
    /// Nothing at all.
    HangsUp,
}

impl Answer {
    /// 200 with a body of that type.
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: vec![format!("Content-Type: {content_type}")],
            body: body.into(),
            manner: Manner::Whole,
        }
    }

    /// An answer without a body.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), manner: Manner::Whole }
    }

    /// The same, sent in another manner.
    pub fn sent(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    /// The same with one more header. One with an `ETag` answers 304 to whoever sends that back (RFC 9110 §13).
    pub fn with(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }
}

/// What was asked: host, path and header lines.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The `Host` header.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// Header lines in lower case.
    pub headers: Vec<String>,
    /// What was posted; empty for a question.
    pub posted: String,
    /// The office's present when it asked, in milliseconds; `None` before its clock was first moved on.
    pub at: Option<i64>,
}

impl Asked {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

#[derive(Default)]
struct State {
    answers: BTreeMap<(String, String), Answer>,
    /// What they answer once the office's present has come so far.
    later: BTreeMap<(String, String), BTreeMap<i64, Answer>>,
    asked: Vec<Asked>,
    office: PathBuf,
}

/// The outlets of a test.
#[derive(Clone)]
pub struct Outlets {
    /// Where they are served.
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Outlets {
    /// Serves no page yet: every address is a 404.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || drop(serve(stream, &state)));
            }
        });
        Self { address, state }
    }

    /// Sets what an address answers from now on.
    pub fn answer(&self, host: &str, path: &str, answer: Answer) {
        self.state.lock().expect("no test panics here").answers.insert((host.to_owned(), path.to_owned()), answer);
    }

    /// Sets what an address answers once the office's present has come to that instant.
    pub fn answer_from(&self, at: i64, host: &str, path: &str, answer: Answer) {
        let mut state = self.state.lock().expect("no test panics here");
        state.later.entry((host.to_owned(), path.to_owned())).or_default().insert(at, answer);
    }

    /// An RSS feed of those items, `(slug, title, lead, date)`, with a page each.
    pub fn feed(&self, host: &str, items: &[(&str, &str, &str, &str)]) {
        self.answer(host, "/feed.xml", Answer::ok("application/rss+xml; charset=utf-8", rss(host, items)));
        for (slug, title, lead, _) in items {
            self.answer(host, &format!("/{slug}"), Answer::ok("text/html; charset=utf-8", page(title, lead)));
        }
    }

    /// The database of the office that visits: from it the time of each question is read.
    pub fn visited_by(&self, database: PathBuf) {
        self.state.lock().expect("no test panics here").office = database;
    }

    /// What that host was asked so far.
    pub fn asked_of(&self, host: &str) -> Vec<Asked> {
        self.asked().into_iter().filter(|a| a.host == host).collect()
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.lock().expect("no test panics here").asked.clone()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?).take(64 * 1024);
    let mut first = Vec::new();
    reader.read_until(b'\n', &mut first)?;
    // whoever begins with a secure connection is told in plain words that there is none, as such servers do
    let Ok(first) = String::from_utf8(first) else {
        return (&stream).write_all(b"HTTP/1.1 400 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    };
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        headers.push(line.trim().to_lowercase());
    }
    let length = headers.iter().find_map(|h| h.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut posted = Vec::new();
    (&mut reader).take(length).read_to_end(&mut posted)?;
    let posted = String::from_utf8_lossy(&posted).into_owned();
    let host = headers.iter().find_map(|h| h.strip_prefix("host: ")).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default().to_owned();
    let answer = {
        let mut state = state.lock().expect("no test panics here");
        let at = present(&state.office);
        let address = (host.clone(), path.clone());
        let later = state.later.get(&address).and_then(|of| of.range(..=at?).next_back()).map(|(_, answer)| answer);
        let answer = later.or_else(|| state.answers.get(&address)).cloned().unwrap_or_else(|| Answer::status(404));
        let asked = Asked { host, path, headers, posted, at };
        let answer = unless_known(&asked, answer);
        state.asked.push(asked);
        answer
    };
    let mut stream = stream;
    if answer.manner == Manner::HangsUp {
        return Ok(());
    }
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", answer.status);
    for header in &answer.headers {
        head.push_str(&format!("{header}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", answer.body.len()));
    stream.write_all(head.as_bytes())?;
    match answer.manner {
        Manner::Torn => stream.write_all(&answer.body[..answer.body.len() / 2]),
        // the client goes away first, which ends the reading here
        Manner::Drips => {
            stream.write_all(&answer.body[..1])?;
            reader.read_line(&mut String::new()).map(drop)
        }
        Manner::Whole | Manner::HangsUp => stream.write_all(&answer.body),
    }
}

/// The answer, or 304 to one who has it.
fn unless_known(asked: &Asked, answer: Answer) -> Answer {
    let etag = answer.headers.iter().find_map(|h| h.strip_prefix("ETag: "));
    match (etag, asked.header("if-none-match")) {
        (Some(etag), Some(known)) if etag.eq_ignore_ascii_case(known) => {
            Answer { status: 304, body: Vec::new(), ..answer }
        }
        _ => answer,
    }
}

/// The present that the office has committed before it moved its clock to it.
pub fn present(database: &Path) -> Option<i64> {
    // before the first opening there is no such table
    let rows = query(database, "select value from meta where name = 'present'").ok()?;
    rows.first()?.parse().ok()
}

/// The first column of what a statement gives, as text.
pub fn query(database: &Path, statement: &str) -> Result<Vec<String>, sqlx::Error> {
    use sqlx::{AssertSqlSafe, Connection, Row};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let address = format!("sqlite:{}", database.display());
        let mut connection = sqlx::AnyConnection::connect(&address).await?;
        let rows = sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_all(&mut connection).await?;
        connection.close().await?;
        rows.iter().map(|row| row.try_get::<String, _>(0)).collect()
    })
}

/// An RSS feed.
pub fn rss(host: &str, items: &[(&str, &str, &str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(slug, title, lead, date)| {
            format!(
                "<item><title>{title}</title><link>http://{host}/{slug}</link><guid>http://{host}/{slug}</guid>\
                 <description>{lead}</description><pubDate>{date}</pubDate></item>"
            )
        })
        .collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{host}</title>{items}</channel></rss>")
}

/// An article page with what stands around an article.
pub fn page(title: &str, lead: &str) -> String {
    format!(
        "<!doctype html><html lang=\"it\"><head><title>{title}</title></head><body><nav><a href=\"/\">Home</a></nav>\
         <main><article><h1>{title}</h1><p>{lead}</p>\
         <p>Il cantiere davanti al molo vecchio di Bellariva resta aperto fino alla fine del mese, ha spiegato il tecnico \
         che lo segue da tre anni, e nel frattempo i battelli si fermano al pontile nuovo.</p>\
         <p>Chi abita nelle vie intorno alla piazza potrà passare a piedi; per le auto c'è il parcheggio dietro la \
         stazione, che nelle ore di punta si riempie presto ma la sera è quasi sempre vuoto.</p></article></main>\
         <footer>© La redazione</footer></body></html>"
    )
}
