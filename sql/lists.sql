-- SPDX-License-Identifier: MIT
-- Names and address ranges that are known to be something else than flux: how they are asked for, and how
-- an imported file becomes rows. What a row says never changes, it is only marked as removed: with `known`
-- the lists are read as they stood at that time, without it as they stand.

-- name itself and every name above it, as list_entry.name matches: www.a.org gives www.a.org, a.org, org.
-- A dot inside a label is stored as \046, so a dot always parts labels.
create or replace function parents_of(name text) returns setof text
language sql immutable
as $$
	select array_to_string(label[i:], '.')
	from string_to_array(name, '.') as label, generate_subscripts(label, 1) as i
$$;

-- The entries that hold names: of themselves and of the names above them. `wanted` tells whose they are.
create or replace function entries_above(names text[], known timestamptz default null)
returns table (wanted text, list text, name text, source text, listed_on date, imported_at timestamptz)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select w.name, e.list, e.name, e.source, e.listed_on, e.imported_at
	from unnest(names) as w(name)
	join list_entry e on e.name = any(array(select p from parents_of(w.name) p)) -- a plain join reads the whole table
	where (known is null or e.imported_at <= known) and (e.removed_at is null or e.removed_at > known)
$$;
comment on function entries_above is 'the list entries of names and of the names above them, known: as of then';

-- The entries that hold an address, the longest prefix first. An entry says what an address is, not since when:
-- it counts whatever `at` is, and its dates are there to be told with it. Plain enough to be inlined: use it in
-- a LATERAL join.
create or replace function entries_over(address inet, at timestamptz, known timestamptz)
returns table (list text, prefix cidr, source text, listed_on date, imported_at timestamptz)
language sql stable rows 1
begin atomic
	select e.list, e.prefix, e.source, e.listed_on, e.imported_at
	from list_entry e
	where (e.prefix >>= $1 and family(e.prefix) = 4 or e.prefix >>= $1 and family(e.prefix) = 6) -- an index a family
		and ($3 is null or e.imported_at <= $3) and (e.removed_at is null or e.removed_at > $3)
	order by masklen(e.prefix) desc, e.list, e.source;
end;
comment on function entries_over is 'the list entries whose prefix holds an address, known: as of then';

-- Reserved addresses are nobody's; the others are not the criminal's.
create or replace function is_reportable(address inet) returns boolean
language sql stable
set search_path = fluxtrack, pg_temp
as $$ select not exists (select from entries_over(address, null, null)) $$;
comment on function is_reportable is 'may this address leave in an export: is it on no list?';

-- The name that somebody registered: in the zone of a dynamic-DNS provider one label below it, for who runs the
-- zone hands these out; else `registered`, as the public suffix list has it.
create or replace function registered_name(name text, registered text, known timestamptz default null) returns text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select coalesce(
		(select substring(left($1, -length(e.name) - 1) from '[^.]*$') || '.' || e.name
		from entries_above(array[$1], $3) e
		where e.list = 'dyndns' and e.name <> $1
		order by length(e.name) desc limit 1), $2)
$$;
comment on function registered_name is
	'the name that was registered or handed out; registered: as the public suffix list has it';

-- Replaces what a source says of a list by these names and prefixes; what it said before and says still stays
-- as it is. Gives the number of entries added and removed. The time is taken under the lock of who scores:
-- a verdict of before did not know the entries, one of after did. Which names an entry touches, by address,
-- nameserver or CNAME, is more work to find than to judge all anew.
create or replace function merge_list(into_list text, names text[], prefixes cidr[], said_by text, dated date,
	out added bigint, out removed bigint)
language plpgsql
set search_path = fluxtrack, pg_temp
set enable_nestloop = off -- the table's statistics may be of before a million names came
as $$
declare
	moment timestamptz;
begin
	perform lock_scoring();
	moment := clock_timestamp();
	update list_entry e set removed_at = moment
	where e.list = into_list and e.source = said_by and e.removed_at is null
		and not exists (select from unnest(names) n where n = e.name)
		and not exists (select from unnest(prefixes) p where p = e.prefix);
	get diagnostics removed = row_count;
	insert into list_entry (list, name, prefix, source, listed_on, imported_at)
	select into_list, said.name, said.prefix, said_by, dated, moment
	from (select distinct n as name, null::cidr as prefix from unnest(names) n
		union all
		select distinct null, p from unnest(prefixes) p) said
	where not exists (select from list_entry e where e.name = said.name
			and e.list = into_list and e.source = said_by and e.removed_at is null)
		and not exists (select from list_entry e where e.prefix = said.prefix
			and e.list = into_list and e.source = said_by and e.removed_at is null);
	get diagnostics added = row_count;
	if added + removed > 0 then
		perform mark_all_due();
	end if;
end $$;
comment on function merge_list is 'replaces what a source says of a list; gives the entries added and removed';
