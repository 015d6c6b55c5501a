//! House templates (*modelli*): the head of the press office and the administrator keep them, whoever writes begins with one.
//!
//! What the office wrote stands before the texts of the first day (`salastampa_releases::templates`). One of those that is
//! changed or put away is a row under its name; taken up again, the row goes and the text of the first day stands. Each
//! change is a line of the log with the text before and after, so that nothing is lost.

use crate::desk::{AtDesk, changed, line, mark, slip, slug};
use crate::house::{actor, allowed};
use crate::{Denied, Error, House, Result, Slip};
use salastampa_domain::template::ReleaseTemplate;
use salastampa_domain::{Act, Timestamp};
use salastampa_locale::{fill, t};
use salastampa_releases::Fields;
use salastampa_releases::compose::compose;
use salastampa_releases::draft::parse;
use salastampa_releases::templates::ready;
use salastampa_store::{Rows, Store};

/// Longest name, in characters.
const LONGEST_NAME: usize = 120;
/// Most templates that an office keeps, those put away included: a list that is read, not searched.
const MOST: usize = 60;
/// The page where a new template is written has this name: no template can.
const RESERVED: &str = "nuovo";

/// A template as the desk shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The template.
    pub template: ReleaseTemplate,
    /// It has the name of a text of the first day.
    pub is_ready: bool,
    /// The office has changed it or put it away.
    pub is_own: bool,
}

/// All templates, those put away included: the texts of the first day in their order, then the office's own.
pub async fn all(rows: &mut Rows, house: &House) -> Result<Vec<Kept>> {
    let mut own = rows.list_templates().await?;
    let mut all = Vec::new();
    for ready in ready(house.lang) {
        let mine = own.iter().position(|template| template.slug == ready.slug).map(|at| own.remove(at));
        let is_own = mine.is_some();
        let template = mine.unwrap_or_else(|| ReleaseTemplate {
            slug: ready.slug.to_owned(),
            name: t(house.lang, ready.name).to_owned(),
            text: ready.text.to_owned(),
            is_away: false,
        });
        all.push(Kept { template, is_ready: true, is_own });
    }
    all.extend(own.into_iter().map(|template| Kept { template, is_ready: false, is_own: true }));
    Ok(all)
}

/// The template of that name that is offered.
pub async fn offered(rows: &mut Rows, house: &House, slug: &str) -> Result<ReleaseTemplate> {
    let found = find(rows, house, slug).await?;
    if found.template.is_away { Err(unknown(slug)) } else { Ok(found.template) }
}

/// Begins a release with a template, under the name `to`. What is to be filled in stands in it as it stands in the template.
///
/// # Errors
/// [`Denied::Unknown`]; [`Denied::Exists`] where a release has that name; [`Denied::Invalid`] for a name that cannot be.
pub async fn begin(store: &Store, house: &House, from: &str, to: &str, login: &str, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let text = offered(&mut write, house, from).await?.text;
    let draft = crate::release::read(house, &text)?;
    crate::release::must_be_free(&mut write, house, to).await?;
    crate::release::begin(&mut write, &user, to, &text, &draft, now).await?;
    write.commit().await?;
    Ok(())
}

/// Writes a template; gives its name in addresses.
pub async fn add(desk: AtDesk<'_>, name: &str, fields: &Fields) -> Result<String> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Templates).await?;
    let taken: Vec<String> = all(&mut write, desk.house).await?.into_iter().map(|kept| kept.template.slug).collect();
    if taken.len() >= MOST {
        let sentence = fill(desk.lang, "composer.template.many", &[("most", &MOST.to_string())]);
        return Err(Denied::Form(vec![slip("nome", sentence)]).into());
    }
    let made = slug(&line(name), &taken);
    let made = if made.is_empty() || made == RESERVED { slug("modello", &taken) } else { made };
    let template =
        ReleaseTemplate { text: text(&desk, name, "", fields)?, slug: made.clone(), name: line(name), is_away: false };
    write.record_template(&template).await?;
    let is = told(&template)?;
    write.record_event(desk.now, &actor(&user), "template.add", &subject(&made), None, Some(&is)).await?;
    write.commit().await?;
    Ok(made)
}

/// Changes a template that still is as when the form was made (`seen`, by [`mark`]); one that was put away is offered again.
///
/// # Errors
/// [`Denied::Changed`] if somebody was faster.
pub async fn edit(desk: AtDesk<'_>, slug: &str, seen: &str, name: &str, fields: &Fields) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Templates).await?;
    let before = find(&mut write, desk.house, slug).await?.template;
    let text = text(&desk, name, &before.text, fields)?;
    let after = ReleaseTemplate { name: line(name), text, is_away: false, ..before.clone() };
    if after == before {
        return Ok(());
    }
    if mark(&before) != seen {
        return Err(changed(&mut write, &subject(slug), &desk).await?.into());
    }
    write.record_template(&after).await?;
    let (was, is) = (told(&before)?, told(&after)?);
    write.record_event(desk.now, &actor(&user), "template.edit", &subject(slug), Some(&was), Some(&is)).await?;
    write.commit().await?;
    Ok(())
}

/// Takes a template away: one of the office's own is gone (its text stays in the log), one of the first day is put away.
pub async fn remove(desk: AtDesk<'_>, slug: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Templates).await?;
    let before = find(&mut write, desk.house, slug).await?;
    if before.is_ready {
        write.record_template(&ReleaseTemplate { is_away: true, ..before.template.clone() }).await?;
    } else {
        write.remove_template(slug).await?;
    }
    let was = told(&before.template)?;
    write.record_event(desk.now, &actor(&user), "template.remove", &subject(slug), Some(&was), None).await?;
    write.commit().await?;
    Ok(())
}

/// Gives a template of the first day its first text again.
pub async fn restore(desk: AtDesk<'_>, slug: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Templates).await?;
    let before = find(&mut write, desk.house, slug).await?;
    if !before.is_ready || !before.is_own {
        return Ok(());
    }
    write.remove_template(slug).await?;
    let was = told(&before.template)?;
    write.record_event(desk.now, &actor(&user), "template.restore", &subject(slug), Some(&was), None).await?;
    write.commit().await?;
    Ok(())
}

/// The text that a form makes of the one before, if it reads and has a name; all that is wrong otherwise.
fn text(desk: &AtDesk<'_>, name: &str, before: &str, fields: &Fields) -> Result<String> {
    let mut slips: Vec<Slip> = Vec::new();
    let name = line(name);
    if name.is_empty() {
        slips.push(slip("nome", t(desk.lang, "composer.template.no_name")));
    } else if name.chars().count() > LONGEST_NAME {
        slips.push(slip("nome", fill(desk.lang, "composer.template.long", &[("most", &LONGEST_NAME.to_string())])));
    }
    let text = compose(before, fields);
    if let Err(problems) = parse(&text) {
        slips.extend(problems.iter().map(|problem| crate::release::problem_slip(problem, desk.lang)));
    }
    if slips.is_empty() { Ok(text) } else { Err(Denied::Form(slips).into()) }
}

async fn find(rows: &mut Rows, house: &House, slug: &str) -> Result<Kept> {
    all(rows, house).await?.into_iter().find(|kept| kept.template.slug == slug).ok_or_else(|| unknown(slug))
}

fn unknown(slug: &str) -> Error {
    Denied::Unknown { what: "template", name: slug.to_owned() }.into()
}

fn subject(slug: &str) -> String {
    format!("template:{slug}")
}

/// The template for the log.
fn told(template: &ReleaseTemplate) -> Result<String> {
    Ok(serde_json::to_string(template).map_err(anyhow::Error::from)?)
}
