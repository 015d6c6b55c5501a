-- Whoever asked on the public newsroom to get releases by mail: what they asked for, and what they confirmed from their mailbox.
create table subscriber (
    id bigint not null primary key,
    address text not null unique,
    topics text not null,
    asked text not null,
    asked_at bigint not null,
    confirmed_at bigint,
    consent text not null,
    left_at bigint
);
create index subscriber_by_ask on subscriber (asked_at);
