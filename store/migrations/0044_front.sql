-- the highest place that an address of an outlet had on its front page; it comes before the article, which is kept when its page
-- has been read
create table front (
    outlet bigint not null references outlet (id),
    key text not null,
    place bigint not null,
    at bigint not null,
    primary key (outlet, key)
);
create index front_at on front (at);
