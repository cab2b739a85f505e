-- SPDX-License-Identifier: MIT
-- What is known of malware families: how it is asked for, how an imported file becomes rows, and what comes with
-- the program. Rows are only closed, as in the lists.

-- A family by its name, else by an alias. Where several sources tell of it, the one that came last counts, and what
-- comes with the program only where no other does.
create or replace function family_facts(family text) returns jsonb
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select jsonb_build_object('family', f.name, 'aliases', f.aliases, 'node', f.node,
		'node_means', case f.node
			when 'command' then 'a command node: the infected machines are those that exchange flows with it'
			else 'a proxy on an infected machine: the machine to clean is the node itself' end,
		'flows', f.flows, 'signs', f.signs, 'references', f.citations)
	from family f
	where f.replaced_at is null
		and (f.name = lower($1) or exists (select from unnest(f.aliases) a where lower(a) = lower($1)))
	order by f.name = lower($1) desc, f.source = 'built-in', f.imported_at desc, f.source
	limit 1
$$;
comment on function family_facts is
	'what is known of a family, by name or alias: family, aliases, node, node_means, flows, signs, references; or null';

-- What a family may be called in a target list, in lower case.
create or replace function family_words(family text) returns text[]
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select array[lower($1), lower(f ->> 'family')]
		|| array(select lower(a) from jsonb_array_elements_text(f -> 'aliases') a)
	from (select family_facts($1) as f) known
$$;

-- Replaces what a source says of families. said: an array of objects with the columns of family. Gives the number of
-- families that it says something new of, and of those it says something else of or nothing any more.
create or replace function merge_families(said jsonb, said_by text, out added bigint, out replaced bigint)
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
declare
	moment timestamptz;
begin
	lock table family in share row exclusive mode; -- one at a time
	moment := clock_timestamp();
	update family f set replaced_at = moment
	where f.source = said_by and f.replaced_at is null
		and not exists (select from jsonb_populate_recordset(null::family, said) s
			where (s.name, s.aliases, s.node, s.flows, s.signs, s.citations)
				= (f.name, f.aliases, f.node, f.flows, f.signs, f.citations));
	get diagnostics replaced = row_count;
	insert into family (name, aliases, node, flows, signs, citations, source, imported_at)
	select s.name, s.aliases, s.node, s.flows, s.signs, s.citations, said_by, moment
	from jsonb_populate_recordset(null::family, said) s
	where not exists (select from family f
		where f.name = s.name and f.source = said_by and f.replaced_at is null);
	get diagnostics added = row_count;
end $$;
comment on function merge_families is 'replaces what a source says of families; gives how many are new and replaced';

-- Merges the lines of the temporary table family_line (nth, family, key, value, protocol, port), made by the caller.
create or replace function import_families(said_by text, out added bigint, out replaced bigint)
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	select m.* into added, replaced
	from (select jsonb_agg(jsonb_build_object('name', f.name, 'aliases', f.aliases, 'node', f.node,
				'flows', f.flows, 'signs', f.signs, 'citations', f.citations)) as said
		from (select lower(l.family) as name, min(l.value) filter (where l.key = 'node') as node,
				coalesce(jsonb_agg(l.value order by l.nth) filter (where l.key = 'alias'), '[]') as aliases,
				coalesce(jsonb_agg(l.value order by l.nth) filter (where l.key = 'sign'), '[]') as signs,
				coalesce(jsonb_agg(l.value order by l.nth) filter (where l.key = 'reference'), '[]') as citations,
				coalesce(jsonb_agg(jsonb_build_object('protocol', l.protocol, 'port', l.port, 'note', l.value)
					order by l.nth) filter (where l.key = 'flow'), '[]') as flows
			from family_line l group by 1) f) s, merge_families(s.said, said_by) m;
end $$;

-- Kraken is the botnet of 2007 to 2010; later malware of the same name has nothing to do with it. Storm is that of 2007
-- and 2008.
select merge_families('[
	{"name": "kraken", "aliases": ["oderoor"], "node": "command",
	"flows": [{"protocol": "udp", "port": 447, "note": "instructions and templates of spam; the source of replies may be forged"},
		{"protocol": "tcp", "port": 446, "note": "early builds, for large transfers"},
		{"protocol": "tcp", "port": 447, "note": "later builds"}],
	"signs": ["an executable in the system32 folder of Windows whose name is 2 to 20 random lower-case letters",
		"Run keys of the registry that start this file",
		"a service whose title is random lower-case letters"],
	"citations": ["J. Bader: Kraken''s two domain generation algorithms, 2015"]},
	{"name": "storm", "aliases": ["peacomm", "nuwar", "zhelatin"], "node": "proxy",
	"flows": [{"protocol": "tcp", "port": 80, "note": "it passes on requests for the pages of the names"},
		{"protocol": "udp", "port": 53, "note": "where the names have nameservers of their own on such machines"}],
	"signs": ["the executable it came as: ecard.exe, happy2008.exe, withlove.exe, valentine.exe, foolsday.exe, kickme.exe,'
		' loveyou.exe, winner.exe, mylove.exe, fireworks.exe, form.exe, iran_occupation.exe, StormCodec.exe or StormCodec8.exe"],
	"citations": ["T. Holz et al.: Measuring and Detecting Fast-Flux Service Networks, NDSS 2008",
		"J. Nazario, T. Holz: As the Net Churns: Fast-Flux Botnet Observations, MALWARE 2008"]}
]', 'built-in');
