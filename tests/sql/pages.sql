-- SPDX-License-Identifier: MIT
-- Pages: whom a probe asks and whom never, on what nodes agree, what becomes of it in verdict and dossier.
begin;
select no_plan();
select fixture.pool_origins(40);

-- A header's value in a head as the database has it. Two backslashes are one that the server sent.
select is(page_header('HTTP/1.1 200 OK\013\010' || head, 'server'), expected, what) from (values
	('Server: nginx\013\010\013\010', 'nginx', 'header: between CR LF'), ('sERVER:a\010', 'a', 'header: case, blanks and LF alone'),
	('Server:  a b \013\010', 'a b', 'header: blanks inside stay'), ('X-Server: a\013\010', null, 'header: another'),
	('X: \\013\\010Server: a\013\010', null, 'header: backslashes of the server end no line'),
	('Server: \\a\\\013\010', '\\a\\', 'header: and stay'), ('Server: \\\\013\013\010', '\\\\013', 'header: whatever follows them'),
	('Server: a\013\010Server: b\013\010', 'a', 'header: the first'),
	('Server: ' || repeat('x', 200) || '\013\010', repeat('x', 200), 'header: 200 characters'),
	('Server: ' || repeat('x', 201) || '\013\010', null, 'header: no more')) as v(head, expected, what);
select is(page_header('', 'server'), null, 'header: no head');

-- Whom to ask. Seen so many minutes ago, each address in the network that its second octet tells.
create function pg_temp.seen(name text, minutes integer, addresses inet[]) returns void language sql
as $$ select fixture.observe(name, now() - fixture.start() - minutes * interval '1 minute', addresses) $$;
create function pg_temp.wanted(names text[], nodes integer, spared_names text[] default '{}', spared_prefixes cidr[] default '{}',
	flux boolean default false)
returns text language sql
as $$
	select string_agg(concat_ws(' ', name, host(address), '(' || refusal || ')'), ', ' order by at)
	from rows from (probe_wanted(names, flux, nodes, spared_names, spared_prefixes)) with ordinality as w(name, address, tags, refusal, at)
$$;
select pg_temp.seen('near.example', 50, '{60.1.0.1}'), pg_temp.seen('near.example', 40, '{60.0.0.1}'),
	pg_temp.seen('near.example', 30, '{60.0.0.2}'), pg_temp.seen('near.example', 20, '{60.0.0.3}');
select pg_temp.seen('far.example', 60 * 24 * 7 + 1, '{60.9.0.1}'), pg_temp.seen('far.example', 60 * 24 * 7 - 1, '{60.9.0.2}'),
	pg_temp.seen('gone.example', 60 * 24 * 8, '{60.9.0.1}'), pg_temp.seen('a\032b.example', 1, '{60.0.0.1}'),
	pg_temp.seen('unknown-as.example', 10, '{70.1.0.1}'), pg_temp.seen('unknown-as.example', 9, '{70.1.0.2}'),
	pg_temp.seen('unknown-as.example', 8, '{70.2.0.1}'), pg_temp.seen('lab.example', 10, '{127.0.0.1}'),
	pg_temp.seen('www.cdn.example', 10, '{60.0.0.1}'), pg_temp.seen('my.dyndns.example', 10, '{60.0.0.1}'),
	pg_temp.seen('holes.example', 10, '{60.2.0.1,60.3.0.1,60.4.0.1}');
select fixture.observe('six.example', now() - fixture.start(), '{2001:db8::1}', qtype => 28);
select merge_list('cdn', '{cdn.example}', '{}', 'test', '2008-01-01'), merge_list('dyndns', '{dyndns.example}', '{}', 'test', '2008-01-01'),
	merge_list('sinkhole', '{}', '{60.2.0.0/16}', 'test', '2008-01-01');
