-- SPDX-License-Identifier: MIT
-- What the observations of one window (lookups_of) say about a name, as figures: no judgement here, but
-- for the published rules, which are given as printed, each with its inputs. Churn is measured on A lookups
-- alone. With `at` a window of the past; with `known` nothing that came into this database later.

-- The functions over the type are made again here and in score.sql. No cascade: it would take an analyst's
-- views along without a word; so their names are in the error. What has result columns is dropped first
-- anyway: `create or replace` cannot change those.
drop function if exists asked_features(integer[], timestamptz), answer_features(integer[], timestamptz),
	address_features(integer[], timestamptz), nameserver_features(integer[], timestamptz),
	list_features(integer[], timestamptz);
drop function if exists verdicts_of, page_reasons, rule_reasons, word_reasons, churn_reasons, table_reasons, verdict_score,
	verdict_word, judged_of, flux_features, features_of;
drop type if exists features;

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
	aaaa_addresses bigint,
	aaaa_networks bigint,
	views bigint,
	views_denying bigint,
	views_turned boolean,
	views_agreed double precision,
	answer_max integer,
	ttl_min integer,
	ttl_median integer,
	ttl_max integer,
	ttl_late integer,
	chain integer,
	chain_end text,
	chain_zone text,
	addresses bigint,
	networks16 bigint,
	prefixes bigint,
	known bigint,
	asns bigint,
	fluxiness double precision,
	stays bigint,
	kept double precision,
	dwell double precision,
	draws bigint,
	late_answers bigint,
	late_draws bigint,
	late_new bigint,
	new_share double precision,
	pairs double precision,
	recaptures bigint,
	pool_estimate double precision,
	pool_low double precision,
	pool_high double precision,
	dynamic bigint,
	named bigint,
	guilty bigint,
	guilty_names bigint,
	last_addresses bigint,
	last_sinkholed bigint,
	last_parked bigint,
	last_cdn bigint,
	last_listed text,
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
	listed_late boolean,
	origins_source text,
	origins_on date,
	origins_imported_at timestamptz,
	origins_late boolean,
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
	atlas_flux boolean,
	growth double precision,
	fluxbuster_ttl double precision,
	fluxbuster_diversity double precision,
	fluxbuster_names bigint,
	fluxbuster_flux boolean,
	caglayan_active boolean,
	caglayan_flux boolean,
	hsu_asns bigint,
	hsu_flux boolean,
	page_answered bigint,
	page_nodes bigint,
	page_networks bigint,
	page_sha256 text
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
comment on column features.aaaa_addresses is 'distinct IPv6 addresses';
comment on column features.aaaa_networks is 'distinct /32 of them';
comment on column features.views is
	'resolvers, each from a vantage, that gave a definite A outcome';
comment on column features.views_denying is 'of them those that never gave an address';
comment on column features.views_turned is 'does every view that gave addresses deny them since?';
comment on column features.views_agreed is
	'share of the addresses that more than one view gave; null: one view';
comment on column features.answer_max is 'addresses of the largest A answer';
comment on column features.ttl_min is 'seconds; lowest TTL of the A answers';
comment on column features.ttl_median is 'seconds; median';
comment on column features.ttl_max is
	'seconds; highest, behind a cache the nearest to the true one';
comment on column features.ttl_late is
	'seconds; highest of the late draws: a name that wakes has left its old TTL behind';
comment on column features.chain is 'CNAMEs of the longest chain to an A answer';
comment on column features.chain_end is 'last target of a chain of the newest A answer';
comment on column features.chain_zone is 'registrable name of that target';
comment on column features.addresses is 'distinct A addresses';
comment on column features.networks16 is 'distinct /16 of them';
comment on column features.prefixes is 'distinct announced prefixes of them';
comment on column features.known is 'addresses whose ASN is known';
comment on column features.asns is
	'distinct ASNs; an address whose ASN is not known counts for nothing';
