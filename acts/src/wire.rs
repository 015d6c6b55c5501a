//! Wires become articles: versions, takes, corrections and kills of one piece are one article with its revisions.
//!
//! *What a file holds is compared with what came before, by identity and version first, then by what takes share; the
//! article, the wire's own row and the file's hash are written in one transaction.* So a file that comes twice changes
//! nothing, an old version that comes late changes nothing, and a kill that comes before its piece keeps it away.
//! What nobody may see yet is kept and hidden; at its hour it becomes a change. Left out: reading files, and folders.

use crate::Result;
use salastampa_domain::time::{DAY, HOUR};
use salastampa_domain::wire::{paragraphs, splice};
use salastampa_domain::{
    Actor, ArticleId, ForeignText, NewArticle, RevisionKind, Source, Timestamp, Wire, WireKind, WireStatus,
};
use salastampa_store::{Store, Write};

/// Takes and updates of one piece come within this time of one another: a title of yesterday is another piece.
const CHAIN: i64 = DAY;
/// What lay in a folder before it was first looked at and is older than this is known, not news.
const FRESH: i64 = HOUR;
/// How the trade marks a title that was taken back; readers of a list see at once that it must not be used.
const KILLED: &str = "ANNULLATA: ";

/// One wire, as the article that it would be.
#[derive(Clone, PartialEq, Debug)]
pub struct Incoming {
    /// The article. Its key is made of the identity here.
    pub article: NewArticle,
    /// What the agency says of it; its article and the length of its text are found here.
    pub wire: Wire,
    /// What it replaces, if it names that by identity.
    pub replaces: Option<String>,
    /// It lay in the folder before the folder was first looked at.
    pub early: bool,
}

/// A file that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct WireFile {
    /// Its name in the folder.
    pub name: String,
    /// The hash of its content.
    pub hash: String,
    /// What it holds.
    pub items: Vec<Incoming>,
}

/// What a file has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Kept {
    /// Articles that were not there.
    pub new: u32,
    /// Articles that have another text now, or may be used no more.
    pub changed: u32,
    /// Wires that changed nothing: known, or older than what is there.
    pub known: u32,
}

/// Writes down what a file holds, in one transaction.
pub async fn keep(store: &Store, source: &Source, file: WireFile, now: Timestamp) -> Result<Kept> {
    let mut kept = Kept::default();
    let mut write = store.write().await?;
    for item in file.items {
        match keep_one(&mut write, item, now).await? {
            Fate::New => kept.new += 1,
            Fate::Changed => kept.changed += 1,
            Fate::Known => kept.known += 1,
        }
    }
    write.record_wire_file(source.id, &file.hash, now).await?;
    write.forget_wire_look(source.id, &file.name).await?;
    write.commit().await?;
    Ok(kept)
}

/// Shows the articles whose embargo has ended; gives how many.
pub async fn show_due(store: &Store, now: Timestamp) -> Result<usize> {
    if store.read().await?.list_to_show(now).await?.is_empty() {
        return Ok(0);
    }
    let mut write = store.write().await?;
    let due = write.list_to_show(now).await?;
    for id in &due {
        write.record_shown(*id, now).await?;
    }
    write.commit().await?;
    Ok(due.len())
}

enum Fate {
    New,
    Changed,
    Known,
}

