-- SPDX-License-Identifier: MIT
-- Names that share nodes: which are joined, and that a cluster's id stays while names come, go, merge and split.
begin;
select no_plan();
select fixture.pool_origins(200);

-- What a name shows: the pool's addresses from..to, five an answer. The answers begin `at` after the start.
create function pg_temp.show(name text, at interval, pool integer[]) returns void language sql
as $$
	select fixture.observe(name, at + (k / 5) * interval '301 s', array_agg(fixture.pool_address(pool[k + 1], 200)))
	from generate_series(0, cardinality(pool) - 1) k group by k / 5
$$;
create function pg_temp.range(first integer, last integer) returns integer[] language sql
as $$ select array(select generate_series(first, last)) $$;

-- Scores all, and groups those.
create function pg_temp.group_all() returns void language plpgsql
as $$
begin
	perform score_domains();
	perform group_names(array(select domain_id from verdict));
end $$;

-- Scores what is new, and groups the names that are like the pattern.
create function pg_temp.group_these(pattern text) returns void language plpgsql
as $$
begin
	perform score_domains();
	perform group_names(array(select id from domain where name like pattern));
end $$;

create function pg_temp.cluster_of(name text) returns integer language sql
as $$ select cluster from status where domain = $1 $$;

-- The two thresholds: five addresses, and a twentieth of the smaller.
select pg_temp.show('five-a.example', '0 s', pg_temp.range(0, 49)), pg_temp.show('five-b.example', '0 s', pg_temp.range(45, 94)),
	pg_temp.show('four-a.example', '0 s', pg_temp.range(1000, 1049)), pg_temp.show('four-b.example', '0 s', pg_temp.range(1046, 1095)),
	pg_temp.show('twentieth-a.example', '0 s', pg_temp.range(2000, 2119)), pg_temp.show('twentieth-b.example', '0 s', pg_temp.range(2114, 2233)),
	pg_temp.show('less-a.example', '0 s', pg_temp.range(3000, 3119)), pg_temp.show('less-b.example', '0 s', pg_temp.range(3115, 3234)),
	pg_temp.show('alone.example', '0 s', pg_temp.range(4000, 4049));
select pg_temp.group_all();
select is(count(*), 9::bigint, 'all of them flux') from status where verdict = 'flux';
select isnt(pg_temp.cluster_of('five-a.example'), null, '5 of 50 addresses join two names'),
	is(pg_temp.cluster_of('five-a.example'), pg_temp.cluster_of('five-b.example'), 'in the same cluster'),
	is(pg_temp.cluster_of('four-a.example'), null, '4 of 50 do not'),
	isnt(pg_temp.cluster_of('twentieth-a.example'), null, '6 of 120 do'),
	is(pg_temp.cluster_of('less-a.example'), null, '5 of 120 do not'),
	is(pg_temp.cluster_of('alone.example'), null, 'a name that shares nothing has no cluster');
select results_eq($$select shared, round(similarity::numeric, 6) from cluster_member
	where domain_id = domain_id_of('five-b.example')$$,
	$$values (5::bigint, round(5 / 95.0 / (1 + exp(-47.0)), 6))$$, 'Perdisci''s similarity: 5 of 95, of sets of 50');
select is(set_similarity(2, 3, 4), 0.2::float, '2 of 5, halved where the smaller set has 3');

-- What must not join: addresses on a list, of a host with many customers, of another day; names that do not flux.
delete from cluster_member;
delete from cluster;
insert into list_entry (list, prefix, source, listed_on)
select 'cdn', fixture.pool_address(i, 200)::cidr, 'test', '2008-01-01' from generate_series(5046, 5049) i;
select pg_temp.show('cdn-a.example', '0 s', pg_temp.range(5000, 5049)), pg_temp.show('cdn-b.example', '0 s', pg_temp.range(5042, 5091)),
	pg_temp.show('host-a.example', '0 s', pg_temp.range(6000, 6049)), pg_temp.show('host-b.example', '0 s', pg_temp.range(6045, 6094)),
	pg_temp.show('many-a.example', '0 s', pg_temp.range(7000, 7049)), pg_temp.show('many-b.example', '0 s', pg_temp.range(7045, 7094)),
	pg_temp.show('day-a.example', '0 s', pg_temp.range(8000, 8049)), pg_temp.show('day-b.example', '25 hours', pg_temp.range(8045, 8094)),
	pg_temp.show('still-a.example', '0 s', pg_temp.range(9000, 9049)), fixture.churn('still-b.example', 4, 6, 0, 6, 6);
