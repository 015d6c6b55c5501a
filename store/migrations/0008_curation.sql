-- The curator's hand: what people decided about an issue, beside what the machine proposes for it.

create table issue (
    edition bigint not null references edition (id),
    slot text not null,
    begun_at bigint,
    confirmed_by bigint references staff (id),
    confirmed_at bigint,
    primary key (edition, slot)
);

-- A line of an issue that somebody touched, as one JSON value.
create table hand (
    edition bigint not null references edition (id),
    slot text not null,
    story bigint not null references story (id),
    version bigint not null,
    content text not null,
    primary key (edition, slot, story)
);

-- Each act of a person on an issue, with the lines before and after.
create table curation (
    id bigint not null primary key,
    edition bigint not null references edition (id),
    slot text not null,
    at bigint not null,
    who bigint not null references staff (id),
    verb text not null,
    change text not null,
    undone_at bigint
);
create index curation_of_issue on curation (edition, slot, id);

-- What a person said of two stories: the same, or not the same.
create table story_tie (
    id bigint not null primary key,
    kind text not null,
    story bigint not null references story (id),
    other bigint not null references story (id),
    articles text not null,
    alerts text not null,
    who bigint not null references staff (id),
    at bigint not null,
    undone_at bigint
);
create index story_tie_of_other on story_tie (other);

-- Signed links to a thing that were made before this instant open nothing any more.
create table revoked_link (
    purpose text not null,
    thing bigint not null,
    at bigint not null,
    who bigint not null references staff (id),
    primary key (purpose, thing)
);

create index alert_by_time on alert (at, id);