async fn keep_one(write: &mut Write, mut item: Incoming, now: Timestamp) -> Result<Fate> {
    let outlet = item.article.outlet;
    item.article.key = format!("wire:{}", item.wire.identity);
    item.wire.at = now;
    item.wire.lines = paragraphs(&item.article.body);
    let before = write.find_wire(outlet, &item.wire.identity).await?;
    if before.as_ref().is_some_and(|before| before.version >= item.wire.version) {
        return Ok(Fate::Known);
    }
    let piece = match &before {
        Some(before) => {
            // a version without a title (a kill, mostly) is joined by what the piece was joined by
            item.wire.chain = item.wire.chain.take().or_else(|| before.chain.clone());
            before.article
        }
        None => find_piece(write, &item, now).await?,
    };
    // what was taken back is only given again by a newer version of itself; a correction of it is another piece, and a
    // take of it that comes late is part of what was taken back
    let mut piece = piece;
    if let (None, Some(id)) = (&before, piece)
        && item.wire.status != WireStatus::Cancelled
        && is_taken_back(write, id).await?
    {
        if item.wire.kind == WireKind::New {
            item.wire.article = Some(id);
            item.wire.status = WireStatus::Cancelled;
            item.wire.lines = 0;
            write.record_wire(&item.wire).await?;
            return Ok(Fate::Known);
        }
        piece = None;
    }
    match piece {
        // what was taken back before it came does not come any more, unless a newer version takes that back
        None if item.wire.status == WireStatus::Cancelled => {
            write.record_wire(&item.wire).await?;
            Ok(Fate::Known)
        }
        None => keep_new(write, item, now).await,
        Some(id) if item.wire.status == WireStatus::Cancelled => {
            item.wire.take = before.as_ref().map_or(item.wire.take, |before| before.take);
            let takes = write.list_wires_of(id).await?;
            let begins = !takes.iter().any(|take| take.take < item.wire.take && take.lines > 0);
            match begins {
                true => take_back(write, item, id, now).await,
                // a later take alone is taken back: the rest stands
                false => {
                    item.article.body = ForeignText::default();
                    item.wire.lines = 0;
                    revise(write, item, id, before, now).await
                }
            }
        }
        Some(id) => revise(write, item, id, before, now).await,
    }
}

async fn is_taken_back(write: &mut Write, id: ArticleId) -> Result<bool> {
    Ok(write.list_wires_of(id).await?.iter().all(|take| take.status == WireStatus::Cancelled))
}

/// The article that a wire under a new identity is part of, if it says that it is part of one.
async fn find_piece(write: &mut Write, item: &Incoming, now: Timestamp) -> Result<Option<ArticleId>> {
    let outlet = item.article.outlet;
    if let Some(replaced) = &item.replaces
        && let Some(old) = write.find_wire(outlet, replaced).await?
    {
        return Ok(old.article);
    }
    let Some(chain) = &item.wire.chain else { return Ok(None) };
    let since = now.plus(-CHAIN);
    let others: Vec<Wire> = write.list_wire_chain(outlet, chain, since).await?;
    let Some(article) = others.iter().find_map(|other| other.article) else { return Ok(None) };
    let lowest = others.iter().filter(|o| o.article == Some(article)).map(|o| o.take).min().unwrap_or(1);
    // two pieces of one title are two, unless one of them says that it goes on, or the beginning was still missing
    let belongs = item.wire.take > 1 || item.wire.kind != WireKind::New || lowest > 1;
    Ok(belongs.then_some(article))
}

/// The version of a take in whose place another has come: whatever version of it may still come is older.
const SUPERSEDED: i64 = i64::MAX;

/// Until when nobody may see a piece: `None` where everybody may, `Some(None)` where nobody knows. The strictest of its
/// takes counts: one that came without its embargo does not end that of the others.
fn hidden_until<'a>(takes: impl IntoIterator<Item = &'a Wire>, now: Timestamp) -> Option<Option<Timestamp>> {
    let counts = |take: &&Wire| take.version != SUPERSEDED && take.status != WireStatus::Cancelled;
    let hidden = takes.into_iter().filter(counts).filter_map(|take| match (take.status, take.notes.embargo_until) {
        (WireStatus::Withheld, until) => Some(until.filter(|at| *at > now)),
        (_, Some(until)) if until > now => Some(Some(until)),
        _ => None,
    });
    hidden.reduce(|one, other| one.zip(other).map(|(one, other)| one.max(other)))
}

async fn keep_new(write: &mut Write, mut item: Incoming, now: Timestamp) -> Result<Fate> {
    let hidden = hidden_until([&item.wire], now);
    // its hour of publication is that of the embargo: at that hour it is news
    if let Some(Some(until)) = hidden {
        item.article.published_at = Some(until);
    }
    let old = item.article.published_at.is_some_and(|at| now.since(at) > FRESH);
    item.article.backlog = item.early && old && hidden.is_none();
    let day = item.article.published_at.unwrap_or(now).day();
    let day = day.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
    let Some(id) = write.keep_article(&item.article, None, day, now).await? else { return Ok(Fate::Known) };
    if let Some(until) = hidden {
        write.record_hidden(id, until).await?;
    }
    item.wire.article = Some(id);
    write.record_wire(&item.wire).await?;
    Ok(Fate::New)
}

