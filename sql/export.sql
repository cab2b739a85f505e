-- SPDX-License-Identifier: MIT
-- What leaves for an ISP or a CERT: the addresses that fluxing names published. An address that is not
-- one machine's own, or that a list knows as something else, never leaves.

drop function if exists export_nodes(bigint, text, timestamptz);

-- A cell that a spreadsheet would take for a formula gets an apostrophe; RFC 4180's quotes do not stop it.
create or replace function csv_safe(cell text) returns text
language sql immutable
as $$ select case when cell ~ E'^[-=+@\t\r]' then '''' || cell else cell end $$;

-- Shadowserver's columns first, ours after. Times are UTC. severity, geo and hostname stay empty: we do
-- not know them. infection stays empty too: an A record proves publication alone.
create function export_nodes(for_asn bigint default null, for_domain text default null,
	since timestamptz default null)
returns table ("timestamp" text, severity text, ip inet, asn bigint, geo text, hostname text, infection text,
	family text, tag text, domain text, first_seen text, last_seen text, observations bigint,
	ttl_min integer, ttl_max integer, prefix cidr, verdict text, score real)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select utc_text(n.last_seen), null, n.address, n.asn, null, null, null,
		csv_safe(d.family), 'fast-flux', csv_safe(d.name), utc_text(n.first_seen), utc_text(n.last_seen),
		n.observations, n.ttl_min, n.ttl_max, n.prefix, v.verdict, v.score
	from verdict v
	join domain d on d.id = v.domain_id
	join node n on n.domain_id = d.id
	where v.verdict in ('flux', 'double-flux')
		and (for_asn is null or n.asn = for_asn)
		and (for_domain is null or d.id = domain_id_of(for_domain))
		and (since is null or n.last_seen >= since)
		and is_reportable(n.address)
	order by d.name, n.last_seen desc, n.address
$$;
comment on function export_nodes is
	'nodes of flux and double-flux names, for the CSV an ISP takes; since: seen at that time or later';
