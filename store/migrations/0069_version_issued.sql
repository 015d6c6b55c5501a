-- When the first message of each text of a release was taken over by a server: set once, by the program. It was noted of the
-- release alone, which is the hour of its first text; deliveries are not kept for ever, so what was noted stays with that one.
alter table release_version add column issued_at bigint;
update release_version set issued_at = (
    select min(d.accepted_at) from delivery d
    where d.kind = 'release' and d.thing = release_version.release and d.version = release_version.number
);
update release_version set issued_at = (select r.issued_at from release r where r.id = release_version.release)
where issued_at is null
    and id = (
        select s.version from release_standing s
        where s.release = release_version.release order by s.since, s.version limit 1
    )
    and not exists (
        select 1 from release_version v join release r on r.id = v.release
        where v.release = release_version.release and v.issued_at = r.issued_at
    );
alter table release drop column issued_at;
