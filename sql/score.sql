-- SPDX-License-Identifier: MIT
-- The verdict: what we say of a name, from its features, with reasons that can be computed again.
--
-- It is conservative. A name fluxes only where addresses that were never seen still come, out of a pool
-- too large to be a mirror set's, in several networks, with a short TTL, and no list says that it
-- is something else. Nothing here counts seconds but the TTL: how fast a pool turns does not matter.

-- The questions that the verdict is made of, each as its own column.
--  grows: new addresses still come. From a pool of few, half of the late draws are new only by
--    luck; a large pool may be half known and flux on, so it may fall to a tenth.
--  scattered: the addresses turn and each stands almost alone in its network, as bots do. A small botnet that
--    was watched for a day has shown all its nodes and grows no more.
--  spread: at least 5 ASNs (benign names have at most 3, flux at least 4: Hsu et al. 2010). Without any prefix
--    table at least 10 /16, that are 0.41 of the addresses (Perdisci et al. 2009).
--  elsewhere: a CNAME leads to another's zone, as to a content network. Then 10 ASNs.
--  ns_flux: nameservers get new addresses under the same name, or new nameservers come again and again.
create function judged_of(ids integer[], at timestamptz)
returns table (f features, grows boolean, scattered boolean, short_ttl boolean, blind boolean, spread boolean,
	elsewhere boolean, ns_flux boolean, gone boolean)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
as $$
	select f,
		coalesce(f.a_answered >= 3 and f.addresses >= 10 and f.pool_estimate >= 40
			and (f.new_share >= 0.5 or f.pool_estimate >= 200 and f.new_share >= 0.1), false),
		f.asns >= 20 and f.asns >= 0.3 * f.addresses and f.addresses >= 2 * f.answer_max,
		coalesce(f.ttl_max, 0) < 1800,
		blind.holds,
		case when blind.holds then f.networks16 >= greatest(10, 0.41 * f.addresses)
			else f.asns >= 5 end,
		coalesce(f.chain > 0 and regexp_replace(f.chain_end, '^.*\.(?=[^.]+\.[^.]+$)', '')
			<> regexp_replace(d.name, '^.*\.(?=[^.]+\.[^.]+$)', ''), false),
		f.ns_changes >= 3
			or f.ns_asns >= 4 and f.ns_addresses >= 8 and f.ns_new >= 5
				and f.ns_new >= 0.25 * (f.ns_draws + 2),
		f.a_negative > 0 and (f.a_answered = 0 or f.a_negative_since >= 3)
			and (f.aaaa_answered = 0 or f.a_negative_last = 'nxdomain')
	from features_of(ids, at) f
	join domain d on d.id = f.domain_id
	cross join lateral (select f.known = 0 and not exists (select from prefix_origin) as holds) blind
$$;

-- The verdict's word. What was seen to be gone comes first, then the lists, then what was measured.
create or replace function verdict_word(f features, grows boolean, scattered boolean, short_ttl boolean,
	spread boolean, elsewhere boolean, ns_flux boolean, gone boolean)
returns text
language sql immutable
as $$
	select case
		when gone then 'dead'
		when f.a_answered + f.a_negative + f.aaaa_answered = 0 then
			case when f.failures > 0 then 'silent' else 'unknown' end
		when f.listed = 'sinkhole' or f.last_sinkholed = f.last_addresses then 'sinkholed'
		when f.listed = 'parking' or f.last_parked = f.last_addresses then 'parked'
		when f.listed = 'pool' then 'pool'
		when f.listed = 'cdn' or f.last_cdn = f.last_addresses then 'cdn'
		when f.a_answered = 0 then 'static'
		when short_ttl and (f.holz_score is null or f.a_answered = 2 and f.addresses > f.answer_max)
			then 'unknown'
		when f.addresses <= 4 and f.addresses = f.answer_max and f.last_shared >= 10 then 'parked'
		when f.listed = 'allow' then
			case when f.addresses > f.answer_max then 'rotating' else 'static' end
		when grows and short_ttl and spread and (f.asns >= 10 or not elsewhere) then
			case when ns_flux then 'double-flux' else 'flux' end
		when elsewhere and f.asns < 10 and (f.addresses > f.answer_max or f.ttl_max <= 300) then 'cdn'
		when grows and (spread or f.asns >= 4 or f.known < f.addresses / 2 and f.networks16 >= 10)
			then 'suspect'
		when scattered and short_ttl and not elsewhere then 'suspect'
		when f.addresses > f.answer_max then 'rotating'
		else 'static'
	end
$$;
comment on function verdict_word is 'the verdict, from the features and the questions of judged_of()';

