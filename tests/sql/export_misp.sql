-- SPDX-License-Identifier: MIT
-- A MISP feed: which files, what is in an event, and what stays the same as data come in.
begin;
select plan(35);
select fixture.pool_origins(200);

select is(is_host_name(name), is_host, 'a host name: ' || name) from (values ('flux.example', true), ('_a.b-1.example', true),
	('example', false), ('a\010.example', false), ('a b.example', false), ('a..example', false), ('flux.e', false)) as v(name, is_host);
select is((misp_attribute('k', fixture.start(), relation, type, 'v') ->> 'to_ids')::boolean, type = 'domain',
	'for intrusion detection: ' || type) from (values ('ip', 'ip-dst'), ('domain', 'domain'), ('rdata', 'text')) as v(relation, type);

create function pg_temp.feed(f export_filter default export_filter(), domain text default 'cert.example')
returns table (file text, body text) language sql
as $$ select * from export_misp(f, jsonb_build_object('org', 'CERT', 'contact', 'abuse@cert.example', 'domain', domain)) $$;
create temp table fed (file text, body text);
create function pg_temp.event(family text) returns json language sql
as $$ select body::json -> 'Event' from fed where file ~ '^[-0-9a-f]{36}\.json$'
	and body::json #>> '{Event,info}' = 'Fast flux: names ' || family $$;
-- The values of an object of it: of a name, or of an address too.
create function pg_temp.object(family text, name text, address text default null)
returns table (uuid text, template text, at text, told jsonb) language sql
as $$
	select o ->> 'uuid', o ->> 'name', o ->> 'timestamp', v.told
	from json_array_elements(pg_temp.event(family) -> 'Object') o
	cross join lateral (select jsonb_object_agg(a ->> 'object_relation', a ->> 'value') as told,
		array_agg(a ->> 'value') as all from json_array_elements(o -> 'Attribute') a) v
	where name = any(v.all) and case when address is null then o ->> 'name' = 'domain-ip'
		else o ->> 'name' = 'passive-dns' and address = any(v.all) end
$$;

select results_eq('select * from pg_temp.feed()', $$values ('hashes.csv', ''), ('manifest.json', '{}')$$, 'of no name: a feed all the same');
select fixture.churn('flux.example', 10, 5, 5, 1121, 200), fixture.churn(E'"\\010.example', 10, 5, 5, 1121, 200),
	fixture.churn('more.example', 10, 5, 5, 1121, 200), fixture.churn('quiet.example', 10, 1, 0, 1, 1);
select fixture.observe('flux.example', '2 s', '{10.0.0.1}'), fixture.observe('flux.example', '-1 day', '{2a0e::1}', qtype => 28);
update domain set family = '<b>"x' where name in ('flux.example', 'more.example');
select score_domains();
update verdict set scored_at = case domain_id_of('flux.example') when domain_id then timestamptz '2008-05-02 00:00:00.9+00'
	else '2008-05-01 23:00:00+00' end;
insert into fed select * from pg_temp.feed();
select is((array_agg(file))[3:], '{hashes.csv,manifest.json}', 'two events, then the hashes, and the manifest last') from fed;
select set_eq($$select uuid || '.json' as a, entry ->> 'info' as b from fed f, json_each(f.body::json) m(uuid, entry)
	where f.file = 'manifest.json'$$, $$select file as a, body::json #>> '{Event,info}' as b from fed where file ~ '^[-0-9a-f]{36}\.json$'$$,
	'the manifest lists them');
select is(e ->> 'date', '2008-04-30', 'the date: of the first sighting'), is(e ->> 'timestamp', '1209686400',
	'the timestamp: of the last score'), is(e #>> '{Orgc,name}', 'CERT', 'who reports'),
	is(e #>> '{Tag,0,name}', 'tlp:amber', 'for whom it is'), is(json_array_length(e -> 'Object'), 2 + 101, 'two names and 101 nodes')
from pg_temp.event('of <b>"x') e;
select is(template, 'passive-dns', 'a node'), is(told, '{"rrname": "flux.example", "rrtype": "A", "rdata": "60.49.0.1",
	"time_first": "2008-05-01T12:45:09Z", "time_last": "2008-05-01T12:45:09Z", "count": "1"}', 'its record')
from pg_temp.object('of <b>"x', 'flux.example', '60.49.0.1');
select is(told ->> 'rrtype', 'AAAA', 'an IPv6 node') from pg_temp.object('of <b>"x', 'flux.example', '2a0e::1');
select is(told ->> 'first-seen', '2008-04-30T12:00:00Z', 'a name: first seen'),
	is(told ->> 'last-seen', '2008-05-01T12:45:09Z', 'last seen'), is(told ->> 'domain', 'flux.example', 'by its name')
from pg_temp.object('of <b>"x', 'flux.example');
select is(told ->> 'text', E'"\\010.example', 'what is no host name is a text')
from pg_temp.object('without a family', E'"\\010.example');
select is_empty($$select from fed where body ~ '10\.0\.0\.1[^0-9]'$$, 'no address that is nobody''s');
select set_eq($$select h from fed f, string_to_table(f.body, E'\n') h where f.file = 'hashes.csv'$$,
	$$select md5(v) || ',' || (pg_temp.event(e.family) ->> 'uuid') from (select 'of <b>"x', unnest('{flux.example,more.example,2a0e::1}'::text[])
		union all select 'without a family', E'"\\010.example'
		union all select k, host(fixture.pool_address(i, 200)) from generate_series(0, 49) i, unnest('{"of <b>\"x",without a family}'::text[]) k)
		e(family, v)$$, 'the hashes of names and addresses, each with its event');

-- More of the same: what stays, and what is told to be new.
create temp table before as select * from pg_temp.object('of <b>"x', 'flux.example', '60.49.0.1');
create temp table uuid_before as select pg_temp.event('of <b>"x') ->> 'uuid' as uuid;
select fixture.observe('flux.example', '1 h', array[fixture.pool_address(49, 200)]);
select score_domains();
delete from fed;
insert into fed select * from pg_temp.feed();
select cmp_ok((pg_temp.event('of <b>"x') ->> 'timestamp')::bigint, '>=', floor(extract(epoch from now()))::bigint,
	'scored again: it is to be taken again');
select is(o.uuid, b.uuid, 'a node seen again is the same object'),
	is(o.at::bigint - b.at::bigint, 3600 - 45 * 60 - 9::bigint, 'its timestamp: last seen'),
	is(o.told, b.told || '{"time_last": "2008-05-01T13:00:00Z", "count": "2"}', 'its record: seen until then')
from before b, pg_temp.object('of <b>"x', 'flux.example', '60.49.0.1') o;
select is(told ->> 'last-seen', '2008-05-01T13:00:00Z', 'its name too') from pg_temp.object('of <b>"x', 'flux.example');
select is(pg_temp.event('of <b>"x') ->> 'uuid', uuid, 'it is the same event') from uuid_before;
select isnt(min(file), (select uuid || '.json' from uuid_before), 'another reporter''s is another')
from pg_temp.feed(export_filter(family => '<b>"x'), 'other.example');
-- Orgc stands in each event, and only that.
update domain set family = E'"\\010.example' where name = 'more.example';
select set_eq($$select m[1] from pg_temp.feed() f, regexp_matches(f.body, '"uuid" : "([^"]*)"', 'g') m where f.file ~ '^[-0-9a-f]{36}\.json$'
	group by 1 having count(*) > 1$$, $$select lasting_uuid('cert.example')::text$$, 'a family that is called as a name is: no UUID is there twice');

select * from finish();
rollback;
