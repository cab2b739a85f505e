-- SPDX-License-Identifier: MIT
-- The word of a verdict, its order, score and reasons: from features and answers to the questions, as the
-- worlds of verdict.sql cannot put each of them apart.
begin;
select no_plan();

-- The questions that are answered with yes.
create function pg_temp.yes(questions text) returns judgement language sql
as $$
	select j from jsonb_populate_record(null::judgement,
		(select jsonb_object_agg(attname, attname = any(string_to_array(questions, ' ')))
		from pg_attribute where attrelid = 'judgement'::regclass and attnum > 0)) j
$$;
create function pg_temp.word(questions text, figures text) returns text language sql
as $$ select verdict_word(fixture.figures(figures), pg_temp.yes(questions)) $$;

-- Of each pair of lines the first is one side of a boundary, the second the other.
select is(pg_temp.word(questions, figures), expected, format('%s: %s; %s', expected, questions, figures)) from (values
	-- dead before all else; silent and unknown before the lists
	('gone fluxes guilty', 'listed=sinkhole a_negative=3', 'dead'),
	('', 'failures=1 listed=sinkhole', 'silent'),
	('', 'failures=0 listed=sinkhole', 'unknown'),
	('', 'failures=1 aaaa_answered=1', 'static'),
	('', 'failures=1 a_negative=1', 'unknown'),
	-- the lists: sinkhole, parking (of what does not flux), pool, cdn, allow
	('fluxes', 'a_answered=9 listed=sinkhole', 'sinkholed'),
	('fluxes', 'a_answered=9 last_addresses=2 last_sinkholed=2', 'sinkholed'),
	('fluxes', 'a_answered=9 last_addresses=2 last_sinkholed=1', 'flux'),
	('', 'a_answered=9 listed=sinkhole last_addresses=2 last_parked=2', 'sinkholed'),
	('', 'a_answered=9 listed=parking', 'parked'),
	('fluxes', 'a_answered=9 listed=parking', 'flux'),
	('', 'a_answered=9 last_addresses=2 last_parked=2', 'parked'),
	('', 'a_answered=9 last_addresses=2 last_parked=1', 'static'),
	('fluxes', 'a_answered=9 last_addresses=2 last_parked=2', 'flux'),
	('', 'a_answered=9 listed=pool last_addresses=2 last_parked=2', 'parked'),
	('fluxes', 'a_answered=9 listed=pool last_addresses=2 last_cdn=2', 'pool'),
	('fluxes', 'a_answered=9 listed=cdn', 'cdn'),
	('fluxes', 'a_answered=9 last_addresses=2 last_cdn=2', 'cdn'),
	('fluxes', 'a_answered=9 last_addresses=2 last_cdn=1', 'flux'),
	('', 'aaaa_answered=1 a_negative=1', 'static'),
	('fluxes grows guilty', 'a_answered=9 listed=allow addresses=2 answer_max=1', 'rotating'),
	('fluxes grows guilty', 'a_answered=9 listed=allow addresses=2 answer_max=2', 'static'),
	-- too few lookups: no second one after the TTL, or two that differ
	('short_ttl', 'a_answered=9 draws=2', 'unknown'),
	('short_ttl', 'a_answered=9 draws=3', 'static'),
	('short_ttl', 'a_answered=9 draws=2 holz_score=1', 'static'),
	('', 'a_answered=1 draws=1', 'static'),
	('short_ttl', 'a_answered=2 holz_score=1 addresses=2 answer_max=1', 'unknown'),
	('short_ttl', 'a_answered=3 holz_score=1 addresses=2 answer_max=1', 'rotating'),
	('short_ttl', 'a_answered=2 holz_score=1 addresses=2 answer_max=2', 'static'),
	('short_ttl', 'a_answered=1 draws=1 addresses=8 asns=6', 'suspect'),
	('short_ttl', 'a_answered=1 draws=1 addresses=7 asns=6', 'unknown'),
	('short_ttl', 'a_answered=1 draws=1 addresses=8 asns=5', 'unknown'),
	('short_ttl servers', 'a_answered=1 draws=1 addresses=8 asns=6', 'unknown'),
	('short_ttl elsewhere', 'a_answered=1 draws=1 addresses=8 asns=6', 'unknown'),
	-- parked without a list: few addresses under many names
	('', 'a_answered=9 last_shared=10 addresses=4 answer_max=4', 'parked'),
	('', 'a_answered=9 last_shared=9 addresses=4 answer_max=4', 'static'),
	('grows', 'a_answered=9 last_shared=10 addresses=4 answer_max=4 pool_high=59', 'static'),
	('', 'a_answered=9 last_shared=10 addresses=5 answer_max=5', 'static'),
	('', 'a_answered=9 last_shared=10 addresses=4 answer_max=3 draws=4', 'rotating'),
	('fluxes', 'a_answered=9 last_shared=10 addresses=12 draws=5', 'parked'),
	('fluxes', 'a_answered=9 last_shared=10 addresses=12 draws=4', 'flux'),
	('fluxes', 'a_answered=9 last_shared=10 addresses=13 draws=5', 'flux'),
	('fluxes ns_flux', 'a_answered=9', 'double-flux'),
	('ns_flux', 'a_answered=9', 'static'),
	-- a content network without a list
	('fluxes elsewhere', 'a_answered=9 ttl_max=300', 'flux'),
	('elsewhere', 'a_answered=9 asns=14 ttl_max=300', 'cdn'),
	('elsewhere', 'a_answered=9 asns=15 ttl_max=300 known=30', 'static'),
	('elsewhere', 'a_answered=9 asns=15 ttl_max=300 known=31', 'cdn'),
	('elsewhere servers', 'a_answered=9 asns=15 ttl_max=300 known=30', 'cdn'),
	('elsewhere', 'a_answered=9 ttl_max=301 addresses=2 answer_max=2', 'static'),
	('elsewhere grows guilty', 'a_answered=9 ttl_max=301 addresses=2 answer_max=1', 'cdn'),
	-- volunteers without a list
	('servers grows spread', 'a_answered=9 pool_low=40', 'pool'),
	('servers grows spread', 'a_answered=9 pool_low=39.9', 'static'),
	('grows spread', 'a_answered=9 pool_low=40', 'suspect'),
	('servers spread', 'a_answered=9 pool_low=40', 'static'),
	('servers grows', 'a_answered=9 pool_low=40', 'static'),
	-- suspect: new addresses in many networks, or in some where many are not known
	('grows spread', 'a_answered=9 pool_high=60', 'suspect'),
	('grows spread', 'a_answered=9 pool_high=59.9', 'static'),
	('grows', 'a_answered=9 asns=6 known=20', 'suspect'),
	('grows', 'a_answered=9 asns=6 known=21', 'static'),
	('grows', 'a_answered=9 asns=4 known=4', 'suspect'),
	('grows', 'a_answered=9 asns=3 known=4', 'static'),
	('grows', 'a_answered=9 addresses=10 answer_max=10 known=4 networks16=10', 'suspect'),
	('grows', 'a_answered=9 addresses=10 answer_max=10 known=5 networks16=10', 'static'),
	('grows', 'a_answered=9 addresses=10 answer_max=10 known=4 networks16=9', 'static'),
	-- suspect: spread as bots are, though nothing new comes
	('short_ttl', 'a_answered=9 draws=3 addresses=66 answer_max=33 asns=20', 'suspect'),
	('short_ttl', 'a_answered=9 draws=3 addresses=66 answer_max=34 asns=20', 'rotating'),
	('short_ttl', 'a_answered=9 draws=3 addresses=70 answer_max=33 asns=21', 'suspect'),
	('short_ttl', 'a_answered=9 draws=3 addresses=71 answer_max=33 asns=21', 'rotating'),
	('short_ttl', 'a_answered=9 draws=3 addresses=40 answer_max=20 asns=19', 'rotating'),
	('', 'a_answered=9 draws=3 addresses=66 answer_max=33 asns=20', 'rotating'),
	('short_ttl servers', 'a_answered=9 draws=3 addresses=66 answer_max=33 asns=20', 'rotating'),
	('short_ttl elsewhere', 'a_answered=9 draws=3 addresses=66 answer_max=33 asns=40 known=66 ttl_max=60', 'rotating'),
	('guilty servers', 'a_answered=9', 'suspect'),
	('', 'a_answered=9 addresses=2 answer_max=1', 'rotating'),
	('', 'a_answered=9 addresses=2 answer_max=2', 'static')) as v(questions, figures, expected);