-- How sure it is that the name fluxes. A verdict that says flux starts at 0.7 and is raised by spread, by
-- fresh addresses and by the two published rules; without ASNs it is lowered.
create or replace function verdict_score(word text, f features, blind boolean) returns real
language sql immutable
as $$
	select round(case
		when word in ('flux', 'double-flux') then
			0.7 + 0.1 * least(1, f.asns / 20.0) + 0.1 * f.new_share::numeric
				+ case when f.holz_flux then 0.05 else 0 end
				+ case when f.atlas_flux then 0.05 else 0 end
				- case when blind then 0.1 else 0 end
		when word = 'suspect' then 0.4 + 0.2 * f.new_share::numeric
		when word = 'unknown' and f.holz_flux then 0.3
		when word = 'rotating' then 0.2 * coalesce(f.new_share, 0)::numeric
		else 0 end, 2)::real
$$;

-- "1 address", "58 addresses". Stable, as what makes text of a number is; so it is inlined.
create or replace function counted(number bigint, one text, many text) returns text
language sql stable
as $$ select coalesce(number, 0) || ' ' || case when number = 1 then one else many end $$;

-- What the addresses did, in words.
create or replace function churn_reasons(f features, grows boolean, blind boolean) returns text[]
language sql stable
as $$
	select array[
		case when f.addresses > f.answer_max then
			format(case when grows then '%s distinct addresses in %s, new ones still coming (%s in the last %s)'
					else '%s distinct addresses in %s, %s of them new in the last %s' end,
				f.addresses, counted(f.a_answered, 'lookup', 'lookups'), f.late_new,
				counted(f.late_answers, 'lookup', 'lookups'))
		when f.addresses > 0 then
			format('the same %s in %s', counted(f.addresses, 'address', 'addresses'),
				counted(f.a_answered, 'lookup', 'lookups')) end,
		case when blind and f.addresses > 0 then
			format('in %s; no prefix table is imported, so their ASNs are not known',
				counted(f.networks16, 'network of size /16', 'networks of size /16'))
		when f.asns > 0 then 'in ' || counted(f.asns, 'network (ASN)', 'networks (ASNs)') end,
		case when not blind and f.known < f.addresses then
			format('the ASN of %s is not known and counts for nothing',
				counted(f.addresses - f.known, 'address', 'addresses')) end,
		case when f.ttl_max is not null then
			'TTL ' || case when f.ttl_min < f.ttl_max then f.ttl_min || ' to ' else '' end || f.ttl_max
				|| case when f.ttl_max > 0 then ' s' else '' end end,
		case when f.chain > 0 then format('a CNAME chain to %s', f.chain_end) end]
$$;

-- Why the verdict is this word, beside what the addresses did.
create or replace function word_reasons(word text, f features, grows boolean, short_ttl boolean) returns text[]
language sql stable
as $$
	select array[
		case when f.listed is not null and word <> 'dead' and word <> 'silent' then
			format('on the %s list: %s (source: %s)', f.listed, f.listed_entry, f.listed_source) end,
		case word
		when 'silent' then format('no address: %s of %s failed (%s)', f.failures,
			counted(f.lookups, 'lookup', 'lookups'), f.failure_words)
		when 'dead' then format('%s in the newest %s', case f.a_negative_last when 'nxdomain'
			then 'the name does not exist (NXDOMAIN)' else 'the name has no address (NODATA)' end,
			counted(f.a_negative_since, 'lookup', 'lookups'))
		when 'unknown' then case
			when f.a_answered = 0 then 'no address was asked for yet: one pass of track would settle it'
			when f.holz_score is null
				then 'one answer, or all within its TTL: another lookup after the TTL would settle it'
			else 'its addresses changed between two lookups: a third one would settle it' end
		when 'sinkholed' then case when f.last_sinkholed > 0 then 'its addresses are on the sinkhole list' end
		when 'parked' then case when f.last_parked > 0 then 'its addresses are on the parking list'
			when f.last_shared >= 10 then format('shares them with %s followed names', f.last_shared - 1) end
		when 'cdn' then case when f.last_cdn > 0 then 'its addresses are on the list of content networks' end
		when 'static' then case when f.a_answered = 0 then
			format('it has IPv6 addresses alone (%s)', counted(f.aaaa_answered, 'lookup', 'lookups')) end
		when 'suspect' then case
			when not short_ttl then 'the TTL is long for flux'
			when not grows then 'spread over networks as bots are, but no new addresses come'
			when f.known < f.addresses / 2 then 'too many ASNs are not known to tell'
			else 'few networks for flux' end
		when 'double-flux' then case when f.ns_changes >= 3
			then format('its nameservers change: %s named, new ones in %s lookups', f.ns_names, f.ns_changes)
			else format('its nameservers flux too: %s addresses in %s networks (ASNs), %s of %s new under the same name',
				f.ns_addresses, f.ns_asns, f.ns_new, f.ns_draws) end
		end]
