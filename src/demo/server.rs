//! Serves the world on loopback: the least HTTP/1.1 that a polite client needs.
//!
//! Hand-written, because a connection that is hung up on a dead outlet is below what a web framework lets one say. One
//! question a connection; a question is bounded in size and time. Left out: keep-alive, bodies of questions, TLS.

use super::world::{Answer, Question, World};
use anyhow::{Context, Result};
use salastampa_domain::Clock;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The longest head of a question, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;
/// Real time for one question and its answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serves the world at a free port of loopback until the program ends; gives the address.
pub async fn serve(world: World, clock: Clock) -> Result<SocketAddr> {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await.context("opening a port on loopback")?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        loop {
            // a connection that fails while it is taken is the client's loss
            let Ok((stream, _)) = listener.accept().await else { continue };
            let (world, clock) = (world.clone(), clock.clone());
            tokio::spawn(async move {
                match tokio::time::timeout(PATIENCE, converse(stream, &world, &clock)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(why)) => tracing::debug!("the demo's outlets: {why}"),
                    Err(_) => tracing::debug!("the demo's outlets: a client was too slow"),
                }
            });
        }
    });
    Ok(address)
}

async fn converse(mut stream: TcpStream, world: &World, clock: &Clock) -> std::io::Result<()> {
    let Some(head) = read_head(&mut stream).await? else {
        return write(&mut stream, 431, &[], b"", false).await;
    };
    let Some(asked) = Head::read(&head) else { return write(&mut stream, 400, &[], b"", false).await };
    if !matches!(asked.method, "GET" | "HEAD") {
        return write(&mut stream, 405, &[("Allow", "GET, HEAD".into())], b"", false).await;
    }
    match world.answer(&asked.question, clock.now()) {
        // dropping the stream with nothing said is what a dead machine behind a live address does
        Answer::Closed => Ok(()),
        Answer::Says { status, headers, body } => {
            write(&mut stream, status, &headers, &body, asked.method == "HEAD").await
        }
    }
}

/// Reads up to the blank line; `None` if it does not come within the limit.
async fn read_head(stream: &mut TcpStream) -> std::io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut part = [0; 2_048];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        let read = stream.read(&mut part).await?;
        if read == 0 || head.len() + read > LONGEST_HEAD {
            return Ok(None);
        }
        head.extend_from_slice(&part[..read]);
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

/// The head of a question.
struct Head<'a> {
    method: &'a str,
    question: Question<'a>,
}

impl<'a> Head<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, path) = (first.next()?, first.next()?);
        let mut question = Question { path, ..Question::default() };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "host" => question.host = value,
                "if-none-match" => question.etag = Some(value),
                "if-modified-since" => question.since = Some(value),
                _ => {}
            }
        }
        (path.starts_with('/') && !question.host.is_empty()).then_some(Self { method, question })
    }
}

async fn write(
    stream: &mut TcpStream,
    status: u16,
    headers: &[(&'static str, String)],
    body: &[u8],
    head_only: bool,
) -> std::io::Result<()> {
    let reason = match status {
        200 => "OK",
        304 => "Not Modified",
        404 => "Not Found",
        405 => "Method Not Allowed",
        431 => "Request Header Fields Too Large",
        _ => "Bad Request",
    };
    let mut head = format!("HTTP/1.1 {status} {reason}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    // RFC 9110 §8.6: a 304 without a length does not claim that the document is empty
    if status != 304 {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    if !head_only {
        stream.write_all(body).await?;
    }
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use salastampa_domain::Timestamp;

    async fn ask(at: &str, question: &str) -> String {
        let clock = Clock::fixed(Timestamp::parse(at).expect("an instant"));
        let address = serve(World::load().expect("the world"), clock).await.expect("a port");
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        stream.write_all(question.as_bytes()).await.expect("the question is taken");
        let mut answer = Vec::new();
        // a connection that is hung up may end in a reset: no answer either way
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn an_outlet_is_served_under_its_own_name() {
        let question = "GET /robots.txt HTTP/1.1\r\nHost: www.agenziamaresio.test\r\n\r\n";
        let answer = ask("2026-11-23 08:00", question).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("User-agent: *"), "{answer}");
    }

    #[tokio::test]
    async fn the_dead_outlet_hangs_up_from_noon_on() {
        let question = "GET /feed/ HTTP/1.1\r\nHost: www.cronachedelnord.test\r\n\r\n";
        assert!(ask("2026-11-23 11:59", question).await.starts_with("HTTP/1.1 200 OK\r\n"));
        assert_eq!(ask("2026-11-23 12:00", question).await, "");
    }

    #[tokio::test]
    async fn what_is_no_question_is_told_so() {
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(LONGEST_HEAD));
        for (question, status) in [
            ("GET / HTTP/1.1\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: www.agenziamaresio.test\r\n\r\n", "405"),
            ("\r\n\r\n", "400"),
            (long.as_str(), "431"),
        ] {
            let answer = ask("2026-11-23 08:00", question).await;
            assert!(
                answer.is_empty() && status == "431" || answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{answer}"
            );
        }
    }
}
