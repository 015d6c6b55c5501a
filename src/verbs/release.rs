//! `release`: the steps of a release, each by somebody.

use super::{import, instant, say};
use crate::app::{App, told};
use crate::cli::Release;
use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use salastampa_acts::{outbox, release as acts, templates};
use salastampa_domain::{Address, DeliveryKind, DeliveryState, Lane, Licence, ReleaseFiles, ReleaseId};
use salastampa_locale::Lang;
use salastampa_releases::files::{LARGEST, size_words};
use std::fs::File;
use std::io::Read;

/// Takes a step.
pub async fn run(app: &App, step: Release) -> Result<()> {
    let (store, house, now) = (&app.store, app.house.as_ref(), app.clock.now());
    match step {
        Release::Check { file } => {
            let text = import::text(&file)?;
            let checked = acts::check(house, &text, now);
            for line in checked.refused.iter().chain(&checked.advice) {
                say(line);
            }
            if let Ok(draft) = salastampa_releases::draft::parse(&text) {
                let mut rows = store.read().await?;
                for line in election(acts::required_of_draft(&mut rows, house, None, &draft, now).await?, house.lang) {
                    say(line);
                }
            }
            match checked.refused.len() {
                0 if checked.advice.is_empty() => say("nothing to say about it"),
                0 => say(format!("{} hints; it could be submitted as it is", checked.advice.len())),
                n => bail!("{n} of these must be mended before it can be submitted"),
            }
        }
        Release::New { slug, file, from, template, by } => {
            match (file, from, template) {
                (_, _, Some(template)) => {
                    told(app, templates::begin(store, house, &template, &slug, &by, now).await)?;
                }
                (Some(file), _, None) => {
                    told(app, acts::draft(store, house, &slug, &import::text(&file)?, &by, now).await)?;
                }
                (None, Some(from), None) => {
                    told(app, acts::new_from(store, house, &from, Some(&slug), &by, now).await)?;
                }
                (None, None, None) => bail!("name a file, another release with --from, or a template with --template"),
            }
            say(format!("{slug}: draft"));
        }
        Release::Templates => {
            let all = templates::all(&mut store.read().await?, house).await?;
            for kept in all.iter().filter(|kept| !kept.template.is_away) {
                say(format!("{}: {}", kept.template.slug, kept.template.name));
            }
        }
        Release::Submit { slug, by } => {
            let version = told(app, acts::submit(store, house, &slug, &by, now).await)?;
            say(format!("{slug}: version {} is frozen ({})", version.number, &version.sha256[..12]));
        }
        Release::Approve { slug, by } => {
            let approved = told(app, acts::approve(store, house, &slug, None, &by, now).await)?;
            say(format!("{slug}: approved ({})", &approved.sha256[..12]));
        }
        Release::Sign { slug, by } => {
            let signed = told(app, acts::sign(store, house, &slug, None, &by, now).await)?;
            say(format!("{slug}: signed by a second person ({})", &signed.sha256[..12]));
        }
        Release::Note { slug, address, words, by } => {
            let address = Address::parse(&address)?;
            let Some(contact) = store.read().await?.find_contact_by_address(&address).await? else {
                bail!("there is no journalist with the address {address}: nothing was written")
            };
            let desk = salastampa_acts::AtDesk { store, house, login: &by, lang: house.lang, now };
            told(app, acts::note_to(desk, &slug, contact.id, &words).await)?;
            say(format!("{slug}: {}", if words.trim().is_empty() { "no note to" } else { "a note to" })
                + " "
                + &contact.name);
        }
        Release::Reject { slug, why, by } => {
            told(app, acts::reject(store, house, &slug, &why, &by, now).await)?;
            say(format!("{slug}: back to draft"));
        }
        Release::Schedule { slug, at, by } => {
            let queued = told(app, acts::schedule(store, house, &slug, instant(&at)?, None, &by, now).await)?;
            say(format!("{slug}: {} mails wait, public from {}", queued.messages, queued.public_at));
        }
        Release::Send { slug, by } => {
            let queued = told(app, acts::send(store, house, &slug, None, &by, now).await)?;
            say(format!("{slug}: {} mails leave, {} held back", queued.messages, queued.suppressed));
        }
        Release::Stop { slug, by } => {
            let stopped = told(app, acts::stop(store, house, &slug, &by, now).await)?;
            let acts::Stopped { cancelled, in_hand, gone, restored, .. } = stopped;
            let words = format!("{slug}: stopped; {cancelled} mails do not leave, {in_hand} in hand, {gone} had left");
            say(match restored {
                0 => words,
                n => format!("{words}; {n} of the text before wait again"),
            });
        }
        Release::Abandon { slug, by } => {
            told(app, acts::abandon(store, house, &slug, &by, now).await)?;
            say(format!("{slug}: the correction is let go; the text that is out stands as it was"));
        }
        Release::Resume { slug, by } => {
            let Some(release) = store.read().await?.find_release(&slug).await? else {
                bail!("there is no release {slug:?}")
            };
            let resumed = told(app, outbox::resume(store, lane(release.id), &by, now).await)?;
            say(format!("{slug}: {}", if resumed { "it goes on" } else { "it was not paused" }));
        }
        Release::Correct { slug, file, by } => {
            told(app, acts::correct(store, house, &slug, &import::text(&file)?, &by, now).await)?;
            say(format!("{slug}: the correction is a draft; submit, approve and send it"));
        }
        Release::Withdraw { slug, why, by } => {
            let (cancelled, informed) = told(app, acts::withdraw(store, house, &slug, &why, &by, now).await)?;
            say(format!("{slug}: withdrawn; {cancelled} mails stopped, {informed} receivers are told"));
        }
        Release::Attach { slug, file, alt, credit, caption, licence, until, title, by } => {
            let Some(licence) = Licence::parse(&licence) else { bail!("there is no licence {licence:?}: see --help") };
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // one byte more than is taken, so that what is too large is seen without reading all of it
            let mut bytes = Vec::new();
            let opened = File::open(&file).with_context(|| format!("opening {}", file.display()))?;
            opened.take(LARGEST as u64 + 1).read_to_end(&mut bytes).context("reading the file")?;
            let until = told(app, acts::last_day(until.as_deref().unwrap_or_default(), house.lang))?;
            let said = acts::Said { alt, credit, caption, licence, title, until };
            let attached = told(app, acts::attach(store, house.lang, &slug, (&name, bytes), said, &by, now).await)?;
            say(format!("{slug}: {} ({})", attached.name, if attached.is_photo { "photo" } else { "document" }));
            attached.note.into_iter().for_each(say);
        }
        Release::Detach { slug, name, by } => {
            let files = files(app, &slug).await?;
            let photo = files.photos.iter().find(|photo| photo.name == name).map(|photo| &photo.full.file);
            let document = files.documents.iter().find(|document| document.name == name).map(|one| &one.file);
            let Some(file) = photo.or(document) else { bail!("{slug} has no file {name:?}") };
            told(app, acts::detach(store, &slug, file, &by, now).await)?;
            say(format!("{slug}: {name} is out"));
        }
        Release::Files { slug } => {
            let files = files(app, &slug).await?;
            for photo in &files.photos {
                let (width, height) = (photo.full.width, photo.full.height);
                let size = size_words(photo.full.bytes, house.lang);
                let until = until(photo.until);
                say(format!("{}: {width} x {height}, {size}, {:?}, {:?}{until}", photo.name, photo.alt, photo.credit));
            }
            for document in &files.documents {
                let size = size_words(document.bytes, house.lang);
                let until = until(document.until);
                say(format!("{}: {}, {size}, {:?}{until}", document.name, document.mime, document.title));
            }
            if files.is_empty() {
                say(format!("{slug}: no files"));
            }
        }
        Release::Show { slug } => {
            let mut rows = store.read().await?;
            let Some(release) = rows.find_release(&slug).await? else { bail!("there is no release {slug:?}") };
            say(format!("{slug}: {} - {}", release.state.name(), release.title));
            if let Some(held) = release.state.approved().and_then(|approved| approved.held) {
                say(format!("  held back for election time; it was to leave at {}", held.due));
            }
            for (state, count) in rows.count_deliveries(DeliveryKind::Release, release.id.0).await? {
                say(format!("  {state}: {count}"));
            }
            for (kind, count) in rows.count_returns(DeliveryKind::Release, release.id.0).await? {
                say(format!("  came back, {}: {count}", kind.name()));
            }
            for pause in rows.list_pauses().await?.iter().filter(|p| [Lane::All, lane(release.id)].contains(&p.lane)) {
                say(format!("  paused since {} ({}): {}", pause.at, pause.cause.name(), pause.said));
            }
            // who did not get it, and why
            for delivery in rows.list_deliveries(DeliveryKind::Release, release.id.0).await? {
                let reason = delivery.reason.as_deref().unwrap_or_default();
                if !matches!(delivery.state, DeliveryState::Accepted | DeliveryState::Queued) {
                    say(format!("  {}: {} {reason}", delivery.address, delivery.state.name()).trim_end());
                }
            }
        }
    }
    Ok(())
}

/// What is paused together with a release.
fn lane(release: ReleaseId) -> Lane {
    Lane::Campaign { kind: DeliveryKind::Release, thing: release.0 }
}

/// What election time asks of a text, a line each.
fn election(required: Option<acts::Required>, lang: Lang) -> Vec<String> {
    let Some(required) = required else { return Vec::new() };
    let mut lines = vec![required.until(lang)];
    lines.extend(required.lines(lang));
    lines.extend(required.doubts().map(|finding| finding.say(lang)));
    lines
}

/// The last day of a file's licence, if it has one.
fn until(day: Option<Date>) -> String {
    day.map_or_else(String::new, |day| format!(", until {day}"))
}

/// The files of the text in the making.
async fn files(app: &App, slug: &str) -> Result<ReleaseFiles> {
    let mut rows = app.store.read().await?;
    let Some(release) = rows.find_release(slug).await? else { bail!("there is no release {slug:?}") };
    Ok(acts::files_of(&mut rows, &release).await?)
}
