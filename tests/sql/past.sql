-- SPDX-License-Identifier: MIT
-- A verdict can be computed again exactly, whatever came into the database since; and says so where it rests on
-- what came later than the observations.
begin;
select no_plan();
select fixture.pool_origins(200);

-- Names that rest on all there is: lines, guilt, nameservers, lists, chains, two resolvers.
select fixture.churn(name, 10, 5, 5, 1000, 200) from unnest('{flux.example,double.example,pool.example,lines.example}'::text[]) name;
select fixture.line(fixture.pool_address(i, 200), true) from generate_series(0, 9) i;
select fixture.observe('double.example', '1 s', qtype => 2, names => array(select 'ns' || i || '.double.example' from generate_series(1, 6) i));
select fixture.observe('ns' || i || '.double.example', k * interval '301 s', array[fixture.pool_address(i * 10 + k, 200)], role => 'nameserver')
from generate_series(1, 6) i, generate_series(0, 5) k;
select fixture.observe('cname.example', k * interval '61 s', array[fixture.pool_address(3000 + k, 9)], 60, names => '{a.edge.example.net}'),
	fixture.observe('views.example', k * interval '61 s', array[fixture.pool_address(2000 + k % 8, 50)], 60, resolver => k % 2 + 1) from generate_series(0, 19) k;
select fixture.observe('filtered.example', k * interval '61 s', outcome => 'nxdomain', resolver => 2),
	fixture.observe('filtered.example', k * interval '61 s', '{60.9.9.9}') from generate_series(0, 3) k;
select fixture.observe('gone.example', k * interval '61 s', outcome => 'nxdomain') from generate_series(0, 3) k;
select merge_list('pool', '{pool.example}', '{}', 'feed', '2008-01-01'), merge_list('cdn', '{}', '{60.9.0.0/16}', 'feed', '2008-01-01');
select fixture.observe('guilty.example', '1 hour' + k * interval '61 s', array[fixture.pool_address(20 + k, 200)], 60) from generate_series(0, 19) k;
select score_domains();
update verdict_history set scored_at = now() - interval '1 hour';
select score_domains(everything => true);

create temporary table said on commit drop as
select d.name, v.domain_id, v.window_end, v.known_at, n.verdict, n.score, n.reasons, to_jsonb(n.f) as features
from verdict v join domain d on d.id = v.domain_id, verdicts_of(array[v.domain_id], v.window_end, v.known_at) n;
select set_eq('select name, verdict from said', $$values ('flux.example', 'flux'), ('double.example', 'double-flux'), ('pool.example', 'pool'),
	('lines.example', 'flux'), ('cname.example', 'cdn'), ('views.example', 'rotating'), ('filtered.example', 'cdn'), ('gone.example', 'dead'),
	('guilty.example', 'flux')$$, 'the verdicts');
select cmp_ok((features ->> 'guilty_names')::integer, '>', 1, 'one of them by its company') from said where name = 'guilty.example';
select set_eq('select domain_id, verdict, score, reasons from said', 'select domain_id, verdict, score, reasons from verdict',
	'with its two times a verdict is what score wrote');
select is_empty('select from said s join verdict v using (domain_id) where v.features <> s.features', 'and so are its features');

-- Then comes all that may come: segments late and new, another prefix table, lists, names of addresses, verdicts.
select set_config('test.late', fixture.segment()::text, true);
select fixture.observe(name, at, array[fixture.pool_address(500 + k, 200), '60.0.0.2'], 4000, segment => current_setting('test.late')::integer, resolver => 3)
from (select name, row_number() over (order by name) as k from said) s, unnest('{-1 hour,150 s,10 minutes,30 hours}'::interval[]) at;
select fixture.observe('ns' || i || '.double.example', at, '{60.77.0.9}', role => 'nameserver', segment => current_setting('test.late')::integer)
from generate_series(1, 6) i, unnest('{150 s,30 hours}'::interval[]) at;
select fixture.observe('double.example', '2 s', qtype => 2, names => '{ns7.double.example}', segment => current_setting('test.late')::integer),
	fixture.observe('gone.example', '20 s', '{60.9.9.9}', segment => current_setting('test.late')::integer);
