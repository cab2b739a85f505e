-- SPDX-License-Identifier: MIT
-- What `fluxtrack status` shows: a row for every followed name, scored or not. The figures are those of all
-- time; the reasons speak of the window that the verdict rests on.

-- Laterals, not groups joined: asked for one name, they read that name's nodes alone.
create or replace view status as
select d.name as domain, d.family, coalesce(v.verdict, 'unknown') as verdict, coalesce(v.score, 0) as score,
	s.addresses, s.asns, s.ttl_min, s.ttl_max,
	coalesce(t.lookups, 0) as lookups, coalesce(t.failures, 0) as failures, s.first_seen, s.last_seen,
	greatest(s.newest_address, c.at) as last_change,
	coalesce(v.reasons, array['not asked for, or not scored yet: track, then score, would settle it']) as reasons,
	m.cluster_id as cluster
from domain d
left join verdict v on v.domain_id = d.id
left join tally t on t.domain_id = d.id
left join cluster_member m on m.domain_id = d.id and m.until is null
cross join lateral (select count(*) as addresses, count(distinct asn) as asns, min(ttl_min) as ttl_min,
		max(ttl_max) as ttl_max, min(first_seen) as first_seen, max(last_seen) as last_seen,
		max(first_seen) as newest_address
	from node n where n.domain_id = d.id) s
cross join lateral (select max(to_at) as at from verdict_history h where h.domain_id = d.id) c
where d.role = 'followed';

comment on view status is 'a row for every followed name';
comment on column status.domain is 'the name';
comment on column status.family is 'malware family, from the target list';
comment on column status.verdict is 'as in table verdict; unknown before the first score';
comment on column status.score is '0 to 1: how sure that it fluxes';
comment on column status.addresses is 'distinct IPv4 and IPv6 addresses ever seen under it';
comment on column status.asns is 'distinct known ASNs of these';
comment on column status.ttl_min is 'seconds; lowest TTL of an answer with addresses';
comment on column status.ttl_max is 'seconds; highest';
comment on column status.lookups is 'observations of all types';
comment on column status.failures is 'of them those without a definite outcome';
comment on column status.first_seen is 'first answer with an address';
comment on column status.last_seen is 'last answer with an address';
comment on column status.last_change is 'when an address not seen before came last, or the verdict changed';
comment on column status.reasons is 'why the verdict, in plain words, with the figures';
comment on column status.cluster is 'the names that share its nodes (table cluster); null: none';

-- The same as one JSON array, worst first.
create or replace function status_json() returns text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select '[' || coalesce(string_agg(json_build_object('domain', domain, 'family', family,
		'verdict', verdict, 'score', score, 'addresses', addresses, 'asns', asns,
		'ttl_min', ttl_min, 'ttl_max', ttl_max, 'lookups', lookups, 'failures', failures,
		'first_seen', utc_text(first_seen), 'last_seen', utc_text(last_seen),
		'last_change', utc_text(last_change), 'reasons', reasons,
		'cluster', cluster)::text,
		E',\n' order by score desc, domain), '') || ']'
	from status
$$;
