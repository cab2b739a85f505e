-- SPDX-License-Identifier: MIT
-- What the observations of one window (lookups_of) say about a name, as figures: no judgement here, but
-- for the two published rules, which are given exactly as printed, each with its inputs. Churn is
-- measured on A lookups alone. All functions take a set of domain ids.
-- What has result columns is dropped first: `create or replace` cannot change those.

drop function if exists asked_features(integer[], timestamptz);
drop function if exists answer_features(integer[], timestamptz);
drop function if exists address_features(integer[], timestamptz);
drop function if exists nameserver_features(integer[], timestamptz);
drop function if exists list_features(integer[], timestamptz);
-- The functions over the type are made again here and in score.sql. No cascade: it would take an analyst's
-- views along without a word; so their names are in the error.
drop function if exists verdicts_of, rule_reasons, word_reasons, churn_reasons, verdict_score, verdict_word, judged_of,
	flux_features, features_of;
drop type if exists features;

-- What became of the lookups.
create function asked_features(ids integer[], at timestamptz)
returns table (
	domain_id integer,
	lookups bigint, -- of every type
	failures bigint, -- of them without a definite outcome
	failure_words text, -- their outcomes, each once
	a_answered bigint, -- A lookups that brought addresses
	a_negative bigint, -- A lookups with NXDOMAIN or NODATA
	a_negative_since bigint, -- of them those after the newest A answer
	a_negative_last outcome, -- the newest of them
	aaaa_answered bigint,
	soa_retry bigint -- seconds; of the newest SOA answer
)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
as $$
	with lookup as (
		select l.*, l.qtype = 1 and l.outcome in ('nodata', 'nxdomain') as negative,
			max(l.observed_at) filter (where l.qtype = 1 and l.outcome = 'answered')
				over (partition by l.domain_id) as answered_at
		from lookups_of(ids, at) l
	)
	select domain_id, count(*), count(*) filter (where not is_definite(outcome)),
		string_agg(distinct outcome::text, ', ') filter (where not is_definite(outcome)),
		count(*) filter (where qtype = 1 and outcome = 'answered'),
		count(*) filter (where negative),
		count(*) filter (where negative and (answered_at is null or observed_at > answered_at)),
		(array_agg(outcome order by observed_at desc, outcome) filter (where negative))[1],
		count(*) filter (where qtype = 28 and outcome = 'answered'),
		(array_agg(soa_retry order by observed_at desc, soa_retry)
			filter (where qtype = 6 and outcome = 'answered'))[1]
	from lookup
	group by domain_id
$$;

-- What the A answers have in common.
create function answer_features(ids integer[], at timestamptz)
returns table (
	domain_id integer,
	answers bigint, -- A lookups that brought addresses
	answer_max integer, -- addresses of the largest answer
	ttl_min integer, -- seconds
	ttl_max integer, -- seconds; behind a cache the highest is nearest to the true one
	chain integer, -- CNAMEs of the longest chain
	chain_end text, -- last target of the newest chain
	holz_ttl integer, -- seconds; the higher of the two lookups'
	atlas_ttl integer -- seconds; the highest within an hour of the newest answer
)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
as $$
	select domain_id, max(answers), max(cardinality(addresses)), min(ttl), max(ttl),
		coalesce(max(cardinality(names)), 0),
		max(names[cardinality(names)]) filter (where k = answers),
		case when bool_or(is_pair) then max(ttl) filter (where k = 1 or is_pair) end,
		max(ttl) filter (where observed_at > newest_at - interval '1 hour')
	from answers_of(ids, at)
	group by domain_id
$$;

