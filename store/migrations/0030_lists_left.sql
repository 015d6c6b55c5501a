-- Lists that a journalist has left by their own word. Such a list takes them in no more, by hand or by rule, whatever the
-- office or an import says: only they come back.
create table list_left (
    list bigint not null references mailing_list (id),
    contact bigint not null references contact (id),
    at bigint not null,
    primary key (list, contact)
);
create index list_left_of_contact on list_left (contact);
