//! `salastampa`: the press office of an Italian city as one program.
//!
//! This crate is the edge: command line, configuration, clock, the loop, the jobs that do the input and output. What the
//! office *is* lives in `domain`, what it *does* in `acts`; see ARCHITECTURE.md for the map.

#![expect(unreachable_pub, reason = "a binary has no outside: `pub` is what its other rooms may use")]

mod app;
mod cli;
mod clock;
mod config;
mod demo;
mod errands;
mod feeds;
mod files;
mod intake;
mod jobs;
mod key;
mod lock;
mod mail_test;
mod office;
mod run;
mod verbs;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    // one provider for all TLS, before anybody asks for it; a second call is harmless
    let _ = rustls::crypto::ring::default_provider().install_default();
    // a mail server that called us with wrong words, or an office that fails, keeps the mail and comes again
    let receives = std::env::args_os().any(|word| word == "receive");
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(why) => {
            let _ = why.print();
            return ExitCode::from(match (why.use_stderr(), receives) {
                (false, _) => 0,
                (true, false) => 2,
                (true, true) => verbs::TRY_AGAIN,
            });
        }
    };
    if matches!(cli.verb, cli::Verb::Receive { .. }) {
        // nor may a fault of ours in one mail send it back to where it came from
        let code = std::panic::catch_unwind(|| obey(cli));
        return code.ok().filter(|code| *code == 0).map_or(ExitCode::from(verbs::TRY_AGAIN), ExitCode::from);
    }
    ExitCode::from(obey(cli))
}

/// Does what the command line says; gives the exit code.
fn obey(cli: cli::Cli) -> u8 {
    // asked by the program itself, with bounds that leave no room for anything else
    if let cli::Verb::ReadPdf { split } = cli.verb {
        return errands::read_pdf(split).map_or_else(|why| failed(&format!("{why:#}")), |()| 0);
    }
    let config = match config::Config::load(cli.config.as_deref()) {
        Ok(config) => config,
        Err(why) => return failed(&why.to_string()),
    };
    config::start_log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => return failed(&format!("the program cannot start: {why}")),
    };
    match runtime.block_on(verbs::run(cli, config)) {
        Ok(()) => 0,
        Err(why) if why.is::<verbs::Usage>() => {
            failed(&format!("{why:#}"));
            2
        }
        Err(why) => failed(&format!("{why:#}")),
    }
}

/// One clear sentence for the person, and the code that says "refused or failed".
fn failed(sentence: &str) -> u8 {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "salastampa: {sentence}");
    1
}
