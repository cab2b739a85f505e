-- SPDX-License-Identifier: MIT
-- Every word of the verdict, each from the smallest world that deserves it, and the lookalikes that must
-- never be called flux or suspect.
begin;
select no_plan();
select fixture.pool_origins(200);

-- Flux.
select fixture.churn('storm-9.example', 9, 1, 1, 1416, 200, 0, '2 s');
select isnt(fixture.judge('storm-9.example'), 'flux', 'Storm''s shape: nine lookups are too few');
select fixture.churn('storm-10.example', 10, 1, 1, 1416, 200, 0, '2 s');
select is(fixture.judge('storm-10.example'), 'flux', 'Storm''s shape, one A and TTL 0: the tenth settles it');
select fixture.churn('five-' || n || '.example', n, 5, 5, 1121, 200, 600, '601 s') from unnest('{2,3,7,8}'::integer[]) n;
select fixture.churn('few-2.example', 2, 3, 3, 6, 6, 600, '601 s');
select is(fixture.judge('five-2.example'), 'suspect', 'five A a lookup, ten networks: two lookups make it suspect'),
	is(fixture.judge('few-2.example'), 'unknown', 'six addresses in two lookups do not');
select is(fixture.verdict_of('five-3.example'), 'suspect', 'after the third it could yet be a set of mirrors'),
	is(fixture.verdict_of('five-7.example'), 'suspect', 'after the seventh too: 15 pairs of answers, 375 of addresses, by 7.07 less than 60'),
	is(fixture.verdict_of('five-8.example'), 'flux', 'the eighth settles it: 525 by 7.07 are more');
select matches((select reasons[1] from status where domain = 'five-3.example'), 'set of mirrors: more lookups, or the names',
	'and it says what would settle it');
select fixture.churn('overlap.example', 12, 10, 7, 300, 150, 3, '4 s');
select is(fixture.judge('overlap.example'), 'flux', 'successive answers that share three of ten');
select fixture.churn('half-known.example', 720, 1, 1, 1416, 200, 0, '100 s');
select fixture.observe('half-known.example', '20 hours' + k * interval '10 s',
		array[fixture.pool_address(case when k % 5 = 0 then 720 + k else k end, 200)], 0)
from generate_series(0, 700) k;
select is(fixture.judge('half-known.example'), 'flux', 'a pool mostly known already, one in five still new');
select fixture.observe('twelve-' || n || '.example', k * interval '61 s', array[fixture.pool_address(9000 + k % 12, 12)], 60)
from unnest('{14,30}'::integer[]) n, generate_series(1, n) k;
select is(fixture.judge('twelve-14.example'), 'suspect', 'twelve addresses that just begin to come again may be of many more'),
	is(fixture.judge('twelve-30.example'), 'rotating', 'after they came again and again they are not');
select fixture.observe('nine.example', k * interval '301 s', addresses) from (values (0, array[fixture.pool_address(0, 9)]),
	(1, array(select fixture.pool_address(i, 9) from generate_series(1, 4) i)),
	(2, array(select fixture.pool_address(i, 9) from generate_series(5, 8) i))) as v(k, addresses);
select is(fixture.judge('nine.example'), 'rotating', 'nine addresses are too few');
select is((select reasons[1:3] from status where domain = 'five-8.example'), array[
	'40 distinct addresses in 8 lookups, new ones still coming (30 in the last 6 different answers)',
	'in 40 networks (ASNs)', 'TTL 600 s'], 'the reasons have the figures');

-- What sets it apart from a set of mirrors sooner: home lines, or answers that keep addresses which leave for good.
select fixture.observe(name || '.example', k * interval '601 s', array(select fixture.pool_address(first + k * slide + j, 200) from generate_series(0, shown - 1) j), 600)
from (values ('lines', 7000, 3, 5, 5), ('renews', 8000, 9, 10, 3)) as v(name, first, lookups, shown, slide), generate_series(0, lookups - 1) k;
select fixture.line(fixture.pool_address(i, 200), i < 7004) from generate_series(7000, 7007) i;
select is(fixture.judge('lines.example'), 'flux', 'home lines by their names, four of eight: flux at the third lookup'),
	is(fixture.judge('renews.example'), 'flux', '34 addresses, of which seven of ten stay and none comes back');
