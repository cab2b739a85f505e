-- SPDX-License-Identifier: MIT
-- What is new: what this database came to know after one moment and until another, in order of knowing, for
-- segments may be loaded late. A reader's moment moves on when it was told; what was on its way meanwhile has a
-- later moment, because what gives nodes and verdicts theirs holds the lock of who scores (changes_until).
--
-- A verdict flips between words that say something: silent and unknown say that we do not know, and are passed
-- over, and static and rotating say the same to who is on watch. Nodes, networks and nameservers are news of names that flux; those of a name that begins to are told with it.

-- The moment until which all is known that will ever be: waits for who scores, and what comes later gets a later
-- moment. Run it in a transaction of its own, so that the lock is given up and the next statement sees all.
create or replace function changes_until() returns timestamptz
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	perform pg_advisory_xact_lock_shared(scoring_key());
	perform pg_advisory_xact_lock(scoring_part_key());
	return clock_timestamp();
end $$;
comment on function changes_until is 'now, once nobody scores: the end of what changes_since() can tell for good';

-- What the login's reader was told until; null: it never asked.
create or replace function reader_known(reader text) returns timestamptz
language sql stable
set search_path = fluxtrack, pg_temp
as $$ select known_at from reader r where r.login = session_user and r.name = $1 $$;

-- Only forward: two that run at the same time tell twice, and lose nothing.
create or replace function reader_move(reader text, until timestamptz) returns void
language sql security definer
set search_path = fluxtrack, pg_temp
as $$
	insert into reader as r (login, name, known_at) values (session_user, $1, $2)
	on conflict (login, name) do update set known_at = greatest(r.known_at, excluded.known_at)
$$;
comment on function reader_move is 'notes what a reader of this login was told until';

-- Verdicts that began to hold, with the one before. With since null the present state: the names that flux.
create or replace function new_verdicts(since timestamptz, until timestamptz)
returns table (event text, domain_id integer, at timestamptz, known_at timestamptz, old_verdict text,
	new_verdict text, score real, reason text)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan -- the moments decide the plan
as $$
begin
	return query
	select case when h.verdict in ('flux', 'double-flux') and coalesce(p.verdict not in ('flux', 'double-flux'), true) then 'flux'
			when h.verdict = 'dead' then 'died' when p.verdict = 'dead' then 'came-back' else 'verdict' end,
		h.domain_id, h.from_at, h.scored_at, p.verdict, h.verdict, h.score, h.reasons[1]
	from verdict_history h
	left join lateral (select b.verdict from verdict_history b
		where since is not null and b.domain_id = h.domain_id and b.scored_at < h.scored_at
			and b.verdict not in ('silent', 'unknown')
		order by b.scored_at desc limit 1) p on true
	where h.scored_at > coalesce(since, '-infinity') and h.scored_at <= until
		and h.verdict not in ('silent', 'unknown') and h.verdict is distinct from p.verdict
		and (p.verdict is not null or h.verdict in ('flux', 'double-flux', 'suspect'))
		and not (h.verdict in ('static', 'rotating') and coalesce(p.verdict in ('static', 'rotating'), false))
		and (since is not null or h.verdict in ('flux', 'double-flux') and coalesce(h.ended_scored_at > until, true));
end $$;

-- When names were held for flux, and what of theirs is news then: that which came to be known after `after`, up to
-- `upto`. Where a spell began within the time asked for, that is all since the last one.
create or replace function flux_spells(since timestamptz, until timestamptz)
returns table (domain_id integer, began timestamptz, after timestamptz, upto timestamptz)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select h.domain_id, h.scored_at, coalesce(case when h.scored_at <= since then since end,
			(select max(b.ended_scored_at) from verdict_history b
			where since is not null and b.domain_id = h.domain_id and b.verdict in ('flux', 'double-flux')
				and b.scored_at < h.scored_at), '-infinity'),
		least(until, h.ended_scored_at)
	from verdict_history h
	where h.verdict in ('flux', 'double-flux') and h.scored_at <= until
		and coalesce(h.ended_scored_at > coalesce(since, until), true)
$$;

