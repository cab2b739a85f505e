-- SPDX-License-Identifier: MIT
-- What is known of malware families: so that who gets a report knows which flows to look for and whom to clean.

create table family (
	name text not null check (name = lower(name)),
	aliases text[] not null,
	node text not null check (node in ('command', 'proxy')),
	flows jsonb not null check (jsonb_typeof(flows) = 'array'),
	signs text[] not null,
	citations text[] not null,
	source text not null,
	imported_at timestamptz not null,
	replaced_at timestamptz check (replaced_at >= imported_at)
);
create unique index family_held on family (name, source) where replaced_at is null;
comment on table family is 'what sources say of malware families; family_facts() gives what counts';
comment on column family.name is 'as in the tag family=, lower case';
comment on column family.aliases is 'other names of it';
comment on column family.node is
	'what a node under its names is: command (infected machines call it) or proxy (it is an infected machine)';
comment on column family.flows is
	'what its nodes speak: an array of {"protocol": "udp" or "tcp", "port", "note"}, the note null where there is none';
comment on column family.signs is 'what is found on an infected machine';
comment on column family.citations is 'where more is told';
comment on column family.source is 'who says so: base name of the imported file; built-in: fluxtrack itself';
comment on column family.imported_at is 'when this database came to know it';
comment on column family.replaced_at is
	'when an import of the source said something else of it, or nothing; null: holds still';
