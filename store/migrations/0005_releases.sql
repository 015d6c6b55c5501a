-- What the office says, and to whom.

create table release (
    id bigint not null primary key,
    slug text not null unique,
    register_year bigint,
    register_number bigint,
    kind text not null,
    title text not null,
    draft text not null,
    author bigint not null references staff (id),
    state text not null,
    current_version bigint,
    embargo_until bigint,
    public_at bigint,
    withdrawn text,
    unique (register_year, register_number)
);

create table release_version (
    id bigint not null primary key,
    release bigint not null references release (id),
    number bigint not null,
    author bigint not null references staff (id),
    at bigint not null,
    markdown text not null,
    title text not null,
    subject text not null,
    html text not null,
    plain text not null,
    page text not null,
    summary text not null,
    lists text not null,
    corrects bigint references release_version (id),
    sha256 text not null,
    unique (release, number)
);

create table pickup (
    release bigint not null references release (id),
    article bigint not null references article (id),
    level text not null,
    of_article bigint not null,
    of_release bigint not null,
    at bigint not null,
    primary key (release, article)
);
create index pickup_by_time on pickup (at);

create table contact (
    id bigint not null primary key,
    address text not null unique,
    name text not null,
    outlet text not null,
    medium text not null,
    beats text not null,
    territory text not null,
    language text not null,
    accepts_embargo bigint not null,
    basis text not null,
    origin text not null,
    notice_at bigint,
    expires text,
    opted_out_at bigint
);

create table mailing_list (
    id bigint not null primary key,
    slug text not null unique,
    name text not null,
    membership text not null
);

create table list_member (
    list bigint not null references mailing_list (id),
    contact bigint not null references contact (id),
    primary key (list, contact)
);

create table suppression (
    hash text not null primary key,
    at bigint not null,
    why text not null
);
