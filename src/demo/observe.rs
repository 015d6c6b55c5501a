//! Looks at the public page of an embargoed release as anybody could: before its hour and after.

use super::journal::Journal;
use crate::app::App;
use anyhow::Result;
use salastampa_domain::{ReleaseId, Timestamp};
use salastampa_releases::render::address;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is watched.
pub struct Observer {
    pages: SocketAddr,
    /// The hour of each release that was seen to have one ahead.
    hours: BTreeMap<ReleaseId, Timestamp>,
}

impl Observer {
    /// Watches the pages served there.
    pub fn new(pages: SocketAddr) -> Self {
        Self { pages, hours: BTreeMap::new() }
    }

    /// The next instant worth a look: a second before an hour, and the hour.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.hours.values().copied().min()
    }

    /// Looks at what is due, and writes down what it saw.
    pub async fn look(&mut self, app: &App, journal: &mut Journal) -> Result<()> {
        let now = app.clock.now();
        for release in app.store.read().await?.list_releases().await? {
            let (Some(at), Some(url)) = (release.public_at, address(&release, "")) else { continue };
            let hour = release.embargo_until.map_or(at, |e| e.max(at));
            if now < hour && !self.hours.contains_key(&release.id) {
                journal.before.insert(release.slug.clone(), status(self.pages, &url).await?);
                self.hours.insert(release.id, hour.plus(-1_000));
            } else if self.hours.get(&release.id).is_some_and(|due| *due <= now) {
                if now < hour {
                    journal.before.insert(release.slug.clone(), status(self.pages, &url).await?);
                    self.hours.insert(release.id, hour);
                } else {
                    journal.after.insert(release.slug.clone(), status(self.pages, &url).await?);
                    self.hours.remove(&release.id);
                }
            }
        }
        Ok(())
    }
}

/// The status of a page of ours.
async fn status(pages: SocketAddr, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(pages).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {pages}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    let line = String::from_utf8_lossy(answer.split(|b| *b == b'\n').next().unwrap_or_default()).into_owned();
    Ok(line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0))
}
