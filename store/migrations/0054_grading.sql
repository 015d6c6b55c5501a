-- How a watch grades what its query found: terms with weights, the least that is asked, a bound for each outlet.
alter table watch add column grading text not null default '{}';
