-- SPDX-License-Identifier: MIT
-- A response policy zone: what it blocks, and that it blocks nothing else.
begin;
select plan(41);
select fixture.pool_origins(200);

select is(is_rpz_name(name), fits, 'fits in a zone: ' || name) from (values ('flux.example', true), ('_a-1.example', true),
	('rpz-a.example', true), ('a.rpz-ip', false), ('8.0.0.127.rpz-client-ip', false), ('rpz-drop', false),
	('*.example', false), ('a\010b.example', false), ('a b.example', false), ('a;b.example', false), ('a\.example', false),
	('$include', false), ('@', false), ('.example', false), ('', false), (repeat('a.', 90) || 'example8', true),
	(repeat('a.', 90) || 'example89', false)) as v(name, fits);
select is(rpz_address(address), trigger, 'the trigger of ' || address) from (values ('192.0.2.1'::inet, '32.1.2.0.192.rpz-ip'),
	('2001:db8::1', '128.1.zz.db8.2001.rpz-ip'), ('2a0e::', '128.zz.2a0e.rpz-ip'), ('::1', '128.1.zz.rpz-ip'),
	('2001:0db8:1:2:3:4:5:6', '128.6.5.4.3.2.1.db8.2001.rpz-ip'),
	('2001:0:0:1:0:0:0:1', '128.1.zz.1.0.0.2001.rpz-ip')) as v(address, trigger);

-- What the zone blocks: the lines behind those of its head.
create function pg_temp.blocked(f export_filter default export_filter()) returns setof text language sql
as $$ select l from export_rpz(f) with ordinality as z(l, place) where place > 3 $$;
create function pg_temp.soa() returns text language sql
as $$ select '@ IN SOA localhost. root.localhost. ' || to_char(floor(extract(epoch from now())), 'FM9999999999') || ' 3600 600 604800 300' $$;
create function pg_temp.names_blocked(name text) returns setof text language sql
as $$ values (name || ' CNAME .'), ('*.' || name || ' CNAME .') $$;

select set_eq('select export_rpz()', $$values ('$TTL 300'), ('@ IN NS localhost.'), (pg_temp.soa())$$, 'of no name: a zone all the same');
select fixture.churn('flux.example', 10, 5, 5, 1121, 200), fixture.churn('quiet.example', 10, 1, 0, 1, 1);
select score_domains();
select is((array_agg(l))[1:3], array['$TTL 300', pg_temp.soa(), '@ IN NS localhost.'], 'the head; the serial is the time') from export_rpz() l;
select set_eq('select pg_temp.blocked()', $$select pg_temp.names_blocked('flux.example')$$, 'a name that fluxes, and all below it');
insert into list_entry (list, prefix, source, listed_on) values ('reserved', '60.0.0.0/7', 'all', '2008-05-01');
select is_empty('select pg_temp.blocked()', 'no name whose addresses are nobody''s');
delete from list_entry where source = 'all';

-- A name under which others have theirs.
insert into list_entry (list, name, source, listed_on) values ('allow', 'shop.flux.example', 'test', '2008-05-01');
select set_eq('select pg_temp.blocked()', $$values ('flux.example CNAME .'),
	('; without those below: 1 name under which others hold names')$$, 'a listed name stands below: nothing below is blocked');
update list_entry set removed_at = now() where name = 'shop.flux.example';
select set_eq('select pg_temp.blocked()', $$select pg_temp.names_blocked('flux.example')$$, 'the list has it no more');
insert into domain (name, role, registered) values ('www.shop.flux.example', 'followed', 'shop.flux.example');
select is(count(*), 0::bigint, 'a registrable name stands below') from pg_temp.blocked() l where l ~ '^\*';
update domain set registered = 'flux.example' where name = 'www.shop.flux.example';
select is(count(*), 1::bigint, 'a name below that is its own is no other''s') from pg_temp.blocked() l where l ~ '^\*';
insert into list_entry (list, name, source, listed_on) values ('allow', 'flux.example', 'test', '2008-05-01');
select is_empty('select pg_temp.blocked()', 'a name that is allowed is not blocked');
delete from list_entry where name = 'flux.example';
update domain set name = 'a;b.example' where name = 'flux.example';
select results_eq('select pg_temp.blocked()', $$values ('; left out: 1 name that a policy zone cannot hold')$$,
	'what a zone cannot hold is counted');
update domain set name = 'flux.example' where name = 'a;b.example';

-- Addresses: two dynamic lines, and one of a server.
select fixture.line(fixture.pool_address(k, 200), k < 48) from generate_series(46, 48) k;
insert into reverse_name (address, name, is_dynamic, asked_at, taken_at, replaced_at)
values (fixture.pool_address(48, 200), 'ppp.example', true, fixture.start(), fixture.start(), fixture.start());
select set_eq('select rpz_addresses(export_filter(since => fixture.start()))',
	'select fixture.pool_address(k, 200) from generate_series(46, 47) k', 'dynamic lines alone');
select is_empty('select rpz_addresses(export_filter())', 'none where nobody says since when');
select is_empty($$select rpz_addresses(export_filter(since => fixture.start() + interval '46 min'))$$, 'none that was seen before');
select is(count(*), 2::bigint, 'they are in the zone') from pg_temp.blocked(export_filter(since => fixture.start())) l
	where l ~ '^32\.1\.0\.4[67]\.60\.rpz-ip CNAME \.$';
select fixture.observe('quiet.example', '1 h', array[fixture.pool_address(46, 200)]);
select score_domains();
select set_eq('select rpz_addresses(export_filter(since => fixture.start()))', 'select fixture.pool_address(47, 200)',
	'none that a name which does not flux has had too');
select fixture.churn('shop.example', 10, 5, 5, 1121, 200);
select score_domains();
select set_eq('select rpz_addresses(export_filter(since => fixture.start()))', 'select fixture.pool_address(47, 200)',
	'two names that flux');
insert into list_entry (list, name, source, listed_on) values ('allow', 'shop.example', 'test', '2008-05-01');
select is_empty('select rpz_addresses(export_filter(since => fixture.start()))', 'none that a name which is allowed has had too');
delete from list_entry where name = 'shop.example';
insert into list_entry (list, prefix, source, listed_on) values ('cdn', '60.47.0.0/16', 'test', '2008-05-01');
select is_empty('select rpz_addresses(export_filter(since => fixture.start()))', 'none of a CDN');

select * from finish();
rollback;
