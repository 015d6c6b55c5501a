-- Who is read, and how each visit went.

create table outlet (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    kind text not null,
    area text not null,
    tier bigint not null,
    rights text not null,
    contract text,
    home text
);

create table source (
    id bigint not null primary key,
    slug text not null unique,
    outlet bigint not null references outlet (id),
    kind text not null,
    url text not null,
    host text not null,
    cadence text not null,
    rubric text,
    rights text,
    legal text not null,
    extract bigint not null,
    origin text not null,
    paused bigint not null,
    retired_at bigint,
    next_at bigint not null,
    health text not null,
    etag text,
    last_modified text,
    body_hash text,
    worker text,
    leased_until bigint
);
create index source_due on source (next_at);

-- The gate of a host is open from `opens_at` (the later of `free_at` and `retry_after`) unless somebody is inside.
create table host (
    name text not null primary key,
    free_at bigint not null,
    retry_after bigint,
    opens_at bigint not null,
    robots_at bigint,
    robots_status bigint,
    robots_body text,
    tdm_at bigint,
    tdm_status bigint,
    tdm_body text,
    worker text,
    leased_until bigint
);

create table visit (
    id bigint not null primary key,
    source bigint not null references source (id),
    at bigint not null,
    took bigint not null,
    status bigint,
    conditional bigint not null,
    bytes bigint not null,
    items bigint not null,
    new_items bigint not null,
    good bigint not null,
    outcome text not null
);
create index visit_of_source on visit (source, id);
create index visit_by_time on visit (at);
