-- SPDX-License-Identifier: MIT
-- A bundle of STIX 2.1 (OASIS), an object a line: names, addresses and networks as observables, resolves-to with the
-- times of each node, an indicator a name, and as infrastructure each cluster, or the name that has none. No
-- indicator is made of an address: it is a home line that somebody else has tomorrow.
--
-- Two exports of the same are the same: an id is made of what the object is of and who reports; created is when it was
-- first seen, modified when last or, where a verdict is told, when that was computed: receivers keep what is newest.
-- All is marked TLP:AMBER, for the addresses are people's.
--
-- None of these functions pins search_path: export_stix() sets it, for the extension uuid-ossp may lie in any schema.
-- Most are stable, as what makes JSON is; so they are inlined, which makes a node three times quicker.

-- To the millisecond, as created and modified need it.
create or replace function stix_time(at timestamptz) returns text
language sql immutable
as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- TLP:AMBER, by the id that the standard gives it (section 7.2.1.4).
create or replace function stix_marking() returns jsonb
language sql immutable
as $$ select '["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]'::jsonb $$;

-- An object that has a history; who: id of the identity that reports.
create or replace function stix_object(kind text, id text, who text, created timestamptz, modified timestamptz)
returns jsonb
language sql stable
as $$
	select jsonb_build_object('type', kind, 'spec_version', '2.1', 'id', id, 'created_by_ref', who,
		'created', stix_time(created), 'modified', stix_time(modified),
		'object_marking_refs', stix_marking())
$$;

create or replace function stix_id(kind text, who text, key text) returns text
language sql stable
as $$ select kind || '--' || lasting_uuid(concat_ws(' ', who, kind, key)) $$;

-- Of an observable everybody makes the same id: section 2.9 of the standard. The property is canonical JSON (RFC 8785)
-- as it comes: printable ASCII or a number. The extension may be missing, and stands in a schema known only later.
set local check_function_bodies = off;
create or replace function stix_observable_id(kind text, property text, content jsonb) returns text
language sql stable
as $$
	select kind || '--'
		|| uuid_generate_v5('00abedb4-aa42-466c-9c01-fed23315a9b7', format('{"%s":%s}', property, content))
$$;
set local check_function_bodies = on;

create or replace function stix_name_id(name text) returns text
language sql stable
as $$ select stix_observable_id('domain-name', 'value', to_jsonb(name)) $$;

create or replace function stix_address_kind(address inet) returns text
language sql immutable
as $$ select case family(address) when 4 then 'ipv4-addr' else 'ipv6-addr' end $$;

create or replace function stix_address_id(address inet) returns text
language sql stable
as $$ select stix_observable_id(stix_address_kind(address), 'value', to_jsonb(host(address))) $$;

create or replace function stix_network_id(asn bigint) returns text
language sql stable
as $$ select stix_observable_id('autonomous-system', 'number', to_jsonb(asn)) $$;

create or replace function stix_observable(kind text, id text, property text, content jsonb) returns jsonb
language sql stable
as $$
	select jsonb_build_object('type', kind, 'spec_version', '2.1', 'id', id, property, content,
		'object_marking_refs', stix_marking())
$$;

create or replace function stix_relationship(source text, verb text, target text, who text, created timestamptz,
	modified timestamptz) returns jsonb
language sql stable
as $$
	select stix_object('relationship', stix_id('relationship', who, concat_ws(' ', source, verb, target)), who,
			created, modified)
		|| jsonb_build_object('relationship_type', verb, 'source_ref', source, 'target_ref', target)
$$;

-- A name in a string of a STIX pattern (section 9.1).
create or replace function stix_quoted(name text) returns text
language sql immutable
as $$ select '''' || replace(replace(name, '\', '\\'), '''', '\''') || '''' $$;

-- The names that leave, each with the key of its infrastructure. Its times are those of all its nodes, whatever the
-- filter leaves of them: created must not move.
create or replace function stix_names(f export_filter)
returns table (domain text, verdict text, score real, reasons text[], facts jsonb, infrastructure text,
	first_seen timestamptz, last_seen timestamptz, judged_at timestamptz)