create function address_features(ids integer[], at timestamptz)
returns table (
	domain_id integer,
	addresses bigint, -- distinct
	networks16 bigint, -- distinct /16
	known bigint, -- addresses whose ASN is known
	asns bigint, -- distinct, known ones alone
	late_draws bigint, -- addresses brought by the late answers
	late_new bigint, -- of them the distinct ones that no earlier answer had
	last_addresses bigint, -- of the newest answer
	last_sinkholed bigint, -- of them in list sinkhole
	last_parked bigint, -- in list parking
	last_cdn bigint, -- in list cdn
	last_shared bigint, -- followed names that have the least shared of them
	holz_first_addresses bigint, -- of the first lookup by itself
	holz_first_asns bigint,
	holz_addresses bigint, -- of the pair; null, as the next two, without
	holz_asns bigint,
	holz_overlap bigint, -- in both lookups
	atlas_addresses bigint, -- within an hour of the newest answer
	atlas_distance numeric, -- mean distance between these, sorted
	atlas_asns bigint
)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
as $$
	with series as materialized (
		select * from addresses_of(ids, at)
	), shared as ( -- once an address: thousands of names may stand on one
		select n.address, count(*) as names
		from node n
		join (select distinct address from series where is_last) s using (address)
		join domain d on d.id = n.domain_id and d.role = 'followed'
		where at is null or n.first_seen <= at
		group by n.address
	)
	select domain_id, count(*), count(distinct number >> 16), count(asn), count(distinct asn),
		sum(times_late)::bigint, count(*) filter (where is_late),
		count(*) filter (where is_last),
		count(*) filter (where is_last and 'sinkhole' = any(lists)),
		count(*) filter (where is_last and 'parking' = any(lists)),
		count(*) filter (where is_last and 'cdn' = any(lists)),
		min(shared.names) filter (where is_last),
		count(*) filter (where is_first), count(distinct asn) filter (where is_first),
		case when bool_or(is_pair) then count(*) filter (where is_first or is_pair) end,
		case when bool_or(is_pair) then count(distinct asn) filter (where is_first or is_pair) end,
		case when bool_or(is_pair) then count(*) filter (where is_first and is_pair) end,
		count(*) filter (where is_recent),
		(max(number) filter (where is_recent) - min(number) filter (where is_recent))::numeric
			/ nullif(count(*) filter (where is_recent) - 1, 0),
		count(distinct asn) filter (where is_recent)
	from series left join shared using (address)
	group by domain_id
$$;

-- The nameservers that the domain's NS answers name, and the addresses these have under their own names. A
-- change is what comes after a first answer: twelve stable nameservers are not twelve changes.
create function nameserver_features(ids integer[], at timestamptz)
returns table (
	domain_id integer,
	ns_names bigint, -- distinct nameservers
	ns_changes bigint, -- NS answers, after the first, that named one not named before
	ns_addresses bigint, -- distinct A addresses of them
	ns_asns bigint, -- distinct, known ones alone
	ns_draws bigint, -- addresses brought by A answers of a nameserver after its first
	ns_new bigint, -- of them those it did not have before
	atlas_ns_names bigint, -- nameservers within an hour of the newest NS answer
	atlas_ns_distance numeric, -- mean distance between their addresses of their newest hour, sorted
	atlas_ns_asns bigint
)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
as $$
	with answer as (
		select l.domain_id, l.names, l.observed_at,
			max(l.observed_at) over (partition by l.domain_id) as newest_at,
			rank() over (partition by l.domain_id order by l.observed_at) as k
		from lookups_of(ids, at) l
		where l.qtype = 2 and l.outcome = 'answered'
	), named as materialized (
		select a.domain_id, u.name, d.id as server_id, min(a.k) as k,
			max(a.observed_at) > max(a.newest_at) - interval '1 hour' as is_recent
		from answer a, unnest(a.names) as u(name) left join domain d on d.name = u.name
		group by 1, 2, 3
	), series as materialized (
		select * from addresses_of(array(select distinct server_id from named), at)
	), address as (
		select n.domain_id, s.address, max(s.number) as number, max(s.asn) as asn,
			sum(s.times - s.is_first::integer) as draws,
			count(*) filter (where not s.is_first) as new,
			bool_or(n.is_recent and s.is_recent) as is_recent
		from named n join series s on s.domain_id = n.server_id
		group by 1, 2
	), addressed as (
		select domain_id, count(*) as addresses, count(distinct asn) as asns,
			sum(draws)::bigint as draws, sum(new)::bigint as new,
			(max(number) filter (where is_recent) - min(number) filter (where is_recent))::numeric
				/ nullif(count(*) filter (where is_recent) - 1, 0) as distance,
			count(distinct asn) filter (where is_recent) as recent_asns
		from address
		group by domain_id
	)
	select n.domain_id, count(*), count(distinct n.k) filter (where n.k > 1),
		max(a.addresses), max(a.asns), max(a.draws), max(a.new),
		count(*) filter (where n.is_recent), max(a.distance), max(a.recent_asns)
	from named n left join addressed a using (domain_id)
	group by n.domain_id
