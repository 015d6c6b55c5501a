-- What the desk asks of journalists and sources. The keys of a contact are folded texts that the program writes beside
-- the row (PostgreSQL and SQLite fold and sort differently): they are filled for older rows when the store opens.

alter table contact add column sort_key text not null default '';
alter table contact add column search_key text not null default '';
alter table contact add column beats_key text not null default '';
alter table contact add column territory_key text not null default '';
create index contact_by_name on contact (sort_key, id);
create index list_member_of_contact on list_member (contact);
create index delivery_of_contact on delivery (contact);

-- What a person at the desk has set of a source against its declaration, and what comes back when that ends.
create table source_override (
    source bigint not null references source (id),
    field text not null,
    setting text not null,
    declared text not null,
    who text not null,
    at bigint not null,
    why text not null,
    primary key (source, field)
);
