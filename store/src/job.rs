//! Which worker does a job, and which slot of a schedule is done.

use crate::sql::{broken, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Slot, Timestamp};

impl Rows {
    /// The newest slot that a scheduled job has done.
    pub async fn slot_done(&mut self, job: &str) -> Result<Option<Slot>, Error> {
        let row = sql("select slot from slot_done where job = $1").text(job).optional(self).await?;
        row.map(|row| read_slot("slot", &row.text("slot")?)).transpose()
    }
}

impl Write {
    /// Takes a job until `until`, or keeps it for as long again. False while another worker holds it.
    pub async fn claim_job(
        &mut self,
        name: &str,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let changed = sql("insert into job (name, worker, leased_until) values ($1, $2, $3) \
             on conflict (name) do update set worker = excluded.worker, leased_until = excluded.leased_until \
             where job.worker = $2 or job.leased_until <= $4")
        .text(name)
        .text(worker)
        .time(until)
        .time(now)
        .run(self)
        .await?;
        Ok(changed > 0)
    }

    /// Gives a job back, if this worker holds it.
    pub async fn release_job(&mut self, name: &str, worker: &str) -> Result<(), Error> {
        sql("delete from job where name = $1 and worker = $2").text(name).text(worker).run(self).await?;
        Ok(())
    }

    /// Remembers that a slot is done.
    pub async fn record_slot(&mut self, job: &str, slot: Slot) -> Result<(), Error> {
        sql("insert into slot_done (job, slot) values ($1, $2) on conflict (job) do update set slot = excluded.slot")
            .text(job)
            .text(&slot.to_string())
            .run(self)
            .await?;
        Ok(())
    }
}

/// A slot as it was written.
pub(crate) fn read_slot(column: &str, text: &str) -> Result<Slot, Error> {
    Slot::parse(text).ok_or_else(|| broken(column, format!("{text:?} is no civil time")))
}
