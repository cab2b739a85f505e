-- SPDX-License-Identifier: MIT
-- What segments tell of a name, in whatever order they are loaded.
begin;
select plan(12);

create function pg_temp.told(roles domain_role[], tags text, at timestamptz) returns text language sql
as $$
	select domain_ids('{told.example}', roles, array[tags], '{told.example}', at);
	select format('%s %s %s', role, coalesce(family, '-'), tags) from domain where name = 'told.example'
$$;

select is(pg_temp.told('{null}', '', '2008-05-01'), 'nameserver - {}', 'known from its lookups alone');
select is(pg_temp.told('{followed}', '', '2008-05-02'), 'followed - {}', 'followed without tags');
select is(pg_temp.told('{followed}', 'family=storm theme=codec', '2008-05-01'),
	'followed storm {"theme": "codec", "family": "storm"}', 'an older segment that has tags gives them');
select is(pg_temp.told('{followed}', '', '2008-05-03'),
	'followed storm {"theme": "codec", "family": "storm"}', 'no tags take none away');
select is(pg_temp.told('{followed}', 'family=kraken', '2008-04-30'),
	'followed storm {"theme": "codec", "family": "storm"}', 'tags older than those it has change nothing');
select is(pg_temp.told('{followed}', 'family=waledac', '2008-05-04'),
	'followed waledac {"family": "waledac"}', 'newer tags replace them');

create function pg_temp.registered(names text[], registrables text[]) returns text language sql
as $$
	select domain_ids(names, array[null]::domain_role[], array[null], registrables, '2008-05-01');
	select coalesce(registered, 'null') || ' ' || role from domain where name = names[1]
$$;

select is(pg_temp.registered('{a.b.example}', '{null}'), 'null nameserver', 'a name without a registrable name');
select is(pg_temp.registered('{a.b.example}', '{b.example}'), 'b.example nameserver', 'that gets one later, and no role');
select is(pg_temp.registered('{a.b.example}', '{null}'), 'b.example nameserver', 'and keeps it');

select is(source_told('\x00'), null, 'a file that nobody imported');
select is(source_begin('00000000-0000-4000-8000-000000000001', 'a.json', 'cof', '\x00'),
	source_begin('00000000-0000-4000-8000-000000000001', 'a.json', 'cof', '\x00'), 'a source is made once');
select matches(source_told('\x00'), '^[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z as a.json$', 'a file that was imported');

select * from finish();
rollback;
