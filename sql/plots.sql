-- SPDX-License-Identifier: MIT
-- What is drawn of a name: series of bounded size, however many nodes and lookups there are, and how coarse
-- each is. They are of all time. Time is cut into slots, nodes are put into rows. What reads observations is planned
-- once a session: planning for a year of partitions takes longer than an ordinary name's plots.

-- What a plot has room for, and how much is read for it.
create or replace function plot_bounds(out slots integer, out rows integer, out colours integer, out points integer,
	out nameservers integer, out moments integer, out sightings integer)
language sql immutable
as $$
	select 160, 60,
		7, -- more cannot be told apart
		120, 20, 20000, 100000
$$;
comment on function plot_bounds is
	'slots of time; rows of nodes; networks with a colour; points of a curve; nameservers; moments and sightings read';

-- How long a slot is: a microsecond more than a part of the time, so that the last moment is in the last slot.
create or replace function plot_stride(first timestamptz, last timestamptz, parts integer) returns interval
language sql immutable
as $$ select (last - first) / parts + interval '1 microsecond' $$;

-- The slot of a moment: 0, 1, ...
create or replace function plot_slot(at timestamptz, first timestamptz, stride interval) returns integer
language sql immutable
as $$ select floor(extract(epoch from at - first) / extract(epoch from stride))::integer $$;

-- The networks of the nodes, the largest first. Rank: 1, 2, ... for those with a colour, 0 for the others and
-- for the addresses whose network is not known (asn null).
create or replace function plot_networks(wanted_id integer) returns table (asn bigint, nodes bigint, rank integer)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	return query
	select g.asn, g.nodes, case when g.asn is not null and g.place <= b.colours then g.place else 0 end::integer
	from (select n.asn, count(*) as nodes, row_number() over (order by n.asn is null, count(*) desc, n.asn) as place
		from node n where n.domain_id = wanted_id group by n.asn) g
	cross join plot_bounds() b;
end $$;

-- What has a rank by itself; what the others come to; how many nodes are of none.
create or replace function plot_shares(names text[], nodes bigint[], ranks integer[]) returns jsonb
language sql immutable
as $$
	select jsonb_build_object(
		'rows', coalesce(jsonb_agg(jsonb_build_object('name', s.name, 'nodes', s.nodes, 'rank', s.rank) order by s.rank)
			filter (where s.rank > 0), '[]'),
		'others', count(s.name) filter (where s.rank = 0),
		'others_nodes', coalesce(sum(s.nodes) filter (where s.rank = 0 and s.name is not null), 0),
		'unknown_nodes', coalesce(sum(s.nodes) filter (where s.name is null), 0))
	from unnest(names, nodes, ranks) as s(name, nodes, rank)
$$;

create or replace function plot_network_shares(wanted_id integer) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	return (select plot_shares(array_agg('AS' || asn), array_agg(nodes), array_agg(rank)) from plot_networks(wanted_id));
end $$;

create or replace function plot_country_shares(wanted_id integer) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	return (with held as (
		select country_of(n.prefix, n.asn) as country, n.nodes
		from (select prefix, asn, count(*) as nodes from node where domain_id = wanted_id group by prefix, asn) n
	), placed as (
		select country, sum(nodes)::bigint as nodes,
			row_number() over (order by country is null, sum(nodes) desc, country) as place
		from held group by country
	)
	select plot_shares(array_agg(p.country), array_agg(p.nodes),
		array_agg((case when p.country is not null and p.place <= b.colours then p.place else 0 end)::integer))
	from placed p cross join plot_bounds() b);
end $$;

