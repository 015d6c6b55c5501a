-- telephones of a journalist, as JSON texts, and the hours of the Italian clock in which no release is mailed to them
alter table contact add column phones text not null default '[]';
alter table contact add column quiet text;
