//! What the crawler may fetch now: due, free, and behind an open gate, one request a host.
//!
//! A claim takes a lease on the row and on its host, so that neither two workers nor a page and a feed are at one
//! server together. A worker that dies leaves leases that run out.

use crate::found::{self, Found};
use crate::look;
use crate::source;
use crate::sql::{built, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Look, Source, SourceId, Timestamp};

impl Rows {
    /// The smallest instant at which there may be something to fetch: for each source and page the latest of its due
    /// time, its lease and the gate of its host. `None` if nothing waits at all.
    pub async fn next_crawl_due(&mut self) -> Result<Option<Timestamp>, Error> {
        let row = sql("select min(case when due > gate then due else gate end) as at from ( \
                 select case when s.next_at > coalesce(s.leased_until, 0) then s.next_at else s.leased_until end as due, \
                        case when coalesce(h.opens_at, 0) > coalesce(h.leased_until, 0) then h.opens_at \
                             else coalesce(h.leased_until, 0) end as gate \
                 from source s left join host h on h.name = coalesce(s.gate, s.host) where s.folder = 0 and s.paused = 0 and s.retired_at is null \
                 union all \
                 select case when f.page_at > coalesce(f.leased_until, 0) then f.page_at else f.leased_until end as due, \
                        case when coalesce(h.opens_at, 0) > coalesce(h.leased_until, 0) then h.opens_at \
                             else coalesce(h.leased_until, 0) end as gate \
                 from found f left join host h on h.name = f.host \
                 union all \
                 select case when l.due_at > coalesce(l.leased_until, 0) then l.due_at else l.leased_until end as due, \
                        case when coalesce(h.opens_at, 0) > coalesce(h.leased_until, 0) then h.opens_at \
                             else coalesce(h.leased_until, 0) end as gate \
                 from look l left join host h on h.name = l.host where l.due_at is not null) waiting")
            .one(self)
            .await?;
        row.maybe_time("at")
    }
}

impl Write {
    /// Takes up to `limit` sources to visit, the longest due first, at most one a host; each with the name of its
    /// host. Their leases end at `until` or with [`Write::record_visit`], those of the hosts with
    /// [`Write::release_host`].
    pub async fn claim_visits(
        &mut self,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Source, String)>, Error> {
        let select = format!(
            "select * from source where id in (select id from (select s.id, \
             row_number() over (partition by coalesce(h.address, s.gate, s.host) order by s.next_at, s.id) as place \
             from source s left join host h on h.name = coalesce(s.gate, s.host) \
             where s.folder = 0 and s.paused = 0 and s.retired_at is null and s.next_at <= $1 \
             and (s.leased_until is null or s.leased_until <= $1) \
             and (h.name is null or h.opens_at <= $1 and (h.leased_until is null or h.leased_until <= $1))) due \
             where place = 1) order by next_at, id limit $2 {}",
            self.skip_locked()
        );
        let rows = built(select).time(now).count(limit).all(self).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let host = row.maybe_text("gate")?.map_or_else(|| row.text("host"), Ok)?;
            let source = source::read(row)?;
            sql("update source set worker = $1, leased_until = $2 where id = $3")
                .text(worker)
                .time(until)
                .number(source.id.0)
                .run(self)
                .await?;
            self.lease_host(&host, worker, until).await?;
            claimed.push((source, host));
        }
        Ok(claimed)
    }

    /// Takes up to `limit` articles whose pages are to be read, the longest due first, at most one a host and none
    /// on a host that is taken.
    pub async fn claim_pages(
        &mut self,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Found>, Error> {
        let select = format!(
            "select * from found where id in (select id from (select f.id, \
             row_number() over (partition by coalesce(h.address, f.host) order by f.page_at, f.id) as place \
             from found f left join host h on h.name = f.host \
             where f.page_at <= $1 and (f.leased_until is null or f.leased_until <= $1) \
             and (h.name is null or h.opens_at <= $1 and (h.leased_until is null or h.leased_until <= $1))) due \
             where place = 1) order by page_at, id limit $2 {}",
            self.skip_locked()
        );
        let rows = built(select).time(now).count(limit).all(self).await?;
        let claimed: Vec<Found> = rows.iter().map(found::read).collect::<Result<_, _>>()?;
        for page in &claimed {
            sql("update found set worker = $1, leased_until = $2 where id = $3")
                .text(worker)
                .time(until)
                .number(page.id)
                .run(self)
                .await?;
            self.lease_host(&page.host, worker, until).await?;
        }
        Ok(claimed)
    }

    /// Takes up to `limit` articles whose pages are to be looked at again, the longest due first, at most one a host
    /// and none on a host that is taken. Their leases end at `until` or with [`Write::record_look`].
    pub async fn claim_looks(
        &mut self,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Look>, Error> {
        let select = format!(
            "select * from look where article in (select article from (select l.article, l.due_at, \
             row_number() over (partition by l.host order by l.due_at, l.article) as place \
             from look l left join host h on h.name = l.host \
             where l.due_at <= $1 and (l.leased_until is null or l.leased_until <= $1) \
             and (h.name is null or h.opens_at <= $1 and (h.leased_until is null or h.leased_until <= $1))) due \
             where place = 1) order by due_at, article limit $2 {}",
            self.skip_locked()
        );
        let rows = built(select).time(now).count(limit).all(self).await?;
        let claimed: Vec<Look> = rows.iter().map(look::read).collect::<Result<_, _>>()?;
        for look in &claimed {
            sql("update look set worker = $1, leased_until = $2 where article = $3")
                .text(worker)
                .time(until)
                .number(look.article.0)
                .run(self)
                .await?;
            self.lease_host(&look.host, worker, until).await?;
        }
        Ok(claimed)
    }

    /// Gives a claimed look back without a try: it stays due.
    pub async fn release_look(&mut self, article: ArticleId) -> Result<(), Error> {
        sql("update look set worker = null, leased_until = null where article = $1")
            .number(article.0)
            .run(self)
            .await?;
        Ok(())
    }

    /// Gives a claimed source back without a visit: it stays due.
    pub async fn release_source(&mut self, id: SourceId) -> Result<(), Error> {
        sql("update source set worker = null, leased_until = null where id = $1").number(id.0).run(self).await?;
        Ok(())
    }

    /// Gives a claimed page back without a try: it stays due.
    pub async fn release_found(&mut self, id: i64) -> Result<(), Error> {
        sql("update found set worker = null, leased_until = null where id = $1").number(id).run(self).await?;
        Ok(())
    }

    async fn lease_host(&mut self, host: &str, worker: &str, until: Timestamp) -> Result<(), Error> {
        sql("insert into host (name, free_at, opens_at, worker, leased_until) values ($1, 0, 0, $2, $3) \
             on conflict (name) do update set worker = excluded.worker, leased_until = excluded.leased_until")
        .text(host)
        .text(worker)
        .time(until)
        .run(self)
        .await?;
        // all names of one machine have one gate
        sql(
            "update host set worker = $1, leased_until = $2 where address = (select address from host where name = $3)",
        )
        .text(worker)
        .time(until)
        .text(host)
        .run(self)
        .await?;
        Ok(())
    }
}