-- The nodes of names that flux. Of names that did before, by when the node came; of the others, by name.
create or replace function new_nodes(since timestamptz, until timestamptz)
returns table (domain_id integer, at timestamptz, known_at timestamptz, address inet, asn bigint, prefix cidr,
	after timestamptz)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
	return query
	with spell as materialized (select * from flux_spells(since, until))
	select n.domain_id, n.first_seen, n.added_at, n.address, n.asn, n.prefix, s.after
	from node n join spell s on s.domain_id = n.domain_id
	where n.added_at > since and n.added_at <= until and s.began <= since and n.added_at <= s.upto
	union all
	select n.domain_id, n.first_seen, greatest(n.added_at, s.began), n.address, n.asn, n.prefix, s.after
	from spell s join node n on n.domain_id = s.domain_id
	where coalesce(s.began > since, true) and n.added_at > s.after and n.added_at <= s.upto;
end $$;

create or replace function new_nameservers(since timestamptz, until timestamptz)
returns table (domain_id integer, at timestamptz, known_at timestamptz, name text)
language plpgsql stable
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
begin
	return query
	with spell as materialized (select * from flux_spells(since, until))
	select n.domain_id, n.first_seen, n.added_at, n.name
	from nameserver n join spell s on s.domain_id = n.domain_id
	where n.added_at > since and n.added_at <= until and s.began <= since and n.added_at <= s.upto
	union all
	select n.domain_id, n.first_seen, greatest(n.added_at, s.began), n.name
	from spell s join nameserver n on n.domain_id = s.domain_id
	where coalesce(s.began > since, true) and n.added_at > s.after and n.added_at <= s.upto;
end $$;

-- Was a node of this network known by `since` under any name that fluxed? Asked node by node (offset 0), because
-- most often the first tells.
create or replace function network_fluxed(asn bigint, since timestamptz) returns boolean
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select exists (select from node n
		where n.asn = $1 and n.added_at <= $2 and exists (select from verdict_history h
			where h.domain_id = n.domain_id and h.verdict in ('flux', 'double-flux') and h.scored_at <= $2 offset 0))
$$;

create or replace function changes_since(since timestamptz, until timestamptz default null)
returns table (event text, domain text, family text, at timestamptz, known_at timestamptz, old_verdict text,
	new_verdict text, score real, reason text, address inet, asn bigint, prefix cidr, first_flux boolean,
	nameserver text)
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with node as materialized (
		select * from new_nodes(since, coalesce(until, 'infinity'))
	), network as materialized (
		select w.*
		from (select domain_id, asn, after, min(at) as at, min(known_at) as known_at
			from node where asn is not null group by 1, 2, 3) w
		where w.after = '-infinity' or not exists (select from fluxtrack.node o
			where o.domain_id = w.domain_id and o.asn = w.asn and o.added_at <= w.after)
	), first_flux as materialized (
		select n.asn, since is null or not network_fluxed(n.asn, since) as is_first
		from (select distinct asn from network) n
	), change as (
		select v.event, v.domain_id, v.at, v.known_at, v.old_verdict, v.new_verdict, v.score, v.reason,
			null::inet as address, null::bigint as asn, null::cidr as prefix, null::boolean as first_flux,
			null::text as nameserver
		from new_verdicts(since, coalesce(until, 'infinity')) v
		union all
		select 'node', w.domain_id, w.at, w.known_at, null, null, null, null, w.address, w.asn, w.prefix, null, null
		from node w
		union all
		select 'network', w.domain_id, w.at, w.known_at, null, null, null, null, null, w.asn, null, f.is_first, null
		from network w join first_flux f using (asn)
		union all
		select 'nameserver', w.domain_id, w.at, w.known_at, null, null, null, null, null, null, null, null, w.name
		from new_nameservers(since, coalesce(until, 'infinity')) w
	)
	select c.event, d.name, d.family, c.at, c.known_at, c.old_verdict, c.new_verdict, c.score, c.reason, c.address, c.asn,
		c.prefix, c.first_flux, c.nameserver
	from change c join domain d on d.id = c.domain_id
