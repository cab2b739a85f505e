-- SPDX-License-Identifier: MIT
-- What the ingester needs beyond INSERT: narrow functions that run as their owner, for an insert-only
-- role cannot look up ids, nor read a row back, nor make partitions.
--
-- Those that give ids insert what is missing and read in a second statement, whose snapshot has also
-- what another loader added meanwhile. They insert only what is missing: a conflict would use up an
-- id. They insert in the order given, so callers that sort cannot deadlock.

-- "family=storm registrar=nic.ru" as an object; a word without = has an empty value.
create or replace function tags_object(tags text)
returns jsonb language sql immutable
begin atomic
	select coalesce(jsonb_object_agg(split_part(word, '=', 1),
		substr(word, strpos(word || '=', '=') + 1) order by at), '{}')
	from string_to_table(tags, ' ') with ordinality as w(word, at)
	where word <> '';
end;

-- The id of each name, in order; names not known yet are added. No name may be given twice. The result is
-- the same in whatever order segments come: a name is followed when any segment says so (an unknown
-- role, null, says nothing; a name known from its lookups alone stands as a nameserver, or by its zone as
-- one that tells of an address), and has the tags of the newest segment, created at told, that gives any: a
-- name tracked by itself keeps its family.
--
-- registrables are the names' registrable names, which also a name takes that was known without.
drop function if exists domain_ids(text[], domain_role[], text[], timestamptz);
create or replace function domain_ids(names text[], roles domain_role[], tag_sets text[], registrables text[],
	told timestamptz)
returns integer[] language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into domain (name, registered, role)
	select g.name, g.registered, case when g.name ~ '\.(in-addr|ip6)\.arpa$|\.origin6?\.asn\.cymru\.com$' then 'address'
		else 'nameserver' end::domain_role
	from unnest(names, registrables) with ordinality as g(name, registered, at)
	where not exists (select from domain d where d.name = g.name)
	order by g.at
	on conflict do nothing;

	update domain d
	set role = case when g.is_followed then 'followed' else d.role end,
		registered = coalesce(d.registered, g.registered),
		family = case when g.is_news then g.tags ->> 'family' else d.family end,
		tags = case when g.is_news then g.tags else d.tags end,
		told_at = case when g.is_news then told else d.told_at end
	from (
		select k.id, n.registered, f.is_followed, t.tags, f.is_followed and t.tags <> '{}'
			and (k.told_at is null or (told, t.tags) > (k.told_at, k.tags)) as is_news
		from unnest(names, roles, tag_sets, registrables) with ordinality as n(name, role, tag_set, registered, at)
		join domain k using (name)
		cross join lateral (select tags_object(n.tag_set) as tags) t
		cross join lateral (select coalesce(n.role = 'followed', false) as is_followed) f
		where f.is_followed or (k.registered is null and n.registered is not null)
		order by n.at
		for no key update of k
	) g
	where d.id = g.id and ((g.is_followed and d.role <> 'followed') or g.is_news
		or (d.registered is null and g.registered is not null));

	select array_agg(d.id order by g.at)
	from unnest(names) with ordinality as g(name, at)
	left join domain d using (name);
end;

create or replace function vantage_id(wanted text)
returns smallint language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into vantage (name)
	select wanted where not exists (select from vantage where name = wanted)
	on conflict do nothing;
	select id from vantage where name = wanted;
end;

-- The id of each server, in order; no server may be given twice.
create or replace function resolver_ids(wanted_addresses inet[], wanted_ports integer[])
returns integer[] language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into resolver (address, port)
	select g.address, g.port
	from unnest(wanted_addresses, wanted_ports) with ordinality as g(address, port, at)
	where not exists (select from resolver r where r.address = g.address and r.port = g.port)
	order by g.at
	on conflict do nothing;
	select array_agg(r.id order by g.at)
	from unnest(wanted_addresses, wanted_ports) with ordinality as g(address, port, at)
	left join resolver r on r.address = g.address and r.port = g.port;
end;

-- A run may be told of in several segments.
create or replace function run_begin(run uuid, vantage smallint, started timestamptz, version text)
returns void language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into run (id, vantage_id, started_at, version) values ($1, $2, $3, $4)
	on conflict do nothing;
end;

-- The id of a file that observations were imported from; several segments may tell of it.
create or replace function source_begin(uuid uuid, name text, format text, sha256 bytea)
returns integer language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into source (uuid, name, format, sha256)
	select $1, $2, $3, $4 where not exists (select from source s where s.uuid = $1)
	on conflict do nothing;
	select s.id from source s where s.uuid = $1 and s.sha256 = $4;
end;

-- When a file of that hash was imported, and under which name; null where none was.
create or replace function source_told(sha256 bytea)
returns text language sql stable security definer
set search_path = fluxtrack, pg_temp
set timezone = 'UTC'
begin atomic
	select to_char(s.imported_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ' as ' || s.name
	from source s where s.sha256 = $1 order by s.imported_at limit 1;
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

-- What a node served; its name is due when the segment is rolled up.
create or replace function page_add(segment_id integer, record integer, domain_id integer, address inet, port integer,
	asked_at timestamptz, took_us bigint, outcome fetch_outcome, status integer, url text, head text,
	body_sha256 bytea, body_octets integer, signatures text)
returns void language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into page (segment_id, record, domain_id, address, port, asked_at, took, outcome, status, url, head,
		body_sha256, body_octets, signatures)
	values ($1, $2, $3, $4, $5, $6, $7 * interval '1 microsecond', $8, $9, $10, $11, $12, $13,
		array_remove(string_to_array($14, ' '), ''));
end;

-- What RDAP told of a name, or of an address's network.
create or replace function registration_add(segment_id integer, record integer, name text, address inet,
	asked_at timestamptz, outcome fetch_outcome, status integer, url text, answer jsonb)
returns void language sql security definer
set search_path = fluxtrack, pg_temp
begin atomic
	insert into registration (segment_id, record, name, address, asked_at, outcome, status, url, answer)
	values ($1, $2, $3, $4, $5, $6, $7, $8, $9);
end;

-- Makes the day partitions from first to last where they are missing. The default partition keeps a day it
-- holds rows of already, days to come, and what a wild clock spreads over more than 40 days.
create or replace function make_partitions(first_at timestamptz, last_at timestamptz)
returns void language plpgsql security definer
set search_path = fluxtrack, pg_temp
set timezone = 'UTC'
as $$
declare
	day date;
	partition text;
begin
	if last_at > now() + interval '2 days' or last_at - first_at > interval '40 days' then
		return;
	end if;
	for day in select generate_series(first_at::date, last_at::date, '1 day') loop
		partition := 'observation_' || to_char(day, 'YYYYMMDD');
		continue when to_regclass('fluxtrack.' || partition) is not null;
		begin
			execute format('create table %I partition of observation for values from (%L) to (%L)',
				partition, day::timestamptz, (day + 1)::timestamptz);
		exception when check_violation or duplicate_table then
			null; -- the default partition holds rows of that day, or another loader was faster
		end;
	end loop;
end $$;

-- The functions of this file; grants.sql keeps everybody else from them.
grant execute on function domain_ids, vantage_id, resolver_ids, run_begin, source_begin, source_told,
	segment_begin, page_add, registration_add, make_partitions
	to fluxtrack_ingest;
grant insert on observation, clock_jump to fluxtrack_ingest;
-- So that it can tell whether the schema is its program's.
grant select on schema_version, code_version to fluxtrack_ingest;
