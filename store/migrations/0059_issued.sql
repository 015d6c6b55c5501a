-- When the first message of a release was taken over by a server: set once, by the program. Deliveries are not kept for ever.
alter table release add column issued_at bigint;
update release set issued_at = (select min(accepted_at) from delivery where kind = 'release' and thing = release.id);
