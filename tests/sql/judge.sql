-- SPDX-License-Identifier: MIT
-- Each question of the judgement on either side of its boundaries, and what flux needs of them. From figures:
-- features_of() is made to give those of one name.
begin;
select no_plan();

create temporary table figure of features;
create or replace function features_of(ids integer[], at timestamptz default null, known timestamptz default null)
returns setof features language sql stable
as $$ select * from pg_temp.figure where domain_id = any(ids) $$;

create function pg_temp.judged(figures text, name text default 'www.a.example') returns jsonb language plpgsql
as $$
declare
	id integer := fixture.domain(name);
begin
	delete from figure;
	insert into figure select f.* from fixture.figures(figures || ' domain_id=' || id) f;
	return (select to_jsonb(j) from judged_of(array[id]));
end $$;

-- With the figures `given` the answer is yes where `yes` is added, and no where `no` is.
create function pg_temp.parts(question text, given text, yes text, no text) returns setof text language sql
as $$
	select is((pg_temp.judged(given || ' ' || yes) ->> question)::boolean, true, question || ': ' || yes || ' of ' || given)
	union all
	select is((pg_temp.judged(given || ' ' || no) ->> question)::boolean, false, question || ': not ' || no || ' of ' || given)
$$;
select pg_temp.parts(question, given, yes, no) from (values
	('gone', 'a_negative_since=0', 'a_negative=1', 'a_negative=0'), -- no view ever gave an address
	('gone', 'a_answered=9 a_negative=3', 'a_negative_since=3', 'a_negative_since=2'),
	('gone', 'a_answered=9 a_negative=3 a_negative_since=3', 'views_turned=true', 'views_turned=false'),
	('gone', 'a_negative=3 aaaa_answered=1', 'a_negative_last=nxdomain', 'a_negative_last=nodata'),
	('short_ttl', '', 'ttl_max=1799', 'ttl_max=1800'),
	('short_ttl', '', 'ttl_max=0', ''), -- a TTL that is not known is not short
	('short_ttl', 'ttl_max=86400', 'ttl_late=1799', 'ttl_late=1800'), -- a parked name that wakes
	('grows', 'new_share=0.1 pool_low=12', 'a_answered=3', 'a_answered=2'),
	('grows', 'a_answered=3 pool_low=12', 'new_share=0.1', 'new_share=0.0999'),
	('grows', 'a_answered=3 new_share=0.1', 'pool_low=12', 'pool_low=11.9'),
	('grows', 'a_answered=3 new_share=0.1 pool_low=80 addresses=80', 'pool_high=100.1', 'pool_high=100'),
	('large', '', 'addresses=60', 'addresses=59'),
	-- 24.13, half of the 0.999 quantile of chi-square with 22 degrees: 11 recaptures or more are as likely as that. 60 times.
	('large', 'addresses=59 recaptures=10', 'pairs=1462', 'pairs=1434'),
	('sudden', 'addresses=10 new_share=0.1', 'ttl_max=9', 'ttl_max=10'),
	('sudden', 'addresses=10 new_share=0.1 ttl_max=300', 'ttl_late=9', 'ttl_late=10'),
	('sudden', 'ttl_max=9 new_share=0.1', 'addresses=10', 'addresses=9'),
	('sudden', 'ttl_max=9 addresses=10', 'new_share=0.1', 'new_share=0.0999'),
	-- Of 1250 redrawn 1000 stayed: 0.763 by Wilson's lower bound, so 3.216 pairs by answer_max were to come back. For
	-- none, one and a hundred recaptures 7.07, 9.36 and four times a hundred are needed: 10.98, 14.6 and 621.9 pairs.
	('renews', 'kept=0.8 stays=1000 answer_max=5 recaptures=0', 'pairs=11.1', 'pairs=10.9'),
	('renews', 'kept=0.8 stays=1000 answer_max=5 recaptures=1', 'pairs=15', 'pairs=14'),
	('renews', 'kept=0.8 stays=1000 answer_max=5 recaptures=100', 'pairs=623', 'pairs=621'),
	('renews', 'kept=0.8 stays=1000 recaptures=0 pairs=11.1', 'answer_max=5', 'answer_max=6'),
	-- Of 12.5 redrawn 10 stayed: 0.377, so 0.604 pairs by answer_max. Without a stay nothing is sure.
	('renews', 'kept=0.8 stays=10 answer_max=5 recaptures=0', 'pairs=59', 'pairs=58'),
	('renews', 'answer_max=5 recaptures=0 pairs=1e9', 'kept=0.1 stays=100', 'kept=0 stays=0'),
	('homes', 'named=3', 'dynamic=4', 'dynamic=3'),
	('homes', 'dynamic=50', 'named=100', 'named=101'),
	('homes', 'dynamic=40 pool_low=40', 'named=100', 'named=101'),
	('homes', 'dynamic=4 named=10', 'pool_low=40', 'pool_low=39.9'),
	('servers', 'dynamic=0', 'named=6', 'named=5'),
	('servers', 'named=100', 'dynamic=30', 'dynamic=31'),
	('guilty', 'guilty=3 addresses=10', 'guilty_names=2', 'guilty_names=1'),
	('guilty', 'guilty_names=2 addresses=6', 'guilty=3', 'guilty=2'),
	('guilty', 'guilty_names=2 guilty=30', 'addresses=100', 'addresses=101'),
	('dual', 'aaaa_networks=2', 'aaaa_addresses=3', 'aaaa_addresses=2'),
	('dual', 'aaaa_addresses=3', 'aaaa_networks=2', 'aaaa_networks=1'),
	('blind', '', 'known=0', 'known=1'),
	('blind', '', 'known=0', 'origins_source=a'), -- a table that knows none of the addresses
	-- 0.4 of 36, 37, 100 to the power of 0.7: 4.91, 5.009, 10.05. Of unknown ASNs nothing is said.
	('spread', 'known=20', 'asns=5', 'asns=4'),
	('spread', 'known=36 addresses=1000', 'asns=5', 'asns=4'),
	('spread', 'known=37 addresses=37', 'asns=6', 'asns=5'),
	('spread', 'known=100 addresses=100', 'asns=11', 'asns=10'),
	('spread', 'known=6 addresses=10 dynamic=8 named=16', 'networks16=10', 'networks16=9'),
	('spread', 'known=6 addresses=10 named=8 networks16=10', 'dynamic=8', 'dynamic=7'),
	('spread', 'known=6 addresses=100 dynamic=50 networks16=10', 'named=100', 'named=101'),
	('spread', 'addresses=10 dynamic=8 named=16 networks16=10', 'known=6', 'known=7'),
	('spread', 'addresses=20', 'networks16=10', 'networks16=9'),
	('spread', 'addresses=40', 'networks16=17', 'networks16=16'),
	('spread', 'addresses=40 networks16=40', 'known=0', 'origins_source=a'),
	('elsewhere', 'chain=1', 'chain_zone=edge.example', 'chain_zone=a.example'),
	('elsewhere', '', 'chain=1 chain_zone=edge.example', ''),
	('ns_flux', '', 'ns_changes=3', 'ns_changes=2'),
	('ns_flux', 'ns_addresses=8 ns_draws=5 ns_new=5', 'ns_asns=4', 'ns_asns=3'),
	('ns_flux', 'ns_asns=4 ns_draws=5 ns_new=5', 'ns_addresses=8', 'ns_addresses=7'),
	('ns_flux', 'ns_asns=4 ns_addresses=8 ns_draws=5', 'ns_new=5', 'ns_new=4'),
	('ns_flux', 'ns_asns=4 ns_addresses=8 ns_new=5', 'ns_draws=48', 'ns_draws=49')) as v(question, given, yes, no);

