-- how stories stand, by issue: until now only inside the line of each; a quotation mark in a note is written \", so that the
-- words below are found in their own place alone
alter table hand add column tone text;
update hand set tone = 'favourable' where content like '%"tone":"favourable"%' and content not like '%"state":"dropped"%';
update hand set tone = 'neutral' where content like '%"tone":"neutral"%' and content not like '%"state":"dropped"%';
update hand set tone = 'critical' where content like '%"tone":"critical"%' and content not like '%"state":"dropped"%';
create index hand_with_tone on hand (slot) where tone is not null;
-- at most so many proposals a section that one outlet alone tells; 0 is no limit
alter table edition add column outlet_cap bigint not null default 0;
