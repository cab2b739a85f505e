-- SPDX-License-Identifier: MIT
-- Lists: which entries hold a name or an address, as known when; how an import changes them.
begin;
select no_plan();

select results_eq($$select * from parents_of('www.a.example')$$, $$values ('www.a.example'), ('a.example'), ('example')$$,
	'a name and what is above it');

-- Two sources over the years: one said a.example and 61.0.0.0/8 from 2010 on and took them back in 2020.
insert into list_entry (list, name, prefix, source, listed_on, imported_at, removed_at)
select list, name, prefix::cidr, source, '2009-12-31', from_at, to_at from (values
	('cdn', 'a.example', null, 'old', timestamptz '2010-01-01', timestamptz '2020-01-01'),
	('cdn', null, '61.0.0.0/8', 'old', '2010-01-01', '2020-01-01'),
	('cdn', 'a.example', null, 'new', '2015-01-01', null),
	('pool', 'www.a.example', null, 'new', '2015-01-01', null),
	('allow', 'b.example', null, 'new', '2015-01-01', null),
	('parking', null, '61.1.2.0/24', 'new', '2015-01-01', null),
	('sinkhole', null, '61.1.2.3/32', 'new', '2015-01-01', null),
	('sinkhole', null, '61.1.2.3/32', 'third', '2015-01-01', null),
	('sinkhole', null, '2a0e:1::/32', 'new', '2015-01-01', null)) as v(list, name, prefix, source, from_at, to_at);

select set_eq('select list, name, source from entries_above(''{www.a.example}'', ' || known || ')', expected, 'a name, known ' || known)
from (values ('null', $$values ('cdn', 'a.example', 'new'), ('pool', 'www.a.example', 'new')$$),
	('''2009-12-31''', $$select 'a', 'b' as b, 'c' as c where false$$),
	('''2010-01-01''', $$values ('cdn', 'a.example', 'old')$$),
	('''2014-12-31 23:59:59''', $$values ('cdn', 'a.example', 'old')$$),
	('''2016-01-01''', $$values ('cdn', 'a.example', 'old'), ('cdn', 'a.example', 'new'), ('pool', 'www.a.example', 'new')$$),
	('''2019-12-31 23:59:59''', $$values ('cdn', 'a.example', 'old'), ('cdn', 'a.example', 'new'), ('pool', 'www.a.example', 'new')$$),
	('''2020-01-01''', $$values ('cdn', 'a.example', 'new'), ('pool', 'www.a.example', 'new')$$)) as v(known, expected);
select is_empty($$select from unnest('{xa.example,a.example.org,example}'::text[]) n, entries_above(array[n])$$,
	'no name beside or above it');
select results_eq($$select listed_on, imported_at from entries_above('{a.example}', '2012-01-01')$$,
	$$values (date '2009-12-31', timestamptz '2010-01-01')$$, 'with the dates of the list and of the import');

select results_eq('select list, prefix::text, source from entries_over(''61.1.2.3'', null, ' || known || ')', expected,
	'an address, the longest prefix first, known ' || known)
from (values
	('null', $$values ('sinkhole', '61.1.2.3/32', 'new'), ('sinkhole', '61.1.2.3/32', 'third'), ('parking', '61.1.2.0/24', 'new')$$),
	('''2010-01-01''', $$values ('cdn', '61.0.0.0/8', 'old')$$),
	('''2019-12-31''', $$values ('sinkhole', '61.1.2.3/32', 'new'), ('sinkhole', '61.1.2.3/32', 'third'),
		('parking', '61.1.2.0/24', 'new'), ('cdn', '61.0.0.0/8', 'old')$$)) as v(known, expected);
select is((select list from entries_over('2a0e:1:ffff::1', null, null)), 'sinkhole', 'an IPv6 address');
select is(is_reportable(address), expected, address || ' may leave: ' || expected) from (values ('61.1.2.3'::inet, false),
	('61.1.2.4', false), ('61.1.3.1', true), ('10.0.0.1', false), ('9.255.255.255', true), ('11.0.0.0', true),
	('2a0e:1::1', false), ('2a0e:2::1', true), ('::ffff:8.8.8.8', false)) as v(address, expected);

-- Of ten thousand entries a question for an address reads a few.
select merge_list('cdn', array(select 'n' || i || '.example' from generate_series(1, 10000) i),
	array(select set_masklen(inet '100.0.0.0' + i * 256, 24)::cidr from generate_series(1, 10000) i), 'many', '2026-01-01');