update reverse_name set is_dynamic = false where address = fixture.pool_address(7003, 200);
select mark_all_due();
select is(fixture.judge('lines.example'), 'suspect', 'three of eight are not enough');
-- Parked for ten lookups with a TTL of a day, then awake.
select fixture.observe('wakes.example', k * interval '61 s', '{60.9.77.7}', 86400) from generate_series(-10, -1) k;
select fixture.churn('wakes.example', 8, 5, 5, 1121, 200);
select is(fixture.judge('wakes.example'), 'flux', 'a parked name that wakes has left its TTL behind');

-- A cache asked five times a TTL, by several collectors say, gives each answer five times, in whatever order.
select fixture.observe('often.example', k * interval '60 s',
	array(select fixture.pool_address(k / 5 * 5 + (k + j) % 5, 200) from generate_series(0, 4) j), 300 - k % 5 * 60)
from generate_series(0, 59) k;
select is(fixture.judge('often.example'), 'flux', 'what a cache repeats within the TTL does not count against new addresses');
select is(f.late_draws, 40::bigint, 'in the last 40 of 60 lookups 8 new answers of 5 addresses'), is(f.a_answered, 60::bigint, 'of 60')
from flux_features('often.example') f;

-- An authority that turns 25 answers is no cache: that they come again within the TTL does count.
select fixture.churn('turning.example', 120, 2, 2, 50, 15, 900, '10 s');
select is(fixture.judge('turning.example'), 'rotating', 'mirrors that come again with the whole TTL');
select is((flux_features('turning.example')).late_draws, 160::bigint, 'two draws in each of the last 80 of 120 lookups');

-- At the boundaries: ASNs, TTL.
select fixture.churn('asns-' || n || '.example', 18, 2, 2, 200, n) from unnest('{4,5}'::integer[]) n;
select fixture.churn('few-' || n || '.example', 6, 2, 2, 200, n) from unnest('{3,4}'::integer[]) n;
select fixture.churn('wide.example', 20, 2, 2, 200, 5);
select is(fixture.judge('asns-5.example'), 'flux', '36 addresses in 5 ASNs, as 0.4 of their power of 0.7 is below 5');
select is(fixture.verdict_of('asns-4.example'), 'rotating', 'in 4 ASNs'),
	is(fixture.verdict_of('wide.example'), 'rotating', '40 in 5 ASNs: their 0.4 is above 5');
select is(fixture.verdict_of('few-4.example'), 'suspect', '12 in 4 ASNs'),
	is(fixture.verdict_of('few-3.example'), 'rotating', '12 in 3 ASNs');
select fixture.churn('ttl-' || ttl || '.example', 10, 5, 5, 1000, 100, ttl, '1801 s') from unnest('{1799,1800}'::integer[]) ttl;
select is(fixture.judge('ttl-1799.example'), 'flux', 'TTL 1799');
select is(fixture.verdict_of('ttl-1800.example'), 'suspect', 'TTL 1800');
select fixture.churn('slow.example', 2, 10, 10, 1000, 100, 3600, '3601 s');
select is(fixture.judge('slow.example'), 'rotating', 'a long TTL and two lookups are not suspect');
-- Addresses of unknown ASNs are not networks, but too many of them are a doubt.
select fixture.observe('unknown-asns.example', k * interval '301 s', array(select inet '201.0.0.1' + (k * 5 + j) * 65536
	from generate_series(0, 4) j)) from generate_series(0, 9) k;
select is(fixture.judge('unknown-asns.example'), 'suspect', '50 addresses of unknown ASNs');

-- Double flux: the nameservers' own addresses flux, or new nameservers come again and again.
create function pg_temp.serve(name text, at interval, servers integer[]) returns void language sql
as $$ select fixture.observe(name, at, qtype => 2, names => array(select 'ns' || i || '.' || name from unnest(servers) i)) $$;
create function pg_temp.serve_from(server text, lookups integer, slide integer, start integer) returns void language sql
as $$
	select fixture.observe(server, k * interval '301 s', array[fixture.pool_address(start + k * slide, 200)], role => 'nameserver')
	from generate_series(0, lookups - 1) k