$$;

-- What the published rules say, beside our own verdict.
create or replace function rule_reasons(f features) returns text[]
language sql stable
as $$
	select array[
		case when f.holz_flux then
			format('the rule of Holz et al. (2008) says flux: %s, more than 142.38', round(f.holz_score::numeric, 2)) end,
		case when f.atlas_flux then
			format('the rule of ATLAS (2008) says flux: %s of 9 points, more than 4', f.atlas_points) end]
$$;

create function verdicts_of(ids integer[], at timestamptz default null)
returns table (verdict text, score real, reasons text[], f features)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
set jit = off
as $$
	select word, verdict_score(word, j.f, j.blind),
		array_remove(word_reasons(word, j.f, j.grows, j.short_ttl) || churn_reasons(j.f, j.grows, j.blind)
			|| rule_reasons(j.f), null),
		j.f
	from judged_of(ids, at) j
	cross join lateral verdict_word(j.f, j.grows, j.scattered, j.short_ttl, j.spread, j.elsewhere, j.ns_flux, j.gone) as word
$$;
comment on function verdicts_of is
	'the verdicts of a set of domain ids, newest or as of a time; writes nothing, for whoever wants to try';

-- Writes the verdicts of a set of names. A verdict as of a time in the past is shown until the next score,
-- and leaves the history alone: that tells what was said when.
create or replace function store_verdicts(ids integer[], at timestamptz) returns void
language sql
set search_path = fluxtrack, pg_temp
as $$
	with fresh as materialized (
		select (v.f).domain_id, v.verdict, v.score, (v.f).window_end, v.reasons, v.f
		from verdicts_of(ids, at) v
	), ended as (
		update verdict_history h set to_at = n.window_end
		from fresh n
		where at is null and h.domain_id = n.domain_id and h.to_at is null and h.verdict <> n.verdict
	), begun as (
		insert into verdict_history (domain_id, verdict, score, from_at, reasons)
		select n.domain_id, n.verdict, n.score, n.window_end, n.reasons
		from fresh n
		where at is null and not exists (select from verdict_history h
			where h.domain_id = n.domain_id and h.to_at is null and h.verdict = n.verdict)
	)
	insert into verdict as v (domain_id, verdict, score, window_end, lookups, reasons, holz_score, holz_flux,
		atlas_points, atlas_flux, features, scored_at)
	select n.domain_id, n.verdict, n.score, n.window_end, case when at is null then t.lookups end, n.reasons,
		(n.f).holz_score, (n.f).holz_flux, (n.f).atlas_points, (n.f).atlas_flux,
		jsonb_strip_nulls(to_jsonb(n.f)), now()
	from fresh n join tally t using (domain_id)
	on conflict (domain_id) do update set
		(verdict, score, window_end, lookups, reasons, holz_score, holz_flux, atlas_points, atlas_flux,
			features, scored_at)
		= (excluded.verdict, excluded.score, excluded.window_end, excluded.lookups, excluded.reasons,
			excluded.holz_score, excluded.holz_flux, excluded.atlas_points, excluded.atlas_flux,
			excluded.features, excluded.scored_at)
$$;

-- Rolls up what is new, then scores the followed names with observations since their last verdict, or
-- everything (then the nodes' origins are looked up again too). With `at`, every name as of that time,
-- from what was observed until then alone; the next score puts these verdicts right again.
create or replace function score_domains(at timestamptz default null, everything boolean default false)
returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
set jit = off -- many short statements
as $$
declare
	batch integer[];
	scored bigint := 0;
begin
	perform lock_scoring();
	perform roll_up_nodes();
	if everything then
		perform refresh_origins();
	end if;
	for batch in
		select array_agg(due.id order by due.id)
		from (select d.id, row_number() over (order by d.id) / 5000 as part
			from domain d
			join tally t on t.domain_id = d.id
			left join verdict v on v.domain_id = d.id
			where d.role = 'followed'
				and (everything or at is not null or v.lookups is distinct from t.lookups)) due
		group by due.part
	loop
		perform store_verdicts(batch, at);
		scored := scored + cardinality(batch);
	end loop;
	return scored;
end $$;
comment on function score_domains is
	'rolls up and scores the names with new observations (or everything, or as of a time); gives how many';
