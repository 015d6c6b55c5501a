//! A farm of invented outlets on loopback, visited by the real program under its stepped clock: how late news are seen,
//! how politely it asks, what a full round costs.
//!
//! `farm agency [DAYS]`: one agency (about 450 items a day, in a daily rhythm with bursts, a window of 25) and one source
//! of each other class: requests a day, delay from publication to first sight, items lost.
//! `farm polite [HOURS]`: 300 hosts with 1,000 feeds, some of which say 429 or 503 with `Retry-After`: the server's own
//! log is searched for a request before its time.
//! `farm round`: 1,000 feeds of 25 items visited once new and once unchanged: processor time and memory of the program.
//!
//! `farm alarms [WEEKS]`: how often the expected volume cries wolf over a hundred sources, and how soon it tells a real
//! silence.
//!
//! The program is the one beside this example (`cargo build` first); `--release` for figures. The servers are plain
//! threads with keep-alive; they know the office's present from the row that it commits before it steps.

#![allow(clippy::print_stdout, reason = "an evaluation prints its figures")]

mod agency;
mod alarms;
mod mock;
mod polite;
mod round;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The error of an evaluation: it is shown and ends the run.
pub(crate) type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |n: i64| words.get(1).map_or(Ok(n), |word| word.parse());
    match words.first().map(String::as_str) {
        Some("agency") => agency::run(number(14)?),
        Some("polite") => polite::run(number(6)?),
        Some("round") => round::run(),
        Some("alarms") => alarms::run(number(8)?),
        _ => Err("usage: farm agency [DAYS] | polite [HOURS] | round | alarms [WEEKS]".into()),
    }
}

/// The program, ready to be given words, in a folder with its settings and sources.
pub(crate) fn office(folder: &Path, mock: &mock::Mock, sources: &str) -> Result<Command, Failed> {
    let hosts: String = mock.hosts().iter().map(|host| format!("\"{host}\" = \"{}\"\n", mock.address)).collect();
    let settings = format!(
        "[office]\nname = \"Comune di Bellariva\"\ntown = \"Bellariva\"\nsender = \"stampa@bellariva.test\"\n\n\
         [crawler]\nvisits = 16\n\n[crawler.hosts]\n{hosts}"
    );
    std::fs::write(folder.join("salastampa.toml"), settings)?;
    std::fs::write(folder.join("feeds.toml"), sources)?;
    let mut command = Command::new(program()?);
    command.current_dir(folder).env("RUST_LOG", "warn");
    Ok(command)
}

/// `target/<profile>/salastampa` beside `target/<profile>/examples/farm`.
fn program() -> Result<PathBuf, Failed> {
    let here = std::env::current_exe()?;
    let program = here.ancestors().nth(2).map(|folder| folder.join("salastampa")).filter(|path| path.exists());
    Ok(program.ok_or("the program is not built: cargo build, with the same profile")?)
}

/// A source of feeds.toml.
pub(crate) fn declared(host: &str, slug: &str, path: &str, class: char, reads_pages: bool) -> String {
    let outlet = host.replace('.', "-");
    format!(
        "[[source]]\nid = \"{slug}\"\noutlet = \"{outlet}\"\nkind = \"feed\"\nurl = \"http://{host}{path}\"\n\
         class = \"{class}\"\nextract = {reads_pages}\n\n"
    )
}

/// The outlet of a host.
pub(crate) fn outlet(host: &str) -> String {
    let id = host.replace('.', "-");
    format!("[[outlet]]\nid = \"{id}\"\nname = \"{host}\"\nkind = \"local\"\n\n")
}

/// The value at a share of sorted numbers.
pub(crate) fn at(sorted: &[i64], percent: usize) -> i64 {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}
