-- SPDX-License-Identifier: MIT
-- The dossier of takedown_evidence() as text of 84 columns, ready to paste into an abuse form: first what is asked
-- of whom, last what it can be checked with. Names are defanged wherever they stand, in sentences too. Addresses are
-- not: no mail program makes a link of one, and who gets them looks for them in logs.

drop function if exists evidence_cluster_line(jsonb), evidence_head_text(jsonb), evidence_lists_text(jsonb),
	evidence_node_line(jsonb), evidence_rules_text(jsonb);

-- A name that no mail program makes a link of. The first label of a hostile one may be http://2130706433.
create or replace function defanged(name text) returns text
language sql immutable
as $$ select replace(replace(name, '.', '[.]'), '://', '[://]') $$;

-- The same for the names and links in a sentence: each dot that a word with a letter follows. So figures, addresses
-- and the ends of sentences stay as they are.
create or replace function defanged_words(body text) returns text
language sql immutable
as $$
	select regexp_replace(regexp_replace(body, '\.(?=[^\s.]*[[:alpha:]]|[^\s]*\.[^\s]*[[:alpha:]])', '[.]', 'g'),
		'\mhttp(s?)://', 'hxxp\1://', 'gi')
$$;

-- text in lines of at most 84 characters, the first begun with head, the others indented as far. A longer
-- word is broken.
create or replace function wrapped(head text, body text) returns setof text
language sql immutable
as $$
	select case when at = 1 then head else repeat(' ', length(head)) end || rtrim(part[1])
	from regexp_matches(body, format('(.{1,%1$s}(?: |$)|\S{1,%1$s})', 84 - length(head)), 'g')
		with ordinality as p(part, at)
$$;

-- The first lines of a list, and how many more there are.
create or replace function first_lines(lines text[], shown integer) returns setof text
language sql immutable
as $$
	select unnest(lines[:shown])
	union all
	select format('  ... and %s more: see the JSON', cardinality(lines) - shown) where cardinality(lines) > shown
$$;

-- A title and what stands under it; nothing where that is nothing.
create or replace function titled(title text, lines text[]) returns setof text
language sql immutable
as $$
	select unnest(array['', title] || lines) where cardinality(lines) > 0
$$;

-- An IPv6 address is too long for the column and has a line of its own.
create or replace function node_line(node jsonb) returns text
language sql immutable
as $$
	select format('  %s %s %s %s %s %s',
		case when length(node ->> 'address') > 15 then (node ->> 'address') || E'\n' || repeat(' ', 17)
			else rpad(node ->> 'address', 15) end,
		rpad(coalesce('AS' || (node ->> 'asn'), '-'), 12), rpad(coalesce(node ->> 'country', '-'), 2),
		node ->> 'first_seen', node ->> 'last_seen', lpad(node ->> 'observations', greatest(5, length(node ->> 'observations'))))
$$;

-- Whose network addresses are in, and where that takes complaints; the address is left whole, as in registration_text().
create or replace function network_line(network jsonb) returns setof text
language sql immutable
as $$
	select wrapped('  ', format('%s: %s; %s; told by RDAP on %s',
		concat_ws(', ', coalesce((network ->> 'low') || ' - ' || (network ->> 'high'), defanged_words(network ->> 'handle'),
			'a network'), defanged_words(network ->> 'name'), network ->> 'country'),
		counted((network ->> 'nodes')::bigint, 'address', 'addresses'),
		coalesce(nullif(concat_ws(', ', network ->> 'abuse_email', network ->> 'abuse_phone'), ''), 'no contact'),
		network ->> 'asked_at'))
$$;

-- What a name shares with its cluster, with the first few of the others.
create or replace function cluster_line(cluster jsonb) returns text
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

-- What RDAP told of who can act; the address is left whole, for it is there to be written to.
create or replace function registration_text(who jsonb) returns setof text
language sql immutable
as $$
	select wrapped(case when who ->> 'party' = 'registrar' then 'Registrar:   ' else 'Contact:     ' end,
		coalesce(nullif(told.words, '') || '; told by RDAP on ', 'not told by RDAP on ') || (who ->> 'asked_at'))
	from concat_ws(', ', nullif(concat_ws(' ', defanged_words(who ->> 'registrar'), '(IANA ' || (who ->> 'iana_id') || ')'), ''),
		who ->> 'abuse_email', who ->> 'abuse_phone', 'registered ' || left(who ->> 'registered_on', 10)) as told(words)
	where who ? 'asked_at'
$$;

