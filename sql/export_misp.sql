-- SPDX-License-Identifier: MIT
-- A MISP feed (draft-dulaunoy-misp-core-format, and what MISP reads of a feed's folder): an event a family and one of
-- the names without, hashes.csv, by which another MISP finds out whether the feed has a value, and manifest.json,
-- which lists the events of this run alone. In an event each name is a domain-ip object, each node a passive-dns one.
--
-- Events, objects and attributes keep their UUIDs; a MISP takes an event again where its timestamp in the manifest is
-- newer, and of it the attributes whose own is. Theirs are of sightings; the event's is when one of its names was last
-- scored, which comes after whatever changes.

-- What a UUID is made of. A null would make no part; none holds a line's end.
create or replace function misp_key(variadic parts text[]) returns text
language sql immutable
as $$ select array_to_string(parts, E'\n') $$;

-- What a MISP takes for a domain.
create or replace function is_host_name(name text) returns boolean
language sql immutable
as $$ select name ~ '^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z0-9-]{2,}$' $$;
comment on function is_host_name is 'is a name in letters, digits, hyphens and underscores alone, and under another?';

-- One of an object. Only what others may have too is compared with their values, so not times, counts and types. key: of
-- the object, or of the attribute where there are several of a relation.
create or replace function misp_attribute(key text, at timestamptz, relation text, type text, value text)
returns json
language sql stable
as $$
	select json_build_object('uuid', lasting_uuid(key || ' ' || relation), 'object_relation', relation, 'type', type,
		'category', case when type in ('datetime', 'counter') then 'Other' else 'Network activity' end,
		'value', value, 'to_ids', type = 'domain', -- an address is a customer's, and anybody's can be published
		'disable_correlation', relation not in ('domain', 'ip', 'rrname', 'rdata'),
		'distribution', '5', 'comment', '', 'timestamp', unix_second(at)::text)
$$;

-- The templates are those of misp-objects.
create or replace function misp_object(template text, key text, at timestamptz, attributes json) returns json
language sql stable
as $$
	select json_build_object('uuid', lasting_uuid(key), 'name', template, 'meta-category', 'network',
		'description', case template when 'domain-ip' then 'A name and the addresses that its answers gave.'
			else 'Passive DNS: one record, and when it was seen.' end,
		'template_uuid', case template when 'domain-ip' then '43b3b146-77eb-4931-b4cc-b66c60f28734'
			else 'b77b7b1c-66ab-4a41-8da4-83810f6d2d6c' end,
		'template_version', case template when 'domain-ip' then '9' else '5' end,
		'distribution', '5', 'comment', '', 'timestamp', unix_second(at)::text, 'Attribute', attributes)
$$;

-- A node's: its record, and when it was seen.
create or replace function misp_record(key text, domain text, n node) returns json
language sql stable
as $$
	select misp_object('passive-dns', key, n.last_seen, json_build_array(
		misp_attribute(key, n.last_seen, 'rrname', 'text', domain),
		misp_attribute(key, n.last_seen, 'rrtype', 'text', case family(n.address) when 4 then 'A' else 'AAAA' end),
		misp_attribute(key, n.last_seen, 'rdata', 'text', host(n.address)),
		misp_attribute(key, n.last_seen, 'time_first', 'datetime', utc_text(n.first_seen)),
		misp_attribute(key, n.last_seen, 'time_last', 'datetime', utc_text(n.last_seen)),
		misp_attribute(key, n.last_seen, 'count', 'counter', n.observations::text)))
$$;

-- A name's: it and its addresses. What is no host name would be thrown away as a domain, so it is a text.
create or replace function misp_name(key text, domain text, nodes node[]) returns json
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with seen as (
		select min(first_seen) as first_seen, max(last_seen) as last_seen from unnest(nodes)
	), attribute as (
		select 0 as place, null::inet as address, case when is_host_name(domain)
			then misp_attribute(key, first_seen, 'domain', 'domain', domain)
			else misp_attribute(key, first_seen, 'text', 'text', domain) end as attribute
		from seen
		union all
		select 1, null, misp_attribute(key, last_seen, 'first-seen', 'datetime', utc_text(first_seen)) from seen
		union all
		select 2, null, misp_attribute(key, last_seen, 'last-seen', 'datetime', utc_text(last_seen)) from seen
		union all
		select 3, n.address, misp_attribute(misp_key(key, host(n.address)), n.first_seen, 'ip', 'ip-dst', host(n.address))
		from unnest(nodes) n
	)
	select misp_object('domain-ip', key, (select last_seen from seen),
		(select json_agg(a.attribute order by a.place, a.address) from attribute a))
$$;

-- The nodes that leave. event: the key of the one that each goes into; two reporters' of a family are not the same.
create or replace function misp_nodes(f export_filter, reporter_domain text)
returns table (event text, family text, domain text, n node, scored_at timestamptz)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select misp_key('fluxtrack', reporter_domain, coalesce(e.family, '')), nullif(e.family, ''), e.domain, n, v.scored_at
	from export_nodes(f) e
	join node n using (domain_id, address)
	join verdict v using (domain_id)
$$;

-- An event may have hundreds of megabytes, and each JSON function that it went through would copy it twice.
create or replace function export_misp(f export_filter, reporter jsonb) returns table (file text, body text)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with node as materialized (
		select * from misp_nodes(f, reporter ->> 'domain')
	), head as materialized (
		select event, lasting_uuid(event) as uuid, unix_second(max(scored_at))::text as scored,
			'Fast flux: names ' || coalesce('of ' || family, 'without a family') as info,
			to_char(min((n).first_seen) at time zone 'UTC', 'YYYY-MM-DD') as date,
			json_build_object('name', reporter ->> 'org', 'uuid', lasting_uuid(reporter ->> 'domain')) as orgc,
			'[{"name": "tlp:amber", "colour": "#FFC000"}, {"name": "misp-galaxy:mitre-attack-pattern='
			'\"Fast Flux DNS - T1568.001\"", "colour": "#0088CC"}]'::json as tags
		from node
		group by event, family
	), object as (
		select event, domain, null::inet as address,
			misp_name(misp_key(event, domain), domain, array_agg(n)) as object
		from node
		group by event, domain
		union all
		select event, domain, (n).address, misp_record(misp_key(event, domain, host((n).address)), domain, n)
		from node
	)
	select h.uuid || '.json', '{"Event" : ' || rtrim(json_build_object('uuid', h.uuid, 'info', h.info, 'date', h.date,
		'threat_level_id', '2', 'analysis', '1', 'published', true, 'distribution', '0', 'timestamp', h.scored,
		'publish_timestamp', h.scored, 'Orgc', h.orgc, 'Tag', h.tags, 'Attribute', json_build_array())::text, '}')
		|| ', "Object" : [' || o.objects
	from head h
	join (select event, string_agg(object::text, ', ' order by domain, address nulls first) || ']}}' as objects
		from object group by event) o using (event)
	union all
	select 'hashes.csv', coalesce(string_agg(v.hash || ',' || v.uuid, E'\n' order by v.hash, v.uuid), '')
	from (select md5(n.domain) as hash, h.uuid from node n join head h using (event)
		union
		select md5(host((n.n).address)), h.uuid from node n join head h using (event)) v
	union all
	select 'manifest.json', coalesce(json_object_agg(uuid, json_build_object('info', info, 'date', date,
		'threat_level_id', '2', 'analysis', '1', 'timestamp', scored, 'Orgc', orgc, 'Tag', tags) order by uuid), '{}')::text
	from head
$$;
comment on function export_misp is
	'the files of a MISP feed in the order in which to write them; reporter: org, contact, domain';
