-- SPDX-License-Identifier: MIT
-- Which network announced an address, and how an imported routing table becomes rows.

-- The longest prefix that held the address at that time, and its origin (the lowest AS number where it has
-- several); no row where none is known. Plain enough to be inlined: use it in a LATERAL join.
create or replace function origin_of(address inet, at timestamptz)
returns table (asn bigint, prefix cidr) language sql stable rows 1
begin atomic
	select o.asn, o.prefix
	from prefix_origin o
	where o.prefix >>= $1
		and o.valid_from <= ($2 at time zone 'UTC')::date
		and (o.valid_to is null or o.valid_to > ($2 at time zone 'UTC')::date)
	order by masklen(o.prefix) desc, o.asn
	limit 1;
end;

-- Merges the lines of one date, null for those without, of the temporary table prefix_import (prefix, asn,
-- valid_from), made by the caller. Those without are a whole table. A whole table speaks for all prefixes
-- of the address families it holds, until the next whole table, and tables give the same facts in whatever
-- order they come; single lines speak for their own prefixes alone. Lines of a date that rows have
-- already add to those; the same lines again change nothing. Gives the number of rows added and ended.
create or replace function merge_prefixes(dated date, line_date date, origin text, out added bigint, out ended bigint)
language plpgsql set search_path = fluxtrack, pg_temp
as $$
declare
	whole constant boolean := line_date is null;
begin
	create temporary table prefix_line on commit drop as
	select distinct on (i.prefix, i.asn) i.prefix, i.asn, t.later
	from prefix_import i
	left join (select family, min(valid_from) as later from prefix_table
		where valid_from > dated group by family) t on t.family = family(i.prefix)
	where i.valid_from is not distinct from line_date;
	create index on prefix_line (prefix, asn);
	analyze prefix_line;

	-- A row that is denied from this date on ends here; what a later table said of it stays.
	with denied as (
		select o.ctid as at, o.prefix, o.asn, o.valid_to, o.source, l.later
		from prefix_origin o
		join (select distinct case when whole then null else prefix end as prefix,
			family(prefix) as family, later from prefix_line) l
			on l.family = family(o.prefix) and (whole or l.prefix = o.prefix)
		where o.valid_from < dated and (o.valid_to is null or o.valid_to > dated)
			and not exists (select from prefix_line c where c.prefix = o.prefix and c.asn = o.asn)
	), kept as (
		insert into prefix_origin (prefix, asn, valid_from, valid_to, source)
		select d.prefix, d.asn, d.later, d.valid_to, d.source from denied d
		where d.later is not null and (d.valid_to is null or d.valid_to > d.later)
	)
	update prefix_origin o set valid_to = dated from denied d where o.ctid = d.at;
	get diagnostics ended = row_count;

	insert into prefix_origin (prefix, asn, valid_from, valid_to, source)
	select l.prefix, l.asn, dated, least(l.later, n.next_from), origin
	from prefix_line l
	left join (select o.prefix, min(o.valid_from) as next_from from prefix_origin o
		where o.valid_from > dated group by o.prefix) n using (prefix)
	where not exists (select from prefix_origin o
		where o.prefix = l.prefix and o.asn = l.asn and o.valid_from <= dated
			and (o.valid_to is null or o.valid_to > dated));
	get diagnostics added = row_count;

	insert into prefix_table (family, valid_from, source)
	select distinct family(l.prefix), dated, origin from prefix_line l where whole
	on conflict do nothing;
	drop table prefix_line;
end $$;

-- Merges all of prefix_import: lines without a date are a whole table of the date given, each other date's
-- lines stand for themselves. One import at a time. The nodes get the origins that it makes known.
create or replace function import_prefixes(dated date, origin text, out added bigint, out ended bigint)
language plpgsql set search_path = fluxtrack, pg_temp
as $$
declare
	step record;
	done record;
begin
	lock table prefix_origin in share row exclusive mode;
	added := 0;
	ended := 0;
	for step in
		select distinct i.valid_from as line_date, coalesce(i.valid_from, dated) as from_date
		from prefix_import i order by from_date, line_date nulls first
	loop
		select * into done from merge_prefixes(step.from_date, step.line_date, origin);
		added := added + done.added;
		ended := ended + done.ended;
	end loop;
	if added + ended > 0 then
		perform refresh_origins();
	end if;
end $$;
