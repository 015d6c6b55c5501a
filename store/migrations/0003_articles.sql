-- What was published: articles on their way (`found`), articles kept, and where they belong. Indexes of identity begin
-- with the text that is looked up: PostgreSQL without fresh statistics took `outlet` alone and read all its articles.

create table found (
    id bigint not null primary key,
    source bigint not null references source (id),
    host text not null,
    page_at bigint not null,
    attempts bigint not null,
    worker text,
    leased_until bigint,
    title_key text,
    day bigint not null,
    outlet bigint not null references outlet (id),
    via text not null,
    url text not null,
    key text not null,
    guid text,
    title text not null,
    lead text not null,
    body text not null,
    authors text not null,
    rubric text,
    language text,
    signals text not null,
    backlog bigint not null,
    published_at bigint,
    first_seen bigint not null,
    unique (key, outlet)
);
create index found_due on found (page_at);
create index found_by_guid on found (guid, source);
create index found_by_title on found (title_key, outlet, day);

create table article (
    id bigint not null primary key,
    seq bigint not null unique,
    revision bigint not null,
    source bigint,
    title_key text,
    day bigint not null,
    outlet bigint not null references outlet (id),
    via text not null,
    url text not null,
    key text not null,
    guid text,
    title text not null,
    lead text not null,
    authors text not null,
    rubric text,
    language text,
    signals text not null,
    backlog bigint not null,
    published_at bigint,
    first_seen bigint not null,
    kept_at bigint not null,
    grouped_at bigint,
    copy_group bigint,
    story bigint,
    derived_from bigint,
    likeness bigint,
    unique (key, outlet)
);
create index article_by_guid on article (guid, source);
create index article_by_title on article (title_key, outlet, day);
create index article_by_first_seen on article (first_seen);
create index article_of_story on article (story);
create index article_unplaced on article (seq) where grouped_at is null;

-- Every reading of an article. The only table with long texts, and the only one that retention empties.
create table article_text (
    article bigint not null references article (id),
    revision bigint not null,
    kind text not null,
    at bigint not null,
    hash text not null,
    title text not null,
    lead text not null,
    body text not null,
    primary key (article, revision)
);

-- When the archive could be asked for what lies up to `seq`.
create table index_commit (
    seq bigint not null primary key,
    at bigint not null
);

create table story (
    id bigint not null primary key,
    lead bigint not null references article (id),
    since bigint not null,
    touched bigint not null
);

create table copy_group (
    id bigint not null primary key,
    root bigint not null references article (id)
);