select fixture.observe('other-' || i || '.example', '0 s', array[fixture.pool_address(i, 200), '60.9.9.9'], segment => current_setting('test.late')::integer)
from generate_series(0, 60) i;
update segment set loaded_at = clock_timestamp() where id = current_setting('test.late')::integer;
create temporary table old_node on commit drop as select domain_id, address from node;
select roll_up_nodes();
update node n set added_at = clock_timestamp() where not exists (select from old_node o where (o.domain_id, o.address) = (n.domain_id, n.address));
create temporary table prefix_import (prefix cidr, asn bigint, valid_from date, country text) on commit drop;
insert into prefix_import select set_masklen(inet '60.0.0.0' + n * 65536, len)::cidr, n / 50 + 1, null from generate_series(0, 198, 2) n, unnest('{15,16}'::integer[]) len;
select import_prefixes('2008-03-01', 'later.dat');
select merge_list('pool', '{}', '{}', 'feed', '2009-01-01'), merge_list('cdn', '{}', '{}', 'feed', '2009-01-01'),
	merge_list('sinkhole', '{flux.example,views.example}', '{60.9.0.0/16}', 'late', '2009-01-01'), merge_list('dyndns', '{example}', '{}', 'late', '2009-01-01');
update reverse_name set replaced_at = clock_timestamp();
insert into reverse_name (address, name, is_dynamic, asked_at, taken_at)
select fixture.pool_address(i, 200), 'b.example', i > 30, fixture.start(), clock_timestamp() from generate_series(0, 49) i;
select score_domains();
select isnt(v.verdict, s.verdict, 'now it is another: ' || s.name) from said s join verdict v using (domain_id)
where s.name in ('flux.example', 'double.example', 'pool.example', 'views.example');

select is(row(n.verdict, n.score, n.reasons), row(s.verdict, s.score, s.reasons), s.name || ': as it was'),
	is((select jsonb_object_agg(key, value) from (select * from jsonb_each(to_jsonb(n.f)) except select * from jsonb_each(s.features)) x), null,
		s.name || ': and all its figures')
from said s, verdicts_of(array[s.domain_id], s.window_end, s.known_at) n;
select is(row(n.verdict, n.score, n.reasons), row(s.verdict, s.score, s.reasons), s.name || ': as it was known then'),
	is((select jsonb_object_agg(key, value) from (select * from jsonb_each(to_jsonb(n.f)) except select * from jsonb_each(s.features)) x), null,
		s.name || ': with the figures known then')
from said s, verdicts_of(array[s.domain_id], known => s.known_at) n;
create temporary table history_before on commit drop as select * from verdict_history;
select score_domains(fixture.start() + interval '2709 s', known => known_at) from said where name = 'flux.example';
select is(v.verdict, s.verdict, 'score --at --known writes it'), is(v.reasons, s.reasons, 'with its reasons'),
	is(v.known_at, s.known_at, 'and says as known when') from said s join verdict v using (domain_id) where s.name = 'flux.example';
select set_eq('select * from verdict_history', 'select * from history_before', 'and leaves the history alone');
select is(f.dynamic, 19::bigint, 'by what is known now 31 to 49 are dynamic lines'), is(f.named, 50::bigint, 'and each has one name')
from flux_features('lines.example', fixture.start() + interval '2709 s') f;

-- As of then, by what is known now: it says what was imported after the observations.
create function pg_temp.reasons(name text, known timestamptz default null) returns text language sql
as $$ select array_to_string(n.reasons, '; ') from said s, verdicts_of(array[s.domain_id], s.window_end, known) n where s.name = $1 $$;
select matches(pg_temp.reasons('double.example'), 'the ASNs are from later.dat of 2008-03-01, imported on [0-9T:Z-]{20}, after these observations',
	'the prefix table came after the observations');
select matches(pg_temp.reasons('flux.example'), 'on the sinkhole list: flux.example \(source: late, of 2009-01-01\), imported after these observations',
	'the list came after the observations');
select doesnt_match(array_to_string(reasons, '; '), 'the ASNs are from', name || ': the table of before was not late') from said;
select matches(array_to_string(reasons, '; '), 'source: feed, of 2008-01-01\), imported after', 'a list of an older date, imported later')
from said where name = 'pool.example';

select * from finish();
rollback;