select score_domains();
select is(pg_temp.wanted(names, nodes), expected, what) from (values
	('{near.example}'::text[], 1, 'near.example 60.0.0.3', 'the newest node'),
	('{near.example}', 2, 'near.example 60.0.0.3, near.example 60.1.0.1', 'then that of another network'),
	('{near.example}', 9, 'near.example 60.0.0.3, near.example 60.1.0.1, near.example 60.0.0.2, near.example 60.0.0.1', 'then the others'),
	('{unknown-as.example}', 2, 'unknown-as.example 70.2.0.1, unknown-as.example 70.1.0.2', 'unknown ASNs: by /16'),
	('{near.example,far.example}', 2, 'far.example 60.9.0.2, near.example 60.0.0.3, near.example 60.1.0.1', 'a turn after the other; seven days'),
	('{gone.example}', 2, 'gone.example (no address of it was seen in the last seven days, as far as score has read)', 'longer ago'),
	('{nobody.example}', 2, 'nobody.example (nothing is known of it; follow it with fluxtrack track)', 'not known'),
	('{"a\\032b.example"}', 2, 'a\032b.example (it is no host''s name)', 'no URL could have it'),
	('{www.cdn.example}', 2, 'www.cdn.example (it is on the list cdn: cdn.example)', 'a name on a list'),
	('{my.dyndns.example}', 2, 'my.dyndns.example 60.0.0.1', 'a dynamic-DNS provider is not who has the name'),
	('{lab.example}', 2, 'lab.example 127.0.0.1', 'a reserved address: the program has to know'),
	('{holes.example}', 2, 'holes.example 60.2.0.1 (it is on the list sinkhole: 60.2.0.0/16), holes.example 60.3.0.1, holes.example 60.4.0.1',
		'an address on a list is passed over, and told'),
	('{lab.example,lab.example}', 2, 'lab.example 127.0.0.1', 'a name given twice')) as v(names, nodes, expected, what);
select is(pg_temp.wanted('{near.example}', 9, names, prefixes), expected, what) from (values
	('{near.example}'::text[], '{}'::cidr[], 'near.example (it opted out)', 'a name opted out'), ('{example}', '{}', 'near.example (it opted out)', 'all below it too'),
	('{ar.example,x.near.example}', '{}', pg_temp.wanted('{near.example}', 9), 'not the others'),
	('{}', '{60.0.0.2/32,60.1.0.0/24,61.0.0.0/8}', 'near.example 60.0.0.2 (it opted out), near.example 60.0.0.3, near.example 60.1.0.1 (it opted out), '
		'near.example 60.0.0.1', 'addresses opted out')) as v(names, prefixes, expected, what);
select is(pg_temp.wanted('{near.example}', 1, '{}', '{60.0.0.1/32}'), 'near.example 60.0.0.3', 'who would not have been asked anyway is not told of');
select is(pg_temp.wanted('{}', 1, flux => true), null, 'none fluxes');
update verdict set verdict = case domain_id when domain_id_of('near.example') then 'flux' when domain_id_of('far.example') then 'double-flux' else 'suspect' end;
select is(pg_temp.wanted('{six.example}', 1, flux => true), 'far.example 60.9.0.2, near.example 60.0.0.3', 'those that flux');
update domain set tags = '{"registrar": "nic.ru", "lure": "old", "plain": ""}' where name = 'lab.example';
select is((select tags from probe_wanted('{lab.example}', false, 1, '{}', '{}')), 'lure=old plain registrar=nic.ru', 'tags as a target has them'),
	is((select tags from probe_wanted('{six.example}', false, 1, '{}', '{}')), '', 'or none');

-- On what nodes agree. A page that the i-th node of the pool served, so long after the start.
create sequence pg_temp.record;
create function pg_temp.page(name text, i integer, body text, at interval default '2 hours', status integer default 200,
	outcome fetch_outcome default 'answered', signatures text default '', head text default 'HTTP/1.1 200 OK\013\010Server: nginx\013\010',
	address inet default null, segment integer default fixture.open_segment())
returns void language sql
as $$
	select page_add(segment, nextval('pg_temp.record')::integer, domain_id_of(name), coalesce(address, fixture.pool_address(i, 40)), 80,
		fixture.start() + at, 1000, outcome, status, 'http://' || name || '/', head,
		case when body <> '' then sha256(body::bytea) end, length(body), signatures)