$$;
select fixture.churn(name, 10, 5, 5, 1121, 200), pg_temp.serve(name, '1 s', '{1,2,3,4,5,6}')
from unnest('{double.example,steady-ns.example}'::text[]) name;
select pg_temp.serve_from('ns' || i || '.double.example', 6, 1, i * 10) from generate_series(1, 6) i;
select pg_temp.serve_from('ns' || i || '.steady-ns.example', 6, 0, i * 10) from generate_series(1, 6) i;
select is(fixture.judge('double.example'), 'double-flux', 'nameservers with new addresses each time');
select is(fixture.judge('steady-ns.example'), 'flux', 'six nameservers within the name, in six networks, that stay');
select is(f.ns_draws, 30::bigint, 'six nameservers, five lookups each after the first'),
	is(f.ns_new, case name when 'double.example' then 30 else 0 end::bigint, 'the new addresses of ' || name)
from unnest('{double.example,steady-ns.example}'::text[]) name, flux_features(name) f;
select fixture.churn(n || '-new.example', 10, 5, 5, 1121, 200),
	pg_temp.serve(n || '-new.example', '1 s', array(select generate_series(1, n))) from unnest('{4,5}'::integer[]) n;
select pg_temp.serve_from('ns' || i || '.' || n || '-new.example', 2, 1, i * 10)
from unnest('{4,5}'::integer[]) n, generate_series(1, n) i;
select is(fixture.judge('4-new.example'), 'flux', 'four new addresses of four nameservers are too few');
select is(fixture.judge('5-new.example'), 'double-flux', 'five of five are not');
select fixture.churn(name, 10, 5, 5, 1121, 200) from unnest('{ns-churn.example,ns-moved.example}'::text[]) name;
select pg_temp.serve('ns-churn.example', k * interval '301 s', array[2 * k, 2 * k + 1]) from generate_series(0, 3) k;
select pg_temp.serve('ns-moved.example', k * interval '301 s', case when k < 2 then '{1,2}' else '{3,4}' end::integer[])
from generate_series(0, 3) k;
select is(fixture.judge('ns-churn.example'), 'double-flux', 'new nameservers in three lookups');
select is((flux_features('ns-churn.example')).ns_changes, 3::bigint, 'the first one is no change');
select is(fixture.judge('ns-moved.example'), 'flux', 'one move to other nameservers is none');

-- Lookalikes, after 20 and after 60 lookups. First what saturates, then what stays in few networks.
create function pg_temp.lookalikes(lookups integer) returns setof text language plpgsql
as $$
declare
	tag text := '-' || lookups || '.example';
begin
	perform fixture.churn('round-robin' || tag, lookups, 8, 1, 8, 2);
	perform fixture.churn('mirrors' || tag, lookups, 4, 3, 20, 12, 60, '61 s');
	perform fixture.churn('one-mirror' || tag, lookups, 1, 7, 20, 12, 60, '61 s');
	perform fixture.churn('one-network' || tag, lookups, 4, 4, 129, 1, 1, '2 s');
	perform fixture.churn('cdn' || tag, lookups, 2, 1, 60, 2, 1, '2 s', '{a.edge.example.net}');
	perform fixture.churn('wide-cdn' || tag, lookups, 2, 2, 1000, 9, 1, '2 s', '{a.edge.example.net}');
	perform fixture.churn(lookups || '.pool.ntp.org', lookups, 4, 4, 3000, 200, 130, '131 s');
	perform fixture.observe('static' || tag, k * interval '301 s', '{60.0.66.1}'),
		fixture.observe('three' || tag, k * interval '301 s', '{60.0.66.2,60.0.66.3,60.0.66.4}')
		from generate_series(1, lookups) k;
	perform score_domains();
	return next is(fixture.verdict_of('round-robin' || tag), 'static', lookups || ': eight addresses in turn');
	return next is(fixture.verdict_of('mirrors' || tag), 'rotating', lookups || ': 20 mirrors in 12 networks, four at a time');
	return next is(fixture.verdict_of('one-network' || tag), 'rotating', lookups || ': 129 addresses of one network');
	return next is(fixture.verdict_of('cdn' || tag), 'cdn', lookups || ': a chain to another''s zone, 2 networks, TTL 1 s');
	return next is(fixture.verdict_of('wide-cdn' || tag), 'cdn', lookups || ': a chain to another''s zone, 9 networks');
	return next is(fixture.verdict_of(lookups || '.pool.ntp.org'), 'pool', lookups || ': a listed pool');
	return next is(fixture.verdict_of('static' || tag), 'static', lookups || ': one address');
	return next is(fixture.verdict_of('three' || tag), 'static', lookups || ': three addresses');
