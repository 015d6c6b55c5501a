-- Photos and documents of releases. Their bytes lie in the folder of files.

alter table release_version add column files text not null default '{}';

-- Those of the text in the making.
create table release_files (
    release bigint not null primary key references release (id),
    files text not null
);

-- Which file is used where: version 0 is the text in the making. Asked at each reading of a file.
create table file_use (
    sha256 text not null,
    release bigint not null references release (id),
    version bigint not null,
    primary key (sha256, release, version)
);
create index file_use_of_release on file_use (release, version);

-- The photo bank: each photo once, with what was last said of it.
create table photo (
    file text not null primary key,
    web text not null,
    thumb text not null,
    photo text not null,
    folded text not null,
    staff bigint not null references staff (id),
    at bigint not null
);
create index photo_by_time on photo (at, file);
