-- SPDX-License-Identifier: MIT
-- Observations that others made, and what our libraries tell of names when a row is written.

create table source (
	id integer generated always as identity primary key,
	uuid uuid not null unique,
	name text not null,
	format text not null,
	sha256 bytea not null,
	imported_at timestamptz not null default now()
);
comment on table source is 'the files of observations that were imported';
comment on column source.id is 'key within this database alone';
comment on column source.uuid is 'random, of the import, from the segment''s SOURCE record';
comment on column source.name is 'base name of the file';
comment on column source.format is 'massdns, zeek or cof';
comment on column source.sha256 is 'of the file as it was read';
comment on column source.imported_at is 'when its first rows came into this database';

alter table observation
	add column source_id integer,
	add column source_line bigint,
	add column chain_zone text,
	add column is_dynamic boolean;
comment on column observation.source_id is
	'the imported file that tells of it; null: our own collector saw the raw message';
comment on column observation.source_line is 'line of that file, 1 being the first';
comment on column observation.chain_zone is
	'registrable name (public suffix list) of the last CNAME target; null: no CNAME';
comment on column observation.is_dynamic is
	'of a PTR answer: is it the name of a dynamic line? null: the name does not tell';

alter table domain add column registered text;
comment on column domain.registered is
	'the registrable name above it or itself (public suffix list); null: it is a public suffix, or above one';
