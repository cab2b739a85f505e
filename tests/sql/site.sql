-- SPDX-License-Identifier: MIT
-- The lists of the static site: what changed, and the pages of clusters.
begin;
select plan(15);
select fixture.pool_origins(200);

select is(site_time('2008-05-01 23:59:59+00'), '2008-05-01 23:59', 'a time, to the minute'),
	is(site_day('2008-05-02 01:30:00+02'), '2008-05-01', 'a day, of UTC'), is(site_time(null), null, 'no time');

-- Three names of one botnet, and one that does nothing.
select fixture.churn('a.example', 20, 5, 5, 1121, 200), fixture.churn('b.example', 20, 5, 5, 1121, 200),
	fixture.churn('c.example', 20, 5, 5, 1121, 200),
	fixture.churn('quiet.example', 10, 1, 0, 1, 1);
select score_domains();
select results_eq('select domain, before, after from site_changes(now() - interval ''1 hour'')',
	$$values ('a.example', null::text, 'flux'), ('b.example', null, 'flux'), ('c.example', null, 'flux')$$,
	'a first verdict is news where it says flux');
select results_eq('select members, former, last_at from site_clusters()', $$values (3::bigint, 0::bigint, null::timestamptz)$$,
	'a cluster and how many are in it');
select results_eq('select domain, verdict, until, linked_to from site_cluster_members((select id from cluster))',
	$$values ('a.example', 'flux', null::timestamptz, null), ('b.example', 'flux', null, 'a.example'),
	('c.example', 'flux', null, 'a.example')$$, 'its names, and what joined them');

-- All had the same 100 addresses in as many networks; of these a sinkhole is nobody's to share.
select results_eq('select count(*), sum(names), count(distinct asn) from site_cluster_shared((select id from cluster))',
	$$values (100::bigint, 300::numeric, 100::bigint)$$, 'the addresses that they share');
insert into list_entry (list, prefix, source, listed_on)
select 'sinkhole', fixture.pool_address(7, 200)::cidr, 'test', '2008-05-01';
select results_eq('select count(*), count(*) filter (where address = fixture.pool_address(7, 200))
	from site_cluster_shared((select id from cluster))', $$values (99::bigint, 0::bigint)$$, 'without those on a list');
select results_eq('select count(*), min(addresses), max(names) from site_cluster_networks((select id from cluster))',
	$$values (100::bigint, 1::bigint, 3::bigint)$$, 'their networks');

-- One of them leaves, being dead.
select fixture.observe('b.example', '1 day 3 hours' + i * interval '300 s', outcome => 'nxdomain', ttl => 300)
from generate_series(1, 5) i;
select score_domains();
select is(fixture.verdict_of('b.example'), 'dead', 'b.example died');
select results_eq('select domain, before, after from site_changes(now() - interval ''1 hour'') limit 1',
	$$values ('b.example', 'flux', 'dead')$$, 'the newest change is first, from what to what');
select is((select count(*) from site_changes(clock_timestamp())), 0::bigint, 'nothing changed since now');
select results_eq('select domain, until is null from site_cluster_members((select id from cluster))',
	$$values ('a.example', true), ('c.example', true), ('b.example', false)$$, 'who left comes last');
select results_eq('select members, former from site_clusters()', $$values (2::bigint, 1::bigint)$$, 'and is counted apart');
select is_empty('select * from site_cluster_members(-1)', 'no such cluster');

select * from finish();
rollback;
