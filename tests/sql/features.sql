-- SPDX-License-Identifier: MIT
-- The figures of the churn, each against what a hand counts in a small world.
begin;
select no_plan();
select fixture.pool_origins(200);

-- A name's answers one after the other: '1,2 3 1' is three lookups, of addresses 1 and 2, of 3, of 1 again.
create function pg_temp.show(name text, answers text, ttl integer default 60, step interval default '61 s',
	resolver integer default 1, vantage integer default 1)
returns void language sql
as $$
	select fixture.observe(name, (k - 1) * step, array(select fixture.pool_address(i, 200) from unnest(('{' || answer || '}')::integer[]) i),
		ttl, resolver => resolver, vantage => vantage)
	from string_to_table(answers, ' ') with ordinality as t(answer, k)
$$;
create function pg_temp.seen(name text) returns features language plpgsql
as $$
begin
	perform roll_up_nodes();
	return flux_features(name);
end $$;

-- Four answers. Entrants 2, 2, 2 and 1; known before and not in the answer before 0, 0, 2 and 3: 2 * 2 + 1 * 3 pairs.
-- 1 and 2 come back once each; 1 stays once, of the six addresses that had an answer before them.
select pg_temp.show('four.example', '1,2 3,4 1,5 1,2');
select is(f.addresses, 5::bigint, 'four: addresses'), is(f.answer_max, 2, 'four: of an answer'), is(f.fluxiness, 2.5::float, 'four: fluxiness'),
	is(f.draws, 4::bigint, 'four: draws'), is(f.late_answers, 3::bigint, 'four: all but the first are late'),
	is(f.late_draws, 5::bigint, 'four: late entrants'), is(f.late_new, 3::bigint, 'four: 3, 4 and 5 are new in these'),
	is(f.new_share, 3::float / 7, 'four: 3 by 5 + 2'), is(f.stays, 1::bigint, 'four: stays'), is(f.kept, 1::float / 6, 'four: kept'),
	is(f.pairs, 7::float, 'four: pairs'), is(f.recaptures, 2::bigint, 'four: recaptures'),
	is(f.pool_estimate, 5::float, 'four: 7 by 3 is below the addresses'), is(f.dwell, 0::float, 'four: three of five came once'),
	is(f.a_answered, 4::bigint, 'four: answers')
from pg_temp.seen('four.example') f;
-- Entrants 2, 1, 1: 3 is seen for 61 s, 2 for 61 s, the others at once.
select pg_temp.show('dwell.example', '1,2 2,3 3,4');
select is(f.dwell, 0::float, 'dwell: the lower median of 0, 0, 61, 61'), is(f.stays, 2::bigint, 'dwell: stays'),
	is(f.kept, 0.5::float, 'dwell: 2 of 4 kept'), is(f.pairs, 1::float, 'dwell: address 1 is known and out when 4 comes in'),
	is(f.recaptures, 0::bigint, 'dwell: none came back'), is(f.pool_high, null, 'dwell: no upper end')
from pg_temp.seen('dwell.example') f;
select pg_temp.show('dwells.example', '1 1,2 1,2');
select is((pg_temp.seen('dwells.example')).dwell, 61::float, 'dwells: the lower median of 61 and 122');

-- One A an answer, 1 to 40 and again 1 to 10: the k-th new one meets k - 2 others, each of the ten that come back 39.
-- Pairs: 0 + 1 + ... + 38 + 10 * 39 = 1131. Of 10 events the 95 % interval is 4.795 to 18.39.
select pg_temp.show('forty.example', string_agg(k::text, ' ')) from (select generate_series(1, 40) k union all select generate_series(1, 10)) s;
select is(f.pairs, 1131::float, 'forty: pairs'), is(f.recaptures, 10::bigint, 'forty: recaptures'),
	is(round(f.pool_estimate::numeric, 6), round(1131 / 11.0, 6), 'forty: the pool'),
	ok(abs(f.pool_low - 1131 / 18.39) < 0.6, 'forty: at least'), ok(abs(f.pool_high - 1131 / 4.795) < 2.4, 'forty: at most'),
	is(f.late_answers, 34::bigint, 'forty: 50 draws, the first 16 are not late'), is(f.late_new, 24::bigint, 'forty: 17 to 40'),
	is(f.new_share, 24::float / 36, 'forty: their share'), is(f.kept, 0::float, 'forty: none stays'), is(f.stays, 0::bigint, 'forty: not once')
