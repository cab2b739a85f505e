-- SPDX-License-Identifier: MIT
-- Who may call what; the last of the files, so that it sees the functions of all others. A function is for
-- its owner and for the roles its own file names; the analyst may call those that write nothing, which
-- are those marked stable or immutable.

do $$
declare
	routine record;
begin
	for routine in
		select p.oid::regprocedure as name, p.provolatile <> 'v' as reads_only
		from pg_proc p
		where p.pronamespace = 'fluxtrack'::regnamespace
			and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
				and d.objid = p.oid and d.deptype = 'e') -- an extension's, not ours
	loop
		execute format('revoke execute on routine %s from public', routine.name);
		if routine.reads_only then
			execute format('grant execute on routine %s to fluxtrack_analyst', routine.name);
		end if;
	end loop;
end $$;

grant select on all tables in schema fluxtrack to fluxtrack_analyst;
