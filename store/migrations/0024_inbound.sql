-- What comes back, in words; what became of a message after its server took it over; addresses that reject mail.

-- The journalist to whom a person has put it; where it has a token, the delivery knows.
alter table inbound add column contact bigint references contact (id);
alter table inbound add column bytes bigint not null default 0;
alter table inbound add column status text not null default '';
alter table inbound add column said text not null default '';
alter table inbound add column sender text not null default '';
alter table inbound add column subject text not null default '';
alter table inbound add column excerpt text not null default '';
alter table inbound add column aside_at bigint;
-- The same mail twice is one.
create unique index inbound_by_file on inbound (file);
create index inbound_of_delivery on inbound (delivery);
create index inbound_of_contact on inbound (contact);

-- What was told of a delivery later: it arrived, it is still tried, it came back.
create table delivery_return (
    delivery bigint not null primary key references delivery (id),
    at bigint not null,
    kind text not null,
    status text not null,
    said text not null
);

-- Not hashed like a suppression, because it goes with the person.
create table returned_address (
    address text not null primary key,
    suspended_at bigint,
    confirmed_at bigint,
    freed_at bigint
);
create index returned_address_suspended on returned_address (suspended_at) where suspended_at is not null;
