//! A mail server that stops at a chosen moment, so that a test can act while a message is on its way. It is not the
//! scriptable sink: that one waits by the clock, and a test that races with a clock is lost on a busy machine.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

/// A mail server that holds its first sender at the dot until it is told to go on.
pub(super) struct Gate {
    /// Where it listens, on loopback.
    pub(super) port: u16,
    /// The receiver and the Message-ID of each message, as it comes to its dot.
    pub(super) came: Receiver<(String, String)>,
    /// Lets the first sender go on.
    pub(super) go_on: Sender<()>,
}

impl Gate {
    /// Listens on a free port.
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let ((tell, came), (go_on, wait)) = (channel(), channel());
        std::thread::spawn(move || {
            let mut wait = Some(wait);
            for stream in listener.incoming().flatten() {
                let _ = Self::talk(stream, &tell, &mut wait);
            }
        });
        Self { port, came, go_on }
    }

    fn talk(
        mut stream: TcpStream,
        tell: &Sender<(String, String)>,
        wait: &mut Option<Receiver<()>>,
    ) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        stream.write_all(b"220 gate.test\r\n")?;
        let (mut receiver, mut id, mut data) = (String::new(), String::new(), false);
        while let Some(line) = lines.next().transpose()? {
            match line.split([' ', ':']).next().unwrap_or_default() {
                "Message-ID" if data => id = line,
                "." if data => {
                    data = false;
                    let _ = tell.send((receiver.clone(), id.clone()));
                    if let Some(wait) = wait.take() {
                        let _ = wait.recv();
                    }
                    stream.write_all(b"250 taken\r\n")?;
                }
                _ if data => {}
                "DATA" => {
                    data = true;
                    stream.write_all(b"354 go on\r\n")?;
                }
                "RCPT" => {
                    receiver = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    stream.write_all(b"250 ok\r\n")?;
                }
                _ => stream.write_all(b"250 ok\r\n")?,
            }
        }
        Ok(())
    }
}
