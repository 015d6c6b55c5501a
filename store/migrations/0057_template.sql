-- The office's own texts to begin a release with. A row stands in the place of the text of the first day that has its name.
create table release_template (
    id bigint primary key,
    slug text not null unique,
    content text not null
);
