-- SPDX-License-Identifier: MIT
-- When names are scored, what is kept of it, and what status shows.
begin;
select plan(55);
select fixture.pool_origins(200);

-- A followed name that was never asked for has its row.
select fixture.domain('waiting.example');
select fixture.domain('ns1.example', 'nameserver');
select is(verdict, 'unknown', 'not asked yet: unknown'), is(lookups, 0::bigint, 'no lookups'),
	is(cardinality(reasons), 1, 'with a reason') from status where domain = 'waiting.example';
select is_empty($$select * from status where domain = 'ns1.example'$$, 'a nameserver has no row');
select results_eq($$select string_agg(key, ' ' order by at)
	from json_array_elements(status_json()::json) row, json_object_keys(row) with ordinality as k(key, at)$$,
	$$values ('domain family verdict score addresses asns ttl_min ttl_max lookups failures first_seen last_seen '
	'last_change reasons cluster')$$, 'status_json: the keys in their order');

-- Only what has new observations is scored.
select fixture.churn('a.example', 4, 2, 0, 2, 2), fixture.churn('b.example', 4, 2, 0, 2, 2);
select is(score_domains(), 2::bigint, 'two names with observations');
select is(score_domains(), 0::bigint, 'nothing new, nothing scored');
select is(score_domains(everything => true), 2::bigint, 'everything, when asked for');
select fixture.observe('b.example', '1 hour', '{60.0.0.1,60.1.0.1}');
select is(score_domains(), 1::bigint, 'the one with a new observation');
select fixture.observe('b.example', '-1 hour', '{60.0.0.1,60.1.0.1}');
select is(score_domains(), 1::bigint, 'an observation that comes late is new too');

-- What is due is in due_name; a score of now empties it.
select is_empty('select * from due_name', 'nothing is due');
select mark_all_due();
select is(score_domains(), 2::bigint, 'all, where they were marked');
select merge_list('allow', '{nobody.example}', '{}', 'feed', '2008-01-01');
select is(score_domains(), 2::bigint, 'an entry more on a list may touch any verdict');
select merge_list('allow', '{nobody.example}', '{}', 'feed', '2008-01-01');
select is(score_domains(), 0::bigint, 'the same list again touches none');
select fixture.observe('ns1.example', '0 s', '{60.0.0.9}', role => 'nameserver');
select is(score_domains(), 0::bigint, 'a nameserver is not scored');
update domain set role = 'followed' where name = 'ns1.example';
select is(score_domains(), 1::bigint, 'until it is followed, then with the lookups it has');
select is_empty('select * from due_name', 'once');
update domain set family = 'storm' where name = 'ns1.example';
select is(score_domains(), 0::bigint, 'another change of a name makes it not due');
update domain set role = 'followed' where name = 'waiting.example';
select is_empty('select * from due_name', 'nor does what was followed before');
update domain set role = 'nameserver' where name = 'ns1.example';
delete from verdict where domain_id = domain_id_of('ns1.example');
delete from verdict_history where domain_id = domain_id_of('ns1.example');
select is_empty($$select from verdict where verdict = 'static' and features is not null$$, 'the features of names that do nothing are not kept');

-- The history has an interval for each verdict, closed when the next begins.
create function pg_temp.history(name text) returns setof text language sql
as $$
	select verdict || ' ' || to_char(from_at - fixture.start(), 'DD HH24:MI:SS')
		|| coalesce(' to ' || to_char(to_at - fixture.start(), 'DD HH24:MI:SS'), '')
	from verdict_history where domain_id = domain_id_of(name) order by from_at
$$;
select results_eq($$select * from pg_temp.history('a.example')$$, $$values ('static 00 00:15:03')$$, 'the first verdict opens');
select fixture.observe('a.example', '2 hours' + k * interval '301 s',
	array(select fixture.pool_address(k * 5 + j, 200) from generate_series(0, 4) j)) from generate_series(0, 9) k;
select score_domains();
select results_eq($$select * from pg_temp.history('a.example')$$,
	$$values ('static 00 00:15:03 to 00 02:45:09'), ('flux 00 02:45:09')$$, 'another verdict closes it');
select fixture.observe('a.example', '3 hours', array(select fixture.pool_address(50 + j, 200) from generate_series(0, 4) j));
select score_domains();
select results_eq($$select * from pg_temp.history('a.example')$$,
	$$values ('static 00 00:15:03 to 00 02:45:09'), ('flux 00 02:45:09')$$, 'the same verdict again does not');
