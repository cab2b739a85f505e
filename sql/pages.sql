-- SPDX-License-Identifier: MIT
-- What nodes served when they were asked for a page (probe): whom to ask, what was brought, and on what the nodes
-- of a name agree. One page from many networks is one server's behind proxies, or that of a content network.

drop function if exists probe_wanted(text[], boolean, integer, text[], cidr[]);
drop function if exists probe_brought(text[], timestamptz);
drop function if exists page_agreement(integer[], timestamptz, timestamptz);

-- The network of an address, as far as it is known: its AS, else its /16 (in IPv6 its /32).
create or replace function network_word(address inet, asn bigint) returns text
language sql immutable
as $$
	select coalesce('AS' || asn,
		network(set_masklen(address, case family(address) when 4 then 16 else 32 end))::text)
$$;

-- The value of the first header of that name, as head has it: escaped; null where there is none, or one of more than 200
-- characters. A backslash of the server's own comes as two, and is no end of a line. header_json() in report/page_json.c
-- reads the same, for verify compares them.
create or replace function page_header(head text, name text) returns text
language sql immutable
as $$
	select case when length(v.value) <= 200 then v.value end
	from string_to_table(replace(head, '\\', chr(1)), '\010') with ordinality as l(line, at)
	cross join lateral (select replace(btrim(substr(regexp_replace(l.line, '\\013$', ''), length(name) + 2)), chr(1), '\\'))
		as v(value)
	where lower(left(l.line, length(name) + 1)) = lower(name) || ':'
	order by l.at
	limit 1
$$;

-- How long after a node was seen it may be asked: a dynamic line soon is somebody else's.
create or replace function probe_reach() returns interval
language sql immutable
as $$ select interval '7 days' $$;

-- Whom to ask for a page: of each of these names (or, where flux is set, of each name that fluxes) so many of its newest
-- nodes, those in different networks first; a turn of all names after the other. Never asked are names and addresses on
-- lists, and those that want to be spared: their rows have the reason, and no address where it is the name's. A reserved
-- address may be a lab's: the program has to know.
create function probe_wanted(names text[], flux boolean, nodes integer, spared_names text[], spared_prefixes cidr[])
returns table (name text, address inet, tags text, refusal text)
language sql stable
set search_path = fluxtrack, pg_temp
set jit = off
as $$
	with wanted as materialized (
		select d.id, w.name, coalesce((select string_agg(t.key || case t.value when '' then '' else '=' || t.value end, ' '
					order by t.key)
				from jsonb_each_text(d.tags) t), '') as tags,
			case when d.id is null then 'nothing is known of it; follow it with fluxtrack track'
				when w.name !~ '^[a-z0-9_-]+(\.[a-z0-9_-]+)*$' then 'it is no host''s name'
				when exists (select from parents_of(w.name) p where p = any(spared_names)) then 'it opted out'
				else (select min(format('it is on the list %s: %s', e.list, e.name)) from entries_above(array[w.name]) e
					where e.list <> 'dyndns') end as refusal
		from (select d.name from domain d join verdict v on v.domain_id = d.id
				where flux and d.role = 'followed' and v.verdict in ('flux', 'double-flux')
			union
			select unnest(names) where not flux) w
		left join domain d on d.name = w.name
	), seen as (
		select w.id, w.name, w.tags, n.address, n.last_seen, network_word(n.address, n.asn) as network, r.refusal
		from wanted w
		cross join lateral (select * from node o
			where o.domain_id = w.id and o.last_seen > now() - probe_reach()
			order by o.last_seen desc, o.address
			limit 20 * probe_wanted.nodes) n
		cross join lateral (select case
			when exists (select from unnest(spared_prefixes) p where p >>= n.address) then 'it opted out'
			else (select min(format('it is on the list %s: %s', e.list, e.prefix))
				from entries_over(n.address, null, null) e where e.list <> 'reserved') end as refusal) r
		where w.refusal is null
	), turned as (
		select s.*, count(*) filter (where s.refusal is null) over (partition by s.id
			order by s.in_network, s.last_seen desc, s.address rows unbounded preceding) as turn
		from (select *, row_number() over (partition by id, network, refusal is null order by last_seen desc, address)
				as in_network
			from seen) s
	)
	select w.name, null, w.tags, coalesce(w.refusal, 'no address of it was seen in the last seven days, '
		'as far as score has read')
	from wanted w
	where w.refusal is not null or not exists (select from seen s where s.id = w.id)
	union all
	(select t.name, t.address, t.tags, t.refusal
	from turned t
	where case when t.refusal is null then t.turn <= probe_wanted.nodes else t.turn < probe_wanted.nodes end
	order by t.turn, t.name, t.address)
