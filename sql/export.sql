-- SPDX-License-Identifier: MIT
-- What may leave for an ISP, a registrar or a CERT, and the CSV of it; the other formats, in files of their own,
-- are made of the same nodes. Left out, and counted, is an address that is not one machine's own or that a list
-- knows as something else, and a name that should never have got the verdict.

drop function if exists export_nodes(bigint, text, timestamptz);

create or replace function export_filter(asn bigint default null, domain text default null, family text default null,
	verdicts text[] default '{flux,double-flux}', since timestamptz default null,
	min_observations bigint default 1, max_age interval default null)
returns export_filter
language sql stable
as $$ select row(asn, domain, family, verdicts, greatest(since, now() - max_age), min_observations)::export_filter $$;
comment on function export_filter is 'what is wanted of an export; max_age: seen within that time before now';

-- The names wanted; among: of these. They are spoken of by the newest word of their history that is not dead, silent
-- or unknown: nodes of a name that died are still what they were, and a score as of a past time changes nothing. That
-- it was given to a sinkhole may have become known after it died.
create or replace function export_names(f export_filter, among integer[] default null)
returns table (domain_id integer, domain text, family text, verdict text, score real, left_out text)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with wanted as materialized (
		select d.id, d.name, d.family, d.registered, s.verdict,
			case when v.verdict = s.verdict then v.score else s.score end as score
		from verdict v
		join domain d on d.id = v.domain_id
		cross join lateral (select h.verdict, h.score from verdict_history h
			where h.domain_id = v.domain_id and h.verdict not in ('dead', 'silent', 'unknown')
			order by h.from_at desc, h.scored_at desc limit 1) s
		where v.domain_id = any(coalesce(among, array(select h.domain_id from verdict_history h where h.verdict = any(f.verdicts))))
			and s.verdict = any(f.verdicts)
			and (f.family is null or lower(d.family) = any(family_words(f.family)))
	), server as (
		select n.name as server, w.name from wanted w join nameserver n on n.domain_id = w.id
	), listed as (
		select name, min(why) as why
		from (select e.wanted as name, 'on list ' || e.list as why
			from entries_above(array(select name from wanted)) e
			where e.list in ('allow', 'sinkhole', 'pool', 'cdn') or e.list = 'dyndns' and e.name = e.wanted
			union all
			select s.name, 'on list sinkhole'
			from entries_above(array(select distinct server from server)) e join server s on s.server = e.wanted
			where e.list = 'sinkhole') l
		group by name
	)
	select w.id, w.name, w.family, w.verdict, w.score,
		coalesce(l.why, case when w.registered is null then 'a public suffix' end)
	from wanted w left join listed l using (name)
$$;
comment on function export_names is
	'names with a wanted verdict, the last one that was said of them while they answered; left_out: why not to export it';

-- All nodes wanted, with why one is left out. The nodes are found first: of one network they are few, and the names
-- that never had a wanted verdict are many.
create or replace function export_candidates(f export_filter)
returns table (domain_id integer, domain text, family text, verdict text, score real, address inet, asn bigint, prefix cidr,
	first_seen timestamptz, last_seen timestamptz, observations bigint, ttl_min integer, ttl_max integer,
	name_left_out text, address_left_out text)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan -- the filter decides the plan
as $$
#variable_conflict use_column
declare
	only_id integer := case when f.domain is not null then domain_id_of(f.domain) end;
begin
	return query
	with seen as materialized (
		select n.* from node n
		where n.domain_id in (select h.domain_id from verdict_history h where h.verdict = any(f.verdicts))
			and (f.asn is null or n.asn = f.asn or n.origins @> array[f.asn]) and (only_id is null or n.domain_id = only_id)
			and (f.since is null or n.last_seen >= f.since) and n.observations >= f.min_observations
	)
	select d.domain_id, d.domain, d.family, d.verdict, d.score, n.address, coalesce(f.asn, n.asn), n.prefix, n.first_seen,
		n.last_seen, n.observations, n.ttl_min, n.ttl_max, d.left_out, l.left_out
	from export_names(f, array(select distinct s.domain_id from seen s)) d
	join seen n on n.domain_id = d.domain_id
	left join lateral (select case e.list when 'reserved' then 'reserved' else 'on list ' || e.list end as left_out
		from entries_over(n.address, null, null) e limit 1) l on true;
end $$;
comment on function export_candidates is 'every node that a filter wants, with why one of them would not leave';

