-- When a journalist signed last at an outlet of theirs, by the bylines of the archive: a sign that the record is right.
create table contact_signed (
    contact bigint not null primary key references contact (id),
    at bigint not null
);