-- Nodes in the order of their first sighting, each a row, or several where there are too many; a dot where nodes of a
-- row were seen in a slot: [row, slot, rank of the network that most of these are in, nodes]. The first and the last
-- sighting of every node are there; of those between, where there are too many, about one in `every`.
create or replace function plot_addresses(wanted_id integer, first timestamptz, last timestamptz) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	return (with bound as materialized (
		select b.slots, plot_stride(first, last, b.slots) as stride, n.nodes, n.sightings,
			greatest(1, ceil(n.nodes::numeric / b.rows))::integer as per_row,
			greatest(1, ceil(n.sightings / b.sightings))::integer as every
		from plot_bounds() b
		cross join (select count(*) as nodes, coalesce(sum(observations), 0) as sightings
			from node where domain_id = wanted_id) n
	), placed as materialized (
		select n.address, n.first_seen, n.last_seen, w.rank,
			((row_number() over (order by n.first_seen, n.address) - 1) / b.per_row)::integer as row
		from node n
		join plot_networks(wanted_id) w on w.asn is not distinct from n.asn
		cross join bound b
		where n.domain_id = wanted_id
	), sighting as (
		select u.address, date_bin(b.stride, o.observed_at, first) as at
		from bound b
		join observation o on o.domain_id = wanted_id and o.qtype in (1, 28) and o.outcome = 'answered'
			and o.observed_at between first and last
			and hashint8extended(o.record, o.segment_id) % b.every = 0 -- numbers alone could beat with the schedule
		cross join lateral unnest(o.addresses) as u(address)
		union
		select p.address, date_bin(b.stride, e.at, first)
		from placed p cross join bound b cross join lateral (values (p.first_seen), (p.last_seen)) as e(at)
		where e.at between first and last
	), dot as (
		select p.row, s.at, p.rank, count(*) as nodes
		from sighting s join placed p using (address)
		group by p.row, s.at, p.rank
	), coloured as (
		select distinct on (d.row, d.at) d.row, plot_slot(d.at, first, b.stride) as slot, d.rank,
			sum(d.nodes) over (partition by d.row, d.at) as nodes
		from dot d cross join bound b
		order by d.row, d.at, d.nodes desc, d.rank
	)
	select jsonb_build_object('nodes', nodes, 'per_row', per_row, 'rows', ceil(nodes::numeric / per_row),
		'slots', slots, 'sightings', sightings, 'every', every,
		'dots', (select coalesce(jsonb_agg(jsonb_build_array(row, slot, rank, nodes) order by row, slot), '[]')
			from coloured))
	from bound);
end $$;

-- Two series of the answers, in one reading of them.
--
-- growth: distinct IPv4 addresses after so many A lookups that brought some, [lookups, addresses]. Beside it what a
-- fixed pool would have given that the first half of the lookups had shown in full: if it has N addresses, and each
-- answer has m of them at random, then k answers leave N (1 - m/N)^k unseen (Feller, An Introduction to Probability
-- Theory, vol. 1, IV.2). A name that draws from such a pool bends towards N; one that gets new machines does not.
--
-- ttl: the lowest and the highest TTL of the answers with addresses, [slot, lowest, highest].
create or replace function plot_answers(wanted_id integer, first timestamptz, last timestamptz) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	return (with bound as materialized (
		select b.*, plot_stride(first, last, b.slots) as stride, plot_stride(first, last, b.moments) as short
		from plot_bounds() b
	), moment as materialized ( -- each lookup by itself, or those that are a moment apart together
		select max(o.observed_at) as at, count(*) filter (where o.qtype = 1) as lookups,
			sum(cardinality(o.addresses)) filter (where o.qtype = 1) as shown, min(o.ttl) as lowest, max(o.ttl) as highest
		from bound b
		cross join (select t.lookups from tally t where t.domain_id = wanted_id) t
		join observation o on o.domain_id = wanted_id and o.qtype in (1, 28) and o.outcome = 'answered'
			and o.addresses is not null and o.observed_at between first and last
		group by case when t.lookups > b.moments then date_bin(b.short, o.observed_at, first) else o.observed_at end
	), grown as materialized ( -- an address stands behind no lookup that came before it
		select at, lookups > 0 as asked, sum(lookups) over sofar as lookups, sum(shown) over sofar as shown,
			sum(addresses) over sofar as addresses
		from (select at, lookups, shown, 0 as addresses from moment
			union all
			select n.first_seen, 0, 0, 1 from node n
			where n.domain_id = wanted_id and family(n.address) = 4 and n.first_seen <= last) e
		window sofar as (order by at)
	), reached as materialized (
		select lookups, shown, addresses, max(lookups) over () as total, lag(lookups, 1, 0) over (order by lookups) as before
		from grown where asked
	), pool as (
		select r.addresses as size, r.lookups, least(r.shown / r.lookups, r.addresses) as drawn
		from reached r where r.lookups >= r.total / 2 and r.addresses > 0
		order by r.lookups limit 1
	), point as materialized (
		select r.lookups, r.addresses
		from reached r cross join bound b
		where r.before = 0 or floor(r.lookups * b.points / r.total) > floor(r.before * b.points / r.total)
	), level as (
		select plot_slot(m.at, first, b.stride) as slot, min(m.lowest) as lowest, max(m.highest) as highest
		from moment m cross join bound b
		where m.lowest is not null
		group by 1
	)
	select jsonb_build_object(
		'growth', jsonb_build_object('lookups', (select coalesce(max(lookups), 0) from reached),
			'pool', (select to_jsonb(p) from pool p),
			'points', (select coalesce(jsonb_agg(jsonb_build_array(lookups, addresses) order by lookups), '[]') from point),
			'fixed', (select coalesce(jsonb_agg(jsonb_build_array(o.lookups, round((p.size * (1 - (1 - p.drawn / p.size)
				::double precision ^ o.lookups::double precision))::numeric, 1)) order by o.lookups), '[]')
				from point o cross join pool p)),
		'ttl', (select jsonb_build_object('slots', (select slots from bound), 'lowest', min(lowest), 'highest', max(highest),
			'points', coalesce(jsonb_agg(jsonb_build_array(slot, lowest, highest) order by slot), '[]')) from level)));
