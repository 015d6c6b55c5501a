-- What is known of the page of an article and of what its source told of it, to notice a change; and when its page is
-- looked at again, once it is clipped.

create table look (
    article bigint not null primary key references article (id),
    host text not null,
    told text,
    told_at bigint,
    headline text,
    dated bigint,
    etag text,
    last_modified text,
    body_hash text,
    since bigint,
    due_at bigint,
    attempts bigint not null,
    missing_since bigint,
    seen_at bigint,
    outcome text,
    worker text,
    leased_until bigint
);
create index look_due on look (due_at) where due_at is not null;
create index article_text_later on article_text (at) where revision > 1;
