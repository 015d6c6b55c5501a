-- What an edition does on public holidays (as always, no issue, or an hour), and which story of a section stands first.
alter table edition add column holidays text not null default 'as_always';
alter table edition add column order_rule text not null default 'importance';
