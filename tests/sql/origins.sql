-- SPDX-License-Identifier: MIT
-- Origins of addresses: the longest prefix, both ends of a row's days, several origins, what was known when;
-- and countries, which come and go without touching any of these.
begin;
select plan(70);

create function pg_temp.import(dated date, lines text[]) returns void language plpgsql
as $$
begin
	create temporary table prefix_import (prefix cidr, asn bigint, valid_from date, country text);
	insert into prefix_import select split_part(l, ' ', 1)::cidr, split_part(l, ' ', 2)::bigint,
		nullif(split_part(l, ' ', 3), '')::date, nullif(split_part(l, ' ', 4), '') from unnest(lines) l;
	perform import_prefixes(dated, 'table of ' || dated);
	drop table prefix_import;
end $$;
create function pg_temp.origin(address inet, day text, known timestamptz default null) returns text language sql
as $$ select asn || ' ' || prefix || ' ' || origins::text from origin_of(address, (day || '+00')::timestamptz, known) $$;
create temporary table moment (name text, at timestamptz) on commit drop;
create function pg_temp.mark(name text) returns void language sql
as $$ insert into moment values (name, clock_timestamp()) $$;
create function pg_temp.mark_of(name text) returns timestamptz language sql
as $$ select at from moment m where m.name = $1 $$;

-- The longest prefix, all of its origins, and none of a shorter one's.
select pg_temp.mark('nothing');
select pg_temp.import('2008-05-01', '{10.0.0.0/8 1,10.1.0.0/16 9,10.1.0.0/16 2,10.1.2.0/24 3,2001:db8::/32 4,11.0.0.0/8 1}');
select pg_temp.mark('2008');
select is(pg_temp.origin('10.9.0.1', '2008-05-01'), '1 10.0.0.0/8 {1}', 'the only prefix'),
	is(pg_temp.origin('10.1.9.1', '2008-05-01'), '2 10.1.0.0/16 {2,9}', 'two origins: sorted, the lowest counts'),
	is(pg_temp.origin('10.1.2.255', '2008-05-01'), '3 10.1.2.0/24 {3}', 'the longest of three'),
	is(pg_temp.origin('2001:db8::1', '2008-05-01'), '4 2001:db8::/32 {4}', 'IPv6'),
	is(pg_temp.origin('12.0.0.1', '2008-05-01'), null, 'nobody''s');
select is(pg_temp.origin('10.9.0.1', '2008-04-30 23:59:59'), null, 'not on the day before'),
	is(pg_temp.origin('10.9.0.1', '2008-05-01 00:00:00'), '1 10.0.0.0/8 {1}', 'from the first moment of its day');

-- A later table: one origin of two goes, another comes, a prefix goes, one changes hands.
select pg_temp.import('2009-05-01', '{10.0.0.0/8 1,10.1.0.0/16 2,10.1.0.0/16 5,10.1.2.0/24 6}');
select pg_temp.mark('2009');
select is(pg_temp.origin('10.1.9.1', '2009-04-30 23:59:59'), '2 10.1.0.0/16 {2,9}', 'the last moment before the next table'),
	is(pg_temp.origin('10.1.9.1', '2009-05-01 00:00:00'), '2 10.1.0.0/16 {2,5}', 'its first moment'),
	is(pg_temp.origin('10.1.2.1', '2009-05-01'), '6 10.1.2.0/24 {6}', 'another network'),
	is(pg_temp.origin('11.0.0.1', '2009-05-01'), null, 'no longer announced'),
	is(pg_temp.origin('2001:db8::1', '2009-05-01'), '4 2001:db8::/32 {4}', 'a table without IPv6 does not speak for it');