$$;

-- The list that the name itself is on, or else the name its newest CNAME chain ends at (cdn), or all of
-- its newest nameservers (sinkhole, parking): naming one of them is not enough, a criminal could.
create function list_features(ids integer[], at timestamptz)
returns table (
	domain_id integer,
	listed text, -- sinkhole, parking, pool, cdn or allow
	listed_entry text, -- the entry that says so
	listed_source text, -- and whose it is
	listed_on date
)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
as $$
	with newest as (
		select distinct on (domain_id, qtype) domain_id, qtype, names
		from lookups_of(ids, at)
		where qtype in (1, 2) and outcome = 'answered' and cardinality(names) > 0
		order by domain_id, qtype, observed_at desc, names
	), candidate as (
		select id as domain_id, name, 1 as servers, '{sinkhole,parking,pool,cdn,allow}'::text[] as lists
		from domain where id = any(ids)
		union all
		select domain_id, names[cardinality(names)], 1, '{cdn}' from newest where qtype = 1
		union all
		select domain_id, unnest(names), cardinality(names), '{sinkhole,parking}' from newest where qtype = 2
	), matched as (
		select c.domain_id, c.servers, e.list, min(e.name) as entry, min(e.source) as source,
			min(e.listed_on) as listed_on, count(distinct c.name) as names
		from candidate c
		cross join lateral parents_of(c.name) as p(name)
		join list_entry e on e.name = p.name and e.list = any(c.lists)
		group by 1, 2, 3
	)
	select distinct on (domain_id) domain_id, list, entry, source, listed_on
	from matched
	where names >= servers
	order by domain_id, array_position('{sinkhole,parking,pool,cdn,allow}', list)
$$;

-- A name's features: all within its window, but for what the comments say.
create type features as (
	domain_id integer,
	window_end timestamptz,
	lookups bigint,
	failures bigint,
	failure_words text,
	a_answered bigint,
	a_negative bigint,
	a_negative_since bigint,
	a_negative_last outcome,
	aaaa_answered bigint,
	answer_max integer,
	ttl_min integer,
	ttl_max integer,
	chain integer,
	chain_end text,
	addresses bigint,
	networks16 bigint,
	known bigint,
	asns bigint,
	fluxiness double precision,
	late_answers bigint,
	late_draws bigint,
	late_new bigint,
	new_share double precision,
	pool_estimate double precision,
	last_addresses bigint,
	last_sinkholed bigint,
	last_parked bigint,
	last_cdn bigint,
	last_shared bigint,
	ns_names bigint,
	ns_changes bigint,
	ns_addresses bigint,
	ns_asns bigint,
	ns_draws bigint,
	ns_new bigint,
	listed text,
	listed_entry text,
	listed_source text,
	listed_on date,
	holz_ttl integer,
	holz_addresses bigint,
	holz_asns bigint,
	holz_overlap bigint,
	holz_jaccard double precision,
	holz_first double precision,
	holz_score double precision,
	holz_flux boolean,
	atlas_ttl integer,
	atlas_addresses bigint,
	atlas_distance numeric,
	atlas_asns bigint,
	atlas_ns_names bigint,
	atlas_ns_distance numeric,
	atlas_ns_asns bigint,
	soa_retry bigint,
	atlas_1_ttl boolean,
	atlas_2_addresses boolean,
	atlas_3_distance boolean,
	atlas_4_both boolean,
	atlas_5_asns boolean,
	atlas_6_ns_distance boolean,
	atlas_7_ns_names boolean,
	atlas_8_ns_asns boolean,
	atlas_9_retry boolean,
	atlas_points integer,
	atlas_flux boolean
);
comment on type features is 'what the observations of 24 hours say about a name';
comment on column features.domain_id is 'the name';
comment on column features.window_end is 'end of the 24 hours looked at; null: never asked for';
comment on column features.lookups is 'observations of every type';
comment on column features.failures is 'of them those without a definite outcome';
comment on column features.failure_words is 'the outcomes of the failures, each once';
comment on column features.a_answered is 'A lookups that brought addresses';
comment on column features.a_negative is 'A lookups with NXDOMAIN or NODATA';
comment on column features.a_negative_since is 'of them those after the newest A answer';
comment on column features.a_negative_last is 'the newest of them';
comment on column features.aaaa_answered is 'AAAA lookups that brought addresses';
comment on column features.answer_max is 'addresses of the largest A answer';
comment on column features.ttl_min is 'seconds; lowest TTL of the A answers';
comment on column features.ttl_max is 'seconds; highest, behind a cache the nearest to the true one';
comment on column features.chain is 'CNAMEs of the longest chain to an A answer';
comment on column features.chain_end is 'last target of a chain of the newest A answer';
comment on column features.addresses is 'distinct A addresses';
comment on column features.networks16 is 'distinct /16 of them';
comment on column features.known is 'addresses whose ASN is known';
comment on column features.asns is
	'distinct ASNs; an address whose ASN is not known counts for nothing';
