-- Since when a journalist is held, and the last signs that the record is right: what the notice of art. 14 and the review
-- after 24 months are reckoned from. Of older rows the log knows; where it does not, they are as old as the log.

alter table contact add column added_at bigint;
alter table contact add column changed_at bigint;
alter table contact add column confirmed_at bigint;
update contact set added_at = coalesce(
    (select min(at) from event where subject = 'contact:' || contact.id and verb = 'contact.add'),
    (select min(at) from event));
update contact set changed_at =
    (select max(at) from event where subject = 'contact:' || contact.id and verb = 'contact.edit');
