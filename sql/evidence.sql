-- SPDX-License-Identifier: MIT
-- What stands up in a takedown request: what was observed of one name, how to check it in the raw
-- messages, what it proves and what it does not. All of it is in the database; nothing is asked anew.

-- The bits of observation.anomalies in words (enum anomaly in resolver/lookup.h).
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
	select coalesce((array['A', 'NS', 'SOA', 'AAAA'])[array_position(array[1, 2, 6, 28], qtype)], 'TYPE' || qtype)
$$;

-- A name that no mail program makes a link of.
create or replace function defanged(name text) returns text
language sql immutable
as $$ select replace(name, '.', '[.]') $$;

-- Who can end the name: the dynamic-DNS provider whose zone it stands in, or else the registrar of the
-- name that was registered: two labels, or three under a country's second level such as co.uk.
create or replace function who_can_act(name text) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select coalesce(
		(select jsonb_build_object('party', 'dynamic-DNS provider', 'zone', e.name, 'why',
			format('the name stands in a zone whose provider hands out names (list dyndns, source: %s)', e.source))
		from entries_above(array[who_can_act.name]) e
		where e.list = 'dyndns'
		order by length(e.name) desc, e.source limit 1),
		jsonb_build_object('party', 'registrar', 'zone', r.zone, 'why',
			'that is the registered name; RDAP tells its registrar'))
	from (select coalesce(substring(name from '[^.]+\.(?:ac|co|com|edu|gov|gob|mil|ne|net|or|org)\.[a-z]{2}$'),
			substring(name from '[^.]+\.[^.]+$'), name) as zone) r
$$;

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
			'points', features -> 'atlas_points', 'flux', features -> 'atlas_flux'))
$$;

create or replace function evidence_nodes(wanted_id integer) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select coalesce(jsonb_agg(jsonb_build_object('address', host(address), 'asn', asn, 'prefix', prefix,
		'first_seen', utc_text(first_seen), 'last_seen', utc_text(last_seen), 'observations', observations,
		'ttl_min', ttl_min, 'ttl_max', ttl_max, 'reportable', is_reportable(address))
		order by last_seen desc, address), '[]')
	from node where domain_id = wanted_id
$$;

-- The nameservers that the NS answers of the last 24 hours named, with every address seen under them.
create or replace function evidence_nameservers(wanted_id integer) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with named as (
		select u.name, min(l.observed_at) as first_named, max(l.observed_at) as last_named
		from lookups_of(array[wanted_id], null) l, unnest(l.names) as u(name)
		where l.qtype = 2 and l.outcome = 'answered'
		group by u.name
	)
	select coalesce(jsonb_agg(jsonb_build_object('name', n.name, 'first_named', utc_text(n.first_named),
		'last_named', utc_text(n.last_named), 'nodes', coalesce(evidence_nodes(d.id), '[]')) order by n.name), '[]')
	from named n left join domain d using (name)
$$;

-- The newest 50 observations, each with where its raw message lies.
create or replace function evidence_observations(wanted_id integer) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with newest as (
		select o.*, s.file_name, s.sha256, r.address as server, r.port, v.name as vantage
		from observation o
		join segment s on s.id = o.segment_id
		left join resolver r on r.id = o.resolver_id
		left join vantage v on v.id = o.vantage_id
		where o.domain_id = wanted_id
		order by o.observed_at desc, o.record desc limit 50
	)
	select coalesce(jsonb_agg(jsonb_build_object('observed_at', utc_text(observed_at), 'type', qtype_name(qtype),
		'outcome', outcome, 'ttl', ttl, 'addresses', (select jsonb_agg(host(a)) from unnest(addresses) a),
		'names', names, 'anomalies', anomaly_names(anomalies), 'server', host(server), 'port', port,
		'vantage', vantage, 'segment', file_name, 'sha256', encode(sha256, 'hex'), 'record', record)
		order by observed_at desc, record desc), '[]')
	from newest
$$;