comment on column features.fluxiness is
	'distinct addresses by addresses of the largest answer (Holz et al., NDSS 2008, 4.1)';
comment on column features.stays is 'how often an address of a draw stood in the answer before by the same view';
comment on column features.kept is
	'share of a draw''s addresses that the answer before had: the overlap of successive answers; null: none differed';
comment on column features.dwell is
	'seconds from the first to the last answer with an address, median';
comment on column features.draws is
	'A answers that differ from the one before by the same view, and are no repeat of a cache';
comment on column features.late_answers is 'draws after the first third of them';
comment on column features.late_draws is 'addresses that these brought and the answer before had not';
comment on column features.late_new is 'addresses that came first in one of these';
comment on column features.new_share is
	'late_new by late_draws + 2: two are taken as repeated, so that few draws prove little';
comment on column features.pairs is
	'sum over the draws of its entrants (addresses that the answer before had not) times those known and out by then';
comment on column features.recaptures is
	'how often an address came back: an entrant that an earlier draw had';
comment on column features.pool_estimate is
	'pairs by recaptures + 1, at least the addresses: the pool''s size (Schnabel 1938, as by Chapman)';
comment on column features.pool_low is
	'lower end of its 95 % interval, the recaptures taken as Poisson (Krebs, Ecological Methodology, 2.2)';
comment on column features.pool_high is
	'upper end; null: without a bound, for there is no recapture';
comment on column features.dynamic is 'addresses whose PTR name is a dynamic line''s';
comment on column features.named is 'addresses whose PTR name tells whether it is';
comment on column features.guilty is
	'addresses that were nodes of other followed names judged flux by then';
comment on column features.guilty_names is 'how many such names';
comment on column features.last_addresses is 'of the newest A answer';
comment on column features.last_sinkholed is 'of them on the list sinkhole';
comment on column features.last_parked is 'of them on the list parking';
comment on column features.last_cdn is 'of them on the list cdn';
comment on column features.last_listed is 'one entry that says so';
comment on column features.last_shared is 'followed names seen at the one of them that has fewest, counted up to 50';
comment on column features.ns_names is 'distinct nameservers that NS answers named';
comment on column features.ns_changes is
	'NS answers, after the first, that named one not named before';
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
comment on column features.listed_late is 'was the entry imported after the window''s end?';
comment on column features.origins_source is
	'the prefix table that speaks for the window''s end; null: none';
comment on column features.origins_on is 'its date';
comment on column features.origins_imported_at is 'when it was imported';
comment on column features.origins_late is 'was that after the window''s end?';
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
comment on column features.atlas_ttl is
	'seconds; highest TTL within an hour of the newest A answer';
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
comment on column features.growth is
	'distinct addresses after the first A answer, an answer; over this window alone';
comment on column features.fluxbuster_ttl is 'seconds; mean TTL';
comment on column features.fluxbuster_diversity is 'distinct /16 by distinct addresses';
comment on column features.fluxbuster_names is
	'followed names at its addresses, up to 109 an address; null: the tree does not come to ask';
comment on column features.fluxbuster_flux is
	'fluxbuster_says() (Perdisci et al., ACSAC 2009; FluxBuster 2012)';
comment on column features.caglayan_active is 'did two answers within ten minutes differ?';
comment on column features.caglayan_flux is
	'that, and an ASN footprint of more than 6 (Caglayan et al. 2009)';
comment on column features.hsu_asns is 'distinct known ASNs of the last three months';
comment on column features.hsu_flux is 'hsu_asns >= 4 (Hsu et al. 2010)';
comment on column features.page_answered is
	'nodes that served a page with status 200 and a body (probe), from a day before the window''s end to a week after it';
comment on column features.page_nodes is 'of them those whose newest such page is the most common one';
comment on column features.page_networks is
	'networks of these: ASNs, and the /16 (in IPv6 the /32) of addresses whose ASN is not known';
comment on column features.page_sha256 is 'SHA-256 of that page''s body, its first 262,144 octets; null: none was served';

