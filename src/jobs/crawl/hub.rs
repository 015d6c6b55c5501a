//! Asks the hub of a feed to tell us of news (W3C WebSub), where the office lets hubs reach it.

use crate::app::App;
use anyhow::Result;
use salastampa_acts::token;
use salastampa_crawler::hints::Hub;
use salastampa_domain::time::{DAY, SECOND};
use salastampa_domain::{SourceId, Subscription, Timestamp, Token, TokenPurpose};

/// How long we ask a hub to remember us; it may decide otherwise.
const LEASE: i64 = 10 * DAY / SECOND;

/// Whether a hub tells of news of the source.
pub(super) async fn holds(app: &App, source: SourceId, now: Timestamp) -> Result<bool> {
    if !app.config.crawler.websub {
        return Ok(false);
    }
    let known = app.store.read().await?.find_subscription(source).await?;
    Ok(known.is_some_and(|known| known.holds(now)))
}

/// Asks the hub, where that is wished for and due. A hub that does not answer is asked again later; the source is visited
/// at its own pace meanwhile.
pub(super) async fn subscribe(app: &App, source: SourceId, named: &Hub) -> Result<()> {
    let now = app.clock.now();
    if !app.config.crawler.websub {
        return Ok(());
    }
    let known = app.store.read().await?.find_subscription(source).await?;
    let same = known.filter(|known| known.hub == named.hub && known.topic == named.topic);
    if same.is_some_and(|known| !known.is_due(now)) {
        return Ok(());
    }
    let asked = Subscription { source, hub: named.hub.clone(), topic: named.topic.clone(), asked_at: now, until: None };
    // before the question: the hub may confirm while it is still being asked
    let mut write = app.store.write().await?;
    write.record_subscription(&asked).await?;
    write.commit().await?;
    let key = &app.house.key;
    let token = token::sign(key, &Token { purpose: TokenPurpose::Hub, thing: source.0, reader: None, until: None });
    let callback = format!("{}/websub/{token}", app.house.base_url);
    let secret = token::hub_secret(key, source);
    let fields = [
        ("hub.callback", callback.as_str()),
        ("hub.mode", "subscribe"),
        ("hub.topic", &named.topic),
        ("hub.secret", &secret),
        ("hub.lease_seconds", &LEASE.to_string()),
    ];
    match app.client.post_form(&named.hub, &fields, 64 << 10).await {
        Ok(answer) if (200..300).contains(&answer.status) => {}
        Ok(answer) => tracing::info!(hub = named.hub, status = answer.status, "the hub does not take us"),
        Err(why) => tracing::info!(hub = named.hub, %why, "the hub does not answer"),
    }
    Ok(())
}
