-- Alerts in tiers: a row carries the instant at which something is to be done with it, and a story may be told again.

create table alert_in_rounds (
    id bigint not null primary key,
    story bigint not null references story (id),
    watch bigint not null references watch (id),
    reader bigint not null references reader (id),
    round bigint not null,
    article bigint not null references article (id),
    tier text not null,
    at bigint not null,
    state text not null,
    due_at bigint,
    left_at bigint,
    gated bigint not null,
    note text not null,
    again text,
    unique (story, watch, reader, round)
);
insert into alert_in_rounds (id, story, watch, reader, round, article, tier, at, state, left_at, gated, note)
    select id, story, watch, reader, 0, article, 'flash', at, state, at, 0, '' from alert;
drop table alert;
alter table alert_in_rounds rename to alert;
create index alert_by_time on alert (at, id);
create index alert_due on alert (due_at) where due_at is not null;
create index alert_of_article on alert (article);
create index alert_by_leaving on alert (left_at);

-- Who said of a story: not for me. By the link in an alert; asked before a story is told again, and when rules learn.
create table not_for_me (
    story bigint not null references story (id),
    watch bigint not null references watch (id),
    reader bigint not null references reader (id),
    at bigint not null,
    primary key (story, watch, reader)
);

-- Who is told in a reader's place, and whether that is so in quiet hours.
alter table reader add column second bigint references reader (id);
alter table reader add column second_at_night bigint not null default 0;

-- Minutes that an alert of the watch stands at the gate.
alter table watch add column hold bigint not null default 0;
