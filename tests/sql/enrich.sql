-- SPDX-License-Identifier: MIT
-- What is asked of addresses, and what hostile answers make of it: never an error, never more than they say.
begin;
select plan(75);

-- Names of addresses, both ways.
select is(reverse_labels('216.90.108.31'), '31.108.90.216', 'the octets backwards');
select is(reverse_labels('2001:db8::567:89ab'),
	'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2', 'the nibbles backwards, as RFC 3596 has them');
select is(address_under(reverse_labels(address) || '.v4', 'v4', 'v6'), address, 'and back: ' || address)
from unnest('{0.0.0.0,9.10.99.100,249.250.255.199}'::inet[]) address;
select is(address_under(reverse_labels(address) || '.v6', 'v4', 'v6'), address, 'and back: ' || address)
from unnest('{::,2a0e:1000:a:b:c:d:e:f}'::inet[]) address;
select is(address_under(name, 'in-addr.arpa', 'ip6.arpa'), null, 'names no address: ' || name)
from unnest(array['in-addr.arpa', '.in-addr.arpa', '1.2.3.in-addr.arpa', '0.1.2.3.4.in-addr.arpa',
	'256.1.1.1.in-addr.arpa', '01.1.1.1.in-addr.arpa', 'a.1.1.1.in-addr.arpa', '1.1.1.1.ip6.arpa',
	'1.1.1.1xin-addr.arpa', '0-25.1.1.1.in-addr.arpa']) name;

-- Team Cymru's texts.
create function pg_temp.origins(variadic texts text[]) returns text language sql
as $$ select string_agg(prefix || ' ' || asn, ',' order by asn) from cymru_origins(texts, '216.90.108.31') $$;
select is(pg_temp.origins('23028 | 216.90.108.0/24 | US | arin | 1998-09-25'), '216.90.108.0/24 23028', 'as they print it');
select is(pg_temp.origins('23028 701 | 216.90.108.0/24 | US | arin | 1998-09-25'),
	'216.90.108.0/24 701,216.90.108.0/24 23028', 'several origins');
select is(pg_temp.origins('1 | 216.90.0.0/16 | US | arin |', '2 | 216.90.108.0/24 | US | arin |',
	'3 | 216.90.64.0/18 | US | arin |', '4 | 216.90.108.0/24 | US | arin |'),
	'216.90.108.0/24 2,216.90.108.0/24 4', 'of several prefixes the longest');
select is(pg_temp.origins('7|216.90.108.0/24'), '216.90.108.0/24 7', 'without blanks');
select is(pg_temp.origins(repeat('7 ', 5000) || '| 216.90.108.0/24'), '216.90.108.0/24 7', 'the same origin often');
select is(string_agg(country, ',' order by asn), 'US,US', 'the country, of each origin')
from cymru_origins('{1 2 |216.90.108.0/24|  US |arin|}', '216.90.108.31');
select is(string_agg(coalesce(country, '-'), ','), '-', 'none without a third field') from cymru_origins('{1 | 216.90.108.0/24}', '216.90.108.31');
select is(string_agg(country, ','), 'DE', 'of two texts the first by its letters')
from cymru_origins('{1 | 216.90.108.0/24 | US |,1 | 216.90.108.0/24 | DE |}', '216.90.108.31');
select is(pg_temp.origins('1 | 216.0.0.0/7 | ZZ'), null, 'shorter than any route');
select is(pg_temp.origins('0 4294967296 9999999999 | 216.90.108.0/24 |'), null, 'no AS numbers');
select is(pg_temp.origins(text), null, 'garbage gives nothing: ' || left(text, 40))
from unnest(array['', '|', ' | ', '||||', '23028', '23028 |', '23028 | 216.90.108.0/24x |', '23028 | 216.90.108.7/24 |',
	'23028 | 216.90.108.0/33 |', '23028 | 216.90.108.0 | US', '23028 | 10.0.0.0/8 | US', '23028 | 2a00::/16 | US',
	'AS23028 | 216.90.108.0/24 |', '99999999999 | 216.90.108.0/24 |', '-1 | 216.90.108.0/24 |', '1  2 | 216.90.108.0/24 |',
	E'1\\009 | 216.90.108.0/24 |', repeat('|', 100000)]) text;

-- The role of a name is that of its zone, however it comes in; who follows it has the last word.
select domain_ids(array[name], array[role]::domain_role[], '{""}', array[null]::text[], now())
from (values ('7.0.0.60.in-addr.arpa', null), ('0.6.ip6.arpa', 'nameserver'), ('7.0.0.60.origin.asn.cymru.com', 'address'),
	('0.6.origin6.asn.cymru.com', null), ('arpa', null), ('origin.asn.cymru.com.example', null),
	('8.0.0.60.in-addr.arpa', 'followed')) as n(name, role);
