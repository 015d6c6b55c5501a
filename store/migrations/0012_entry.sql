-- What the office decides about itself, secrets, links that open once, and the log by what people ask of it.

-- One row. `version` is raised by each change, and a running program looks at it.
create table settings (
    id bigint not null primary key,
    version bigint not null,
    at bigint not null,
    who text not null,
    content text not null
);

-- Sealed with the office's key, which is not in the database: a copy of the rows alone tells nothing.
create table secret (
    name text not null primary key,
    sealed text not null
);

-- Links that set up an office or let somebody choose a password, by the hash of their token.
create table entry_link (
    hash text not null primary key,
    purpose text not null,
    staff bigint references staff (id),
    made_at bigint not null,
    until bigint not null
);
create index entry_link_of_staff on entry_link (staff);

create index event_by_time on event (at);
create index event_by_who on event (who, id);
create index event_by_verb on event (verb, id);
create index if not exists event_of_subject on event (subject, id);
