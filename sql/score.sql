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

-- Rolls up what is new, then scores the followed names that are due: those with observations since their last
-- verdict, and those that an import touched; or everything (then the nodes' origins are looked up again too).
-- With `at`, every name as of that time, from what was observed until then alone, and with `known` from what
-- had come into this database by then; the next score puts these verdicts right again.
create or replace function score_domains(at timestamptz default null, everything boolean default false,
	known timestamptz default null)
returns bigint
language plpgsql
set search_path = fluxtrack, pg_temp
set jit = off -- many short statements
as $$
declare
	due integer[];
	batch integer[];
	moment timestamptz;
	past constant boolean := at is not null or known is not null;
begin
	perform lock_scoring();
	perform take_enrichment();
	perform roll_up_nodes();
	if everything then
		perform refresh_origins();
	end if;
	moment := clock_timestamp();
	if everything or past then
		select array_agg(d.id order by d.id) into due
		from domain d join tally t on t.domain_id = d.id where d.role = 'followed';
	else
		select array_agg(d.id order by d.id) into due
		from domain d where d.role = 'followed' and d.id in (select domain_id from due_name);
	end if;
	delete from due_name;
	for part in 0 .. coalesce(cardinality(due), 0) / 5000 loop
		batch := due[part * 5000 + 1 : part * 5000 + 5000];
		continue when coalesce(cardinality(batch), 0) = 0;
		perform store_verdicts(batch, at, known, moment);
	end loop;
	if past then
		insert into due_name select unnest(due);
	else
		perform group_names(due);
	end if;
	return coalesce(cardinality(due), 0);
end $$;
comment on function score_domains is
	'rolls up and scores the names that are due (or everything, or as of a time); gives how many';
