//! The loop that lets the jobs run, in two paces.
//!
//! *Living* (`serve`): each job is a task of its own; one that produced something rings the bell for the others, and all
//! look at their due query once a second, so that correctness never depends on the bell. *Stepped* (`demo`, tests): the
//! jobs run in the order of the pipeline until none has work in hand; then the clock moves to the smallest next due time,
//! after the new present is committed, so that a killed day goes on where it was.

use crate::app::App;
use crate::clock::Stepped;
use crate::errands;
use crate::jobs::{self, Done, Job, Memory};
use anyhow::{Context, Result};
use salastampa_domain::Timestamp;
use salastampa_domain::time::SECOND;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// The row that holds the present of a stepped clock.
pub const PRESENT: &str = "present";

/// How often a job looks at its rows when nobody rings.
pub const LOOK: Duration = Duration::from_secs(1);
/// The shortest pause between two looks at the folders, also when one is overdue.
const SHORTEST: Duration = Duration::from_millis(100);
/// How long a job rests after an error.
const REST: Duration = Duration::from_secs(5);
/// How long the archive rests at most, which finds a full disk again and again.
const LONGEST: Duration = Duration::from_secs(300);

/// Lets all jobs run until `stop` says so; messages in flight are finished first.
pub async fn living(app: &App, stop: watch::Receiver<bool>) -> Result<()> {
    let app = &app.until(stop.clone());
    let bell = Arc::new(Notify::new());
    let mut tasks = tokio::task::JoinSet::new();
    for job in Job::ALL {
        tasks.spawn(one_job(app.clone(), job, Arc::clone(&bell), stop.clone()));
    }
    tasks.spawn(wires(app.clone(), Arc::clone(&bell), stop.clone()));
    tasks.spawn(errands::take(app.clone(), Arc::clone(&bell), stop));
    while let Some(ended) = tasks.join_next().await {
        ended.context("a job broke")?;
    }
    Ok(())
}

async fn one_job(app: App, job: Job, bell: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    let mut memory = Memory::default();
    let mut failures = 0;
    while !*stop.borrow() {
        let ran = jobs::run(&app.as_it_stands(), job, &mut memory).await;
        let wait = match ran {
            Ok(Done { work: 0, .. }) => LOOK,
            Ok(done) => {
                if done.news {
                    bell.notify_waiters();
                }
                failures = 0;
                continue;
            }
            Err(why) => {
                tracing::error!(job = job.name(), "{why:#}; nothing is lost, it is tried again");
                memory = Memory::default();
                failures += 1;
                rest(job, failures)
            }
        };
        if wait == LOOK {
            failures = 0;
        }
        tokio::select! {
            () = pause(wait) => {}
            () = bell.notified(), if failures == 0 || job != Job::Follow => {}
            _ = stop.changed() => {}
        }
    }
}

/// The pause after so many failures, one after the other. Alerts and mail are tried again soon; the archive, behind which
/// nobody waits, rests longer each time.
fn rest(job: Job, failures: u32) -> Duration {
    match job {
        Job::Follow => (REST * 2_u32.saturating_pow(failures.saturating_sub(1).min(10))).min(LONGEST),
        _ => REST,
    }
}

/// The drop folders are looked at on their own: a visit to a slow site takes half a minute, a wire may not.
async fn wires(app: App, bell: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let wait = match jobs::wire::run(&app.as_it_stands()).await {
            Ok(done) => {
                if done.news {
                    bell.notify_waiters();
                }
                until_due(&app).await
            }
            Err(why) => {
                tracing::error!("{why:#}; nothing is lost, it is tried again");
                REST
            }
        };
        tokio::select! {
            () = pause(wait) => {}
            _ = stop.changed() => {}
        }
    }
}

/// How long until the next folder is due, a second at most: another process may have declared one.
async fn until_due(app: &App) -> Duration {
    let due = jobs::wire::next_due(app).await.ok().flatten();
    let wait = due.map_or(i64::MAX, |due| due.since(app.clock.now()));
    Duration::from_millis(u64::try_from(wait).unwrap_or(0)).clamp(SHORTEST, LOOK)
}

/// The one place that waits for time to pass.
#[expect(clippy::disallowed_methods, reason = "the loop alone waits; jobs have due times")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// A stepped office: what its jobs remember, and when each is due. A job is only asked when its time has come or when
/// another has left something, so that a quiet hour costs no more than its visits.
pub struct Stepper {
    memory: Memory,
    /// The jobs that run, in the order of the pipeline, each with its next due time.
    jobs: Vec<(Job, Option<Timestamp>)>,
    stirred: bool,
}

impl Stepper {
    /// Knows nothing yet: all jobs are asked.
    pub fn new() -> Self {
        Self::of(&Job::ALL)
    }

    /// An office in which only these jobs run.
    pub fn of(jobs: &[Job]) -> Self {
        Self { memory: Memory::default(), jobs: jobs.iter().map(|job| (*job, None)).collect(), stirred: true }
    }

    /// Somebody else has written rows: all jobs are asked again.
    pub fn stir(&mut self) {
        self.stirred = true;
    }

    /// Runs the jobs in the order of the pipeline until none has work in hand; gives whether more happened than visits
    /// that brought nothing.
    pub async fn settle(&mut self, app: &App) -> Result<bool> {
        let now = app.clock.now();
        loop {
            let mut worked = false;
            for (job, due) in &mut self.jobs {
                let job = *job;
                if !self.stirred && due.is_none_or(|at| at > now) {
                    continue;
                }
                let done =
                    jobs::run(app, job, &mut self.memory).await.with_context(|| format!("job {}", job.name()))?;
                worked |= done.work > 0;
                // a job that worked has moved its own time, and perhaps that of others
                self.stirred |= done.news || (done.work > 0 && job != Job::Crawl);
                *due = jobs::next_due(app, job).await?;
            }
            if !worked {
                return Ok(std::mem::take(&mut self.stirred));
            }
        }
    }

    /// The smallest next due time of all jobs.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.jobs.iter().filter_map(|(_, due)| *due).min()
    }
}

/// Lives through the time up to `until`: the jobs run until none has work in hand, then the clock moves on.
pub async fn through(app: &App, clock: &Stepped, until: Timestamp, jobs: &[Job]) -> Result<()> {
    let mut office = Stepper::of(jobs);
    loop {
        office.settle(app).await?;
        match office.next_due() {
            // what is due but was not done (a lease of a dead worker) waits a second, not for ever
            Some(next) if next <= until => step(app, clock, next.max(app.clock.now().plus(SECOND))).await?,
            _ => break,
        }
    }
    step(app, clock, until).await?;
    office.stir();
    office.settle(app).await.map(drop)
}

/// Moves a stepped clock on, after the new present is committed.
pub async fn step(app: &App, clock: &Stepped, to: Timestamp) -> Result<()> {
    let mut write = app.store.write().await?;
    write.record_meta(PRESENT, &to.0.to_string()).await?;
    write.commit().await?;
    clock.step_to(to);
    Ok(())
}

/// The present that a stepped clock had when it was stopped.
pub async fn present(app: &App) -> Result<Option<Timestamp>> {
    Ok(app.store.read().await?.find_meta(PRESENT).await?.and_then(|text| text.parse().ok()).map(Timestamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_rests_longer_after_each_failure_and_alerts_do_not() {
        let seconds = |job, failures| rest(job, failures).as_secs();
        assert_eq!([1, 2, 3, 6, 7, 1_000].map(|n| seconds(Job::Follow, n)), [5, 10, 20, 160, 300, 300]);
        assert_eq!(seconds(Job::Alert, 1_000), 5);
    }
}
