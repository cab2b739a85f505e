-- SPDX-License-Identifier: MIT
-- Observations, read in two ways. Of all time, as nodes and tallies: each segment is counted exactly once,
-- in whichever order segments came, because all that is kept are smallest, largest and sums. And of one
-- window, as the lookups that features.sql makes figures of.
--
-- The window is the 24 hours that end at `at` or, without it, at the newest observation rolled up (see
-- window_end); nothing after its end is read.

drop function if exists newest_sane(integer), window_end(integer, timestamptz);
drop function if exists lookups_of(integer[], timestamptz);
drop function if exists lookups_of(integer[], timestamptz, timestamptz);
drop function if exists answers_of(integer[], timestamptz);
drop function if exists addresses_of(integer[], timestamptz);
drop function if exists refresh_origins();

create or replace function scoring_key() returns bigint
language sql immutable
as $$ select hashtextextended('fluxtrack scoring', 0) $$;

-- Held, shared, by each connection that writes verdicts: who died with the lock of who scores may have left some.
create or replace function scoring_part_key() returns bigint
language sql immutable
as $$ select hashtextextended('fluxtrack scoring part', 0) $$;

-- One at a time: what scores and rolls up is set-based, two would only wait for each other's rows. And not
-- while store/migrate.c, whose lock comes first, replaces the functions that are at it.
create or replace function lock_scoring() returns void
language sql
set search_path = fluxtrack, pg_temp
as $$
	select pg_advisory_xact_lock_shared(7020081126);
	select pg_advisory_xact_lock(scoring_key())
$$;

-- The same for a session, over several transactions, until it is given up.
create or replace function hold_scoring() returns void
language sql
set search_path = fluxtrack, pg_temp
as $$
	select pg_advisory_lock_shared(7020081126);
	select pg_advisory_lock(scoring_key())
$$;

create or replace function give_up_scoring() returns void
language sql
set search_path = fluxtrack, pg_temp
as $$
	select pg_advisory_unlock(scoring_key());
	select pg_advisory_unlock_shared(7020081126)
$$;

create or replace function is_definite(outcome outcome) returns boolean
language sql immutable
as $$ select outcome in ('answered', 'nodata', 'nxdomain') $$;
comment on function is_definite is 'did the domain''s owner speak? Only then may an interval end';

-- Adds the observations of these segments to tally; their names, and those of their pages, are due.
create or replace function roll_up_tallies(segments integer[]) returns void
language sql
set search_path = fluxtrack, pg_temp
as $$
	with rolled as (
		insert into tally as t (domain_id, lookups, failures, first_lookup, last_lookup)
		select domain_id, count(*), count(*) filter (where not is_definite(outcome)),
			min(observed_at), max(observed_at)
		from observation
		where segment_id = any(segments)
		group by domain_id
		on conflict (domain_id) do update set
			lookups = t.lookups + excluded.lookups,
			failures = t.failures + excluded.failures,
			first_lookup = least(t.first_lookup, excluded.first_lookup),
			last_lookup = greatest(t.last_lookup, excluded.last_lookup)
		returning domain_id
	)
	insert into due_name
	select domain_id from rolled
	union
	select domain_id from page where segment_id = any(segments)
$$;

-- Which nameservers the NS answers of a name ever named.
create or replace function roll_up_nameservers(segments integer[]) returns void
language plpgsql
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan -- the number of segments decides the plan
as $$
begin
	insert into nameserver (domain_id, name, first_seen)
	select o.domain_id, u.name, min(o.observed_at)
	from observation o cross join unnest(o.names) as u(name)
	where o.segment_id = any(segments) and o.qtype = 2 and o.outcome = 'answered'
	group by 1, 2
	on conflict do nothing;
end $$;

-- For what may touch any verdict, as another list may.
create or replace function mark_all_due() returns void
language sql
set search_path = fluxtrack, pg_temp
as $$
	delete from due_name;
	insert into due_name select t.domain_id from tally t join domain d on d.id = t.domain_id where d.role = 'followed'
$$;

-- Rolls up every segment not rolled up yet; gives how many nodes that touched. An address that an
-- answer names twice counts once. The origin is that of the day a node was last seen, looked up
-- once an address and day: a storm's pool is shared by many names.
create or replace function roll_up_nodes() returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan -- the number of segments decides the plan
as $$
declare
	segments integer[];
	touched bigint;
begin
	perform lock_scoring();
	select array_agg(id) into segments from segment where not rolled_up;
	if segments is null then
		return 0;
	end if;
	perform roll_up_tallies(segments);
	perform roll_up_nameservers(segments);
	with seen as (
		select o.domain_id, a.address, min(o.observed_at) as first_seen,
			max(o.observed_at) as last_seen, count(*) as observations,
			min(o.ttl) as ttl_min, max(o.ttl) as ttl_max
		from observation o
		cross join lateral (select distinct unnest(o.addresses) as address) a
		where o.segment_id = any(segments) and o.outcome = 'answered' and o.qtype in (1, 28)
		group by o.domain_id, a.address
	), merged as materialized (
		select s.*, greatest(s.last_seen, n.last_seen) as newest
		from seen s left join node n using (domain_id, address)
	), origin as materialized (
		select d.address, d.day, o.asn, o.prefix,
			case when cardinality(o.origins) > 1 then o.origins end as origins
		from (select address, date_trunc('day', newest, 'UTC') as day from merged
			group by 1, 2) d
		cross join lateral origin_of(d.address, d.day) o
	)
	insert into node as n (domain_id, address, first_seen, last_seen, observations,
		ttl_min, ttl_max, asn, prefix, origins)
	select m.domain_id, m.address, m.first_seen, m.last_seen, m.observations,
		m.ttl_min, m.ttl_max, o.asn, o.prefix, o.origins
	from merged m
	left join origin o on o.address = m.address and o.day = date_trunc('day', m.newest, 'UTC')
	on conflict (domain_id, address) do update set
		first_seen = least(n.first_seen, excluded.first_seen),
		last_seen = greatest(n.last_seen, excluded.last_seen),
		observations = n.observations + excluded.observations,
		ttl_min = least(n.ttl_min, excluded.ttl_min),
		ttl_max = greatest(n.ttl_max, excluded.ttl_max),
		asn = excluded.asn,
		prefix = excluded.prefix,
		origins = excluded.origins;
	get diagnostics touched = row_count;
	update segment set rolled_up = true where id = any(segments);
	if touched > 100000 then
		analyze node, tally; -- what is planned from here on must not take them for empty
	end if;
	return touched;
