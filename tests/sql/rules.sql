-- SPDX-License-Identifier: MIT
-- The published rules, each on either side of its boundaries.
begin;
select no_plan();

create function pg_temp.features(name text) returns features language plpgsql
as $$
begin
	perform roll_up_nodes();
	return flux_features(name);
end $$;

-- A name with one answer: `count` addresses, each `distance` from the one before, and a TTL.
create function pg_temp.spaced(name text, count integer, distance bigint, ttl integer) returns features
language plpgsql
as $$
begin
	perform fixture.observe(name, '0 s', array(select inet '80.0.0.1' + i * distance
		from generate_series(0, count - 1) i), ttl);
	return pg_temp.features(name);
end $$;

select fixture.pool_origins(40);

-- ATLAS 1: TTL < 900 s.
select is((pg_temp.spaced('ttl-899.example', 1, 1, 899)).atlas_1_ttl, true, 'TTL 899 is a point');
select is((pg_temp.spaced('ttl-900.example', 1, 1, 900)).atlas_1_ttl, false, 'TTL 900 is none');
-- ATLAS 2: more than 5 addresses.
select is((pg_temp.spaced('five.example', 5, 1, 900)).atlas_2_addresses, false, '5 addresses are no point');
select is((pg_temp.spaced('six.example', 6, 1, 900)).atlas_2_addresses, true, '6 addresses are a point');
-- ATLAS 3: mean distance of the sorted addresses > 65,535.
select is((pg_temp.spaced('near.example', 3, 65535, 900)).atlas_3_distance, false, 'distance 65,535 is no point');
select is((pg_temp.spaced('far.example', 3, 65536, 900)).atlas_3_distance, true, 'distance 65,536 is a point');
select is((pg_temp.spaced('one.example', 1, 1, 900)).atlas_3_distance, false, 'one address has no distance');
-- ATLAS 4: more than 8 addresses and that distance.
select is((pg_temp.spaced('eight-far.example', 8, 65536, 900)).atlas_4_both, false, '8 addresses far apart are no fourth point');
select is((pg_temp.spaced('nine-far.example', 9, 65536, 900)).atlas_4_both, true, '9 are');
select is((pg_temp.spaced('nine-near.example', 9, 65535, 900)).atlas_4_both, false, '9 near ones are not');
-- ATLAS 5: more than 2 known ASNs. The pool's addresses go round its networks.
select fixture.churn('two-asns.example', 1, 2, 1, 2, 2), fixture.churn('three-asns.example', 1, 3, 1, 3, 3);
select is((pg_temp.features('two-asns.example')).atlas_5_asns, false, '2 ASNs are no point');
select is((pg_temp.features('three-asns.example')).atlas_5_asns, true, '3 ASNs are a point');
select fixture.observe('unknown-asns.example', '0 s',
	'{60.0.0.1,60.1.0.1,201.1.1.1,202.1.1.1,203.1.1.1}'::inet[]);
select is((pg_temp.features('unknown-asns.example')).atlas_asns, 2::bigint, 'three unknown ASNs count for nothing');
-- ATLAS 9: SOA retry < 900 s.
select fixture.observe('retry-' || r || '.example', '0 s', ttl => 60, qtype => 6, soa_retry => r)
from unnest('{899,900}'::bigint[]) r;
select fixture.observe('retry-900.example', '1 s', outcome => 'nodata', qtype => 6, soa_retry => 1); -- a negative answer's
select is((pg_temp.features('retry-899.example')).atlas_9_retry, true, 'retry 899 is a point');
select is((pg_temp.features('retry-900.example')).atlas_9_retry, false, 'retry 900 is none');

-- ATLAS 6, 7, 8: the nameservers. `distance` is that of their addresses.
create function pg_temp.served(name text, servers integer, distance bigint, networks integer) returns features
language plpgsql
as $$
begin
	perform fixture.observe(name, '0 s', '{80.0.0.1}');
	perform fixture.observe(name, '1 s', qtype => 2,
		names => array(select 'ns' || i || '.' || name from generate_series(1, servers) i));
	perform fixture.observe('ns' || i || '.' || name, '2 s',
			array[case when networks > 0 then fixture.pool_address(i, networks) else inet '80.0.0.1' + i * distance end],
			role => 'nameserver')
		from generate_series(1, servers) i;
	return pg_temp.features(name);
end $$;
select is((pg_temp.served('ns-near.example', 2, 65355, 0)).atlas_6_ns_distance, false,
	'nameservers 65,355 apart are no point (as printed)');
