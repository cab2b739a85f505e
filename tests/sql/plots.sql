-- SPDX-License-Identifier: MIT
-- The series that plots are drawn from: what each point stands for, and that they stay small.
begin;
select plan(34);

select fixture.pool_origins(40);

create function pg_temp.plots(name text, path text[]) returns jsonb language sql
as $$ select evidence_plots(name) #> path $$;

-- Three nodes over 320 minutes: a slot is two minutes and a little more (160 slots).
select fixture.observe('three.example', '0 s', '{60.0.0.1,60.1.0.1}', 30),
	fixture.observe('three.example', '160 min 1 s', '{60.0.0.1}', 10),
	fixture.observe('three.example', '320 min', '{60.2.0.1}', 20);
-- Only the nodes of what was rolled up are drawn.
select fixture.observe('never.example', '0 s', outcome => 'nxdomain'),
	fixture.observe('instant.example', '0 s', '{60.0.0.1,60.0.0.2}', 0),
	fixture.observe('instant.example', '0 s', '{60.0.0.1,60.0.0.2}', 0),
	fixture.observe('six.example', '0 s', '{2001:db8::1}', 60, qtype => 28),
	fixture.observe('six.example', '1 min', '{2001:db8::2}', 60, qtype => 28);
select fixture.domain('unasked.example');
select roll_up_nodes();

select is(pg_temp.plots('three.example', '{first}'), '"2008-05-01T12:00:00Z"', 'the time begins with the first lookup');
select is(pg_temp.plots('three.example', '{last}'), '"2008-05-01T17:20:00Z"', 'and ends with the last');
select is(pg_temp.plots('three.example', '{addresses,per_row}'), '1', 'few nodes: one a row');
-- Ranks: each network has one node, so they go by their numbers: AS1000, AS1001, AS1002.
select is(pg_temp.plots('three.example', '{addresses,dots}'),
	'[[0, 0, 1, 1], [0, 80, 1, 1], [1, 0, 2, 1], [2, 159, 3, 1]]', 'a dot a sighting, in the order of first sighting');
select is(pg_temp.plots('three.example', '{networks,rows}'), '[{"name": "AS1000", "rank": 1, "nodes": 1},
	{"name": "AS1001", "rank": 2, "nodes": 1}, {"name": "AS1002", "rank": 3, "nodes": 1}]', 'its networks');
select is(pg_temp.plots('three.example', '{growth,points}'), '[[1, 2], [2, 2], [3, 3]]', 'addresses after each lookup');
-- Half of three lookups are two: two addresses, and 1.5 an answer. 2 (1 - (1/4)^k): 1.5, 1.875, 1.96875.
select is(pg_temp.plots('three.example', '{growth,pool}') - 'drawn', '{"size": 2, "lookups": 2}', 'the pool of the first half');
select is(pg_temp.plots('three.example', '{growth,fixed}'), '[[1, 1.5], [2, 1.9], [3, 2.0]]', 'what it would have given');
select is(pg_temp.plots('three.example', '{ttl,points}'), '[[0, 30, 30], [80, 10, 10], [159, 20, 20]]', 'the TTL');

select is(pg_temp.plots('never.example', '{addresses,dots}'), '[]', 'no answer: no dots');
select is(pg_temp.plots('never.example', '{growth,points}'), '[]', 'no curve');
select is(pg_temp.plots('never.example', '{ttl,points}'), '[]', 'no TTL');
select is(pg_temp.plots('unasked.example', '{addresses,dots}'), '[]', 'never asked: no dots');
select is(pg_temp.plots('unasked.example', '{first}'), 'null', 'and no time');
select is(pg_temp.plots('instant.example', '{addresses,dots}'), '[[0, 0, 1, 1], [1, 0, 1, 1]]', 'one instant is one slot');
select is(pg_temp.plots('instant.example', '{growth,points}'), '[[2, 2]]', 'lookups of one instant count together');
select is(pg_temp.plots('instant.example', '{ttl,points}'), '[[0, 0, 0]]', 'TTL 0 is a TTL');
select is(pg_temp.plots('six.example', '{addresses,nodes}'), '2', 'IPv6 nodes have rows');
select is(pg_temp.plots('six.example', '{growth,points}'), '[]', 'but are not what A lookups gave');
select is(pg_temp.plots('six.example', '{networks,unknown_nodes}'), '2', 'whose network is not known is counted so');

