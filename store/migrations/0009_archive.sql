-- What the pages of the archive look up beside an article: its copies, where it was printed, and who changed what last.

create index article_of_copies on article (copy_group);
create index text_use_of_article on text_use (article, id);
create index if not exists event_of_subject on event (subject, id);
