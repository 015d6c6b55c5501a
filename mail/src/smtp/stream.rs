//! The socket under a conversation.

use super::{SmtpConfig, within};
use crate::{Fault, FaultKind, Phase};
use lettre::transport::smtp::client::AsyncTokioStream;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio::net::TcpStream;

/// Opens the connection. Without NODELAY the dot would wait for the acknowledgement of the body: 40 ms a message.
pub(super) async fn open(config: &SmtpConfig) -> Result<Socket, Fault> {
    let unreachable = |e: io::Error| Fault::new(Phase::Connect, FaultKind::Unreachable(e.to_string()));
    let connect = TcpStream::connect((config.host.as_str(), config.port));
    let tcp = within(Phase::Connect, config.phases.connect, connect).await?.map_err(unreachable)?;
    tcp.set_nodelay(true).map_err(unreachable)?;
    Ok(Socket(tcp))
}

/// A socket that acknowledges at once what has come, whenever it waits for more.
///
/// A server that answers several commands in two goes (Postfix does where a command lies across two of its reads, so it
/// depends on the size of the message) holds the second answer back until the first is acknowledged, and a system
/// that has nothing to send acknowledges after 40 ms: a quarter of the speed, at every fourth or fifth size of a mail.
#[derive(Debug)]
pub(super) struct Socket(TcpStream);

impl Socket {
    pub(super) fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.0).poll_read(cx, buf);
        #[cfg(target_os = "linux")]
        if read.is_pending() {
            // the system forgets it again and again; where it refuses, answers only come later
            let _ = self.0.set_quickack(true);
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// A socket that hands over at most one line at a time.
///
/// lettre reads through a buffer and keeps it when STARTTLS turns the stream into an encrypted one: lines that somebody
/// on the way had put behind the `220` would be read as if they had come encrypted (CVE-2011-0411 in other programs).
/// Line by line that buffer is empty at the turn, and what was smuggled in meets the handshake, which fails.
#[derive(Debug)]
pub(super) struct LineByLine(BufReader<Socket>);

impl LineByLine {
    pub(super) fn new(tcp: Socket) -> Self {
        Self(BufReader::new(tcp))
    }
}

impl AsyncRead for LineByLine {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let held = ready!(Pin::new(&mut self.0).poll_fill_buf(cx))?;
        let line = held.iter().position(|&b| b == b'\n').map_or(held.len(), |at| at + 1);
        let taken = line.min(buf.remaining());
        buf.put_slice(&held[..taken]);
        Pin::new(&mut self.0).consume(taken);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LineByLine {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for LineByLine {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_read_ends_with_the_line_and_the_socket_does_not_delay() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let tcp = open(&SmtpConfig::new("127.0.0.1", port)).await.expect("a listener is there");
        assert!(tcp.0.nodelay().expect("an open socket"));
        let (mut server, _) = listener.accept().await.expect("a connection");
        server.write_all(b"220 ready\r\n250 smuggled\r\n").await.expect("written");
        drop(server);
        let (mut stream, mut buffer, mut seen) = (LineByLine::new(tcp), [0; 64], Vec::new());
        loop {
            let n = stream.read(&mut buffer).await.expect("read");
            if n == 0 {
                break;
            }
            seen.extend_from_slice(&buffer[..n]);
            assert!(!buffer[..n - 1].contains(&b'\n'), "no read goes past the end of a line");
        }
        assert_eq!(seen, b"220 ready\r\n250 smuggled\r\n");
    }
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn who_waits_for_more_acknowledges_what_has_come() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let mut tcp = open(&SmtpConfig::new("127.0.0.1", port)).await.expect("a listener is there");
        let (mut server, _) = listener.accept().await.expect("a connection");
        tcp.0.set_quickack(false).expect("an open socket");
        server.write_all(b"250 the first answer\r\n").await.expect("written");
        let mut buffer = [0; 64];
        assert_eq!(tcp.read(&mut buffer).await.expect("read"), 22);
        // nothing more is there yet: it waits
        tokio::select! {
            biased;
            _ = tcp.read(&mut buffer) => panic!("nothing was said"),
            () = std::future::ready(()) => {}
        }
        assert!(tcp.0.quickack().expect("an open socket"));
    }
}
