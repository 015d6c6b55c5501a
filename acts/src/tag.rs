//! Shared tags (*etichette*): words that the office puts on articles. Two spellings of one word are one tag; it is called
//! as it was first written, and is forgotten with its last article.

use crate::desk::{AtDesk, line, slip};
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, ArticleId, Tag};
use salastampa_locale::{fill, t};
use serde_json::json;

/// Longest tag, in characters.
const LONGEST: usize = 40;
/// Most tags on one article.
const MOST: usize = 20;
/// At most so many articles are tagged at once.
const MOST_ARTICLES: usize = 500;

/// What two spellings of a tag have in common: accents, case and signs away.
pub fn key(name: &str) -> String {
    let folded = salastampa_text::fold(name).to_lowercase();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Puts tags on articles, several divided by commas; gives how many were new on an article.
///
/// # Errors
/// [`Denied::Form`] for a word that can be no tag, or where an article has too many.
pub async fn put(desk: AtDesk<'_>, articles: &[ArticleId], typed: &str) -> Result<usize> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let names = checked(&desk, typed)?;
    let asked = &articles[..articles.len().min(MOST_ARTICLES)];
    let mut new = 0;
    for article in write.list_articles(asked).await? {
        let before = write.list_tags_of(&[article.id]).await?.len();
        let mut put = Vec::new();
        for (key, name) in &names {
            let tag = write.record_tag(key, name).await?;
            if write.tag_article(tag, article.id, user.id, desk.now).await? {
                put.push(name.as_str());
            }
        }
        if before + put.len() > MOST {
            return Err(refused(fill(desk.lang, "dossier.tag.full", &[("most", &MOST.to_string())])));
        }
        if put.is_empty() {
            continue;
        }
        new += put.len();
        let told = json!({ "tags": put }).to_string();
        let about = format!("article:{}", article.id);
        write.record_event(desk.now, &actor(&user), "tag.put", &about, None, Some(&told)).await?;
    }
    write.commit().await?;
    Ok(new)
}

/// Takes a tag from an article; gives its name. Nothing where it was not there.
pub async fn take(desk: AtDesk<'_>, article: ArticleId, key: &str) -> Result<Option<Tag>> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::Curate).await?;
    let Some(tag) = write.find_tag(key).await? else { return Ok(None) };
    if !write.untag_article(tag.id, article).await? {
        return Ok(None);
    }
    let told = json!({ "tags": [tag.name] }).to_string();
    let about = format!("article:{article}");
    write.record_event(desk.now, &actor(&user), "tag.take", &about, Some(&told), None).await?;
    write.commit().await?;
    Ok(Some(tag))
}

fn refused(sentence: impl Into<String>) -> crate::Error {
    Denied::Form(vec![slip("etichetta", sentence)]).into()
}

/// Keys and names of what was typed.
fn checked(desk: &AtDesk<'_>, typed: &str) -> Result<Vec<(String, String)>> {
    let names = typed.split([',', ';', '\n']).map(line).filter(|name| !name.is_empty());
    let mut tags: Vec<(String, String)> = Vec::new();
    for name in names.take(MOST + 1) {
        let key = key(&name);
        if key.is_empty() || name.chars().count() > LONGEST {
            return Err(refused(fill(
                desk.lang,
                "dossier.tag.bad",
                &[("name", &name), ("most", &LONGEST.to_string())],
            )));
        }
        if tags.iter().all(|(other, _)| *other != key) {
            tags.push((key, name));
        }
    }
    if tags.is_empty() { Err(refused(t(desk.lang, "dossier.tag.empty"))) } else { Ok(tags) }
}
