-- SPDX-License-Identifier: MIT
-- The STIX bundle: ids that others make too, each object once, references that lead somewhere, times, patterns of
-- hostile names, who may make it, and what is said where it cannot be made.
begin;
select plan(56);
select fixture.pool_origins(200);

-- The first is an example of the standard (section 2.9); the others are uuid.uuid5() of Python.
select is(stix_address_id('198.51.100.3'), 'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4', 'id of an IPv4 address'),
	is(stix_address_id('2001:db8::1'), 'ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26', 'id of an IPv6 address'),
	is(stix_name_id('example.com'), 'domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7', 'id of a name'),
	is(stix_name_id('a\046"b.example'), 'domain-name--c9bf2d26-054e-517f-9e62-52625756d16c', 'id of a name with escapes'),
	is(stix_network_id(15139), 'autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff', 'id of a network');
select is(stix_quoted('a\046''b'), '''a\\046\''b''', 'a name in a pattern'), is(stix_time('2008-05-01 12:00:00.0609+02'), '2008-05-01T10:00:00.060Z', 'a time');

create function pg_temp.bundle(f export_filter default export_filter(), org text default 'cert.example') returns jsonb language sql
as $$ select string_agg(x, E'\n' order by at)::jsonb from export_stix(f, jsonb_build_object('org', 'CERT', 'contact', 'abuse@cert.example',
	'domain', org)) with ordinality as l(x, at) $$;
create function pg_temp.objects(kind text) returns setof jsonb language sql
as $$ select o from jsonb_array_elements(pg_temp.bundle() -> 'objects') o where o ->> 'type' = kind $$;
create function pg_temp.named(kind text, key text, told text) returns jsonb language sql
as $$ select o from pg_temp.objects(kind) o where o ->> key = told $$;
create function pg_temp.relation(source text, verb text, target text) returns jsonb language sql
as $$ select o from pg_temp.objects('relationship') o where o ->> 'source_ref' = source and o ->> 'relationship_type' = verb
	and o ->> 'target_ref' = target $$;

select is(b ->> 'type', 'bundle', 'nothing fluxes: a bundle all the same'), is(jsonb_array_length(b -> 'objects'), 2, 'of who reports, and the marking'),
	is(b #>> '{objects,0,created}', '1970-01-01T00:00:00.000Z', 'even before the first record')
from pg_temp.bundle() b;

-- Two names over the same 50 machines are a cluster; one is over others; a kraken name. One answer is later.
select fixture.churn(name, 10, 5, 5, 1121, 200) from unnest('{storm.example,twin.example}'::text[]) name;
select fixture.observe(name, k * interval '301 s', array(select set_masklen(address + (5 * k + j) * 65536, 32) from generate_series(0, 4) j))
	from generate_series(0, 9) k, (values (E'a\\046<b>''.example', inet '60.0.9.9'), ('bot.mooo.com', '60.0.8.8')) as v(name, address);
select fixture.observe('storm.example', '50 min', '{60.7.0.1}', 60), fixture.observe('storm.example', '-1 day', '{2a0e::1}', qtype => 28);
select fixture.observe('twin.example', '100.0604 s', '{60.8.0.3}'), fixture.observe('twin.example', '100.0607 s', '{60.8.0.2}'),
	fixture.observe('twin.example', '100.0609 s', '{60.8.0.2}');
update domain set family = 'Zhelatin' where name = 'storm.example'; -- an alias of storm
update domain set family = 'kraken' where name = 'bot.mooo.com';
update domain set family = 'unheard-of' where name = 'twin.example';
select score_domains();

select is(count(*), count(distinct o ->> 'id'), 'each object is there once'),
	is(count(*) filter (where o ->> 'type' = 'ipv4-addr'), 152::bigint, 'an address under two names too'),
	is(count(*) filter (where o ->> 'type' = 'ipv6-addr'), 1::bigint, 'IPv6 too'), is(count(*) filter (where o ->> 'type' = 'domain-name'), 4::bigint, 'the names'),
	is(count(*) filter (where o ->> 'relationship_type' = 'resolves-to'), (select count(*) from node), 'a relationship a node'),
	is(bool_and(o -> 'object_marking_refs' = '["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]') filter (where o ->> 'type' <> 'marking-definition'),
		true, 'all is TLP:AMBER'),
	is(bool_and(o ->> 'created_by_ref' = o0 ->> 'id') filter (where o ? 'created' and o ->> 'type' <> 'marking-definition'), true, 'all is by the reporter'),
	is(bool_and(o ->> 'created' <= o ->> 'modified'), true, 'none is modified before it was created')
from pg_temp.bundle() b, jsonb_array_elements(b -> 'objects') o, jsonb_path_query(b, '$.objects[0]') o0;
select is_empty($$select ref from pg_temp.bundle() b, jsonb_array_elements(b -> 'objects') o,
	jsonb_path_query(o, '$.*[*]') ref where ref #>> '{}' ~ '^[a-z0-9-]+--[-0-9a-f]{36}$' and not b @> jsonb_build_object('objects',
		jsonb_build_array(jsonb_build_object('id', ref)))$$, 'every reference leads to an object');
