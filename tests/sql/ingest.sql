-- SPDX-License-Identifier: MIT
-- What segments tell of a name, in whatever order they are loaded.
begin;
select plan(6);

create function pg_temp.told(roles domain_role[], tags text, at timestamptz) returns text language sql
as $$
	select domain_ids('{told.example}', roles, array[tags], at);
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

select * from finish();
rollback;
