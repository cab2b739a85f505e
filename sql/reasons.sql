-- SPDX-License-Identifier: MIT
-- Why a verdict is what it is, in words that a clerk can read and an analyst can compute again, with the
-- figures, what they rest on, and what further data would settle.

-- RFC 3339 in UTC, to the second.
create or replace function utc_text(at timestamptz) returns text
language sql immutable
as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;

-- "1 address", "58 addresses". Stable, as what makes text of a number is; so it is inlined.
create or replace function counted(number bigint, one text, many text) returns text
language sql stable
as $$ select coalesce(number, 0) || ' ' || case when number = 1 then one else many end $$;

-- What the addresses did.
create or replace function churn_reasons(f features, j judgement) returns text[]
language sql stable
as $$
	select array[
		case when f.addresses > f.answer_max then
			format(case when j.grows then '%s distinct addresses in %s, new ones still coming (%s in the last %s)'
					else '%s distinct addresses in %s, %s of them new in the last %s' end,
				f.addresses, counted(f.a_answered, 'lookup', 'lookups'), f.late_new,
				counted(f.late_answers, 'different answer', 'different answers'))
		when f.addresses > 0 then
			format('the same %s in %s', counted(f.addresses, 'address', 'addresses'),
				counted(f.a_answered, 'lookup', 'lookups')) end,
		case when j.blind and f.addresses > 0 then
			format('in %s; no prefix table of that time is imported, so their ASNs are not known',
				counted(f.networks16, 'network of size /16', 'networks of size /16'))
		when f.asns > 0 then 'in ' || counted(f.asns, 'network (ASN)', 'networks (ASNs)') end,
		case when not j.blind and f.known < f.addresses then
			format('the ASN of %s is not known and counts for nothing',
				counted(f.addresses - f.known, 'address', 'addresses')) end,
		case when f.ttl_max is not null then
			'TTL ' || case when f.ttl_min < f.ttl_max then f.ttl_min || ' to ' else '' end || f.ttl_max
				|| case when f.ttl_max > 0 then ' s' else '' end
		when f.addresses > 0 then 'the TTL is not known' end,
		case when j.grows then
			format('behind it stand at least %s addresses (capture-recapture, 95 %% interval, %s)', ceil(f.pool_low),
				coalesce('at most ' || ceil(f.pool_high), 'no upper bound yet')) end,
		case when j.renews then
			format('addresses leave the answers for good: of %s that came in, %s came back',
				f.addresses - f.answer_max + f.recaptures, f.recaptures) end,
		case when f.named > 0 and f.addresses > f.answer_max then
			format('by their names %s of %s are dynamic lines', f.dynamic,
				counted(f.named, 'address', 'addresses')) end,
		case when f.guilty > 0 then
			format('%s also seen under %s judged flux', counted(f.guilty, 'address was', 'addresses were'),
				counted(f.guilty_names, 'other name', 'other names')) end,
		case when j.dual and f.addresses > f.answer_max then
			format('it has %s IPv6 addresses too, which bots hardly have', f.aaaa_addresses) end,
		case when f.chain > 0 then format('a CNAME chain to %s', f.chain_end) end,
		case when f.views_denying > 0 and f.views_denying < f.views then
			format('%s of %s say there is no address, as a filter does', f.views_denying,
				counted(f.views, 'resolver', 'resolvers')) end]
$$;

