-- What visits teach. `learned` is JSON that SQL never looks into; `gate` is the host whose gate the next visit needs,
-- where that is not the source's own (a redirect leads elsewhere).
alter table source add column learned text not null default '{}';
alter table source add column gate text;
-- How it is read where the general way is not enough, as declared: JSON.
alter table source add column reading text not null default '{}';

-- Several hosts on one machine share one gate: they are joined by its address. `rtt` is the smoothed time of an answer
-- in milliseconds, `asked` the requests of the day `asked_on` (days since 1970), `robots_failing` when robots.txt began
-- to fail.
alter table host add column address text;
alter table host add column rtt bigint;
alter table host add column asked_on bigint;
alter table host add column asked bigint;
alter table host add column robots_failing bigint;
create index host_by_address on host (address);

create index article_by_source on article (source, id);

-- Subscriptions to hubs (WebSub): `until` is the end of the lease that the hub has confirmed.
create table hub (
    source bigint not null primary key references source (id),
    hub text not null,
    topic text not null,
    asked_at bigint not null,
    until bigint
);