select is((pg_temp.served('ns-far.example', 2, 65356, 0)).atlas_6_ns_distance, true, '65,356 are');
select is((pg_temp.served('ns-three.example', 3, 1, 0)).atlas_7_ns_names, false, '3 nameservers are no point');
select is((pg_temp.served('ns-four.example', 4, 1, 0)).atlas_7_ns_names, true, '4 nameservers are a point');
select is((pg_temp.served('ns-two-asns.example', 4, 0, 2)).atlas_8_ns_asns, false, 'nameservers in 2 ASNs are no point');
select is((pg_temp.served('ns-three-asns.example', 4, 0, 3)).atlas_8_ns_asns, true, 'in 3 ASNs they are');
-- The working set of the nameservers is the last hour too, of the names and of each one's addresses.
select fixture.observe('ns-hour.example', k * interval '30 minutes', qtype => 2, names => array['ns' || k || '.ns-hour.example']) from generate_series(0, 3) k;
select fixture.observe('ns3.ns-hour.example', k * interval '30 minutes', array[fixture.pool_address(k, 9)], role => 'nameserver') from generate_series(0, 3) k;
select fixture.observe('ns0.ns-hour.example', '0 s', '{60.8.0.1}', role => 'nameserver');
select is(f.atlas_ns_names, 2::bigint, 'of four nameservers, 30 minutes apart, two'), is(f.atlas_ns_asns, 2::bigint, 'and of the four addresses of one'),
	is(f.ns_names, 4::bigint, 'the window has four'), is(f.ns_addresses, 5::bigint, 'with five addresses'), is(f.ns_changes, 3::bigint, 'in three changes')
from pg_temp.features('ns-hour.example') f;

-- More than four points: a Storm of nine addresses has five, with a TTL of 900 s four.
select fixture.churn('five-points.example', 9, 1, 1, 9, 9, 0, '2 s');
select is(f.atlas_points, 5, 'points 1 to 5'), is(f.atlas_flux, true, 'five points are flux'),
	is(f.holz_addresses, 2::bigint, 'and with TTL 0 Holz''s pair is the first two lookups')
from pg_temp.features('five-points.example') f;
select fixture.churn('four-points.example', 9, 1, 1, 9, 9, 900, '2 s');
select is(f.atlas_points, 4, 'points 2 to 5'), is(f.atlas_flux, false, 'four points are not')
from pg_temp.features('four-points.example') f;
select fixture.observe('one-hour.example', k * interval '20 minutes', array[fixture.pool_address(k, 9)], case when k < 6 then 901 else 900 end)
from generate_series(0, 8) k;
select is(f.atlas_addresses, 3::bigint, 'the working set is one hour: 3 of 9 addresses 20 minutes apart'),
	is(f.addresses, 9::bigint, 'the window is not'), is(f.atlas_ttl, 900, 'and the TTL is of that hour too')
from pg_temp.features('one-hour.example') f;

-- Holz: 94 addresses of one network pass, 93 do not: 1.32 * 93 + 18.54 = 141.30, 1.32 * 94 + 18.54 = 142.62.
create function pg_temp.pair(name text, addresses integer, ttl integer, gap integer) returns features
language plpgsql
as $$
begin
	perform fixture.churn(name, 2, addresses, 0, addresses, 1, ttl, gap * interval '1 s');
	return pg_temp.features(name);
end $$;
select is(round(f.holz_score::numeric, 2), 141.30, '93 addresses of one ASN'), is(f.holz_flux, false, 'are below')
from pg_temp.pair('below.example', 93, 300, 301) f;
select is(round(f.holz_score::numeric, 2), 142.62, '94 addresses of one ASN'), is(f.holz_flux, true, 'are above')
from pg_temp.pair('above.example', 94, 300, 301) f;
select is((pg_temp.pair('ttl-1799.example', 94, 1799, 1800)).holz_flux, true, 'TTL 1799 may flux');
select is((pg_temp.pair('ttl-1800.example', 94, 1800, 1801)).holz_flux, false, 'TTL 1800 may not');
select is((pg_temp.pair('in-ttl.example', 94, 300, 299)).holz_score, null,
	'a second lookup within the TTL is a cache''s: no pair');
select is(num_nulls(f.holz_addresses, f.holz_asns, f.holz_overlap, f.holz_jaccard), 4, 'and so no n_A and no n_ASN of one')
from flux_features('in-ttl.example') f;
select is((pg_temp.pair('at-ttl.example', 94, 300, 300)).holz_flux, true, 'one at the TTL is');
select fixture.observe('up.example', k * interval '200 s', '{60.0.0.1}', 60 + k * 60) from generate_series(0, 2) k;
select fixture.observe('down.example', k * interval '200 s', '{60.0.0.1}', 180 - k * 60) from generate_series(0, 2) k;
select is((pg_temp.features(name)).holz_ttl, ttl, 'the higher TTL of the pair, not of the third lookup: ' || name)
from (values ('up.example', 120), ('down.example', 180)) as v(name, ttl);
-- The pair is fixed: a long history does not add to it.
select fixture.churn('history.example', 30, 1, 1, 94, 1);
select is((pg_temp.features('history.example')).holz_addresses, 2::bigint, 'thirty lookups, two in the pair');
-- Unknown ASNs add no 18.54.
select fixture.observe('unknown-pair.example', k * interval '301 s',
	array(select inet '203.1.0.1' + (k * 5 + j) * 65536 from generate_series(0, 4) j)) from generate_series(0, 1) k;
select is(round(f.holz_score::numeric, 2), 13.20, '10 addresses of unknown ASNs: 10 times 1.32')
from pg_temp.features('unknown-pair.example') f;