/// The article as it is with this take in it.
async fn revise(
    write: &mut Write,
    mut item: Incoming,
    id: ArticleId,
    before: Option<Wire>,
    now: Timestamp,
) -> Result<Fate> {
    let Some(article) = write.find_article(id).await? else { return keep_new(write, item, now).await };
    let mut takes = write.list_wires_of(id).await?;
    let was_killed = takes.iter().all(|take| take.status == WireStatus::Cancelled);
    takes.retain(|take| take.identity != item.wire.identity);
    // an update under a new identity takes the place of the take that it updates, and of that wire's row
    let mut replaced = before;
    if replaced.is_none()
        && item.wire.kind != WireKind::New
        && let Some(at) = takes.iter().position(|take| take.take == item.wire.take && take.lines > 0)
    {
        let mut old = takes.remove(at);
        replaced = Some(old.clone());
        old.lines = 0;
        old.version = SUPERSEDED;
        write.record_wire(&old).await?;
    }
    let body = match was_killed {
        true => item.article.body.clone(),
        false => {
            let lines = replaced.map(|old| old.lines);
            splice(&write.find_body(id).await?, &takes, item.wire.take, lines, &item.article.body)
        }
    };
    // title and lead are those of the beginning
    let leads = takes.iter().filter(|take| take.lines > 0).all(|take| take.take >= item.wire.take) || was_killed;
    let (title, lead) = match leads && !item.article.title.is_empty() {
        true => (item.article.title.clone(), item.article.lead.clone()),
        false => (article.title.clone(), article.lead.clone()),
    };
    for take in takes.iter().filter(|take| was_killed && take.status == WireStatus::Cancelled) {
        // given again: newer versions of the other takes may come too
        write.record_wire(&Wire { status: WireStatus::Usable, ..take.clone() }).await?;
    }
    item.wire.article = Some(id);
    write.record_wire(&item.wire).await?;
    let same = title == article.title && lead == article.lead && body == write.find_body(id).await?;
    if !same {
        let kind = match item.wire.kind {
            WireKind::Correction | WireKind::Kill => RevisionKind::Correction,
            _ => RevisionKind::Update,
        };
        write.record_revision(id, kind, now, &title, &lead, &body).await?;
    }
    let hidden = write.find_hidden(id).await?.map(|hidden| hidden.until);
    let wanted = hidden_until(takes.iter().chain([&item.wire]), now);
    match wanted {
        _ if wanted == hidden => {}
        Some(until) => write.record_hidden(id, until).await?,
        None => write.record_shown(id, now).await?,
    }
    Ok(if same && wanted == hidden { Fate::Known } else { Fate::Changed })
}

/// The agency takes a piece back: its text goes from everything that is current, and its title says so. The first text
/// stays as evidence.
async fn take_back(write: &mut Write, mut item: Incoming, id: ArticleId, now: Timestamp) -> Result<Fate> {
    let Some(article) = write.find_article(id).await? else { return Ok(Fate::Known) };
    let title = match article.title.starts_with(KILLED) {
        true => article.title.clone(),
        false => format!("{KILLED}{}", article.title),
    };
    let nothing = ForeignText::default();
    write.record_revision(id, RevisionKind::Removal, now, &title, &nothing, &nothing).await?;
    if write.find_hidden(id).await?.is_some() {
        // nobody has seen it: it stays hidden, and no hour brings it back
        write.record_hidden(id, None).await?;
    }
    for mut take in write.list_wires_of(id).await? {
        take.lines = 0;
        take.status = WireStatus::Cancelled;
        write.record_wire(&take).await?;
    }
    item.wire.article = Some(id);
    item.wire.lines = 0;
    write.record_wire(&item.wire).await?;
    let who = Actor::Job { name: "crawl".into() };
    let subject = format!("article:{}", id.0);
    write.record_event(now, &who, "wire.kill", &subject, None, item.wire.notes.note.as_deref()).await?;
    Ok(Fate::Changed)
}