end $$;

-- Nameservers in the order in which they were first named: when NS answers named them ([first slot, last slot] of each
-- stretch without an NS answer that did not), and the slots in which they got an address that they had not before.
create or replace function plot_nameservers(wanted_id integer, first timestamptz, last timestamptz) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	return (with bound as materialized (
		select b.*, plot_stride(first, last, b.slots) as stride from plot_bounds() b
	), said as materialized (
		select plot_slot(s.at, first, b.stride) as slot, s.name
		from bound b
		cross join lateral (
			select distinct date_bin(b.stride, o.observed_at, first) as at, u.name
			from observation o, unnest(o.names) as u(name)
			where o.domain_id = wanted_id and o.qtype = 2 and o.outcome = 'answered'
				and o.observed_at between first and last
		) s
	), asked as (
		select slot, row_number() over (order by slot) as turn from said group by slot
	), stretch as (
		select name, min(slot) as opens, max(slot) as closes, count(*) as named
		from (select s.name, slot, k.turn - row_number() over (partition by s.name order by slot) as stretch
			from said s join asked k using (slot)) t
		group by name, stretch
	), line as (
		select name, min(opens) as opens, jsonb_agg(jsonb_build_array(opens, closes) order by opens) as stretches,
			row_number() over (order by sum(named) desc, min(opens), name) as place
		from stretch group by name
	), shown as (
		select l.*, c.changes
		from bound b
		join line l on l.place <= b.nameservers
		cross join lateral (
			select coalesce(jsonb_agg(distinct plot_slot(n.first_seen, first, b.stride)), '[]') as changes
			from (select o.first_seen, min(o.first_seen) over () as oldest
				from domain d join node o on o.domain_id = d.id where d.name = l.name) n
			where n.first_seen > n.oldest and n.first_seen between first and last
		) c
	)
	select jsonb_build_object('total', (select count(*) from line), 'slots', (select slots from bound),
		'lines', coalesce(jsonb_agg(jsonb_build_object('name', name, 'stretches', stretches, 'changes', changes)
			order by opens, name), '[]'))
	from shown);
end $$;

create or replace function evidence_plots(name text) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
set jit = off
as $$
	with span as materialized (
		select d.id, t.first_lookup as first, greatest(t.first_lookup, window_end(d.id, t.last_lookup)) as last
		from domain d left join tally t on t.domain_id = d.id
		where d.id = domain_id_of(evidence_plots.name)
	)
	select jsonb_build_object('first', utc_text(first), 'last', utc_text(last),
		'addresses', plot_addresses(id, first, last), 'nameservers', plot_nameservers(id, first, last),
		'networks', plot_network_shares(id), 'countries', plot_country_shares(id)) || plot_answers(id, first, last)
	from span
$$;
comment on function evidence_plots is 'the series that the plots of a name are drawn from';
