-- What the store knows of itself. Columns are text and bigint only: times are milliseconds in UTC, flags 0 or 1,
-- lists and values with parts are JSON that SQL never looks into. So one text serves SQLite and PostgreSQL.

create table meta (
    name text not null primary key,
    value text not null
);

-- One row a table that has numbers, one for the order of changes, one a year for the register of releases.
create table counter (
    name text not null primary key,
    n bigint not null
);

create table cursor (
    job text not null primary key,
    seq bigint not null
);

create table job (
    name text not null primary key,
    worker text not null,
    leased_until bigint not null
);

create table slot_done (
    job text not null primary key,
    slot text not null
);

create table file (
    sha256 text not null primary key,
    bytes bigint not null,
    mime text not null,
    at bigint not null
);

create table staff (
    id bigint not null primary key,
    login text not null unique,
    name text not null,
    address text,
    role text not null,
    second_signature bigint not null,
    password text,
    disabled_at bigint
);

create table event (
    id bigint not null primary key,
    at bigint not null,
    who text not null,
    verb text not null,
    subject text not null,
    state_before text,
    state_after text
);

create table errand (
    id bigint not null primary key,
    kind text not null,
    who text not null,
    at bigint not null,
    result text,
    done_at bigint
);