-- The bounds of a Poisson mean of which `count` events were seen, at z standard deviations (1.96: 95 % within
-- both): Wilson and Hilferty's cube, as in Breslow and Day 1987, 2.2. The lower one is 0 where none was seen.
create or replace function poisson_high(count bigint, z double precision) returns double precision
language sql immutable
as $$ select (count + 1) * (1 - 1.0 / (9 * (count + 1)) + z / (3 * sqrt(count + 1))) ^ 3 $$;

create or replace function poisson_low(count bigint, z double precision) returns double precision
language sql immutable
as $$ select case when count > 0 then count * (1 - 1.0 / (9 * count) - z / (3 * sqrt(count))) ^ 3 else 0 end $$;

-- The lower bound of a share of which part / whole was seen (Wilson 1927); null where nothing was.
create or replace function share_low(part double precision, whole double precision, z double precision)
returns double precision
language sql immutable
as $$
	select (part + z * z / 2 - z * sqrt(part * (1 - part / whole) + z * z / 4)) / (whole + z * z)
$$;

-- FluxBuster's tree. The printed words "many names" for a low TTL are taken as the figure of the other branch.
create or replace function fluxbuster_says(growth double precision, ttl double precision, diversity double precision,
	names bigint)
returns boolean
language sql immutable
as $$
	select coalesce(growth > 0.122 and case when ttl <= 30 then growth > 0.97 and names > 108
		when ttl > 30 then diversity > 0.41 and names > 108 end, false)
$$;

