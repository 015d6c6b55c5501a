-- What the office looks for, for whom, and what it made of it.

create table watch (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    query text not null,
    weight bigint not null,
    urgency text not null,
    retired_at bigint
);

create table person (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    aliases text not null,
    office text not null,
    since_day text,
    until_day text
);

create table edition (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    schedule text not null,
    ready_before bigint not null,
    visibility text not null,
    cap bigint not null,
    done text not null
);

create table section (
    id bigint not null primary key,
    edition bigint not null references edition (id),
    place bigint not null,
    name text not null,
    watches text not null,
    unique (edition, name)
);

create table reader (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    address text not null,
    language text not null,
    watches text not null,
    editions text not null,
    receives text not null,
    quiet text
);

create table clipping (
    id bigint not null primary key,
    article bigint not null references article (id),
    watch bigint not null references watch (id),
    matched_at bigint not null,
    why text not null,
    fresh bigint not null,
    state text not null,
    alert_considered_at bigint,
    unique (article, watch)
);
create index clipping_by_time on clipping (watch, matched_at);
create index clipping_to_alert on clipping (id) where fresh = 1 and alert_considered_at is null;

create table alert (
    id bigint not null primary key,
    story bigint not null references story (id),
    watch bigint not null references watch (id),
    reader bigint not null references reader (id),
    article bigint not null references article (id),
    at bigint not null,
    state text not null,
    unique (story, watch, reader)
);

-- The review as one JSON value. `slot_at` is its slot as an instant, to sort by.
create table review (
    id bigint not null primary key,
    edition bigint not null references edition (id),
    slot text not null,
    slot_at bigint not null,
    version bigint not null,
    content text not null,
    unique (edition, slot)
);

-- A published version as it went out: never written twice.
create table review_version (
    review bigint not null references review (id),
    version bigint not null,
    at bigint not null,
    content text not null,
    primary key (review, version)
);

create table review_output (
    review bigint not null,
    version bigint not null,
    output text not null,
    sha256 text not null,
    primary key (review, version, output),
    foreign key (review, version) references review_version (review, version)
);

create table text_use (
    id bigint not null primary key,
    at bigint not null,
    outlet bigint not null references outlet (id),
    article bigint not null references article (id),
    output text not null,
    full_text bigint not null,
    chars bigint not null,
    readers bigint not null
);
create index text_use_of_outlet on text_use (outlet, id);
