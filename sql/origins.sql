-- SPDX-License-Identifier: MIT
-- Which network announced an address, by what was known when, and how tables of prefixes become rows.
--
-- A prefix may have several origins. One rule for counting: an address counts for the lowest AS number of
-- its longest prefix alone, for else one address would make two networks. The others are kept and shown.

drop function if exists origin_of(inet, timestamptz);
drop function if exists merge_prefixes(date, date, text);
drop function if exists add_origins(cidr[], bigint[], date, text);

-- The longest prefix that held the address on the day of `at`, by what had been imported until `known` (null:
-- until now), its lowest origin and all of them; no row where none is known. Plain enough to be inlined:
-- use it in a LATERAL join. offset 0: the planner takes it that 1 prefix in 200 holds an address, and would else
-- rather go by the dates than by the prefix alone.
create or replace function origin_of(address inet, at timestamptz, known timestamptz default null)
returns table (asn bigint, prefix cidr, origins bigint[]) language sql stable rows 1
begin atomic
	select min(o.asn), o.prefix, array_agg(distinct o.asn order by o.asn)
	from (select * from prefix_origin -- an index a family: sql/schema/014_prefix_indexes.sql
		where prefix >>= $1 and family(prefix) = 4 or prefix >>= $1 and family(prefix) = 6 offset 0) o
	where o.valid_from <= ($2 at time zone 'UTC')::date
		and (o.valid_to is null or o.valid_to > ($2 at time zone 'UTC')::date)
		and ($3 is null or o.imported_at <= $3)
		and (o.replaced_at is null or o.replaced_at > $3)
	group by o.prefix
	order by masklen(o.prefix) desc
	limit 1;
end;

-- The whole table that speaks for IPv4 on the day of `at`, by what had been imported until `known` (null: until
-- now); no row where there is none. Origins that were looked up one by one are no table.
create or replace function known_origins(at timestamptz, known timestamptz default null)
returns table (source text, valid_from date, imported_at timestamptz) language sql stable rows 1
begin atomic
	select t.source, t.valid_from, t.imported_at
	from prefix_table t
	where t.family = 4 and t.valid_from <= ($1 at time zone 'UTC')::date
		and ($2 is null or t.imported_at <= $2)
	order by t.valid_from desc
	limit 1;
end;

-- A country as registries write it; None, ZZ and whatever else is no code of two letters tell nothing. The same rule
-- is read_country in store/prefix_line.c: a table's lines are too many to be looked at here again.
create or replace function country_code(word text) returns text
language sql immutable
as $$ select case when word ~ '^[A-Z]{2}$' and word <> 'ZZ' then word end $$;

-- Where the prefix that an AS announces, as node has the two, is registered, by the newest row that tells; null:
-- none does. Asked a row at a time, of 100,000 nodes.
create or replace function country_of(prefix cidr, asn bigint) returns text
language sql stable
begin atomic
	select o.country from prefix_origin o
	where o.prefix = $1 and o.asn = $2 and o.replaced_at is null and o.country is not null
	order by o.valid_from desc
	limit 1;
end;
comment on function country_of is
	'the registry''s country of a prefix and its origin AS, ISO 3166 or EU, AP; null: not known';

-- Merges the lines of one date, null for those without, of the temporary table prefix_import (prefix, asn,
-- valid_from, country: a code or null), made by the caller. Those without are a whole table. A whole table speaks
-- for all prefixes of the address families it holds, until the next whole table, and tables give the same facts in
-- whatever order they come; single lines speak for their own prefixes alone. Lines of a date that rows have already
-- add to those; the same lines again change nothing. Gives the number of rows added and ended.
--
-- A country is no part of what a row says of an origin, and no verdict rests on it: so that tables with countries
-- and without may come in turn, it is filled into the row that is there, and what a row has is put right by a table
-- that no whole one follows. A line that tells none leaves it alone.
create or replace function merge_prefixes(dated date, line_date date, origin text, made timestamptz,
	out added bigint, out ended bigint)
language plpgsql set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan -- a whole table or a few lines decide the plan
set work_mem = '64MB' -- a whole table is sorted and joined in memory
as $$
declare
	whole constant boolean := line_date is null;
