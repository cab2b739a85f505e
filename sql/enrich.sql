-- SPDX-License-Identifier: MIT
-- What `fluxtrack enrich` asks the DNS for, and what becomes of the answers: the origin of an address, as
-- Team Cymru tells it in TXT records, and its name, in PTR records. Both are lookups like all others, on
-- record in segments; here are their names, and how the answers become prefix_origin and reverse_name.

drop function if exists cymru_origins(text[], inet);
drop function if exists enrichment_wanted(integer);

-- How many days before it was given an answer is taken to hold: an address is asked for after it was seen,
-- and few routes move within a week. What was seen before that is not asked for.
create or replace function origin_reach() returns integer
language sql immutable
as $$ select 7 $$;

-- The labels of an address as they stand before in-addr.arpa (RFC 1035, 3.5) or ip6.arpa (RFC 3596, 2.5).
create or replace function reverse_labels(address inet) returns text
language sql immutable
as $$
	select case family(address)
		when 4 then (select string_agg(octet, '.' order by at desc)
			from string_to_table(host(address), '.') with ordinality as o(octet, at))
		else rtrim(regexp_replace(reverse(encode(substr(inet_send(address), 5), 'hex')), '(.)', '\1.', 'g'), '.')
	end
$$;

-- The address that a name of such labels under zone4 or zone6 speaks of; null for any other name.
create or replace function address_under(name text, zone4 text, zone6 text) returns inet
language sql immutable
as $$
	select case
		when labels4 ~ '^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$'
			then array_to_string(array[split_part(labels4, '.', 4), split_part(labels4, '.', 3),
				split_part(labels4, '.', 2), split_part(labels4, '.', 1)], '.')::inet
		when labels6 ~ '^[0-9a-f](\.[0-9a-f]){31}$'
			then rtrim(regexp_replace(reverse(replace(labels6, '.', '')), '(.{4})', '\1:', 'g'), ':')::inet
	end
	from (select case when right(name, length(zone4) + 1) = '.' || zone4
				then left(name, -1 - length(zone4)) end as labels4,
			case when right(name, length(zone6) + 1) = '.' || zone6
				then left(name, -1 - length(zone6)) end as labels6) l
$$;

-- The zones in which Team Cymru answers. Who asks them for an address tells them that it is of interest.
create or replace function origin_zone(family integer) returns text
language sql immutable
as $$ select case family when 4 then 'origin.asn.cymru.com' else 'origin6.asn.cymru.com' end $$;

create or replace function cidr_or_null(prefix text) returns cidr
language plpgsql immutable
as $$
begin
	return prefix::cidr;
exception when data_exception then
	return null;
end $$;

-- What TXT answers for an address say: "23028 | 216.90.108.0/24 | US | arin | 1998-09-25", several ASNs
-- parted by blanks; of several texts those with the longest prefix count; the country as it stands there. What is no such text, does not
-- hold the address or is shorter than any route is gives nothing.
create function cymru_origins(texts text[], address inet)
returns table (prefix cidr, asn bigint, country text)
language sql immutable rows 1
set search_path = fluxtrack, pg_temp
as $$
	with told as (
		select c.prefix, string_to_table(f.field[1], ' ')::bigint as asn, f.field[3] as country,
			rank() over (order by masklen(c.prefix) desc) as nth
		from unnest(texts) as t(line)
		cross join lateral regexp_split_to_array(btrim(t.line), ' *\| *') as f(field)
		cross join lateral cidr_or_null(f.field[2]) as c(prefix)
		where f.field[1] ~ '^\d{1,10}( \d{1,10})*$' and c.prefix >>= address
			and masklen(c.prefix) >= case family(address) when 4 then 8 else 16 end
	)
	select distinct on (t.prefix, t.asn) t.prefix, t.asn, t.country from told t
	where t.nth = 1 and t.asn between 1 and 4294967295
	order by t.prefix, t.asn, t.country
$$;

-- The newest answer that each address got in these segments, one in which the zone's owner spoke before
-- others. Of TXT our own lookups alone: an imported file must not tell where addresses belong.
drop function if exists told_of_addresses(integer[], integer, text, text);
create function told_of_addresses(segments integer[], wanted_qtype integer, zone4 text, zone6 text)
returns table (address inet, asked_at timestamptz, outcome outcome, names text[], is_dynamic boolean)
language sql stable rows 1000
set search_path = fluxtrack, pg_temp
as $$
	select distinct on (a.address) a.address, max(o.observed_at) over (partition by a.address), o.outcome, o.names,
		o.is_dynamic
	from observation o
	join domain d on d.id = o.domain_id
	cross join lateral address_under(d.name, zone4, zone6) as a(address)
	where o.segment_id = any(segments) and o.qtype in (12, 16) and o.qtype = wanted_qtype
		and (o.qtype = 12 or o.source_id is null) and a.address is not null
	order by a.address, is_definite(o.outcome) desc, o.observed_at desc
$$;

-- A failure tells nothing of the name that was there. What came later stays, in whichever order segments
-- come; a row that is replaced is kept, so that an old verdict can be computed again. Whoever has an address
-- with another name is due to be scored.
create or replace function take_reverse_names(segments integer[]) returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
declare
	moment constant timestamptz := clock_timestamp();
	again bigint;
	new bigint;