end $$;
select pg_temp.lookalikes(20);
select pg_temp.lookalikes(60);
select is(fixture.verdict_of('one-mirror-60.example'), 'rotating', 'one of 20 mirrors a lookup: after 60 it is plain');

-- A botnet of a hundred, watched until all of it was seen: no news, but no mirror set either.
select fixture.churn('known-20.example', 60, 4, 4, 40, 20);
select fixture.churn('known-19.example', 60, 4, 4, 38, 19);
select fixture.churn('blocks.example', 60, 4, 4, 68, 20);
select is(fixture.judge('known-20.example'), 'suspect', '40 addresses in 20 networks that all came again');
select is(fixture.verdict_of('known-19.example'), 'rotating', '38 addresses in 19 networks that all came again');
select is(fixture.verdict_of('blocks.example'), 'rotating', '68 addresses in 20 networks: several in each, as mirrors have');

-- Lists win. The allow list keeps the measured word, but for flux.
insert into list_entry (list, name, prefix, source, listed_on) values
	('allow', 'allowed.example', null, 'test', '2008-05-01'), ('cdn', 'cdn-name.example', null, 'test', '2008-05-01'),
	('sinkhole', null, '60.199.0.0/16', 'test', '2008-05-01'), ('parking', null, '60.198.0.0/16', 'test', '2008-05-01');
select fixture.churn(name, 10, 5, 5, 1121, 150) from unnest('{www.allowed.example,cdn-name.example}'::text[]) name;
select is(fixture.judge('www.allowed.example'), 'rotating', 'a name below an allowed one');
select is(fixture.verdict_of('cdn-name.example'), 'cdn', 'a listed content network''s name');
select fixture.observe('sunk.example', k * interval '301 s', '{60.199.0.1}') from generate_series(0, 3) k;
select is(fixture.judge('sunk.example'), 'sinkholed', 'an address of a listed sinkhole');
select fixture.observe('half-sunk.example', k * interval '301 s', '{60.199.0.1,60.1.0.1}') from generate_series(0, 3) k;
select is(fixture.judge('half-sunk.example'), 'static', 'a sinkhole''s address among others is not one');
select fixture.churn('sunk-ns.example', 10, 5, 5, 1121, 150),
	fixture.observe('sunk-ns.example', '1 s', qtype => 2, names => '{a.csof.net,b.csof.net}');
select is(fixture.judge('sunk-ns.example'), 'sinkholed', 'all nameservers are a sinkhole''s');
select fixture.churn('sly-ns.example', 10, 5, 5, 1121, 150),
	fixture.observe('sly-ns.example', '1 s', qtype => 2, names => '{a.csof.net,ns1.sly-ns.example}');
select is(fixture.judge('sly-ns.example'), 'flux', 'a sinkhole''s nameserver among others is a ruse');
select fixture.churn('sly-chain.example', 10, 5, 5, 1121, 150, names => '{a.csof.net}');
select is(fixture.judge('sly-chain.example'), 'flux', 'so is a CNAME to a sinkhole''s name');
select fixture.observe('listed-parked.example', k * interval '301 s', '{60.198.0.1}') from generate_series(0, 3) k;
select is(fixture.judge('listed-parked.example'), 'parked', 'an address on the parking list');

-- Parked: few addresses, the same each time, under ten followed names.
create function pg_temp.park(names integer, address inet) returns void language sql
as $$
	select fixture.observe('park' || i || '-' || host(address), k * interval '301 s', array[address])
	from generate_series(1, names) i, generate_series(0, 1) k
$$;
select pg_temp.park(9, '60.5.66.9'), pg_temp.park(10, '60.5.66.10');
select fixture.observe('ns.park', '0 s', '{60.5.66.9}', role => 'nameserver');
select is(fixture.judge('park1-60.5.66.9'), 'static', 'nine names and a nameserver on one address');
select is(fixture.judge('park1-60.5.66.10'), 'parked', 'ten names on one address');