select fixture.observe('customer-' || i || '.example', '1 s', array[fixture.pool_address(case when i < 399 then 7045 else 6045 end, 200)])
from generate_series(1, 797) i;
select pg_temp.group_all();
select is(pg_temp.cluster_of('cdn-a.example'), null, '8 shared addresses, of which 4 are on the cdn list, do not join'),
	is(pg_temp.cluster_of('host-a.example'), null, 'nor 5 of which one is under 401 names'),
	isnt(pg_temp.cluster_of('many-a.example'), null, 'one under 400 names counts'),
	is(pg_temp.cluster_of('day-a.example'), null, 'the addresses of another day do not'),
	is(pg_temp.cluster_of('still-a.example'), null, 'nor those of a name that does not flux');
update list_entry set removed_at = now() where source = 'test' and prefix >>= fixture.pool_address(5046, 200);
select pg_temp.group_all();
select isnt(pg_temp.cluster_of('cdn-a.example'), null, 'and 5 beside 3 on the list do');

-- A third name merges two clusters: the larger's id stays, or the older's of two as large. The other ends.
delete from cluster_member;
delete from cluster;
delete from verdict;
select pg_temp.show('m1.example', '0 s', pg_temp.range(10000, 10049)), pg_temp.show('m2.example', '0 s', pg_temp.range(10040, 10089)),
	pg_temp.show('m3.example', '0 s', pg_temp.range(10200, 10249)), pg_temp.show('m4.example', '0 s', pg_temp.range(10240, 10289));
select pg_temp.group_these('m_.example');
create temporary table first_id on commit drop as select pg_temp.cluster_of('m1.example') as a, pg_temp.cluster_of('m3.example') as b;
select cmp_ok(a, '<', b, 'two clusters of two names') from first_id;
select pg_temp.show('m5.example', '0 s', pg_temp.range(10080, 10209));
select pg_temp.group_these('m5.example');
select is(array_agg(distinct cluster), array[(select a from first_id)], 'a fifth name makes one of them, with the older id')
from status where domain like 'm_.example';
select isnt(last_at, null, 'the other one ends') from cluster where id = (select b from first_id);
select is(count(*), 2::bigint, 'and tells whom it had'), is(count(until), 2::bigint, 'and until when')
from cluster_member where cluster_id = (select b from first_id);

-- Nothing new, nothing changed; whoever is asked for.
create temporary table before on commit drop as select * from cluster_member;
select pg_temp.group_these('m_.example'), pg_temp.group_these('m3.example');
select set_eq('select * from cluster_member', 'select * from before', 'the same again changes nothing');

-- The name that joined them dies: they part, the larger part keeps the id, and what was stays on record.
select pg_temp.show('m6.example', '0 s', pg_temp.range(10240, 10299));
select pg_temp.group_these('m6.example');
select is(pg_temp.cluster_of('m6.example'), (select a from first_id), 'a sixth joins');
select fixture.observe('m5.example', '5 hours' + k * interval '1 minute', outcome => 'nxdomain') from generate_series(1, 3) k;
select pg_temp.group_these('m5.example');
select is(pg_temp.cluster_of('m5.example'), null, 'a dead name is no member'),
	is(pg_temp.cluster_of('m3.example'), (select a from first_id), 'of two and three names the three keep the id'),
	is(pg_temp.cluster_of('m4.example'), (select a from first_id), 'all of them'),
	cmp_ok(pg_temp.cluster_of('m1.example'), '>', (select b from first_id), 'the two have a new one'),
	is(pg_temp.cluster_of('m1.example'), pg_temp.cluster_of('m2.example'), 'together');