-- The cluster that the name is in: how many of its A addresses of 24 hours were seen under other members too,
-- and which these are. Null where it has none.
create or replace function evidence_cluster(wanted_id integer) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with member as (
		select m.cluster_id, m.since, n.domain_id, n.address
		from cluster_member own
		join cluster_member m on m.cluster_id = own.cluster_id and m.until is null
		join verdict v on v.domain_id = m.domain_id
		join node n on n.domain_id = m.domain_id and family(n.address) = 4
			and n.last_seen > v.window_end - interval '24 hours' and n.last_seen <= v.window_end
		where own.domain_id = wanted_id and own.until is null
	), shared as (
		select n.address, d.name
		from member n
		join member o on o.address = n.address and o.domain_id <> n.domain_id
		join domain d on d.id = o.domain_id
		where n.domain_id = wanted_id and is_reportable(n.address)
	)
	select jsonb_build_object('id', n.cluster_id, 'since', utc_text(n.since), 'addresses', count(*),
		'shared', (select count(distinct address) from shared),
		'names', (select coalesce(jsonb_agg(distinct name), '[]') from shared))
	from member n
	where n.domain_id = wanted_id
	group by n.cluster_id, n.since
$$;

create or replace function takedown_evidence(name text) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select jsonb_build_object('domain', d.name, 'family', d.family, 'tags', d.tags, 'written_at', utc_text(now()),
		'who_can_act', who_can_act(d.name),
		'verdict', s.verdict, 'score', s.score, 'as_of', utc_text(v.window_end), 'reasons', s.reasons,
		'addresses', s.addresses, 'asns', s.asns, 'lookups', s.lookups, 'failures', s.failures,
		'cluster', evidence_cluster(d.id),
		'rules', evidence_rules(coalesce(v.features,
			(select to_jsonb(f) from features_of(array[d.id], v.window_end, v.known_at) f))),
		'proves', 'Whoever controls the name published these addresses at these times: each observation is a '
			'DNS message kept as it came, in the segment and record named, whose SHA-256 is given.',
		'does_not_prove', 'That a machine at any of these addresses is infected, or that its owner knows: '
			'published addresses can be borrowed. Flux is a technique; what the name served is another question.',
		'nodes', evidence_nodes(d.id), 'nameservers', evidence_nameservers(d.id),
		'observations', evidence_observations(d.id))
	from domain d
	left join status s on s.domain = d.name
	left join verdict v on v.domain_id = d.id
	where d.id = domain_id_of(takedown_evidence.name)
$$;
comment on function takedown_evidence is 'all that a takedown request for one name needs';

-- text in lines of at most 84 characters, the first begun with head, the others indented as far. A longer
-- word has its own line.
create or replace function wrapped(head text, body text) returns setof text
language sql immutable
as $$
	select case when at = 1 then head else repeat(' ', length(head)) end || rtrim(part[1])
	from regexp_matches(body, format('(.{1,%s}(?: |$)|\S+)', 84 - length(head)), 'g')
		with ordinality as p(part, at)
$$;

create or replace function evidence_node_line(node jsonb) returns text
language sql immutable
as $$
	select format('  %s %s %s %s %s', rpad(node ->> 'address', 15), rpad(coalesce('AS' || (node ->> 'asn'), '-'), 9),
		node ->> 'first_seen', node ->> 'last_seen', lpad(node ->> 'observations', 5))
$$;

-- What a name shares with its cluster, with the first few of the others.
create or replace function evidence_cluster_line(cluster jsonb) returns text
language sql immutable
as $$
	select format('%s of its %s addresses of 24 hours were also seen under %s other %s judged flux or suspect '
			'(cluster %s: %s%s)', cluster ->> 'shared', cluster ->> 'addresses', count(*),
		case when count(*) = 1 then 'name' else 'names' end, cluster ->> 'id',
		string_agg(defanged(name), ', ' order by at) filter (where at <= 5),
		case when count(*) > 5 then ', ...' end)
	from jsonb_array_elements_text(cluster -> 'names') with ordinality as n(name, at)
	having count(*) > 0
$$;

