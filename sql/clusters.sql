-- SPDX-License-Identifier: MIT
-- Botnets, as groups of names that publish the same nodes. Two names are linked by the A addresses that both
-- had in the 24 hours of their verdicts; a cluster is what links hold together (single linkage).
--
-- Linked are two names with 5 addresses in common that are a twentieth of the smaller's. Jaccard alone fails for
-- names that each show a small sample of a large pool: of 3,000 nodes, two names seen 150 times share 7 of 290.
-- Against the smaller's addresses that is 1 in 20. Simulated (40 names a botnet, one address a lookup, pools
-- of 300 to 10,000, a fiftieth of the bots in two botnets): with a twentieth and 5, no link led to another
-- botnet, and from 150 lookups on (400 for 10,000 nodes) no name stayed alone; with a fiftieth, or with 3
-- addresses of any share, botnets of up to 1,000 nodes flowed together in a day. By luck, two times r addresses in
-- the same k networks of size /16 have r * r / (65,536 k) in common: 1,000 each in 200 networks 0.08, not 50.
--
-- The links of a cluster that are kept make a tree (linked_to). A link depends on what is stored of its two
-- names alone. So while every link of the tree holds, the cluster holds, and names that changed are compared
-- with others, but others not among themselves; a cluster of which one breaks is made anew from its names.

create or replace function is_grouped(verdict text) returns boolean
language sql immutable
as $$ select verdict in ('flux', 'double-flux', 'suspect') $$;
comment on function is_grouped is 'may a name with this verdict be member of a cluster?';

-- How alike the address sets of two names are (Perdisci et al., ACSAC 2009): Jaccard, less for small sets.
create or replace function set_similarity(shared bigint, one bigint, other bigint) returns double precision
language sql immutable
as $$ select shared::float / nullif(one + other - shared, 0) / (1 + exp(3 - least(one, other, 100))) $$;