-- What was known.
select is(pg_temp.origin('10.1.2.1', '2009-06-01', pg_temp.mark_of('nothing')), null, 'before any import nothing was known'),
	is(pg_temp.origin('10.1.2.1', '2009-06-01', pg_temp.mark_of('2008')), '3 10.1.2.0/24 {3}',
		'by the first table alone it held on'),
	is(pg_temp.origin('11.0.0.1', '2009-06-01', pg_temp.mark_of('2008')), '1 11.0.0.0/8 {1}',
		'so did what the second denies'),
	is(pg_temp.origin('10.1.2.1', '2009-06-01', pg_temp.mark_of('2009')), '6 10.1.2.0/24 {6}', 'by both, as now'),
	is(pg_temp.origin('11.0.0.1', '2008-06-01', pg_temp.mark_of('2009')), '1 11.0.0.0/8 {1}', 'the past too');
select results_eq($$select valid_from, valid_to, imported_at > pg_temp.mark_of('2008'), replaced_at > pg_temp.mark_of('2008')
	from prefix_origin where prefix = '11.0.0.0/8' order by imported_at$$,
	$$values (date '2008-05-01', null::date, false, true), ('2008-05-01', '2009-05-01', true, null)$$,
	'an end is a new row beside the one it replaces');

-- A table between them that comes last: what it denies comes back with the later one.
select pg_temp.import('2008-11-01', '{10.0.0.0/8 1,12.0.0.0/8 7}');
select is(pg_temp.origin('10.1.9.1', '2008-10-31'), '2 10.1.0.0/16 {2,9}', 'before it'),
	is(pg_temp.origin('10.1.9.1', '2008-11-01'), '1 10.0.0.0/8 {1}', 'in it'),
	is(pg_temp.origin('10.1.9.1', '2009-05-01'), '2 10.1.0.0/16 {2,5}', 'after it'),
	is(pg_temp.origin('12.0.0.1', '2009-05-01'), null, 'the later table has spoken already');
select is(pg_temp.origin('11.0.0.1', '2008-12-01', pg_temp.mark_of('2009')), '1 11.0.0.0/8 {1}', 'until then that was not known'),
	is(pg_temp.origin('11.0.0.1', '2009-06-01', pg_temp.mark_of('2009')), null,
		'and an end that was known stays, though another has taken its place'),
	is(pg_temp.origin('11.0.0.1', '2008-12-01'), null, 'now it is');

-- The same again.
create temporary table before on commit drop as select * from prefix_origin;
select pg_temp.import('2008-05-01', '{10.0.0.0/8 1,10.1.0.0/16 9,10.1.0.0/16 2,10.1.2.0/24 3,2001:db8::/32 4,11.0.0.0/8 1}');
select set_eq('select * from prefix_origin', 'select * from before', 'the same table again changes nothing');

-- The table that speaks.
select results_eq($$select source, valid_from, imported_at between pg_temp.mark_of('2008') and pg_temp.mark_of('2009')
	from known_origins('2009-05-01 00:00+00')$$, $$values ('table of 2009-05-01', date '2009-05-01', true)$$, 'the newest before a day'),
	results_eq($$select valid_from from known_origins('2009-04-30 23:59+00')$$, $$values (date '2008-11-01')$$, 'the one before'),
	results_eq($$select valid_from from known_origins('2009-04-30 23:59+00', pg_temp.mark_of('2009'))$$,
		$$values (date '2008-05-01')$$, 'of those that were known');

-- An origin that was denied and comes back.
select pg_temp.import('2010-01-01', '{10.0.0.0/8 1,10.1.0.0/16 5,11.0.0.0/8 1}');
select is(pg_temp.origin('11.0.0.1', '2010-01-01'), '1 11.0.0.0/8 {1}', 'a later table has it again');

-- Looked up one by one: they speak for their own prefix, are no table, and reach the nodes inside alone.
select fixture.observe('a.example', '10 years', '{12.1.0.1,12.2.0.1,10.1.9.1}'), roll_up_nodes();
select is(add_origins('{12.1.0.0/16,12.1.0.0/16,10.1.0.0/16}', '{8,7,5}', '2018-01-01', 'cymru'), 2::bigint,
	'one of three says what is known already');
