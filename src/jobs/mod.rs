//! The jobs, one a file: each sees only the rows that the one before it left, and can be run alone.
//!
//! A job has two functions: `run`, which does what is due now and says how much that was, and `next_due`, which says when
//! there may be more to do. None of them sleeps.

pub mod alert;
pub mod clip;
pub mod crawl;
pub mod deliver;
pub mod follow;
pub mod group;
mod past;
pub mod push;
pub mod review;
pub mod tidy;
pub mod wire;

use crate::app::App;
use anyhow::Result;
use salastampa_domain::Timestamp;

/// The jobs, in the order of the pipeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Job {
    /// Visits sources, keeps articles.
    Crawl,
    /// Lets the archive follow the store.
    Follow,
    /// Finds copies, stories and pickups.
    Group,
    /// Matches watches.
    Clip,
    /// Raises alerts.
    Alert,
    /// Makes and sends reviews.
    Review,
    /// Hands the outbox over.
    Deliver,
    /// Rings telephones.
    Push,
    /// Keeps house.
    Tidy,
}

impl Job {
    /// Every job, in the order of the pipeline.
    pub const ALL: [Self; 9] = [
        Self::Crawl,
        Self::Follow,
        Self::Group,
        Self::Clip,
        Self::Alert,
        Self::Review,
        Self::Deliver,
        Self::Push,
        Self::Tidy,
    ];

    /// Its name on the command line and in the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crawl => "crawl",
            Self::Follow => "follow",
            Self::Group => "group",
            Self::Clip => "clip",
            Self::Alert => "alert",
            Self::Review => "review",
            Self::Deliver => "deliver",
            Self::Push => "push",
            Self::Tidy => "tidy",
        }
    }

    /// The job of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|j| j.name() == name)
    }
}

/// What jobs remember between two runs; all of it can be made again from the rows.
#[derive(Default)]
pub struct Memory {
    group: Option<salastampa_acts::group::Memory>,
    clip: Option<salastampa_acts::clip::Memory>,
}

/// What a run of a job did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// Pieces of work; 0 is nothing was due.
    pub work: usize,
    /// Whether it left rows that another job is waiting for.
    pub news: bool,
}

/// Does what is due now.
pub async fn run(app: &App, job: Job, memory: &mut Memory) -> Result<Done> {
    let work = match job {
        Job::Crawl => return crawl::run(app).await,
        Job::Follow => follow::run(app).await?,
        Job::Group => group::run(app, &mut memory.group).await?,
        Job::Clip => clip::run(app, &mut memory.clip).await?,
        Job::Alert => alert::run(app).await?,
        Job::Review => review::run(app).await?,
        Job::Deliver => deliver::run(app).await?,
        Job::Push => push::run(app).await?,
        Job::Tidy => tidy::run(app).await?,
    };
    Ok(Done { work, news: work > 0 && matches!(job, Job::Group | Job::Clip | Job::Alert | Job::Review) })
}

/// When there may be more to do; `None` is when another job has left something.
pub async fn next_due(app: &App, job: Job) -> Result<Option<Timestamp>> {
    match job {
        Job::Crawl => crawl::next_due(app).await,
        Job::Alert => alert::next_due(app).await,
        Job::Review => review::next_due(app).await,
        Job::Deliver => deliver::next_due(app).await,
        Job::Push => push::next_due(app).await,
        Job::Tidy => tidy::next_due(app).await,
        Job::Follow | Job::Group | Job::Clip => Ok(None),
    }
}

/// How long a job that only one worker does holds its lease.
const LEASE: i64 = 2 * salastampa_domain::time::MINUTE;

/// Runs the work if no other process does that job now.
async fn alone<T: Default>(app: &App, job: Job, work: impl Future<Output = Result<T>>) -> Result<T> {
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    let ours = write.claim_job(job.name(), &app.worker, now, now.plus(LEASE)).await?;
    write.commit().await?;
    if ours { work.await } else { Ok(T::default()) }
}
