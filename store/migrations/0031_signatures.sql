-- The last article that a name signed in an outlet: of all names, so that who is written down later is found too. The key
-- is the folded name (text::person_key); it can be made again from the articles.
create table signature (
    name text not null,
    outlet bigint not null references outlet (id),
    article bigint not null references article (id),
    at bigint not null,
    primary key (name, outlet)
);
create index signature_of_article on signature (article);
