-- SPDX-License-Identifier: MIT
-- What leaves: the nodes of fluxing names, without what is nobody's machine; and the evidence.
begin;
select plan(37);
select fixture.pool_origins(200);

-- A cell that a spreadsheet would take for a formula.
select is(csv_safe(cell), safe, 'csv_safe: ' || coalesce(to_json(cell)::text, 'null')) from (values
	('=1+1', '''=1+1'), ('+1', '''+1'), ('-1', '''-1'), ('@a', '''@a'), (E'\ta', E'''\ta'), (E'\ra', E'''\ra'),
	('a=1', 'a=1'), ('', ''), (null, null)) as v(cell, safe);

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
select set_eq('select ip from export_nodes()',
	$$select fixture.pool_address(i, 200) from generate_series(0, 49) i union all select '2a0e::1'$$,
	'its nodes leave; no reserved or listed address, and no other name''s');
select results_eq($$select string_agg(key, ' ' order by at) from (select * from export_nodes() limit 1) n,
	json_object_keys(row_to_json(n)) with ordinality as k(key, at)$$,
	$$values ('timestamp severity ip asn geo hostname infection family tag domain first_seen last_seen observations '
	'ttl_min ttl_max prefix verdict score')$$, 'the columns in their order');
select is("timestamp", '2008-05-01T12:45:09Z', 'timestamp: last seen, RFC 3339'), is(family, '''=storm', 'text cells are safe'),
	is(asn, 1049::bigint, 'the ASN'), is(prefix, '60.49.0.0/16'::cidr, 'the prefix'), is(domain, 'flux.example', 'the name'),
	is(observations, 1::bigint, 'how often'), is(verdict, 'flux', 'the verdict')
from export_nodes() where ip = fixture.pool_address(49, 200);
select is(count(*), 1::bigint, 'for one ASN') from export_nodes(for_asn => 1007);
select is(count(*), 0::bigint, 'for a name that does not flux') from export_nodes(for_domain => 'quiet.example');
select is(count(*), 5::bigint, 'since a time') from export_nodes(since => fixture.start() + interval '45 minutes 9 seconds');
select throws_like($$select * from export_nodes(for_domain => 'nobody.example')$$, '%''nobody.example'' is not followed here',
	'for a name that is not known');

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
	'Followed as: family storm, registrar nic.ru', 'evidence: what the list says of the name');
select is_empty($$select * from evidence_text('flux.example') t where length(t) > 84$$, 'no line is longer than 84');
select is_empty($$select * from evidence_text('flux.example') t where t ~ '(?<!\[)flux\.example'$$, 'the name is defanged everywhere');
select is(who_can_act(name) ->> 'party' || ' ' || (who_can_act(name) ->> 'zone'), who, 'who can act on ' || name) from (values
	('ibbwnhgh.mooo.com', 'dynamic-DNS provider mooo.com'), ('www.example.co.uk', 'registrar example.co.uk'),
	('a.b.supersameas.com', 'registrar supersameas.com')) as v(name, who);

select * from finish();
rollback;
