-- SPDX-License-Identifier: MIT
-- The dossier: what was observed of one name, how to check it in the raw messages, what it proves and what it does
-- not. takedown_evidence() is the one source of what evidence prints, as text, JSON or HTML. All of it is in the
-- database but for the raw messages, which the program takes from the archive; nothing is asked anew.
--
-- What reads tables is in PL/pgSQL, which keeps plans: a site asks for 10,000 dossiers, and planning each anew would
-- cost more than reading them.

drop function if exists takedown_evidence(text);
drop function if exists evidence_proves(boolean, boolean);
drop function if exists who_can_act(text);
drop function if exists evidence_nameservers(integer), evidence_nodes(integer), evidence_observations(integer);

-- The bits of observation.anomalies in words (enum anomaly in resolver/lookup.h); lookup_json() in
-- report/message_json.c has the same words, for verify compares them.
create or replace function anomaly_names(bits integer) returns text[]
language sql immutable
as $$
	select coalesce(array_agg(word order by bit), '{}')
	from unnest('{truncated,question,question-case,compression,label,name-length,name-character,rdata,count,'
		'trailing,ttl-range,ttl-differs,chain,order,foreign,cap,class,duplicate}'::text[])
		with ordinality as w(word, bit)
	where bits >> (bit - 1)::integer & 1 = 1
$$;

create or replace function qtype_name(qtype integer) returns text
language sql immutable
as $$
	select coalesce((array['A', 'NS', 'SOA', 'PTR', 'TXT', 'AAAA'])[array_position(array[1, 2, 6, 12, 16, 28], qtype)],
		'TYPE' || qtype)
$$;

-- What RDAP told of a registered name, as members of who_can_act(); {} where nothing came.
create or replace function registrar_told(registered text) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return coalesce((
		select jsonb_strip_nulls(jsonb_build_object('registrar', r.registrar, 'iana_id', r.iana_id, 'abuse_email', r.abuse_email,
			'abuse_phone', r.abuse_phone, 'registered_on', utc_text(r.registered_on), 'asked_at', utc_text(r.asked_at),
			'url', r.url, 'segment', r.segment, 'record', r.record))
		from registration_of(registered) r), '{}');
end $$;

-- The same of a dynamic-DNS provider: its own contact, for its registrar cannot end one name in the zone. The zone may
-- lie below the name that it registered.
create or replace function provider_told(zone text) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return coalesce((
		select jsonb_build_object('abuse_email', r.holder_email, 'asked_at', utc_text(r.asked_at), 'url', r.url,
			'segment', r.segment, 'record', r.record)
		from parents_of(zone) with ordinality as p(name, at)
		cross join lateral registration_of(p.name) r
		where r.holder_email is not null
		order by p.at limit 1), '{}');
end $$;

-- Who can end the name: the dynamic-DNS provider whose zone it stands in, or else the registrar of the
-- name that was registered.
create or replace function who_can_act(name text, registered text default null) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select coalesce(
			(select jsonb_build_object('party', 'dynamic-DNS provider', 'zone', e.name, 'why',
				format('the name stands in a zone whose provider hands out names (list dyndns, source: %s)', e.source))
				|| provider_told(e.name)
			from entries_above(array[who_can_act.name]) e
			where e.list = 'dyndns'
			order by length(e.name) desc, e.source limit 1),
			case when registered is null then jsonb_build_object('party', 'registry', 'zone', who_can_act.name, 'why',
				'the public suffix list knows no registered name in it: it is a suffix under which names are registered')
			else jsonb_build_object('party', 'registrar', 'zone', registered, 'why',
				'that is the registered name; RDAP tells its registrar') || registrar_told(registered) end));
end $$;
comment on function who_can_act is
	'who can end a name, with what RDAP told of them; registered: as the public suffix list has it';

