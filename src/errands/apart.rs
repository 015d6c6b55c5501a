//! Where an uploaded PDF is read: in a process of its own, bounded in memory and time.
//!
//! A file of some kilobytes can ask its reader for gigabytes, or for a stack without end; neither can be caught inside a
//! process. So the program starts itself once more with a verb that nobody types, hands it the file, and takes what it
//! prints. The system's shell sets the bounds; where there is none the file is not read.

use anyhow::{Context, Result};
use salastampa_pdf::read::{NoText, Split, Text};
use serde::de::DeserializeOwned;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Longest reading of a file. Far above what any page of a newspaper needs.
const MOST: Duration = Duration::from_secs(30);
/// Most memory that the reader may ask for, in KiB, and its seconds of processor: an address space, not what is used.
const BOUNDS: &str = "ulimit -v 1000000 && ulimit -t 25 && exec \"$0\" read-pdf \"$@\"";
/// Most bytes that it may answer.
const ANSWER: u64 = 8 << 20;

/// Why no answer came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mishap {
    /// It took too long.
    Slow,
    /// The reader ended without an answer: a bound stopped it, or the file broke it.
    Broken,
}

/// Reads a PDF apart, as one text.
pub(crate) async fn read(bytes: Vec<u8>) -> Result<Result<Result<Text, NoText>, Mishap>> {
    ask(bytes, &[]).await
}

/// Reads a PDF apart, split at its bookmarks.
pub(crate) async fn split(bytes: Vec<u8>) -> Result<Result<Result<Split, NoText>, Mishap>> {
    ask(bytes, &["--split"]).await
}

async fn ask<T: DeserializeOwned>(bytes: Vec<u8>, how: &[&str]) -> Result<Result<T, Mishap>> {
    let program = std::env::current_exe().context("the program does not find itself")?;
    let mut child = Command::new("sh")
        .args(["-c", BOUNDS])
        .arg(program)
        .args(how)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("the reader of PDFs does not start")?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let talk = tokio::task::spawn_blocking(move || {
        let writer = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&bytes)));
        let mut answer = Vec::new();
        if let Some(stdout) = stdout {
            // one that breaks off is no answer, and is seen by its text
            let _ = stdout.take(ANSWER).read_to_end(&mut answer);
        }
        // a reader that stopped reading has its reasons
        let _ = writer.join();
        answer
    });
    let answer = tokio::time::timeout(MOST, talk).await;
    // after its answer it has nothing more to do; without one it is stopped
    let _ = child.kill();
    let _ = child.wait();
    let Ok(answer) = answer else { return Ok(Err(Mishap::Slow)) };
    let answer = answer.context("the reader of PDFs broke")?;
    Ok(serde_json::from_slice(&answer).map_err(|_| Mishap::Broken))
}

/// The other side: reads the file from standard input and prints what it says, as JSON.
pub(crate) fn read_here(split: bool) -> Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).context("reading the file")?;
    let out = std::io::stdout().lock();
    let printed = match split {
        true => serde_json::to_writer(out, &salastampa_pdf::read::split(bytes)),
        false => serde_json::to_writer(out, &salastampa_pdf::read::text(bytes)),
    };
    printed.context("printing the text")
}