$$;
create function pg_temp.agreed(name text, at timestamptz default null, known timestamptz default null) returns text language sql
as $$
	select format('%s of %s in %s: %s', a.nodes, a.answered, a.networks, left(a.sha256, 4)) from page_agreement(array[domain_id_of(name)], at, known) a
$$;
-- 'a' has the SHA-256 ca97..., 'b' 3e23..., 'c' 2e7d...
select fixture.observe(name || '.example', '0 s', '{60.0.0.1}')
from unnest('{none,most,newest,failed,edge,network,tie,early,late}'::text[]) name;
select roll_up_nodes();
select is(pg_temp.agreed('none.example'), null, 'no page, no row');
select pg_temp.page('most.example', 0, 'a'), pg_temp.page('most.example', 1, 'b'), pg_temp.page('most.example', 2, 'b'), pg_temp.page('most.example', 41, 'b');
select is(pg_temp.agreed('most.example'), '3 of 4 in 2: 3e23', 'the most common page; nodes 1 and 41 are in one network');
select pg_temp.page('newest.example', 0, 'a', '1 hour'), pg_temp.page('newest.example', 0, 'b', '2 hours'), pg_temp.page('newest.example', 0, 'a', '90 min'),
	pg_temp.page('newest.example', 0, 'c', '3 hours', status => 404);
select is(pg_temp.agreed('newest.example'), '1 of 1 in 1: 3e23', 'each node counts once, with its newest page of status 200');
select pg_temp.page('failed.example', 0, '', status => 200), pg_temp.page('failed.example', 1, 'a', outcome => 'partial'),
	pg_temp.page('failed.example', 2, '', status => null, outcome => 'timeout'), pg_temp.page('failed.example', 3, 'a', status => 503),
	pg_temp.page('failed.example', 4, 'a', outcome => 'malformed');
select is(pg_temp.agreed('failed.example'), null, 'no body, not whole, another status: no page');
select pg_temp.page('failed.example', 5, 'a', outcome => 'cut');
select is(pg_temp.agreed('failed.example'), '1 of 1 in 1: ca97', 'what was cut by our limit is one');
select pg_temp.page('edge.example', 0, 'a', '-24 hours'), pg_temp.page('edge.example', 1, 'a', '7 days 0.001 s');
select is(pg_temp.agreed('edge.example'), null, 'a day before the window''s end is too long ago, seven days after it too late');
select pg_temp.page('edge.example', 0, 'a', '-23 hours 59 minutes 59.999 seconds'), pg_temp.page('edge.example', 1, 'a', '7 days');
select is(pg_temp.agreed('edge.example'), '2 of 2 in 2: ca97', 'just within');
select pg_temp.page('network.example', 0, 'a', address => address) from unnest('{60.0.0.1,60.0.9.9,70.1.0.1,70.1.9.9,70.2.0.1,2001:db8::1,2001:db8:9::1}'::inet[]) address;
select is(pg_temp.agreed('network.example'), '7 of 7 in 4: ca97', 'an AS, two /16 without, a /32 of IPv6');
select pg_temp.page('tie.example', 0, 'b'), pg_temp.page('tie.example', 40, 'b'), pg_temp.page('tie.example', 1, 'a'), pg_temp.page('tie.example', 2, 'a');
select is(pg_temp.agreed('tie.example'), '2 of 4 in 2: ca97', 'of two as common the one in more networks');
select pg_temp.page('tie.example', 80, 'b');
select is(pg_temp.agreed('tie.example'), '3 of 5 in 1: 3e23', 'the more common one, be it of fewer');

-- As of a past time, and as known at one.
update segment set rolled_up = true, loaded_at = '2008-06-01';
select pg_temp.page('late.example', 0, 'a'), pg_temp.page('late.example', 1, 'a');
update segment set loaded_at = '2008-06-02' where not rolled_up;
update segment set rolled_up = true;
select pg_temp.page('late.example', 2, 'a');
update segment set loaded_at = '2008-06-03' where not rolled_up;
select is(pg_temp.agreed('late.example', known => known), expected, 'known on ' || known::date) from (values
	(timestamptz '2008-06-01 12:00+00', null), ('2008-06-02 00:00+00', '2 of 2 in 2: ca97'), ('2008-06-03 00:00+00', '3 of 3 in 3: ca97')) as v(known, expected);