-- The head of the page: who, what and why.
create or replace function evidence_head_text(e jsonb) returns setof text
language sql immutable
as $$
	select format('Evidence on %s', defanged(e ->> 'domain'))
	union all select format('written %s by fluxtrack; all times are UTC', e ->> 'written_at')
	union all select ''
	union all select format('Verdict: %s, score %s, as of %s', e ->> 'verdict', e ->> 'score',
		coalesce(e ->> 'as_of', 'never'))
	union all select wrapped('  - ', reason) from jsonb_array_elements_text(e -> 'reasons') reason
	union all select wrapped('  - ', evidence_cluster_line(e -> 'cluster'))
	union all select ''
	union all select wrapped('Followed as: ', string_agg(format('%s %s', t.key, t.value), ', ' order by t.key))
		from jsonb_each_text(e -> 'tags') t having count(*) > 0
	union all select wrapped('Who can act: ', format('the %s of %s: %s', e #>> '{who_can_act,party}',
		defanged(e #>> '{who_can_act,zone}'), e #>> '{who_can_act,why}'))
	union all select ''
	union all select wrapped('What this proves: ', e ->> 'proves')
	union all select wrapped('What it does not prove: ', e ->> 'does_not_prove')
$$;

create or replace function evidence_rules_text(rules jsonb) returns setof text
language sql immutable
as $$
	select ''
	union all select 'Published rules'
	union all select wrapped('  - ', rules #>> '{holz,rule}')
	union all select format('    n_A %s, n_ASN %s, TTL %s s: %s', coalesce(rules #>> '{holz,n_a}', '-'),
		coalesce(rules #>> '{holz,n_asn}', '-'), coalesce(rules #>> '{holz,ttl}', '-'),
		coalesce(round((rules #>> '{holz,score}')::numeric, 2)::text, 'no two lookups'))
	union all select wrapped('  - ', rules #>> '{atlas,rule}')
	union all select format('    %s points', coalesce(rules #>> '{atlas,points}', 'no'))
$$;

create or replace function evidence_lists_text(e jsonb) returns setof text
language sql immutable
as $$
	select ''
	union all select format('Addresses: %s, in %s networks (ASNs); the newest 50:', e ->> 'addresses', e ->> 'asns')
	union all select '  address         AS        first seen           last seen            times'
	union all select * from (select evidence_node_line(node)
		from jsonb_array_elements(e -> 'nodes') with ordinality as n(node, at) order by at limit 50) shown
	union all select ''
	union all select 'Nameservers named in the last 24 hours, each with its newest 5 addresses'
	union all select * from (select line from jsonb_array_elements(e -> 'nameservers') with ordinality as s(server, at)
		cross join lateral (
			select 0, format('  %s', defanged(server ->> 'name'))
			union all (select o, '  ' || evidence_node_line(node)
				from jsonb_array_elements(server -> 'nodes') with ordinality as n(node, o) order by o limit 5)
		) as l(o, line) order by s.at, l.o) named
	union all select ''
	union all select 'Newest observations, each with the record of the segment that holds the message'
	union all select * from (select format('  %s %s %s %s', o ->> 'observed_at', rpad(o ->> 'type', 4),
			rpad(o ->> 'outcome', 9), coalesce('TTL ' || (o ->> 'ttl'), ''))
			|| format(E' record %s of\n    %s', o ->> 'record', o ->> 'segment')
		from jsonb_array_elements(e -> 'observations') with ordinality as l(o, at) order by at) observed
	union all select ''
	union all select 'Segments'
	union all select distinct format(E'  %s\n    SHA-256 %s', o ->> 'segment', o ->> 'sha256')
		from jsonb_array_elements(e -> 'observations') o
$$;

-- The same for a person, ready to paste.
create or replace function evidence_text(name text) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with e as materialized (select takedown_evidence(name) as doc)
	select regexp_split_to_table(line, E'\n')
	from e cross join lateral (
		select * from evidence_head_text(e.doc)
		union all select * from evidence_rules_text(e.doc -> 'rules')
		union all select * from evidence_lists_text(e.doc)
	) as page(line)
$$;
comment on function evidence_text is 'takedown_evidence() as text of 84 columns';