comment on column features.fluxiness is 'distinct addresses by addresses of the largest answer';
comment on column features.late_answers is 'A answers after the first third of them';
comment on column features.late_draws is
	'addresses that these brought, each time but where a cache repeated a whole answer, its TTL running out';
comment on column features.late_new is 'addresses that came first in one of these';
comment on column features.new_share is
	'late_new by late_draws + 2: two are taken as repeated, so that few draws prove little';
comment on column features.pool_estimate is
	'addresses by 1 - new_share: the size of the pool, were each address as likely as any other';
comment on column features.last_addresses is 'addresses of the newest A answer';
comment on column features.last_sinkholed is 'of them on the list sinkhole';
comment on column features.last_parked is 'of them on the list parking';
comment on column features.last_cdn is 'of them on the list cdn';
comment on column features.last_shared is 'followed names seen at the one of them that has fewest';
comment on column features.ns_names is 'distinct nameservers that NS answers named';
comment on column features.ns_changes is 'NS answers, after the first, that named one not named before';
comment on column features.ns_addresses is 'distinct A addresses of the nameservers';
comment on column features.ns_asns is 'distinct ASNs of these, known ones alone';
comment on column features.ns_draws is
	'addresses brought by A answers of a nameserver after its first one';
comment on column features.ns_new is 'of them those that this nameserver did not have before';
comment on column features.listed is
	'the list that the name, its CNAME chain or its nameservers are on: sinkhole, parking, pool, cdn, allow';
comment on column features.listed_entry is 'the entry of the list that says so';
comment on column features.listed_source is 'source of that entry';
comment on column features.listed_on is 'when it was listed';
comment on column features.holz_ttl is
	'seconds; higher TTL of Holz''s pair: the first A answer, and the first asked for after its TTL; null: no pair';
comment on column features.holz_addresses is 'n_A: distinct addresses of the pair';
comment on column features.holz_asns is 'n_ASN: distinct known ASNs of the pair';
comment on column features.holz_overlap is 'addresses in both lookups of the pair';
comment on column features.holz_jaccard is 'holz_overlap by holz_addresses';
comment on column features.holz_first is 'score of the first lookup by itself';
comment on column features.holz_score is
	'1.32 n_A + 18.54 n_ASN + 0 n_NS of the pair (Holz et al., NDSS 2008)';
comment on column features.holz_flux is 'holz_score > 142.38 and holz_ttl < 1800';
comment on column features.atlas_ttl is 'seconds; highest TTL within an hour of the newest A answer';
comment on column features.atlas_addresses is 'distinct A addresses of that hour';
comment on column features.atlas_distance is 'mean distance between these, sorted';
comment on column features.atlas_asns is 'distinct known ASNs of these';
comment on column features.atlas_ns_names is 'nameservers within an hour of the newest NS answer';
comment on column features.atlas_ns_distance is
	'mean distance between the addresses of these, each of its own newest hour, sorted';
comment on column features.atlas_ns_asns is 'distinct known ASNs of these addresses';
comment on column features.soa_retry is 'seconds; retry of the newest SOA answer';
comment on column features.atlas_1_ttl is 'atlas_ttl < 900 (Nazario and Holz, MALWARE 2008)';
comment on column features.atlas_2_addresses is 'atlas_addresses > 5';
comment on column features.atlas_3_distance is 'atlas_distance > 65,535';
comment on column features.atlas_4_both is 'atlas_addresses > 8 and atlas_distance > 65,535';
comment on column features.atlas_5_asns is 'atlas_asns > 2';
comment on column features.atlas_6_ns_distance is 'atlas_ns_distance > 65,355, as printed';
comment on column features.atlas_7_ns_names is 'atlas_ns_names > 3';
comment on column features.atlas_8_ns_asns is 'atlas_ns_asns > 2';
comment on column features.atlas_9_retry is 'soa_retry < 900';
comment on column features.atlas_points is 'how many of the nine hold';
comment on column features.atlas_flux is 'atlas_points > 4';

