-- SPDX-License-Identifier: MIT
-- What `fluxtrack report` shows beside the dossiers: lists of names, networks and clusters, and what changed. The rows of
-- a list are cells as they are shown, but for links and marks, which report/site*.c makes of them.

-- A time as a cell: in UTC, to the minute or the day.
create or replace function site_time(at timestamptz) returns text
language sql immutable
as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') $$;

create or replace function site_day(at timestamptz) returns text
language sql immutable
as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD') $$;

-- The verdicts that took another's place since a time, and those that said flux of a name that had none; newest first.
create or replace function site_changes(since timestamptz)
returns table (at timestamptz, domain text, before text, after text)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select h.scored_at, d.name, b.verdict, h.verdict
	from verdict_history h
	join domain d on d.id = h.domain_id and d.role = 'followed'
	left join lateral (select p.verdict from verdict_history p
		where p.domain_id = h.domain_id and (p.scored_at, p.from_at) < (h.scored_at, h.from_at)
		order by p.scored_at desc, p.from_at desc limit 1) b on true
	where h.scored_at >= since and (b.verdict is not null or h.verdict in ('flux', 'double-flux'))
	order by h.scored_at desc, d.name
$$;
comment on function site_changes is 'verdicts that changed, or said flux at once, since a time; before: null for the first of a name';

-- All clusters, those that have members first, then the larger ones.
create or replace function site_clusters()
returns table (id integer, members bigint, former bigint, first_at timestamptz, last_at timestamptz)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select c.id, count(distinct m.domain_id) filter (where m.until is null),
		count(distinct m.domain_id) filter (where m.until is not null), c.first_at, c.last_at
	from cluster c join cluster_member m on m.cluster_id = c.id
	group by c.id
	order by 2 desc, c.last_at desc nulls first, c.id
$$;
comment on function site_clusters is 'clusters with how many names are in each, and how many left it';

create or replace function site_cluster_members(wanted_id integer)
returns table (domain text, verdict text, since timestamptz, until timestamptz, linked_to text, shared bigint)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select d.name, coalesce(v.verdict, 'unknown'), m.since, m.until, l.name, m.shared
	from cluster_member m
	join domain d on d.id = m.domain_id and d.role = 'followed'
	left join verdict v on v.domain_id = d.id
	left join domain l on l.id = m.linked_to
	where m.cluster_id = wanted_id
	order by m.until desc nulls first, m.since, d.name
$$;
comment on function site_cluster_members is 'the names of a cluster, then those that left it, the last first';

-- The A addresses of a cluster's names in the 24 hours of their verdicts, which are what groups names (sql/clusters.sql).
create or replace function site_cluster_nodes(wanted_id integer)
returns table (domain_id integer, address inet, asn bigint, last_seen timestamptz)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select n.domain_id, n.address, n.asn, n.last_seen
	from cluster_member m
	join verdict v on v.domain_id = m.domain_id
	join node n on n.domain_id = m.domain_id and family(n.address) = 4
		and n.last_seen > v.window_end - interval '24 hours' and n.last_seen <= v.window_end
	where m.cluster_id = wanted_id and m.until is null
$$;

create or replace function site_cluster_shared(wanted_id integer)
returns table (address inet, asn bigint, names bigint, last_seen timestamptz)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select s.* from (select n.address, min(n.asn), count(*) as names, max(n.last_seen)
		from site_cluster_nodes(wanted_id) n
		group by n.address having count(*) > 1) s
	where is_reportable(s.address)
	order by s.names desc, s.address
$$;
comment on function site_cluster_shared is 'addresses of 24 hours that several names of a cluster had, by how many had them';

create or replace function site_cluster_networks(wanted_id integer)
returns table (asn bigint, addresses bigint, names bigint)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select n.asn, count(distinct n.address), count(distinct n.domain_id)
	from site_cluster_nodes(wanted_id) n
	group by n.asn
	order by 2 desc, n.asn
$$;
comment on function site_cluster_networks is 'networks of a cluster''s addresses of 24 hours';
