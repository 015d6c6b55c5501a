-- notifications on the telephone beside the mail of an alert
alter table reader add column push text;
create table push (
    id bigint not null primary key,
    kind text not null,
    thing bigint not null,
    version bigint not null,
    round bigint not null,
    reader bigint not null references reader (id),
    note text not null,
    expires_at bigint not null,
    state text not null,
    tries bigint not null,
    due_at bigint not null,
    ended_at bigint,
    said text not null,
    unique (kind, thing, version, round, reader)
);
create index push_due on push (state, due_at);
