-- SPDX-License-Identifier: MIT
-- What was known of a prefix's origin, and when: a row is never changed but by the import that replaces it.

alter table prefix_origin
	add column imported_at timestamptz not null default now(),
	add column replaced_at timestamptz;
comment on column prefix_origin.imported_at is 'when the import was made that this row follows from';
comment on column prefix_origin.replaced_at is
	'when a later import put others in its place, such as one with an end; null: it is what all imports together say';

-- What the whole tables that are there tell of the rows that came before these columns.
update prefix_origin o set imported_at = t.imported_at
from prefix_table t
where t.family = family(o.prefix) and t.valid_from = o.valid_from and t.source = o.source;

alter table prefix_origin drop constraint prefix_origin_prefix_asn_valid_from_key;
create unique index prefix_origin_now on prefix_origin (prefix, asn, valid_from) where replaced_at is null;

alter table node add column origins bigint[];
comment on column node.asn is
	'origin AS of its longest prefix when last seen, the lowest where it has several; null: not known';
comment on column node.origins is
	'all origin AS numbers of that prefix, sorted, where it has several; it counts for the lowest alone';