select results_eq($$select address, asn, prefix, origins from node order by address$$,
	$$values (inet '10.1.9.1', 5::bigint, cidr '10.1.0.0/16', null::bigint[]), ('12.1.0.1', 7, '12.1.0.0/16', '{7,8}'),
		('12.2.0.1', null, null, null)$$, 'nodes have what is known of them');
select is(add_origins('{12.1.0.0/16,12.1.0.0/16}', '{8,7}', '2018-02-01', 'cymru'), 0::bigint, 'the same a month later');
select add_origins('{12.1.0.0/16}', '{8}', '2018-03-01', 'cymru');
select is(pg_temp.origin('12.1.0.1', '2018-03-01'), '8 12.1.0.0/16 {8}', 'another answer ends the one before');
select results_eq($$select valid_from from known_origins('2018-05-01')$$, $$values (date '2010-01-01')$$, 'a lookup is no table');

-- Countries. countries(): of all prefixes of 20.0.0.0/6 in their order.
create function pg_temp.countries() returns text language sql
as $$ select string_agg(coalesce(country_of(o.prefix, o.asn), '-'), ' ' order by o.prefix, o.asn)
	from (select distinct prefix, asn from prefix_origin where prefix << '20.0.0.0/6') o $$;
create function pg_temp.rows_but_country() returns setof text language sql
as $$ select to_jsonb(o) - 'country' from prefix_origin o $$;
select pg_temp.import('2020-01-01', array['20.0.0.0/8 1  US', '20.1.0.0/16 2  DE', '20.2.0.0/16 3', '20.3.0.0/16 4', '20.4.0.0/16 5  EU',
	'20.5.0.0/16 6', '20.6.0.0/16 7', '20.7.0.0/16 8', '20.8.0.0/16 9', '20.9.0.0/16 9  SE', '20.9.0.0/16 10  NO', '20.10.0.0/16 1']);
select is(pg_temp.countries(), 'US DE - - EU - - - - SE NO -', 'of each origin its own');
select is(country_code(word), null, 'no country: ' || word) from unnest(array['', 'None', 'ZZ', 'zz', 'us', 'USA', 'U', 'U1', '<b', '=1', E'US\n', ' US', 'Ü']) word;
select is(country_code(word), word, 'a country: ' || word) from unnest('{US,EU,AP}'::text[]) word;
select is(country_of('20.1.0.0/16', 1), null, 'not of another network'), is(country_of('20.1.0.0/17', 2), null, 'nor of another prefix');

create temporary table told on commit drop as select * from prefix_origin;
create temporary table told_but_country on commit drop as select * from pg_temp.rows_but_country();
select pg_temp.import('2020-01-01', array['20.0.0.0/8 1  US', '20.1.0.0/16 2  DE', '20.2.0.0/16 3', '20.3.0.0/16 4', '20.4.0.0/16 5  EU',
	'20.5.0.0/16 6', '20.6.0.0/16 7', '20.7.0.0/16 8', '20.8.0.0/16 9', '20.9.0.0/16 9  SE', '20.9.0.0/16 10  NO', '20.10.0.0/16 1']);
select set_eq('select * from prefix_origin', 'select * from told', 'the same table again changes nothing');
select pg_temp.import('2021-01-01', array(select prefix || ' ' || asn from told where valid_from = '2020-01-01'));
select set_eq('select * from prefix_origin', 'select * from told', 'nor does one without countries');
select is(pg_temp.origin('20.9.0.1', '2020-06-01'), '9 20.9.0.0/16 {9,10}', 'both origins are there');
select pg_temp.mark('filled');
select pg_temp.import('2022-01-01', array(select prefix || ' ' || asn || '  ' || case masklen(prefix) when 8 then 'CA' else 'FR' end
	from told where valid_from = '2020-01-01' and prefix <> '20.4.0.0/16') || '{20.4.0.0/16 5}');
