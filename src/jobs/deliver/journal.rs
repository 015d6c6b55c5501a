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
use salastampa_store::Store;
use tokio::sync::{mpsc, oneshot};

/// So many entries go with one commit at most.
const TOGETHER: usize = 64;

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
    /// The name beside the address: it stays what it was at the first attempt.
    pub to_name: String,
}

/// Whether the message may leave: false if it was stopped, or is somebody else's by now.
type Answer = std::result::Result<bool, String>;

/// Where connections hand in what they have to write down.
#[derive(Clone, Debug)]
pub struct Journal(mpsc::Sender<(Entry, oneshot::Sender<Answer>)>);

impl Journal {
    /// Opens it. It ends with the last of those who write.
    pub fn open(app: &App) -> Self {
        let (entries, waiting) = mpsc::channel(TOGETHER);
        tokio::spawn(keep(app.store.clone(), waiting));
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

async fn keep(store: Store, mut waiting: mpsc::Receiver<(Entry, oneshot::Sender<Answer>)>) {
    let mut together = Vec::new();
    while waiting.recv_many(&mut together, TOGETHER).await > 0 {
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

async fn commit(store: &Store, entries: impl Iterator<Item = &Entry>) -> Result<Vec<bool>> {
    let mut write = store.write().await?;
    let mut answers = Vec::new();
    for entry in entries {
        for ended in &entry.ended {
            if let Some(pause) = book(&mut write, ended).await? {
                tracing::error!(cause = pause.cause.name(), lane = ?pause.lane, "mail is paused: {}", pause.said);
            }
        }
        answers.push(match &entry.starts {
            None => true,
            Some(start) => {
                let ours = write.start_data(start.delivery, &start.worker, start.attempt).await?;
                if ours {
                    write.keep_name(start.delivery, &start.to_name).await?;
                }
                ours
            }
        });
    }
    write.commit().await?;
    Ok(answers)
}
