//! What a person decides about a source that is there.

use super::find;
use crate::desk::{AtDesk, line, slip};
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{
    Act, Actor, ErrandId, ErrandKind, Event, Origin, Setting, Source, SourceOverride, Timestamp, User,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Rows, Write};
use serde_json::json;

/// Longest reason, in characters.
const LONGEST: usize = 400;

/// Leaves a source alone until it is resumed, whatever its declaration says.
pub async fn pause(desk: AtDesk<'_>, slug: &str, why: &str) -> Result<()> {
    set(desk, slug, Setting::Paused(true), why).await
}

/// Has a source visited again, at once.
pub async fn resume(desk: AtDesk<'_>, slug: &str) -> Result<()> {
    let (mut write, user, source) = begin(&desk, slug).await?;
    if !source.paused {
        return Ok(());
    }
    let set = find_override(&mut write, &source, "paused").await?;
    match set {
        Some(set) if set.declared == Setting::Paused(false) => write.remove_override(&set).await?,
        // declared as left alone: the desk says otherwise
        _ => {
            let why = t(desk.lang, "sources.resumed").to_owned();
            write.record_override(&over(&desk, &user, &source, Setting::Paused(false), why)).await?;
        }
    }
    write.record_source_due(source.id, desk.now).await?;
    let subject = Event::about_source(slug);
    write.record_event(desk.now, &actor(&user), "source.resume", &subject, None, None).await?;
    write.commit().await?;
    Ok(())
}

/// Sets something of a source over its declaration, with the reason. Set to what is declared, the override ends.
///
/// # Errors
/// [`Denied::Form`] without a reason; [`Denied::Invalid`] for the order of a map or a wire, which have none.
pub async fn set(desk: AtDesk<'_>, slug: &str, setting: Setting, why: &str) -> Result<()> {
    let why = line(why);
    if why.is_empty() || why.chars().count() > LONGEST {
        return Err(Denied::Form(vec![slip("why", t(desk.lang, "sources.slip.why"))]).into());
    }
    let (mut write, user, source) = begin(&desk, slug).await?;
    if setting == Setting::Front(true) && !source.kind.has_order() {
        return Err(Denied::Invalid(vec![t(desk.lang, "sources.slip.no_order").to_owned()]).into());
    }
    let before = setting.of(&source);
    if before == setting {
        return Ok(());
    }
    match find_override(&mut write, &source, setting.field()).await? {
        Some(known) if known.declared == setting => write.remove_override(&known).await?,
        _ => write.record_override(&over(&desk, &user, &source, setting.clone(), why.clone())).await?,
    }
    let verb = if setting == Setting::Paused(true) { "source.pause" } else { "source.set" };
    log(&mut write, &desk, &user, verb, slug, (json!(before), json!({ "set": setting, "why": why }))).await?;
    write.commit().await?;
    Ok(())
}

/// Visits a source from now on where its site says that it is. Only an address that was proposed is taken: another one is
/// another source.
pub async fn relocate(desk: AtDesk<'_>, slug: &str, url: &str) -> Result<()> {
    let (mut write, user, source) = begin(&desk, slug).await?;
    let proposed = source.learned.proposed.iter().find(|place| place.url == url).cloned();
    let place = proposed.ok_or_else(|| Denied::Unknown { what: "address", name: url.to_owned() })?;
    let setting = Setting::Address { url: place.url, host: place.host };
    let states = (json!(setting.of(&source)), json!({ "set": setting }));
    let why = t(Lang::It, "sources.because.relocate").to_owned();
    let mut set = over(&desk, &user, &source, setting, why);
    // what is declared is where it was before the first move
    if let Some(before) = find_override(&mut write, &source, "address").await? {
        set.declared = before.declared;
    }
    write.record_override(&set).await?;
    write.record_source_due(source.id, desk.now).await?;
    log(&mut write, &desk, &user, "source.relocate", slug, states).await?;
    write.commit().await?;
    Ok(())
}

/// Gives back what is declared.
pub async fn restore(desk: AtDesk<'_>, slug: &str, field: &str) -> Result<()> {
    let (mut write, user, source) = begin(&desk, slug).await?;
    let Some(set) = find_override(&mut write, &source, field).await? else { return Ok(()) };
    write.remove_override(&set).await?;
    let states = (json!(set.setting), json!(set.declared));
    log(&mut write, &desk, &user, "source.restore", slug, states).await?;
    write.commit().await?;
    Ok(())
}

/// Retires a source that was added at the desk: not visited any more, never deleted, its articles stay.
///
/// # Errors
/// [`Denied::Invalid`] for a source of `feeds.toml`, which leaves by leaving the file.
pub async fn retire(desk: AtDesk<'_>, slug: &str) -> Result<()> {
    retired(desk, slug, Some(desk.now), "source.retire").await
}

/// Takes a retired source of the desk back; it is visited at once.
pub async fn revive(desk: AtDesk<'_>, slug: &str) -> Result<()> {
    retired(desk, slug, None, "source.revive").await
}

async fn retired(desk: AtDesk<'_>, slug: &str, at: Option<Timestamp>, verb: &str) -> Result<()> {
    let (mut write, user, source) = begin(&desk, slug).await?;
    if source.origin != Origin::Desk {
        return Err(Denied::Invalid(vec![fill(desk.lang, "sources.slip.of_the_file", &[("name", slug)])]).into());
    }
    if source.retired_at.is_some() == at.is_some() {
        return Ok(());
    }
    write.record_source_retired(source.id, at).await?;
    if at.is_none() {
        write.record_source_due(source.id, desk.now).await?;
    }
    write.record_event(desk.now, &actor(&user), verb, &Event::about_source(slug), None, None).await?;
    write.commit().await?;
    Ok(())
}

/// Asks for a visit now; the program that runs takes it at once.
///
/// # Errors
/// [`Denied::Invalid`] where nothing is visited: a source in pause, or retired.
pub async fn visit_now(desk: AtDesk<'_>, slug: &str) -> Result<ErrandId> {
    let (mut write, user, source) = begin(&desk, slug).await?;
    if !source.is_active() {
        return Err(Denied::Invalid(vec![t(desk.lang, "sources.slip.not_visited").to_owned()]).into());
    }
    let who = actor(&user);
    let id = write.record_errand(&ErrandKind::Visit { source: slug.to_owned() }, &who, desk.now).await?;
    write.record_event(desk.now, &who, "source.visit", &Event::about_source(slug), None, None).await?;
    write.commit().await?;
    Ok(id)
}

async fn begin(desk: &AtDesk<'_>, slug: &str) -> Result<(Write, User, Source)> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Administer).await?;
    let source = find(&mut write, slug).await?;
    Ok((write, user, source))
}

async fn find_override(rows: &mut Rows, source: &Source, field: &str) -> Result<Option<SourceOverride>> {
    Ok(rows.list_overrides(source.id).await?.into_iter().find(|set| set.setting.field() == field))
}

fn over(desk: &AtDesk<'_>, user: &User, source: &Source, setting: Setting, why: String) -> SourceOverride {
    let by = Actor::User { id: user.id };
    SourceOverride { source: source.id, declared: setting.of(source), setting, by, at: desk.now, why }
}

async fn log(
    write: &mut Write,
    desk: &AtDesk<'_>,
    user: &User,
    verb: &str,
    slug: &str,
    (before, after): (serde_json::Value, serde_json::Value),
) -> Result<()> {
    let (before, after) = (before.to_string(), after.to_string());
    let subject = Event::about_source(slug);
    write.record_event(desk.now, &actor(user), verb, &subject, Some(&before), Some(&after)).await?;
    Ok(())
}
