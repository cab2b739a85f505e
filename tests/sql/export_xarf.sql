-- SPDX-License-Identifier: MIT
-- Abuse reports: one a machine with all names it served, one a name; what a family makes of a node, hostile names.
begin;
select plan(69);
select fixture.pool_origins(200);

select is(url_host(name), host, 'host of a URL: ' || name) from (values ('www.a-b_c.example', 'www.a-b_c.example'),
	('a\046b.example', 'a%2Eb.example'), ('\000\255/@%.example', '%00%FF%2F%40%25.example'),
	('"<b>''.example', '%22%3Cb%3E%27.example'), ('\0319.example', '%1F9.example')) as v(name, host);
select is(xarf_tags('malware', words), tags::text[], 'tags of ' || words::text) from (values
	('{Storm,a+b,storm}'::text[], '{malware:a+b,malware:storm}'), ('{=storm,a b,"a:b",-a,"é"}', '{}'), ('{null}', '{}')) as v(words, tags);
select is(xarf_seen(n, fixture.start(), fixture.start() + later, lowest, highest), words, words) from (values
	(1, interval '0', 0, 0, '1 DNS answer at 2008-05-01T12:00:00Z, TTL 0 s'),
	(2, '1 s', 5, 60, '2 DNS answers between 2008-05-01T12:00:00Z and 2008-05-01T12:00:01Z, TTL 5 to 60 s'),
	(2, '1 ms', null, null, '2 DNS answers at 2008-05-01T12:00:00Z, TTL not known')) as v(n, later, lowest, highest, words);

