-- Further addresses of a journalist (JSON texts), what they are at their outlet, other outlets with what they are there
-- (JSON), and notes of the office. By which person an address is held stands in rows, too, so that it is found at once.
alter table contact add column others text not null default '[]';
alter table contact add column role text not null default '';
alter table contact add column posts text not null default '[]';
alter table contact add column notes text not null default '';
create table contact_address (
    address text not null primary key,
    contact bigint not null references contact (id)
);
create index contact_address_of_contact on contact_address (contact);