-- FluxBuster's tree: growth 0.122; up to a TTL of 30 s growth 0.97, above it diversity 0.41; 108 names.
select is(fluxbuster_says(growth, ttl, diversity, names), expected,
	format('FluxBuster: growth %s, TTL %s, diversity %s, %s names: %s', growth, ttl, diversity, names, expected))
from (values (0.122, 31, 0.42, 109, false), (0.123, 31, 0.42, 109, true), (0.123, 31, 0.41, 109, false), (0.123, 31, 0.42, 108, false),
	(0.97, 30, 1.0, 109, false), (0.98, 30, 0.1, 109, true), (0.98, 30, 0.1, 108, false), (0.98, 30.1, 0.1, 109, false),
	(0.97, 30.1, 0.42, 109, true), (1.0, null, 1.0, 109, false), (1.0, 31, 1.0, null, false), (null, 31, 1.0, 109, false))
	as v(growth, ttl, diversity, names, expected);
-- Its inputs: 1 and 2, 2 and 3, 3 and 4: two more in two answers; mean TTL; /16 by addresses; the followed names at its
-- addresses with itself.
select fixture.observe('grown.example', k * interval '21 s', array[fixture.pool_address(20000 + k, 100), fixture.pool_address(20001 + k, 100)], 20)
from generate_series(0, 2) k;
select fixture.observe('beside-' || i || '.example', '0 s', array[fixture.pool_address(20000 + i % 3, 100)]) from generate_series(1, 107) i;
select fixture.observe('ns.grown.example', '0 s', array[fixture.pool_address(20000, 100)], role => 'nameserver');
select is(f.growth, 1::float, 'FluxBuster: growth'), is(f.fluxbuster_ttl, 20::float, 'FluxBuster: TTL'), is(f.fluxbuster_diversity, 1::float, 'FluxBuster: diversity'),
	is(f.fluxbuster_names, 108::bigint, 'FluxBuster: 108 names'), is(f.fluxbuster_flux, false, 'FluxBuster: are not enough')
from pg_temp.features('grown.example') f;
select fixture.observe('beside-108.example', '0 s', array[fixture.pool_address(20003, 100)]);
select is(f.fluxbuster_names, 109::bigint, 'FluxBuster: 109 names'), is(f.fluxbuster_flux, true, 'FluxBuster: are') from pg_temp.features('grown.example') f;
select fixture.observe('mean.example', k * interval '2 minutes', array[inet '60.3.0.1' + k / 2], 20 * k) from generate_series(1, 4) k;
select is(f.fluxbuster_ttl, 50::float, 'FluxBuster: the mean of 20, 40, 60, 80'), is(f.growth, 2::float / 3, 'FluxBuster: two new ones in three answers'),
	is(f.fluxbuster_diversity, 1::float / 3, 'FluxBuster: one /16 of three addresses') from pg_temp.features('mean.example') f;
select fixture.observe('shrinks.example', k * interval '5 minutes', addresses) from (values (0, '{60.1.0.1,60.1.0.2,60.1.0.3}'::inet[]), (1, '{60.1.0.4}')) as v(k, addresses);
select is((pg_temp.features('shrinks.example')).growth, 1::float, 'FluxBuster: one more than the first three');
select is(f.growth, null, 'FluxBuster: one answer has no growth'), is(f.fluxbuster_names, null, 'FluxBuster: nobody asks') from flux_features('ttl-899.example') f;

-- Caglayan: two answers that differ within ten minutes, and more than 6 ASNs.
select fixture.churn(format('caglayan-%s-%s.example', n, step), n, 1, 1, n, n, 60, step * interval '1 s') from unnest('{6,7}'::integer[]) n, unnest('{600,601}'::integer[]) step;
select is((pg_temp.features(name)).caglayan_flux, expected, name) from (values ('caglayan-7-600.example', true), ('caglayan-6-600.example', false),
	('caglayan-7-601.example', false)) as v(name, expected);
select fixture.churn('caglayan-same.example', 9, 7, 0, 7, 7);
select is(f.caglayan_active, false, 'the same answer within ten minutes'), is((flux_features('caglayan-6-600.example')).caglayan_active, true, 'a change, whatever the ASNs')
from pg_temp.features('caglayan-same.example') f;

select is((flux_features('shrinks.example')).caglayan_active, true, 'a change at the second of two lookups');

-- Hsu: four ASNs within three months. 90 days before May 1 is February 1.
select fixture.observe('hsu-' || name || '.example', '0 s', '{60.0.0.1,60.1.0.1,60.2.0.1}'), fixture.observe('hsu-' || name || '.example', at, '{60.3.0.1,201.0.0.1}')
from (values ('out', interval '-90 days'), ('in', '-90 days 1 s')) as v(name, at);
select is(f.hsu_asns, n::bigint, 'Hsu: ' || n || ' ASNs'), is(f.hsu_flux, n >= 4, 'Hsu: of three months')
from (values ('hsu-out.example', 3), ('hsu-in.example', 4)) as v(name, n), pg_temp.features(name) f;

select * from finish();
rollback;
