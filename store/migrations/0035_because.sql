-- why an article stands in its story, and the nearest story that it did not join
alter table article add column because text;
alter table article add column beside bigint;
alter table article add column beside_likeness bigint;
