//! Articles go into a dossier and out of it. Each act names its articles in the log, and is taken back by that line.

use super::{Wanted, find, new, told};
use crate::desk::{AtDesk, slip};
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, ArticleId, Dossier, EventId, Filed, User};
use salastampa_locale::{fill, t};
use salastampa_store::Write;
use serde::{Deserialize, Serialize};

/// At most so many articles go in at once.
pub const MOST: usize = 500;
/// At most so many lie in one dossier.
pub const MOST_FILED: usize = 10_000;

/// What an act did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// The dossier's name in addresses.
    pub slug: String,
    /// As people see it.
    pub name: String,
    /// Articles that went in or out.
    pub changed: usize,
    /// Articles that were there, or were not, already.
    pub already: usize,
    /// The line of the log, by which it is taken back; none where nothing changed.
    pub event: Option<EventId>,
}

/// Which articles, for the log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Moved {
    articles: Vec<Placed>,
}

/// An article in a dossier, as the log has it: who put it there and when, so that it can be put back the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Placed {
    id: ArticleId,
    by: salastampa_domain::UserId,
    at: i64,
}

/// Puts articles into a dossier, the first [`MOST`] of them.
///
/// # Errors
/// [`Denied::Form`] where the dossier was put away or is full.
pub async fn put(desk: AtDesk<'_>, slug: &str, articles: &[ArticleId]) -> Result<Done> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let dossier = find(&mut write, slug).await?;
    filed(write, &desk, &user, &dossier, articles).await
}

/// Makes a dossier of that name and puts articles into it, as one act of two lines.
pub async fn put_into_new(desk: AtDesk<'_>, name: &str, articles: &[ArticleId]) -> Result<Done> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let wanted = Wanted { name: name.to_owned(), about: String::new() };
    let dossier = new(&mut write, &desk, &wanted, user.id).await?;
    let (subject, told) = (Dossier::subject(dossier.id), told(&dossier));
    write.record_event(desk.now, &actor(&user), "dossier.add", &subject, None, Some(&told)).await?;
    filed(write, &desk, &user, &dossier, articles).await
}

async fn filed(
    mut write: Write,
    desk: &AtDesk<'_>,
    user: &User,
    dossier: &Dossier,
    articles: &[ArticleId],
) -> Result<Done> {
    if dossier.archived_at.is_some() {
        return Err(Denied::Form(vec![slip("in", t(desk.lang, "dossier.is_away"))]).into());
    }
    let there = write.count_filed().await?.into_iter().find(|(id, ..)| *id == dossier.id).map_or(0, |(_, n, _)| n);
    let asked = &articles[..articles.len().min(MOST)];
    if there + asked.len() > MOST_FILED {
        let most = salastampa_locale::number::whole(MOST_FILED as i64, desk.lang);
        return Err(Denied::Form(vec![slip("in", fill(desk.lang, "dossier.full", &[("most", &most)]))]).into());
    }
    let mut done = Done { slug: dossier.slug.clone(), name: dossier.name.clone(), ..Done::default() };
    let mut moved = Moved::default();
    for article in write.list_articles(asked).await? {
        let filed = Filed { dossier: dossier.id, article: article.id, by: user.id, at: desk.now };
        match write.file_article(&filed).await? {
            true => moved.articles.push(entry(&filed)),
            false => done.already += 1,
        }
    }
    done.changed = moved.articles.len();
    if done.changed > 0 {
        done.event = Some(record(&mut write, desk, user, "dossier.put", dossier, None, Some(&moved)).await?);
    }
    write.commit().await?;
    Ok(done)
}

fn entry(filed: &Filed) -> Placed {
    Placed { id: filed.article, by: filed.by, at: filed.at.0 }
}

async fn record(
    write: &mut Write,
    desk: &AtDesk<'_>,
    user: &User,
    verb: &str,
    dossier: &Dossier,
    before: Option<&Moved>,
    after: Option<&Moved>,
) -> Result<EventId> {
    let text = |moved: Option<&Moved>| moved.map(serde_json::to_string).transpose().map_err(anyhow::Error::from);
    let (before, after) = (text(before)?, text(after)?);
    let subject = Dossier::subject(dossier.id);
    Ok(write.record_event(desk.now, &actor(user), verb, &subject, before.as_deref(), after.as_deref()).await?)
}

/// Takes articles out of a dossier.
pub async fn take(desk: AtDesk<'_>, slug: &str, articles: &[ArticleId]) -> Result<Done> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let dossier = find(&mut write, slug).await?;
    let mut done = Done { slug: dossier.slug.clone(), name: dossier.name.clone(), ..Done::default() };
    let mut moved = Moved::default();
    for article in articles.iter().take(MOST) {
        match write.unfile_article(dossier.id, *article).await? {
            Some(filed) => moved.articles.push(entry(&filed)),
            None => done.already += 1,
        }
    }
    done.changed = moved.articles.len();
    if done.changed > 0 {
        done.event = Some(record(&mut write, &desk, &user, "dossier.take", &dossier, Some(&moved), None).await?);
    }
    write.commit().await?;
    Ok(done)
}

/// Takes back an act of one's own, by its line in the log. What somebody has moved since stays as it is.
pub async fn undo(desk: AtDesk<'_>, event: EventId) -> Result<Done> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let unknown = || Denied::Unknown { what: "dossier", name: event.to_string() };
    let line = write.find_event(event).await?.filter(|line| line.who == actor(&user)).ok_or_else(unknown)?;
    let id = line.subject.strip_prefix("dossier:").and_then(|n| n.parse().ok()).ok_or_else(unknown)?;
    let dossier = write.find_dossier_by_id(salastampa_domain::DossierId(id)).await?.ok_or_else(unknown)?;
    let read = |text: &Option<String>| -> Moved {
        text.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    };
    let mut done = Done { slug: dossier.slug.clone(), name: dossier.name.clone(), ..Done::default() };
    let mut moved = Moved::default();
    match line.verb.as_str() {
        "dossier.put" => {
            for one in read(&line.after).articles {
                let now = write.list_filed_of(&[one.id]).await?;
                let same = now.iter().any(|f| f.dossier == dossier.id && entry(f) == one);
                if same && write.unfile_article(dossier.id, one.id).await?.is_some() {
                    moved.articles.push(one);
                } else {
                    done.already += 1;
                }
            }
        }
        "dossier.take" => {
            for one in read(&line.before).articles {
                let at = salastampa_domain::Timestamp(one.at);
                let filed = Filed { dossier: dossier.id, article: one.id, by: one.by, at };
                match write.file_article(&filed).await? {
                    true => moved.articles.push(one),
                    false => done.already += 1,
                }
            }
        }
        _ => return Err(unknown().into()),
    }
    done.changed = moved.articles.len();
    if done.changed > 0 {
        done.event = Some(record(&mut write, &desk, &user, "dossier.undo", &dossier, None, Some(&moved)).await?);
    }
    write.commit().await?;
    Ok(done)
}
