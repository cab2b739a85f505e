-- SPDX-License-Identifier: MIT
-- What the ingester needs beyond INSERT: narrow functions that run as their owner. An insert-only
-- role cannot look up ids, nor read a row back, nor make partitions.

-- The id of each name, in order; names not known yet are added. Tags and family of a name that is
-- known are replaced where given (non-empty), and a nameserver that is named as a target becomes followed.
create or replace function domain_ids(names text[], roles domain_role[], tag_sets jsonb[])
returns integer[] language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	with given as (
		select distinct on (name) name, role, tags
		from unnest(names, roles, tag_sets) as g(name, role, tags)
		order by name, role, tags desc nulls last
	), added as (
		insert into domain as d (name, role, family, tags)
		select name, role, tags ->> 'family', coalesce(tags, '{}') from given
		on conflict (name) do update set
			role = least(d.role, excluded.role),
			tags = case when excluded.tags = '{}' then d.tags else excluded.tags end,
			family = case when excluded.tags = '{}' then d.family else excluded.family end
		where excluded.role < d.role or (excluded.tags <> '{}' and excluded.tags <> d.tags)
		returning id, name
	)
	select array_agg(coalesce(a.id, d.id) order by n.at)
	from unnest(names) with ordinality as n(name, at)
	left join added a using (name)
	left join domain d using (name);
end;

create or replace function vantage_id(wanted text)
returns smallint language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into vantage (name) values (wanted) on conflict do nothing;
	select id from vantage where name = wanted;
end;

create or replace function resolver_id(wanted_address inet, wanted_port integer)
returns smallint language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into resolver (address, port) values (wanted_address, wanted_port) on conflict do nothing;
	select id from resolver where address = wanted_address and port = wanted_port;
end;

-- Writes the ledger row and gives its id. A segment that is there already: unique_violation.
create or replace function segment_begin(uuid uuid, sha256 bytea, previous_sha256 bytea,
	collector uuid, sequence bigint, vantage_id smallint, file_name text,
	created_at timestamptz, rows bigint, bytes bigint)
returns integer language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into segment (uuid, sha256, previous_sha256, collector, sequence, vantage_id,
		file_name, created_at, rows, bytes)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
	returning id;
end;

-- Makes the day partitions from first to last where they are missing; a day for which the default
-- partition holds rows already stays there.
create or replace function make_partitions(first_at timestamptz, last_at timestamptz)
returns void language plpgsql security definer
set search_path = fluxtrack, pg_temp
as $$
declare
	day date;
	partition text;
begin
	if last_at - first_at > interval '40 days' then
		return; -- a wild clock; the default partition takes the rows
	end if;
	for day in select generate_series((first_at at time zone 'UTC')::date,
			(last_at at time zone 'UTC')::date, '1 day')::date loop
		partition := 'observation_' || to_char(day, 'YYYYMMDD');
		continue when to_regclass('fluxtrack.' || partition) is not null;
		begin
			execute format('create table %I partition of observation for values from (%L) to (%L)',
				partition, day::timestamp at time zone 'UTC',
				(day + 1)::timestamp at time zone 'UTC');
		exception when check_violation or duplicate_table then
			null;
		end;
	end loop;
end $$;

revoke all on all functions in schema fluxtrack from public;
grant usage on schema fluxtrack to fluxtrack_ingest, fluxtrack_analyst;
grant execute on function domain_ids, vantage_id, resolver_id, segment_begin, make_partitions
	to fluxtrack_ingest;
grant insert on observation, clock_jump, run to fluxtrack_ingest;
grant select on all tables in schema fluxtrack to fluxtrack_analyst;
