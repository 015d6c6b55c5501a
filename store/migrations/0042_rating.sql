-- What readers of public pages say of them: no address, no hour, no name; the day is enough to count and to purge. A page is
-- known by its path without the words that may change; reason is one of the closed answers of the national model, 1 to 5.
create table rating (
    id bigint not null primary key,
    page text not null,
    release bigint references release (id),
    day text not null,
    stars bigint not null,
    reason bigint,
    words text not null
);
create index rating_of_page on rating (page, day);
create index rating_of_day on rating (day, id);
