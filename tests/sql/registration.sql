-- SPDX-License-Identifier: MIT
-- What RDAP answers are read to say, in each registry's shape and in none; what is asked, and what the dossier and a
-- report then say.
begin;
select plan(116);

-- An answer that came so long ago, of a name or an address.
create function pg_temp.told(about text, ago interval, answer jsonb, status integer default 200,
	outcome fetch_outcome default 'answered') returns void language sql
as $$
	insert into registration (segment_id, record, name, address, asked_at, outcome, status, url, answer)
	select fixture.open_segment(), (select count(*) + 1 from registration), case when a is null then about end, a,
		now() - ago, outcome, status, 'https://rdap.example/' || about, answer
	from inet_or_null(about) a
$$;
create function pg_temp.card(variadic properties text[]) returns jsonb language sql
as $$ select jsonb_build_array('vcard', array_agg(jsonb_build_array(split_part(p, '=', 1), jsonb_build_object(), 'text',
	substr(p, strpos(p, '=') + 1)))) from unnest('{version=4.0}' || properties) p $$;
create function pg_temp.entity(roles text[], card jsonb, entities jsonb default null) returns jsonb language sql
as $$ select jsonb_strip_nulls(jsonb_build_object('objectClassName', 'entity', 'roles', roles, 'vcardArray', card,
	'entities', entities)) $$;
create function pg_temp.mail(answer jsonb) returns text language sql
as $$ select abuse_email from rdap_abuse(answer) $$;

-- Texts.
select is(printable(text), expected, 'printable: ' || coalesce(expected, 'none')) from (values
	(' a b ', 'a b'), ('a\b', 'a\\b'), (E'a\nb', 'a\010b'), ('é', '\195\169'), ('a€z', 'a\226\130\172z'), ('', null), (E' \t\n', null),
	(E'\u202e\u007f', '\226\128\174\127'), ('<b>"''', '<b>"''')) as v(text, expected);
select is(length(printable(repeat('x', 100000))), 200, 'at most so long'), is(printable(repeat('é', 9), 2), '\195\169\195\169', 'cut between letters');

-- The abuse contact in each registry's shape.
create temporary table shape as select jsonb_build_object('ldhName', 'THIN.EXAMPLE', 'entities', jsonb_build_array(
		pg_temp.entity('{registrar}', pg_temp.card('fn=Some Registrar, Inc.', 'email=office@registrar.example'), jsonb_build_array(
			pg_temp.entity('{abuse}', pg_temp.card('fn=', 'tel=tel:+1.2025550100', 'email=Abuse@Registrar.example'))))
		|| '{"publicIds": [{"type": "IANA Registrar ID", "identifier": "292"}]}'::jsonb),
	'events', '[{"eventAction": "expiration", "eventDate": "2027-03-01T00:00:00Z"},
		{"eventAction": "registration", "eventDate": "2008-03-01T01:02:03.5Z"}]'::jsonb, 'status', '["client transfer prohibited"]'::jsonb,
	'nameservers', '[{"ldhName": "NS1.THIN.EXAMPLE"}, {"ldhName": "ns2.thin.example"}]'::jsonb) as verisign;
