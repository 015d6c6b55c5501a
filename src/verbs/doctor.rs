//! `doctor`: looks over what surrounds the program, in the office's language, each with what to do.
//!
//! What *Salute* shows stands here too, for who sits at the machine and not at the desk; besides, what only this machine
//! sees: who may read the configuration, whether the mail server greets, and what the DNS says of the sender's domain, with
//! the records to publish. The configuration itself and the archive, day by day, are `check`'s.

use super::check::domain;
use super::{say, serve};
use crate::app::App;
use anyhow::{Result, bail};
use salastampa_locale::{Lang, fill, t};
use salastampa_mail::Transport;
use salastampa_mail::standing;
use salastampa_web::State;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What is told of one thing.
struct Told {
    state: &'static str,
    is_bad: bool,
    name: String,
    words: String,
    /// What to do, or to publish; empty is nothing.
    remedy: String,
}

/// Looks and prints; an error if anything has to be mended. `config` is the file of the installation.
pub async fn run(app: &App, config: &Path) -> Result<()> {
    let lang = app.house.lang;
    let mut all = vec![file(config, lang)];
    for check in salastampa_web::look(&serve::site(app).await?, lang, app.clock.now()).await? {
        let state = match check.state {
            State::Good => "doctor.good",
            State::Note => "doctor.note",
            State::Bad => "doctor.bad",
        };
        all.push(Told {
            state: t(lang, state),
            is_bad: check.state == State::Bad,
            name: check.name.to_owned(),
            words: check.words,
            remedy: check.remedy.unwrap_or_default(),
        });
    }
    all.extend(mail(app, lang).await);
    let mut wrong = 0;
    for Told { state, is_bad, name, words, remedy } in all {
        wrong += usize::from(is_bad);
        say(format!("{state:<14} {name}: {words}"));
        if !remedy.is_empty() {
            say(format!("{:<14} {remedy}", ""));
        }
    }
    match wrong {
        0 => say(t(lang, "doctor.all_well")),
        n => bail!("{}", fill(lang, "doctor.hands", &[("n", &n.to_string())])),
    }
    Ok(())
}

/// Whether others on this machine can read the file in which passwords may stand.
fn file(path: &Path, lang: Lang) -> Told {
    let shown = path.display().to_string();
    let mode = std::fs::metadata(path).map(|meta| meta.permissions().mode());
    let (is_bad, key) = match mode {
        Err(_) => (false, "doctor.file.none"),
        Ok(mode) if mode & 0o007 != 0 => (true, "doctor.file.open"),
        Ok(_) => (false, "doctor.file.good"),
    };
    told(lang, is_bad, t(lang, "doctor.file.name"), fill(lang, key, &[("path", &shown)]))
}

/// The mail server, and what the DNS says of the sender's domain.
async fn mail(app: &App, lang: Lang) -> Vec<Told> {
    let name = t(lang, "doctor.relay.name");
    let Transport::Smtp(smtp) = &*app.transport else {
        return vec![unknown(lang, name, t(lang, "doctor.off").to_owned())];
    };
    let server = format!("{}:{}", smtp.host, smtp.port);
    let mut all = vec![match app.transport.connect().await {
        Ok(connection) => {
            connection.quit().await;
            told(lang, false, name, fill(lang, "doctor.relay.good", &[("server", &server)]))
        }
        Err(fault) => {
            let values = [("server", server.as_str()), ("why", &fault.to_string())];
            told(lang, true, name, fill(lang, "doctor.relay.bad", &values))
        }
    }];
    let of = app.sender.address.domain();
    match domain::findings(app).await {
        None if domain::is_reserved(of) => {
            all.push(unknown(lang, "DNS", fill(lang, "doctor.reserved", &[("domain", of)])));
        }
        None => {}
        Some(Err(why)) => all.push(unknown(lang, "DNS", fill(lang, "doctor.domain.unasked", &[("why", &why)]))),
        Some(Ok(findings)) => all.extend(findings.into_iter().map(|finding| {
            let words = domain::words(&finding, lang);
            let remedy = finding.publish.map(|record| format!("{} {record}", t(lang, "doctor.publish")));
            let found = match finding.state {
                standing::State::Good => told(lang, false, finding.what, words),
                standing::State::Bad => told(lang, true, finding.what, words),
                standing::State::Unknown => unknown(lang, finding.what, words),
            };
            Told { remedy: remedy.unwrap_or_default(), ..found }
        })),
    }
    all
}

fn told(lang: Lang, is_bad: bool, name: &str, words: String) -> Told {
    let state = t(lang, if is_bad { "doctor.bad" } else { "doctor.good" });
    Told { state, is_bad, name: name.to_owned(), words, remedy: String::new() }
}

fn unknown(lang: Lang, name: &str, words: String) -> Told {
    Told { state: t(lang, "doctor.unknown"), ..told(lang, false, name, words) }
}