-- The score.
select is(verdict_score(word, fixture.figures(figures), pg_temp.yes(questions)), score::real,
	format('%s scores %s: %s; %s', word, score, questions, figures)) from (values
	('flux', '', '', 0.70), ('double-flux', '', '', 0.70), ('flux', '', 'asns=10', 0.74), ('flux', '', 'asns=20', 0.78), ('flux', '', 'asns=99', 0.78),
	('flux', 'large', '', 0.74), ('flux', 'renews', '', 0.74), ('flux', 'large renews', '', 0.74), ('flux', 'sudden', '', 0.74),
	('flux', 'homes', '', 0.74), ('flux', 'guilty', '', 0.74), ('flux', 'homes guilty', '', 0.74),
	('flux', '', 'holz_flux=true', 0.75), ('flux', '', 'atlas_flux=true', 0.75), ('flux', 'blind', '', 0.62),
	('flux', 'large sudden homes', 'asns=20 holz_flux=true atlas_flux=true', 1.0),
	('suspect', '', '', 0.40), ('suspect', '', 'new_share=0.5', 0.45), ('suspect', 'spread', '', 0.40), ('suspect', 'short_ttl', '', 0.40),
	('suspect', 'spread short_ttl', 'new_share=0.5', 0.55), ('unknown', '', 'holz_flux=true', 0.30), ('unknown', '', '', 0),
	('rotating', '', 'new_share=0.5', 0.10), ('rotating', '', '', 0), ('cdn', 'large', 'new_share=1 holz_flux=true', 0),
	('dead', 'large', 'new_share=1 holz_flux=true', 0)) as v(word, questions, figures, score);

