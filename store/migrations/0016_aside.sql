-- Articles that the archive could not take in, as it says itself in its last commit: here for people to see.

create table aside (
    article bigint not null primary key references article (id),
    seq bigint not null,
    reason text not null,
    at bigint not null
);
