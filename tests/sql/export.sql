-- SPDX-License-Identifier: MIT
-- What leaves: the nodes of fluxing names, without what is nobody's machine; and the evidence.
begin;
select plan(77);
select fixture.pool_origins(200);

-- A cell that a spreadsheet would take for a formula.
select is(lasting_uuid('a'), '0cc175b9-c0f1-46a8-91c3-99e269772661'::uuid, 'lasting_uuid: md5 in the form of version 4');
select is(csv_safe(cell), safe, 'csv_safe: ' || coalesce(to_json(cell)::text, 'null')) from (values
	('=1+1', '''=1+1'), ('+1', '''+1'), ('-1', '''-1'), ('@a', '''@a'), (E'\ta', E'''\ta'), (E'\ra', E'''\ra'),
	(E'\na', E'''\na'), ('''a', '''''a'), ('a=1', 'a=1'), ('', ''), (null, null)) as v(cell, safe);

-- A fluxing name that also publishes addresses that must never leave, one of each kind.
insert into list_entry (list, prefix, source, listed_on)
select list, prefix, 'test', '2008-05-01' from (values ('sinkhole', '61.0.0.1/32'::cidr), ('cdn', '61.0.0.2/32'),
	('parking', '61.0.0.3/32'), ('allow', '61.0.0.4/32'), ('pool', '61.0.0.5/32')) as v(list, prefix);
select fixture.churn('flux.example', 10, 5, 5, 1121, 200), fixture.churn('quiet.example', 10, 1, 0, 1, 1);
update domain set family = '=storm' where name = 'flux.example';
select fixture.observe('flux.example', k * interval '301 s' + interval '1 s', addresses) from generate_series(0, 9) k,
	(select array['10.0.0.1', '127.0.0.1', '192.168.1.1', '172.16.0.1', '169.254.1.1', '100.64.0.1', '0.0.0.1', '192.0.2.1',
		'198.18.0.1', '224.0.0.1', '255.255.255.255', '61.0.0.1', '61.0.0.2', '61.0.0.3', '61.0.0.4', '61.0.0.5']::inet[]
		as addresses) a where k = 0;
-- Of the day before: with IPv6 of several networks in its window it would not flux.
select fixture.observe('flux.example', '-1 day', '{::1,fe80::1,fc00::1,2001:db8::1,::ffff:1.2.3.4,2a0e::1}', qtype => 28);
select score_domains();
select is(fixture.verdict_of('flux.example'), 'flux', 'it fluxes all the same');
select is((select addresses from status where domain = 'flux.example'), 72::bigint, 'all its addresses are kept');
select set_eq('select address from export_nodes()',
	$$select fixture.pool_address(i, 200) from generate_series(0, 49) i union all select '2a0e::1'$$,
	'its nodes leave; no reserved or listed address, and no other name''s');
select set_eq('select export_counts(export_filter())', $$values ('51 addresses of 1 name'), ('left out: 16 addresses (reserved)'),
	('left out: 1 address (on list allow)'), ('left out: 1 address (on list cdn)'), ('left out: 1 address (on list parking)'),
	('left out: 1 address (on list pool)'), ('left out: 1 address (on list sinkhole)')$$, 'each exclusion is counted');
select results_eq($$select string_agg(key, ' ' order by at) from (select * from export_csv() limit 1) n,
	json_object_keys(row_to_json(n)) with ordinality as k(key, at)$$,
	$$values ('timestamp severity ip asn geo hostname infection family tag domain first_seen last_seen observations '
	'ttl_min ttl_max prefix verdict score node flows')$$, 'the columns in their order');
select is("timestamp", '2008-05-01T12:45:09Z', 'timestamp: last seen, RFC 3339'), is(family, '''=storm', 'text cells are safe'),
	is(asn, 1049::bigint, 'the ASN'), is(prefix, '60.49.0.0/16'::cidr, 'the prefix'), is(domain, 'flux.example', 'the name'),
	is(observations, 1::bigint, 'how often'), is(verdict, 'flux', 'the verdict'), is(infection, null, 'no infection is claimed')
from export_csv() where ip = fixture.pool_address(49, 200);

-- Each filter at its boundary.
create function pg_temp.wanted(f export_filter) returns bigint language sql as $$ select count(*) from export_nodes(f) $$;
select is(pg_temp.wanted(export_filter(asn => 1007)), 1::bigint, 'of one ASN');
select is(pg_temp.wanted(export_filter(domain => 'Flux.example.')), 51::bigint, 'of a name');
select is(pg_temp.wanted(export_filter(domain => 'quiet.example')), 0::bigint, 'of a name that does not flux');
select is(pg_temp.wanted(export_filter(family => '=storm')), 51::bigint, 'of a family');
select is(pg_temp.wanted(export_filter(family => 'storm')), 0::bigint, 'of another');
select is(pg_temp.wanted(export_filter(verdicts => '{double-flux,suspect}')), 0::bigint, 'of other verdicts');
select is(pg_temp.wanted(export_filter(since => fixture.start() + interval '45 minutes 9 seconds')), 5::bigint, 'since a time');
select is(pg_temp.wanted(export_filter(since => fixture.start() + interval '45 minutes 10.000001 seconds')), 0::bigint,
	'since a later one');
select is(pg_temp.wanted(export_filter(max_age => now() - fixture.start() - interval '45 minutes 9 seconds')), 5::bigint,
	'no older than that');
select is(pg_temp.wanted(export_filter(max_age => now() - fixture.start() - interval '45 minutes 10 seconds')), 0::bigint,
	'no older than a second less');
select is(pg_temp.wanted(export_filter(min_observations => 2)), 0::bigint, 'seen twice');
select throws_like($$select * from export_nodes(export_filter(domain => 'nobody.example'))$$,
	'%''nobody.example'' is not followed here', 'of a name that is not known');

-- The ISP's question.
select results_eq($$select domain, address, prefix, observations, verdict from isp_nodes(1007)$$,
	$$values ('flux.example', '60.7.0.1'::inet, '60.7.0.0/16'::cidr, 1::bigint, 'flux')$$, 'isp_nodes: what is in a network');
select is_empty($$select * from isp_nodes(1007, fixture.start() + interval '1 hour')$$, 'isp_nodes: since a time');

-- A name is spoken of by what was last said of it while it answered.
create function pg_temp.say(words text[]) returns void language sql as $$
	delete from verdict_history where domain_id = domain_id_of('flux.example') and from_at > fixture.start() + interval '1 day';
	insert into verdict_history (domain_id, verdict, score, from_at, reasons)
	select domain_id_of('flux.example'), word, 0.1, fixture.start() + n * interval '2 days', '{}' from unnest(words) with ordinality w(word, n);
	update verdict set verdict = words[cardinality(words)], score = 0 where domain_id = domain_id_of('flux.example');
$$;
select pg_temp.say('{dead}');
select is(count(*), 51::bigint, 'nodes of a name that died leave all the same'), is(min(verdict), 'flux', 'with what was said of it'),
	is(min(score) > 0.7, true, 'and how sure') from export_nodes();
select pg_temp.say('{rotating}');
select is(pg_temp.wanted(export_filter()), 0::bigint, 'but not once something else is said of it');
select pg_temp.say('{rotating,dead}');
select is(pg_temp.wanted(export_filter()), 0::bigint, 'nor when it dies after that');
select pg_temp.say('{dead,flux}');
select is(pg_temp.wanted(export_filter()), 51::bigint, 'and again when it came back');
update verdict set verdict = 'unknown', score = 0 where domain_id = domain_id_of('flux.example');
select is(pg_temp.wanted(export_filter()), 51::bigint, 'a score as of a past time changes nothing of what leaves');
select pg_temp.say('{dead}');
insert into nameserver (domain_id, name, first_seen) values (domain_id_of('flux.example'), 'ns1.sink.example', fixture.start());
select is(pg_temp.wanted(export_filter()), 51::bigint, 'dead, with a nameserver');
insert into list_entry (list, name, source, listed_on) values ('sinkhole', 'sink.example', 'late', '2008-05-02');
select is(pg_temp.wanted(export_filter()), 0::bigint, 'that turns out to be a sinkhole''s');
delete from list_entry where source = 'late';
delete from nameserver;
select pg_temp.say('{flux}');

-- A prefix with several origins, a family with several names.
update node set origins = '{1007,65000}' where domain_id = domain_id_of('flux.example') and asn = 1007;
select is(pg_temp.wanted(export_filter(asn => 65000)), 1::bigint, 'of the other origin'),
	is(pg_temp.wanted(export_filter(asn => 1007)), 1::bigint, 'and of the lowest'),
	is(pg_temp.wanted(export_filter(asn => 65001)), 0::bigint, 'of none'), is((select min(asn) from export_csv(export_filter(asn => 65000))),
	65000::bigint, 'as that whose it was asked for');
update domain set family = 'Oderoor' where name = 'flux.example';
select is(pg_temp.wanted(export_filter(family => 'KRAKEN')), 51::bigint, 'a family by its other name'),
	is(pg_temp.wanted(export_filter(family => 'oderoor')), 51::bigint, 'and by this one'),
	is(pg_temp.wanted(export_filter(family => 'storm')), 0::bigint, 'and not by another''s');
update domain set family = '=storm' where name = 'flux.example';

-- Names that should never have got that verdict.
update domain set registered = null where name = 'flux.example';
select is(pg_temp.wanted(export_filter()), 0::bigint, 'a public suffix does not leave');
select set_has('select export_counts(export_filter())', $$values ('left out: 1 name (a public suffix)')$$, 'and is counted');
update domain set registered = 'flux.example' where name = 'flux.example';
create function pg_temp.names_said(on_list text, entry text) returns text[] language plpgsql as $$
declare
	said text[];
begin
	insert into list_entry (list, name, source, listed_on) values (on_list, entry, 'for names', '2008-05-01');
	select array_agg(c order by c) filter (where c like '%name%') into said from export_counts(export_filter()) c;
	delete from list_entry where source = 'for names';
	return said;
end $$;
select is(pg_temp.names_said(list, 'flux.example'),
	array['left out: 1 name (on list ' || list || ')', 'no node of a name that fluxes passes the filter'], 'nor what is on list ' || list)
from unnest('{allow,sinkhole,pool,cdn,dyndns}'::text[]) list;
select is(pg_temp.names_said('dyndns', 'example'), array['51 addresses of 1 name'], 'a name below a dynamic-DNS parent does');
select is(pg_temp.names_said('parking', 'flux.example'), array['51 addresses of 1 name'], 'one of a parking list too, while it fluxes');

-- Evidence.
select fixture.observe('flux.example', '2 s', qtype => 2, names => '{ns1.flux.example}');
select fixture.observe('ns1.flux.example', '3 s', '{60.7.0.9}', role => 'nameserver');
select score_domains();
select is(e ->> 'verdict', 'flux', 'evidence: the verdict'), is(jsonb_array_length(e -> 'nodes'), 72, 'evidence: all nodes'),
	is(e #>> '{nameservers,0,nodes,0,address}', '60.7.0.9', 'evidence: nameservers with their addresses'),
	is(e #>> '{observations,0,sha256}', (select encode(sha256, 'hex') from segment order by id limit 1), 'evidence: the segment''s hash'),
	is((e #>> '{rules,holz,score}')::numeric, 10 * 1.32 + 10 * 18.54, 'evidence: the rules with their inputs')
from takedown_evidence('FLUX.example.') e;
select throws_like($$select takedown_evidence('nobody.example')$$, '%is not followed here', 'evidence: an unknown name is an error');
select results_eq($$select * from evidence_text('flux.example') limit 1$$, $$values ('Evidence on flux[.]example')$$,
	'the name is defanged in the head line');
update domain set tags = '{"registrar": "nic.ru", "family": "storm"}' where name = 'flux.example';
select is((select string_agg(t, '|') from evidence_text('flux.example') t where t like 'Followed as%'),
	'Followed as: family storm, registrar nic[.]ru', 'evidence: what the list says of the name');
select is_empty($$select * from evidence_text('flux.example') t where length(t) > 84$$, 'no line is longer than 84');
select is_empty($$select * from evidence_text('flux.example') t where t ~ '(?<!\[)flux\.example'$$, 'the name is defanged everywhere');
select is(who ->> 'party' || ' ' || (who ->> 'zone'), expected, 'who can act on ' || name)
from (values ('ibbwnhgh.mooo.com', 'mooo.com', 'dynamic-DNS provider mooo.com'),
	('www.example.co.uk', 'example.co.uk', 'registrar example.co.uk'), ('co.uk', null, 'registry co.uk')) as v(name, registered, expected)
cross join lateral who_can_act(name, registered) who;

select * from finish();
rollback;
