-- SPDX-License-Identifier: MIT
-- Abuse reports in XARF 4.2 (xarf.org), a report a line. An incident is one machine, reported to its network with all
-- the names it served; or one name, reported to whoever can end it. An export for one network has none of the
-- second kind: they are not its business. Fields for machines are exact, sentences are defanged.

-- Why a name has the verdict that an export speaks of: of a name that fell silent, the one before.
create or replace function export_reasons(wanted_id integer, said text) returns text[]
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select coalesce((select reasons from verdict where domain_id = wanted_id and verdict = said),
		(select reasons from verdict_history where domain_id = wanted_id and verdict = said
		order by from_at desc limit 1))
$$;
comment on function export_reasons is 'the reasons of the verdict that export_names() gives';

-- A name as the host of a URL (RFC 3986, 3.2.2): octets that may not stand there as %XX, the dot within a label too.
create or replace function url_host(name text) returns text
language sql stable
as $$
	select case when name ~ '^[a-z0-9._-]+$' then name
		else (select string_agg(case when part[1] ~ '^[a-z0-9._-]$' then part[1]
				else '%' || upper(lpad(to_hex(case when length(part[1]) = 4 then right(part[1], 3)::integer
					else ascii(part[1]) end), 2, '0')) end, '' order by at)
			from regexp_matches(name, '\\\d{3}|.', 'g') with ordinality as p(part, at)) end
$$;

-- A name in a sentence of limited length; a hostile one has up to 1,004 letters.
create or replace function xarf_name(name text) returns text
language sql immutable
as $$ select case when length(name) > 255 then defanged(left(name, 252)) || '...' else defanged(name) end $$;

-- How often an address was seen under a name, in words.
create or replace function xarf_seen(observations bigint, first_seen timestamptz, last_seen timestamptz, ttl_min integer,
	ttl_max integer) returns text
language sql stable
as $$
	select format('%s %s, %s', counted(observations, 'DNS answer', 'DNS answers'),
		case when utc_text(first_seen) = utc_text(last_seen) then 'at ' || utc_text(last_seen)
			else 'between ' || utc_text(first_seen) || ' and ' || utc_text(last_seen) end,
		case when ttl_min = ttl_max then format('TTL %s s', ttl_min)
			when ttl_min < ttl_max then format('TTL %s to %s s', ttl_min, ttl_max) else 'TTL not known' end)
$$;

-- A namespaced tag, where the word is fit for one.
create or replace function xarf_tags(space text, words text[]) returns text[]
language sql immutable
as $$
	select array(select distinct space || ':' || lower(w) from unnest(words) w
		where w ~* '^[a-z0-9][a-z0-9_+-]*$' order by 1 limit 10)
$$;

create or replace function xarf_evidence(description text, payload jsonb) returns jsonb
language sql stable
as $$
	select jsonb_build_array(jsonb_build_object('content_type', 'application/json', 'description', description,
		'payload', translate(encode(octets, 'base64'), E'\n', ''),
		'hash', 'sha256:' || encode(sha256(octets), 'hex'), 'size', length(octets)))
	from (select convert_to(jsonb_strip_nulls(payload)::text, 'UTF8') as octets) p
$$;

-- What every report says. incident tells it from all others: a receiver joins repeats by report_id.
create or replace function xarf_report(reporter jsonb, incident text, last_seen timestamptz) returns jsonb
language sql immutable
as $$
	select jsonb_build_object('xarf_version', '4.2.0', 'reporter', reporter, 'sender', reporter,
		'report_id', lasting_uuid(concat_ws(' ', 'xarf', reporter ->> 'domain', incident)),
		'source_identifier', incident, 'timestamp', utc_text(last_seen), 'evidence_source', 'automated_discovery')
$$;