-- Every feature of each name, a row for every id given, and the published rules. One statement, whose parts
-- are read from the top: what was asked, the A answers in their order, the addresses in them, the nameservers
-- (whose own answers go through the same parts), the lists, the published rules.
create function features_of(ids integer[], at timestamptz default null, known timestamptz default null)
returns setof features
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
set jit = off -- it would compile for longer than it runs
as $$
	with wanted as materialized ( -- to join with: `= any (ids)` would look through all of them for each row
		select unnest(ids) as domain_id
	), followed as materialized (
		select * from lookups_of(ids, at, known)
	), named as materialized ( -- the nameservers that NS answers named, by the number of the answer
		select a.domain_id, u.name, d.id as server_id, min(a.k) as k,
			max(a.observed_at) > max(a.newest_at) - interval '1 hour' as is_recent
		from (select f.domain_id, f.names, f.observed_at,
				max(f.observed_at) over (partition by f.domain_id) as newest_at,
				rank() over (partition by f.domain_id order by f.observed_at) as k
			from followed f where f.qtype = 2 and f.outcome = 'answered') a
		cross join unnest(a.names) as u(name)
		left join domain d on d.name = u.name
		group by 1, 2, 3
	), lookup as materialized (
		select * from followed
		union all
		-- Their windows end when they were asked for last, as known then: not with that of a name they serve.
		select * from lookups_of(array(select server_id from named except select domain_id from wanted),
			case when known is null then at end, known)
	),

	-- What became of the lookups; for A as each view (a resolver from a vantage) has it. A resolver that never
	-- gave an address while another does is filtering, or behind the times: its denial says nothing.
	viewed as (
		select domain_id, view, bool_or(outcome = 'answered') as has_answered,
			max(observed_at) filter (where outcome = 'answered') as answered_at,
			max(observed_at) filter (where outcome <> 'answered') as denied_at
		from lookup
		where qtype = 1 and is_definite(outcome)
		group by 1, 2
	), views as (
		select domain_id, count(*) as views, count(*) filter (where not has_answered) as denying,
			max(answered_at) as answered_at,
			bool_and(coalesce(denied_at > answered_at, false)) filter (where has_answered) as have_turned
		from viewed
		group by 1
	), asked as (
		select l.domain_id, count(*) as lookups,
			count(*) filter (where not is_definite(outcome)) as failures,
			string_agg(distinct outcome::text, ', ') filter (where not is_definite(outcome)) as failure_words,
			count(*) filter (where qtype = 1 and outcome = 'answered') as a_answered,
			count(*) filter (where qtype = 1 and outcome in ('nodata', 'nxdomain')) as a_negative,
			count(*) filter (where qtype = 1 and outcome in ('nodata', 'nxdomain')
				and (v.answered_at is null or observed_at > v.answered_at)) as a_negative_since,
			(array_agg(outcome order by observed_at desc, outcome)
				filter (where qtype = 1 and outcome in ('nodata', 'nxdomain')))[1] as a_negative_last,
			count(*) filter (where qtype = 28 and outcome = 'answered') as aaaa_answered,
			(array_agg(soa_retry order by observed_at desc, soa_retry)
				filter (where qtype = 6 and outcome = 'answered'))[1] as soa_retry,
			max(v.views) as views, max(v.denying) as denying, bool_and(v.have_turned) as have_turned
		from lookup l
		left join views v using (domain_id)
		group by 1
	), six as ( -- the IPv6 addresses of the name, and the /32 they are in
		select domain_id, count(distinct address) as addresses,
			count(distinct network(set_masklen(address, 32))) as networks
		from followed, unnest(addresses) as u(address)
		where qtype = 28 and outcome = 'answered'
		group by 1
	),

	-- The A answers, numbered in the order they were asked for. is_repeat marks what a cache must have said
	-- again: the same addresses, with what remained of the TTL. An authority that comes to an answer again
	-- gives it with the whole TTL.
	numbered as (
		select l.domain_id, l.observed_at, l.ttl, l.names, l.chain_zone, distinct_ones.addresses,
			row_number() over in_time as k,
			count(*) over (partition by l.domain_id) as answers,
			max(l.observed_at) over (partition by l.domain_id) as newest_at,
			first_value(l.observed_at) over in_time + first_value(coalesce(l.ttl, 0)) over in_time
				* interval '1 second' as expired_at,
			lag(distinct_ones.addresses) over in_view as previous,
			coalesce(l.observed_at < lag(expiry.at) over of_addresses
				and expiry.at - lag(expiry.at) over of_addresses <= interval '2 seconds', false) as is_repeat,
			l.view
		from lookup l
		cross join lateral (select array_agg(distinct a order by a) from unnest(l.addresses) a)
			as distinct_ones(addresses)
		cross join lateral (select l.observed_at + l.ttl * interval '1 second') as expiry(at)
		where l.qtype = 1 and l.outcome = 'answered' and cardinality(l.addresses) > 0
		window in_time as (partition by l.domain_id order by l.observed_at, distinct_ones.addresses, l.ttl, l.names),
			in_view as (partition by l.domain_id, l.view order by l.observed_at),
			of_addresses as (partition by l.domain_id, distinct_ones.addresses order by l.observed_at)
	),
	-- A draw is an answer that differs from the one before it of the same view, and is no repeat; what it draws are
	-- its entrants, the addresses that the one before had not. What stays, and what a cache says again, tells nothing
	-- of how many more there are. drawn: entrants until then, this answer's too.
	answer as materialized (
		select n.*, count(*) filter (where is_draw) over in_time as draw,
			count(*) filter (where is_draw) over (partition by domain_id) as draws,
			sum(entrants) filter (where is_draw) over in_time as drawn,
			-- Holz's second lookup: the first that was asked when the first one's TTL had run out.
			coalesce(k = min(k) filter (where k > 1 and observed_at >= expired_at) over (partition by domain_id),
				false) as is_pair
		from (select n.*, addresses is distinct from previous and not is_repeat as is_draw,
				case when previous is null then cardinality(addresses)
					else (select count(*) from unnest(addresses) a where a <> all (previous)) end as entrants
			from numbered n) n
		window in_time as (partition by domain_id order by k)
	), answered as (
		select domain_id, max(answers) as answers, max(cardinality(addresses)) as answer_max,
			min(ttl) as ttl_min, max(ttl) as ttl_max, avg(ttl)::float as ttl_mean,
			percentile_disc(0.5) within group (order by ttl) as ttl_median,
			max(ttl) filter (where is_draw and draw > greatest(1, draws / 3)) as ttl_late,
			max(draws) as draws, max(drawn) as drawn,
			sum(entrants * coalesce(cardinality(previous), 0)) filter (where is_draw) as barred,
			coalesce(max(cardinality(names)), 0) as chain,
			max(names[cardinality(names)]) filter (where k = answers) as chain_end,
			max(chain_zone) filter (where k = answers) as chain_zone,
			sum(cardinality(addresses)) filter (where is_draw and previous is not null) as redrawn,
			max(cardinality(addresses)) filter (where k = 1) as first_addresses,
			case when bool_or(is_pair) then max(ttl) filter (where k = 1 or is_pair) end as holz_ttl,
			max(ttl) filter (where observed_at > newest_at - interval '1 hour') as atlas_ttl,
			-- Ten minutes with two answers that differ (Caglayan et al.).
			bool_or(is_draw and k > 1 and observed_at - earlier_at <= interval '10 minutes') as is_active
		from (select a.*, lag(observed_at) over (partition by domain_id order by k) as earlier_at from answer a) a
		group by 1
	),

	-- Each address of each name, with the draws it came in. The first third of the draws is where a name begins
	-- to be known; whether addresses still come that were not seen before shows in the rest, the late draws.
	seen as (
		select a.domain_id, u.address, min(a.k) = 1 as is_first, bool_or(a.is_pair) as is_pair,
			max(a.k) = max(a.answers) as is_last,
			max(a.observed_at) > max(a.newest_at) - interval '1 hour' as is_recent,
			count(*) as answers,
			count(*) filter (where not a.is_repeat) as times,
			count(*) filter (where a.is_draw and (u.address = any(a.previous)) is not true) as draws,
			count(*) filter (where a.is_draw and (u.address = any(a.previous)) is not true
				and a.draw > greatest(1, a.draws / 3)) as late_draws,
			min(a.draw) filter (where a.is_draw) > greatest(1, max(a.draws) / 3) as is_late,
			min(a.drawn) filter (where a.is_draw) as drawn,
			count(*) filter (where a.is_draw and u.address = any(a.previous)) as kept,
			min(a.view) <> max(a.view) as is_agreed,
			min(a.observed_at) as first_at, max(a.observed_at) as last_at
		from answer a, unnest(a.addresses) as u(address)
		group by 1, 2
	), series as materialized ( -- with what is known of the address
		select s.*, s.address - '0.0.0.0' as number,
			case when at is null and known is null then n.asn else o.asn end as asn,
			case when at is null and known is null then n.prefix else o.prefix end as prefix,
			r.is_dynamic
		from seen s
		left join node n on n.domain_id = s.domain_id and n.address = s.address
		left join lateral (select * from origin_of(s.address, s.last_at, known)
			where at is not null or known is not null) o on true
		left join reverse_name r on r.address = s.address and (known is null or r.taken_at <= known)
			and (r.replaced_at is null or r.replaced_at > known)
	), addressed as (
		select domain_id, count(*) as addresses, count(distinct number >> 16) as networks16,
			count(distinct prefix) as prefixes, count(asn) as located, count(distinct asn) as asns,
			sum(late_draws)::bigint as late_draws, count(*) filter (where is_late) as late_new,
			sum(draws)::bigint - count(drawn) as recaptures,
			sum(drawn) as drawn_before,
			sum(kept)::bigint as kept, count(*) filter (where is_agreed) as agreed,
			percentile_disc(0.5) within group (order by extract(epoch from last_at - first_at)) as dwell,
			count(*) filter (where is_dynamic) as dynamic, count(is_dynamic) as classed,
			count(*) filter (where is_last) as last_addresses,
			count(*) filter (where is_first) as first_addresses,
			count(distinct asn) filter (where is_first) as first_asns,
			count(*) filter (where is_first or is_pair) as pair_addresses,
			count(distinct asn) filter (where is_first or is_pair) as pair_asns,
			count(*) filter (where is_first and is_pair) as pair_overlap,
			count(*) filter (where is_recent) as recent_addresses,
			(max(number) filter (where is_recent) - min(number) filter (where is_recent))::numeric
				/ nullif(count(*) filter (where is_recent) - 1, 0) as recent_distance,
			count(distinct asn) filter (where is_recent) as recent_asns
		from series
		group by 1
	),

	-- Who else stands on the newest answer's addresses, and the lists these are on: once an address, for many names
	-- may stand on one, and up to 50 of them, for it may be thousands.
	newest as (
		select address, array_agg(domain_id) as standing
		from series join wanted using (domain_id)
		where is_last
		group by 1
	), placed as (
		select domain_id, min(names) as shared, count(*) filter (where 'sinkhole' = any(lists)) as sinkholed,
			count(*) filter (where 'parking' = any(lists)) as parked,
			count(*) filter (where 'cdn' = any(lists)) as cdn, min(says) as says
		from (
			select unnest(a.standing) as domain_id, others.names, on_list.lists, on_list.says
			from newest a
			cross join lateral (select count(*) as names
				from (select from node n
					where n.address = a.address and case when known is null then at is null or n.first_seen <= at
						else n.added_at <= known end
						and (select d.role from domain d where d.id = n.domain_id) = 'followed' -- a join could be planned worse
					limit 50) n) others
			cross join lateral (select array_agg(e.list) as lists,
					min(format('%s (list %s, source %s, of %s)', e.prefix, e.list, e.source, e.listed_on)) as says
				from entries_over(a.address, at, known) e where e.list in ('sinkhole', 'parking', 'cdn')) on_list
		) s
		group by 1
	),

	-- The nameservers' addresses under their own names. A change is what comes after a first answer: twelve stable
	-- nameservers are not twelve changes.
	server_address as (
		select n.domain_id, s.address, max(s.number) as number, max(s.asn) as asn,
			sum(s.times - s.is_first::integer) as draws, count(*) filter (where not s.is_first) as new,
			bool_or(n.is_recent and s.is_recent) as is_recent
		from named n
		join series s on s.domain_id = n.server_id
		group by 1, 2
	), server_addressed as (
		select domain_id, count(*) as addresses, count(distinct asn) as asns,
			sum(draws)::bigint as draws, sum(new)::bigint as new,
			(max(number) filter (where is_recent) - min(number) filter (where is_recent))::numeric
				/ nullif(count(*) filter (where is_recent) - 1, 0) as distance,
			count(distinct asn) filter (where is_recent) as recent_asns
		from server_address
		group by 1
	), served as (
		select n.domain_id, count(*) as names, count(distinct n.k) filter (where n.k > 1) as changes,
			count(*) filter (where n.is_recent) as recent_names
		from named n
		group by 1
	),

	-- The list that the name itself is on, or else the name its newest CNAME chain ends at (cdn), or all of
	-- its newest nameservers (sinkhole, parking): naming one of them is not enough, a criminal could.
	candidate as (
		select d.id as domain_id, d.name, 1 as servers, '{sinkhole,parking,pool,cdn,allow}'::text[] as lists
		from domain d join wanted w on w.domain_id = d.id
		union all
		select domain_id, chain_end, 1, '{cdn}' from answered join wanted using (domain_id) where chain_end is not null
		union all
		select n.domain_id, unnest(n.names), cardinality(n.names), '{sinkhole,parking}'
		from (select distinct on (domain_id) domain_id, names from followed
			where qtype = 2 and outcome = 'answered' and cardinality(names) > 0
			order by domain_id, observed_at desc, names) n
	), entry as (
		select e.wanted as name, e.list, e.name as entry, e.source, e.listed_on, e.imported_at
		from entries_above(array(select distinct name from candidate), known) e
	), matched as (
		select c.domain_id, e.list, min(e.entry) as entry, min(e.source) as source,
			min(e.listed_on) as listed_on, min(e.imported_at) as imported_at
		from candidate c
		join entry e on e.name = c.name and e.list = any(c.lists)
		group by c.domain_id, c.servers, e.list
		having count(distinct c.name) >= c.servers
	), listed as (
		select distinct on (domain_id) *
		from matched
		order by domain_id, array_position('{sinkhole,parking,pool,cdn,allow}', list)
	),

	-- For the published rules: names that stand on the addresses of a name, where FluxBuster's tree comes to ask for
	-- them, counted up to 109 an address, for it asks for 108; and the ASNs of three months.
	grown as (
		select a.domain_id, (a.addresses - l.first_addresses)::float / nullif(l.answers - 1, 0) as growth,
			l.ttl_mean as ttl, a.networks16::float / a.addresses as diversity
		from wanted w
		join addressed a using (domain_id)
		join answered l using (domain_id)
	), networked as (
		select g.domain_id, count(distinct n.domain_id) as names
		from (select * from grown where fluxbuster_says(growth, ttl, diversity, 109)) g
		join series s using (domain_id)
		cross join lateral (select n.domain_id from node n
			where n.address = s.address
				and case when known is null then at is null or n.first_seen <= at else n.added_at <= known end
				and (select d.role from domain d where d.id = n.domain_id) = 'followed'
			limit 109) n
		group by 1
	), quarter as (
		select n.domain_id, count(distinct case when at is null and known is null then n.asn else o.asn end) as asns
		from wanted w
		join node n using (domain_id)
		left join tally t using (domain_id)
		left join lateral (select * from origin_of(n.address, least(n.last_seen, at), known)
			where at is not null or known is not null) o on true
		where n.first_seen <= coalesce(at, 'infinity') and (known is null or n.added_at <= known)
			and n.last_seen > coalesce(at, t.last_lookup) - interval '3 months'
		group by 1
	)
	select i.domain_id, w.until_at,
		coalesce(q.lookups, 0), coalesce(q.failures, 0), q.failure_words,
		coalesce(q.a_answered, 0), coalesce(q.a_negative, 0), coalesce(q.a_negative_since, 0), q.a_negative_last,
		coalesce(q.aaaa_answered, 0), coalesce(six.addresses, 0), coalesce(six.networks, 0),
		coalesce(q.views, 0), coalesce(q.denying, 0), coalesce(q.have_turned, true),
		case when q.views > 1 then a.agreed::float / a.addresses end,
		l.answer_max, l.ttl_min, l.ttl_median, l.ttl_max, l.ttl_late, coalesce(l.chain, 0), l.chain_end, l.chain_zone,
		coalesce(a.addresses, 0), coalesce(a.networks16, 0), coalesce(a.prefixes, 0), coalesce(a.located, 0),
		coalesce(a.asns, 0), a.addresses::float / l.answer_max, a.kept, a.kept::float / l.redrawn, a.dwell,
		l.draws, l.draws - greatest(1, l.draws / 3), a.late_draws, a.late_new, a.late_new::float / (a.late_draws + 2),
		pool.pairs, a.recaptures,
		greatest(a.addresses, pool.pairs / (a.recaptures + 1)),
		greatest(a.addresses, pool.pairs / poisson_high(a.recaptures, 1.96)),
		case when a.recaptures > 0 then greatest(a.addresses, pool.pairs / poisson_low(a.recaptures, 1.96)) end,
		coalesce(a.dynamic, 0), coalesce(a.classed, 0),
		coalesce(g.guilty, 0), coalesce(g.guilty_names, 0),
		a.last_addresses, p.sinkholed, p.parked, p.cdn, p.says, p.shared,
		coalesce(s.names, 0), coalesce(s.changes, 0), coalesce(sa.addresses, 0), coalesce(sa.asns, 0),
		coalesce(sa.draws, 0), coalesce(sa.new, 0),
		e.list, e.entry, e.source, e.listed_on, e.imported_at > w.until_at,
		o.source, o.valid_from, o.imported_at, o.imported_at > w.until_at,
		l.holz_ttl, holz.addresses, holz.asns, holz.overlap, holz.overlap::float / holz.addresses,
		1.32 * a.first_addresses + 18.54 * a.first_asns, holz.score, holz.score > 142.38 and l.holz_ttl < 1800,
		l.atlas_ttl, a.recent_addresses, a.recent_distance, a.recent_asns,
		s.recent_names, sa.distance, sa.recent_asns, q.soa_retry,
		atlas.point[1], atlas.point[2], atlas.point[3], atlas.point[4], atlas.point[5],
		atlas.point[6], atlas.point[7], atlas.point[8], atlas.point[9],
		cardinality(array_positions(atlas.point, true)),
		cardinality(array_positions(atlas.point, true)) > 4,
		grown.growth, grown.ttl, grown.diversity, networked.names,
		fluxbuster_says(grown.growth, grown.ttl, grown.diversity, networked.names),
		coalesce(l.is_active, false), coalesce(l.is_active and a.asns > 6, false),
		coalesce(quarter.asns, 0), coalesce(quarter.asns >= 4, false),
		coalesce(pages.answered, 0), coalesce(pages.nodes, 0), coalesce(pages.networks, 0), pages.sha256
	from wanted i
	left join tally t on t.domain_id = i.domain_id
	cross join lateral (select coalesce(at, window_end(i.domain_id, t.last_lookup, known))) as w(until_at)
	left join asked q on q.domain_id = i.domain_id
	left join six on six.domain_id = i.domain_id
	left join answered l on l.domain_id = i.domain_id
	left join addressed a on a.domain_id = i.domain_id
	left join placed p on p.domain_id = i.domain_id
	left join served s on s.domain_id = i.domain_id
	left join server_addressed sa on sa.domain_id = i.domain_id
	left join listed e on e.domain_id = i.domain_id
	left join guilty_nodes(ids, at, known) g on g.domain_id = i.domain_id
	left join page_agreement(ids, at, known) pages on pages.domain_id = i.domain_id
	left join grown on grown.domain_id = i.domain_id
	left join networked on networked.domain_id = i.domain_id
	left join quarter on quarter.domain_id = i.domain_id
	left join lateral known_origins(w.until_at, known) o on true
	-- Schnabel: for each draw, its entrants times the addresses known before it that could be among them. Summed
	-- the other way round: each address with what was drawn after it, less those that stood in the answer before.
	cross join lateral (select (a.addresses * l.drawn - a.drawn_before - l.barred)::float) as pool(pairs)
	left join lateral (select a.pair_addresses, a.pair_asns, a.pair_overlap,
			1.32 * a.pair_addresses + 18.54 * a.pair_asns where l.holz_ttl is not null)
		as holz(addresses, asns, overlap, score) on true
	cross join lateral (select array[
		coalesce(l.atlas_ttl < 900, false),
		coalesce(a.recent_addresses > 5, false),
		coalesce(a.recent_distance > 65535, false),
		coalesce(a.recent_addresses > 8 and a.recent_distance > 65535, false),
		coalesce(a.recent_asns > 2, false),
		coalesce(sa.distance > 65355, false), -- as printed, not 65,535
		coalesce(s.recent_names > 3, false),
		coalesce(sa.recent_asns > 2, false),
		coalesce(q.soa_retry < 900, false)]) as atlas(point)
$$;

-- The features of one name, as the last roll-up knows it. An unknown name is an error.
create function flux_features(name text, at timestamptz default null, known timestamptz default null)
returns setof features
language sql stable rows 1
set search_path = fluxtrack, pg_temp
as $$ select * from features_of(array[domain_id_of(name)], at, known) $$;