select is(pg_temp.agreed('late.example', fixture.start() + at), expected, 'as of ' || at) from (values
	(interval '1 hour', null), ('2 hours', '3 of 3 in 3: ca97'), ('25 hours 59 minutes', '3 of 3 in 3: ca97'), ('26 hours', null)) as v(at, expected);
select is(pg_temp.agreed('late.example', fixture.start(), '2008-06-02 12:00+00'), '2 of 2 in 2: ca97', 'by what was known, though later than the window''s end');

-- In the features, the reasons and the score.
select is(f.page_nodes, 3::bigint, 'features: nodes'), is(f.page_networks, 2::bigint, 'features: networks'), is(f.page_answered, 4::bigint, 'features: of'),
	is(f.page_sha256, encode(sha256('b'), 'hex'), 'features: the page') from flux_features('most.example') f;
select is(f.page_nodes, 0::bigint, 'features: none'), is(f.page_sha256, null, 'features: no page') from flux_features('none.example') f;
select is(page_reasons(word, fixture.figures(words || ' page_sha256=' || repeat('0123456789abcdef', 4))) = '{null}', not expected, what) from (values
	('flux', 'page_nodes=3 page_networks=3', true, 'reason: three nodes in three networks'),
	('flux', 'page_nodes=2 page_networks=3', false, 'reason: two nodes are too few'), ('flux', 'page_nodes=3 page_networks=2', false, 'reason: two networks too'),
	('double-flux', 'page_nodes=9 page_networks=9', true, 'reason: double-flux'), ('suspect', 'page_nodes=9 page_networks=9', true, 'reason: suspect'),
	('cdn', 'page_nodes=9 page_networks=9', false, 'reason: content networks serve the same everywhere'), ('static', 'page_nodes=9 page_networks=9', false, 'reason: static')
) as v(word, words, expected, what);
select fixture.churn('storm.example', 40, 1, 1, 1416, 40, 0, '60 s');
select is(fixture.judge('storm.example'), 'flux', 'a name that fluxes');
select is(score_domains(), 0::bigint, 'nothing new');
select pg_temp.page('storm.example', i, 'a', signatures => 'storm-codec') from generate_series(0, 8) i;
select pg_temp.page('storm.example', i, 'a', signatures => 'storm-codec') from generate_series(40, 50) i;
select is(score_domains(), 1::bigint, 'a page is news of its name');
select ok('the same page (SHA-256 ca978112ca1bbdca...) came from 20 addresses in 11 networks: proxies' = any(reasons), 'the reason') from status where domain = 'storm.example';
select is(fixture.verdict_of('storm.example'), 'flux', 'the verdict is the same');
select is(to_jsonb(g.f), v.features, 'by what was known then, the same figures again')
from verdict v cross join lateral judged_of(array[v.domain_id], v.window_end, v.known_at) g where v.domain_id = domain_id_of('storm.example');

-- In the dossier: what is the same taken together, nothing of heads and bodies but what is safe.
select pg_temp.page('storm.example', 60 + i, i::text, at => '2 hours 10 minutes', outcome => 'cut', head => 'HTTP/1.1 200 OK\013\010Server: <b>\\evil.example\013\010')
from generate_series(1, 3) i;
select pg_temp.page('storm.example', 0, 'a', at => '3 hours', signatures => 'storm-codec'),
	pg_temp.page('storm.example', 80, '', outcome => 'timeout', status => null, head => ''), pg_temp.page('storm.example', 81, '', outcome => 'timeout', status => null, head => '');
