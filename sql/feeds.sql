-- SPDX-License-Identifier: MIT
-- What feeds name: how a file becomes rows, and the list that track follows. A row is only closed, so that it can be
-- told which feed named a target, since when and until when.

drop function if exists merge_tags(text[], integer); -- of an earlier version

-- Merges the rows of the temporary table feed_import (name, tags), made by the caller: what the feed says now. A name
-- may stand there twice. When the feed named ten names or more and names less than half as many now, those that it has no
-- longer are kept, unless it may shrink: it may have been cut, or emptied by who wants to be forgotten.
create or replace function import_targets(feed_name text, read_as text, refused jsonb, may_shrink boolean,
	out names bigint, out added bigint, out changed bigint, out gone bigint, out kept bigint)
language plpgsql
set search_path = fluxtrack, pg_temp
set enable_nestloop = off -- the tables' statistics may be of before a million names came
set enable_hashagg = off -- and without any it would be taken for a handful
as $$
declare
	moment timestamptz;
	number integer;
	had bigint;
begin
	lock table feed in share row exclusive mode; -- one at a time
	moment := clock_timestamp();
	insert into feed as f (name, format, read_at, names, refused) values (feed_name, read_as, moment, 0, import_targets.refused)
	on conflict (name) do update
	set format = excluded.format, read_at = excluded.read_at, refused = excluded.refused
	returning f.id into number;

	-- Names that stand there with several tags get one row with all, up to a number that no honest feed comes to: of a
	-- key with two values, who writes the list decides. Most feeds have none.
	if exists (select from pg_temp.feed_import i where i.tags <> (select f.tags from pg_temp.feed_import f limit 1)) then
		with several as (
			delete from pg_temp.feed_import i
			using (select s.name from pg_temp.feed_import s group by s.name having min(s.tags) <> max(s.tags)) s
			where i.name = s.name
			returning i.name, i.tags)
		insert into pg_temp.feed_import (name, tags)
		select s.name, array_to_string((array_agg(distinct w order by w))[:100], ' ')
		from several s, string_to_table(s.tags, ' ') w
		group by s.name;
	end if;

	-- What differs from what it named until now. Where that was nothing all does: no need to write it down.
	had := (select count(*) from feed_target t where t.feed_id = number and t.until is null);
	create temporary table feed_change on commit drop as
	select coalesce(i.name, t.name) as name, i.tags, t.tags as old_tags
	from pg_temp.feed_import i
	full join (select t.name, t.tags from feed_target t where t.feed_id = number and t.until is null) t on t.name = i.name
	where had > 0 and i.tags is distinct from t.tags;
	select count(distinct c.name) filter (where c.tags is not null), count(*) filter (where c.tags is null)
	into changed, gone from pg_temp.feed_change c where c.old_tags is not null;
	added := (select count(distinct c.name) from pg_temp.feed_change c where c.old_tags is null);
	names := had + added - gone;
	kept := 0;
	if had >= 10 and 2 * names < had and not may_shrink then
		kept := gone;
		gone := 0;
	end if;

	update feed_target t set until = greatest(moment, t.since)
	from pg_temp.feed_change c
	where t.feed_id = number and t.until is null and t.name = c.name and (c.tags is not null or kept = 0);
	-- In order: the index then grows at its end alone.
	insert into feed_target (feed_id, name, tags, since)
	select number, s.name, s.tags, moment
	from (select distinct on (a.name) a.name, a.tags
		from (select i.name, i.tags from pg_temp.feed_import i where had = 0
			union all
			select c.name, c.tags from pg_temp.feed_change c where c.tags is not null) a
		order by a.name) s;
	if had = 0 then
		get diagnostics added = row_count;
		names := added;
	end if;
	drop table pg_temp.feed_change;
	update feed f set names = import_targets.names where f.id = number;
end $$;
comment on function import_targets is
	'replaces what a feed names; gives its names, those new, with other tags, gone, and gone but kept';
