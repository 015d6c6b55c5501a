//! Mail that came back.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{DeliveryId, Inbound, InboundId};

impl Rows {
    /// The last mails that came back, newest first.
    pub async fn list_inbound(&mut self, limit: usize) -> Result<Vec<Inbound>, Error> {
        sql("select * from inbound order by id desc limit $1").count(limit).all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Books a mail that came back; the number in `inbound` is ignored.
    pub async fn record_inbound(&mut self, inbound: &Inbound) -> Result<InboundId, Error> {
        let id = self.draw("inbound").await?;
        sql("insert into inbound (id, at, kind, delivery, file) values ($1, $2, $3, $4, $5)")
            .number(id)
            .time(inbound.at)
            .word(&inbound.kind)
            .maybe_number(inbound.delivery.map(|d| d.0))
            .text(&inbound.file)
            .run(self)
            .await?;
        Ok(InboundId(id))
    }
}

fn read(row: &Row) -> Result<Inbound, Error> {
    Ok(Inbound {
        id: InboundId(row.number("id")?),
        at: row.time("at")?,
        kind: row.word("kind")?,
        delivery: row.maybe_number("delivery")?.map(DeliveryId),
        file: row.text("file")?,
    })
}
