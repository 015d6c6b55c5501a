-- Links to a review that are one reader's own, and open nothing any more.
create table revoked_reader_link (
    review bigint not null references review (id),
    reader bigint not null,
    at bigint not null,
    who bigint not null references staff (id),
    primary key (review, reader)
);
