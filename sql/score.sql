-- SPDX-License-Identifier: MIT
-- Scoring: which names are due, their verdicts written, and the history of these.

drop function if exists store_verdicts(integer[], timestamptz);

-- Writes the verdicts of a set of names. A verdict as of a time in the past is shown until the next score,
-- and leaves the history alone: that tells what was said when. moment: after all that came before was
-- taken over, so that it was known.
create or replace function store_verdicts(ids integer[], at timestamptz, known timestamptz, moment timestamptz)
returns void
language sql
set search_path = fluxtrack, pg_temp
as $$
	with fresh as materialized (
		select (v.f).domain_id, v.verdict, v.score, (v.f).window_end, v.reasons, v.f
		from verdicts_of(ids, at, known) v
	), ended as (
		update verdict_history h set to_at = n.window_end, ended_scored_at = moment
		from fresh n
		where at is null and h.domain_id = n.domain_id and h.to_at is null and h.verdict <> n.verdict
	), begun as (
		insert into verdict_history (domain_id, verdict, score, from_at, scored_at, reasons)
		select n.domain_id, n.verdict, n.score, n.window_end, moment, n.reasons
		from fresh n
		where at is null and not exists (select from verdict_history h
			where h.domain_id = n.domain_id and h.to_at is null and h.verdict = n.verdict)
	)
	insert into verdict as v (domain_id, verdict, score, window_end, lookups, reasons, holz_score, holz_flux,
		atlas_points, atlas_flux, fluxbuster_flux, caglayan_flux, hsu_flux, features, scored_at, known_at)
	select n.domain_id, n.verdict, n.score, n.window_end, case when at is null then t.lookups end, n.reasons,
		(n.f).holz_score, (n.f).holz_flux, (n.f).atlas_points, (n.f).atlas_flux,
		(n.f).fluxbuster_flux, (n.f).caglayan_flux, (n.f).hsu_flux,
		case when n.verdict not in ('static', 'parked', 'dead', 'silent', 'unknown') then to_jsonb(n.f) end,
		moment, coalesce(known, moment)
	from fresh n join tally t using (domain_id)
	on conflict (domain_id) do update set
		(verdict, score, window_end, lookups, reasons, holz_score, holz_flux, atlas_points, atlas_flux,
			fluxbuster_flux, caglayan_flux, hsu_flux, features, scored_at, known_at)
		= (excluded.verdict, excluded.score, excluded.window_end, excluded.lookups, excluded.reasons,
			excluded.holz_score, excluded.holz_flux, excluded.atlas_points, excluded.atlas_flux,
			excluded.fluxbuster_flux, excluded.caglayan_flux, excluded.hsu_flux,
			excluded.features, excluded.scored_at, excluded.known_at)
$$;

drop function if exists score_domains(timestamptz, boolean);

-- Scoring has three steps, so that a program can do the second by several connections at once, each with a part
-- of the names, while its session holds the lock (store/scoring.c); score_domains() does all three in one.

-- Takes over and rolls up what is new, and says how many names are due: those with observations since their last
-- verdict, and those that an import touched; or everything (then the nodes' origins are looked up again too).
-- moment: what came into the database until then is known to the verdicts.
create or replace function score_begin(at timestamptz, everything boolean, known timestamptz,
	out moment timestamptz, out due bigint)
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	perform take_enrichment(); -- has the lock, and rolls up
	if everything then
		perform refresh_origins();
	end if;
	if everything or at is not null or known is not null then
		perform mark_all_due();
	end if;
	moment := clock_timestamp();
	select count(*) into due from domain d where d.role = 'followed' and d.id in (select domain_id from due_name);
end $$;

-- The verdicts of every parts-th name that is due; part: 0 to parts - 1. Gives how many.
create or replace function score_part(part integer, parts integer, at timestamptz, known timestamptz,
	moment timestamptz)
returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
set jit = off -- many short statements
as $$
declare
	due integer[];
begin
	perform pg_advisory_xact_lock_shared(scoring_part_key());
	select coalesce(array_agg(d.id order by d.id), '{}') into due
	from domain d
	where d.role = 'followed' and d.id in (select domain_id from due_name) and d.id % parts = part;
	perform set_config('fluxtrack.moment', moment::text, true); -- guilt goes by what was scored before
	for n in 1 .. cardinality(due) by 5000 loop
		perform store_verdicts(due[n : n + 4999], at, known, moment);
	end loop;
	return cardinality(due);
end $$;

-- Groups the names that were due, which then are no more. What was computed as of a past time stays due: the
-- next score puts it right again.
create or replace function score_end(at timestamptz, known timestamptz) returns void
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
begin
	if at is null and known is null then
		perform group_names(array(select d.id from domain d
			where d.role = 'followed' and d.id in (select domain_id from due_name)));
		delete from due_name;
	end if;
end $$;

-- With `at`, every name as of that time, from what was observed until then alone, and with `known` from what
-- had come into this database by then. Gives how many names.
create or replace function score_domains(at timestamptz default null, everything boolean default false,
	known timestamptz default null)
returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
as $$
declare
	moment timestamptz;
	scored bigint;
begin
	moment := (score_begin(at, everything, known)).moment;
	scored := score_part(0, 1, at, known, moment);
	perform score_end(at, known);
	return scored;
end $$;
comment on function score_domains is
	'rolls up and scores the names that are due (or everything, or as of a time); gives how many';