begin
	create temporary table prefix_line on commit drop as
	select distinct on (i.prefix, i.asn) i.prefix, i.asn, i.country, t.later
	from prefix_import i
	left join (select family, min(valid_from) as later from prefix_table
		where valid_from > dated group by family) t on t.family = family(i.prefix)
	where i.valid_from is not distinct from line_date
	order by i.prefix, i.asn, i.country;
	analyze prefix_line;

	-- A row that is denied from this date on is replaced by one that ends here; what a later table said of
	-- it stays, as another.
	with denied as (
		select o.ctid as at, o.*, l.later
		from prefix_origin o
		join (select distinct case when whole then null else prefix end as prefix,
			family(prefix) as family, later from prefix_line) l
			on l.family = family(o.prefix) and (whole or l.prefix = o.prefix)
		where o.replaced_at is null
			and o.valid_from < dated and (o.valid_to is null or o.valid_to > dated)
			and not exists (select from prefix_line c where c.prefix = o.prefix and c.asn = o.asn)
	), replaced as (
		update prefix_origin o set replaced_at = made from denied d where o.ctid = d.at
		returning d.prefix, d.asn, d.valid_from, d.valid_to, d.later, d.source, d.country
	), put as (
		insert into prefix_origin (prefix, asn, valid_from, valid_to, source, imported_at, country)
		select r.prefix, r.asn, part.valid_from, part.valid_to, r.source, made, r.country
		from replaced r
		cross join lateral (values (r.valid_from, dated), (r.later, r.valid_to)) part (valid_from, valid_to)
		where part.valid_from < coalesce(part.valid_to, 'infinity')
	)
	select count(*) into ended from replaced;

	with met as materialized (
		select l.*, o.ctid as at, o.country as had
		from prefix_line l
		left join prefix_origin o on o.prefix = l.prefix and o.asn = l.asn and o.replaced_at is null
			and o.valid_from <= dated and (o.valid_to is null or o.valid_to > dated)
	), told as (
		update prefix_origin o set country = m.country from met m
		where o.ctid = m.at
			and (m.had is null and m.country is not null or m.later is null and m.had <> m.country)
	)
	insert into prefix_origin (prefix, asn, valid_from, valid_to, source, imported_at, country)
	select m.prefix, m.asn, dated, least(m.later, n.next_from), origin, made, m.country
	from met m
	left join (select o.prefix, min(o.valid_from) as next_from from prefix_origin o
		where o.replaced_at is null and o.valid_from > dated group by o.prefix) n using (prefix)
	where m.at is null;
	get diagnostics added = row_count;

	insert into prefix_table (family, valid_from, source, imported_at)
	select distinct family(l.prefix), dated, origin, made from prefix_line l where whole
	on conflict do nothing;
	drop table prefix_line;
end $$;

-- Merges all of prefix_import: lines without a date are a whole table of the date given, each other date's
-- lines stand for themselves. One import at a time, and none while names are scored. The nodes get the
-- origins that it makes known.
create or replace function import_prefixes(dated date, origin text, out added bigint, out ended bigint)
language plpgsql set search_path = fluxtrack, pg_temp
as $$
declare
	made timestamptz;
	step record;
	done record;
begin
	perform lock_scoring();
	made := clock_timestamp(); -- now() may be before an import that was waited for
	added := 0;
	ended := 0;
	for step in
		select distinct i.valid_from as line_date, coalesce(i.valid_from, dated) as from_date
		from prefix_import i order by from_date, line_date nulls first
	loop
		select * into done from merge_prefixes(step.from_date, step.line_date, origin, made);
		added := added + done.added;
		ended := ended + done.ended;
	end loop;
	if added + ended > 0 then
		delete from prefix_origin where replaced_at <= imported_at; -- of a date before in the same file
		analyze prefix_origin;
		perform refresh_origins();
	end if;
end $$;

-- What was looked up prefix by prefix, each with its AS number, on that day; a prefix with several origins comes
-- several times. It holds until another lookup or a whole table says otherwise. Gives the rows added, and
-- the nodes inside these prefixes their origins.
create or replace function add_origins(prefixes cidr[], asns bigint[], dated date, source text,
	countries text[] default null) returns bigint
language plpgsql set search_path = fluxtrack, pg_temp
as $$
declare
	done record;
begin
	perform lock_scoring();
	create temporary table prefix_import (prefix cidr, asn bigint, valid_from date, country text) on commit drop;
	insert into prefix_import
	select u.prefix, u.asn, dated, country_code(u.country) from unnest(prefixes, asns, countries) u (prefix, asn, country);
	select * into done from merge_prefixes(dated, dated, source, clock_timestamp());
	drop table prefix_import;
	if done.added + done.ended > 0 then
		perform refresh_origins(prefixes);
	end if;
	return done.added;
end $$;