select is(until, fixture.start() + interval '5 hours 3 minutes', 'the dead one was a member until it died')
from cluster_member where domain_id = domain_id_of('m5.example');

-- Members that die one after the other, the first of them first: the last keeps the id, for whoever joins it.
select fixture.observe(name, '5 hours' + k * interval '1 minute', outcome => 'nxdomain')
from unnest('{m3.example,m4.example}'::text[]) name, generate_series(1, 3) k;
select pg_temp.group_these('m3.example');
select pg_temp.group_these('m4.example');
select is(pg_temp.cluster_of('m6.example'), (select a from first_id), 'the last member keeps the id');
select pg_temp.show('m7.example', '0 s', pg_temp.range(10240, 10299));
select pg_temp.group_these('m7.example');
select is(pg_temp.cluster_of('m7.example'), (select a from first_id), 'a name that joins it gets it');
select fixture.observe(name, '5 hours' + k * interval '1 minute', outcome => 'nxdomain')
from unnest('{m6.example,m7.example}'::text[]) name, generate_series(1, 3) k;
select pg_temp.group_these('m6.example');
select pg_temp.group_these('m7.example');
select is(last_at, fixture.start() + interval '5 hours 3 minutes', 'it ends with its last member') from cluster
where id = (select a from first_id);

-- A, B and C linked by an address each, as of one big provider, are three botnets.
select pg_temp.show('chain-' || i || '.example', '0 s', pg_temp.range(11000 + i * 49, 11049 + i * 49)) from generate_series(0, 2) i;
select pg_temp.group_all();
select is_empty($$select from status where domain like 'chain-%' and cluster is not null$$, 'a chain of one address each');

-- Kelihos's shape: twelve names on a pool of 3,000, one A a lookup. The first 150 lookups make one cluster of them, which
-- keeps its id as the pool turns.
create function pg_temp.kelihos(hours integer) returns setof text language plpgsql
as $$
begin
	perform fixture.observe('kelihos-' || i || '.example', hours * interval '1 hour' + k * interval '20 s', array[fixture.pool_address(
			20000 + hours * 500 + ('x' || left(md5(format('%s %s %s', i, k, hours)), 7))::bit(28)::integer % 3000, 200)], 0)
		from generate_series(1, 12) i, generate_series(1, 150) k;
	perform pg_temp.group_these('kelihos-%');
	return next is(count(cluster), 12::bigint, hours || ' h: twelve names on one pool') from status where domain like 'kelihos-%';
	insert into kelihos_id select distinct cluster from status where domain like 'kelihos-%';
	return next is(count(distinct id), 1::bigint, 'are one cluster, with the id it had') from kelihos_id;
end $$;
create temporary table kelihos_id (id integer) on commit drop;
select pg_temp.kelihos(0);
select pg_temp.kelihos(1);
select pg_temp.kelihos(2);

-- Made anew from nothing, the clusters have the same names.
create function pg_temp.groups() returns setof text language sql
as $$ select string_agg(domain, ' ' order by domain) from status where cluster is not null group by cluster $$;
create temporary table groups_before on commit drop as select * from pg_temp.groups();
delete from cluster_member;
delete from cluster;
select pg_temp.group_all();
select set_eq('select * from pg_temp.groups()', 'select * from groups_before', 'clusters made from nothing have the same members');

-- What a registrar reads.
select matches(line, '^  - 10 of its 50 addresses', 'evidence has a line') from evidence_text('m1.example') line where line ~ '10 of its';
select is(takedown_evidence('m1.example') -> 'cluster' -> 'names', '["m2.example"]', 'evidence names the others'),
	is(takedown_evidence('m1.example') #>> '{cluster,shared}', '10', 'and how much it shares with them'),
	is(takedown_evidence('alone.example') -> 'cluster', 'null', 'a name alone has none');

select * from finish();
rollback;