from pg_temp.seen('forty.example') f;
select pg_temp.show('one.example', '1');
select is(f.kept, null, 'one answer: nothing to keep'), is(f.late_answers, 0::bigint, 'one answer: none late'), is(f.late_new + f.late_draws, 0::bigint, 'one answer: nothing drawn late'), is(f.pairs, 0::float, 'one answer: no pairs')
from pg_temp.seen('one.example') f;
select pg_temp.show('back.example', '1 2 1');
select is(f.recaptures, 1::bigint, 'back: one came back'), isnt(f.pool_high, null, 'back: so there is an upper end') from pg_temp.seen('back.example') f;
select pg_temp.show('again.example', '1,2 2,1 1,2');
select is(f.draws, 1::bigint, 'again: the same in another order is no draw'), is(f.stays, 0::bigint, 'again: so nothing stays'), is(f.kept, null, 'again: nor leaves')
from pg_temp.seen('again.example') f;

-- Poisson bounds beside half the quantiles of chi-square: 0.025 and 0.975 of 20, 22, 200, 202 degrees, 0.001 and 0.999 of 20, 22.
select ok(abs(is_now - expected) <= 0.01 * expected, format('%s: %s', what, expected)) from (values
	('high of 0', poisson_high(0, 1.96), 3.689), ('high of 10', poisson_high(10, 1.96), 18.39), ('low of 10', poisson_low(10, 1.96), 4.795),
	('high of 100', poisson_high(100, 1.96), 121.63), ('low of 100', poisson_low(100, 1.96), 81.36),
	('high of 10 at 99.9 %', poisson_high(10, 3.09), 24.134), ('low of 100 at 99.9 %', poisson_low(100, 3.09), 71.9)) as v(what, is_now, expected);
select is(poisson_low(0, 1.96), 0::float, 'low of 0');
-- Wilson's interval of 8 of 10 begins at 0.490.
select is(round(share_low(8, 10, 1.96)::numeric, 3), 0.490, 'lower bound of 8 of 10'), is(share_low(0, 10, 1.96), 0::float, 'of 0 of 10'),
	is(share_low(0, null, 3.09), null, 'of nothing');

-- What a cache says again within the TTL, with what remains of it to 2 s, is no draw; between them came another answer.
create function pg_temp.cached(name text, at integer, remaining integer) returns bigint language plpgsql
as $$
begin
	perform fixture.observe(name, '0 s', '{60.1.0.1}', 60), fixture.observe(name, '1 s', '{60.2.0.1}', 60),
		fixture.observe(name, at * interval '1 s', '{60.1.0.1}', remaining);
	return (pg_temp.seen(name)).draws;
end $$;
select is(pg_temp.cached('cached-' || at || '-' || remaining, at, remaining), draws, format('after %s s, %s s left: %s draws', at, remaining, draws))
from (values (10, 50, 2::bigint), (10, 52, 2), (10, 53, 3), (59, 3, 2), (60, 2, 3), (30, 60, 3)) as v(at, remaining, draws);
-- With the pairs it is the same: 1 and 2 once each, 3 last. Nor does a repeat add to the recaptures.
select fixture.observe('repeats.example', k * interval '10 s', array[case when k % 2 = 0 then inet '60.1.0.1' else '60.2.0.1' end],
	300 - k / 2 * 20) from generate_series(0, 9) k;
