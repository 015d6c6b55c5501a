//! What connections have to write down, joined: while one commit is on its way to the disk the others queue, and go with
//! the next.
//!
//! Two things must be on the disk before a message goes on: that its data start, before the first byte of them leaves,
//! and how it ended, before it can be forgotten. One entry carries the end of a message and the beginning of the next of
//! the same connection: what a power cut leaves in doubt is one message a connection, as if each were written alone.

use crate::app::App;
use anyhow::{Context, Result, anyhow};
use salastampa_acts::outbox::{Ended, book};
use salastampa_domain::DeliveryId;
use salastampa_store::{Hold, Store};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// So many entries go with one commit at most.
const TOGETHER: usize = 64;
/// How long an entry waits for company, while fewer than half of the connections have something to write.
const COMPANY: Duration = Duration::from_millis(2);

/// What a connection has to write down.
#[derive(Debug, Default)]
pub struct Entry {
    /// Attempts that have ended.
    pub ended: Vec<Ended>,
    /// A message whose data start.
    pub starts: Option<Start>,
}

/// A message whose data start once this is written.
#[derive(Clone, Debug)]
pub struct Start {
    /// Its number.
    pub delivery: DeliveryId,
    /// Who holds it.
    pub worker: String,
    /// Its attempt.
    pub attempt: u32,
}

/// Whether the message may leave: false if it was stopped, or is somebody else's by now.
type Answer = std::result::Result<bool, String>;

/// Where connections hand in what they have to write down.
#[derive(Clone, Debug)]
pub struct Journal(mpsc::Sender<(Entry, oneshot::Sender<Answer>)>);

impl Journal {
    /// Opens it, for so many connections. It ends with the last of those who write.
    pub fn open(app: &App, connections: usize) -> Self {
        let (entries, waiting) = mpsc::channel(TOGETHER);
        tokio::spawn(keep(app.store.clone(), waiting, connections / 2));
        Self(entries)
    }

    /// Writes an entry down and waits until it is on the disk. True if the message that starts is ours and may leave.
    pub async fn write(&self, entry: Entry) -> Result<bool> {
        let (answer, written) = oneshot::channel();
        self.0.send((entry, answer)).await.map_err(|_| anyhow!("the journal of the outbox is closed"))?;
        let answer = written.await.context("the journal of the outbox broke")?;
        answer.map_err(|why| anyhow!("the outbox cannot be written: {why}"))
    }
}

async fn keep(store: Store, mut waiting: mpsc::Receiver<(Entry, oneshot::Sender<Answer>)>, company: usize) {
    let mut together = Vec::new();
    while waiting.recv_many(&mut together, TOGETHER).await > 0 {
        // a commit costs the machine more than the wait: the other connections talk to the mail server meanwhile
        let gather =
            async { while together.len() < company && waiting.recv_many(&mut together, TOGETHER).await > 0 {} };
        let _ = tokio::time::timeout(COMPANY, gather).await;
        let entries = together.iter().map(|(entry, _)| entry);
        match commit(&store, entries).await {
            Ok(answers) => {
                for ((_, asks), answer) in together.drain(..).zip(answers) {
                    // who asked may be gone; what was written stays written
                    let _ = asks.send(Ok(answer));
                }
            }
            Err(why) => {
                for (_, asks) in together.drain(..) {
                    let _ = asks.send(Err(format!("{why:#}")));
                }
            }
        }
    }
}

async fn commit<'a>(store: &Store, entries: impl Iterator<Item = &'a Entry> + Clone) -> Result<Vec<bool>> {
    let ended: Vec<&Ended> = entries.clone().flat_map(|entry| &entry.ended).collect();
    let starts = entries.clone().filter_map(|entry| entry.starts.as_ref());
    let starts: Vec<Hold<'_>> =
        starts.map(|start| Hold { id: start.delivery, worker: &start.worker, attempt: start.attempt }).collect();
    let mut write = store.write().await?;
    for pause in book(&mut write, &ended).await? {
        tracing::error!(cause = pause.cause.name(), lane = ?pause.lane, "mail is paused: {}", pause.said);
    }
    let ours = write.start_all_data(&starts).await?;
    write.commit().await?;
    Ok(entries.map(|entry| entry.starts.as_ref().is_none_or(|start| ours.contains(&start.delivery))).collect())
}
