-- SPDX-License-Identifier: MIT
-- What a verdict needs to be computed again, and what is due to be scored.

alter table verdict
	add column fluxbuster_flux boolean,
	add column caglayan_flux boolean,
	add column hsu_flux boolean,
	add column known_at timestamptz;
comment on column verdict.fluxbuster_flux is 'growth, TTL, /16 and names of the networks (Perdisci et al., ACSAC 2009; FluxBuster 2012)';
comment on column verdict.caglayan_flux is 'more than 6 ASNs and a change within ten minutes (Caglayan et al. 2009)';
comment on column verdict.hsu_flux is 'at least 4 ASNs within three months (Hsu et al. 2010)';
comment on column verdict.known_at is
	'it rests on what had been loaded and imported by then: score --at WINDOW_END --known KNOWN_AT gives it again';
comment on column verdict.lookups is 'tally.lookups when it was computed; null: as of a past time';

alter table verdict_history
	add column scored_at timestamptz not null default now(),
	add column ended_scored_at timestamptz;
comment on column verdict_history.scored_at is 'when it was computed that it holds';
comment on column verdict_history.ended_scored_at is 'when it was computed that another took its place';
create index verdict_history_flux on verdict_history (domain_id) where verdict in ('flux', 'double-flux');

create table due_name (domain_id integer not null);
comment on table due_name is
	'names whose verdict is to be computed anew; without an index, for it is written and emptied as a whole';
comment on column due_name.domain_id is 'the name; may stand here several times';

-- What is computed from observations needs no foreign key, as these have none: names are never deleted, and the
-- checks took half of the roll-up's time.
alter table node drop constraint node_domain_id_fkey;
alter table tally drop constraint tally_domain_id_fkey;
alter table verdict drop constraint verdict_domain_id_fkey;
alter table verdict_history drop constraint verdict_history_domain_id_fkey;

alter table node add column added_at timestamptz not null default now();
comment on column node.added_at is 'when this database came to know it';

-- The features of names that do nothing, most of all, are not kept: flux_features() gives them again.
alter table verdict alter column features drop not null;
comment on column verdict.features is 'the features it rests on; null: static, parked, dead, silent or unknown';

-- A name that becomes followed when its lookups are long counted.
create function name_is_followed() returns trigger
language plpgsql security definer
set search_path = fluxtrack, pg_temp
as $$
begin
	insert into due_name select t.domain_id from tally t where t.domain_id = new.id;
	return null;
end $$;
create trigger domain_followed after update of role on domain
	for each row when (new.role = 'followed' and old.role <> 'followed') execute function name_is_followed();

insert into due_name select domain_id from tally;

-- Which segments the roll-up has to read, without reading the ledger.
create index segment_new on segment (id) where not rolled_up;