-- The published rules with their inputs, as they stood at the verdict.
create or replace function evidence_rules(features jsonb) returns jsonb
language sql immutable
as $$
	select jsonb_build_object(
		'holz', jsonb_build_object('rule', 'Holz et al., NDSS 2008: 1.32 n_A + 18.54 n_ASN > 142.38 over two '
				'lookups TTL + 1 s apart, TTL < 1800 s', 'ttl', features -> 'holz_ttl',
			'n_a', features -> 'holz_addresses', 'n_asn', features -> 'holz_asns',
			'score', features -> 'holz_score', 'flux', features -> 'holz_flux'),
		'atlas', jsonb_build_object('rule', 'Nazario and Holz, MALWARE 2008: more than four of nine points',
			'inputs', (select jsonb_object_agg(key, value) from jsonb_each(features)
				where key ~ '^(atlas_(?!points|flux)|soa_retry)'),
			'points', features -> 'atlas_points', 'flux', features -> 'atlas_flux'),
		'fluxbuster', jsonb_build_object('rule', 'Perdisci et al., ACSAC 2009 (FluxBuster): growth > 0.122; TTL <= 30 s '
				'and growth > 0.97, or TTL > 30 s and /16 by addresses > 0.41; more than 108 names on the addresses',
			'growth', features -> 'growth', 'ttl', features -> 'fluxbuster_ttl',
			'diversity', features -> 'fluxbuster_diversity', 'names', features -> 'fluxbuster_names',
			'flux', features -> 'fluxbuster_flux'),
		'caglayan', jsonb_build_object('rule', 'Caglayan et al. 2009: two answers within ten minutes differ, and more '
				'than 6 ASNs', 'active', features -> 'caglayan_active', 'n_asn', features -> 'asns',
			'flux', features -> 'caglayan_flux'),
		'hsu', jsonb_build_object('rule', 'Hsu et al. 2010: at least 4 ASNs within three months',
			'n_asn', features -> 'hsu_asns', 'flux', features -> 'hsu_flux'))
$$;

-- The members of a row as objects, in the order of its type, each with what the type's comment says of it; [] of
-- no row. `key` and `content` name the members of these objects.
create or replace function explained(of_type regclass, figures jsonb, key text, content text) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object(key, a.attname, content, figures -> a.attname, 'means', c.description)
			order by a.attnum) filter (where figures is not null), '[]')
		from pg_attribute a
		left join pg_description c on c.classoid = 'pg_class'::regclass and c.objoid = a.attrelid and c.objsubid = a.attnum
		where a.attrelid = of_type and a.attnum > 0);
end $$;

-- The verdict's history, the oldest first.
create or replace function evidence_verdicts(wanted_id integer) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('verdict', verdict, 'score', score, 'from', utc_text(from_at),
			'to', utc_text(to_at), 'reasons', reasons) order by from_at, scored_at), '[]')
		from verdict_history where domain_id = wanted_id);
end $$;

-- The newest nodes, at most so many (null: all), each with what else is known of its address.
create or replace function evidence_nodes(wanted_id integer, most integer) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('address', host(n.address), 'asn', n.asn, 'origins', n.origins,
			'prefix', n.prefix, 'country', country_of(n.prefix, n.asn), 'reverse_name', r.name,
			'first_seen', utc_text(n.first_seen), 'last_seen', utc_text(n.last_seen), 'observations', n.observations,
			'ttl_min', n.ttl_min, 'ttl_max', n.ttl_max,
			'reportable', not exists (select from entries_over(n.address, null, null)))
			order by n.last_seen desc, n.address), '[]')
		from (select * from node where domain_id = wanted_id order by last_seen desc, address limit most) n
		left join reverse_name r on r.address = n.address and r.replaced_at is null);
end $$;

-- Whose networks the newest 50 nodes are in, as RDAP told, those with most of them first: for who asks a network to act.
create or replace function evidence_networks(wanted_id integer) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select coalesce(jsonb_agg(told || jsonb_build_object('nodes', nodes) order by nodes desc, low, handle), '[]')
		from (select w.handle, w.low, count(*) as nodes, (array_agg(to_jsonb(w) || jsonb_build_object('asked_at', utc_text(w.asked_at))
				order by w.asked_at desc, w.record desc))[1] as told
			from (select address from node where domain_id = wanted_id order by last_seen desc, address limit 50) n
			cross join lateral network_of(n.address) w
			where exists (select from registration r where r.address is not null) and is_reportable(n.address)
			group by w.handle, w.low, w.high) t);
end $$;

-- The nameservers that NS answers ever named, those named last first, each with the newest addresses seen under
-- it. Answers that name the same are taken together before their names are taken apart: that is most of the work.
-- The tally tells which days to look at.
create or replace function evidence_nameservers(wanted_id integer, out servers jsonb, out total bigint)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan -- planning for a year of partitions takes longer than the rest
as $$
declare
	oldest timestamptz;
	newest timestamptz;
