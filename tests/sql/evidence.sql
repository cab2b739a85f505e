-- SPDX-License-Identifier: MIT
-- The dossier: what each list in it holds, in which order, and where it ends; and its text.
begin;
select plan(89);
select fixture.pool_origins(40);

-- A flux name: 60 A lookups of one new address each but the last, which brings back three; 70 NS answers.
select fixture.observe('flux.example', i * interval '10 s', array[fixture.pool_address(i, 40)], 0) from generate_series(0, 58) i;
select fixture.observe('flux.example', '590 s', array(select fixture.pool_address(i, 40) from generate_series(0, 2) i), 0);
select fixture.observe('flux.example', i * interval '10 s' + interval '1 s', qtype => 2,
	names => array['ns' || i % 3 || '.flux.example', 'ns' || (i + 1) % 3 || '.flux.example']) from generate_series(0, 69) i;
select fixture.observe('ns0.flux.example', i * interval '1 s', array[fixture.pool_address(5000 + i, 40)], role => 'nameserver')
from generate_series(0, 59) i;
-- Others: one with two of its addresses and a nameserver, one with an address that is on a list, one with none.
select fixture.observe('a.example', '20 s', array[fixture.pool_address(3, 40), fixture.pool_address(4, 40), fixture.pool_address(5, 40)]);
select fixture.observe('a.example', '21 s', qtype => 2, names => '{ns9.example}'),
	fixture.observe('a.example', '22 s', qtype => 2, names => '{ns9.example,ns1.flux.example}');
select fixture.observe('b.example', '20 s', array[fixture.pool_address(4, 40)]);
insert into list_entry (list, prefix, source, listed_on)
select 'cdn', host(fixture.pool_address(5, 40))::cidr, 'test', '2008-05-01';
select fixture.observe('c.example', '20 s', array[fixture.pool_address(5, 40)]), fixture.observe('d.example', '20 s', '{61.1.1.1}'),
	fixture.observe('d.example', '21 s', null, qtype => 2, names => '{ns1.flux.example,ns.elsewhere.example}');
insert into reverse_name (address, name, asked_at, taken_at) values (fixture.pool_address(0, 40), 'a.b.example', now(), now());
select score_domains();
create temporary table told as select takedown_evidence('flux.example') as e;