create function pg_temp.reports(f export_filter default export_filter(), org text default 'cert.example') returns setof jsonb
language sql as $$ select x::jsonb from export_xarf(f, jsonb_build_object('org', 'CERT', 'contact', 'abuse@cert.example', 'domain', org)) x $$;
create function pg_temp.report(of text, org text default 'cert.example') returns jsonb language sql
as $$ select r from pg_temp.reports(org => org) r where r ->> 'source_identifier' = of $$;
create function pg_temp.payload(of text) returns jsonb language sql
as $$ select convert_from(decode(pg_temp.report(of) #>> '{evidence,0,payload}', 'base64'), 'UTF8')::jsonb $$;

select is_empty('select pg_temp.reports()', 'nothing fluxes: no line');

-- Names over the same 50 machines, of two families and of none; one over others. One answer of one is later.
create temporary table hostile (name text);
insert into hostile values ('xn--bcher-kva.example'), (E'a\\046b<i>''.example'), (repeat('"\255', 50) || '.' || repeat('\000', 100) || '.example');
select fixture.churn(name, 10, 5, 5, 1121, 200) from (select 'storm.example' as name union all select 'bot.mooo.com'
	union all select 'more' || i || '.example' from generate_series(1, 2) i union all select name from hostile) n;
select fixture.observe('other.example', k * interval '301 s', array(select set_masklen(inet '60.0.9.9' + (5 * k + j) * 65536, 32)
	from generate_series(0, 4) j)) from generate_series(0, 9) k;
select fixture.observe('storm.example', '50 min', '{60.7.0.1}', 60), fixture.observe('storm.example', '-1 day', '{2a0e::1}', qtype => 28);
select fixture.observe('storm.example', '10 min', qtype => 2, names => '{old.example}'),
	fixture.observe('storm.example', '20 min', qtype => 2, names => '{ns1.storm.example,ns2.storm.example}');
update domain set family = 'Zhelatin', tags = '{"registrar": "nic.ru"}' where name = 'storm.example'; -- an alias of storm
update domain set family = 'kraken' where name = 'bot.mooo.com';
update domain set family = '=x<' where name = 'other.example';
select score_domains();

-- The machines.
select is(count(*), 101::bigint, 'a report a machine'), is(count(distinct r ->> 'source_identifier'), 101::bigint, 'each once'),
	is(count(distinct r ->> 'report_id'), 101::bigint, 'each with an id of its own')
from pg_temp.reports() r where r ->> 'type' = 'botnet';
select is(r ->> 'category', 'infrastructure', 'node: its category'), is(r ->> 'timestamp', '2008-05-01T12:50:00Z', 'node: last seen'),
	is(r ->> 'first_seen', '2008-05-01T12:05:01Z', 'node: first seen'), is(r ->> 'c2_server', '60.7.0.1', 'node of kraken: it is the C2'),
	is(r ->> 'c2_protocol', 'udp', 'node of kraken: what it speaks'), is(r -> 'bot_capabilities', '["proxy"]', 'node of storm: a proxy'),
	is(r ->> 'malware_family', 'kraken, storm', 'node: both families'),
	is(r -> 'tags', '["fluxtrack:flux", "malware:kraken", "malware:storm"]', 'node: tags'),
	is(r -> 'reporter', '{"org": "CERT", "contact": "abuse@cert.example", "domain": "cert.example"}', 'who reports'),
	is(r -> 'sender', r -> 'reporter', 'who sends'), is((r ->> 'confidence')::real, (select score from verdict
		where domain_id = domain_id_of('storm.example')), 'node: confidence is the score')
from pg_temp.report('60.7.0.1') r;
select matches(w, '^60\.7\.0\.1 was given as an address of storm\[\.]example in 2 DNS answers between 2008-05-01T12:05:01Z and '
		'2008-05-01T12:50:00Z, TTL 60 to 300 s; ', 'in words: the name seen last first'),
	matches(w, '; and of 2 more names\. storm\[\.]example is judged flux, score 0\.\d+: 5[01] distinct addresses in 11 lookups', 'five names, and the verdict'),
	matches(w, 'A node of kraken is a command node: the infected machines .* Flows: UDP 447 \(', 'kraken: the flows to look for'),
	matches(w, 'A node of storm is a proxy on an infected machine: the machine to clean', 'storm: whom to clean'),
	is(regexp_count(w, ' in \d+ DNS answer'), 5, 'no more than five are told in words'),
	doesnt_match(w, '[a-z]\.(example|com|mooo)', 'every name is defanged')
from (select pg_temp.report('60.7.0.1') ->> 'compromise_evidence') as v(w);
select is(p #>> '{names,0,domain}', 'storm.example', 'payload: the name as it is'), is(jsonb_array_length(p -> 'names'), 7, 'payload: all names'),
	is((p ->> 'asn')::integer, 1007, 'payload: the network'), is(p #>> '{names,0,observations}', '2', 'payload: how often'),
	is(p #>> '{newest,sha256}', (select encode(sha256, 'hex') from segment), 'payload: the segment''s hash'),
	is(p #>> '{newest,observed_at}', '2008-05-01T12:50:00Z', 'payload: the newest answer')
from pg_temp.payload('60.7.0.1') p;
select is(r #>> '{evidence,0,hash}', 'sha256:' || encode(sha256(decode(r #>> '{evidence,0,payload}', 'base64')), 'hex'), 'the payload''s hash'),
	is((r #>> '{evidence,0,size}')::integer, length(decode(r #>> '{evidence,0,payload}', 'base64')), 'and its size')
from pg_temp.report('60.7.0.1') r;
select is(r - 'evidence' ?| '{c2_server,c2_protocol,bot_capabilities}', false, 'an unknown family: no claim'), is(r ->> 'malware_family', '=x<', 'but its name'),
	is(r -> 'tags', '["fluxtrack:flux"]', 'and no tag'), doesnt_match(r ->> 'compromise_evidence', 'A node of', 'and no word')
from pg_temp.report('60.7.9.9') r;
select is(pg_temp.report('2a0e::1') ->> 'type', 'botnet', 'an IPv6 address');

-- The names.
select is(r ->> 'category' || ' ' || (r ->> 'type'), 'content malware', 'name: its type'), is(r ->> 'url', 'http://storm.example/', 'name: the url'),
	is(r ->> 'domain', 'storm.example', 'name: the domain'), is(r ->> 'registrar', 'nic.ru', 'name: the registrar that the list tells'),
	is(r -> 'nameservers', '["ns1.storm.example", "ns2.storm.example"]', 'name: nameservers of the newest answer'),
	is(r #>> '{dns_records,a,0}', '60.7.0.1', 'name: addresses, the newest first'), is(r #> '{dns_records,aaaa}', null, 'name: of the newest 20'),
	is(jsonb_array_length(r #> '{dns_records,a}'), 20, 'name: 20 addresses'), is(r ->> 'malware_family', 'storm', 'name: the family by its own name'),
	matches(r ->> 'description', '^Please end storm\[\.]example: .* Who can: the registrar of storm\[\.]example\..* Judged flux: 5[01] distinct', 'name: who can act')
from pg_temp.report('storm.example') r;
select matches(pg_temp.report('bot.mooo.com') ->> 'description', 'Who can: the dynamic-DNS provider of mooo\[\.]com\.', 'a name of a dynamic-DNS provider');
select is(pg_temp.payload(name) ->> 'domain', name, 'hostile name: it is there as it is') from hostile;
select is(pg_temp.report(E'a\\046b<i>''.example') ->> 'url', 'http://a%2Eb%3Ci%3E%27.example/', 'hostile name: the url');
select is(bool_or(r ? 'domain'), false, 'what the pattern refuses is left out'), cmp_ok(max(length(r ->> 'description')), '<=', 1000, 'no description is too long')
from hostile, pg_temp.report(name) r;

-- What stays, what changes, what a filter takes.
select is(pg_temp.report('60.7.0.1', 'other.example') ->> 'report_id' <> pg_temp.report('60.7.0.1') ->> 'report_id', true, 'another reporter, another id');
create temporary table before as select pg_temp.reports() as report;
select results_eq('select pg_temp.reports()', 'select report from before', 'the same data, the same lines');
select is(count(*), 2::bigint, 'for one network: its machines, no names') from pg_temp.reports(export_filter(asn => 1007));
select fixture.observe('storm.example', '55 min', '{60.7.0.1}', 60);
select fixture.observe('storm.example', interval '1 hour' + k * interval '301 s', outcome => 'nxdomain') from generate_series(0, 9) k;
select score_domains();
select is(fixture.verdict_of('storm.example'), 'dead', 'a name dies');
select is(now.r ->> 'report_id', b.report ->> 'report_id', 'its machine''s report keeps its id'), is(now.r ->> 'timestamp', '2008-05-01T12:55:00Z', 'with a new time'),
	matches(now.r ->> 'compromise_evidence', 'storm\[\.]example is judged flux, score [0-9.]+: \d+ distinct', 'and the verdict of before, with its reasons')
from before b, pg_temp.report('60.7.0.1') as now(r) where b.report ->> 'source_identifier' = '60.7.0.1';

select * from finish();
rollback;
