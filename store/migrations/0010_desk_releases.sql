-- What the desk asks of releases and of the outbox: lists by state and words, the log of one thing, the newest first.

alter table release add column stage text not null default 'draft';
-- The title without case and accents, written with the row.
alter table release add column folded text not null default '';

-- The only look that SQL ever takes into a state: rows from before this step are told which column they go to.
update release set
    stage = case
        when state like '%"state":"in_review"%' then 'in_review'
        when state like '%"state":"approved"%' then 'approved'
        when state like '%"state":"scheduled"%' then 'scheduled'
        when state like '%"state":"sending"%' then 'sending'
        when state like '%"state":"sent"%' then 'sent'
        when state like '%"state":"withdrawn"%' then 'withdrawn'
        else 'draft'
    end,
    folded = replace(replace(replace(replace(replace(replace(lower(title), 'à', 'a'), 'è', 'e'), 'é', 'e'), 'ì', 'i'),
        'ò', 'o'), 'ù', 'u');

create index release_by_stage on release (stage, id);
create index if not exists event_of_subject on event (subject, id);
create index delivery_by_kind on delivery (kind, id);
create index delivery_newest_in_state on delivery (state, id);
create index delivery_by_queued on delivery (queued_at);