begin
	with told as (
		select t.address, t.asked_at,
			is_definite(t.outcome) and (t.names[1], t.is_dynamic) is distinct from (r.name, r.is_dynamic) as is_other
		from told_of_addresses(segments, 12, 'in-addr.arpa', 'ip6.arpa') t
		join reverse_name r on r.address = t.address and r.replaced_at is null and r.asked_at < t.asked_at
	)
	update reverse_name r set
		asked_at = case when t.is_other then r.asked_at else t.asked_at end,
		replaced_at = case when t.is_other then moment end
	from told t
	where r.address = t.address and r.replaced_at is null;
	get diagnostics again = row_count;
	with named as (
		insert into reverse_name (address, name, is_dynamic, asked_at, taken_at)
		select t.address, t.names[1], t.is_dynamic, t.asked_at, moment
		from told_of_addresses(segments, 12, 'in-addr.arpa', 'ip6.arpa') t
		where not exists (select from reverse_name r where r.address = t.address and r.replaced_at is null)
		returning address
	), due as (
		insert into due_name select distinct n.domain_id from node n join named using (address)
	)
	select count(*) into new from named;
	return greatest(again, new);
end $$;

create or replace function take_origins(segments integer[]) returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
declare
	answer record;
	taken bigint;
begin
	for answer in
		select (t.asked_at at time zone 'UTC')::date - origin_reach() as dated,
			array_agg(o.prefix order by o.prefix, o.asn) as prefixes, array_agg(o.asn order by o.prefix, o.asn) as asns,
			array_agg(o.country order by o.prefix, o.asn) as countries
		from told_of_addresses(segments, 16, origin_zone(4), origin_zone(6)) t
		cross join lateral cymru_origins(t.names, t.address) o
		group by 1
		order by 1
	loop
		perform add_origins(answer.prefixes, answer.asns, answer.dated, 'cymru', answer.countries);
	end loop;
	insert into origin_answer as r (address, prefix, asked_at)
	select t.address, (select min(o.prefix) from cymru_origins(t.names, t.address) o), t.asked_at
	from told_of_addresses(segments, 16, origin_zone(4), origin_zone(6)) t
	on conflict (address) do update set prefix = excluded.prefix, asked_at = excluded.asked_at
	where r.asked_at < excluded.asked_at;
	get diagnostics taken = row_count;
	return taken;
end $$;

create or replace function take_enrichment() returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
declare
	segments integer[];
	taken bigint := 0;
begin
	perform lock_scoring();
	select array_agg(id) into segments from segment where not enriched;
	if segments is not null then
		taken := take_reverse_names(segments) + take_origins(segments);
		update segment set enriched = true where id = any(segments);
	end if;
	perform roll_up_nodes();
	return taken;
end $$;
comment on function take_enrichment is
	'takes over what new segments tell of addresses, then rolls up; gives of how many addresses';

-- The names to ask next, at most so many. First what concerns the addresses of names that flux, may flux or
-- get new addresses, then of the others, then of nameservers; origins before names. Of a neighbourhood (a
-- /24, in IPv6 a /48) one address at a time, since its prefix mostly covers the others, and none for a day
-- where the last one brought no prefix. A name is asked for 50 addresses of a domain, the first it had.
create function enrichment_wanted(max integer)
returns table (name text)
language sql stable rows 1000
set search_path = fluxtrack, pg_temp
set jit = off
as $$
	with seen as (
		select n.address, n.prefix, n.last_seen, d.role = 'followed' as is_followed,
			row_number() over of_domain as nth,
			case when d.role <> 'followed' then 2
				when v.verdict in ('flux', 'double-flux', 'suspect')
					or n.first_seen > min(n.first_seen) over of_domain then 0
				else 1 end as turn
		from node n
		join domain d on d.id = n.domain_id and d.role in ('followed', 'nameserver')
		left join verdict v on v.domain_id = n.domain_id
		where n.last_seen > now() - origin_reach() * interval '1 day'
		window of_domain as (partition by n.domain_id order by n.first_seen, n.address)
	), candidate as materialized (
		select s.address, min(s.turn) as turn, max(s.last_seen) as last_seen,
			bool_or(s.prefix is null) as lacks_origin,
			coalesce(min(s.nth) filter (where s.is_followed) <= 50, false) as may_lack_name,
			network(set_masklen(s.address, case family(s.address) when 4 then 24 else 48 end)) as nearby
		from seen s
		group by s.address
	), barren as (
		select distinct network(set_masklen(r.address, case family(r.address) when 4 then 24 else 48 end)) as nearby
		from origin_answer r where r.prefix is null and r.asked_at > now() - interval '1 day'
	), wanted as (
		select min(c.address) as address, min(c.turn) as turn, 0 as kind, max(c.last_seen) as last_seen
		from candidate c
		where c.lacks_origin and not exists (select from barren b where b.nearby = c.nearby)
			and not exists (select from origin_answer r
				where r.address = c.address and r.asked_at > now() - interval '7 days')
		group by c.nearby
		union all
		select c.address, c.turn, 1, c.last_seen
		from candidate c
		where c.may_lack_name and not exists (select from reverse_name r
			where r.address = c.address and r.asked_at > now() - interval '7 days')
	), in_turn as (
		select * from wanted order by turn, kind, last_seen desc, address
		offset 0 -- so that reserved addresses are told, and names made, of the first alone
	)
	select reverse_labels(w.address) || '.' || case when w.kind = 0 then origin_zone(family(w.address))
		when family(w.address) = 4 then 'in-addr.arpa' else 'ip6.arpa' end
	from in_turn w
	where not exists (select from list_entry e
		where e.list = 'reserved' and e.removed_at is null and e.prefix >>= w.address)
	limit max
$$;
comment on function enrichment_wanted is
	'the names to ask (PTR under .arpa, else TXT) so that origins and names of addresses get known; at most so many';
