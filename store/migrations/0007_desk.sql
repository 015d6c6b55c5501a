-- Who is at the desk now. A session is known by the hash of a random token that only the browser holds; `kept` is what was
-- typed when a session had ended, given back after the next login.

create table session (
    hash text not null primary key,
    staff bigint not null references staff (id),
    csrf text not null,
    made_at bigint not null,
    seen_at bigint not null,
    complete bigint not null,
    flash text,
    kept text
);
create index session_of_staff on session (staff);

-- Failed logins by account (`user:…`) and by where they came from (`from:…`): it outlives a restart.
create table login_failure (
    key text not null primary key,
    failures bigint not null,
    since bigint not null,
    closed_until bigint not null
);

alter table staff add column preferences text;
alter table staff add column second_factor text;

-- Each issue says how many articles were read for it.
create index article_by_kept on article (kept_at);