select is(f.draws, 2::bigint, 'repeats: two draws in ten answers'), is(f.recaptures, 0::bigint, 'repeats: nothing came back'),
	is(f.pairs, 0::float, 'repeats: no pairs'), is(f.a_answered, 10::bigint, 'repeats: ten answers') from pg_temp.seen('repeats.example') f;

-- The TTL: behind a cache the highest counts, of the late draws where there are.
select fixture.observe('ttl-' || n || '.example', k * interval '100 s', array[fixture.pool_address(k, 200)], case when k < 2 then 86400 else 50 + k end)
from unnest('{5,6}'::integer[]) n, generate_series(0, n - 1) k;
select is(f.ttl_min, 52, 'ttl: lowest'), is(f.ttl_max, 86400, 'ttl: highest'), is(f.ttl_median, 54, 'ttl: the lower median of 52 to 55 and two of a day'),
	is(f.ttl_late, 55, 'ttl: of the last four of six draws') from pg_temp.seen('ttl-6.example') f;
select is((pg_temp.seen('ttl-5.example')).ttl_late, 86400, 'ttl: of five draws the second is late');
select pg_temp.show('ttl-1.example', '1 1 1', 86400);
select is((pg_temp.seen('ttl-1.example')).ttl_late, null, 'ttl: no late draw');

-- Networks: two prefixes of one AS are one network, what no prefix holds is none.
insert into prefix_origin (prefix, asn, valid_from, source, imported_at) values ('61.0.0.0/17', 1000, '2008-01-01', 'test', '2008-01-01');
select fixture.observe('networks.example', '0 s', '{60.0.0.1,60.0.0.2,60.1.0.1,61.0.0.1,61.0.128.1,201.0.0.1}');
select is(f.addresses, 6::bigint, 'networks: addresses'), is(f.networks16, 4::bigint, 'networks: /16'), is(f.prefixes, 3::bigint, 'networks: prefixes'),
	is(f.known, 4::bigint, 'networks: of a known ASN'), is(f.asns, 2::bigint, 'networks: ASNs') from pg_temp.seen('networks.example') f;

-- IPv6: /32 are what providers get.
select fixture.observe('six.example', k * interval '61 s', addresses, qtype => 28)
from (values (0, '{2a0e::1,2a0e:0:ffff::1}'::inet[]), (1, '{2a0e:1::1,2a0e::1}')) as v(k, addresses);
select fixture.observe('six.example', '2 minutes', outcome => 'nodata', qtype => 28), fixture.observe('six.example', '2 minutes', outcome => 'refused');
select is(f.aaaa_answered, 2::bigint, 'six: answers'), is(f.aaaa_addresses, 3::bigint, 'six: addresses'), is(f.aaaa_networks, 2::bigint, 'six: /32'),
	is(f.addresses, 0::bigint, 'six: no A'), is(f.lookups, 4::bigint, 'six: lookups'), is(f.failures, 1::bigint, 'six: failures'),
	is(f.failure_words, 'refused', 'six: which') from pg_temp.seen('six.example') f;

-- The lines of addresses, by their names.
select pg_temp.show('lines.example', '1,2 3,4 5,6');
select fixture.line(fixture.pool_address(i, 200), i < 4) from generate_series(1, 5) i;
update reverse_name set is_dynamic = null where address = fixture.pool_address(2, 200);
select is(f.dynamic, 2::bigint, 'lines: dynamic'), is(f.named, 4::bigint, 'lines: names that tell') from pg_temp.seen('lines.example') f;

-- Two resolvers, each with its own part of a set: neither's answers change.
select pg_temp.show('parts.example', '1,2 1,2', resolver => 1), pg_temp.show('parts.example', '2,3 2,3', step => '62 s', resolver => 2);
select is(f.views, 2::bigint, 'parts: views'), is(f.views_agreed, 1::float / 3, 'parts: one of three addresses is of both'),
	is(f.draws, 2::bigint, 'parts: one draw each'), is(f.kept, null, 'parts: none after the first')
