-- Everything that leaves: one row a message and address.

create table delivery (
    id bigint not null primary key,
    kind text not null,
    thing bigint not null,
    version bigint not null,
    round bigint not null,
    address text not null,
    contact bigint references contact (id),
    reader bigint references reader (id),
    letter text not null,
    priority bigint not null,
    due_at bigint not null,
    expires_at bigint,
    state text not null,
    worker text,
    leased_until bigint,
    next_at bigint,
    -- what it becomes instead of being tried again: it was cancelled or suppressed while a worker held it
    stopped text,
    attempt bigint not null,
    uncertain bigint not null,
    message_id text not null,
    in_reply_to text,
    dated_at bigint not null,
    queued_at bigint not null,
    accepted_at bigint,
    reason text,
    unique (kind, thing, version, round, address)
);
create index delivery_by_state on delivery (state, due_at);
create index delivery_of_address on delivery (address);

create table attempt (
    delivery bigint not null references delivery (id),
    number bigint not null,
    phase text not null,
    started bigint not null,
    ended bigint,
    code bigint,
    said text not null,
    primary key (delivery, number)
);

create table inbound (
    id bigint not null primary key,
    at bigint not null,
    kind text not null,
    delivery bigint references delivery (id),
    file text not null
);