-- What it says of the word, and what would settle it. Tags have no blanks, so neither have these entries.
create function pg_temp.says(word text, questions text, figures text) returns text language sql
as $$
	select array_to_string(word_reasons(word, f, j) || churn_reasons(f, j) || table_reasons(f) || rule_reasons(f), '; ')
	from fixture.figures(figures) f, pg_temp.yes(questions) j
$$;
select is(pg_temp.says(word, questions, figures), expected, word || ': ' || expected) from (values
	('silent', '', 'lookups=1 failures=1 failure_words=timeout listed=pool', 'no address: 1 of 1 lookup failed (timeout)'),
	('dead', 'gone', 'a_negative_last=nxdomain a_negative_since=3 listed=pool', 'the name does not exist (NXDOMAIN) in the newest 3 lookups'),
	('dead', 'gone', 'a_negative_last=nodata a_negative_since=1', 'the name has no address (NODATA) in the newest 1 lookup'),
	('unknown', '', '', 'no address was asked for yet: one pass of track would settle it'),
	('unknown', '', 'a_answered=1 draws=1', 'one answer, or all within its TTL: another lookup after the TTL would settle it'),
	('unknown', '', 'a_answered=2 draws=3', 'its addresses changed between two lookups: a third one would settle it'),
	('sinkholed', '', 'last_sinkholed=1 last_listed=entry', 'its addresses are on the sinkhole list: entry'),
	('parked', '', 'last_parked=1 last_listed=entry', 'its addresses are on the parking list: entry'),
	('parked', '', 'last_shared=10', 'shares them with 9 followed names'),
	('cdn', '', 'last_cdn=1 last_listed=entry', 'its addresses are on the list of content networks: entry'),
	('cdn', 'elsewhere', 'chain=1 chain_end=a.edge.example', 'a CNAME chain to a.edge.example'),
	('pool', '', '', 'new addresses in many networks, but by their names they are servers, as volunteers'' are'),
	('pool', '', 'listed=pool listed_entry=a.example listed_source=feed listed_on=2008-01-01', 'on the pool list: a.example (source: feed, of 2008-01-01)'),
	('pool', '', 'listed=pool listed_entry=a.example listed_source=feed listed_on=2008-01-01 listed_late=true',
		'on the pool list: a.example (source: feed, of 2008-01-01), imported after these observations'),
	('static', '', 'aaaa_answered=1', 'it has IPv6 addresses alone (1 lookup)'),
	('suspect', '', 'a_answered=2 ttl_max=0', 'many addresses in many networks, but few lookups: more lookups after the TTL would settle it; TTL 0'),
	('suspect', '', 'a_answered=3', 'the TTL is not known: lookups of our own would settle it'),
	('suspect', '', 'a_answered=3 ttl_max=1800', 'the TTL is long for flux; TTL 1800 s'),
	('suspect', 'short_ttl dual', 'a_answered=3 ttl_min=9 ttl_max=60', 'its IPv6 addresses speak for servers: the names of its addresses (enrich) would settle it; TTL 9 to 60 s'),
	('suspect', 'short_ttl guilty', 'a_answered=3 ttl_max=0', 'it shares addresses with names that flux, but does not itself; TTL 0'),
	('suspect', 'short_ttl', 'a_answered=3 ttl_max=0', 'spread over networks as bots are, but no new addresses come: the names of its addresses (enrich) would settle it; TTL 0'),
	('flux', '', '', ''),
	('double-flux', '', 'ns_changes=3 ns_names=8', 'its nameservers change: 8 named, new ones in 3 lookups'),
	('double-flux', '', 'ns_addresses=30 ns_asns=20 ns_new=24 ns_draws=25',
		'its nameservers flux too: 30 addresses in 20 networks (ASNs), 24 of 25 new under the same name'),
	('rotating', 'blind', 'addresses=1 answer_max=1 networks16=1', 'the same 1 address in 0 lookups; in 1 network of size /16; '
		'no prefix table of that time is imported, so their ASNs are not known; the TTL is not known'),
	('rotating', '', 'addresses=3 answer_max=2 a_answered=2 late_new=1 late_answers=1 known=2 asns=2 ttl_max=60',
		'3 distinct addresses in 2 lookups, 1 of them new in the last 1 different answer; in 2 networks (ASNs); '
		'the ASN of 1 address is not known and counts for nothing; TTL 60 s'),
	('flux', 'grows renews dual homes', 'addresses=30 answer_max=5 a_answered=9 late_new=9 late_answers=8 known=30 asns=1 ttl_max=60 pool_low=40.2 '
		'pool_high=90.1 recaptures=2 named=5 dynamic=4 guilty=1 guilty_names=1 aaaa_addresses=3 views=3 views_denying=1',
		'30 distinct addresses in 9 lookups, new ones still coming (9 in the last 8 different answers); in 1 network (ASN); TTL 60 s; '
		'behind it stand at least 41 addresses (capture-recapture, 95 % interval, at most 91); '
		'addresses leave the answers for good: of 27 that came in, 2 came back; by their names 4 of 5 addresses are dynamic lines; '
		'1 address was also seen under 1 other name judged flux; it has 3 IPv6 addresses too, which bots hardly have; '
		'1 of 3 resolvers say there is no address, as a filter does'),
	('rotating', '', 'origins_late=true known=1 origins_source=a.dat origins_on=2009-01-01 origins_imported_at=2010-01-01T00:00Z',
		'the ASNs are from a.dat of 2009-01-01, imported on 2010-01-01T00:00:00Z, after these observations'),
	('rotating', '', 'holz_flux=true holz_score=142.62 atlas_flux=true atlas_points=5 fluxbuster_flux=true growth=0.125 fluxbuster_names=109',
		'the rule of Holz et al. (2008) says flux: 142.62, more than 142.38; the rule of ATLAS (2008) says flux: 5 of 9 points, more than 4; '
		'the tree of FluxBuster (2009) says flux: growth 0.13, 109 names on its addresses')) as v(word, questions, figures, expected);
-- A suspect that grows: mirrors perhaps, ASNs unknown, or few networks.
select matches(pg_temp.says('suspect', 'short_ttl grows ' || questions, 'a_answered=3 ttl_max=60 addresses=9 answer_max=2 ' || figures), '^' || expected,
	'suspect: ' || expected) from (values
	('spread', '', 'it could yet be a set of mirrors'), ('', 'known=3', 'too many ASNs are not known to tell'), ('', 'known=4', 'few networks for flux'),
	('spread fluxes', 'known=4', 'few networks'), ('spread servers', 'known=4', 'few networks'), ('spread dual', '', 'its IPv6 addresses')) as v(questions, figures, expected);

select * from finish();
rollback;