from pg_temp.seen('parts.example') f;
select pg_temp.show('vantages.example', '1', vantage => 1), pg_temp.show('vantages.example', '2', vantage => 2);
select is(f.views, 2::bigint, 'a resolver from two vantages is two views'), is(f.views_agreed, 0::float, 'that agree in nothing')
from pg_temp.seen('vantages.example') f;
select is(f.views, 1::bigint, 'four: one view'), is(f.views_agreed, null, 'which agrees with none') from pg_temp.seen('four.example') f;

-- A resolver that denies what another gives is a filter; a name is gone when all that gave addresses say so.
select fixture.observe('filtered.example', k * interval '61 s', '{60.1.77.7}', 60),
	fixture.observe('filtered.example', k * interval '61 s' + interval '9 s', outcome => 'nxdomain', resolver => 2),
	fixture.observe('filtered.example', k * interval '61 s', outcome => 'timeout', resolver => 3) from generate_series(0, 4) k;
select fixture.observe('filtered.example', k * interval '10 minutes', outcome => 'nxdomain', resolver => 2) from generate_series(1, 4) k;
select is(f.views, 2::bigint, 'filtered: what never spoke is no view'), is(f.views_denying, 1::bigint, 'filtered: one denies'),
	is(f.views_turned, false, 'filtered: the other has not turned'), is(f.a_negative, 9::bigint, 'filtered: denials'),
	is(f.a_negative_since, 5::bigint, 'filtered: since the last answer') from pg_temp.seen('filtered.example') f;
select is(fixture.judge('filtered.example'), 'static', 'filtered: not dead');
select ok('1 of 2 resolvers say there is no address, as a filter does' = any(reasons), 'filtered: and it says why')
from status where domain = 'filtered.example';
select fixture.observe('filtered.example', '1 hour', '{60.1.77.7}', 60, resolver => 4),
	fixture.observe('filtered.example', '2 hours', outcome => 'nxdomain'), fixture.observe('filtered.example', '2 hours 1 s', outcome => 'nodata', resolver => 2),
	fixture.observe('filtered.example', '2 hours', outcome => 'nxdomain', resolver => 2);
select is(fixture.judge('filtered.example'), 'static', 'one of two that answered has turned: not dead');
select fixture.observe('filtered.example', '3 hours', outcome => 'nxdomain', resolver => 4),
	fixture.observe('filtered.example', '4 hours', outcome => 'nodata', qtype => 28);
select is(fixture.judge('filtered.example'), 'dead', 'both have: dead');
select is((flux_features('filtered.example')).a_negative_last, 'nxdomain', 'filtered: the last word on A');

-- A name that was never asked for.
select fixture.domain('waiting.example');
select is_empty($$select key, value from flux_features('waiting.example') f, jsonb_each_text(to_jsonb(f))
	where key not in ('domain_id', 'views_turned') and value not in ('0', 'false')$$, 'waiting: every figure is null, 0 or false');
select is(f.lookups, 0::bigint, 'waiting: lookups'), is(f.chain, 0, 'waiting: chain'), is(v.verdict, 'unknown', 'waiting: the verdict')
from flux_features('waiting.example') f, verdicts_of(array[f.domain_id]) v;

-- The longest chain, and where the newest ends.
select fixture.observe('chain.example', '0 s', '{60.1.0.1}', names => '{a.example,b.edge.example}'), fixture.observe('chain.example', '1 hour', '{60.1.0.1}', names => '{c.cdn.example}');
select is(f.chain, 2, 'chain: CNAMEs'), is(f.chain_end, 'c.cdn.example', 'chain: its end'), is(f.chain_zone, 'cdn.example', 'chain: the zone')
from pg_temp.seen('chain.example') f;
select is((pg_temp.seen('one.example')).chain, 0, 'one answer: no chain');

select * from finish();
rollback;