-- Dead, silent, unknown, static.
select fixture.churn('dying-2.example', 10, 5, 5, 1121, 150), fixture.churn('dying-3.example', 10, 5, 5, 1121, 150);
select fixture.observe('dying-' || n || '.example', '2 hours' + k * interval '61 s', outcome => 'nxdomain')
from unnest('{2,3}'::integer[]) n, generate_series(1, n) k;
select is(fixture.judge('dying-2.example'), 'flux', 'two NXDOMAIN after answers');
select is(fixture.judge('dying-3.example'), 'dead', 'three NXDOMAIN after answers');
select fixture.observe('lost.example', k * interval '10 s', array[fixture.pool_address(k, 150)], 0,
	case when k % 2 = 0 then 'answered' else 'servfail' end::outcome) from generate_series(0, 60) k;
select is(fixture.judge('lost.example'), 'flux', 'every second lookup lost changes nothing');
select fixture.observe('never.example', '0 s', outcome => 'nxdomain');
select is(fixture.judge('never.example'), 'dead', 'NXDOMAIN and nothing else');
select fixture.observe('empty.example', k * interval '61 s', outcome => 'nodata') from generate_series(0, 3) k;
select is(fixture.judge('empty.example'), 'dead', 'NODATA and nothing else');
select fixture.observe('six.example', k * interval '61 s', outcome => 'nodata'),
	fixture.observe('six.example', k * interval '61 s', '{2a0e::1}', qtype => 28) from generate_series(0, 3) k;
select is(fixture.judge('six.example'), 'static', 'IPv6 alone');
select fixture.observe('silent.example', k * interval '61 s', outcome => o) from unnest('{timeout,servfail}'::outcome[])
	with ordinality as f(o, k);
select fixture.observe('silent.example', '2 minutes', qtype => 2, names => '{ns1.silent.example}');
select is(fixture.judge('silent.example'), 'silent', 'failures alone, but for its nameservers');
select is(reasons, array['no address: 2 of 3 lookups failed (servfail, timeout)'], 'and the reason does not say that all failed')
from status where domain = 'silent.example';
select fixture.observe('once.example', '0 s', '{60.1.1.1}', 300);
select is(fixture.judge('once.example'), 'unknown', 'one lookup');
select fixture.observe('cached.example', k * interval '10 s', '{60.1.1.1}', 300) from generate_series(0, 5) k;
select is(fixture.judge('cached.example'), 'unknown', 'six lookups, all within the TTL of the first');
select fixture.observe('twice.example', k * interval '301 s', '{60.1.1.1}', 300) from generate_series(0, 1) k;
select is(fixture.judge('twice.example'), 'static', 'the same address after its TTL');

-- Scores keep to their order, and every word above is one that the table names.
select ok(min(score) filter (where verdict in ('flux', 'double-flux')) > max(score) filter (where verdict = 'suspect')
	and min(score) filter (where verdict = 'suspect')
		> max(score) filter (where verdict not in ('flux', 'double-flux', 'suspect')),
	'flux scores more than suspect, suspect more than the rest') from verdict;
select set_eq('select distinct verdict from verdict',
	'{flux,double-flux,suspect,cdn,pool,rotating,static,parked,sinkholed,dead,silent,unknown}'::text[],
	'every word was reached');
select is_empty('select * from verdict where cardinality(reasons) = 0', 'no verdict without a reason');

-- Without any prefix table: /16s, and more of them.
delete from prefix_origin;
delete from prefix_table;
delete from verdict;
select fixture.churn('blind-' || n || '.example', 20, 2, 2, 1000, n) from unnest('{16,17}'::integer[]) n;
select fixture.churn('blind-' || n || '.example', 20, 1, 1, 1000, n, 5, '6 s') from unnest('{9,10}'::integer[]) n;
select refresh_origins();
select is(fixture.judge('blind-17.example'), 'flux', 'no prefix table: 40 addresses in 17 /16');
select is(fixture.verdict_of('blind-16.example'), 'suspect', 'no prefix table: 40 addresses in 16 /16');
select is(fixture.verdict_of('blind-10.example'), 'flux', 'no prefix table: 20 addresses in 10 /16');
select is(fixture.verdict_of('blind-9.example'), 'rotating', 'no prefix table: 20 addresses in 9 /16');
select matches((select array_to_string(reasons, '; ') from status where domain = 'blind-17.example'),
	'17 networks of size /16; no prefix table', 'and it says so');

select * from finish();
rollback;
