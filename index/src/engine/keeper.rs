//! Which index of the folder answers, which one is being built, and what is done when something fails.
//!
//! The archive owns nothing, so every doubt is solved by building it anew: a new sibling grows beside the one that answers
//! and takes its place by one rename of `CURRENT`. Opening only looks; the first piece of work takes the folder's lock,
//! removes what is left over and goes on where the last process stopped. A failed piece of work is first laid at the
//! machine (disk, permission), then at one article (by halving), and only then at the index.

use crate::engine::folder::{Folder, Lock, Sibling};
use crate::engine::generation::{Fitness, Generation, SMALL, Unfit, Witness, obstacle};
use crate::standing::{Moment, Obstacle, Reason, Rebuild, Standing};
use anyhow::{Result, anyhow};
use salastampa_domain::{Change, ChangeKind, Seq, Timestamp};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is built is committed once for so many pieces of work: a commit waits for the disk.
const BATCHES: u32 = 16;

/// The keeper of one folder.
pub(crate) struct Keeper {
    folder: Folder,
    store: String,
    witness: Witness,
    /// What there is; held for a moment only, by searches too.
    state: Mutex<State>,
    /// Held by who writes.
    hand: Mutex<Hand>,
}

#[derive(Default)]
struct State {
    living: Option<Numbered>,
    growing: Option<Numbered>,
    /// Why it is built anew; set as long as it is.
    rebuild: Option<Reason>,
    /// The change that a new index must have reached to answer in place of one that is not there or stands still.
    goal: Seq,
    obstacle: Option<Obstacle>,
    since: Option<(Timestamp, u64)>,
    all: Option<u64>,
    /// Something failed, and it is not known whether the files did: they are to be read through.
    is_suspect: bool,
}

#[derive(Clone)]
struct Numbered {
    sibling: Sibling,
    index: Arc<Generation>,
}

#[derive(Default)]
struct Hand {
    lock: Option<Lock>,
    is_swept: bool,
    /// Pieces of work since what is built was committed.
    batches: u32,
    /// Something failed in building: each piece of work is committed, so that the next failure loses none before it.
    is_careful: bool,
}

/// Who answers a search.
pub(crate) enum Answering {
    /// This one.
    Living(Arc<Generation>),
    /// Nothing was ever kept.
    Empty,
    /// Nobody, for now.
    Away(Box<Standing>),
}

impl Keeper {
    /// Looks what is in the folder; writes nothing.
    pub(crate) fn open(folder: &Path, store: &str, last: Seq, witness: Witness) -> Self {
        let folder = Folder::new(folder);
        let state = look(&folder, store, last, &witness);
        Self { folder, store: store.to_owned(), witness, state: Mutex::new(state), hand: Mutex::default() }
    }

    pub(crate) fn standing(&self) -> Standing {
        let (living, growing, standing) = {
            let state = self.state();
            let rebuild =
                state.rebuild.clone().map(|why| Rebuild { why, articles: 0, all: state.all, since: state.since });
            let standing = Standing { rebuild, obstacle: state.obstacle.clone(), ..Standing::default() };
            (state.living.clone(), state.growing.clone(), standing)
        };
        let articles = growing.as_ref().map_or(0, |growing| growing.index.articles());
        let asides = living.as_ref().or(growing.as_ref()).map(|numbered| numbered.index.aside());
        Standing {
            cursor: self.cursor(),
            answers: living.is_some() || (standing.rebuild.is_none() && standing.obstacle.is_none()),
            rebuild: standing.rebuild.map(|rebuild| Rebuild { articles, ..rebuild }),
            aside: asides.unwrap_or_default(),
            ..standing
        }
    }

    /// The last change that answers hold.
    pub(crate) fn cursor(&self) -> Seq {
        self.state().living.as_ref().map_or(Seq(0), |living| living.index.holds())
    }

    /// The change after which [`Self::apply`] goes on.
    pub(crate) fn follows_from(&self) -> Seq {
        let state = self.state();
        let target = state.followed().or(state.growing.as_ref());
        target.map_or(Seq(0), |numbered| numbered.index.fed())
    }

    /// The change after which [`Self::grow`] goes on; `None` if nothing is built beside one that follows.
    pub(crate) fn grows_from(&self) -> Option<Seq> {
        let state = self.state();
        state.followed()?;
        state.rebuild.as_ref()?;
        Some(state.growing.as_ref().map_or(Seq(0), |growing| growing.index.fed()))
    }

    /// What a search reads.
    pub(crate) fn answering(&self) -> Answering {
        {
            let state = self.state();
            match &state.living {
                Some(living) => return Answering::Living(living.index.clone()),
                None if state.rebuild.is_none() && state.obstacle.is_none() => return Answering::Empty,
                None => {}
            }
        }
        Answering::Away(Box::new(self.standing()))
    }

