-- What importance is made of: the grade of a clipping, the office's weights, what its decisions taught, and the two numbers
-- of each issue.

-- Where the words of the watch and the people in office stand, as one JSON value; absent where nobody looked.
alter table clipping add column grade text;

-- One row, like the settings.
create table weights (
    id bigint not null primary key,
    version bigint not null,
    at bigint not null,
    who text not null,
    content text not null
);

-- What the decisions about a watch taught: made anew each night.
create table watch_model (
    watch bigint not null primary key references watch (id),
    content text not null
);

-- Work and sources of an issue that is out, as they were when its first version left.
create table issue_work (
    edition bigint not null references edition (id),
    slot text not null,
    at bigint not null,
    active_ms bigint not null,
    acts bigint not null,
    alive bigint not null,
    total bigint not null,
    kept bigint not null,
    dropped bigint not null,
    added bigint not null,
    primary key (edition, slot)
);
create index issue_work_by_time on issue_work (at);