-- Nodes: all, the newest first.
select is(jsonb_array_length(e -> 'nodes'), 59, 'all nodes'),
	is(e #>> '{nodes,0,address}', host(fixture.pool_address(0, 40)), 'the newest first'),
	is(e #>> '{nodes,0,observations}', '2', 'how often it was seen'),
	is(e #>> '{nodes,0,reverse_name}', 'a.b.example', 'its name'),
	is(e #> '{nodes,1,reverse_name}', 'null', 'or none'),
	is(e #> '{nodes,0,origins}', 'null', 'one origin'),
	is((select count(*) from jsonb_array_elements(e -> 'nodes') n where not (n -> 'reportable')::boolean), 1::bigint, 'one is on a list')
from told;

-- Nameservers: of all time, though the window is of a day; with their newest 50 addresses.
select is((select string_agg(n ->> 'name', ' ') from jsonb_array_elements(e -> 'nameservers') n), 'ns0.flux.example ns1.flux.example ns2.flux.example',
		'the nameservers; the last answer named ns0 and ns1'),
	is(e #>> '{nameservers,0,first_named}', '2008-05-01T12:00:01Z', 'first named'),
	is(e #>> '{nameservers,0,last_named}', '2008-05-01T12:11:31Z', 'last named'),
	is(e #>> '{nameservers,0,observations}', '47', 'in how many answers'),
	is(jsonb_array_length(e #> '{nameservers,0,nodes}'), 50, 'its newest addresses'),
	is(e #>> '{nameservers,0,nodes_total}', '60', 'and how many there are'),
	is(e #>> '{nameservers,0,nodes,0,address}', host(fixture.pool_address(5059, 40)), 'the newest first'),
	is(e #> '{nameservers,1,nodes}', '[]', 'one that was not asked for'), is(e #>> '{nameservers_total}', '3', 'how many')
from told;

-- Related names: those that share an address that is on no list, or a nameserver.
select is((select jsonb_agg(r - 'verdict' - 'cluster') from jsonb_array_elements(e -> 'related') r),
	'[{"domain": "a.example", "shared_addresses": 2, "shared_nameservers": 1}, {"domain": "b.example", "shared_addresses": 1, "shared_nameservers": 0},
		{"domain": "d.example", "shared_addresses": 0, "shared_nameservers": 1}]',
	'who shares addresses, the most first, then who shares nameservers'), is(e ->> 'related_total', '3', 'how many') from told;

-- Observations and chosen lookups.
select is(jsonb_array_length(e -> 'observations'), 50, 'the newest observations'), is(e ->> 'observations_total', '130', 'of all'),
	is(e #>> '{observations,0,observed_at}', '2008-05-01T12:11:31Z', 'the newest first'),
	is(e #>> '{observations,0,type}', 'NS', 'its type'), is(e #> '{observations,0,source}', 'null', 'our own'),
	is((select string_agg(c ->> 'observed_at', ' ') from jsonb_array_elements(e -> 'chosen') c where c ->> 'observed_at' in
		('2008-05-01T12:00:00Z', '2008-05-01T12:00:10Z', '2008-05-01T12:01:40Z', '2008-05-01T12:01:50Z', '2008-05-01T12:09:50Z')),
		'2008-05-01T12:00:00Z 2008-05-01T12:00:10Z 2008-05-01T12:01:40Z 2008-05-01T12:09:50Z',
		'chosen: the first, ten that brought an address each, the newest'),
	is(jsonb_array_length(e -> 'chosen'), 12, 'chosen: twelve'), is(e #> '{chosen,0,message}', 'null', 'without messages'),
	is(e #> '{chosen,0,made_up_from}', 'null', 'none is told'), is(e -> 'sources', '[]', 'no source'),
	is((select array_agg(n) from jsonb_array_elements_text(e -> 'notes') n), '{observations: the newest 50 of 130}', 'what was left out is said')
from told;

-- One that brought more comes before an earlier one.
select fixture.observe('flux.example', '345 s', array(select fixture.pool_address(i, 40) from generate_series(900, 903) i), 0);
select score_domains();
select ok(exists (select from jsonb_array_elements(takedown_evidence('flux.example') -> 'chosen') c where c ->> 'observed_at' = '2008-05-01T12:05:45Z'),
	'chosen: what brought most addresses');
select ok(not exists (select from jsonb_array_elements(takedown_evidence('flux.example') -> 'chosen') c where c ->> 'observed_at' = '2008-05-01T12:01:40Z'),
	'in the place of another');

-- Figures: each feature with what it means, in the type's order, and the questions.
select is(e #>> '{features,0,feature}', 'domain_id', 'features: the first'), is(jsonb_array_length(e -> 'features'),
		(select count(*)::integer from pg_attribute where attrelid = 'features'::regclass and attnum > 0), 'features: all'),
	is((select f ->> 'value' from jsonb_array_elements(e -> 'features') f where f ->> 'feature' = 'answer_max'), '3', 'features: a figure'),
	is((select f ->> 'means' from jsonb_array_elements(e -> 'features') f where f ->> 'feature' = 'answer_max'), 'addresses of the largest A answer', 'what it means'),
	is(jsonb_array_length(e -> 'judgement'), 15, 'fifteen questions'),
	is((select q ->> 'answer' from jsonb_array_elements(e -> 'judgement') q where q ->> 'question' = 'fluxes'), 'true', 'a question'),
	is(e #>> '{rules,hsu,n_asn}', '40', 'a rule with its input'), is(e #>> '{verdicts,0,to}', null, 'the verdict holds still')
from told;
select is(takedown_evidence('d.example', false) -> 'features', '[]', 'brief: figures that are not kept are left out'),
	is(takedown_evidence('d.example', false) -> 'judgement', '[]', 'brief: so are the questions'),
	isnt(takedown_evidence('d.example') -> 'features', '[]', 'full: they are computed'),
	isnt(takedown_evidence('flux.example', false) -> 'features', '[]', 'brief: kept figures are there');

-- A name that was never asked for, and one without addresses.
select fixture.domain('never.example'), fixture.observe('nx.example', '0 s', outcome => 'nxdomain');
select score_domains();
select is(e ->> 'verdict', 'unknown', 'never asked for: the verdict'), is(e -> 'nodes', '[]', 'never asked for: no node'),
	is(e -> 'chosen', '[]', 'nothing to choose'), is(e -> 'segments', '[]', 'no segment'), is(e -> 'chain', '[]', 'no chain')
from takedown_evidence('never.example') e;
select is(e -> 'chosen', '[]', 'no addresses: nothing to choose'), is(jsonb_array_length(e -> 'observations'), 1, 'no addresses: the observation')
from takedown_evidence('nx.example') e;
select ok(count(*) > 5, name || ': a text') from (values ('never.example'), ('nx.example')) v (name), evidence_text(name) group by name;

-- Segments and their chain: three of one collector, the middle one not cited, and one that is newer than all cited.
insert into segment (uuid, sha256, previous_sha256, collector, sequence, vantage_id, file_name, created_at, rows, bytes)
select gen_random_uuid(), sha256(i::text::bytea), case when i > 1 then sha256((i - 1)::text::bytea) end,
	'00000000-0000-4000-8000-000000000001', i, 1, format('2008050%sT000000Z-00000000%s.seg', i, i), fixture.start() + i * interval '1 day', 1, 1
from generate_series(1, 4) i;
select fixture.observe('chain.example', i * interval '1 day', array[fixture.pool_address(7000 + i, 40)], segment => s.id)
from generate_series(1, 3, 2) i join segment s on s.sequence = i and s.collector = '00000000-0000-4000-8000-000000000001';
select score_domains();
select is((select string_agg(s ->> 'segment', ' ') from jsonb_array_elements(e -> 'segments') s),
		'20080501T000000Z-000000001.seg 20080503T000000Z-000000003.seg', 'the segments cited'),
	is(e #>> '{segments,1,previous_sha256}', encode(sha256('2'), 'hex'), 'with the hash of the one before'),
	is((select string_agg(l ->> 'sha256', ' ') from jsonb_array_elements(e #> '{chain,0,links}') l),
		(select string_agg(encode(sha256(i::text::bytea), 'hex'), ' ') from generate_series(1, 3) i), 'the chain from the oldest to the newest'),
	is(e #>> '{chain,0,head,sequence}', '4', 'and the collector''s newest'), is(e #>> '{chain,0,omitted}', '0', 'nothing is left out')
from takedown_evidence('chain.example') e;
insert into segment (uuid, sha256, collector, sequence, vantage_id, file_name, created_at, rows, bytes)
select gen_random_uuid(), sha256(i::text::bytea), '00000000-0000-4000-8000-000000000001', i, 1, i || '.seg', fixture.start(), 1, 1
from generate_series(5, 1004) i;
select fixture.observe('chain.example', '5 days', array[fixture.pool_address(7009, 40)], segment => s.id) from segment s where s.sequence = 1003;
select score_domains();
select is(jsonb_array_length(e #> '{chain,0,links}'), 1000, 'a long chain is cut'), is(e #>> '{chain,0,omitted}', '3', 'and says so'),
	is(e #>> '{chain,0,links,499,sequence}', '500', 'its first half'), is(e #>> '{chain,0,links,500,sequence}', '504', 'its second half'),
	is(e #>> '{chain,0,head,sequence}', '1004', 'its head'), is((e -> 'notes') ->> 0, 'chain: 3 hashes in the middle are left out', 'and a note')
from takedown_evidence('chain.example') e;
select is(takedown_evidence('chain.example', false) -> 'chain', '[]', 'brief: without the chain');

-- What others told.
insert into source (uuid, name, format, sha256, imported_at) values (gen_random_uuid(), 'dns.log', 'zeek', sha256('log'), fixture.start());
select fixture.observe('told.example', '0 s', '{61.2.2.2}');
update observation set source_id = (select max(id) from source), source_line = 7
where domain_id = (select id from domain where name = 'told.example');
select score_domains();
select is(e #>> '{observations,0,source}', 'dns.log', 'told: by whom'), is(e #>> '{observations,0,source_line}', '7', 'told: by which line'),
	is(e #>> '{chosen,0,made_up_from}', 'line 7 of dns.log', 'told: its message is made up'),
	is(e #>> '{sources,0,sha256}', encode(sha256('log'), 'hex'), 'told: the file''s hash'),
	unalike(e ->> 'proves', '%DNS message kept as it came%', 'told alone: no message of a server'),
	alike(e ->> 'proves', '%told by that file%', 'told alone: what the file said'),
	alike(e ->> 'does_not_prove', '%who wrote it%', 'told: what that does not prove')
from takedown_evidence('told.example') e;
select unalike(e ->> 'proves', '%told by%', 'our own: no word of sources') from told;

-- Who can act.
select is(who ->> 'party' || ' ' || (who ->> 'zone'), expected, 'who can act on ' || name)
from (values ('ibbwnhgh.mooo.com', 'mooo.com', 'dynamic-DNS provider mooo.com'),
	('www.example.co.uk', 'example.co.uk', 'registrar example.co.uk'), ('co.uk', null, 'registry co.uk')) as v(name, registered, expected)
cross join lateral who_can_act(name, registered) who;

-- Words are defanged, figures and addresses stay.
select is(defanged_words(said), expected, said) from (values
	('a CNAME chain to a.1.edge.example', 'a CNAME chain to a[.]1[.]edge[.]example'),
	('score 142.62, more than 142.38. It is 1.5.', 'score 142.62, more than 142.38. It is 1.5.'),
	('at 192.0.2.1 and 4.3.2.1.in-addr.arpa.', 'at 192.0.2.1 and 4[.]3[.]2[.]1[.]in-addr[.]arpa.'),
	('see HTTPS://a.example/b.c and http://d.example', 'see hxxpS://a[.]example/b[.]c and hxxp://d[.]example'),
	('x.<b>.example et al. (2008)', 'x[.]<b>[.]example et al. (2008)')) as v(said, expected);

-- The text: the hostile, the long and the wide.
update domain set tags = jsonb_build_object('note', 'http://evil.example/ <b>' || repeat('x', 300)) where name = 'flux.example';
update verdict set reasons = reasons || array['on the pool list: bad.example (source: list.txt, of 2008-01-01)']
where domain_id = domain_id_of('flux.example');
insert into node (domain_id, address, first_seen, last_seen, observations)
values (domain_id_of('flux.example'), '2a0e:1234:5678:9abc:def0:1234:5678:9abc', fixture.start(), fixture.start() + interval '2 days', 1234567);
create temporary table line as select * from evidence_text('flux.example') with ordinality as l(line, at);
select is_empty('select line from line where length(line) > 84', 'no line is longer than 84'),
	is_empty($$select line from line where line ~* '(evil|bad|flux|ns[0-9]|[ab])\.(flux|example)|list\.txt|http:'$$, 'no name is a link'),
	isnt_empty($$select from line where line = '  2a0e:1234:5678:9abc:def0:1234:5678:9abc'$$, 'a long address is whole'),
	isnt_empty($$select from line where line ~ '^  \.\.\. and 13 more: see the JSON$'$$, 'what is cut is counted: 63 nodes, 50 shown'),
	isnt_empty($$select from line where line = '  not shown: 1 address, reserved or known to a list as something else'$$, 'and the one on a list'),
	ok((select min(at) from line where line like 'Request: %') < (select min(at) from line where line like 'Verdict: %'), 'first what is asked of whom'),
	is_empty($$select from evidence_text('a.example') t(line) where line like 'Request:%'$$, 'nothing is asked of a name that does not flux');

-- Messages are put in by place, and shown.
select is(with_messages('{"chosen": [{"a": 1, "message": null}, {"a": 2}]}', '[{"message": 3}, {"message": 4}]') -> 'chosen',
	'[{"a": 1, "message": 3}, {"a": 2, "message": 4}]', 'messages are put in by their place');
select is(array(select regexp_split_to_table(proof_text('{"observed_at": "T", "type": "A", "outcome": "answered", "server": "127.0.0.1", "port": 53,
	"record": 1, "segment": "s.seg", "message_missing": null, "message": {"hex": "00ff", "decoded": {"answer": [
	{"name": "A.example", "ttl": 5, "type": "A", "data": "192.0.2.1"}, {"name": "a.example", "ttl": 5, "type": "CNAME", "data": "b.example"}]}}}'), E'\n')),
	array['  T A answered, asked of 127.0.0.1 port 53', '    record 1 of s.seg', '    A[.]example TTL 5 A 192.0.2.1',
	'    a[.]example TTL 5 CNAME b[.]example', '    00ff'], 'a message: its answer and its octets');

select * from finish();
rollback;