begin
	select first_lookup, last_lookup into oldest, newest from tally where domain_id = wanted_id;
	with answer as (
		select o.names, min(o.observed_at) as first_at, max(o.observed_at) as last_at, count(*) as times
		from observation o
		where o.domain_id = wanted_id and o.qtype = 2 and o.outcome = 'answered'
			and o.observed_at between oldest and newest
		group by o.names
	), named as (
		select u.name, min(a.first_at) as first_at, max(a.last_at) as last_at, sum(a.times) as times, count(*) over () as of
		from answer a, unnest(a.names) as u(name)
		group by u.name
		order by last_at desc, u.name
		limit 200
	)
	select coalesce(jsonb_agg(jsonb_build_object('name', n.name, 'first_named', utc_text(n.first_at),
			'last_named', utc_text(n.last_at), 'observations', n.times, 'nodes', evidence_nodes(d.id, 50),
			'nodes_total', (select count(*) from node where domain_id = d.id)) order by n.last_at desc, n.name), '[]'),
		coalesce(max(n.of), 0)
	into servers, total
	from named n left join domain d using (name);
end $$;

-- The lookups that the dossier cites: the newest 50, and those chosen to carry the proof. These are the first and
-- the newest with addresses and, between them, the ten that brought most addresses not seen before.
create or replace function cited_lookups(wanted_id integer)
returns table (is_newest boolean, is_chosen boolean, cited observation)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	return query
	with newest as (
		select o as row from observation o where o.domain_id = wanted_id
		order by o.observed_at desc, o.record desc limit 50
	), moment as (
		(select b.at from (select first_seen as at, count(*) as brought, min(first_seen) over () as first_at
				from node where domain_id = wanted_id group by first_seen) b
			order by b.at = b.first_at desc, b.brought desc, b.at limit 11)
		union
		select max(last_seen) from node where domain_id = wanted_id
	), chosen as (
		select l.row from moment m
		cross join lateral (select o as row from observation o
			where o.domain_id = wanted_id and o.observed_at = m.at and o.outcome = 'answered' and o.qtype in (1, 28)
			order by cardinality(o.addresses) desc, o.segment_id, o.record limit 1) l
	)
	select bool_or(u.is_newest), bool_or(not u.is_newest), u.row
	from (select true as is_newest, n.row from newest n union all select false, c.row from chosen c) u
	group by u.row;
end $$;

-- The pages that nodes served, those that are the same taken together: those that bear a signature first, then what most
-- nodes served, 50 at most. Each cites its newest record, where head and body are; of these only what cannot be hostile
-- is told. The heads of the others are not read: thousands of long ones would not fit into memory.
create or replace function cited_pages(wanted_id integer)
returns table (place bigint, of bigint, segment_id integer, page jsonb)
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
#variable_conflict use_column
begin
	return query
	with served as (
		select p.signatures, p.outcome, p.status, p.body_sha256, p.segment_id, p.record, p.address, p.asked_at,
			network_word(p.address, o.asn) as network
		from page p
		left join lateral origin_of(p.address, p.asked_at) o on true
		where p.domain_id = wanted_id
	), alike as (
		select s.signatures, s.outcome, s.status, s.body_sha256, count(distinct s.address) as nodes,
			count(distinct s.network) as networks, min(s.asked_at) as first_at, max(s.asked_at) as last_at,
			(array_agg(s.segment_id order by s.asked_at desc, s.segment_id desc, s.record desc))[1] as segment_id,
			(array_agg(s.record order by s.asked_at desc, s.segment_id desc, s.record desc))[1] as record
		from served s
		group by 1, 2, 3, 4
	), placed as (
		select a.*, row_number() over (order by a.signatures = '{}', a.nodes desc, a.last_at desc, a.segment_id, a.record)
			as place, count(*) over () as of
		from alike a
	)
	select p.place, p.of, s.id, jsonb_build_object('signatures', p.signatures, 'outcome', p.outcome, 'status', p.status,
		'octets', n.body_octets, 'body_sha256', encode(p.body_sha256, 'hex'), 'server_header', page_header(n.head, 'server'),
		'nodes', p.nodes, 'networks', p.networks, 'first_at', utc_text(p.first_at), 'last_at', utc_text(p.last_at),
		'address', host(n.address), 'url', n.url, 'segment', s.file_name, 'sha256', encode(s.sha256, 'hex'), 'record', p.record)
	from placed p
	join page n on n.segment_id = p.segment_id and n.record = p.record
	join segment s on s.id = p.segment_id
	where p.place <= 50;
end $$;

