//! Subscriptions to hubs, which tell that a feed has news (W3C WebSub).

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{SourceId, Subscription, Timestamp};

impl Rows {
    /// The subscription of a source, confirmed or not.
    pub async fn find_subscription(&mut self, source: SourceId) -> Result<Option<Subscription>, Error> {
        let row = sql("select * from hub where source = $1").number(source.0).optional(self).await?;
        row.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Remembers that a hub was asked; another hub or topic takes the place of the one before, whose lease ends.
    pub async fn record_subscription(&mut self, asked: &Subscription) -> Result<(), Error> {
        sql("insert into hub (source, hub, topic, asked_at, until) values ($1, $2, $3, $4, $5) \
             on conflict (source) do update set until = case when hub.hub = excluded.hub and hub.topic = excluded.topic \
             then hub.until else excluded.until end, hub = excluded.hub, topic = excluded.topic, \
             asked_at = excluded.asked_at")
        .number(asked.source.0)
        .text(&asked.hub)
        .text(&asked.topic)
        .time(asked.asked_at)
        .maybe_time(asked.until)
        .run(self)
        .await?;
        Ok(())
    }

    /// Sets the end of a lease; `None` is a subscription that the hub refused.
    pub async fn record_lease(&mut self, source: SourceId, until: Option<Timestamp>) -> Result<(), Error> {
        sql("update hub set until = $1 where source = $2").maybe_time(until).number(source.0).run(self).await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Subscription, Error> {
    Ok(Subscription {
        source: SourceId(row.number("source")?),
        hub: row.text("hub")?,
        topic: row.text("topic")?,
        asked_at: row.time("asked_at")?,
        until: row.maybe_time("until")?,
    })
}
