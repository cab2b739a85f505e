-- SPDX-License-Identifier: MIT
-- Passive DNS in the common output format: a line a record, with whole seconds.
begin;
select plan(11);
select fixture.pool_origins(200);

select is(unix_second(at), second, 'unix_second: ' || at) from (values ('2008-05-01 12:00:00+00'::timestamptz, 1209643200::bigint),
	('2008-05-01 12:00:00.999999+00', 1209643200), ('1969-12-31 23:59:59.5+00', -1)) as v(at, second);

-- A name of odd octets that fluxes, one of its addresses seen twice; one of its addresses is nobody's, and one an IPv6.
select fixture.churn(E'"\\010\\\\.example', 10, 5, 5, 1121, 200), fixture.churn('quiet.example', 10, 1, 0, 1, 1);
select fixture.observe(E'"\\010\\\\.example', interval '0.25 s', '{10.0.0.1}'),
	fixture.observe(E'"\\010\\\\.example', interval '50 min 0.75 s', array[fixture.pool_address(49, 200)]),
	fixture.observe(E'"\\010\\\\.example', '-1 day', '{2a0e::1}', qtype => 28);
select fixture.observe(E'"\\010\\\\.example', at, qtype => 2, names => names) from (values
		('1 s'::interval, '{ns1.example,"n\\000\".example"}'::text[]), ('9.5 s', '{ns1.example}'), ('5 s', '{ns1.example}')) as v(at, names);
select fixture.observe('quiet.example', '1 s', qtype => 2, names => '{ns2.example}'),
	fixture.observe(E'"\\010\\\\.example', '1 s', qtype => 2, outcome => 'truncated', names => '{ns3.example}');
select score_domains();

select is(count(*), 53::bigint, 'a line an address that leaves, and a nameserver') from export_cof();
select is((select l from export_cof() l where l ~ '60\.49\.0\.1'),
	E'{"rrname":"\\"\\\\010\\\\\\\\.example","rrtype":"A","rdata":["60.49.0.1"],"time_first":1209645909,"time_last":1209646200,"count":2}',
	'an address: its name as it stands, and from the first second to the last');
select is((select l::json ->> 'rrtype' from export_cof() l where l ~ '2a0e::1'), 'AAAA', 'an IPv6 address');
select set_eq($$select l::json -> 'rdata' ->> 0 as a, (l::json ->> 'time_first')::bigint as b,
	(l::json ->> 'time_last')::bigint as c, (l::json ->> 'count')::bigint as d from export_cof() l where l::json ->> 'rrtype' = 'NS'$$,
	$$values ('ns1.example', 1209643201::bigint, 1209643209::bigint, 3::bigint), (E'n\\000".example', 1209643201, 1209643201, 1)$$,
	'nameservers, from the first answer that names them to the last');
select results_eq('select export_cof()', 'select l from (select export_cof() as l) o order by l::json ->> ''rrname'',
	l::json ->> ''rrtype'', (l::json ->> ''time_first'')::bigint, (l::json ->> ''time_last'')::bigint, l::json -> ''rdata'' ->> 0',
	'in one order');
select is(count(*), 1::bigint, 'of one network: no nameserver') from export_cof(export_filter(asn => 1007));
select is(count(*), 1::bigint, 'seen since') from export_cof(export_filter(since => fixture.start() + interval '50 min'));
select is(count(*), 2::bigint, 'seen twice: an address and a nameserver') from export_cof(export_filter(min_observations => 2));

select * from finish();
rollback;