select is(o ->> 'name', 'CERT', 'who reports'), is(o ->> 'contact_information', 'abuse@cert.example', 'how to ask back')
from pg_temp.objects('identity') o;

-- A node's interval.
select is(r ->> 'start_time', '2008-05-01T12:05:01.000Z', 'start_time: first seen'), is(r ->> 'stop_time', '2008-05-01T12:50:00.000Z', 'stop_time: last seen'),
	is(r ->> 'modified', r ->> 'stop_time', 'a new sighting is a new version')
from pg_temp.relation(stix_name_id('storm.example'), 'resolves-to', stix_address_id('60.7.0.1')) r;
select is(r ->> 'start_time', '2008-05-01T12:01:40.060Z', 'seen once, or twice in a millisecond: ' || address), is(r ->> 'stop_time', null, 'no stop_time')
from unnest('{60.8.0.3,60.8.0.2}'::inet[]) address, pg_temp.relation(stix_name_id('twin.example'), 'resolves-to', stix_address_id(address)) r;
select is(pg_temp.named('ipv4-addr', 'value', '60.7.0.1') -> 'belongs_to_refs', jsonb_build_array(stix_network_id(1007)), 'an address''s network'),
	is(pg_temp.named('ipv6-addr', 'value', '2a0e::1') -> 'belongs_to_refs', null, 'one of no known network');

-- A name's indicator, the infrastructures, the families.
select is(o ->> 'pattern', '[domain-name:value = ''a\\046<b>\''.example'']', 'hostile name: the pattern'), is(o ->> 'valid_from', '2008-05-01T12:00:00.000Z', 'from when'),
	is((o ->> 'confidence')::integer, (select round(score * 100)::integer from status where domain = o ->> 'name'), 'its confidence'),
	matches(o ->> 'description', '^judged flux, score 0\.\d+: 50 distinct addresses', 'and why'),
	is(pg_temp.named('domain-name', 'value', o ->> 'name') ->> 'id', stix_name_id(o ->> 'name'), 'hostile name: it is there as it is')
from pg_temp.named('indicator', 'name', 'a\046<b>''.example') o;
create temporary table infrastructure as select o ->> 'id' as id, o ->> 'name' as name, o -> 'infrastructure_types' as types from pg_temp.objects('infrastructure') o;
select set_eq('select name from infrastructure', array['network behind storm[.]example and 1 other name', 'network behind bot[.]mooo[.]com',
	'network behind a\046<b>''[.]example'], 'an infrastructure a cluster, or a name that has none');
select is(types, '["botnet", "anonymization"]', 'storm: proxies'),
	isnt(pg_temp.relation(id, 'consists-of', stix_name_id('twin.example')), null, 'it consists of both names'),
	isnt(pg_temp.relation(pg_temp.named('indicator', 'name', 'twin.example') ->> 'id', 'indicates', id), null, 'each indicates it'),
	isnt(pg_temp.relation(pg_temp.named('malware', 'name', 'storm') ->> 'id', 'uses', id), null, 'the family uses it')
