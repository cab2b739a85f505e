-- SPDX-License-Identifier: MIT
-- What a reader is told: each thing once, whenever it comes; and of names that say nothing, nothing.
begin;
select no_plan();
select fixture.pool_origins(200);

-- Where a reader stands in these tests, and what came since; then it stands at the end of that.
create temporary table mark (known timestamptz) on commit drop;
insert into mark values (null);
create temporary table change on commit drop as select * from changes_since(null, '-infinity');
create temporary table told on commit drop as select * from change;
create function pg_temp.read() returns void language plpgsql
as $$
declare
	until constant timestamptz := changes_until();
begin
	truncate change;
	insert into change select * from changes_since((select known from mark), until);
	insert into told select * from change;
	update mark set known = until;
end $$;
create function pg_temp.events() returns setof text language sql
as $$ select domain || ' ' || event || ' ' || count(*) from change group by domain, event order by 1 $$;

-- At first: the names that flux, with all that is known of them, and of the others nothing.
select pg_temp.read();
select is_empty('select * from change', 'an empty database has no news');
update mark set known = null;
select fixture.churn('flux.example', 10, 5, 5, 1121, 200), fixture.churn('static.example', 4, 2, 0, 2, 2),
	fixture.observe('flux.example', '1 hour', null, qtype => 2, names => '{ns1.example,ns2.example}'),
	fixture.observe('static.example', '1 hour', null, qtype => 2, names => '{ns1.example}'),
	fixture.observe('gone.example', k * interval '1 minute', outcome => 'nxdomain') from generate_series(1, 3) k;
select score_domains();
select pg_temp.read();
select set_eq('select * from pg_temp.events()',
	'{flux.example flux 1,flux.example node 50,flux.example network 50,flux.example nameserver 2}'::text[],
	'a first call tells the names that flux, with nodes, networks and nameservers');
select is(old_verdict, null, 'from nothing'), is(new_verdict, 'flux', 'to flux'), is(at, fixture.start() + interval '1 hour',
	'as observed'), matches(reason, '^50 distinct addresses', 'with the first reason') from change where event = 'flux';
select pg_temp.read();
select is_empty('select * from change', 'and once');
select is_empty($$select * from changes_text((select known from mark), changes_until())$$, 'no line of text'),
	is_empty($$select * from changes_json((select known from mark), changes_until())$$, 'nor of JSON');

-- Nodes and networks of names that flux; a network may be new to a name, or to all that ever fluxed.
select fixture.churn('other.example', 10, 5, 5, 100, 100);
select score_domains();
select pg_temp.read();
select set_eq('select * from pg_temp.events()', '{other.example flux 1,other.example node 50,other.example network 50}'::text[],
	'another name begins to flux');
select is(count(*) filter (where first_flux), 0::bigint, 'its networks are those of the first') from change;
select fixture.observe('flux.example', '2 hours', array[inet '60.0.9.9', fixture.pool_address(60, 200), fixture.pool_address(150, 200)]),
	fixture.observe('flux.example', '2 hours', null, qtype => 2, names => '{ns2.example,ns3.example}'),
	fixture.observe('static.example', '2 hours', array[inet '60.0.9.9', inet '60.1.0.1']),
	fixture.observe('static.example', '2 hours', null, qtype => 2, names => '{ns9.example}');
select score_domains();
select pg_temp.read();
select set_eq('select * from pg_temp.events()',
	'{flux.example node 3,flux.example network 2,flux.example nameserver 1}'::text[],
	'what is new of names that flux; of the other, rotating says what static said');
select results_eq($$select asn, first_flux from change where event = 'network' order by 1$$,
	'values (1060::bigint, true), (1150, true)', 'networks that no name had');
select is(nameserver, 'ns3.example', 'the nameserver') from change where event = 'nameserver';
select fixture.observe('other.example', '2 hours', array[fixture.pool_address(150, 200)]);
select score_domains();
select pg_temp.read();
select results_eq($$select event, asn, first_flux from change order by 1$$,
	$$values ('network', 1150::bigint, false), ('node', 1150, null)$$, 'a network that another flux name had');