-- 130 nodes over 40 networks: the first ten have 4, the others 3. Three nodes a row: 44 rows.
select fixture.churn('many.example', 26, 5, 5, 1000, 40);
select roll_up_nodes();
select is(pg_temp.plots('many.example', '{addresses,per_row}'), '3', 'many nodes: several a row');
select is(pg_temp.plots('many.example', '{addresses,rows}'), '44', 'and as many rows as that gives');
select ok((select max((dot ->> 0)::integer) = 43 and max((dot ->> 3)::integer) <= 3
	from jsonb_array_elements(pg_temp.plots('many.example', '{addresses,dots}')) dot), 'a dot counts nodes of its row');
select is(pg_temp.plots('many.example', '{networks}') - 'rows',
	'{"others": 33, "others_nodes": 102, "unknown_nodes": 0}', 'seven networks have a colour, the others one sum');

-- 121 nodes of AS1000 and 60 of AS1001, four a row: row 30 has one of the former and three of the latter.
select fixture.observe('mixed.example', '0 s', array(select inet '60.0.0.1' + k from generate_series(0, 120) k)
	|| array(select inet '60.1.0.1' + k from generate_series(0, 59) k));
select fixture.observe('dual.example', '0 s', '{60.0.0.1}'),
	fixture.observe('dual.example', '0 s', '{2001:db8::1,2001:db8::2}', qtype => 28);
select roll_up_nodes();
select is(pg_temp.plots('mixed.example', '{addresses,dots,30}'), '[30, 0, 2, 4]', 'most of a row give its colour');
select is(pg_temp.plots('dual.example', '{growth,points}'), '[[1, 1]]', 'what A lookups gave counts IPv4 alone');

-- ns1 is named all the time, ns2 not in the second hour; ns1 gets an address in the third.
select fixture.observe('named.example', h * interval '1 hour', qtype => 2,
	names => case when h = 1 then array['ns1.example'] else array['ns1.example', 'ns2.example'] end)
from generate_series(0, 3) h;
select fixture.observe('ns1.example', '0 s', '{60.0.0.1}', role => 'nameserver'),
	fixture.observe('ns1.example', '2 h', '{60.0.0.2}', role => 'nameserver');
select roll_up_nodes();
select is(pg_temp.plots('named.example', '{nameservers,lines}'), '[
	{"name": "ns1.example", "stretches": [[0, 159]], "changes": [106]},
	{"name": "ns2.example", "stretches": [[0, 0], [106, 159]], "changes": []}]', 'when each was named, and moved');
select is(pg_temp.plots('named.example', '{nameservers,total}'), '2', 'how many there are');
select fixture.observe('moving.example', h * interval '1 hour', qtype => 2, names => array['ns' || h || '.example'])
from generate_series(1, 30) h;
select roll_up_nodes();
select is(jsonb_array_length(pg_temp.plots('moving.example', '{nameservers,lines}')), 20, 'twenty are shown');
select is(pg_temp.plots('moving.example', '{nameservers,total}'), '30', 'of all');

-- More lookups than are numbered one by one, and more sightings than are read.
insert into observation (observed_at, segment_id, record, domain_id, resolver_id, vantage_id, qtype, anomalies, outcome,
	over_tcp, ttl, rtt, addresses)
select fixture.start() + i * interval '1 s', s.id, i, fixture.domain('huge.example'), 1, 1, 1, 0, 'answered', false, 60, 1000,
	array(select fixture.pool_address(i / 4 + j, 40) from generate_series(0, 4) j)
from generate_series(1, 25000) i, (select fixture.open_segment() as id) s;
select roll_up_nodes();
select is(pg_temp.plots('huge.example', '{addresses,every}'), '2', 'of 125,000 sightings half are read');
select ok(length(evidence_plots('huge.example')::text) < 60000, 'the series stay small');
select is(pg_temp.plots('huge.example', '{growth,points,-1}'), '[25000, 6255]', 'the curve ends with all');
select is(evidence_plots('huge.example'), evidence_plots('huge.example'), 'the same is drawn again');

select * from finish();
rollback;
