-- What of the outbox waits because our side was refused, and how fast it may leave.

-- one row a lane: kind '' is all mail
create table pause (
    kind text not null,
    thing bigint not null,
    cause text not null,
    said text not null,
    -- null: it was paused once, and goes on since resumed_at
    at bigint,
    probe_at bigint,
    resumed_at bigint,
    primary key (kind, thing)
);

-- whose fault it was, where it was ours or the relay's
alter table attempt add column cause text;
create index attempt_by_cause on attempt (cause, ended) where cause is not null;

-- when the next message to a domain may leave; domain '' is all of them
create table mail_pace (
    domain text not null primary key,
    next_at bigint not null
);
-- 1: due_at is an instant that was kept free for it
alter table delivery add column paced bigint not null default 0;
create index delivery_in_turn on delivery (state, priority, due_at, id);
-- the name beside the address, as it was when the message first left: a retry is the same bytes
alter table delivery add column to_name text;
