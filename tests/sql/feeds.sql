-- SPDX-License-Identifier: MIT
-- Feeds: what a file that names them begins and ends, what is kept of one that shrinks, and tags.
begin;
select no_plan();

-- One import. said: a line a name, with its tags behind it.
create function pg_temp.import(feed_name text, said text[], may_shrink boolean default false, format text default 'plain',
	refused jsonb default '{}') returns text language plpgsql
as $$
declare
	result text;
begin
	create temporary table feed_import (name text collate "C", tags text collate "C");
	insert into feed_import select split_part(s, ' ', 1), substr(s, strpos(s || ' ', ' ') + 1) from unnest(said) s;
	select format('%s names, %s new, %s changed, %s gone, %s kept', m.names, m.added, m.changed, m.gone, m.kept) into result
	from import_targets(feed_name, format, refused, may_shrink) m;
	drop table feed_import;
	return result;
end $$;
create function pg_temp.named(feed_name text) returns setof text language sql
as $$ select rtrim(t.name || ' ' || t.tags) from feed_target t join feed f on f.id = t.feed_id
	where f.name = feed_name and t.until is null order by t.name $$;

select is(pg_temp.import('one', '{b.example,"a.example family=x",b.example}', false, 'plain', '{"address": 2}'),
	'2 names, 2 new, 0 changed, 0 gone, 0 kept', 'a first import');
select results_eq('select pg_temp.named(''one'')', '{"a.example family=x",b.example}'::text[], 'begins a row a name');
select row_eq($$select format, names, refused from feed where name = 'one'$$, row('plain'::text, 2::bigint, '{"address": 2}'::jsonb),
	'and is told of the feed');
select ok(bool_and(t.since = f.read_at), 'since when it was read') from feed f join feed_target t on t.feed_id = f.id;

create temporary table first on commit drop as select * from feed_target;
select is(pg_temp.import('one', '{"a.example family=x",b.example}', false, 'hosts'), '2 names, 0 new, 0 changed, 0 gone, 0 kept',
	'the same file again');
select set_eq('select * from feed_target', 'select * from first', 'changes no row');
select row_eq($$select format, names, refused from feed where name = 'one'$$, row('hosts'::text, 2::bigint, '{}'::jsonb),
	'but what is known of the feed');

select is(pg_temp.import('one', '{"a.example family=y"}'), '1 names, 0 new, 1 changed, 1 gone, 0 kept', 'other tags, and a name gone');
select results_eq('select pg_temp.named(''one'')', '{"a.example family=y"}'::text[], 'the new tags count');
select set_eq($$select t.name, t.tags from feed_target t, feed f where t.until = f.read_at$$,
	$$values ('a.example', 'family=x'), ('b.example', '')$$, 'the old ones, and the name, ended when it was read');
select is(pg_temp.import('one', '{"a.example family=y",b.example}'), '2 names, 1 new, 0 changed, 0 gone, 0 kept', 'the name comes back');
select is(count(*), 2::bigint, 'in a row of its own') from feed_target where name = 'b.example';
select ok(o.until <= n.since, 'that begins behind the old one')
from feed_target o, feed_target n where o.name = 'b.example' and n.name = 'b.example' and o.until is not null and n.until is null;

select is(pg_temp.import('two', '{b.example,c.example}'), '2 names, 2 new, 0 changed, 0 gone, 0 kept', 'another feed names it too');
select is(count(*), 2::bigint, 'two feeds, two rows') from feed_target where name = 'b.example' and until is null;
select is(pg_temp.import('one', '{"a.example family=y"}'), '1 names, 0 new, 0 changed, 1 gone, 0 kept', 'the first drops it');
select results_eq('select pg_temp.named(''two'')', '{b.example,c.example}'::text[], 'the other one still names it');
select throws_ok($$insert into feed_target (feed_id, name, tags, since) select feed_id, name, tags, now() from feed_target where until is null$$,
	'23505', null, 'a feed names a name once');

-- A feed that shrinks. Nine names are too few to tell.
select is(pg_temp.import('nine', array(select 'n' || i || '.example' from generate_series(1, 9) i)),
	'9 names, 9 new, 0 changed, 0 gone, 0 kept', 'nine names');
select is(pg_temp.import('nine', '{n1.example}'), '1 names, 0 new, 0 changed, 8 gone, 0 kept', 'nine names may go at once');
select is(pg_temp.import('ten', array(select 'n' || i || '.example' from generate_series(1, 10) i)),
	'10 names, 10 new, 0 changed, 0 gone, 0 kept', 'ten names');
select is(pg_temp.import('ten', '{n1.example,n2.example,n3.example,n4.example,x.example}'),
	'5 names, 1 new, 0 changed, 6 gone, 0 kept', 'half as many are taken as they are');
select is(pg_temp.import('many', array(select 'n' || i || '.example' from generate_series(1, 10) i)),
	'10 names, 10 new, 0 changed, 0 gone, 0 kept', 'ten names again');
select is(pg_temp.import('many', '{n1.example x=1,n2.example,n3.example,x.example}'),
	'4 names, 1 new, 1 changed, 0 gone, 7 kept', 'fewer than half: those missing are kept');
select is(count(*), 11::bigint, 'they still count') from pg_temp.named('many');
select is(names, 4::bigint, 'but the file held four') from feed where name = 'many';
select is(pg_temp.import('many', '{n1.example x=1,n2.example,n3.example,x.example}'),
	'4 names, 0 new, 0 changed, 0 gone, 7 kept', 'the next time as well');
select is(pg_temp.import('many', '{n1.example x=1,n2.example,n3.example,x.example}', true),
	'4 names, 0 new, 0 changed, 7 gone, 0 kept', 'until its user says that it may shrink');

-- A name in several places of a file.
select is(pg_temp.import('double', '{a.example family=y dga=2,b.example,a.example family=x dga=1,a.example family=x dga=1}'),
	'2 names, 2 new, 0 changed, 0 gone, 0 kept', 'a name with several tags is one name');
select results_eq('select pg_temp.named(''double'')', '{a.example dga=1 dga=2 family=x family=y,b.example}'::text[], 'with the tags of all its places');
select is(pg_temp.import('double', '{b.example,a.example dga=1 family=x,a.example dga=2 family=y}'),
	'2 names, 0 new, 0 changed, 0 gone, 0 kept', 'whatever their order');
select is(pg_temp.import('tags', array(select 'a.example n' || i || '=' || i from generate_series(1, 1000) i)),
	'1 names, 1 new, 0 changed, 0 gone, 0 kept', 'a name with a thousand tags is one name, too');
select is(cardinality(string_to_array(named, ' ')), 101, 'with a hundred of them') from pg_temp.named('tags');
select is(pg_temp.import('tags', '{a.example,a.example,b.example}'), '2 names, 1 new, 1 changed, 0 gone, 0 kept', 'or with none');
select results_eq('select pg_temp.named(''tags'')', '{a.example,b.example}'::text[], 'that is then all');
select is(pg_temp.import('tags', '{a.example x=1,a.example x=1,d.example,d.example,e.example}'),
	'3 names, 2 new, 1 changed, 1 gone, 0 kept', 'names that stand there twice count once');

-- A clock that was set back must not stop an import.
update feed_target set since = now() + interval '1 day' where name = 'c.example';
select is(pg_temp.import('two', '{b.example}'), '1 names, 0 new, 0 changed, 1 gone, 0 kept', 'a row that began in the future ends');
select ok(until = since, 'at its beginning') from feed_target where name = 'c.example';

select * from finish();
rollback;