language sql stable
as $$
	with name as materialized (
		select w.*, (select min(n.first_seen) from node n where n.domain_id = w.domain_id) as first_seen,
			(select max(n.last_seen) from node n where n.domain_id = w.domain_id) as last_seen
		from (select distinct domain_id, domain, family, verdict, score from export_nodes(f)) w
	)
	select n.domain, n.verdict, n.score, export_reasons(n.domain_id, n.verdict), family_facts(n.family),
		coalesce('cluster ' || c.id || ' ' || stix_time(c.first_at), 'name ' || n.domain),
		n.first_seen, n.last_seen, greatest(n.last_seen, v.scored_at)
	from name n
	join verdict v using (domain_id)
	left join cluster_member m on m.domain_id = n.domain_id and m.until is null
	left join cluster c on c.id = m.cluster_id
$$;

-- What is said of a name alone, and that its infrastructure consists of it.
create or replace function stix_name_objects(f export_filter, who text) returns setof jsonb
language sql stable
as $$
	select o.*
	from (select *, stix_id('indicator', who, domain) as indicator_id,
			stix_id('infrastructure', who, infrastructure) as of_id
		from stix_names(f)) n
	cross join lateral (values
		(stix_observable('domain-name', stix_name_id(n.domain), 'value', to_jsonb(n.domain))),
		(stix_object('indicator', n.indicator_id, who, n.first_seen, n.judged_at)
			|| jsonb_build_object('name', n.domain, 'indicator_types', jsonb_build_array(
					case n.verdict when 'suspect' then 'anomalous-activity' else 'malicious-activity' end),
				'pattern', format('[domain-name:value = %s]', stix_quoted(n.domain)), 'pattern_type', 'stix',
				'pattern_version', '2.1', 'valid_from', stix_time(n.first_seen),
				'confidence', round(n.score * 100)::integer, 'labels', jsonb_build_array(n.verdict),
				'description', format('judged %s, score %s: %s', n.verdict, n.score,
					defanged_words(array_to_string(n.reasons, '; '))))),
		(stix_relationship(n.indicator_id, 'indicates', n.of_id, who, n.first_seen, n.last_seen)),
		(stix_relationship(n.of_id, 'consists-of', stix_name_id(n.domain), who, n.first_seen, n.last_seen))) as o(object)
	order by n.domain
$$;

-- The infrastructures, the families that we have facts of, and which family uses which.
create or replace function stix_group_objects(f export_filter, who text) returns setof jsonb
language sql stable
as $$
	with name as materialized (
		select *, stix_id('infrastructure', who, infrastructure) as of_id,
			stix_id('malware', who, facts ->> 'family') as family_id
		from stix_names(f)
	)
	(select stix_object('infrastructure', of_id, who, min(first_seen), max(judged_at))
		|| jsonb_build_object('name', 'network behind ' || defanged(min(domain))
				|| case when count(*) > 1 then ' and ' || counted(count(*) - 1, 'other name', 'other names') else '' end,
			'infrastructure_types', array_remove(array[
				case when bool_or(verdict <> 'suspect') then 'botnet' else 'unknown' end,
				case when bool_or(facts ->> 'node' = 'command') then 'command-and-control' end,
				case when bool_or(facts ->> 'node' = 'proxy') then 'anonymization' end], null),
			'first_seen', stix_time(min(first_seen)), 'last_seen', stix_time(max(last_seen)))
	from name group by of_id order by of_id)
	union all
	(select stix_object('malware', family_id, who, min(first_seen), max(judged_at))
		|| jsonb_strip_nulls(jsonb_build_object('name', facts ->> 'family', 'is_family', true,
			'malware_types', '["bot"]'::jsonb, 'aliases', nullif(facts -> 'aliases', '[]'),
			'description', 'a node of it is ' || (facts ->> 'node_means'),
			'external_references',
				(select jsonb_agg(jsonb_build_object('source_name', 'reference', 'description', r))
				from jsonb_array_elements_text(facts -> 'references') r)))
	from name where facts is not null group by family_id, facts order by family_id)
	union all
	(select stix_relationship(family_id, 'uses', of_id, who, min(first_seen), max(last_seen))
	from name where facts is not null group by family_id, of_id order by family_id, of_id)
