-- SPDX-License-Identifier: MIT
-- The roll-up: each segment once, the same whichever way and order segments come, origins of the day.
begin;
select plan(20);

insert into prefix_origin (prefix, asn, valid_from, valid_to, source) values
	('60.0.0.0/8', 1, '2008-01-01', null, 'test'), ('60.1.0.0/16', 2, '2008-01-01', '2008-05-02', 'test'),
	('60.1.0.0/16', 3, '2008-05-02', null, 'test');

-- Three segments with the same names and addresses, some twice in an answer, and a failure.
create temporary table part (segment integer, n integer) on commit drop;
create function pg_temp.load(parts integer[]) returns void language plpgsql
as $$
declare
	part integer;
	segment integer;
begin
	foreach part in array parts loop
		segment := fixture.segment();
		perform fixture.observe('a.example', part * interval '1 hour' + k * interval '1 minute',
				array[inet '60.0.0.1', inet '60.0.0.1', inet '60.1.0.0' + k], 100 * part + k, segment => segment)
			from generate_series(1, 3) k;
		perform fixture.observe('a.example', (part - 1) * interval '13 hours', '{60.1.0.1}', 5, segment => segment);
		perform fixture.observe('a.example', part * interval '1 hour', '{2a0e::1}', 60, qtype => 28, segment => segment);
		perform fixture.observe('a.example', part * interval '1 hour', outcome => 'timeout', segment => segment);
		perform fixture.observe('b.example', '0 s', outcome => 'nxdomain', segment => segment);
	end loop;
end $$;
create function pg_temp.result() returns setof text language sql
as $$
	select row(d.name, n.address, n.first_seen, n.last_seen, n.observations, n.ttl_min, n.ttl_max, n.asn, n.prefix)::text
	from node n join domain d on d.id = n.domain_id
	union all
	select row(d.name, t.lookups, t.failures, t.first_lookup, t.last_lookup)::text
	from tally t join domain d on d.id = t.domain_id
$$;
create function pg_temp.forget() returns void language sql
as $$ delete from node; delete from tally; delete from observation; delete from segment $$;

select pg_temp.load('{1,2,3}');
select is(roll_up_nodes(), 5::bigint, 'five nodes');
create temporary table at_once on commit drop as select * from pg_temp.result() r;
select is(roll_up_nodes(), 0::bigint, 'nothing left to do');
select set_eq('select * from pg_temp.result()', 'select r from at_once', 'and nothing counted twice');
select is(observations, 9::bigint, 'an address named twice in an answer counts once') from node where address = '60.0.0.1';
select is(first_seen, fixture.start() + interval '61 minutes', 'first seen'),
	is(last_seen, fixture.start() + interval '183 minutes', 'last seen'),
	is(ttl_min, 101, 'lowest TTL'), is(ttl_max, 303, 'highest TTL'), is(asn, 1::bigint, 'the longest prefix that holds it')
from node where address = '60.0.0.1';
select is(asn, 2::bigint, 'the origin is that of the day it was last seen') from node where address = '60.1.0.2';
select is(asn, 3::bigint, 'a day later it is another') from node where address = '60.1.0.1';
select is(asn, null, 'no prefix, no ASN') from node where address = '2a0e::1';
select is(lookups, 18::bigint, 'all lookups are tallied'), is(failures, 3::bigint, 'and what failed of them')
from tally t join domain d on d.id = t.domain_id where d.name = 'a.example';

-- One after the other, in another order.
select pg_temp.forget();
select pg_temp.load('{2}'), roll_up_nodes();
select pg_temp.load('{3}'), roll_up_nodes();
select pg_temp.load('{1}'), roll_up_nodes();
select set_eq('select * from pg_temp.result()', 'select r from at_once', 'the same in any order, one by one');

-- A table that comes later.
insert into prefix_origin (prefix, asn, valid_from, source) values ('2a0e::/16', 4, '2008-01-01', 'test');
select refresh_origins();
select is(asn, 4::bigint, 'a prefix table imported later makes a node''s origin known') from node where address = '2a0e::1';

-- An import itself does that, and what rested on it is judged anew. Else a name that fluxes would have one
-- known ASN after its next lookup, fifty unknown ones, and no longer flux.
delete from prefix_origin;
select fixture.churn('flux.example', 10, 5, 5, 1121, 200), fixture.churn('elsewhere.example', 4, 1, 0, 1, 1);
select refresh_origins();
select is(fixture.judge('flux.example'), 'flux', 'without a prefix table');
create temporary table prefix_import (prefix cidr, asn bigint, valid_from date, country text) on commit drop;
insert into prefix_import select set_masklen(inet '60.0.0.0' + n * 65536, 16)::cidr, 1000 + n, null
from generate_series(1, 199) n;
select import_prefixes('2008-05-01', 'test');
select is(count(*), 49::bigint, 'an import makes the origins of the nodes that are there known') from node
where domain_id = domain_id_of('flux.example') and asn is not null;
select is(score_domains(), 2::bigint, 'and what it changed is scored without --all'); -- a.example too
select ok('in 49 networks (ASNs)' = any(reasons), 'with its ASNs') from verdict
where domain_id = domain_id_of('flux.example');

select * from finish();
rollback;
