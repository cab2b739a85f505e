-- SPDX-License-Identifier: MIT
-- The verdict: what we say of a name, from its features, with reasons that can be computed again.
--
-- It is conservative: a registrar acts once on a false report. A name fluxes where addresses that were never
-- seen still come, in networks as many as bots would be in, with a short TTL, and no list says that it is
-- something else; and where besides that something sets it apart from a set of mirrors: a pool larger than
-- mirrors have, addresses that are home lines, company with names that flux, or a TTL as no mirror has. Nothing
-- counts seconds but the TTL: how fast a pool turns does not matter.

drop type if exists judgement;

-- The questions that the verdict is made of.
create type judgement as (
	gone boolean,
	short_ttl boolean,
	grows boolean,
	large boolean,
	sudden boolean,
	renews boolean,
	homes boolean,
	servers boolean,
	guilty boolean,
	dual boolean,
	blind boolean,
	spread boolean,
	elsewhere boolean,
	ns_flux boolean,
	fluxes boolean
);
comment on type judgement is 'the questions that a verdict is made of';
comment on column judgement.gone is
	'every view that gave addresses denies them, three times in all; or none ever gave any, and one denied them';
comment on column judgement.short_ttl is 'TTL of the late draws, else of all, below 1800 s (Holz et al. 2008)';
comment on column judgement.grows is
	'three A answers or more, new addresses in the late draws (a tenth of them), a pool of 12 or more, and not four '
	'fifths of it seen by any reckoning';
comment on column judgement.large is
	'the pool has 60 addresses or more, at 99.9 %: sets of mirrors are smaller';
comment on column judgement.sudden is
	'TTL below 10 s, where mirrors and pools let resolvers cache, and ten addresses or more, a tenth of the late draws new';
comment on column judgement.renews is
	'answers keep more of the one before than turns taken in a fixed set would allow for, given how few addresses come '
	'back: nodes leave for good. Were the set fixed, it had answer_max / kept addresses, and pairs / (that - answer_max) '
	'recaptures were to be expected; there are fewer, at 99.9 % for stays and recaptures alike, and by three quarters';
comment on column judgement.homes is
	'four addresses or more are dynamic lines by their names, and half of those whose names tell, or four tenths in a '
	'pool of 40 or more';
comment on column judgement.servers is 'six names of addresses or more tell, and at most three tenths are dynamic lines';
comment on column judgement.guilty is
	'three addresses or more, and three tenths of all, were nodes of two or more other names judged flux';
comment on column judgement.dual is 'three IPv6 addresses or more in two /32 or more: servers have them, bots hardly';
comment on column judgement.blind is 'no prefix table speaks for the time, and no ASN is known';
comment on column judgement.spread is
	'5 ASNs or more (benign names have at most 3, flux at least 4: Hsu et al. 2010) and 0.4 of the known addresses to the '
	'power of 0.7; blind: 10 /16 or more that are 0.41 of the addresses (Perdisci et al. 2009); where the ASNs of three '
	'tenths are not known, eight dynamic lines (half of those whose names tell) in 10 /16 do too';
comment on column judgement.elsewhere is 'a CNAME leads to another registrable name, as to a content network';
comment on column judgement.ns_flux is
	'nameservers get new addresses under the same name, or new nameservers come again and again';
comment on column judgement.fluxes is 'all that flux needs, but for the lists';

create function judged_of(ids integer[], at timestamptz default null, known timestamptz default null)
returns table (f features, j judgement)
language sql stable rows 10000
set search_path = fluxtrack, pg_temp
as $$
	select f, row(
		f.a_negative > 0 and (f.a_answered = 0 or f.a_negative_since >= 3 and f.views_turned)
			and (f.aaaa_answered = 0 or f.a_negative_last = 'nxdomain'),
		q.short_ttl, q.grows, q.large, q.sudden, q.renews, q.homes, q.servers, q.guilty, q.dual, q.blind, q.spread,
		q.elsewhere, q.ns_flux,
		q.short_ttl and q.spread and f.a_answered >= 3 and f.addresses >= 6 and f.addresses > f.answer_max
			and (q.renews or not q.servers) and (q.guilty or not q.dual)
			and (q.homes or q.guilty or not q.elsewhere or f.asns >= 15 and f.asns >= 0.5 * f.known)
			and (q.homes or q.guilty and f.pool_low >= 12 or q.sudden
				or q.grows and (q.large or q.renews or q.ns_flux)))::judgement
	from features_of(ids, at, known) f
	join domain d on d.id = f.domain_id
	cross join lateral (select share_low(f.stays, f.stays / nullif(f.kept, 0), 3.09)) as sure(kept)
	cross join lateral (select
		coalesce(coalesce(f.ttl_late, f.ttl_max) < 1800, false) as short_ttl,
		coalesce(f.a_answered >= 3 and f.new_share >= 0.1 and f.pool_low >= 12, false)
			and coalesce(f.addresses < 0.8 * f.pool_high, true) as grows,
		coalesce(greatest(f.addresses, f.pairs / poisson_high(f.recaptures, 3.09)) >= 60, false) as large,
		coalesce(coalesce(f.ttl_late, f.ttl_max) < 10 and f.addresses >= 10 and f.new_share >= 0.1, false) as sudden,
		coalesce(f.pairs * sure.kept / nullif(f.answer_max * (1 - sure.kept), 0)
			> greatest(4 * f.recaptures, poisson_high(f.recaptures, 3.09)), false) as renews,
		f.dynamic >= 4 and (f.dynamic >= 0.5 * f.named or coalesce(f.dynamic >= 0.4 * f.named and f.pool_low >= 40, false)) as homes,
		f.named >= 6 and f.dynamic <= 0.3 * f.named as servers,
		f.guilty_names >= 2 and f.guilty >= 3 and f.guilty >= 0.3 * f.addresses as guilty,
		f.aaaa_addresses >= 3 and f.aaaa_networks >= 2 as dual,
		f.known = 0 and f.origins_source is null as blind,
		case when f.known = 0 and f.origins_source is null then f.networks16 >= greatest(10, 0.41 * f.addresses)
			else f.asns >= greatest(5, 0.4 * f.known ^ 0.7)
				or f.dynamic >= 8 and f.dynamic >= 0.5 * f.named and f.networks16 >= 10 and f.known < 0.7 * f.addresses
			end as spread,
		coalesce(f.chain > 0 and registered_name(f.chain_end, f.chain_zone, judged_of.known)
			<> registered_name(d.name, d.registered, judged_of.known), false) as elsewhere,
		f.ns_changes >= 3
			or f.ns_asns >= 4 and f.ns_addresses >= 8 and f.ns_new >= 5
				and f.ns_new >= 0.1 * (f.ns_draws + 2) as ns_flux) as q