-- What the families of a machine's names make of it.
create or replace function xarf_role(families text[], out known_as text[], out is_command boolean, out c2_protocol text,
	out bot_capabilities text[], out words text, out facts jsonb)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select array_agg(k.family order by k.family),
		coalesce(bool_or(k.facts ->> 'node' = 'command'), false),
		(array_agg(k.facts #>> '{flows,0,protocol}' order by k.family) filter (where k.facts ->> 'node' = 'command'))[1],
		case when bool_or(k.facts ->> 'node' = 'proxy') then array['proxy'] end,
		string_agg(format(' A node of %s is %s.%s', defanged_words(k.facts ->> 'family'), k.facts ->> 'node_means',
			(select ' Flows: ' || string_agg(format('%s %s%s', upper(w ->> 'protocol'), w ->> 'port',
				' (' || defanged_words(w ->> 'note') || ')'), ', ') || '.'
			from jsonb_array_elements(k.facts -> 'flows') w)), '' order by k.family) filter (where k.facts is not null),
		jsonb_agg(k.facts order by k.family) filter (where k.facts is not null)
	from (select distinct coalesce(f.facts ->> 'family', u.family) as family, f.facts
		from unnest(families) u(family), family_facts(u.family) f(facts)) k
$$;

-- The newest answer that gave an address: where its raw message lies, or who told of it. Inlined, for it is asked for
-- every machine.
create or replace function xarf_observation(wanted_id integer, at timestamptz, wanted inet) returns table (answer jsonb)
language sql stable
as $$
	select jsonb_build_object('observed_at', utc_text(o.observed_at), 'ttl', o.ttl, 'segment', s.file_name,
		'sha256', encode(s.sha256, 'hex'), 'record', o.record, 'source', c.name, 'source_line', o.source_line)
	from observation o
	join segment s on s.id = o.segment_id
	left join source c on c.id = o.source_id
	where o.domain_id = wanted_id and o.observed_at = at and o.outcome = 'answered' and o.qtype in (1, 28)
		and wanted = any(o.addresses)
	order by o.segment_id, o.record
	limit 1
$$;

-- One machine an address. Its names are told newest first: five in the sentence, a hundred in the evidence.
create or replace function xarf_machines(f export_filter)
returns table (address inet, asn bigint, prefix cidr, first_seen timestamptz, last_seen timestamptz, score real,
	families text[], verdicts text[], names bigint, lines jsonb, newest_id integer, words text)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with wanted as materialized (
		select *, row_number() over (partition by address order by last_seen desc, domain) as place from export_nodes(f)
	), name as materialized (
		select domain_id, reasons[:3] as reasons, xarf_name(domain) as shown,
			format('%s is judged %s, score %s: %s', xarf_name(domain), verdict, score,
				defanged_words(array_to_string(reasons[:3], '; '))) as judged
		from (select distinct on (domain_id) *, export_reasons(domain_id, verdict) as reasons from wanted) n
	)
	select w.address, max(w.asn) filter (where w.place = 1), (array_agg(w.prefix) filter (where w.place = 1))[1],
		min(w.first_seen), max(w.last_seen), max(w.score),
		array_remove(array_agg(distinct w.family order by w.family), null), array_agg(distinct w.verdict), count(*),
		jsonb_agg(jsonb_build_object('domain', w.domain, 'family', w.family, 'verdict', w.verdict, 'score', w.score,
			'reasons', n.reasons, 'first_seen', utc_text(w.first_seen), 'last_seen', utc_text(w.last_seen),
			'observations', w.observations, 'ttl_min', w.ttl_min, 'ttl_max', w.ttl_max) order by w.place)
			filter (where w.place <= 100),
		max(w.domain_id) filter (where w.place = 1),
		format('%s was given as an address of %s%s. %s. A published address can be borrowed: whether the machine is '
			'infected, its traffic tells.', host(w.address),
			string_agg(n.shown || ' in ' || xarf_seen(w.observations, w.first_seen, w.last_seen, w.ttl_min, w.ttl_max),
				'; ' order by w.place)
				filter (where w.place <= 5),
			case when count(*) > 5 then '; and of ' || counted(count(*) - 5, 'more name', 'more names') end,
			max(n.judged) filter (where w.place = 1))
	from wanted w join name n using (domain_id)
	group by w.address
$$;

create or replace function xarf_nodes(f export_filter, reporter jsonb) returns setof jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with machine as materialized (
		select * from xarf_machines(f)
	), role as materialized (
		select k.families as of, r.* from (select distinct families from machine) k, xarf_role(k.families) r
	)
	select xarf_report(reporter, host(m.address), m.last_seen)
		|| jsonb_build_object('category', 'infrastructure', 'type', 'botnet', 'confidence', m.score,
			'malware_family', left(array_to_string(r.known_as, ', '), 200), 'bot_capabilities', r.bot_capabilities,
			'c2_server', case when r.is_command then host(m.address) end,
			'c2_protocol', case when r.is_command then r.c2_protocol end,
			'first_seen', utc_text(m.first_seen), 'last_seen', utc_text(m.last_seen),
			'tags', xarf_tags('fluxtrack', m.verdicts) || xarf_tags('malware', r.known_as),
			'compromise_evidence', concat(m.words, r.words),
			'evidence', xarf_evidence('the names that the address was given for, and the newest such answer',
				jsonb_build_object('address', host(m.address), 'asn', m.asn, 'prefix', m.prefix,
					'names', m.lines, 'names_total', m.names, 'families', r.facts, 'newest', o.answer)))
	from machine m
	join role r on r.of = m.families
	left join lateral xarf_observation(m.newest_id, m.last_seen, m.address) o on true
	order by m.address
$$;

-- The nameservers of the newest NS answer of the last day that a name gave addresses, of a hostile zone the first 50.
create or replace function xarf_nameservers(wanted_id integer, last_seen timestamptz) returns table (servers text[])
language sql stable
as $$
	select o.names[:50]
	from observation o
	where o.domain_id = wanted_id and o.observed_at > last_seen - interval '24 hours'
		and o.qtype = 2 and o.outcome = 'answered'
	order by o.observed_at desc, o.record desc
	limit 1
$$;

-- What is asked and why. A description has at most 1,000 letters: the reasons come last.
create or replace function xarf_name_words(name text, verdict text, who jsonb, reasons text[]) returns text
language sql stable
as $$
	select format('Please end %s: its addresses are machines of others that come and go, so the name is what can be '
			'taken down. Who can: the %s of %s. What it serves was not fetched; url names the host alone. Judged %s: %s.',
		xarf_name(name), who ->> 'party', xarf_name(who ->> 'zone'), verdict,
		defanged_words(array_to_string(reasons, '; ')))
$$;

-- What kind of report a name is: a registration that flux makes suspicious where RDAP told since when it is registered,
-- or else malware, whose report asks for no such date.
create or replace function xarf_kind(who jsonb, last_seen timestamptz, is_bot boolean) returns jsonb
language sql stable
as $$
	select case when (who ->> 'registered_on')::timestamptz <= last_seen
		then jsonb_build_object('type', 'suspicious_registration', 'registration_date', who ->> 'registered_on',
			'days_since_registration', extract(day from last_seen - (who ->> 'registered_on')::timestamptz)::integer,
			'suspicious_indicators', array['fast_flux'])
		else jsonb_build_object('type', 'malware', 'malware_type', case when is_bot then 'bot' end) end
$$;

-- The names with the newest 20 of their nodes that leave.
create or replace function xarf_names(f export_filter, reporter jsonb) returns setof jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with wanted as materialized (
		select *, row_number() over (partition by domain_id order by last_seen desc, address) as place from export_nodes(f)
	), name as materialized (
		select w.domain_id, w.domain, w.family, w.verdict, w.score, min(w.first_seen) as first_seen,
			max(w.last_seen) as last_seen, count(*) as nodes, count(distinct w.asn) as asns,
			jsonb_agg(host(w.address) order by w.place) filter (where w.place <= 20 and family(w.address) = 4) as a,
			jsonb_agg(host(w.address) order by w.place) filter (where w.place <= 20 and family(w.address) = 6) as aaaa,
			(array_agg(w.address order by w.place))[1] as newest
		from wanted w
		group by 1, 2, 3, 4, 5
	), told as materialized (
		select n.*, export_reasons(n.domain_id, n.verdict) as reasons, who_can_act(d.name, d.registered) as who,
			d.tags ->> 'registrar' as registrar, f.facts, coalesce(f.facts ->> 'family', n.family) as known_as
		from name n join domain d on d.id = n.domain_id cross join family_facts(n.family) f(facts)
	)
	select xarf_report(reporter, n.domain, n.last_seen)
		|| xarf_kind(n.who, n.last_seen, n.facts is not null)
		|| jsonb_build_object('category', 'content', 'confidence', n.score,
			'url', 'http://' || url_host(n.domain) || '/',
			'domain', case when n.domain ~ '^([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}$' then n.domain end,
			'registrar', case when n.who ->> 'party' = 'registrar' then coalesce(n.who ->> 'registrar', n.registrar) end,
			'nameservers', to_jsonb(s.servers), 'dns_records', jsonb_build_object('a', n.a, 'aaaa', n.aaaa),
			'verified_at', utc_text(n.last_seen), 'verification_method', 'automated_crawler',
			'malware_family', n.known_as,
			'first_seen', utc_text(n.first_seen), 'last_seen', utc_text(n.last_seen),
			'tags', xarf_tags('fluxtrack', array[n.verdict]) || xarf_tags('malware', array[n.known_as]),
			'description', left(xarf_name_words(n.domain, n.verdict, n.who, n.reasons), 1000),
			'evidence', xarf_evidence('the verdict with its reasons, and the newest answer with an address',
				jsonb_build_object('domain', n.domain, 'verdict', n.verdict, 'score', n.score, 'reasons', n.reasons,
					'who_can_act', n.who, 'addresses', n.nodes, 'asns', n.asns, 'family', n.facts, 'newest', o.answer)))
	from told n
	left join lateral xarf_nameservers(n.domain_id, n.last_seen) s on true
	left join lateral xarf_observation(n.domain_id, n.last_seen, n.newest) o on true
	order by n.domain
$$;

create or replace function export_xarf(f export_filter, reporter jsonb) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
set jit = off -- with a year of partitions it takes longer than all else
as $$
	select jsonb_strip_nulls(r)::text from xarf_nodes(f, reporter) r
	union all
	select jsonb_strip_nulls(r)::text from xarf_names(f, reporter) r where f.asn is null
$$;
comment on function export_xarf is 'a XARF report of each machine and each name that leaves; reporter: org, contact, domain';