$$;
comment on function probe_wanted is
	'the nodes that probe asks, in their order; with a refusal: who is not asked, and why';

-- What a probe of these names brought, as its end is told. A turn after the other, as they were asked.
create function probe_brought(names text[], since timestamptz)
returns table (domain text, asked_at timestamptz, address inet, asn bigint, outcome fetch_outcome, status integer,
	octets integer, sha256 text, signatures text)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select d.name, p.asked_at, p.address, o.asn, p.outcome, p.status, p.body_octets, encode(p.body_sha256, 'hex'),
		array_to_string(p.signatures, ' ')
	from domain d
	join page p on p.domain_id = d.id and p.asked_at >= since
	left join lateral origin_of(p.address, p.asked_at) o on true
	where d.name = any(names)
	order by p.asked_at, p.segment_id, p.record
$$;
comment on function probe_brought is 'the pages that nodes of these names were asked for since then';

-- On what the nodes of each name agree: of the newest page with status 200 and a body that each of them served, how many
-- nodes served the most common one, in how many networks, of how many. A page counts from a day before the end of the
-- name's window until so long after it as a node may be asked: who probes does so because of the lookups. As of a past
-- `at` no page counts that came later, but for `known`, which tells itself what was there.
create function page_agreement(ids integer[], at timestamptz default null, known timestamptz default null)
returns table (domain_id integer, answered bigint, nodes bigint, networks bigint, sha256 text)
language plpgsql stable rows 100
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
begin
	if not exists (select from page p where p.domain_id = any(ids)) then
		return;
	end if;
	return query
	with asked as materialized (
		select w.domain_id, w.until_at, case when at is null or known is not null then w.until_at + probe_reach()
			else at end as last_at
		from (select t.domain_id, coalesce(at, window_end(t.domain_id, t.last_lookup, known)) as until_at
			from tally t
			where t.domain_id in (select p.domain_id from page p where p.domain_id = any(ids))) w
	), newest as (
		select distinct on (p.domain_id, p.address) p.domain_id, p.address, p.body_sha256, p.asked_at
		from asked a
		join page p on p.domain_id = a.domain_id and p.asked_at > a.until_at - interval '24 hours'
			and p.asked_at <= a.last_at
		join segment s on s.id = p.segment_id
		where p.outcome in ('answered', 'cut') and p.status = 200 and p.body_octets > 0
			and (known is null or s.loaded_at <= known)
		order by p.domain_id, p.address, p.asked_at desc, p.segment_id desc, p.record desc
	), served as (
		select n.domain_id, n.body_sha256, count(*) as nodes,
			count(distinct network_word(n.address, o.asn)) as networks
		from newest n
		left join lateral origin_of(n.address, n.asked_at, known) o on true
		group by 1, 2
	)
	select distinct on (v.domain_id) v.domain_id, sum(v.nodes) over (partition by v.domain_id)::bigint, v.nodes, v.networks,
		encode(v.body_sha256, 'hex')
	from served v
	order by v.domain_id, v.nodes desc, v.networks desc, v.body_sha256;
end $$;
comment on function page_agreement is
	'how many nodes of each name served the same page, in how many networks; no row for a name with no page';