select is(pg_temp.mail(verisign), 'abuse@registrar.example', 'Verisign: under the registrar') from shape;
select is(pg_temp.mail(answer), expected, said) from (values
	('ARIN: under the registrant', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{registrant}', pg_temp.card('fn=Net'),
		jsonb_build_array(pg_temp.entity('{technical}', pg_temp.card('email=noc@net.example')), pg_temp.entity('{abuse}', pg_temp.card('email=abuse@net.example')))))),
		'abuse@net.example'),
	('RIPE: on top, in any case', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{administrative}', pg_temp.card('email=a@ripe.example')),
		pg_temp.entity('{Abuse}', pg_temp.card('EMAIL=abuse@ripe.example')))), 'abuse@ripe.example'),
	('the registrar itself', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=own@n.example')),
		pg_temp.entity('{registrar,abuse}', pg_temp.card('email=one@r.example')))),
		'one@r.example'),
	('the registrar''s before the name''s own', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=own@n.example')),
		pg_temp.entity('{registrar}', pg_temp.card('fn=R'), jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=abuse@r.example')))))),
		'abuse@r.example'),
	('on top before below', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{registrant}', pg_temp.card('fn=R'),
		jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=below@n.example')))), pg_temp.entity('{abuse}', pg_temp.card('email=top@n.example')))),
		'top@n.example'),
	('deep', '{"network": {"entities": [{"roles": ["noc"], "entities": [{"entities": [{"roles": "abuse",
		"vcardArray": ["vcard", [["email", {}, "text", "deep@n.example"]]]}]}]}]}}', 'deep@n.example'),
	('AFRINIC: none', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{technical}', pg_temp.card('email=t@a.example')))), null),
	('several values, the first that is one', '{"entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text",
		["not one", "first@n.example"], "second@n.example"]]]}]}', 'first@n.example'),
	('mailto', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=mailto:m@n.example')))), 'm@n.example'),
	('the second where the first is kept back', jsonb_build_object('entities', jsonb_build_array(
		pg_temp.entity('{abuse}', pg_temp.card('email=REDACTED FOR PRIVACY')), pg_temp.entity('{abuse}', pg_temp.card('email=b@n.example')))), 'b@n.example'),
	('RFC 9537 tells that it is kept back', '{"entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "x@n.example"]]]}],
		"redacted": [{"name": {"type": "Registrar Abuse Contact Email"}, "method": "emptyValue"}]}', null),
	('RFC 9537 tells of another', '{"entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "x@n.example"]]]}],
		"redacted": [{"name": {"type": "Registrant Email"}, "method": "emptyValue"}, {"name": "x"}, 7]}', 'x@n.example')) as v(said, answer, expected);
select is(pg_temp.mail(jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=' || mail))))), null, 'no address: ' || coalesce(printable(mail, 40), '-'))
from unnest(array['DATA REDACTED', 'removed@lacnic.net', '', '@', 'a@', 'a@b', 'a b@n.example', 'see https://n.example/form', 'redacted@n.example', 'a@b@n.example',
	'<a@n.example>', 'a@n.example, b@n.example', 'x@n.invalid', E'a@n.example\nBcc: b@n.example', repeat('a', 300) || '@n.example', 'é@n.example', 'a@-.7',
	'=1+1@n.example', '-f@n.example', '|sh@n.example']) mail;
select is(abuse_phone, expected, 'telephone: ' || value) from (values ('tel:+1.2025550100;ext=7', '+1.2025550100;ext=7'), ('+49 (0)30 123-456', '+49 (0)30 123-456'),
	('none', null), ('1', null), ('+1<script>', null)) as v(value, expected)
cross join lateral rdap_abuse(jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('tel=' || value)))));
select is(abuse_phone, '+1 5550101', 'a fax is none') from rdap_abuse('{"entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [
	["tel", {"type": ["work", "fax"]}, "uri", "tel:+1 5550100"], ["tel", {"type": "voice"}, "uri", "tel:+1 5550101"]]]}]}');

-- Times.
select is(utc_text(rdap_time(told)), expected, 'time: ' || told) from (values ('2008-03-01T01:02:03Z', '2008-03-01T01:02:03Z'), ('2008-03-01', '2008-03-01T00:00:00Z'),
	('2008-03-01T01:02:03+02:00', '2008-02-29T23:02:03Z'), ('2008-03-01t01:02:03', '2008-03-01T01:02:03Z'), ('2008-13-01', null), ('2008-02-30T00:00:00Z', null),
	('now', null), ('infinity', null), ('2008-03-01T99:00:00Z', null), ('99999-01-01', null), ('', null)) as v(told, expected);
select is(rdap_registered(jsonb_build_object('events', jsonb_build_array(jsonb_build_object('eventAction', 'registration', 'eventDate', told))), now()), null,
	'no time of a registration: ' || told) from unnest(array['0001-01-01', '1984-12-31', (now() + interval '2 days')::date::text]) told;

-- A name's answer.
select is(count(*), 0::bigint, 'nothing told') from registration_of('thin.example');
select pg_temp.told('thin.example', '1 hour', verisign), pg_temp.told('thin.example', '2 hours', '{"status": ["older"]}'),
	pg_temp.told('thin.example', '1 minute', null, 404), pg_temp.told('thin.example', '1 minute', '{"status": ["cut"]}', 200, 'cut'),
	pg_temp.told('thin.example', '1 minute', '{"ldhName": "other.example", "status": ["of another"]}') from shape;
select is(registrar, 'Some Registrar, Inc.', 'registrar'), is(iana_id, 292, 'its number'), is(abuse_email, 'abuse@registrar.example', 'abuse'),
	is(abuse_phone, '+1.2025550100', 'telephone'), is(utc_text(registered_on), '2008-03-01T01:02:03Z', 'registered'),
	is(status, '{client transfer prohibited}', 'status'), is(nameservers, '{ns1.thin.example,ns2.thin.example}', 'nameservers'),
	is(asked_at, now() - interval '1 hour', 'the newest whole answer on that name'), is(segment, '20080501T120000Z.seg', 'where it lies'), is(record, 1, 'in it')