-- What is observed long ago but loaded now is news.
select fixture.observe('flux.example', '-3 days', '{60.0.7.7}');
select score_domains();
select pg_temp.read();
select is(address, inet '60.0.7.7', 'a segment that comes late is told'), is(at, fixture.start() - interval '3 days', 'as of when it was seen')
from change;

-- Verdicts: silent says nothing; died and came back.
select fixture.observe('static.example', '40 hours' + k * interval '1 minute', outcome => 'timeout') from generate_series(1, 5) k;
select is(fixture.judge('static.example'), 'silent', 'no answer any more');
select pg_temp.read();
select is_empty('select * from change', 'that nobody answers is no news of the name');
select fixture.observe('static.example', '66 hours' + k * interval '1 minute', outcome => 'nxdomain') from generate_series(1, 3) k;
select score_domains();
select pg_temp.read();
select is(event, 'died', 'a name dies'), is(old_verdict, 'rotating', 'the verdict before the silence') from change;
select fixture.observe('static.example', '92 hours' + k * interval '1 hour', '{60.0.0.1,60.1.0.1}', 3600) from generate_series(0, 3) k;
select score_domains();
select pg_temp.read();
select results_eq('select event, old_verdict, new_verdict from change', $$values ('came-back', 'dead', 'static')$$, 'and comes back');
select is_empty($$select from change where domain = 'gone.example'$$, 'what was never alive does not die');

-- A name that stops to flux and begins again tells the nodes of the time between, and no other twice.
select fixture.observe('flux.example', '50 hours' + k * interval '1 minute', outcome => 'nxdomain') from generate_series(1, 3) k;
select score_domains();
select pg_temp.read();
select is(event, 'died', 'a name that fluxed dies'), is(old_verdict, 'flux', 'its verdict before') from change;
select fixture.observe('flux.example', '76 hours', '{60.0.8.8}');
select isnt(fixture.judge('flux.example'), 'flux', 'a lookup is not enough to flux again');
select pg_temp.read();
select is_empty($$select from change where event = 'node'$$, 'so its node is no news yet');
select fixture.observe('flux.example', '76 hours' + k * interval '301 s',
	array(select fixture.pool_address(k * 5 + j + 20, 200) from generate_series(0, 4) j), 300) from generate_series(1, 10) k;
select is(fixture.judge('flux.example'), 'flux', 'ten are');
select pg_temp.read();
select is(count(*) filter (where event = 'flux'), 1::bigint, 'it fluxes again'),
	is(count(*) filter (where event = 'node' and address = '60.0.8.8'), 1::bigint, 'the node of between is told'),
	is(count(*) filter (where event = 'node'), 25::bigint, 'with the 24 that it had not had') from change;

-- A past verdict is no news.
select score_domains(fixture.start() + interval '10 minutes');
select pg_temp.read();
select is_empty('select * from change', 'score --at is no news');
select score_domains();
select pg_temp.read();
select is_empty('select * from change', 'nor is the score after it');

-- All calls together tell what one from the beginning does.
select bag_eq('select event, domain, known_at, new_verdict, address, asn, nameserver from told',
	$$select event, domain, known_at, new_verdict, address, asn, nameserver
	from changes_since('-infinity', (select known from mark))$$, 'nothing is told twice, nothing is lost');
select is(count(*), count(distinct (domain, address)), 'no node is told twice') from told where event = 'node';

-- Text: a name a paragraph, defanged; a thousand nodes are one line. JSON: an event a line.
insert into domain (name, role, family) values ('<b>=1+1\\.example', 'followed', '"storm"');
select fixture.churn('<b>=1+1\\.example', 1000, 1, 1, 1000, 200);
select score_domains();
create temporary table page on commit drop as
	select * from changes_text((select known from mark), changes_until()) with ordinality as p(line, at);