-- The segments cited, and the files of other tools that these tell from.
create or replace function evidence_segments(ids integer[]) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('segment', s.file_name, 'uuid', s.uuid, 'sha256', encode(s.sha256, 'hex'),
			'previous_sha256', encode(s.previous_sha256, 'hex'), 'collector', s.collector, 'sequence', s.sequence,
			'created_at', utc_text(s.created_at), 'vantage', v.name, 'records', s.rows)
			order by s.created_at, s.file_name), '[]')
		from segment s join vantage v on v.id = s.vantage_id
		where s.id = any(ids));
end $$;

create or replace function evidence_sources(ids integer[]) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('source', name, 'format', format, 'sha256', encode(sha256, 'hex'),
			'imported_at', utc_text(imported_at)) order by imported_at, name), '[]')
		from source where id = any(ids));
end $$;

create or replace function chain_link(s segment) returns jsonb
language sql stable
as $$
	select jsonb_build_object('sequence', s.sequence, 'segment', s.file_name, 'uuid', s.uuid,
		'sha256', encode(s.sha256, 'hex'))
$$;

-- For each collector of these segments the hashes from the oldest of them to the newest, and its newest of all. Each
-- segment holds the hash of the one before it: who was given one of the later hashes can check all before. Of more than
-- 1,000 the middle is left out.
create or replace function evidence_chain(ids integer[]) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with cited as (
		select collector, min(sequence) as oldest, max(sequence) as newest from segment where id = any(ids) group by 1
	), link as (
		select c.collector, s, s.sequence > c.newest as is_later,
			row_number() over (partition by c.collector order by s.sequence) as place,
			count(*) filter (where s.sequence <= c.newest) over (partition by c.collector) as links,
			s.sequence = max(s.sequence) over (partition by c.collector) as is_head
		from cited c join segment s on s.collector = c.collector and s.sequence >= c.oldest
	)
	select coalesce(jsonb_agg(chain order by chain ->> 'collector'), '[]')
	from (select jsonb_build_object('collector', collector,
			'links', jsonb_agg(chain_link(s) order by place)
				filter (where not is_later and (place <= 500 or place > links - 500)),
			'omitted', greatest(max(links) - 1000, 0),
			'head', (jsonb_agg(chain_link(s)) filter (where is_head)) -> 0) as chain
		from link group by collector) c
$$;

-- The cluster that the name is in: how many of its A addresses of 24 hours were seen under other members too,
-- and which these are. Null where it has none.
create or replace function evidence_cluster(wanted_id integer) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		with own as materialized (
			select m.cluster_id, m.since, n.address
			from cluster_member m
			join verdict v using (domain_id)
			join node n on n.domain_id = m.domain_id and family(n.address) = 4
				and n.last_seen > v.window_end - interval '24 hours' and n.last_seen <= v.window_end
			where m.domain_id = wanted_id and m.until is null
		), shared as materialized (
			select o.address, f.domain_id
			from own o
			cross join lateral (select n.domain_id from node n
				join verdict v using (domain_id)
				join cluster_member m on m.domain_id = n.domain_id and m.until is null
				where n.address = o.address and n.domain_id <> wanted_id and m.cluster_id = o.cluster_id
					and n.last_seen > v.window_end - interval '24 hours' and n.last_seen <= v.window_end) f
			where not exists (select from entries_over(o.address, null, null))
		)
		select jsonb_build_object('id', cluster_id, 'since', utc_text(since), 'addresses', count(*),
			'shared', (select count(distinct address) from shared),
			'names', (select coalesce(jsonb_agg(d.name order by d.name), '[]') from domain d
				where d.id in (select domain_id from shared)))
		from own
		group by cluster_id, since);
end $$;