$$;
comment on function changes_since is
	'a row for each thing that came to be known after since and by until (null: ever): flux, verdict, died, came-back, '
	'and of names that flux: node, network (ASN not seen under it before; first_flux: nor under another that fluxed), '
	'nameserver; since null: what fluxes at until, with all that is known of it';

-- A line an event, in the order in which it came to be known.
create or replace function changes_json(since timestamptz, until timestamptz) returns setof json
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select json_strip_nulls(json_build_object('event', event, 'domain', domain, 'family', family, 'at', utc_text(at),
		'known_at', utc_text(known_at), 'from', old_verdict, 'to', new_verdict, 'score', score, 'reason', reason,
		'address', host(address), 'asn', asn, 'prefix', prefix, 'first_flux', first_flux, 'nameserver', nameserver))
	from changes_since(since, until)
	order by known_at, domain collate "C", event = 'nameserver', event = 'network', event = 'node', address, asn, nameserver
$$;

create or replace function change_verdict_text(event text, old_verdict text, new_verdict text, reason text)
returns text
language sql immutable
as $$
	select case event when 'died' then 'died' when 'came-back' then 'came back, ' || new_verdict else new_verdict end
		|| case when old_verdict is not null then ', was ' || old_verdict else '' end || coalesce(': ' || defanged_words(reason), '')
$$;

-- The first few of a number of things.
create or replace function change_list_text(things text, first_things text[], number bigint) returns text
language sql stable
as $$
	select things || ': ' || array_to_string(first_things, ', ')
		|| case when number > cardinality(first_things) then ', ...' else '' end
$$;

-- For a person: the names that began to flux, then the others; of each its verdicts, and its nodes, networks and
-- nameservers a line each. Nothing where there is nothing. What a name has no room for is indented: no part of a name
-- may pass for the entry of another.
create or replace function changes_text(since timestamptz, until timestamptz) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with name as (
		select domain, family, bool_or(event = 'flux') as is_new,
			array_agg(change_verdict_text(event, old_verdict, new_verdict, reason) order by known_at)
				filter (where new_verdict is not null) as verdicts,
			count(*) filter (where event = 'node') as nodes, count(distinct asn) filter (where event = 'node') as asns,
			(array_agg(host(address) order by at desc, address) filter (where event = 'node'))[:3] as first_nodes,
			count(*) filter (where event = 'network') as networks,
			count(*) filter (where first_flux) as first_networks,
			(array_agg('AS' || asn order by first_flux desc, asn) filter (where event = 'network'))[:3] as first_asns,
			count(*) filter (where event = 'nameserver') as nameservers,
			(array_agg(defanged(nameserver) order by at desc, nameserver) filter (where event = 'nameserver'))[:3]
				as first_nameservers
		from changes_since(since, until)
		group by domain, family
	)
	select case when part.rank = 1 and w.at = 1 then ltrim(w.line) else w.line end
	from name n
	cross join lateral (
		select 1 as rank, 1::bigint as at, '    ' as head, defanged(n.domain) || coalesce(' (' || n.family || ')', '') as text
		union all
		select 2, v.at, '  - ', v.text from unnest(n.verdicts) with ordinality as v(text, at)
		union all
		select 3, 1, '  - ', change_list_text(counted(n.nodes, 'new node', 'new nodes')
			|| case when n.asns > 0 then ' in ' || counted(n.asns, 'network', 'networks') else '' end, n.first_nodes, n.nodes)
		where n.nodes > 0
		union all
		select 4, 1, '  - ', change_list_text(counted(n.networks, 'network', 'networks')
			|| format(' not seen under it before, %s not under any name that fluxed', n.first_networks),
			n.first_asns, n.networks)
		where n.networks > 0 and not n.is_new
		union all
		select 5, 1, '  - ', change_list_text(counted(n.nameservers, 'new nameserver', 'new nameservers'),
			n.first_nameservers, n.nameservers)
		where n.nameservers > 0
	) part
	cross join lateral wrapped(part.head, part.text) with ordinality as w(line, at)
	order by n.is_new desc, n.domain collate "C", part.rank, part.at, w.at
$$;

-- An analyst may have readers: they are his alone.
grant execute on function changes_until, reader_move to fluxtrack_analyst;