from registration_of('thin.example');

select pg_temp.told('own.example', '1 hour', jsonb_build_object('entities', jsonb_build_array(pg_temp.entity('{registrar}', pg_temp.card('fn=R')),
	pg_temp.entity('{abuse}', pg_temp.card('email=top@own.example')), pg_temp.entity('{registrant}', pg_temp.card('fn=O'),
	jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=abuse@own.example')))))));
select is(registrar, 'R', 'a registrar without an abuse desk'), is(abuse_email, null, 'who registered the name takes no complaints for it'),
	is(holder_email, 'top@own.example', 'which is for a provider of names alone') from registration_of('own.example');

-- An address's.
select pg_temp.told('60.0.0.7', '1 hour', jsonb_build_object('handle', 'NET-60-0', 'name', 'A<b>', 'country', 'de', 'startAddress', '60.0.0.0', 'endAddress', '60.0.0.255',
	'entities', jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=abuse@net.example')))));
select is(handle, 'NET-60-0', 'handle'), is(name, 'A<b>', 'name'), is(abuse_email, 'abuse@net.example', 'abuse'), is(country, 'DE', 'country') from network_of('60.0.0.7');
select is(handle, 'NET-60-0', 'a neighbour''s answer') from network_of('60.0.0.255');
select is(count(*), 0::bigint, 'not of one outside its range') from network_of('60.0.1.0');
select pg_temp.told('60.9.0.1', '1 hour', '{"handle": "x", "startAddress": "::", "endAddress": "ffff::"}'), pg_temp.told('60.9.0.2', '1 hour', '{"handle": "y", "startAddress": 7}');
select is(string_agg(handle, ' '), 'y', 'a range of the other family holds it not; without one it is of the address alone')
from unnest('{60.9.0.1,60.9.0.2,60.9.0.3}'::inet[]) a, network_of(a);

-- A dossier's networks: those of nodes that may leave, with how many.
select fixture.domain('net.example');
insert into node (domain_id, address, first_seen, last_seen, observations)
select d.id, a::inet, now(), now(), 1 from domain d, unnest('{60.0.0.7,60.0.0.9,60.9.0.2,60.0.1.9,10.0.0.1,2a0f::5,2a0f:1::5}'::text[]) a where d.name = 'net.example';
select pg_temp.told('10.0.0.1', '1 hour', '{"handle": "PRIVATE"}');
select pg_temp.told(a, ago::interval, '{"handle": "V6", "startAddress": "2a0f::", "endAddress": "2a0f:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}')
from (values ('2a0f:0:ffff::1', '1 hour'), ('2a0f:1:ffff::1', '2 hours')) v(a, ago);
select is((select jsonb_agg(concat_ws(' ', n ->> 'handle', n ->> 'low', n ->> 'high', n ->> 'nodes', n ->> 'abuse_email')) from jsonb_array_elements(networks) n),
		'["NET-60-0 60.0.0.0 60.0.0.255 2 abuse@net.example", "V6 2a0f:: 2a0f:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2", "y 1"]'::jsonb, 'the dossier''s networks'),
	is((select array_agg(line) from networks_text(jsonb_build_object('networks', jsonb_set(networks, '{0,name}', '"see http://evil.example/"'))) line), array['',
		'Networks of the newest 50 addresses, and where they take complaints',
		'  60.0.0.0 - 60.0.0.255, see hxxp://evil[.]example/, DE: 2 addresses;' || E'\n' || '  abuse@net.example; told by RDAP on ' || utc_text(now() - interval '1 hour'),
		'  2a0f:: - 2a0f:ffff:ffff:ffff:ffff:ffff:ffff:ffff: 2 addresses; no contact; told by' || E'\n' || '  RDAP on ' || utc_text(now() - interval '1 hour'),
		'  y: 1 address; no contact; told by RDAP on ' || utc_text(now() - interval '1 hour')], 'as text'),
	is((select count(*) from networks_text('{"networks": []}')), 0::bigint, 'none told, none shown')
from domain d cross join lateral (select takedown_evidence(d.name, false) -> 'networks') as e(networks) where d.name = 'net.example';

-- Wrong types anywhere: null, never an error.
create temporary table wrong as
select jsonb_set(s.verisign, path, thing) as answer
from shape s, unnest(array['null', '7', '"x"', '[]', '{}', '[[]]', '[null, 7, {"roles": 7}]', '{"a": {"a": []}}']::jsonb[]) thing,
	(values ('{ldhName}'::text[]), ('{entities}'), ('{entities,0}'), ('{entities,0,roles}'), ('{entities,0,vcardArray}'), ('{entities,0,vcardArray,1}'),
	('{entities,0,vcardArray,1,1}'), ('{entities,0,vcardArray,1,1,0}'), ('{entities,0,vcardArray,1,1,1}'), ('{entities,0,vcardArray,1,1,3}'),
	('{entities,0,entities}'), ('{entities,0,entities,0,vcardArray,1,3,1}'), ('{entities,0,publicIds}'), ('{entities,0,publicIds,0}'),
	('{entities,0,publicIds,0,identifier}'), ('{entities,0,publicIds,0,type}'), ('{events}'), ('{events,1}'), ('{events,1,eventAction}'),
	('{events,1,eventDate}'), ('{status}'), ('{status,0}'), ('{nameservers}'), ('{nameservers,0}'), ('{nameservers,0,ldhName}'), ('{redacted}'),
	('{handle}'), ('{name}'), ('{country}'), ('{startAddress}'), ('{endAddress}')) as p(path);
create function pg_temp.tell_wrong(answer jsonb) returns boolean language plpgsql
as $$
begin
	delete from registration where name = 'wrong.example' or address = '61.0.0.1';
	perform pg_temp.told('wrong.example', '1 hour', case jsonb_typeof(answer) when 'object' then answer - 'ldhName' else answer end), pg_temp.told('61.0.0.1', '1 hour', answer);
	return (select concat(registrar, abuse_email, status, nameservers) from registration_of('wrong.example')) ~ '^[ -~]*$'
		and who_can_act('wrong.example', 'wrong.example') ->> 'party' = 'registrar'
		and (select count(*) from network_of('61.0.0.1')) <= 1;
end $$;
select is(count(*) filter (where pg_temp.tell_wrong(answer)), count(*), 'wrong types raise nothing') from wrong;
select is(count(*) filter (where pg_temp.tell_wrong(answer)), 4::bigint, 'nor another shape') from unnest(array['[]', '7', '[[[{"entities": 1}]]]', '"x"']::jsonb[]) answer;
select ok(pg_temp.tell_wrong((repeat('{"entities":[', 1000) || '7' || repeat(']}', 1000))::jsonb), 'nor great depth');
select is(pg_temp.tell_wrong(jsonb_build_object('status', (select jsonb_agg('x'::text) from generate_series(1, 20000)),
	'entities', (select jsonb_agg(pg_temp.entity('{abuse}', pg_temp.card('email=none'))) from generate_series(1, 2000)))), true, 'nor great width');
select is(cardinality(status), 30, 'of which it keeps little') from registration_of('wrong.example');

-- What is wanted.
create function pg_temp.wanted(most integer default 1000) returns text language sql
as $$ select string_agg(coalesce(name, host(address)), ' ') from registration_wanted(most) $$;
select is(pg_temp.wanted(), null, 'nothing judged, nothing wanted');
-- A name with nodes and a verdict.
create function pg_temp.judged(name text, verdict text, score real, variadic addresses inet[]) returns void language sql
as $$
	select fixture.domain(name);
	insert into verdict (domain_id, verdict, score, window_end, reasons, features)
	select d.id, judged.verdict, judged.score, now(), '{}', '{}' from domain d where d.name = judged.name;
	insert into node (domain_id, address, first_seen, last_seen, observations)
	select d.id, a, now() - interval '1 hour', now() - interval '1 hour', 1 from domain d, unnest(addresses) a where d.name = judged.name;
$$;
select pg_temp.judged('www.flux.example', 'flux', 0.9, '62.0.0.1', '62.0.0.9', '62.0.1.1', '10.0.0.1', '2a0e::1', '2a0e::2'),
	pg_temp.judged('a.flux.example', 'double-flux', 0.95, '62.0.0.1'), pg_temp.judged('b.dyn.host.example', 'suspect', 0.5, '62.7.0.1'),
	pg_temp.judged('still.example', 'static', 0, '62.8.0.1'), pg_temp.judged('ns.example', 'flux', 1, '62.9.0.1');
update domain set role = 'nameserver' where name = 'ns.example';
update node set last_seen = now() - interval '8 days' where address = '62.7.0.1';
insert into list_entry (list, name, source, listed_on) values ('dyndns', 'dyn.host.example', 'test', '2008-01-01');
select is(pg_temp.wanted(), 'flux.example dyn.host.example 62.0.0.1 62.0.1.1 2a0e::1', 'registered names and zones, then an address of each prefix');
select is(pg_temp.wanted(3), 'flux.example dyn.host.example 62.0.0.1', 'at most so many');
update node set prefix = '62.0.0.0/16' where address <<= '62.0.0.0/16';
select is(pg_temp.wanted(), 'flux.example dyn.host.example 62.0.0.1 2a0e::1', 'the prefix that is announced');
select pg_temp.told('flux.example', '29 days', '{}'), pg_temp.told('62.0.5.5', '1 day', '{}'), pg_temp.told('host.example', '23 hours', null, 404),
	pg_temp.told('2a0e::1', '23 hours', null, null, 'timeout');
select is(pg_temp.wanted(), null, 'an answer holds 30 days, and a failure a day');
update registration set asked_at = asked_at - interval '2 days';
select is(pg_temp.wanted(), 'flux.example dyn.host.example 2a0e::1', 'and no longer');

-- Who can act.
select is(who, '{"party": "registrar", "zone": "new.example", "why": "that is the registered name; RDAP tells its registrar"}'::jsonb, 'not asked yet')
from who_can_act('www.new.example', 'new.example') who;
select is(who ->> 'registrar', 'Some Registrar, Inc.', 'the registrar'), is(who ->> 'iana_id', '292', 'its number'), is(who ->> 'abuse_email', 'abuse@registrar.example', 'its abuse desk'),
	is(who ->> 'registered_on', '2008-03-01T01:02:03Z', 'since when'), is(who ->> 'segment', '20080501T120000Z.seg', 'where that lies')
from who_can_act('www.thin.example', 'thin.example') who;
select pg_temp.told('host.example', '1 hour', jsonb_build_object('entities', jsonb_build_array(
	pg_temp.entity('{registrar}', pg_temp.card('fn=R'), jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=abuse@r.example')))),
	pg_temp.entity('{registrant}', pg_temp.card('email=office@host.example'), jsonb_build_array(pg_temp.entity('{abuse}', pg_temp.card('email=abuse@host.example')))))));
select is(who ->> 'abuse_email', 'abuse@host.example', 'the provider''s own desk, of the name above the zone'), is(who ? 'registrar', false, 'not its registrar''s')
from who_can_act('b.dyn.host.example', 'host.example') who;

-- The dossier's text.
select is((select string_agg(line, E'\n') from registration_text(who_can_act('thin.example', 'thin.example')) line),
	'Registrar:   Some Registrar, Inc. (IANA 292), abuse@registrar.example,' || E'\n' ||
	'             +1.2025550100, registered 2008-03-01; told by RDAP on' || E'\n' ||
	'             ' || utc_text(now() - interval '2 days 1 hour'), 'text: a line on the registrar');
select is((select count(*) from registration_text(who_can_act('a.new.example', 'new.example'))), 0::bigint, 'text: none where nothing is known');
select alike((select string_agg(line, ' ') from registration_text(who_can_act('b.dyn.host.example', 'host.example')) line), 'Contact:     abuse@host.example; told by RDAP on %',
	'text: the provider''s contact');
select is(string_agg(line, ''), 'Registrar:   see hxxp://evil[.]example/; told by RDAP on t', 'text: defanged')
from registration_text('{"party": "registrar", "registrar": "see http://evil.example/", "asked_at": "t"}') line;

select is(string_agg(line, ''), 'Registrar:   not told by RDAP on t', 'text: an answer that tells nothing')
from registration_text('{"party": "registrar", "asked_at": "t"}') line;

-- The kind of report.
select is(xarf_kind(who_can_act('thin.example', 'thin.example'), '2008-03-11 12:00:00+00', true), '{"type": "suspicious_registration",
	"registration_date": "2008-03-01T01:02:03Z", "days_since_registration": 10, "suspicious_indicators": ["fast_flux"]}'::jsonb, 'with the date of its registration');
select is(xarf_kind(who, '2008-03-01 00:00:00+00', true), '{"type": "malware", "malware_type": "bot"}'::jsonb, 'without one, or seen before it')
from (values (who_can_act('a.new.example', 'new.example')), (who_can_act('thin.example', 'thin.example')), (who_can_act('b.dyn.host.example', 'host.example'))) as v(who);

select * from finish();
rollback;
