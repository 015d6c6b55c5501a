-- Drop folders of agencies: what lies in them, which files and wires have come, and articles that nobody may see yet.

-- A folder is looked at and not visited: no host, no gate.
alter table source add column folder bigint not null default 0;

-- Under embargo or withheld: followers are told that it is not there. At `visible_from` it becomes a change again; where
-- that is null a later version of the wire says when.
alter table article add column hidden bigint not null default 0;
alter table article add column visible_from bigint;
create index article_hidden on article (visible_from) where hidden = 1;

-- A file that may still be growing. `backlog`: it lay there before the folder was first looked at.
create table wire_look (
    source bigint not null references source (id),
    name text not null,
    bytes bigint not null,
    modified bigint not null,
    since bigint not null,
    backlog bigint not null,
    primary key (source, name)
);

-- Files that were read, by the hash of their content.
create table wire_file (
    source bigint not null references source (id),
    hash text not null,
    at bigint not null,
    primary key (hash, source)
);
create index wire_file_by_time on wire_file (at);

-- Each take of a piece in its newest version; its text is part of the article's.
create table wire (
    outlet bigint not null references outlet (id),
    identity text not null,
    version bigint not null,
    article bigint references article (id),
    kind text not null,
    status text not null,
    chain text,
    take bigint not null,
    lines bigint not null,
    at bigint not null,
    notes text not null,
    primary key (identity, outlet)
);
create index wire_by_chain on wire (chain, outlet, at);
create index wire_of_article on wire (article);
