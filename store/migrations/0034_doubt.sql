-- How often the mail server's log was asked for a message in doubt; when it is asked again stands in next_at.
alter table delivery add column looked bigint not null default 0;
