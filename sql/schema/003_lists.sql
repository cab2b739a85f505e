-- SPDX-License-Identifier: MIT
-- Lists have sources that speak again and again: several may say the same of a name, and what one says no
-- longer stays on record, so that an old verdict can be computed again.

alter table list_entry
	add column imported_at timestamptz not null default now(),
	add column removed_at timestamptz check (removed_at >= imported_at),
	drop constraint list_entry_list_name_prefix_key;
comment on column list_entry.source is 'who says so: base name of the imported file; built-in: fluxtrack itself';
comment on column list_entry.listed_on is 'date of the source''s list that had the entry first';
comment on column list_entry.imported_at is 'when this database came to know the entry';
comment on column list_entry.removed_at is 'when an import of the source had it no longer; null: holds still';

create unique index list_entry_held on list_entry (list, name, prefix, source) nulls not distinct
	where removed_at is null;
create index list_entry_name on list_entry (name) where name is not null;