select is(array_agg(line order by at) filter (where at in (1, 4)), array['<b>=1+1\\[.]example ("storm")',
	'  - 1000 new nodes in 200 networks: 60.199.0.5, 60.198.0.5, 60.197.0.5, ...'], 'a thousand nodes are a line, with the newest'),
	matches(min(line) filter (where at = 2), '^  - flux: 288 distinct addresses in 288 lookups, ', 'the verdict and why'),
	matches(min(line) filter (where at = 3), '^    [a-z]', 'in lines of 84 characters'), is(count(*), 4::bigint, 'no more') from page;
select results_eq($$select j ->> 'event', count(*), min(j ->> 'domain'), min(j ->> 'family')
	from changes_json((select known from mark), changes_until()) j group by 1 order by 1$$,
	$$values ('flux', 1::bigint, '<b>=1+1\\.example', '"storm"'), ('network', 200, '<b>=1+1\\.example', '"storm"'),
	('node', 1000, '<b>=1+1\\.example', '"storm"')$$, 'an object an event');
select is(j ->> 'at', '2008-05-01T12:00:00Z', 'times are RFC 3339'), is(j ->> 'address', '60.0.0.1', 'an address has no mask'),
	is((select string_agg(key, ' ') from json_object_keys(j) key), 'event domain family at known_at address asn prefix',
		'the keys of a node')
from changes_json((select known from mark), changes_until()) j where j ->> 'address' = '60.0.0.1';

-- Readers: one a name and login; they only go forward.
select is(reader_known('cron'), null, 'a reader that never asked');
select reader_move('cron', '2008-05-01'), reader_move('other', '2008-06-01');
select is(reader_known('cron'), '2008-05-01', 'each reader has its moment');
select reader_move('cron', '2008-05-03'), reader_move('cron', '2008-05-02');
select is(reader_known('cron'), '2008-05-03', 'it does not go back');
create role clerk login in role fluxtrack_analyst;
grant usage on schema tap to clerk;
set local session authorization clerk;
select is(reader_known('cron'), null, 'another login has readers of its own'), isnt(changes_until(), null, 'it may ask until when'),
	lives_ok($$select reader_move('cron', '2008-05-01')$$, 'and move them'),
	throws_ok($$update reader set known_at = '-infinity'$$, '42501', null, 'but not those of others'),
	lives_ok($$select * from changes_text(null, '-infinity')$$, 'and read');
reset session authorization;
select is(reader_known('cron'), '2008-05-03', 'ours is where it was');

-- A verdict that changes without flux, told once.
insert into verdict_history (domain_id, verdict, score, from_at, to_at, reasons, scored_at, ended_scored_at)
select fixture.domain('slow.example'), verdict, 0.1, day, day + interval '1 day', array['because'], day, day + interval '1 day'
from (values ('static', timestamptz '2007-01-01 00:00+00'), ('unknown', '2007-01-02 00:00+00'), ('suspect', '2007-01-03 00:00+00'))
	as v(verdict, day);
select results_eq($$select event, old_verdict, new_verdict, at, reason from changes_since('2007-01-01', '2007-01-04')$$,
	$$values ('verdict', 'static', 'suspect', timestamptz '2007-01-03 00:00+00', 'because')$$, 'another verdict');
select is_empty($$select * from changes_since('2007-01-03', '2007-01-04')$$, 'and no more');

-- Who writes verdicts and who asks what is new keep each other out, even where the lock of who scores was lost.
create function pg_temp.holds(wanted_mode text) returns boolean language sql as $$
	select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and mode = wanted_mode
		and (classid::bigint << 32 | objid::bigint) = scoring_part_key()) $$;
select ok(pg_temp.holds('ShareLock'), 'a part of a score holds the lock'), ok(pg_temp.holds('ExclusiveLock'), 'changes_until() waits for it');

select * from finish();
rollback;
