-- SPDX-License-Identifier: MIT
-- UUIDs of version 5, which STIX wants as ids of observables: from an extension that PostgreSQL brings along and lets
-- the owner of a database create. That is the login, not fluxtrack_owner. Without it all but `export stix` works.

do $$
declare
	was name := current_user;
begin
	reset role;
	create extension if not exists "uuid-ossp" schema fluxtrack;
	execute format('set role %I', was);
exception when insufficient_privilege or undefined_file or feature_not_supported then -- the role is what it was
	raise notice 'no extension uuid-ossp, so no export stix: %', sqlerrm
		using hint = 'the database''s owner or a superuser can run: create extension "uuid-ossp" schema fluxtrack';
end $$;