end $$;
comment on function roll_up_nodes is
	'counts the observations of new segments into node and tally; gives the nodes touched';

-- Looks every node's origin up again, or that of those inside some prefixes: what a prefix table imported later
-- makes known. The verdicts of names whose nodes change are due anew.
create or replace function refresh_origins(inside cidr[] default null) returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan -- all nodes or a few decide the plan
as $$
declare
	changed bigint;
begin
	perform lock_scoring();
	with origin as materialized (
		select d.address, d.day, o.asn, o.prefix,
			case when cardinality(o.origins) > 1 then o.origins end as origins
		from (select address, date_trunc('day', last_seen, 'UTC') as day from node
			where inside is null or address in (select n.address from unnest(inside) i (prefix)
				join node n on n.address between host(i.prefix)::inet and host(broadcast(i.prefix))::inet)
			group by 1, 2) d
		left join lateral origin_of(d.address, d.day) o on true
	), moved as (
		update node n set asn = o.asn, prefix = o.prefix, origins = o.origins
		from origin o
		where o.address = n.address and o.day = date_trunc('day', n.last_seen, 'UTC')
			and (n.asn, n.prefix, n.origins) is distinct from (o.asn, o.prefix, o.origins)
		returning n.domain_id
	), due as (
		insert into due_name select distinct domain_id from moved
	)
	select count(*) into changed from moved;
	return changed;
end $$;
comment on function refresh_origins is 'looks up the ASN and prefix of every node anew; gives how many changed';

-- A name as a person writes it: case and a trailing dot do not matter.
create or replace function domain_id_of(name text) returns integer
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
declare
	found_id integer;
begin
	select d.id into found_id from domain d where d.name = lower(rtrim(domain_id_of.name, '.'));
	if found_id is null then
		raise exception '% is not followed here', quote_literal(name)
			using errcode = 'no_data_found', hint = 'fluxtrack status lists the names that are';
	end if;
	return found_id;
end $$;

-- The newest observation of a name, of those loaded by `known` (null: all), that is not of a wild clock; null
-- where all are.
create or replace function newest_sane(id integer, known timestamptz default null) returns timestamptz
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select max(o.observed_at) from observation o
	where o.domain_id = id and o.observed_at <= coalesce(known, now()) + interval '1 hour'
		and (known is null or o.segment_id in (select s.id from segment s where s.loaded_at <= known))
$$;

-- When the window of a name ends that was last asked for at `newest`. An observation more than an hour ahead
-- of this server's clock is of a wild one, and would hide all others until its time comes: the newest
-- before that counts, where there is one. Plain enough to be inlined.
create or replace function window_end(id integer, newest timestamptz, known timestamptz default null)
returns timestamptz
language sql stable
as $$
	select case when known is null and newest <= now() + interval '1 hour' then newest
		else coalesce(fluxtrack.newest_sane(id, known), newest) end
$$;

-- The observations in the window. The oldest and newest moment are given to the planner as constants, so
-- that it reads the partitions of these days and no others. With `known`, those alone that had been loaded by
-- then. view: the resolver as seen from the vantage, in one number.
create function lookups_of(ids integer[], at timestamptz, known timestamptz default null)
returns table (domain_id integer, window_end timestamptz, observed_at timestamptz, view bigint, qtype integer,
	outcome outcome, ttl integer, soa_retry bigint, addresses inet[], names text[], chain_zone text)
language plpgsql stable rows 10000
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	oldest timestamptz;
	newest timestamptz;
begin
	select min(until_at) - interval '24 hours', max(until_at) into oldest, newest
	from (select coalesce(at, window_end(t.domain_id, t.last_lookup, known)) as until_at
		from tally t where t.domain_id = any(ids)) w;
	return query
	select o.domain_id, w.until_at, o.observed_at, o.vantage_id::bigint << 32 | o.resolver_id, o.qtype, o.outcome,
		o.ttl, o.soa_retry, o.addresses, o.names, o.chain_zone
	from (select t.domain_id, coalesce(at, window_end(t.domain_id, t.last_lookup, known)) as until_at
		from tally t where t.domain_id = any(ids)) w
	join observation o on o.domain_id = w.domain_id
		and o.observed_at > w.until_at - interval '24 hours' and o.observed_at <= w.until_at
	where o.observed_at > oldest and o.observed_at <= newest
		and (known is null or o.segment_id = any(array(select s.id from segment s where s.loaded_at <= known)));
end $$;
