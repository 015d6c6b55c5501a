//! A server that answers what a test tells it to: raw bytes on loopback, one connection at a time each, no clock.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What one request is answered with.
pub(crate) enum Reply {
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// The first bytes, then the second so many times.
    Flood(Vec<u8>, Vec<u8>, usize),
    /// These bytes, and then nothing for as long as the other side waits.
    Stall(Vec<u8>),
}

impl Reply {
    /// A status, headers as `name: value` lines, and a body with its length.
    pub(crate) fn new(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut bytes = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
        for line in headers.lines() {
            bytes.push_str(line.trim());
            bytes.push_str("\r\n");
        }
        bytes.push_str("\r\n");
        Self::Bytes([bytes.as_bytes(), body].concat())
    }
}

/// A running server.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts one; `answer` sees the path and the whole head of each request.
    pub(crate) async fn start(answer: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, answer) = (requests.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), log.clone()));
            }
        });
        Self { address, requests }
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panics while it holds the log").clone()
    }
}

async fn serve<F>(mut stream: TcpStream, answer: Arc<F>, log: Arc<Mutex<Vec<String>>>)
where
    F: Fn(&str, &str) -> Reply + Send + Sync + 'static,
{
    let mut head = Vec::new();
    let mut byte = [0; 1_024];
    while !head.windows(4).any(|at| at == b"\r\n\r\n") && head.len() < 64 << 10 {
        match stream.read(&mut byte).await {
            Ok(read) if read > 0 => head.extend_from_slice(&byte[..read]),
            _ => break,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let reply = answer(head.split(' ').nth(1).unwrap_or_default(), &head);
    log.lock().expect("no test panics while it holds the log").push(head);
    // the other side may hang up whenever it has seen enough
    let _ = match reply {
        Reply::Bytes(bytes) => stream.write_all(&bytes).await,
        Reply::Flood(first, then, times) => flood(&mut stream, &first, &then, times).await,
        Reply::Stall(bytes) => match stream.write_all(&bytes).await {
            Ok(()) => stream.read(&mut byte).await.map(drop),
            failed => failed,
        },
    };
    let _ = stream.shutdown().await;
}

async fn flood(stream: &mut TcpStream, first: &[u8], then: &[u8], times: usize) -> std::io::Result<()> {
    stream.write_all(first).await?;
    for _ in 0..times {
        stream.write_all(then).await?;
    }
    Ok(())
}
