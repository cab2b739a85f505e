-- SPDX-License-Identifier: MIT
-- Guilt by association: which of a name's addresses were nodes of another that fluxed, as one knew then.
begin;
select no_plan();
select fixture.pool_origins(200);

create function pg_temp.guilt(name text, at timestamptz default null, known timestamptz default null) returns text language sql
as $$
	select guilty || ' of ' || guilty_names from guilty_nodes(array[domain_id_of(name)], at, known)
$$;

-- Three names that flux, on pool addresses 0 to 49, 40 to 89 and 300 to 349; two others with a few of these.
select fixture.churn('flux-a.example', 10, 5, 5, 1000, 200);
select fixture.observe('flux-b.example', k * interval '301 s', array(select fixture.pool_address(40 + k * 5 + j, 200)
	from generate_series(0, 4) j)) from generate_series(0, 9) k;
select fixture.observe('later.example', '3 hours' + k * interval '301 s', array(select fixture.pool_address(300 + k * 5 + j, 200)
	from generate_series(0, 4) j)) from generate_series(0, 9) k;
select fixture.observe('shares.example', '2 hours', array(select fixture.pool_address(i, 200) from unnest('{10,45,46,300,900}'::integer[]) i));
select fixture.observe('clean.example', '2 hours', array(select fixture.pool_address(i, 200) from unnest('{901,902}'::integer[]) i));
select score_domains();
select is(count(*), 3::bigint, 'three flux') from verdict where verdict = 'flux';
select is(pg_temp.guilt('shares.example'), null, 'what is scored in the same transaction says nothing yet');

update verdict_history set scored_at = now() - interval '1 hour';
select is(pg_temp.guilt('shares.example'), '3 of 2', 'three addresses of two names; a verdict of later data does not count'),
	is(pg_temp.guilt('clean.example'), null, 'no row where there is none'),
	is(pg_temp.guilt('flux-a.example'), '10 of 1', 'a name is not guilty by itself');
select is(pg_temp.guilt('shares.example', fixture.start() + interval '2 hours'), '3 of 2', 'the same as of then'),
	is(pg_temp.guilt('shares.example', fixture.start() + interval '119 minutes'), null, 'before it had them it was not'),
	is(pg_temp.guilt('shares.example', fixture.start() + interval '4 hours'), '4 of 3', 'after the third fluxed it is more');
update segment set loaded_at = now() - interval '2 hours';
select is(pg_temp.guilt('shares.example', null, now() - interval '1 hour'), null, 'nor before it was known that they flux'),
	is(pg_temp.guilt('shares.example', null, now() - interval '59 minutes'), '3 of 2', 'but just after');
update verdict_history set scored_at = now() - interval '10 minutes' where domain_id = domain_id_of('later.example');
select is(pg_temp.guilt('shares.example', fixture.start() + interval '4 hours', now() - interval '20 minutes'), '3 of 2',
	'of three verdicts those count that were known');

-- A verdict that was taken back counts no more, but did until that was known.
update verdict_history set to_at = fixture.start() + interval '1 hour', ended_scored_at = now() - interval '30 minutes'
where domain_id = domain_id_of('flux-b.example');
select is(pg_temp.guilt('shares.example'), '3 of 1', 'a verdict that ended before counts no more'),
	is(pg_temp.guilt('shares.example', null, now() - interval '31 minutes'), '3 of 2', 'but it did before one knew');

-- Nodes of a month ago are others' by now.
update node set first_seen = first_seen - interval '30 days' where domain_id = domain_id_of('flux-a.example');
select is(pg_temp.guilt('shares.example'), null, 'nodes that it had more than 30 days before');

select * from finish();
rollback;