select ok(h.scored_at > now() and h.scored_at < h.ended_scored_at, 'when it was computed that it holds'),
	is(h.ended_scored_at, n.scored_at, 'and when that another does'), is(n.ended_scored_at, null, 'which holds'),
	ok(n.scored_at < v.scored_at, 'and was computed again later'), is(v.known_at, v.scored_at, 'from all that was known by then'),
	is(v.features ->> 'addresses', '55', 'its features are kept')
from verdict_history h join verdict_history n using (domain_id) join verdict v using (domain_id)
where h.domain_id = domain_id_of('a.example') and h.verdict = 'static' and n.verdict = 'flux';
select is(addresses, 55::bigint, 'addresses'), is(asns, 55::bigint, 'ASNs'), is(lookups, 15::bigint, 'lookups'),
	is(first_seen, fixture.start(), 'first seen'), is(last_seen, fixture.start() + interval '3 hours', 'last seen'),
	is(last_change, fixture.start() + interval '3 hours', 'last change: a new address')
from status where domain = 'a.example';
select fixture.observe('a.example', '4 hours' + k * interval '1 minute', outcome => 'nxdomain') from generate_series(1, 3) k;
select score_domains();
select is(last_change, fixture.start() + interval '4 hours 3 minutes', 'last change: another verdict')
from status where domain = 'a.example';
select is(e ->> 'last_change', '2008-05-01T16:03:00Z', 'times in JSON are RFC 3339, UTC')
from json_array_elements(status_json()::json) e where e ->> 'domain' = 'a.example';

-- As of a past time: from what was observed until then alone, and the history stays as it was.
create temporary table before on commit drop as select * from verdict_history;
select is(score_domains(fixture.start() + interval '3 hours'), 2::bigint, 'as of a past time all are scored');
select is(fixture.verdict_of('a.example'), 'flux', 'the verdict of that time');
select is(window_end, fixture.start() + interval '3 hours', 'and it says which') from verdict
where domain_id = domain_id_of('a.example');
select set_eq('select * from verdict_history', 'select * from before', 'the history is not touched');
select score_domains(fixture.start() + interval '16 minutes');
select is(fixture.verdict_of('a.example'), 'static', 'and that of an earlier one');
select is(lookups, null, 'a verdict of the past says of no lookups that they were all') from verdict where domain_id = domain_id_of('a.example');
select is((select count(*) from due_name), 2::bigint, 'after that all are due');
select is(score_domains(), 2::bigint, 'the next score sets all right');
select is(lookups, 18::bigint, 'with the lookups it rests on') from verdict where domain_id = domain_id_of('a.example');
select is(fixture.verdict_of('a.example'), 'dead', 'the verdict of now');
select is((flux_features('a.example', fixture.start() + interval '24 hours')).a_answered, 14::bigint,
	'a window is 24 hours, without the moment it begins at');
select is((flux_features('a.example', fixture.start() + interval '24 hours' - interval '1 s')).a_answered, 15::bigint,
	'a second earlier that moment is in it');
select is((flux_features('a.example', fixture.start() + interval '301 s')).a_answered, 2::bigint,
	'with the moment it ends at');

-- Each name has its own window, and none has what is not rolled up yet.
select fixture.churn('early.example', 3, 1, 1, 10, 10, 300, '1 hour'), fixture.observe('late.example', '2 hours', '{60.0.0.1}'),
	fixture.observe('late.example', '30 hours', '{60.0.0.1}');
select roll_up_nodes();
select fixture.observe('early.example', '3 hours', '{60.0.0.9}');
select is(array_agg(f.a_answered order by d.name), '{3,1}'::bigint[], 'the windows of two names')
from features_of(array[domain_id_of('early.example'), domain_id_of('late.example')]) f join domain d on d.id = f.domain_id;

-- One observation of a wild clock does not hold the window in a year to come; where there is no other, it must.
select fixture.churn(name, 10, 5, 5, 1121, 200) from unnest('{wild.example,skewed.example}'::text[]) name;
select fixture.observe('wild.example', now() - fixture.start() + interval '61 minutes', '{60.0.0.1}'),
	fixture.observe('all-wild.example', now() - fixture.start() + interval '40 years', '{60.0.0.1}'),
	fixture.observe('skewed.example', now() - fixture.start() + interval '59 minutes', '{60.0.0.1}');
select is(fixture.judge('wild.example'), 'flux', 'an observation more than an hour ahead of this clock is not the newest');
select is((flux_features('wild.example')).window_end, fixture.start() + interval '2709 s', 'the one before it is'),
	is((flux_features('skewed.example')).window_end, now() + interval '59 minutes', 'within an hour clocks may differ'),
	is((flux_features('all-wild.example')).a_answered, 1::bigint, 'a name of a wild clock alone is judged by that');

select * from finish();
rollback;