$$;

-- The networks, the addresses with the network that each was last seen in, and from when until when a name gave them.
create or replace function stix_node_objects(f export_filter, who text) returns setof jsonb
language sql stable
as $$
	with node as materialized (
		select domain, address, stix_address_id(address) as address_id, asn, first_seen, last_seen from export_nodes(f)
	), machine as materialized (
		select distinct on (address) address, address_id, asn from node order by address, last_seen desc, domain
	)
	select stix_observable('autonomous-system', stix_network_id(asn), 'number', to_jsonb(asn))
	from (select distinct asn from machine where asn is not null order by 1) a
	union all
	select stix_observable(stix_address_kind(address), address_id, 'value', to_jsonb(host(address)))
		|| case when asn is null then '{}' else
			jsonb_build_object('belongs_to_refs', jsonb_build_array(stix_network_id(asn))) end
	from machine
	union all
	(select stix_relationship(stix_name_id(domain), 'resolves-to', address_id, who, first_seen, last_seen)
		|| jsonb_build_object('start_time', stix_time(first_seen))
		|| case when stix_time(last_seen) > stix_time(first_seen)
			then jsonb_build_object('stop_time', stix_time(last_seen)) else '{}' end -- it has to be later
	from node
	order by domain, address)
$$;

-- Who reports, and the marking as the standard gives it. Nothing is known of the reporter's past: its times are
-- those of the oldest record.
create or replace function stix_head_objects(reporter jsonb, who text) returns setof jsonb
language sql stable
as $$
	select stix_object('identity', who, who, t.at, t.at)
		|| jsonb_build_object('name', reporter ->> 'org', 'identity_class', 'organization',
			'contact_information', reporter ->> 'contact')
	from (select coalesce(min(created_at), 'epoch') as at from segment) t
	union all
	select '{"type": "marking-definition", "spec_version": "2.1", "id": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
		"created": "2017-01-20T00:00:00.000Z", "definition_type": "tlp", "name": "TLP:AMBER", "definition": {"tlp": "amber"}}'
$$;

-- The first object follows the line that opens the bundle; a comma is before each of the others.
create or replace function stix_lines(f export_filter, reporter jsonb, who text) returns setof text
language sql stable
as $$
	select format('{"type": "bundle", "id": "%s", "objects": [', stix_id('bundle', who, f::text))
	union all
	select case when at > 1 then ',' else '' end || object::text
	from stix_head_objects(reporter, who) with ordinality as h(object, at)
	union all
	select ',' || object::text from stix_node_objects(f, who) object
	union all
	select ',' || object::text from stix_name_objects(f, who) object
	union all
	select ',' || object::text from stix_group_objects(f, who) object
	union all
	select ']}'
$$;

create or replace function export_stix(f export_filter, reporter jsonb) returns setof text
language plpgsql stable
set search_path = fluxtrack, pg_temp
set jit = off
as $$
declare
	place text := (select extnamespace::regnamespace from pg_extension where extname = 'uuid-ossp');
begin
	if place is null then
		raise exception 'stix needs the extension uuid-ossp, which is not in this database'
			using hint = 'its owner or a superuser can run: create extension "uuid-ossp" schema fluxtrack';
	end if;
	perform set_config('search_path', concat_ws(', ', 'fluxtrack', place, 'pg_temp'), true);
	return query select * from stix_lines(f, reporter, stix_id('identity', reporter ->> 'domain', 'reporter'));
end $$;
comment on function export_stix is
	'a STIX 2.1 bundle of the names and nodes that leave, an object a line; reporter: org, contact, domain';