create or replace function export_nodes(f export_filter default export_filter())
returns table (domain_id integer, domain text, family text, verdict text, score real, address inet, asn bigint, prefix cidr,
	first_seen timestamptz, last_seen timestamptz, observations bigint, ttl_min integer, ttl_max integer)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select domain_id, domain, family, verdict, score, address, asn, prefix, first_seen, last_seen, observations,
		ttl_min, ttl_max
	from export_candidates(f)
	where name_left_out is null and address_left_out is null
$$;
comment on function export_nodes is 'the nodes that leave; without a filter those of names that flux';

-- What `fluxtrack export` says on stderr: what leaves, and what does not, and why.
create or replace function export_counts(f export_filter) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with counted as materialized (
		select name_left_out is not null as is_name, coalesce(name_left_out, address_left_out) as why,
			count(distinct domain_id) as names, count(distinct address) as addresses
		from export_candidates(f)
		group by 1, 2
	)
	select case when count(*) = 0 then 'no node of a name that fluxes passes the filter'
		else format('%s of %s', counted(max(addresses), 'address', 'addresses'), counted(max(names), 'name', 'names')) end
	from counted where why is null
	union all
	(select format('left out: %s (%s)', case when is_name then counted(names, 'name', 'names')
		else counted(addresses, 'address', 'addresses') end, why)
	from counted where why is not null
	order by why)
$$;
comment on function export_counts is 'in words, how many names and addresses leave, and how many do not, and why';

-- An id that stays the same as long as what it is of does: of version 4 by its form.
create or replace function lasting_uuid(key text) returns uuid
language sql immutable
as $$ select overlay(overlay(md5(key) placing '4' from 13) placing substring('89ab' from 1 + get_byte(decode(md5(key), 'hex'), 8) % 4 for 1) from 17)::uuid $$;
comment on function lasting_uuid is 'a UUID made of a key, the same for the same key';

-- A cell that a spreadsheet would take for a formula gets an apostrophe; RFC 4180's quotes do not stop it. One that
-- begins with an apostrophe gets one too, so that who takes the first one off has the cell.
create or replace function csv_safe(cell text) returns text
language sql immutable
as $$ select case when cell ~ E'^[-=+@\t\r\n'']' then '''' || cell else cell end $$;

-- A name likewise. Where the comma is for decimals a spreadsheet parts cells at a semicolon, quotes or not, and a formula
-- could stand behind one: as \059 it is the same octet of the name.
create or replace function csv_name(name text) returns text
language sql immutable
as $$ select csv_safe(replace(name, ';', '\059')) $$;

-- Shadowserver's columns first, ours after. Times are UTC. severity stays empty: whoever cleans decides. infection is the
-- family where its nodes are infected machines themselves: else an A record proves publication alone.
create or replace function export_csv(f export_filter default export_filter())
returns table ("timestamp" text, severity text, ip inet, asn bigint, geo text, hostname text, infection text,
	family text, tag text, domain text, first_seen text, last_seen text, observations bigint,
	ttl_min integer, ttl_max integer, prefix cidr, verdict text, score real, node text, flows text)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with known as materialized (
		select family, family_facts(family) as facts
		from (select distinct family from domain where family is not null) d
	)
	select utc_text(n.last_seen), null, n.address, n.asn, csv_safe(country_of(n.prefix, n.asn)), csv_name(r.name),
		case when k.facts ->> 'node' = 'proxy' then csv_safe(k.facts ->> 'family') end,
		csv_safe(n.family), 'fast-flux', csv_name(n.domain), utc_text(n.first_seen), utc_text(n.last_seen),
		n.observations, n.ttl_min, n.ttl_max, n.prefix, n.verdict, n.score, k.facts ->> 'node',
		csv_safe((select string_agg(concat_ws('/', w ->> 'protocol', w ->> 'port'), ' ')
			from jsonb_array_elements(k.facts -> 'flows') w))
	from export_nodes(f) n
	left join reverse_name r on r.address = n.address and r.replaced_at is null
	left join known k on k.family = n.family
	order by n.domain, n.last_seen desc, n.address
$$;
comment on function export_csv is 'the nodes that leave, in the columns that abuse desks know';

-- What one network's abuse desk asks: plain enough that the index of nodes by network is used.
create or replace function isp_nodes(asn bigint, since timestamptz default null)
returns table (domain text, address inet, prefix cidr, first_seen timestamptz, last_seen timestamptz,
	observations bigint, family text, verdict text, score real)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select n.domain, n.address, n.prefix, n.first_seen, n.last_seen, n.observations, n.family, n.verdict, n.score
	from export_nodes(export_filter(asn => isp_nodes.asn, since => isp_nodes.since)) n
	order by n.last_seen desc, n.domain, n.address
$$;
comment on function isp_nodes is 'nodes in one network of names that flux, newest first; since: seen at that time or later';
