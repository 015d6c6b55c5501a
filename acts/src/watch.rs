//! *Temi*: a watch is made, changed, retired, taken up again; each time it then clips what was published before ([`past`]).
//!
//! A query is taken only if it would run for ever after (`check_watch`): a watch that matches nothing by mistake is
//! silent, and silence is what nobody notices. A change says which row it was made from, so that two officers never
//! overwrite each other; and it is refused where another watch that names this one would fall silent.

pub mod form;
pub(crate) mod grading;
pub mod past;

use crate::error::query_sentence;
use crate::house::{actor, allowed};
use crate::{Denied, Error, Result, Slip};
use past::Reach;
use salastampa_domain::{Act, Actor, Grading, Timestamp, Urgency, User, Watch, WatchId};
use salastampa_index::{Names, Notice, OutletName, WatchName, check_watch};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Rows, Store, Write};
use serde_json::json;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Longest name, in characters.
const LONGEST_NAME: usize = 80;

/// A watch as it was typed into the form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// As people will see it.
    pub name: String,
    /// The query text.
    pub query: String,
    /// 1 to 10, as typed.
    pub weight: String,
    /// How soon it speaks.
    pub urgency: Urgency,
    /// Minutes at the gate, as typed; empty is none.
    pub hold: String,
    /// Terms with their weights, one a line, as typed.
    pub terms: String,
    /// The least points of relevance, as typed; empty is none.
    pub minimum: String,
    /// Articles of one outlet a day, as typed; empty is no bound.
    pub per_outlet: String,
    /// Two different words, or one that is strong.
    pub diverse: bool,
}

/// The longest that an alert stands at the gate by itself, in minutes.
pub const MOST_HOLD: u32 = 240;

/// Whether a watch that only clipped alerts from now on.
pub(crate) fn begins_to_alert(before: &Watch, after: &Watch) -> bool {
    before.urgency == Urgency::Review && after.urgency != Urgency::Review
}

/// Which row a change was made from: another row has another mark.
pub fn mark(watch: &Watch) -> String {
    let mut hasher = DefaultHasher::new();
    (&watch.name, &watch.query, watch.weight, watch.urgency.name(), watch.hold, watch.retired_at).hash(&mut hasher);
    watch.grading.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The watch that the form would make, and what the person should know of its query; nothing is written. `slug` names
/// the watch that is being changed.
///
/// # Errors
/// [`Denied::Form`] with a sentence for each field that cannot be taken.
pub async fn check(
    rows: &mut Rows,
    lang: Lang,
    slug: Option<&str>,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<(Watch, Vec<Notice>)> {
    let watches = rows.list_watches().await?;
    let before = slug.and_then(|slug| watches.iter().find(|w| w.slug == slug));
    let outlets = rows.list_outlets().await?;
    let names = Names::new(&outlets, &watches);
    let (grading, wrong) = grading::read(lang, wanted, &names, now);
    let mut slips = wrong;
    let mut slip = |field, sentence: String| slips.push(Slip { field, sentence });
    let name = wanted.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let new_slug = slug_of(&name, &watches);
    let made = Watch {
        id: before.map_or(WatchId(0), |w| w.id),
        slug: before.map_or(new_slug, |w| w.slug.clone()),
        name,
        query: wanted.query.trim().to_owned(),
        weight: wanted.weight.trim().parse().unwrap_or(0),
        urgency: wanted.urgency,
        hold: if wanted.hold.trim().is_empty() { 0 } else { wanted.hold.trim().parse().unwrap_or(u32::MAX) },
        grading,
        retired_at: before.and_then(|w| w.retired_at),
    };
    if made.name.is_empty() {
        slip("nome", t(lang, "archive.watch.no_name").to_owned());
    } else if made.name.chars().count() > LONGEST_NAME {
        slip("nome", fill(lang, "archive.watch.long_name", &[("most", &LONGEST_NAME.to_string())]));
    } else if watches.iter().any(|w| w.slug != made.slug && key(&w.name) == key(&made.name)) {
        slip("nome", t(lang, "archive.watch.same_name").to_owned());
    }
    if !(1..=10).contains(&made.weight) {
        slip("peso", t(lang, "archive.watch.bad_weight").to_owned());
    }
    if made.hold > MOST_HOLD {
        slip("trattieni", fill(lang, "archive.watch.bad_hold", &[("most", &MOST_HOLD.to_string())]));
    }
    let changed = with(names.outlets.clone(), &watches, &made);
    let notices = match check_watch(&made.query, &changed, now) {
        _ if made.query.is_empty() => {
            slip("ricerca", t(lang, "archive.watch.no_query").to_owned());
            Vec::new()
        }
        Err(error) => {
            slip("ricerca", query_sentence(lang, &error));
            Vec::new()
        }
        Ok(notices) => notices,
    };
    if let Some(hurt) = before.and_then(|_| silenced(&watches, &made, &names, &changed, now)) {
        slip("nome", fill(lang, "archive.watch.silences", &[("name", hurt)]));
    }
    if slips.is_empty() { Ok((made, notices)) } else { Err(Denied::Form(slips).into()) }
}

/// How the form would grade, and its weight, where both can be read; what cannot asks for nothing.
pub async fn graded(lang: Lang, wanted: &Wanted, rows: &mut Rows, now: Timestamp) -> Result<(Grading, u8)> {
    let names = Names::new(&rows.list_outlets().await?, &rows.list_watches().await?);
    Ok((grading::read(lang, wanted, &names, now).0, wanted.weight.trim().parse().unwrap_or(5)))
}

/// The names of the office once this watch stands.
fn with(outlets: Vec<OutletName>, watches: &[Watch], made: &Watch) -> Names {
    let name = |w: &Watch| WatchName { slug: w.slug.clone(), name: w.name.clone(), query: w.query.clone() };
    let others = watches.iter().filter(|w| w.slug != made.slug).map(name);
    Names { outlets, watches: others.chain([name(made)]).collect() }
}

/// Another watch whose query runs now and would not any more.
fn silenced<'a>(watches: &'a [Watch], made: &Watch, now: &Names, then: &Names, at: Timestamp) -> Option<&'a str> {
    let others = watches.iter().filter(|w| w.slug != made.slug && w.retired_at.is_none());
    let mut naming = others.filter(|w| w.query.contains(':'));
    let hurt = naming.find(|w| check_watch(&w.query, now, at).is_ok() && check_watch(&w.query, then, at).is_err());
    hurt.map(|w| w.name.as_str())
}

