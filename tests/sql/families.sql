-- SPDX-License-Identifier: MIT
-- Families: what comes with the program, whose word counts where several tell, and what stays on record.
begin;
select plan(26);

-- What comes with the program.
select is(family_facts(name) ->> 'family', 'kraken', 'the same family: ' || name) from unnest('{kraken,KRAKEN,oderoor,Oderoor}'::text[]) name;
select is(family_facts('kraken') ->> 'node', 'command', 'a Kraken name leads to a command node'),
	is(family_facts('kraken') #>> '{flows,0,protocol}', 'udp', 'to look for on UDP'),
	is(family_facts('kraken') #>> '{flows,0,port}', '447', 'port 447'),
	is(family_facts('storm') ->> 'node', 'proxy', 'a Storm name leads to a proxy'),
	matches(family_facts('kraken') ->> 'node_means', 'infected machines are those that', 'whom to clean at Kraken'),
	matches(family_facts('storm') ->> 'node_means', 'is the node itself', 'whom to clean at Storm');
select is_empty($$select from unnest('{kraken,storm}'::text[]) name, family_facts(name) f where not f ?& '{family,aliases,node,node_means,flows,signs,references}'
	or jsonb_array_length(f -> 'flows') * jsonb_array_length(f -> 'signs') * jsonb_array_length(f -> 'references') = 0$$, 'nothing is missing of either');
select is(family_facts(name), null, 'of none nothing is known') from unnest('{nobody,"",NULL}'::text[]) name;

-- Several sources. A family as it is said, with one citation.
create function pg_temp.said(name text, citation text, variadic aliases text[] default '{}') returns jsonb language sql
as $$ select jsonb_build_object('name', name, 'aliases', aliases, 'node', 'proxy', 'flows', '[]'::jsonb, 'signs', array['<b>''"\'],
	'citations', array[citation]) $$;
create function pg_temp.cited(name text) returns text language sql as $$ select family_facts(name) #>> '{references,0}' $$;
create function pg_temp.merged(source text, variadic said jsonb[]) returns text language sql
as $$ select added || ' ' || replaced from merge_families(to_jsonb(said), source) $$;

select is(pg_temp.merged('first', pg_temp.said('kraken', 'first'), pg_temp.said('other', 'first', 'Both', 'storm')), '2 0', 'two that are new to this source');
select is(pg_temp.cited('Kraken'), 'first', 'it counts before what comes with the program'),
	isnt(pg_temp.cited('storm'), 'first', 'but a name counts before an alias');
select pg_temp.merged('built-in', pg_temp.said('kraken', 'a newer program'));
select is(pg_temp.cited('kraken'), 'first', 'whenever that came');
select pg_temp.merged('second', pg_temp.said('another', 'second', 'both'));
select is(pg_temp.cited('both'), 'second', 'of two the one that came last'),
	is(family_facts('other') #>> '{signs,0}', '<b>''"\', 'what is said is kept as it is');
create temporary table before on commit drop as select * from family;
select is(pg_temp.merged('first', pg_temp.said('kraken', 'first'), pg_temp.said('other', 'first', 'Both', 'storm')), '0 0', 'the same again');
select set_eq('select * from family', 'select * from before', 'changes nothing');
select is(pg_temp.merged('first', pg_temp.said('other', 'changed', 'Both')), '1 2', 'one is told otherwise, one no longer');
select is(pg_temp.cited('both'), 'changed', 'that is the last word now'),
	is(pg_temp.cited('kraken'), 'a newer program', 'and what is told no longer does not count');
select set_eq($$select name, citations, replaced_at is null from family where source = 'first'$$, $$values ('kraken', '{first}'::text[], false),
	('other', '{first}', false), ('other', '{changed}', true)$$, 'what was said stays on record');

select * from finish();
rollback;