-- The other followed names that had an address or a nameserver of it, at whatever time: not an address on a list, and
-- neither that more than 400 names have, which is a host's.
create or replace function evidence_related(wanted_id integer, out names jsonb, out total bigint)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
	with by_address as (
		select o.domain_id, count(*) as shared
		from node own
		cross join lateral (select f.domain_id, count(*) over () as names
			from (select n.domain_id from node n where n.address = own.address limit 401) f) o
		where own.domain_id = wanted_id and o.names <= 400
			and not exists (select from entries_over(own.address, null, null))
		group by 1
	), by_nameserver as (
		select o.domain_id, count(*) as shared
		from nameserver own
		cross join lateral (select f.domain_id, count(*) over () as names
			from (select n.domain_id from nameserver n where n.name = own.name limit 401) f) o
		where own.domain_id = wanted_id and o.names <= 400
		group by 1
	), related as (
		select d.id, d.name, coalesce(a.shared, 0) as addresses, coalesce(s.shared, 0) as servers, count(*) over () as of
		from by_address a
		full join by_nameserver s using (domain_id)
		join domain d on d.id = domain_id and d.role = 'followed'
		where d.id <> wanted_id
		order by addresses desc, servers desc, d.name
		limit 100
	)
	select coalesce(jsonb_agg(jsonb_build_object('domain', r.name, 'verdict', coalesce(v.verdict, 'unknown'),
			'shared_addresses', r.addresses, 'shared_nameservers', r.servers, 'cluster', m.cluster_id)
			order by r.addresses desc, r.servers desc, r.name), '[]'),
		coalesce(max(r.of), 0)
	into names, total
	from related r
	left join verdict v on v.domain_id = r.id
	left join cluster_member m on m.domain_id = r.id and m.until is null;
end $$;

-- What each cap left out, and what is not there else.
create or replace function evidence_notes(e jsonb, full_dossier boolean) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select to_jsonb(array_remove(array[
			case when (e ->> 'observations_total')::bigint > jsonb_array_length(e -> 'observations') then
				format('observations: the newest %s of %s', jsonb_array_length(e -> 'observations'), e ->> 'observations_total') end,
			case when (e ->> 'nameservers_total')::bigint > jsonb_array_length(e -> 'nameservers') then
				format('nameservers: the %s named last of %s', jsonb_array_length(e -> 'nameservers'), e ->> 'nameservers_total') end,
			case when (e ->> 'related_total')::bigint > jsonb_array_length(e -> 'related') then
				format('related: the %s that share most of %s', jsonb_array_length(e -> 'related'), e ->> 'related_total') end,
			case when (e ->> 'pages_total')::bigint > jsonb_array_length(e -> 'pages') then
				format('pages: %s of %s', jsonb_array_length(e -> 'pages'), e ->> 'pages_total') end,
			(select format('chain: %s hashes in the middle are left out', sum((c ->> 'omitted')::bigint))
				from jsonb_array_elements(e -> 'chain') c having sum((c ->> 'omitted')::bigint) > 0),
			case when not full_dossier then
				'left out for brevity: the chain, the questions, and figures that the database does not keep' end], null)));
end $$;

-- What these lookups prove, and what they do not (docs/record.md). Lookups that an imported file tells of prove less.
create or replace function evidence_proves(is_told boolean, is_all_told boolean, has_pages boolean) returns jsonb
language sql immutable
as $$
	select jsonb_build_object(
		'proves', case when is_all_told then '' else 'Whoever controls the name gave these answers at these times, as '
				'the server asked passed them on: each observation is a DNS message kept as it came, in the segment and '
				'record named. The segment''s SHA-256 is given, and each segment holds the hash of the one before it: '
				'nothing was changed since a later hash was given to somebody else.' end
			|| case when is_told and not is_all_told then ' ' else '' end
			|| case when is_told then 'Observations with a source are told by that file: it said so when it was imported, '
				'as its SHA-256 shows; their messages were made up from its lines.' else '' end
			|| case when has_pages then ' Pages: what answered at that address gave these octets to who asked it for that name.'
				else '' end,
		'does_not_prove', 'That a machine at any of these addresses is infected, or that its owner knows: published '
			'addresses can be borrowed. That the server asked told the truth: one can filter, rewrite or be lied to. What TTL '
			'the zone had, if a cache stood between. Flux is a technique; what the name served is another question.'
			|| case when is_told then ' Of what a source tells: who wrote it, when, and whether it is true.' else '' end)
$$;