select set_eq('select name, role::text from domain', $$ values ('7.0.0.60.in-addr.arpa', 'address'), ('0.6.ip6.arpa', 'address'),
	('7.0.0.60.origin.asn.cymru.com', 'address'), ('0.6.origin6.asn.cymru.com', 'address'), ('arpa', 'nameserver'),
	('origin.asn.cymru.com.example', 'nameserver'), ('8.0.0.60.in-addr.arpa', 'followed') $$, 'the role is that of the zone');

-- What is wanted. Addresses were seen so long ago, in one answer.
create function pg_temp.seen(name text, ago interval, variadic addresses inet[]) returns void language sql
as $$ select fixture.observe(name, now() - fixture.start() - ago, addresses) $$;
create function pg_temp.wanted(max integer default 1000) returns text language sql
as $$ select string_agg(name, ' ') from (select name from enrichment_wanted(max) order by name) w $$;
create function pg_temp.wanted_under(zone text) returns text language sql
as $$ select string_agg(host(a), ' ' order by a) from enrichment_wanted(1000) w
	cross join lateral address_under(w.name, zone, zone) a where a is not null $$;
create function pg_temp.origins_wanted() returns text language sql
as $$ select concat_ws(' ', pg_temp.wanted_under('origin.asn.cymru.com'), pg_temp.wanted_under('origin6.asn.cymru.com')) $$;
create function pg_temp.names_wanted() returns text language sql
as $$ select concat_ws(' ', pg_temp.wanted_under('in-addr.arpa'), pg_temp.wanted_under('ip6.arpa')) $$;
-- An answer that tells of an address, so long ago.
create function pg_temp.told(name text, ago interval, answer text[], outcome outcome default 'answered',
	qtype integer default 16) returns void language sql
as $$ select fixture.observe(name, now() - fixture.start() - ago, qtype => qtype, outcome => outcome, names => answer,
	role => 'address') $$;

select is(pg_temp.wanted(), null, 'nothing seen, nothing wanted');
select pg_temp.seen('old.example', '8 days', '60.9.0.1'), pg_temp.seen('a.example', '2 days', '10.0.0.1', '192.0.2.1', 'fe80::1');
select is(take_enrichment(), 0::bigint, 'no answer yet');
select is(pg_temp.wanted(), null, 'nor what was seen long ago, nor reserved addresses');

select pg_temp.seen('a.example', '1 day', '60.0.0.200', '60.0.0.201', '60.0.1.1', '2a0e::1', '2a0e::2', '2a0e:0:1::1');
select take_enrichment();
select is(pg_temp.origins_wanted(), '60.0.0.200 60.0.1.1 2a0e::1 2a0e:0:1::1', 'one address of a /24 or /48 at a time');
select is(pg_temp.names_wanted(), '60.0.0.200 60.0.0.201 60.0.1.1 2a0e::1 2a0e::2 2a0e:0:1::1', 'and all their names');
select is((select count(*) from enrichment_wanted(3)), 3::bigint, 'at most so many');
select ok(bool_and(name like '%.cymru.com'), 'origins before names') from enrichment_wanted(4);

-- Origins.
select pg_temp.told('200.0.0.60.origin.asn.cymru.com', '2 hours', '{"9 | 60.0.0.0/24 | ZZ"}'),
	pg_temp.told('200.0.0.60.origin.asn.cymru.com', '1 hour', '{"7 8 | 60.0.0.200/32 | US | arin | 1998-09-25","6 | 60.0.0.0/8 | ZZ"}'),
	pg_temp.told('200.0.0.60.origin.asn.cymru.com', '1 minute', null, 'timeout'),
	pg_temp.told('1.1.0.60.origin.asn.cymru.com', '1 minute', null, 'nxdomain'),
	pg_temp.told(reverse_labels('2a0e::1') || '.origin6.asn.cymru.com', '1 minute', '{"5 | 2a0e::/32 | <b> | ripencc"}'),
	pg_temp.told('1.0.1.60.origin.asn.cymru.com', '1 minute', '{"666 | 60.0.0.0/24 | ZZ"}'),
	pg_temp.told('1.0.0.60.example', '1 minute', '{"666 | 60.0.0.0/24 | ZZ"}');
select is(take_enrichment(), 4::bigint, 'four addresses told of');
select is(take_enrichment(), 0::bigint, 'once');
select set_eq($$ select prefix, asn, country, source, (now() at time zone 'UTC')::date - valid_from from prefix_origin $$,
	$$ values (cidr '60.0.0.200/32', 7::bigint, 'US', 'cymru', 7), ('60.0.0.200/32', 8, 'US', 'cymru', 7), ('2a0e::/32', 5, null, 'cymru', 7) $$,
	'the newest definite answers count, from a week before they came');
