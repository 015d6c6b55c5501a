-- the last day (2026-11-30, Europe/Rome) on which a file may be shown; null where its licence does not end, as that of
-- every file until now
alter table file_use add column until text;
alter table photo add column until text;
create index file_use_until on file_use (until);
create index photo_until on photo (until);