-- The cited lookups, each with where its raw message lies or who told of it, and the segments and sources they lie
-- in. A record is numbered from 0, the HEADER, on.
create or replace function evidence_record(wanted_id integer, full_dossier boolean) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
	with cited as materialized (
		select c.is_newest, c.is_chosen, o.observed_at, o.segment_id, o.record, o.source_id,
			case when o.source_id is not null then format('line %s of %s', o.source_line, f.name) end as made_up_from,
			jsonb_build_object('observed_at', utc_text(o.observed_at), 'type', qtype_name(o.qtype),
				'outcome', o.outcome, 'ttl', o.ttl, 'addresses', (select jsonb_agg(host(a)) from unnest(o.addresses) a),
				'names', o.names, 'anomalies', case when o.anomalies = 0 then '{}' else anomaly_names(o.anomalies) end,
				'server', host(r.address), 'port', r.port, 'vantage', v.name, 'segment', s.file_name,
				'sha256', encode(s.sha256, 'hex'), 'record', o.record,
				'source', f.name, 'source_line', o.source_line) as lookup
		from cited_lookups(wanted_id) c
		cross join lateral (select (c.cited).*) o
		join segment s on s.id = o.segment_id
		left join resolver r on r.id = o.resolver_id
		left join vantage v on v.id = o.vantage_id
		left join source f on f.id = o.source_id
	), served as materialized (
		select * from cited_pages(wanted_id)
	), place as (
		select array(select segment_id from cited union select segment_id from served) as segments,
			coalesce(array_agg(distinct source_id) filter (where source_id is not null), '{}') as sources,
			coalesce(bool_and(source_id is not null), false) as is_all_told
		from cited
	)
	select jsonb_build_object(
			'observations', (select coalesce(jsonb_agg(lookup order by observed_at desc, record desc), '[]')
				from cited where is_newest),
			'chosen', (select coalesce(jsonb_agg(lookup || jsonb_build_object('message', null,
					'message_missing', 'the archive was not read', 'made_up_from', made_up_from)
					order by observed_at, record), '[]')
				from cited where is_chosen),
			'pages', (select coalesce(jsonb_agg(page order by place), '[]') from served),
			'pages_total', (select coalesce(max(of), 0) from served),
			'chosen_by', 'the first and the newest lookup with addresses, and of those between the ten that brought most '
				'addresses not seen before (the earlier where equal)',
			'segments', evidence_segments(p.segments),
			'chain', case when full_dossier then evidence_chain(p.segments) else '[]' end,
			'sources', evidence_sources(p.sources))
		|| evidence_proves(p.sources <> '{}', p.is_all_told, exists (select from served where page ->> 'status' is not null))
	from place p);
end $$;

-- The figures and the questions of the verdict; those that are not kept are computed for a full dossier alone.
create or replace function evidence_figures(v verdict, wanted_id integer, full_dossier boolean) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select jsonb_build_object('rules', evidence_rules(f.figures), 'features', explained('features', f.figures, 'feature', 'value'),
			'judgement', explained('judgement', to_jsonb(j.questions), 'question', 'answer'))
		from (select true) as one
		left join lateral (select g.f, g.j as questions from judged_of(array[wanted_id], v.window_end, v.known_at) g
			where full_dossier) j on true
		cross join lateral (select coalesce(v.features, to_jsonb(j.f)) as figures) f);
end $$;

create or replace function takedown_evidence(name text, full_dossier boolean default true) returns jsonb
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
declare
	d domain;
	s status;
	v verdict;
	n record;
	r record;
	e jsonb;
begin
	select * into d from domain where id = domain_id_of(takedown_evidence.name);
	select * into s from status where domain = d.name;
	select * into v from verdict where domain_id = d.id;
	select * into n from evidence_nameservers(d.id);
	select * into r from evidence_related(d.id);
	e := jsonb_build_object('domain', d.name, 'family', d.family, 'known_family', family_facts(d.family),
			'tags', d.tags, 'written_at', utc_text(now()), 'who_can_act', who_can_act(d.name, d.registered),
			'verdict', s.verdict, 'score', s.score, 'as_of', utc_text(v.window_end), 'reasons', s.reasons,
			'verdicts', evidence_verdicts(d.id),
			'first_seen', utc_text(s.first_seen), 'last_seen', utc_text(s.last_seen),
			'addresses', s.addresses, 'asns', s.asns, 'lookups', s.lookups, 'failures', s.failures,
			'cluster', evidence_cluster(d.id), 'page_agreement', (select to_jsonb(a) - 'domain_id'
				from page_agreement(array[d.id], v.window_end, v.known_at) a), 'nameservers', n.servers, 'nameservers_total', n.total,
			'related', r.names, 'related_total', r.total, 'observations_total', s.lookups)
		|| evidence_figures(v, d.id, full_dossier) || evidence_record(d.id, full_dossier);
	return e || jsonb_build_object('notes', evidence_notes(e, full_dossier), 'nodes', evidence_nodes(d.id, null),
		'networks', evidence_networks(d.id));
end $$;
comment on function takedown_evidence is
	'all that a takedown request for one name needs; without full_dossier quicker, for who wants those of many names';
