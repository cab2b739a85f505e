-- SPDX-License-Identifier: MIT
-- Guilt by association (Caglayan et al. 2009): addresses of a name that are nodes of another that fluxes.

drop function if exists guilty_nodes(integer[], timestamptz, timestamptz);

-- The other's verdict, flux or double-flux, is that which held when this name's window ended, by what had been
-- scored before `known`; without it, by what was before this transaction and before the moment that this scoring
-- began at (score_part sets it), so that the order of names in one scoring does not matter. Its nodes are those it
-- got in the 30 days before: when an address was first seen does not change any more, so the same question has the
-- same answer later; that an address was in a past window, only observations tell. The plan depends on how many
-- names flux.
create function guilty_nodes(ids integer[], at timestamptz, known timestamptz)
returns table (
	domain_id integer,
	guilty bigint, -- addresses of the name's window that are nodes of a name that fluxes
	guilty_names bigint -- such names
)
language plpgsql stable rows 100
set search_path = fluxtrack, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
declare
	until timestamptz := coalesce(known,
		least(now(), nullif(current_setting('fluxtrack.moment', true), '')::timestamptz));
begin
	if not exists (select from verdict_history h
			where h.verdict in ('flux', 'double-flux') and h.scored_at < until) then
		return;
	end if;
	return query
	with seen as materialized (
		select n.domain_id, n.address, w.until_at
		from (select t.domain_id, coalesce(at, window_end(t.domain_id, t.last_lookup, known)) as until_at
			from tally t where t.domain_id = any(ids)) w
		join node n on n.domain_id = w.domain_id
			and n.last_seen > w.until_at - interval '24 hours' and n.first_seen <= w.until_at
		where at is null and known is null and n.domain_id = any(ids)
		union all
		select distinct l.domain_id, u.address, l.window_end
		from lookups_of(ids, at, known) l, unnest(l.addresses) as u(address)
		where (at is not null or known is not null) and l.qtype in (1, 28) and l.outcome = 'answered'
	), fluxing as materialized ( -- once an address: thousands of names may stand on one
		select o.address, o.domain_id, o.first_seen, h.from_at,
			case when h.ended_scored_at < until then h.to_at end as to_at
		from verdict_history h
		join node o on o.domain_id = h.domain_id
		join (select distinct s.address from seen s) s on s.address = o.address
		where h.verdict in ('flux', 'double-flux') and h.scored_at < until
	)
	select s.domain_id, count(distinct s.address), count(distinct o.domain_id)
	from seen s
	join fluxing o on o.address = s.address and o.domain_id <> s.domain_id
	where o.from_at <= s.until_at and (o.to_at is null or o.to_at > s.until_at)
		and o.first_seen <= s.until_at and o.first_seen > s.until_at - interval '30 days'
	group by s.domain_id;
end $$;
comment on function guilty_nodes is
	'how many addresses of each name are nodes of another that fluxes; no row for a name with none';