-- Every feature of each name, a row for every id given, and the two published rules.
create function features_of(ids integer[], at timestamptz default null) returns setof features
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
set jit = off -- it would compile for longer than it runs
as $$
	select i.id, coalesce(at, window_end(i.id, t.last_lookup)),
		coalesce(q.lookups, 0), coalesce(q.failures, 0), q.failure_words,
		coalesce(q.a_answered, 0), coalesce(q.a_negative, 0), coalesce(q.a_negative_since, 0),
		q.a_negative_last, coalesce(q.aaaa_answered, 0),
		l.answer_max, l.ttl_min, l.ttl_max, coalesce(l.chain, 0), l.chain_end,
		coalesce(a.addresses, 0), coalesce(a.networks16, 0), coalesce(a.known, 0), coalesce(a.asns, 0),
		a.addresses::float / l.answer_max,
		l.answers - greatest(1, l.answers / 3), a.late_draws, a.late_new,
		share.new, a.addresses / (1 - share.new),
		a.last_addresses, a.last_sinkholed, a.last_parked, a.last_cdn, a.last_shared,
		coalesce(s.ns_names, 0), coalesce(s.ns_changes, 0), coalesce(s.ns_addresses, 0),
		coalesce(s.ns_asns, 0), coalesce(s.ns_draws, 0), coalesce(s.ns_new, 0),
		e.listed, e.listed_entry, e.listed_source, e.listed_on,
		l.holz_ttl, a.holz_addresses, a.holz_asns, a.holz_overlap,
		a.holz_overlap::float / a.holz_addresses,
		1.32 * a.holz_first_addresses + 18.54 * a.holz_first_asns, holz.score,
		holz.score > 142.38 and l.holz_ttl < 1800,
		l.atlas_ttl, a.atlas_addresses, a.atlas_distance, a.atlas_asns,
		s.atlas_ns_names, s.atlas_ns_distance, s.atlas_ns_asns, q.soa_retry,
		atlas.point[1], atlas.point[2], atlas.point[3], atlas.point[4], atlas.point[5],
		atlas.point[6], atlas.point[7], atlas.point[8], atlas.point[9],
		cardinality(array_positions(atlas.point, true)),
		cardinality(array_positions(atlas.point, true)) > 4
	from unnest(ids) as i(id)
	left join tally t on t.domain_id = i.id
	left join asked_features(ids, at) q on q.domain_id = i.id
	left join answer_features(ids, at) l on l.domain_id = i.id
	left join address_features(ids, at) a on a.domain_id = i.id
	left join nameserver_features(ids, at) s on s.domain_id = i.id
	left join list_features(ids, at) e on e.domain_id = i.id
	cross join lateral (select a.late_new::float / (a.late_draws + 2)) as share(new)
	cross join lateral (select case when l.holz_ttl is not null
		then 1.32 * a.holz_addresses + 18.54 * a.holz_asns end) as holz(score)
	cross join lateral (select array[
		coalesce(l.atlas_ttl < 900, false),
		coalesce(a.atlas_addresses > 5, false),
		coalesce(a.atlas_distance > 65535, false),
		coalesce(a.atlas_addresses > 8 and a.atlas_distance > 65535, false),
		coalesce(a.atlas_asns > 2, false),
		coalesce(s.atlas_ns_distance > 65355, false), -- as printed, not 65,535
		coalesce(s.atlas_ns_names > 3, false),
		coalesce(s.atlas_ns_asns > 2, false),
		coalesce(q.soa_retry < 900, false)]) as atlas(point)
$$;

-- The features of one name, as the last roll-up knows it. An unknown name is an error.
create function flux_features(name text, at timestamptz default null) returns setof features
language sql stable rows 1
set search_path = fluxtrack, pg_temp
as $$ select * from features_of(array[domain_id_of(name)], at) $$;
