-- a word of the office to one journalist, written before a release is sent; then it goes with that message
create table release_note (
    release bigint not null references release (id),
    contact bigint not null references contact (id),
    words text not null,
    primary key (release, contact)
);
create index release_note_of_contact on release_note (contact);
alter table delivery add column note text;