    /// Something failed in answering: whether the files did is looked at by the next [`Self::tend`].
    pub(crate) fn suspect(&self) {
        self.state().is_suspect = true;
    }

    /// The time from which the pace of building is measured, and how many articles there are in all.
    pub(crate) fn measure_from(&self, now: Timestamp, all: u64) {
        let mut state = self.state();
        let articles = state.growing.as_ref().map_or(0, |growing| growing.index.articles());
        (state.since, state.all) = (Some((now, articles)), Some(all));
    }

    /// Takes in changes: into the index that answers if it can follow, otherwise into the one that is built in its place.
    /// Without a change, what is built is as far as the store.
    pub(crate) fn apply(&self, changes: &[Change]) -> Result<()> {
        let mut hand = self.hand();
        let followed = self.state().followed().cloned();
        let done = self.ready(&mut hand).and_then(|()| match &followed {
            Some(_) if changes.is_empty() => Ok(()),
            Some(living) => self.feed(&living.index, changes, true),
            None => self.build(&mut hand, changes),
        });
        self.told(done)
    }

    /// Takes changes into the index that is built beside the one that answers.
    pub(crate) fn grow(&self, changes: &[Change]) -> Result<()> {
        let mut hand = self.hand();
        let done = self.ready(&mut hand).and_then(|()| self.build(&mut hand, changes));
        self.told(done)
    }

    /// Begins to build anew; whether that was not under way already.
    pub(crate) fn ask(&self) -> Result<bool> {
        let mut hand = self.hand();
        let begun = {
            let mut state = self.state();
            let goal = state.living.as_ref().map_or(Seq(0), |living| living.index.holds());
            state.goal = state.goal.max(goal);
            let is_new = state.rebuild.is_none();
            state.rebuild.get_or_insert(Reason::Asked);
            is_new
        };
        let made = self.ready(&mut hand).and_then(|()| self.sprout().map(drop));
        self.told(made).map(|()| begun)
    }

    /// Looks after what is there: files that are gone or cut short, a folder that could not be reached. Gives the index
    /// that is to be read through, by [`Self::read_through`].
    pub(crate) fn tend(&self, last: Seq) -> Option<Arc<Generation>> {
        let mut hand = self.hand();
        let unreached = {
            let state = self.state();
            state.living.is_none() && state.growing.is_none() && state.rebuild.is_none() && state.obstacle.is_some()
        };
        if unreached {
            // a folder that could not be read is looked at again
            let seen = look(&self.folder, &self.store, last, &self.witness);
            *self.state() = seen;
        }
        // what is in the way is told by the work that it keeps from being done
        let _ = self.ready(&mut hand);
        let (living, growing) = {
            let state = self.state();
            (state.living.clone(), state.growing.clone())
        };
        for numbered in living.iter().chain(&growing) {
            if let Err(why) = numbered.index.glance() {
                self.condemn(&numbered.index, &why);
            }
        }
        if hand.lock.is_some() {
            match self.folder.has_lock_file() {
                true => self.point_again(),
                false => *hand = Hand::default(),
            }
        }
        let mut state = self.state();
        let suspect = std::mem::take(&mut state.is_suspect);
        state.living.as_ref().filter(|_| suspect).map(|living| living.index.clone())
    }