-- What is asked of whom. Only of a name that fluxes is anything asked.
create or replace function request_text(e jsonb) returns setof text
language sql immutable
as $$
	select wrapped('Request:     ', format('to the %s of %s: please end the name %s. Its addresses are those of '
			'many machines in turn: to clean or block them one by one does not end it.',
		e #>> '{who_can_act,party}', defanged(e #>> '{who_can_act,zone}'), defanged(e ->> 'domain')))
	where e ->> 'verdict' in ('flux', 'double-flux')
	union all
	select wrapped('Who can act: ', format('the %s of %s: %s', e #>> '{who_can_act,party}',
		defanged(e #>> '{who_can_act,zone}'), defanged_words(e #>> '{who_can_act,why}')))
	union all
	select * from registration_text(e -> 'who_can_act')
	union all
	select wrapped('Followed as: ', string_agg(defanged_words(format('%s %s', t.key, t.value)), ', ' order by t.key))
		from jsonb_each_text(e -> 'tags') t having count(*) > 0
$$;

create or replace function verdict_text(e jsonb) returns setof text
language sql stable
as $$
	select format('Verdict: %s, score %s, as of %s', e ->> 'verdict', e ->> 'score', coalesce(e ->> 'as_of', 'never'))
	union all select wrapped('  - ', defanged_words(reason)) from jsonb_array_elements_text(e -> 'reasons') reason
	union all select wrapped('  - ', cluster_line(e -> 'cluster'))
	union all select ''
	union all select format('Addresses seen from %s to %s', e ->> 'first_seen', e ->> 'last_seen')
		where e ->> 'first_seen' is not null
	union all select wrapped('  ', format('%s asked for, %s of them without a definite answer',
		counted((e ->> 'lookups')::bigint, 'time', 'times'), e ->> 'failures'))
	union all select * from titled('Verdicts before', array(
		select format('  %s to %s  %s, score %s', v ->> 'from', v ->> 'to', v ->> 'verdict', v ->> 'score')
		from jsonb_array_elements(e -> 'verdicts') v where v ->> 'to' is not null))
$$;

-- What is known of the family: what to look for on the machines and in the flows of a network.
create or replace function family_text(family jsonb) returns setof text
language sql immutable
as $$
	select * from titled(defanged_words(format('What is known of the family %s', family ->> 'family')),
		array(select wrapped('  ', defanged_words(family ->> 'node_means'))
			union all
			select wrapped('  - ', defanged_words(format('flows: %s %s%s', f ->> 'protocol', f ->> 'port',
				', ' || (f ->> 'note')))) from jsonb_array_elements(family -> 'flows') f
			union all
			select wrapped('  - ', 'on the machine: ' || defanged_words(s))
			from jsonb_array_elements_text(family -> 'signs') s
			union all
			select wrapped('  - ', 'reference: ' || defanged_words(r))
			from jsonb_array_elements_text(family -> 'references') r))
	where jsonb_typeof(family) = 'object'
$$;

-- Not to be taken for nodes: who owns a name can publish any address.
create or replace function not_reportable_text(nodes jsonb) returns setof text
language sql stable
as $$
	select format('  not shown: %s, reserved or known to a list as something else',
		counted(count(*), 'address', 'addresses'))
	from jsonb_array_elements(nodes) node
	where not (node -> 'reportable')::boolean
	having count(*) > 0
$$;

create or replace function nodes_text(e jsonb) returns setof text
language sql stable
as $$
	select * from titled(format('Addresses: %s, in %s networks (ASNs); the newest first', e ->> 'addresses', e ->> 'asns'),
		array(select '  address         AS           cc first seen           last seen            times'
			union all
			select first_lines(array(select node_line(node)
				from jsonb_array_elements(e -> 'nodes') with ordinality as n(node, at)
				where (node -> 'reportable')::boolean order by at), 50)
			union all
			select not_reportable_text(e -> 'nodes')))
$$;

create or replace function networks_text(e jsonb) returns setof text
language sql stable
as $$
	select * from titled('Networks of the newest 50 addresses, and where they take complaints',
		array(select first_lines(array(select array_to_string(array(select network_line(network)), E'\n')
			from jsonb_array_elements(e -> 'networks') with ordinality as n(network, at) order by at), 20)))
$$;

create or replace function nameservers_text(e jsonb) returns setof text
language sql stable
as $$
	select * from titled('Nameservers, those named last first, each with its newest 5 addresses',
		array(select first_lines(array(select defanged_server.line
			from jsonb_array_elements(e -> 'nameservers') with ordinality as s(server, at)
			cross join lateral (select array_to_string(
				array(select wrapped('  ', defanged(server ->> 'name')))
				|| format('    named %s to %s, in %s', server ->> 'first_named', server ->> 'last_named',
					counted((server ->> 'observations')::bigint, 'answer', 'answers'))
				|| array(select '  ' || node_line(node)
					from jsonb_array_elements(server -> 'nodes') with ordinality as n(node, o)
					where (node -> 'reportable')::boolean order by o limit 5),
				E'\n') as line) as defanged_server
			order by at), 20)))
$$;

create or replace function related_text(e jsonb) returns setof text
language sql stable
as $$
	select * from titled(format('Other names with an address or a nameserver of it: %s', e ->> 'related_total'),
		array(select first_lines(array(select array_to_string(array(select wrapped('  ', format('%s (%s): %s, %s',
				defanged(r ->> 'domain'), r ->> 'verdict',
				counted((r ->> 'shared_addresses')::bigint, 'address', 'addresses'),
				counted((r ->> 'shared_nameservers')::bigint, 'nameserver', 'nameservers')))), E'\n')
			from jsonb_array_elements(e -> 'related') with ordinality as l(r, at) order by at), 20)))
$$;

-- What nodes served. Neither heads nor bodies are shown: they may hold anything.
create or replace function page_text(p jsonb) returns text
language sql stable
as $$
	select array_to_string(array(select wrapped('  - ', format('%s: %s in %s, %s to %s',
			coalesce((select 'signature ' || string_agg(defanged_words(s), ', ') from jsonb_array_elements_text(p -> 'signatures') s), 'no signature'),
			counted((p ->> 'nodes')::bigint, 'address', 'addresses'), counted((p ->> 'networks')::bigint, 'network', 'networks'),
			p ->> 'first_at', p ->> 'last_at')))
		|| array(select wrapped('    ', format('%s%s, %s%s', p ->> 'outcome', ', status ' || (p ->> 'status'),
			counted((p ->> 'octets')::bigint, 'octet', 'octets'), ', server ' || defanged_words(p ->> 'server_header'))))
		|| array(select '    SHA-256 ' || (p ->> 'body_sha256') where p ->> 'body_sha256' is not null)
		|| format('    record %s of %s', p ->> 'record', p ->> 'segment'), E'\n')
$$;

create or replace function pages_text(e jsonb) returns setof text
language sql stable
as $$
	select * from titled('Pages that nodes served when they were asked for one (probe)',
		array(select wrapped('  ', format('%s of the %s served the same (SHA-256 %s...), in %s: one server behind proxies, or a '
				'content network', a ->> 'nodes', counted((a ->> 'answered')::bigint, 'node', 'nodes'), left(a ->> 'sha256', 16),
				counted((a ->> 'networks')::bigint, 'network', 'networks')))
				from (select e -> 'page_agreement') as of(a) where (a ->> 'nodes')::bigint > 1
			union all
			select first_lines(array(select page_text(p)
				from jsonb_array_elements(e -> 'pages') with ordinality as l(p, at) order by at), 20)))
$$;

-- A published rule: what it says, and of which figures.
create or replace function rule_text(rule jsonb, figures text) returns setof text
language sql immutable
as $$
	select wrapped('  - ', rule ->> 'rule')
	union all
	select wrapped('    ', format('%s: %s', figures,
		case rule ->> 'flux' when 'true' then 'flux' when 'false' then 'no flux' else 'it does not tell' end))
$$;

create or replace function rules_text(rules jsonb) returns setof text
language sql immutable
as $$
	select ''
	union all select 'Published rules'
	union all select rule_text(rules -> 'holz', format('n_A %s, n_ASN %s, TTL %s s, score %s',
		coalesce(rules #>> '{holz,n_a}', '-'), coalesce(rules #>> '{holz,n_asn}', '-'), coalesce(rules #>> '{holz,ttl}', '-'),
		coalesce(round((rules #>> '{holz,score}')::numeric, 2)::text, '-')))
	union all select rule_text(rules -> 'atlas', format('%s points', coalesce(rules #>> '{atlas,points}', 'no')))
	union all select rule_text(rules -> 'fluxbuster', format('growth %s, TTL %s s, /16 by addresses %s, names %s',
		coalesce(round((rules #>> '{fluxbuster,growth}')::numeric, 2)::text, '-'),
		coalesce(round((rules #>> '{fluxbuster,ttl}')::numeric)::text, '-'),
		coalesce(round((rules #>> '{fluxbuster,diversity}')::numeric, 2)::text, '-'),
		coalesce(rules #>> '{fluxbuster,names}', '-')))
	union all select rule_text(rules -> 'caglayan', format('n_ASN %s, a change within ten minutes: %s',
		coalesce(rules #>> '{caglayan,n_asn}', '-'),
		case rules #>> '{caglayan,active}' when 'true' then 'yes' else 'no' end))
	union all select rule_text(rules -> 'hsu', format('n_ASN %s', coalesce(rules #>> '{hsu,n_asn}', '-')))
$$;

-- A lookup in two lines or more: when it was asked for what, and where its record lies.
create or replace function lookup_text(l jsonb) returns text
language sql immutable
as $$
	select array_to_string(array[format('  %s %s %s%s, asked of %s port %s', l ->> 'observed_at', l ->> 'type', l ->> 'outcome',
			coalesce(' TTL ' || (l ->> 'ttl'), ''), l ->> 'server', l ->> 'port'),
			format('    record %s of %s', l ->> 'record', l ->> 'segment')]
		|| array(select wrapped('    ', defanged_words(format('told by line %s of %s', l ->> 'source_line', l ->> 'source')))
			where l ->> 'source' is not null), E'\n')
$$;

-- The octets of a message in lines of 39; of a long one where they are.
create or replace function hex_text(hex text) returns setof text
language sql immutable
as $$
	select '    ' || part[1] from regexp_matches(hex, '.{1,78}', 'g') part where length(hex) <= 1024
	union all
	select format('    %s octets: see the JSON', length(hex) / 2) where length(hex) > 1024
$$;

-- A chosen lookup with its message: the records of its answer, and the octets as they came.
create or replace function proof_text(l jsonb) returns text
language sql immutable
as $$
	select array_to_string(array[lookup_text(l)]
		|| array(select '    ' || defanged_words(l ->> 'message_missing') where l ->> 'message_missing' is not null)
		|| array(select first_lines(array(select array_to_string(array(select wrapped('    ', format('%s TTL %s %s %s',
					defanged(r ->> 'name'), r ->> 'ttl', r ->> 'type', case when r ->> 'type' in ('A', 'AAAA')
						then r ->> 'data' else defanged_words(r ->> 'data') end))), E'\n')
				from jsonb_array_elements(l #> '{message,decoded,answer}') with ordinality as a(r, at) order by at), 20))
		|| array(select hex_text(l #>> '{message,hex}')), E'\n')
$$;

create or replace function record_text(e jsonb) returns setof text
language sql stable
as $$
	select * from titled('Lookups that carry the proof, with their messages as they came, in hexadecimal',
		array(select wrapped('  ', 'These are ' || (e ->> 'chosen_by') || '.')
			union all
			select proof_text(l) from (select l from jsonb_array_elements(e -> 'chosen') with ordinality as c(l, at)
				order by at) shown))
	union all
	select * from titled(format('The newest of %s', counted((e ->> 'observations_total')::bigint, 'lookup', 'lookups')),
		array(select first_lines(array(select lookup_text(l)
			from jsonb_array_elements(e -> 'observations') with ordinality as o(l, at) order by at), 20)))
	union all
	select * from titled('Segments that hold these records, each with the SHA-256 of the file',
		array(select format(E'  %s\n    %s', s ->> 'segment', s ->> 'sha256') from jsonb_array_elements(e -> 'segments') s))
	union all
	select * from titled('Files of other tools that told of lookups',
		array(select array_to_string(array(select wrapped('  ', defanged_words(s ->> 'source')))
			|| format('    SHA-256 %s', s ->> 'sha256'), E'\n') from jsonb_array_elements(e -> 'sources') s))
$$;

-- A dossier for a person, a row a line.
create or replace function evidence_page(e jsonb) returns setof text
language sql stable
as $$
	select regexp_split_to_table(line, E'\n')
	from (
		select wrapped('Evidence on ', defanged(e ->> 'domain'))
		union all select format('written %s by fluxtrack; all times are UTC', e ->> 'written_at')
		union all select ''
		union all select request_text(e)
		union all select ''
		union all select verdict_text(e)
		union all select ''
		union all select wrapped('What this proves: ', e ->> 'proves')
		union all select wrapped('What it does not prove: ', e ->> 'does_not_prove')
		union all select family_text(e -> 'known_family')
		union all select nodes_text(e)
		union all select networks_text(e)
		union all select related_text(e)
		union all select nameservers_text(e)
		union all select pages_text(e)
		union all select rules_text(e -> 'rules')
		union all select record_text(e)
		union all select * from titled('Left out', array(
			select wrapped('  - ', note) from jsonb_array_elements_text(e -> 'notes') note))
	) as page(line)
$$;

-- The dossier with the messages of its chosen lookups: an array of {message, message_missing} in their order.
create or replace function with_messages(e jsonb, messages jsonb) returns jsonb
language sql immutable
as $$
	select e || jsonb_build_object('chosen', (select coalesce(jsonb_agg(c.lookup || (messages -> (c.at - 1)::integer)
			order by c.at), '[]')
		from jsonb_array_elements(e -> 'chosen') with ordinality as c(lookup, at)))
$$;

create or replace function evidence_text(name text) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
as $$ select evidence_page(takedown_evidence(name)) $$;
comment on function evidence_text is 'takedown_evidence() as text of 84 columns';
