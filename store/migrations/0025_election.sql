-- The calendar of elections. What an election says is JSON, as it stands in a file.
create table election (
    id bigint primary key,
    slug text not null unique,
    content text not null
);