$$;

-- The verdict's word. What was seen to be gone comes first, then the lists, then what was measured. Alone the
-- list of parking firms does not win: their nameservers serve names that flux too, and what is parked does not flux.
create or replace function verdict_word(f features, j judgement) returns text
language sql immutable
as $$
	select case
		when j.gone then 'dead'
		when f.a_answered + f.a_negative + f.aaaa_answered = 0 then
			case when f.failures > 0 then 'silent' else 'unknown' end
		when f.listed = 'sinkhole' or f.last_sinkholed = f.last_addresses then 'sinkholed'
		when (f.listed = 'parking' or f.last_parked = f.last_addresses) and not j.fluxes then 'parked'
		when f.listed = 'pool' then 'pool'
		when f.listed = 'cdn' or f.last_cdn = f.last_addresses then 'cdn'
		when f.a_answered = 0 then case when f.aaaa_answered > 0 then 'static' else 'unknown' end
		when f.listed = 'allow' then case when f.addresses > f.answer_max then 'rotating' else 'static' end
		when j.short_ttl and (f.holz_score is null and f.draws < 3 or f.a_answered = 2 and f.addresses > f.answer_max)
			then case when f.addresses >= 8 and f.asns >= 6 and not j.servers and not j.elsewhere then 'suspect'
				else 'unknown' end
		when f.last_shared >= 10 and not j.grows and (f.addresses <= 4 and f.addresses = f.answer_max
			or f.addresses <= 12 and f.draws >= 5) then 'parked'
		when j.fluxes then case when j.ns_flux then 'double-flux' else 'flux' end
		when j.elsewhere and (f.asns < 15 or f.asns < 0.5 * f.known or j.servers)
			and (f.addresses > f.answer_max or f.ttl_max <= 300) then 'cdn'
		when j.servers and j.grows and j.spread and f.pool_low >= 40 then 'pool'
		when j.grows and not j.servers and coalesce(f.pool_high >= 60, true) and (j.spread or f.asns >= 4 and f.asns >= 0.3 * f.known
			or f.known < f.addresses / 2 and f.networks16 >= 10) then 'suspect'
		when j.short_ttl and not j.servers and not j.elsewhere
			and f.asns >= 20 and f.asns >= 0.3 * f.addresses and f.addresses >= 2 * f.answer_max then 'suspect'
		when j.guilty then 'suspect'
		when f.addresses > f.answer_max then 'rotating'
		else 'static'
	end
$$;
comment on function verdict_word is 'the verdict, from the features and the questions of judged_of()';

-- How sure it is that the name fluxes. A verdict that says flux starts at 0.7 and is raised by spread, by each
-- thing that sets it apart from mirrors and by the oldest two published rules; without ASNs it is lowered.
create or replace function verdict_score(word text, f features, j judgement) returns real
language sql immutable
as $$
	select round(case
		when word in ('flux', 'double-flux') then
			0.7 + 0.08 * least(1, f.asns / 20.0)
				+ 0.04 * ((j.large or j.renews)::integer + j.sudden::integer + least(1, j.homes::integer + j.guilty::integer))
				+ 0.05 * (coalesce(f.holz_flux, false)::integer + f.atlas_flux::integer)
				- 0.08 * j.blind::integer
		when word = 'suspect' then 0.4 + 0.1 * coalesce(f.new_share, 0)::numeric
			+ 0.1 * (j.spread and j.short_ttl)::integer
		when word = 'unknown' and f.holz_flux then 0.3
		when word = 'rotating' then 0.2 * coalesce(f.new_share, 0)::numeric
		else 0 end, 2)::real
$$;
