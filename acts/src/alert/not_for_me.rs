//! *Non mi interessa*: what a reader says of an alert by its signed link, without login; twice is as once.
//!
//! It is written down for each watch that spoke: the story does not come back to that reader, and rules may learn from it.
//! Left out: anything that the reader did not say; nobody counts who opens a mail.

use crate::{Denied, House, Result, token};
use salastampa_domain::{Actor, Alert, AlertId, Timestamp, TokenPurpose};
use salastampa_store::{Rows, Store};
use serde_json::json;

/// What a link is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// Title of the article; empty where nobody may see it any more.
    pub title: String,
    /// The watches that spoke.
    pub watches: Vec<String>,
}

/// What a link is about, for the page with the one button. Changes nothing.
pub async fn about(store: &Store, house: &House, text: &str, now: Timestamp) -> Result<About> {
    let mut rows = store.read().await?;
    let told = told(&mut rows, house, text, now).await?;
    described(&mut rows, &told).await
}

/// Says of the story of a link that it is not for its reader.
pub async fn say(store: &Store, house: &House, text: &str, now: Timestamp) -> Result<About> {
    let mut write = store.write().await?;
    let told = told(&mut write, house, text, now).await?;
    let mut new = Vec::new();
    for alert in &told {
        if write.record_not_for_me(alert.story, alert.watch, alert.reader, now).await? {
            new.push(alert.watch.0);
        }
    }
    if let (Some(first), false) = (told.first(), new.is_empty()) {
        let after = json!({ "reader": first.reader, "watches": new }).to_string();
        let who = Actor::Link { purpose: TokenPurpose::NotForMe };
        write
            .record_event(now, &who, "alert.not_for_me", &format!("story:{}", first.story), None, Some(&after))
            .await?;
    }
    let about = described(&mut write, &told).await?;
    write.commit().await?;
    Ok(about)
}

/// The alerts that were told in the mail of a link: of one story and reader.
async fn told(rows: &mut Rows, house: &House, text: &str, now: Timestamp) -> Result<Vec<Alert>> {
    let unknown = || Denied::Unknown { what: "link", name: String::new() };
    let token = token::open(&house.key, text, now).filter(|t| t.purpose == TokenPurpose::NotForMe);
    let alert = match token {
        Some(token) => rows.find_alert(AlertId(token.thing)).await?,
        None => None,
    };
    let alert = alert.ok_or_else(unknown)?;
    let mut told = rows.list_alerts_of(alert.story, alert.reader).await?;
    told.retain(|a| a.id == alert.id || a.is_told());
    Ok(told)
}

async fn described(rows: &mut Rows, told: &[Alert]) -> Result<About> {
    let ids: Vec<_> = told.iter().map(|a| a.article).take(1).collect();
    let withdrawn = rows.list_withdrawn(&ids).await?;
    let article = rows.list_articles(&ids).await?.pop().filter(|a| !withdrawn.contains(&a.id));
    let title = article.map(|a| a.title).unwrap_or_default();
    let watches = rows.list_watches().await?;
    let spoke = watches.into_iter().filter(|w| told.iter().any(|a| a.watch == w.id)).map(|w| w.name);
    Ok(About { title, watches: spoke.collect() })
}