/// Makes a watch; gives its slug.
pub async fn create(store: &Store, login: &str, lang: Lang, wanted: &Wanted, now: Timestamp) -> Result<String> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Curate).await?;
    let (watch, _) = check(&mut write, lang, None, wanted, now).await?;
    let id = write.record_watch(&watch).await?;
    write.record_event(now, &actor(&user), "watch.add", &subject(id), None, Some(&told(&watch))).await?;
    past::wish(&mut write, id, Reach::Days(past::DAYS), &actor(&user), now).await?;
    write.commit().await?;
    Ok(watch.slug)
}

/// Changes a watch that still is as it was when the form was made (`seen`, by [`mark`]).
///
/// # Errors
/// [`Denied::Changed`] if somebody was faster.
pub async fn edit(
    store: &Store,
    login: &str,
    lang: Lang,
    slug: &str,
    seen: &str,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Curate).await?;
    let before = find(&mut write, slug).await?;
    let (watch, _) = check(&mut write, lang, Some(slug), wanted, now).await?;
    if watch == before {
        return Ok(());
    }
    if mark(&before) != seen {
        return Err(changed(&mut write, &before, lang, now).await?);
    }
    replace(write, &user, "watch.edit", &before, &watch, now).await
}

/// Retires a watch: it clips nothing more; what it clipped stays.
pub async fn retire(store: &Store, login: &str, slug: &str, now: Timestamp) -> Result<()> {
    set_retired(store, login, slug, Some(now), now).await
}

/// Takes a retired watch up again.
pub async fn restore(store: &Store, login: &str, slug: &str, now: Timestamp) -> Result<()> {
    set_retired(store, login, slug, None, now).await
}

async fn set_retired(
    store: &Store,
    login: &str,
    slug: &str,
    retired_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Curate).await?;
    let before = find(&mut write, slug).await?;
    // pressed twice: the first time counts
    if before.retired_at.is_some() == retired_at.is_some() {
        return Ok(());
    }
    let verb = if retired_at.is_some() { "watch.retire" } else { "watch.restore" };
    replace(write, &user, verb, &before, &Watch { retired_at, ..before.clone() }, now).await
}

async fn replace(
    mut write: Write,
    user: &User,
    verb: &str,
    before: &Watch,
    after: &Watch,
    now: Timestamp,
) -> Result<()> {
    let id = write.record_watch(after).await?;
    write.record_event(now, &actor(user), verb, &subject(id), Some(&told(before)), Some(&told(after))).await?;
    if begins_to_alert(before, after) {
        write.record_alerts_considered(id, now).await?;
    }
    let finds_other = before.query != after.query || before.grading != after.grading || before.retired_at.is_some();
    if finds_other && after.retired_at.is_none() {
        past::wish(&mut write, id, Reach::Days(past::DAYS), &actor(user), now).await?;
    }
    write.commit().await?;
    Ok(())
}

pub(crate) async fn find(rows: &mut Rows, slug: &str) -> Result<Watch> {
    let unknown = || Error::from(Denied::Unknown { what: "watch", name: slug.to_owned() });
    rows.find_watch(slug).await?.ok_or_else(unknown)
}

/// Who changed the watch last, and when.
async fn changed(rows: &mut Rows, watch: &Watch, lang: Lang, now: Timestamp) -> Result<Error> {
    let event = match rows.find_last_event(&subject(watch.id)).await? {
        Some(event) => Some(event),
        None => rows.find_last_event("office").await?,
    };
    let by = match event.as_ref().map(|e| &e.who) {
        Some(Actor::User { id }) => rows.find_user_by_id(*id).await?.map(|user| user.name),
        _ => None,
    };
    let by = by.unwrap_or_else(|| t(lang, "archive.watch.console").to_owned());
    Ok(Denied::Changed { by, at: event.map_or(now, |e| e.at) }.into())
}

fn subject(id: WatchId) -> String {
    format!("watch:{id}")
}

/// The watch for the log.
fn told(watch: &Watch) -> String {
    json!({
        "name": watch.name, "query": watch.query, "weight": watch.weight, "urgency": watch.urgency,
        "hold": watch.hold, "grading": watch.grading,
        "retired": watch.retired_at.is_some(),
    })
    .to_string()
}

/// Two spellings of a name have one key.
fn key(name: &str) -> String {
    let folded = salastampa_text::fold(name);
    folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-")
}

/// A name for files and for `tema:` that no watch has.
fn slug_of(name: &str, watches: &[Watch]) -> String {
    let key = key(name);
    let stem = match key.get(..key.len().min(60)).unwrap_or_default().trim_matches('-') {
        "" => "tema",
        stem => stem,
    };
    // the desk has a page of its own at `nuovo`
    let free = |slug: &String| slug != "nuovo" && watches.iter().all(|w| w.slug != *slug);
    let numbered = (2..).map(|n| format!("{stem}-{n}"));
    std::iter::once(stem.to_owned()).chain(numbered).find(free).expect("numbers do not end")
}

#[cfg(test)]
mod tests;
