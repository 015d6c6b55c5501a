-- Who has let the words go out that a release quotes them with. The words are known by a hash: others have another row.
create table quote_sign_off (
    release bigint not null references release (id),
    quote text not null,
    content text not null,
    primary key (release, quote)
);
