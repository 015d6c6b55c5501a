-- How articles were placed, so that the window of the grouping can be made again to the letter: in which order, by
-- which table of term weights; and what the machine found of stories that it did not join, or joined later.

-- The place of an article among all that were placed, from 1; none for those of before.
alter table article add column placed bigint;
-- The first article that was placed by the same table of weights.
alter table article add column weighed bigint;
-- The story that it may belong to though it founded one of its own.
alter table article add column perhaps bigint;
create index article_by_placing on article (placed) where placed is not null;
create index article_perhaps on article (perhaps) where perhaps is not null;

-- Stories that the machine joined to another: their numbers lead there for ever.
create table story_merge (
    other bigint not null primary key references story (id),
    story bigint not null references story (id),
    at bigint not null,
    likeness bigint not null,
    articles text not null
);

-- A story of a followed watch is kept open longer; set by the job that places articles, at midnight of its stream.
alter table story add column followed bigint not null default 0;
