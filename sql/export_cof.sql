-- SPDX-License-Identifier: MIT
-- Passive DNS in the common output format (draft-dulaunoy-dnsop-passive-dns-cof): an object a line, for one record
-- and not for a set, so that each has the interval in which that record was seen.
--
-- Times are whole seconds, as the draft has them: those in which the first and the last sighting fall. Rounded up, the
-- last would be one that nobody saw, and `import observations` would make two sightings of one.

create or replace function unix_second(at timestamptz) returns bigint
language sql stable
as $$ select floor(extract(epoch from at))::bigint $$;
comment on function unix_second is 'the second since 1970 (UTC) in which that moment falls';

-- The nameservers that the NS answers of names named. Answers that name the same are taken together first.
create or replace function named_servers(ids integer[])
returns table (domain_id integer, server text, first_seen timestamptz, last_seen timestamptz, observations bigint)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select a.domain_id, u.server, min(a.first_seen), max(a.last_seen), sum(a.times)::bigint
	from (select o.domain_id, o.names, min(o.observed_at) as first_seen, max(o.observed_at) as last_seen,
			count(*) as times
		from observation o
		where o.domain_id = any(ids) and o.qtype = 2 and o.outcome = 'answered'
		group by o.domain_id, o.names) a
	cross join lateral (select distinct unnest(a.names) as server) u
	group by a.domain_id, u.server
$$;
comment on function named_servers is 'the nameservers that names were ever delegated to, as their NS answers say';

-- An address has left if it may (export_nodes); a nameserver leaves with the names that it serves, but not where
-- one network's nodes are asked for.
create or replace function export_cof(f export_filter default export_filter()) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with node as materialized (
		select * from export_nodes(f)
	), record as (
		select domain, case family(address) when 4 then 'A' else 'AAAA' end as rrtype, host(address) as rdata,
			first_seen, last_seen, observations
		from node
		union all
		select n.domain, 'NS', s.server, s.first_seen, s.last_seen, s.observations
		from (select distinct domain_id, domain from node where f.asn is null) n
		join named_servers(array(select distinct domain_id from node where f.asn is null)) s using (domain_id)
		where (f.since is null or s.last_seen >= f.since) and s.observations >= f.min_observations
	)
	select row_to_json(o)::text
	from (select domain as rrname, rrtype, array[rdata] as rdata, unix_second(first_seen) as time_first,
			unix_second(last_seen) as time_last, observations as count
		from record
		order by domain, rrtype, first_seen, last_seen, rdata) o
$$;
comment on function export_cof is
	'the nodes that leave and the nameservers of their names, a JSON object a line; odd octets of names as \DDD';
