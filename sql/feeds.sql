-- SPDX-License-Identifier: MIT
-- What feeds name: how a file becomes rows, and the list that track follows. A row is only closed, so that it can be
-- told which feed named a target, since when and until when.

-- What a feed says of a name in several places, as one: of a key the value that comes first, but of dga= all, for a name
-- may be that of several weeks. Whole tags go in as long as they fit into so many octets.
create or replace function merge_tags(several text[], octets integer) returns text
language sql immutable
as $$
	select coalesce(string_agg(t.tag, ' ' order by t.nth) filter (where t.upto <= octets + 1), '')
	from (select m.tag, m.nth, sum(length(m.tag) + 1) over (order by m.nth) as upto
		from (select min(w.nth) as nth, w.key || '=' || case w.key when 'dga' then string_agg(distinct w.value, ',')
				else (array_agg(w.value order by w.nth))[1] end as tag
			from (select split_part(word, '=', 1) as key, substr(word, strpos(word, '=') + 1) as value, nth
				from string_to_table(array_to_string(several, ' '), ' ') with ordinality as s(word, nth)
				where word <> '') w
			group by w.key) m) t
$$;
comment on function merge_tags is 'the tags of several mentions of a name as one, of at most so many octets';

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

	-- Names that stand there with several tags get one row; most feeds have none.
	if exists (select from pg_temp.feed_import i where i.tags <> (select f.tags from pg_temp.feed_import f limit 1)) then
		with several as (
			delete from pg_temp.feed_import i
			using (select s.name from pg_temp.feed_import s group by s.name having min(s.tags) <> max(s.tags)) s
			where i.name = s.name
			returning i.name, i.tags)
		insert into pg_temp.feed_import (name, tags)
		select s.name, merge_tags(array_agg(s.tags order by s.tags), 900) from several s group by s.name;
	end if;

	select count(*) into had from feed_target t where t.feed_id = number and t.until is null;
	gone := 0;
	kept := 0;
	changed := 0;
	if had > 0 then
		names := (select count(distinct i.name) from pg_temp.feed_import i);
		update feed_target t set until = greatest(moment, t.since)
		from pg_temp.feed_import i
		where t.feed_id = number and t.until is null and i.name = t.name and i.tags <> t.tags;
		get diagnostics changed = row_count;
		if had >= 10 and 2 * names < had and not may_shrink then
			kept := (select count(*) from feed_target t where t.feed_id = number and t.until is null
				and not exists (select from pg_temp.feed_import i where i.name = t.name));
		else
			update feed_target t set until = greatest(moment, t.since)
			where t.feed_id = number and t.until is null
				and not exists (select from pg_temp.feed_import i where i.name = t.name);
			get diagnostics gone = row_count;
		end if;
	end if;
	-- In order: the index then grows at its end alone.
	insert into feed_target (feed_id, name, tags, since)
	select number, s.name, s.tags, moment
	from (select distinct on (i.name) i.name, i.tags from pg_temp.feed_import i order by i.name) s
	where not exists (select from feed_target t where t.name = s.name and t.feed_id = number and t.until is null)
	order by s.name;
	get diagnostics added = row_count;
	names := coalesce(names, added);
	added := added - changed;
	update feed f set names = import_targets.names where f.id = number;
end $$;
comment on function import_targets is
	'replaces what a feed names; gives its names, those new, with other tags, gone, and gone but kept';
