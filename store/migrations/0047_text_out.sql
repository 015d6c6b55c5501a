-- Where the text that is out stood when a newer one was begun, so that the newer one can be let go; and of a message whose
-- place a newer text has taken, what it was before.
alter table release add column text_out text;
alter table delivery add column superseded text;

-- Corrections that are being written: the log has the state that each began from.
update release set text_out = (
    select '{"state":' || e.state_before || ',"public_at":' || coalesce(cast(release.public_at as text), 'null')
        || ',"embargo_until":' || coalesce(cast(release.embargo_until as text), 'null') || '}'
    from event e where e.subject = 'release:' || cast(release.id as text)
        and (e.state_before like '{"state":"sent"%' or e.state_before like '{"state":"sending"%')
    order by e.id desc limit 1)
where current_version is not null and stage in ('draft', 'in_review', 'approved', 'scheduled');