select is(pg_temp.countries(), 'CA FR FR FR EU FR FR FR FR FR FR FR', 'a newer table fills in and puts right; where it tells none, none goes');
select set_eq('select * from pg_temp.rows_but_country()', 'select * from told_but_country', 'and all else of the rows stays'),
	is(pg_temp.origin('20.9.0.1', '2022-06-01', pg_temp.mark_of('filled')), '9 20.9.0.0/16 {9,10}', 'so it does of what was known before');

-- A table that comes late, before all and between them: it fills in, and does not put right.
update prefix_origin set country = null where prefix = '20.8.0.0/16';
select pg_temp.import('2021-06-01', array(select prefix || ' ' || asn || '  MX' from told where valid_from = '2020-01-01'));
select is(pg_temp.countries(), 'CA FR FR FR EU FR FR FR MX FR FR FR', 'an older table only fills in');
select pg_temp.import('2019-01-01', '{20.0.0.0/8 1  BR}');
select is(pg_temp.countries(), 'CA FR FR FR EU FR FR FR MX FR FR FR', 'of several rows the newest tells'),
	is(string_agg(valid_from || ' ' || valid_to || ' ' || country, ',' order by valid_from), '2019-01-01 2020-01-01 BR', 'the older has its own')
from prefix_origin where prefix = '20.0.0.0/8' and replaced_at is null and valid_to is not null;

-- Rows that end and come back.
select pg_temp.import('2021-03-01', '{20.0.0.0/8 1  US}');
select results_eq($$select valid_from, valid_to, country from prefix_origin where prefix = '20.1.0.0/16' and replaced_at is null order by valid_from$$,
	$$values (date '2020-01-01', date '2021-03-01', 'FR'), ('2021-06-01', null, 'FR')$$, 'both parts of a row that is cut keep its country');
select pg_temp.import('2023-01-01', '{20.0.0.0/8 1}');
select is(country_of('20.1.0.0/16', 2), 'FR', 'a prefix that is announced no longer still has its country');

-- One prefix and origin, two countries: always the same one.
select pg_temp.import('2024-01-01', array[line, '20.0.0.0/8 1  KR', line]) from unnest('{"20.0.0.0/8 1  JP"}'::text[]) line;
select is(country_of('20.0.0.0/8', 1), 'JP', 'the first by its letters');
select pg_temp.import('2024-01-01', array['20.0.0.0/8 1  KR', '20.0.0.0/8 1', '20.0.0.0/8 1  JP']);
select is(country_of('20.0.0.0/8', 1), 'JP', 'in whatever order they stand');

-- One by one.
select add_origins('{20.12.0.0/16,20.13.0.0/16}', '{5,6}', '2024-02-01', 'cymru', '{NL,ZZ}');
select is(country_of('20.12.0.0/16', 5) || coalesce(country_of('20.13.0.0/16', 6), '-'), 'NL-', 'lookups tell countries too');
select add_origins('{20.12.0.0/16,20.13.0.0/16}', '{5,6}', '2024-03-01', 'cymru', '{BE,LU}');
select is(country_of('20.12.0.0/16', 5) || country_of('20.13.0.0/16', 6), 'BELU', 'and put them right');

-- Prefixes of both families, in one page of an index, in which two of a family share no bit.
truncate prefix_origin;
insert into prefix_origin (prefix, asn, valid_from, source) values ('2a0e:7::/32', 1, '2030-01-01', 'both'), ('fd00::/8', 1, '2030-01-01', 'both');
insert into prefix_origin (prefix, asn, valid_from, source)
select set_masklen(inet '90.0.0.0' + i * 256, 24), 1, '2030-01-01', 'both' from generate_series(1, 1000) i;
select is_empty($$select p.prefix from prefix_origin p where p.replaced_at is null and p.valid_to is null
	and not exists (select from origin_of(host(p.prefix)::inet, '2030-01-02') o where o.prefix <<= p.prefix)$$, 'each is found');

select * from finish();
rollback;
