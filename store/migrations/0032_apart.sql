-- Two records that look like one person and that somebody at the desk has called two people; the smaller number first.
create table contact_apart (
    a bigint not null references contact (id),
    b bigint not null references contact (id),
    primary key (a, b)
);
create index contact_apart_of_second on contact_apart (b);
