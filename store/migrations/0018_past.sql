-- What comes in from before: batches of an old archive with the articles of each, and the past that a watch still has to
-- clip. An article of an import is never grouped: it is no news, and its story is over.

alter table article add column imported bigint not null default 0;
drop index article_unplaced;
create index article_unplaced on article (seq) where grouped_at is null and imported = 0;
create index article_placed on article (id) where grouped_at is not null;

create table import_batch (
    id bigint not null primary key,
    name text not null,
    hash text not null,
    form text not null,
    who text not null,
    at bigint not null,
    position bigint not null,
    taken bigint not null,
    known bigint not null,
    refused bigint not null,
    refused_bytes bigint not null,
    done_at bigint,
    back_by text,
    back_at bigint,
    removed bigint not null default 0,
    spared bigint not null default 0
);
create index import_batch_of_file on import_batch (hash);

create table import_article (
    article bigint not null primary key references article (id),
    batch bigint not null references import_batch (id)
);
create index import_article_of_batch on import_article (batch, article);

create table watch_past (
    watch bigint not null primary key references watch (id),
    since bigint,
    seq bigint not null,
    after_page text,
    made bigint not null,
    who text not null,
    at bigint not null,
    done_at bigint
);
create index watch_past_waiting on watch_past (watch) where done_at is null;