update segment set loaded_at = clock_timestamp() where not rolled_up; -- after the verdict
create temporary table told as select takedown_evidence('storm.example') as e;
select is((select string_agg(concat_ws(' ', p ->> 'nodes', p ->> 'outcome', p ->> 'status', p ->> 'octets', left(p ->> 'body_sha256', 4), p ->> 'server_header', p #>> '{signatures,0}'),
			', ' order by at)
		from jsonb_array_elements(e -> 'pages') with ordinality as l(p, at)),
		'20 answered 200 1 ca97 nginx storm-codec, 2 timeout 0, 1 cut 200 1 6b86 <b>\\evil.example, 1 cut 200 1 d473 <b>\\evil.example, 1 cut 200 1 4e07 <b>\\evil.example',
		'pages: those with a signature first, then the most nodes'),
	is(e #>> '{pages,0,first_at}', '2008-05-01T14:00:00Z', 'first served'), is(e #>> '{pages,0,last_at}', '2008-05-01T15:00:00Z', 'last served'),
	is(e #>> '{pages,0,networks}', '11', 'networks'), is(e #>> '{pages,0,address}', '60.0.0.1', 'the newest is the one cited'),
	is((select count(*) from page p where p.record = (e #>> '{pages,0,record}')::integer and p.asked_at = fixture.start() + '3 hours'), 1::bigint, 'its record'),
	is(e #>> '{pages,1,body_sha256}', null, 'no body, no hash'), is(e #>> '{pages_total}', '5', 'how many'),
	is(e #> '{page_agreement,answered}', '20', 'the agreement that the verdict was made with'),
	ok((select bool_and(exists (select from jsonb_array_elements(e -> 'segments') s where s ->> 'sha256' = p ->> 'sha256'))
		from jsonb_array_elements(e -> 'pages') p), 'their segments are cited'),
	matches(e ->> 'proves', ' Pages: what answered at that address gave these octets', 'what they prove')
from told;
create temporary table page_lines as select line, at from told, evidence_page(e) with ordinality as l(line, at);
select is((select string_agg(line, E'\n' order by at) from page_lines
	where at between (select at + 1 from page_lines where line like 'Pages that%') and (select at + 6 from page_lines where line like 'Pages that%')),
	'  20 of the 20 nodes served the same (SHA-256 ca978112ca1bbdca...), in 11 networks:' || E'\n'
	'  one server behind proxies, or a content network' || E'\n'
	'  - signature storm-codec: 20 addresses in 11 networks, 2008-05-01T14:00:00Z to' || E'\n'
	'    2008-05-01T15:00:00Z' || E'\n'
	'    answered, status 200, 1 octet, server nginx' || E'\n'
	'    SHA-256 ' || encode(sha256('a'), 'hex'), 'the text');
select is_empty($$select line from page_lines where line like '%evil.example%'$$, 'what a server sends is defanged'),
	isnt_empty($$select line from page_lines where line like '%server <b>\\\\evil[.]example'$$, 'and shown'),
	is_empty('select line from page_lines where length(line) > 84', '84 columns');
select is(jsonb_array_length(takedown_evidence('none.example') -> 'pages'), 0, 'no pages'),
	is_empty($$select line from evidence_text('none.example') line where line like 'Pages%'$$, 'no section'),
	is(takedown_evidence('none.example') -> 'page_agreement', 'null', 'no agreement'),
	doesnt_match(takedown_evidence('none.example') ->> 'proves', 'Pages', 'and proof of none');
select pg_temp.page('none.example', i, i::text) from generate_series(1, 51) i;
select is(jsonb_array_length(e -> 'pages'), 50, 'at most 50 of them'), ok(e -> 'notes' ? 'pages: 50 of 51', 'which is said') from takedown_evidence('none.example') e;

-- What the end of a probe prints.
select results_eq($$select domain, asked_at - fixture.start(), host(address), asn, outcome::text, status, octets, left(sha256, 4), signatures
	from probe_brought('{storm.example,most.example}', fixture.start() + '130 minutes') where outcome <> 'timeout' limit 4$$, $$values
	('storm.example', interval '130 min', '60.21.0.2', 1021::bigint, 'cut', 200, 1, '6b86', ''), ('storm.example', '130 min', '60.22.0.2', 1022, 'cut', 200, 1, 'd473', ''),
	('storm.example', '130 min', '60.23.0.2', 1023, 'cut', 200, 1, '4e07', ''), ('storm.example', '3 hours', '60.0.0.1', 1000, 'answered', 200, 1, 'ca97', 'storm-codec')$$,
	'what was brought since then');

select * from finish();
rollback;
