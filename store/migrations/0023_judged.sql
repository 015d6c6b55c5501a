-- What a person said of the use that an article made of a release; `none` where it made none.
alter table pickup add column judged text;
alter table pickup add column judged_by bigint;
alter table pickup add column judged_at bigint;
