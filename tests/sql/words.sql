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
	('grows', 'a_answered=9 asns=4 known=13', 'suspect'),
	('grows', 'a_answered=9 asns=4 known=14', 'static'),
	('grows', 'a_answered=9 asns=3 known=4', 'static'),
	('grows', 'a_answered=9 addresses=10 answer_max=10 known=4 networks16=10', 'suspect'),
	('grows', 'a_answered=9 addresses=10 answer_max=10 known=5 networks16=10', 'static'),
	('grows', 'a_answered=9 addresses=10 answer_max=10 known=4 networks16=9', 'static'),
	-- suspect: spread as bots are, though nothing new comes
	('short_ttl', 'a_answered=9 draws=3 addresses=66 answer_max=33 asns=20', 'suspect'),
	('short_ttl', 'a_answered=9 draws=3 addresses=66 answer_max=34 asns=20', 'rotating'),
	('short_ttl', 'a_answered=9 draws=3 addresses=67 answer_max=33 asns=20', 'rotating'),
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
	('flux', '', 'holz_flux=true', 0.75), ('flux', '', 'atlas_flux=true', 0.75), ('flux', 'blind', '', 0.60),
	('flux', 'large sudden homes', 'asns=20 holz_flux=true atlas_flux=true', 1.0),
	('suspect', '', '', 0.40), ('suspect', '', 'new_share=0.5', 0.45), ('suspect', 'spread', '', 0.40), ('suspect', 'short_ttl', '', 0.40),
	('suspect', 'spread short_ttl', 'new_share=0.5', 0.55), ('unknown', '', 'holz_flux=true', 0.30), ('unknown', '', '', 0),
	('rotating', '', 'new_share=0.5', 0.10), ('rotating', '', '', 0), ('cdn', 'large', 'new_share=1 holz_flux=true', 0),
	('dead', 'large', 'new_share=1 holz_flux=true', 0)) as v(word, questions, figures, score);

select * from finish();
rollback;
