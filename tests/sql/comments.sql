-- SPDX-License-Identifier: MIT
-- An analyst meets this database in psql: every table, view and type, and every column of them, says
-- what it is.
begin;
select plan(2);

select is_empty($$
	select c.relname from pg_class c
	where c.relnamespace = 'fluxtrack'::regnamespace and c.relkind in ('r', 'p', 'v', 'c') and not c.relispartition
		and coalesce(obj_description(c.oid, 'pg_class'), obj_description(c.reltype, 'pg_type')) is null
$$, 'every table, view and type has a comment');
select is_empty($$
	select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
	where c.relnamespace = 'fluxtrack'::regnamespace and c.relkind in ('r', 'p', 'v', 'c') and not c.relispartition
		and a.attnum > 0 and not a.attisdropped and col_description(c.oid, a.attnum) is null
$$, 'every column has a comment');

select * from finish();
rollback;