-- The names that have 5 addresses or more in common with one of these. An address counts that is on no list, that
-- stands under at most 400 followed names (more are a host's customers), and that both names had within a day. In
-- steps, each analyzed: nobody can guess how many names share how many addresses.
create or replace function find_pairs(names integer[]) returns void
language plpgsql
set search_path = fluxtrack, pg_temp
set work_mem = '64MB'
as $$
begin
	truncate grouping_seen, grouping_other, grouping_pair, grouping_size;
	insert into grouping_seen
	select n.domain_id, n.address, n.last_seen
	from verdict v
	join node n on n.domain_id = v.domain_id and family(n.address) = 4
		and n.last_seen > v.window_end - interval '24 hours' and n.last_seen <= v.window_end
	where v.domain_id = any(names) and is_grouped(v.verdict);
	analyze grouping_seen;
	insert into grouping_other
	select o.domain_id, s.address, o.last_seen
	from (select distinct address from grouping_seen) s
	cross join lateral (select f.*, count(*) over () as names
		from (select n.domain_id, n.last_seen, v.verdict, v.window_end
			from node n join verdict v using (domain_id)
			where n.address = s.address limit 401) f) o
	where o.names between 2 and 400 and is_grouped(o.verdict)
		and o.last_seen > o.window_end - interval '24 hours' and o.last_seen <= o.window_end
		and not exists (select from entries_over(s.address, null, null));
	analyze grouping_other;
	insert into grouping_pair
	select s.domain_id, o.domain_id, count(*)
	from grouping_seen s
	join grouping_other o on o.address = s.address and o.domain_id <> s.domain_id
		and o.last_seen > s.last_seen - interval '24 hours' and o.last_seen < s.last_seen + interval '24 hours'
	group by 1, 2
	having count(*) >= 5;
	analyze grouping_pair;
	insert into grouping_size
	select v.domain_id, (v.features ->> 'addresses')::bigint
	from (select domain_id from grouping_pair union select other_id from grouping_pair) p
	join verdict v using (domain_id);
	analyze grouping_size;
end $$;

-- The links of these names in both directions, and what they hold together: a vertex is a name, or, negative, a
-- cluster that is not taken apart, with all its members.
create or replace function read_links(names integer[], apart integer[]) returns void
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	truncate grouping_link, grouping_vertex;
	with link as materialized (
		select p.*, set_similarity(p.shared, s.addresses, o.addresses) as similarity
		from grouping_pair p
		join grouping_size s using (domain_id)
		join grouping_size o on o.domain_id = p.other_id
		where p.shared >= 0.05 * least(s.addresses, o.addresses)
	), both_ways as (
		select * from link
		union all
		select other_id, domain_id, shared, similarity from link where other_id <> all(names)
	)
	insert into grouping_link (domain_id, other_id, shared, similarity, vertex, other_vertex)
	select l.*, coalesce(-m.cluster_id, l.domain_id), coalesce(-o.cluster_id, l.other_id)
	from both_ways l
	left join cluster_member m on m.domain_id = l.domain_id and m.until is null and m.cluster_id <> all(apart)
	left join cluster_member o on o.domain_id = l.other_id and o.until is null and o.cluster_id <> all(apart);
	insert into grouping_vertex (vertex, label)
	select vertex, vertex from grouping_link
	union
	select v.domain_id, v.domain_id from verdict v
	join cluster_member m on m.domain_id = v.domain_id and m.until is null
	where m.cluster_id = any(apart) and is_grouped(v.verdict);
	analyze grouping_link, grouping_vertex;
end $$;

-- Gives each vertex the smallest label that links lead to, a step at a time; so each has its label from one that
-- had it before, and these links make a tree.
create or replace function spread_labels() returns void
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	loop
		update grouping_vertex g
		set label = n.label, linked_to = n.other_id, shared = n.shared, similarity = n.similarity
		from (select distinct on (k.vertex) k.vertex, o.label, k.other_id, k.shared, k.similarity
			from grouping_link k
			join grouping_vertex v on v.vertex = k.vertex
			join grouping_vertex o on o.vertex = k.other_vertex and o.label < v.label
			order by k.vertex, o.label, k.similarity desc, k.other_id) n
		where g.vertex = n.vertex;
		exit when not found;
	end loop;
end $$;

-- The clusters that do not stand as they are: a link of the tree is no more, or they have become one.
create or replace function changed_clusters(names integer[]) returns setof integer
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	return query
	select m.cluster_id
	from cluster_member m
	join verdict v on v.domain_id = m.domain_id and is_grouped(v.verdict)
	where m.until is null and (m.domain_id = any(names) or m.linked_to = any(names)) and m.linked_to is not null
		and not exists (select from grouping_link k
			where k.domain_id = m.domain_id and k.other_id = m.linked_to)
	union
	select unnest(array[-vertex, -label]) from grouping_vertex where vertex < 0 and label <> vertex;
end $$;

-- Gives each component its cluster. One taken apart goes to the component with most of its members, which may be the
-- last of them, and a component that would get several keeps that of which it has most, then the oldest.
create or replace function name_clusters() returns void
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
declare
	component record;
	new_id integer;
begin
	update grouping_vertex set cluster_id = -label where label < 0;
	with claim as (
		select g.label, m.cluster_id, count(*) as names, sum(count(*)) over (partition by m.cluster_id) as members
		from grouping_vertex g
		join cluster_member m on m.domain_id = g.vertex and m.until is null
		where g.label > 0
		group by 1, 2
	), heir as (
		select distinct on (c.cluster_id) c.*
		from claim c join (select label, count(*) as names from grouping_vertex group by 1) g using (label)
		where g.names > 1 or c.members = 1
		order by c.cluster_id, c.names desc, c.label
	)
	update grouping_vertex g set cluster_id = h.cluster_id
	from (select distinct on (label) label, cluster_id from heir order by label, names desc, cluster_id) h
	where g.label = h.label;
	for component in
		select g.label, min(v.window_end) as first_at
		from grouping_vertex g join verdict v on v.domain_id = g.vertex
		where g.cluster_id is null
		group by g.label having count(*) > 1 order by g.label
	loop
		insert into cluster (first_at) values (component.first_at) returning id into new_id;
		update grouping_vertex set cluster_id = new_id where label = component.label;
	end loop;
end $$;

-- Writes who left, who joined, and which links hold the others.
create or replace function store_members(names integer[], apart integer[]) returns void
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	with gone as (
		update cluster_member m set until = v.window_end
		from verdict v left join grouping_vertex g on g.vertex = v.domain_id
		where m.until is null and m.domain_id = any(names) and v.domain_id = m.domain_id
			and (not is_grouped(v.verdict)
				or m.cluster_id = any(apart) and m.cluster_id is distinct from g.cluster_id)
		returning m.cluster_id
	)
	select array_agg(distinct cluster_id) into apart from gone;
	update cluster_member m set linked_to = g.linked_to, shared = g.shared, similarity = g.similarity
	from grouping_vertex g
	where m.until is null and m.domain_id = g.vertex
		and (m.linked_to, m.shared, m.similarity) is distinct from (g.linked_to, g.shared, g.similarity);
	update cluster_member m set shared = k.shared, similarity = k.similarity
	from grouping_link k
	where m.until is null and m.domain_id = k.domain_id and m.linked_to = k.other_id
		and (m.shared, m.similarity) is distinct from (k.shared, k.similarity);
	insert into cluster_member (cluster_id, domain_id, since, linked_to, shared, similarity)
	select g.cluster_id, g.vertex, v.window_end, g.linked_to, g.shared, g.similarity
	from grouping_vertex g join verdict v on v.domain_id = g.vertex
	where g.cluster_id is not null
	on conflict (domain_id) where until is null do nothing;
	update cluster c set last_at = (select max(m.until) from cluster_member m where m.cluster_id = c.id)
	where c.id = any(apart)
		and not exists (select from cluster_member m where m.cluster_id = c.id and m.until is null);
end $$;

-- Groups these names anew, and with them the clusters that they leave, join or bring together. Every name whose
-- verdict or nodes changed has to be among them. Nothing changes where nothing did.
create or replace function group_names(ids integer[]) returns void
language plpgsql
set search_path = fluxtrack, pg_temp
set jit = off
as $$
declare
	names integer[];
	apart integer[] := '{}';
	more integer[];
begin
	names := array(select i.id from unnest(ids) as i(id) join verdict v on v.domain_id = i.id
		where is_grouped(v.verdict)
			or exists (select from cluster_member m where m.domain_id = i.id and m.until is null));
	if names = '{}' then
		return;
	end if;
	create temporary table grouping_seen (domain_id integer, address inet, last_seen timestamptz);
	create temporary table grouping_other (domain_id integer, address inet, last_seen timestamptz);
	create temporary table grouping_pair (domain_id integer, other_id integer, shared bigint);
	create temporary table grouping_size (domain_id integer, addresses bigint);
	create temporary table grouping_link (domain_id integer, other_id integer, shared bigint,
		similarity double precision, vertex integer, other_vertex integer);
	create temporary table grouping_vertex (vertex integer, label integer, cluster_id integer, linked_to integer,
		shared bigint, similarity double precision);
	loop
		perform find_pairs(names);
		perform read_links(names, apart);
		perform spread_labels();
		more := array(select changed_clusters(names) except select unnest(apart));
		exit when more = '{}';
		apart := apart || more;
		names := array(select unnest(names) union
			select m.domain_id from cluster_member m where m.until is null and m.cluster_id = any(apart));
	end loop;
	perform name_clusters();
	perform store_members(names, apart);
	drop table grouping_seen, grouping_other, grouping_pair, grouping_size, grouping_link, grouping_vertex;
end $$;
comment on function group_names is
	'puts names whose verdict or nodes changed in their clusters; score_domains() does so with those it scored';