select is(asn, 7::bigint, 'the node has its origin') from node where address = '60.0.0.200';
select is(asn, 5::bigint, 'and all that the prefix holds') from node where address = '2a0e:0:1::1';
select is(asked_at, now() - interval '1 minute', 'the time-out was the last time') from origin_answer
where address = '60.0.0.200';
select pg_temp.seen('a.example', '2 days', '60.0.1.2'), take_enrichment();
select is(pg_temp.origins_wanted(), '60.0.0.201', 'the neighbour that the prefix does not hold is next; where none came, none');
update origin_answer set asked_at = asked_at - interval '1 day' where address = '60.0.1.1';
select is(pg_temp.origins_wanted(), '60.0.0.201 60.0.1.2', 'a day later another one there');
update origin_answer set asked_at = asked_at - interval '6 days' where address = '60.0.1.1';
select is(pg_temp.origins_wanted(), '60.0.0.201 60.0.1.1', 'and after a week the same');

-- Names.
select pg_temp.told('200.0.0.60.in-addr.arpa', '2 hours', '{dsl-7.example.net,b.example}', qtype => 12),
	pg_temp.told('201.0.0.60.in-addr.arpa', '1 hour', null, 'nxdomain', 12),
	pg_temp.told('1.1.0.60.in-addr.arpa', '1 hour', null, 'servfail', 12),
	pg_temp.told(reverse_labels('2a0e::2') || '.ip6.arpa', '8 days', '{six.example.net}', qtype => 12),
	pg_temp.told('b._dns-sd._udp.0.0.60.in-addr.arpa', '1 hour', '{x.example}', qtype => 12);
update observation set is_dynamic = true where 'dsl-7.example.net' = any(names);
delete from due_name;
select is(take_enrichment(), 4::bigint, 'four names');
select is(count(*), 1::bigint, 'whose is due to be scored') from due_name where domain_id = domain_id_of('a.example');
select set_eq('select address, name, is_dynamic from reverse_name', $$ values (inet '60.0.0.200', 'dsl-7.example.net', true),
	('60.0.0.201', null, null), ('60.0.1.1', null, null), ('2a0e::2', 'six.example.net', null) $$,
	'the first target; none where it failed or there is none');
select is(pg_temp.names_wanted(), '60.0.1.2 2a0e::1 2a0e::2 2a0e:0:1::1', 'nobody is asked twice within a week');
select pg_temp.told('200.0.0.60.in-addr.arpa', '1 minute', null, 'timeout', 12),
	pg_temp.told(reverse_labels('2a0e::2') || '.ip6.arpa', '9 days', '{older.example.net}', qtype => 12), take_enrichment();
select is(name, 'dsl-7.example.net', 'a failure takes no name away'),
	is(asked_at, now() - interval '1 minute', 'but was the last time') from reverse_name where address = '60.0.0.200';
select is(name, 'six.example.net', 'an older answer that is loaded later does not count') from reverse_name
where address = '2a0e::2';

-- An imported file may tell names, and nobody's origin.
insert into source (uuid, name, format, sha256) values (gen_random_uuid(), 'f', 'zeek', '');
select pg_temp.told('2.1.0.60.origin.asn.cymru.com', '1 minute', '{"666 | 60.0.1.0/24 | ZZ"}'),
	pg_temp.told('2.1.0.60.in-addr.arpa', '1 minute', '{told.example}', qtype => 12);
update observation set source_id = s.id from source s
where observed_at = now() - interval '1 minute' and not exists (select from segment g where g.id = segment_id and g.enriched);
select is(take_enrichment(), 1::bigint, 'of an imported file one thing is taken');
select is(name, 'told.example', 'the name') from reverse_name where address = '60.0.1.2';

-- Whose addresses first, and how many names.
delete from node;
select pg_temp.seen('still.example', '1 hour', '62.1.0.1'), pg_temp.seen('ns.example', '1 hour', '62.2.0.1'),
	pg_temp.seen('moves.example', '2 hours', '62.4.0.200'), pg_temp.seen('moves.example', '1 hour', '62.4.0.1'),
	pg_temp.seen('flux.example', '3 hours', '62.5.0.1'),
	take_enrichment();
update domain set role = 'nameserver' where name = 'ns.example';
insert into verdict (domain_id, verdict, score, window_end, reasons, features)
values (domain_id_of('flux.example'), 'suspect', 0.5, now(), '{}', '{}');
select results_eq('select name from enrichment_wanted(6)', array['1.0.4.62.origin.asn.cymru.com', '1.0.5.62.origin.asn.cymru.com',
	'1.0.4.62.in-addr.arpa', '1.0.5.62.in-addr.arpa', '1.0.1.62.origin.asn.cymru.com', '1.0.1.62.in-addr.arpa'],
	'first new addresses and names that may flux, then what stands');
select results_eq('select name from enrichment_wanted(99) offset 7', array['1.0.2.62.origin.asn.cymru.com'],
	'last the origins of nameservers, whose names nobody needs');
select fixture.observe('big.example', now() - fixture.start() - interval '1 hour',
	array(select inet '61.0.0.1' + 256 * k from generate_series(1, 200) k)), take_enrichment();
select is(count(*) filter (where name like '%.61.origin.asn.cymru.com'), 200::bigint, 'all origins of a large pool'),
	is(count(*) filter (where name like '%.61.in-addr.arpa'), 50::bigint, 'and the names of fifty')
from enrichment_wanted(1000);

select * from finish();
rollback;