analyze list_entry;
create function pg_temp.plan_of(query text) returns setof text language plpgsql
as $$ begin return query execute 'explain ' || query; end $$;
select isnt_empty($$select * from pg_temp.plan_of('select e.* from unnest(array[inet ''61.1.2.3'', ''61.1.2.4'']) a,
	entries_over(a, null, null) e') p where p like '%list_entry_prefix4%'$$, 'addresses are found by the index');
select set_eq($$select wanted, name from entries_above('{www.a.example,x.b.example,n7.example}')$$, $$values
	('www.a.example', 'www.a.example'), ('www.a.example', 'a.example'), ('x.b.example', 'b.example'), ('n7.example', 'n7.example')$$,
	'it is told whose each entry is');

-- Prefixes of both families, in one page of an index, in which two of a family share no bit.
insert into list_entry (list, prefix, source, listed_on) select 'cdn', p::cidr, 'both', '2026-01-01'
from unnest('{1.0.0.0/8,200.0.0.0/8,2a0e:7::/32,fd00::/8}'::text[]) p;
insert into list_entry (list, prefix, source, listed_on)
select 'cdn', set_masklen(inet '90.0.0.0' + i * 256, 24)::cidr, 'both', '2026-01-01' from generate_series(1, 1000) i;
select is_empty($$select e.prefix from list_entry e where e.prefix is not null and e.removed_at is null
	and not exists (select from entries_over(host(e.prefix)::inet, null, null) o where o.prefix = e.prefix)$$, 'each is found');
delete from list_entry where source = 'both';

-- An import says of a list all that its source says.
create function pg_temp.merged(names text[], prefixes cidr[], dated date default '2026-01-01') returns text language sql
as $$ select added || ' added, ' || removed || ' removed' from merge_list('cdn', names, prefixes, 'feed', dated) $$;
create function pg_temp.held() returns setof text language sql
as $$ select coalesce(name, prefix::text) from list_entry where source = 'feed' and list = 'cdn' and removed_at is null $$;
select is(pg_temp.merged('{c.example,d.example,c.example}', '{62.0.0.0/8,62.0.0.0/8}'), '3 added, 0 removed', 'an import');
select is(pg_temp.merged('{d.example,c.example}', '{62.0.0.0/8}', '2026-02-02'), '0 added, 0 removed', 'the same again');
select is(pg_temp.merged('{c.example}', '{62.0.0.0/8,62.0.0.0/16}', '2026-02-02'), '1 added, 1 removed', 'another');
select set_eq('select pg_temp.held()', '{c.example,62.0.0.0/8,62.0.0.0/16}'::text[], 'what it says now holds');
select is((select listed_on from list_entry where source = 'feed' and prefix = '62.0.0.0/8'), '2026-01-01'::date,
	'what it said before keeps its date');
select is(pg_temp.merged('{c.example,d.example}', '{}', '2026-03-03'), '1 added, 2 removed', 'a third, with a name that comes back');
select is(count(*), 2::bigint, 'both times that it was listed are on record') from list_entry where source = 'feed' and name = 'd.example';
select is((select count(*) from merge_list('pool', '{c.example}', '{}', 'feed', '2026-01-01')), 1::bigint, 'another list of the source');
select set_eq('select pg_temp.held()', '{c.example,d.example}'::text[], 'leaves the first alone');
select throws_ok($$insert into list_entry (list, name, source, listed_on) values ('cdn', 'c.example', 'feed', '2026-01-01')$$,
	'23505', null, 'a source says a thing once');

-- In the zone of a dynamic-DNS provider each label is somebody else's.
insert into list_entry (list, name, source, listed_on, imported_at) values
	('dyndns', 'dyn.example', 'feed', '2026-01-01', '2026-01-02'), ('dyndns', 'deep.dyn.example', 'feed', '2026-01-01', '2026-01-02');
select is(registered_name(name, registered, known), expected, coalesce(name || ' of ' || registered, name) || ' is ' || coalesce(expected, 'nobody''s'))
from (values ('hmhxnupkc.mooo.com', 'mooo.com', null::timestamptz, 'hmhxnupkc.mooo.com'),
	('www.bdubefoeug.yi.org', 'yi.org', null, 'bdubefoeug.yi.org'), ('mooo.com', 'mooo.com', null, 'mooo.com'),
	('www.xmooo.com', 'xmooo.com', null, 'xmooo.com'), ('a.b.example.co.uk', 'example.co.uk', null, 'example.co.uk'),
	('a.b.c.dyn.example', 'dyn.example', null, 'c.dyn.example'), ('a.b.deep.dyn.example', 'dyn.example', null, 'b.deep.dyn.example'),
	('a.b.dyn.example', 'dyn.example', '2026-01-01', 'dyn.example'), ('a.dotted\046label.yi.org', 'yi.org', null, 'dotted\046label.yi.org'),
	('co.uk', null, null, null)) as v(name, registered, known, expected);
select is(who_can_act('a.b.dyn.example') ->> 'zone', 'dyn.example', 'and its provider can act');

-- What a list says may change any verdict.
select fixture.churn('due.example', 10, 5, 5, 1121, 200), fixture.churn('other.example', 3, 1, 0, 1, 1), fixture.pool_origins(200);
select is(fixture.judge('due.example'), 'flux', 'a name on no list'), is(score_domains(), 0::bigint, 'and no other verdict is due');
select is(pg_temp.merged('{c.example,d.example}', '{}'), '0 added, 0 removed', 'an import that changes nothing');
select is(score_domains(), 0::bigint, 'makes no verdict due');
select merge_list('sinkhole', '{due.example}', '{}', 'feed', '2026-01-01');
select is(score_domains(), 2::bigint, 'one that changes something makes all due');
select is(fixture.verdict_of('due.example'), 'sinkholed', 'a list wins over the rules');
select merge_list('sinkhole', '{gone.example}', '{}', 'feed', '2026-01-01');
select is(fixture.judge('due.example'), 'flux', 'until its source takes it back');

-- The set that comes with fluxtrack.
select ok(not exists (select from unnest('{yi.org,mooo.com,dynserv.com,1dumb.com,dyndns.org}'::text[]) parent
	where not exists (select from entries_above(array[parent]) e where e.list = 'dyndns' and e.source = 'built-in')),
	'built in: the zones of Kraken''s names');
select is_empty($$select name from list_entry where source = 'built-in' and (name !~ '^([a-z0-9_-]+\.)+[a-z]+$' or name <> lower(name))$$,
	'built in: names that an import would take');
select is_empty($$select a.name from list_entry a, parents_of(substring(a.name from '\.(.*)')) p join list_entry b on b.name = p
	where a.source = 'built-in' and b.source = 'built-in'$$, 'built in: no name says again what one above it says');

select * from finish();
rollback;
