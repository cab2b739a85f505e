-- SPDX-License-Identifier: MIT
-- What must be there before the first table: three roles and the schema. Run where the schema is
-- missing, as the login itself; the files after it run as fluxtrack_owner. No role made here may log in.

do $$
declare
	role text;
begin
	foreach role in array array['fluxtrack_owner', 'fluxtrack_ingest', 'fluxtrack_analyst'] loop
		continue when exists (select from pg_roles where rolname = role);
		begin
			execute format('create role %I', role);
		exception when duplicate_object or unique_violation then
			null; -- another database of this server was migrated at the same time
		end;
	end loop;
	-- From PostgreSQL 16 on, who made a role is a member that may not become it: so it is tried.
	foreach role in array array['fluxtrack_owner', 'fluxtrack_ingest'] loop
		begin
			execute format('set local role %I', role);
			reset role;
		exception when insufficient_privilege then
			execute format('grant %I to %I', role, current_user);
		end;
	end loop;
exception when insufficient_privilege then
	raise exception 'this login may not create the roles of fluxtrack or join them'
		using hint = format('ask the server''s administrator to run: create role fluxtrack_owner; '
			'create role fluxtrack_ingest; create role fluxtrack_analyst; '
			'grant fluxtrack_owner, fluxtrack_ingest to %I', current_user);
end $$;

create schema if not exists fluxtrack authorization fluxtrack_owner;

-- So that psql sees the tables without being told where they are.
do $$
begin
	execute format('alter database %I set search_path = fluxtrack, public', current_database());
exception when insufficient_privilege then
	raise notice 'only the owner of database % may set its search_path: in psql, say set search_path = fluxtrack',
		current_database();
end $$;