-- Why the verdict is this word, beside what the addresses did; and what would settle it.
create or replace function word_reasons(word text, f features, j judgement) returns text[]
language sql stable
as $$
	select array[
		case when f.listed is not null and word not in ('dead', 'silent') then
			format('on the %s list: %s (source: %s, of %s)', f.listed, f.listed_entry, f.listed_source, f.listed_on)
				|| case when f.listed_late then ', imported after these observations' else '' end end,
		case word
		when 'silent' then format('no address: %s of %s failed (%s)', f.failures,
			counted(f.lookups, 'lookup', 'lookups'), f.failure_words)
		when 'dead' then format('%s in the newest %s', case f.a_negative_last when 'nxdomain'
			then 'the name does not exist (NXDOMAIN)' else 'the name has no address (NODATA)' end,
			counted(f.a_negative_since, 'lookup', 'lookups'))
		when 'unknown' then case
			when f.a_answered = 0 then 'no address was asked for yet: one pass of track would settle it'
			when f.holz_score is null and f.draws < 3
				then 'one answer, or all within its TTL: another lookup after the TTL would settle it'
			else 'its addresses changed between two lookups: a third one would settle it' end
		when 'sinkholed' then case when f.last_sinkholed > 0 then 'its addresses are on the sinkhole list: ' || f.last_listed end
		when 'parked' then case when f.last_parked > 0 then 'its addresses are on the parking list: ' || f.last_listed
			when f.listed is null then format('shares them with %s followed names',
				f.last_shared - 1 || case when f.last_shared < 50 then '' else ' or more' end) end
		when 'cdn' then case when f.last_cdn > 0 then 'its addresses are on the list of content networks: ' || f.last_listed end
		when 'pool' then case when f.listed is null then
			'new addresses in many networks, but by their names they are servers, as volunteers'' are' end
		when 'static' then case when f.a_answered = 0 then
			format('it has IPv6 addresses alone (%s)', counted(f.aaaa_answered, 'lookup', 'lookups')) end
		when 'suspect' then case
			when f.a_answered < 3
				then 'many addresses in many networks, but few lookups: more lookups after the TTL would settle it'
			when f.ttl_max is null then 'the TTL is not known: lookups of our own would settle it'
			when not j.short_ttl then 'the TTL is long for flux'
			when j.dual then 'its IPv6 addresses speak for servers: the names of its addresses (enrich) would settle it'
			when j.grows and j.spread and not j.fluxes and not j.servers then 'it could yet be a set of mirrors: '
				'more lookups, or the names of its addresses (enrich), would settle it'
			when j.grows and f.known < f.addresses / 2
				then 'too many ASNs are not known to tell: a prefix table of the time would settle it'
			when j.grows then 'few networks for flux'
			when j.guilty then 'it shares addresses with names that flux, but does not itself'
			else 'spread over networks as bots are, but no new addresses come: the names of its addresses (enrich) '
				'would settle it' end
		when 'double-flux' then case when f.ns_changes >= 3
			then format('its nameservers change: %s named, new ones in %s lookups', f.ns_names, f.ns_changes)
			else format('its nameservers flux too: %s addresses in %s networks (ASNs), %s of %s new under the same name',
				f.ns_addresses, f.ns_asns, f.ns_new, f.ns_draws) end
		end]
$$;

-- What was imported later than what it is used for.
create or replace function table_reasons(f features) returns text[]
language sql stable
as $$
	select array[case when f.origins_late and f.known > 0 then
		format('the ASNs are from %s of %s, imported on %s, after these observations', f.origins_source, f.origins_on,
			utc_text(f.origins_imported_at)) end]
$$;

-- What the published rules say, beside our own verdict.
create or replace function rule_reasons(f features) returns text[]
language sql stable
as $$
	select array[
		case when f.holz_flux then
			format('the rule of Holz et al. (2008) says flux: %s, more than 142.38', round(f.holz_score::numeric, 2)) end,
		case when f.atlas_flux then
			format('the rule of ATLAS (2008) says flux: %s of 9 points, more than 4', f.atlas_points) end,
		case when f.fluxbuster_flux then
			format('the tree of FluxBuster (2009) says flux: growth %s, %s names on its addresses',
				round(f.growth::numeric, 2), f.fluxbuster_names) end]
$$;

-- What was served behind the addresses. A content network serves the same everywhere too: it tells of names that flux.
create or replace function page_reasons(word text, f features) returns text[]
language sql stable
as $$
	select array[case when word in ('flux', 'double-flux', 'suspect') and f.page_nodes >= 3 and f.page_networks >= 3 then
		format('the same page (SHA-256 %s...) came from %s addresses in %s networks: proxies', left(f.page_sha256, 16),
			f.page_nodes, f.page_networks) end]
$$;

create function verdicts_of(ids integer[], at timestamptz default null, known timestamptz default null)
returns table (verdict text, score real, reasons text[], f features, j judgement)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
set jit = off
as $$
	select word, verdict_score(word, f, j),
		array_remove(word_reasons(word, f, j) || churn_reasons(f, j) || page_reasons(word, f) || table_reasons(f)
			|| rule_reasons(f), null),
		f, j
	from judged_of(ids, at, known)
	cross join lateral verdict_word(f, j) as word
$$;
comment on function verdicts_of is
	'the verdicts of a set of domain ids, newest, as of a time, or as known at a time; writes nothing, for whoever wants to try';
