-- What the office lays beside articles: dossiers, notes, tags; feeds at secret addresses; and who exported what.

create table dossier (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    about text not null,
    made_by bigint not null,
    made_at bigint not null,
    archived_at bigint
);

create table filed (
    dossier bigint not null references dossier (id),
    article bigint not null references article (id),
    filed_by bigint not null,
    at bigint not null,
    primary key (dossier, article)
);
create index filed_of_article on filed (article, dossier);

create table note (
    id bigint not null primary key,
    article bigint not null references article (id),
    author bigint not null,
    at bigint not null,
    edited_at bigint,
    body text not null
);
create index note_of_article on note (article, id);

-- `key` is the name as it is compared: folded, in small letters.
create table tag (
    id bigint not null primary key,
    key text not null unique,
    name text not null
);

create table tagged (
    tag bigint not null references tag (id),
    article bigint not null references article (id),
    tagged_by bigint not null,
    at bigint not null,
    primary key (tag, article)
);
create index tagged_of_article on tagged (article, tag);

-- The secret of a feed's address is kept as its hash; who renews it changes the hash, and the old address is dead.
create table feed (
    id bigint not null primary key,
    hash text not null unique,
    name text not null,
    subject text not null,
    readers bigint not null,
    made_by bigint not null,
    made_at bigint not null,
    renewed_at bigint,
    revoked_at bigint
);

-- What a feed has shown once is accounted for once, however often it is asked.
create table fed (
    feed bigint not null references feed (id),
    article bigint not null references article (id),
    primary key (feed, article)
);