-- Below a dynamic-DNS provider's name each label has another owner.
select is(pg_temp.judged('chain=1 chain_zone=' || zone, 'www.x.mooo.com') ->> 'elsewhere', expected, 'www.x.mooo.com to ' || zone)
from (values ('x.mooo.com', 'false'), ('mooo.com', 'true'), ('y.mooo.com', 'true')) as v(zone, expected);
select is(pg_temp.judged('chain=1 chain_zone=a.example', 'example') ->> 'elsewhere', 'false', 'a public suffix is nobody''s');

-- What flux needs, in words that stand for figures with that answer.
create temporary table word (word text primary key, figures text) on commit drop;
insert into word values ('flux', 'ttl_max=300 known=40 asns=8 addresses=40 answer_max=5 a_answered=3'), ('homes', 'dynamic=20 named=40'),
	('servers', 'dynamic=12 named=40'), ('guilty', 'guilty=20 guilty_names=2'), ('dual', 'aaaa_addresses=3 aaaa_networks=2'),
	('elsewhere', 'chain=1 chain_zone=edge.example'), ('sudden', 'ttl_max=9 new_share=0.1'), ('grows', 'new_share=0.1 pool_low=12'),
	('large', 'pairs=1000 recaptures=0'), ('renews', 'pairs=14 recaptures=0 stays=1000 kept=0.8'), ('ns_flux', 'ns_changes=3');
create function pg_temp.figures(words text) returns text language sql
as $$
	select string_agg(coalesce(w.figures, t.word), ' ' order by t.at)
	from string_to_table('flux ' || words, ' ') with ordinality as t(word, at) left join word w using (word)
$$;
select is(pg_temp.judged(pg_temp.figures(word)) ->> word, 'true', word || ' is what its figures say') from word where word <> 'flux';
select is(pg_temp.judged(pg_temp.figures(words)) ->> 'fluxes', expected::text, words || ': ' || expected)
from (values ('', false), ('homes', true), ('sudden', true),
	('guilty pool_low=11.9', false), ('guilty pool_low=12', true), ('pool_low=12', false),
	('grows', false), ('grows large', true), ('grows renews', true), ('grows ns_flux', true), ('large renews ns_flux', false),
	-- what all need
	('homes ttl_max=1799', true), ('homes ttl_max=1800', false), ('homes asns=5', false), ('homes a_answered=2', false),
	('homes addresses=6', true), ('homes addresses=5 answer_max=4', false), ('homes answer_max=39', true), ('homes answer_max=40', false),
	-- what speaks against it, and what overrules that
	('servers sudden', false), ('servers grows large', false), ('servers grows ns_flux', false), ('servers grows renews', true),
	('servers renews', false), ('servers guilty pool_low=12', false),
	('dual homes', false), ('dual sudden', false), ('dual grows renews', false), ('dual guilty pool_low=12', true),
	('elsewhere sudden', false), ('elsewhere grows large', false), ('elsewhere homes', true), ('elsewhere guilty pool_low=12', true),
	('elsewhere sudden asns=15 known=30', true), ('elsewhere sudden asns=15 known=31', false),
	('elsewhere sudden asns=14 known=28', false)) as v(words, expected);

select * from finish();
rollback;
