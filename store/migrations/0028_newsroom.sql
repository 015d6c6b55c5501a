-- Which text of a release the public reads from when. A row of the future is a correction that waits for its hour; one
-- that is overtaken before its hour is taken out, so that what is past here was public.
create table release_standing (
    release bigint not null references release (id),
    version bigint not null references release_version (id),
    since bigint not null,
    primary key (release, version)
);

-- Of releases from before this step only the text that stands is known.
insert into release_standing (release, version, since)
select r.id, v.id,
    case when v.corrects is not null and v.at > r.public_at then v.at
        when r.embargo_until > r.public_at then r.embargo_until
        else r.public_at end
from release r join release_version v on v.id = r.current_version
where r.public_at is not null;

create index release_by_hour on release (public_at);
