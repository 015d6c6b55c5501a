-- Of the weightiest proposals of an issue, how many there were and how many a person let stand.
alter table issue_work add column first_ten bigint not null default 0;
alter table issue_work add column first_kept bigint not null default 0;