    /// Reads an index through; one that is damaged is built anew. Whether it is well.
    pub(crate) fn read_through(&self, index: &Arc<Generation>) -> bool {
        let read = index.read_through();
        if let Err(why) = &read {
            self.condemn(index, why);
        }
        read.is_ok()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What came of a piece of work is what the archive stands at.
    fn told(&self, done: Result<()>) -> Result<()> {
        let obstacle = match &done {
            Ok(()) => None,
            Err(why) => Some(why.downcast_ref::<Obstacle>().cloned().unwrap_or(Obstacle::Other(format!("{why:#}")))),
        };
        self.state().obstacle = obstacle;
        done.map_err(|why| why.context(format!("the archive in {} waits", self.folder.path.display())))
    }

    /// Whoever writes holds the lock; the first time it tidies up after those before.
    fn ready(&self, hand: &mut Hand) -> Result<()> {
        if hand.lock.is_none() {
            match self.folder.lock() {
                Ok(lock) => hand.lock = Some(lock),
                Err(busy @ Obstacle::Busy(_)) => {
                    self.take_over_from_other();
                    return Err(busy.into());
                }
                Err(why) => return Err(why.into()),
            }
        }
        if !hand.is_swept {
            self.point_again();
            self.sweep(hand);
        }
        Ok(())
    }

    /// Where `CURRENT` is lost or says something else, it is written again.
    fn point_again(&self) {
        let Some(living) = self.state().living.clone() else { return };
        if self.folder.current() != Ok(Some(living.sibling)) {
            // it is tried again at the next look
            let _ = self.folder.point(living.sibling);
        }
    }

    /// Another process writes: what it has made is what we answer with.
    fn take_over_from_other(&self) {
        let (living, goal) = {
            let state = self.state();
            (state.living.clone(), state.goal)
        };
        let current = self.folder.current().ok().flatten();
        match living {
            Some(living) if current == Some(living.sibling) => {
                if let Err(error) = living.index.reload() {
                    tracing::warn!("the archive of another process cannot be read again: {error:#}");
                }
            }
            _ => {
                let seen = look(&self.folder, &self.store, goal.max(self.cursor()), &self.witness);
                *self.state() = seen;
            }
        }
    }

    /// Removes what neither answers nor grows. What cannot be removed now is removed later.
    fn sweep(&self, hand: &mut Hand) {
        let kept: Vec<Sibling> = {
            let state = self.state();
            state.living.iter().chain(&state.growing).map(|numbered| numbered.sibling).collect()
        };
        let flat = self.folder.is_flat().then_some(Sibling::Flat);
        let siblings = self.folder.siblings().unwrap_or_default();
        let left = siblings.into_iter().chain(flat).filter(|sibling| !kept.contains(sibling));
        hand.is_swept = left.map(|sibling| self.folder.remove(sibling)).all(|removed| removed.is_ok());
    }

    /// The index that is built, made if it is not there.
    fn sprout(&self) -> Result<Numbered> {
        if let Some(growing) = self.state().growing.clone() {
            return Ok(growing);
        }
        let there = self.folder.siblings().map_err(anyhow::Error::new)?;
        let living = self.state().living.as_ref().map(|living| living.sibling);
        let named = self.folder.named().ok().flatten();
        let sibling = there.into_iter().chain(living).chain(named).max().unwrap_or(Sibling::Flat).next();
        let made = Generation::create(&self.folder.of(sibling), &self.store, self.witness.clone());
        let index = Arc::new(made.map_err(|why| self.laid_at_the_machine(why))?);
        let growing = Numbered { sibling, index };
        self.state().growing = Some(growing.clone());
        (self.witness)(Moment::Sprouted);
        Ok(growing)
    }

    /// Lets the new index grow by these changes, and puts it in its place when it has caught up.
    fn build(&self, hand: &mut Hand, changes: &[Change]) -> Result<()> {
        let growing = self.sprout()?;
        hand.batches += 1;
        let has_caught_up = {
            let state = self.state();
            let reached = changes.last().map_or(Seq(0), |change| change.seq).max(growing.index.fed());
            let goal = state.followed().map_or(state.goal, |living| living.index.committed());
            changes.is_empty() || reached >= goal
        };
        let is_alone = growing.index.fed() == growing.index.committed();
        let commit = has_caught_up || hand.is_careful || hand.batches >= BATCHES;
        if is_alone {
            self.feed(&growing.index, changes, commit)?;
        } else if let Err(why) = growing.index.write(changes, commit) {
            // with this piece those before it are gone that were not durable: the next one goes on where the cursor is
            hand.is_careful = true;
            let why = self.laid_at_the_machine(why);
            tracing::warn!("building the archive goes back to its last commit: {why:#}");
            return if why.is::<Obstacle>() { Err(why) } else { Ok(()) };
        }
        if commit {
            hand.batches = 0;
        }
        if has_caught_up { self.switch(hand, growing) } else { Ok(()) }
    }

    fn switch(&self, hand: &mut Hand, growing: Numbered) -> Result<()> {
        (self.witness)(Moment::Ripe);
        self.folder.point(growing.sibling).map_err(|why| Obstacle::of(&why))?;
        (self.witness)(Moment::Pointed);
        let old = {
            let mut state = self.state();
            if let Some(why) = &state.rebuild {
                tracing::info!("the archive is built anew, because {why}");
            }
            (state.rebuild, state.growing) = (None, None);
            (state.since, state.all) = (None, None);
            state.living.replace(growing)
        };
        if let Some(old) = old {
            old.index.let_go();
        }
        hand.is_careful = false;
        self.sweep(hand);
        (self.witness)(Moment::Swept);
        Ok(())
    }

    /// Takes in changes, halving them at a failure until it is known which one is not to be had.
    fn feed(&self, index: &Arc<Generation>, changes: &[Change], commit: bool) -> Result<()> {
        let Err(why) = index.write(changes, commit) else { return Ok(()) };
        let why = self.laid_at_the_machine(why);
        if why.is::<Obstacle>() {
            return Err(why);
        }
        match changes {
            [] => Err(self.condemn(index, &format!("{why:#}"))),
            [one] => {
                tracing::warn!(article = one.article().0, "an article is set aside, it cannot be indexed: {why:#}");
                // an index that cannot even commit this is at fault itself
                let set = match &one.kind {
                    ChangeKind::Put { .. } => index.set_aside(one.article(), one.seq, &format!("{why:#}")),
                    ChangeKind::Remove(_) => Err(why),
                };
                set.map_err(|why| match self.laid_at_the_machine(why) {
                    why if why.is::<Obstacle>() => why,
                    why => self.condemn(index, &format!("{why:#}")),
                })
            }
            many => {
                let (first, second) = many.split_at(many.len() / 2);
                self.feed(index, first, true)?;
                self.feed(index, second, true)
            }
        }
    }

    /// A failure of which the machine is the cause is told as such.
    fn laid_at_the_machine(&self, why: anyhow::Error) -> anyhow::Error {
        if why.is::<Obstacle>() {
            return why;
        }
        match obstacle(&why).or_else(|| self.folder.obstacle()) {
            Some(obstacle) => obstacle.into(),
            None => why,
        }
    }

    /// An index that is damaged answers no more, and another one is built.
    fn condemn(&self, index: &Arc<Generation>, why: &str) -> anyhow::Error {
        tracing::error!("the archive is damaged ({why}); nothing is lost, it is built again from the store");
        let is = |numbered: &Option<Numbered>| numbered.as_ref().is_some_and(|n| Arc::ptr_eq(&n.index, index));
        let mut state = self.state();
        if is(&state.living) {
            state.goal = state.goal.max(index.holds());
            state.living = None;
        }
        if is(&state.growing) {
            (state.growing, state.since) = (None, None);
        }
        state.rebuild = Some(Reason::Damaged(why.to_owned()));
        drop(state);
        index.let_go();
        anyhow!("the archive is damaged: {why}")
    }
}

impl State {
    /// The one that answers, if it follows.
    fn followed(&self) -> Option<&Numbered> {
        self.living.as_ref().filter(|living| living.index.fitness.ceiling().is_none())
    }
}

/// What there is in the folder.
fn look(folder: &Folder, store: &str, last: Seq, witness: &Witness) -> State {
    let mut state = State { goal: last, ..State::default() };
    let open = |sibling| {
        let index = Generation::open(&folder.of(sibling), store, last, witness.clone())?;
        Ok(Numbered { sibling, index: Arc::new(index) })
    };
    let mut current = None;
    // who writes may put another one in its place between our two looks
    for _ in 0..3 {
        let named = match folder.current() {
            Ok(named) => named,
            Err(obstacle) => return State { obstacle: Some(obstacle), ..state },
        };
        if named == current {
            break;
        }
        current = named;
        (state.living, state.rebuild) = (None, None);
        match current.map(open) {
            None => {}
            Some(Ok(living)) => {
                state.rebuild = match living.index.fitness {
                    Fitness::Fit => None,
                    Fitness::Outdated => Some(Reason::OtherVersion),
                    Fitness::Ceiling(_) => Some(Reason::AheadOfStore),
                };
                state.is_suspect = living.index.bytes() > SMALL;
                state.living = Some(living);
                break;
            }
            Some(Err(Unfit::Rebuild(why))) => state.rebuild = Some(why),
            Some(Err(Unfit::Obstacle(obstacle))) => return State { obstacle: Some(obstacle), ..state },
        }
    }
    let siblings = match folder.siblings() {
        Ok(siblings) => siblings,
        Err(obstacle) => return State { obstacle: Some(obstacle), ..state },
    };
    let younger = siblings.into_iter().rev().filter(|sibling| current.is_none_or(|current| *sibling > current));
    let mut fit =
        younger.filter_map(|sibling| open(sibling).ok().filter(|n: &Numbered| n.index.fitness == Fitness::Fit));
    match fit.next() {
        // whole, and nothing says otherwise: the file that names it is lost
        Some(whole) if state.living.is_none() && whole.index.committed() >= last => {
            (state.living, state.rebuild) = (Some(whole), None);
        }
        Some(growing) => {
            state.growing = Some(growing);
            state.rebuild.get_or_insert(Reason::Unfinished);
        }
        None => {}
    }
    if state.living.is_none() && last > Seq(0) {
        state.rebuild.get_or_insert(Reason::Missing);
    }
    state
}