from infrastructure where name ~ 'storm';
select is(types, '["botnet", "command-and-control"]', 'kraken: command nodes') from infrastructure where name ~ 'bot';
select set_eq('select o ->> ''name'' from pg_temp.objects(''malware'') o', '{kraken,storm}'::text[], 'the families that we have facts of');
select is(o -> 'aliases' ? 'oderoor', true, 'their other names'), matches(o ->> 'description', '^a node of it is a command node', 'what a node of it is')
from pg_temp.named('malware', 'name', 'kraken') o;

-- What stays, what changes.
create temporary table before as select pg_temp.bundle() as bundle;
select is(pg_temp.bundle(), bundle, 'the same data, the same bundle') from before;
select is_empty($$select o ->> 'id' from jsonb_array_elements(pg_temp.bundle(org => 'other.example') -> 'objects') o
	where o ->> 'type' in ('identity', 'indicator', 'infrastructure', 'malware', 'relationship')
	intersect select jsonb_path_query(bundle, '$.objects[*].id') #>> '{}' from before$$, 'another reporter''s objects are others');
select is(count(*), 3::bigint, 'for one network: its addresses') from jsonb_array_elements(pg_temp.bundle(export_filter(asn => 1008)) -> 'objects') o
where o ->> 'type' = 'ipv4-addr' and o ->> 'value' like '60.8.0.%';

-- The extension, in another schema and in none; the roles.
create schema elsewhere;
alter extension "uuid-ossp" set schema elsewhere;
grant usage on schema elsewhere to fluxtrack_analyst;
create temporary table fresh as select string_agg(x, E'\n' order by at)::jsonb as bundle from export_stix(export_filter(),
	'{"org": "CERT", "contact": "abuse@cert.example", "domain": "cert.example"}') with ordinality as l(x, at);
select is(fresh.bundle, before.bundle, 'the extension may lie in any schema') from fresh, before;
set local role fluxtrack_analyst;
create temporary table analyst as select count(*) as lines from export_stix(export_filter(),
	'{"org": "CERT", "contact": "abuse@cert.example", "domain": "cert.example"}');
reset role;
select cmp_ok(lines, '>', 300::bigint, 'an analyst may make it') from analyst;
drop extension "uuid-ossp";
select throws_like('select pg_temp.bundle()', 'stix needs the extension uuid-ossp, which is not in this database', 'without it, it says so');

-- The schema file, by a login that may not make it, and by one that owns the database; both have become the owner.
create role plain;
grant fluxtrack_owner to plain;
set local session authorization plain;
set local role fluxtrack_owner;
\ir ../../sql/schema/012_uuid.sql
create temporary table poor as select current_user as role, count(*) as extensions from pg_extension where extname = 'uuid-ossp';
reset session authorization;
do $$ begin execute format('alter database %I owner to plain', current_database()); end $$;
set local session authorization plain;
set local role fluxtrack_owner;
\ir ../../sql/schema/012_uuid.sql
create temporary table rich as select current_user as role, min(extnamespace::regnamespace::text) as place from pg_extension where extname = 'uuid-ossp';
reset session authorization;
select is(role, 'fluxtrack_owner', 'without the right the migration goes on as it was'), is(extensions, 0::bigint, 'but for the extension') from poor;
select is(role, 'fluxtrack_owner', 'with the right too'), is(place, 'fluxtrack', 'and the extension is there') from rich;
select is(pg_temp.bundle(), bundle, 'and is of use') from before;

-- What an id says was created then is not created at another time, whatever the filter.
select is_empty($$select o from jsonb_array_elements(pg_temp.bundle(export_filter(since => fixture.start() + interval '40 minutes')) -> 'objects') o
	join jsonb_array_elements(pg_temp.bundle() -> 'objects') w on w ->> 'id' = o ->> 'id' and w ->> 'created' <> o ->> 'created'$$,
	'created stays');
select * from finish();
rollback;
