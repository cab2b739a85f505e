-- SPDX-License-Identifier: MIT
-- What RDAP is asked (RFC 9082), and what its answers say (RFC 9083): who registered a name through whom, whose network
-- an address is in, and where either takes complaints. The answers come from many servers, each with a shape of its own,
-- and some may be hostile: whatever type stands wherever, it gives null and never an error. Paths are bounded in depth,
-- texts in length, and texts are printable ASCII like all of ours.

drop function if exists registration_wanted(integer), registration_of(text), network_of(inet);

-- At most so many characters of a text as escape_text() in base/escape.h writes them; null where nothing is left.
create or replace function printable(body text, most integer default 200) returns text
language plpgsql immutable
as $$
declare
	part constant text := left(btrim(body, E' \t\r\n'), most);
begin
	if part ~ '^[ -\[\]-~]*$' then
		return nullif(part, '');
	end if;
	return (
		select string_agg(case when letter = '\' then '\\' when letter ~ '^[ -~]$' then letter
			else (select string_agg('\' || lpad(get_byte(octets, i)::text, 3, '0'), '' order by i)
				from generate_series(0, length(octets) - 1) i) end, '' order by at)
		from string_to_table(part, null) with ordinality as l(letter, at)
		cross join lateral convert_to(letter, 'UTF8') as octets);
end $$;

-- A text that stands for one that is kept back (RFC 9537 has a list of what was; most servers write such words instead).
create or replace function is_kept_back(told text) returns boolean
language sql immutable
as $$ select told ~* '\m(redacted|not disclosed|withheld|masked|privacy service)\M' $$;

-- The values of an entity's properties of that kind, in the order of its card: ["email", {}, "text", VALUE, ...] in
-- jCard (RFC 7095), a value perhaps an array of values. A fax machine is no telephone.
create or replace function card_values(entity jsonb, kind text) returns setof text
language plpgsql immutable rows 1
as $$
begin
	return query
	select printable(value #>> '{}')
	from jsonb_path_query(entity, '$.vcardArray[1][*]', '{}', true) with ordinality as p(property, at)
	cross join lateral jsonb_path_query(property, '$[3 to last][*]', '{}', true) with ordinality as v(value, nth)
	where lower(property ->> 0) = kind and jsonb_typeof(value) = 'string'
		and not is_kept_back(value #>> '{}') and coalesce(property #>> '{1,type}', '') !~* '\mfax\M'
	order by at, nth
	limit 20;
end $$;

-- The first e-mail address on the card that somebody may read. LACNIC writes removed@lacnic.net for none. What begins as a
-- formula, an option or a pipe is refused, for an address is pasted into sheets and commands.
create or replace function card_mail(entity jsonb) returns text
language plpgsql immutable
as $$
begin
	return (
		select mail from (select lower(regexp_replace(value, '^mailto:', '', 'i')) as mail from card_values(entity, 'email') value) c
		where length(mail) <= 254 and mail ~ '^[a-z0-9_][a-z0-9.!#$%&''*+/=?^_`{|}~-]{0,63}@([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]*[a-z0-9]$'
			and mail !~ '^removed@lacnic\.net$|\.invalid$'
		limit 1);
end $$;

create or replace function card_phone(entity jsonb) returns text
language plpgsql immutable
as $$
begin
	return (
		select phone from (select regexp_replace(value, '^tel:', '', 'i') as phone from card_values(entity, 'tel') value) c
		where phone ~ '^[+(]?[0-9][0-9 ().-]{4,40}(;ext=[0-9]{1,8})?$'
		limit 1);
end $$;

-- Where complaints go. The entity of role abuse lies at another depth with each registry: under the registrar
-- (Verisign), under the registrant or on top (ARIN), on top (RIPE, APNIC, LACNIC); AFRINIC has none. The one nearest to
-- the registrar counts, then the one nearest to the top.
create or replace function rdap_abuse(answer jsonb, out abuse_email text, out abuse_phone text)
language plpgsql immutable
as $$
begin
	with found as materialized (
		select entity, 1 as turn from jsonb_path_query(answer, '$.entities[*] ? (@.roles[*] like_regex "^registrar$" flag "i")'
			'.**{0 to 8} ? (@.roles[*] like_regex "^abuse$" flag "i")', '{}', true) entity
		union all
		select entity, 2 from jsonb_path_query(answer,
			'$.entities[*] ? (@.roles[*] like_regex "^abuse$" flag "i")', '{}', true) entity
		union all
		select entity, 3 from jsonb_path_query(answer,
			'$.entities[*].entities[*] ? (@.roles[*] like_regex "^abuse$" flag "i")', '{}', true) entity
		union all
		select entity, 4 from jsonb_path_query(answer,
			'$.**{0 to 12} ? (@.roles[*] like_regex "^abuse$" flag "i")', '{}', true) entity
		limit 100
	), told as (
		select turn, row_number() over (order by turn) as nth, card_mail(entity) as mail, card_phone(entity) as phone
		from found
	)
	select (array_agg(mail order by turn, nth) filter (where mail is not null))[1],
		(array_agg(phone order by turn, nth) filter (where phone is not null))[1]
	into abuse_email, abuse_phone
	from told
	where not jsonb_path_exists(answer, '$.redacted[*].name.* ? (@ like_regex "abuse.*mail" flag "i")', '{}', true);
end $$;

-- The address of who holds a name himself: its registrar's is of no use where the holder lets others have names in it.
create or replace function rdap_holder_mail(answer jsonb) returns text
language plpgsql immutable
as $$
begin
	return (
		select mail
		from unnest('{abuse,registrant,administrative,technical}'::text[]) with ordinality as r(role, turn)
		cross join lateral (select * from jsonb_path_query(answer,
			'$.entities[*] ? (!exists(@.roles[*] ? (@ like_regex "^registrar$" flag "i")))'
			'.**{0 to 4} ? (exists(@.roles[*] ? (@ == $role)))', jsonb_build_object('role', role), true) limit 100) e(entity)
		cross join lateral card_mail(entity) mail
		where mail is not null
		order by turn
		limit 1);
end $$;

-- A time as RFC 3339 has it, or a date; null for all else.
create or replace function rdap_time(told text) returns timestamptz
language plpgsql stable
as $$
begin
	if told ~* '^\d{4}-\d\d-\d\d(t\d\d:\d\d:\d\d(\.\d{1,9})?(z|[+-]\d\d:?\d\d)?)?$' then
		return case when told ~* '(z|t.*[+-]\d\d:?\d\d)$' then told::timestamptz else told::timestamp at time zone 'UTC' end;
	end if;
	return null;
exception when data_exception then
	return null;
end $$;

create or replace function inet_or_null(told text) returns inet
language plpgsql immutable
as $$
begin
	return told::inet;
exception when data_exception then
	return null;
end $$;

-- When the name was registered; not before there were names, nor after it was asked.
create or replace function rdap_registered(answer jsonb, asked timestamptz) returns timestamptz
language plpgsql stable
set search_path = fluxtrack, pg_temp
as $$
begin
	return (
		select min(at)
		from (select date #>> '{}' as told from jsonb_path_query(answer,
				'$.events[*] ? (@.eventAction like_regex "^registration$" flag "i").eventDate', '{}', true) date limit 20) e
		cross join lateral rdap_time(told) at
		where at between '1985-01-01 00:00:00+00' and asked + interval '1 day');
end $$;

create or replace function rdap_texts(answer jsonb, path jsonpath) returns text[]
language plpgsql immutable
as $$
begin
	return (
		select coalesce(array_agg(printable(value #>> '{}') order by at), '{}')
		from (select * from jsonb_path_query(answer, path, '{}', true) with ordinality as v(value, at)
			where jsonb_typeof(value) = 'string' limit 30) v);
end $$;

-- The answer on a name without those who are not its registrar: an abuse contact of theirs acts for who registered the
-- name (RFC 9083, 10.2.4), and is not to be told of the complaint as if it were the registrar's.
create or replace function registrar_part(answer jsonb) returns jsonb
language sql immutable
as $$
	select jsonb_build_object('redacted', answer -> 'redacted', 'entities', jsonb_path_query_array(answer,
		'$.entities[*] ? (@.roles[*] like_regex "^registrar$" flag "i")', '{}', true))
$$;

-- The newest answer on a registered name; no row where none came, or the one that came is on another name.
create function registration_of(wanted text)
returns table (name text, registrar text, iana_id integer, abuse_email text, abuse_phone text, holder_email text,
	registered_on timestamptz, status text[], nameservers text[], asked_at timestamptz, url text, segment text, record integer)
language plpgsql stable rows 1
set search_path = fluxtrack, pg_temp
as $$
begin
	return query
	select r.name, coalesce((select card_values(via.entity, 'fn') limit 1), (select card_values(via.entity, 'org') limit 1)),
		(select (id #>> '{}')::integer from jsonb_path_query(via.entity,
			'$.publicIds[*] ? (@.type like_regex "iana" flag "i").identifier', '{}', true) id
		where id #>> '{}' ~ '^[0-9]{1,9}$' limit 1),
		a.abuse_email, a.abuse_phone, rdap_holder_mail(r.answer), rdap_registered(r.answer, r.asked_at),
		rdap_texts(r.answer, '$.status[*]'), lower(rdap_texts(r.answer, '$.nameservers[*].ldhName')::text)::text[],
		r.asked_at, r.url, s.file_name, r.record
	from (select * from registration r
		where r.name = wanted and r.outcome = 'answered' and r.status = 200 and r.answer is not null
			and coalesce(rtrim(lower(r.answer ->> 'ldhName'), '.'), r.name) = r.name
		order by r.asked_at desc, r.record desc limit 1) r
	join segment s on s.id = r.segment_id
	cross join lateral rdap_abuse(registrar_part(r.answer)) a
	left join lateral (select entity from jsonb_path_query(r.answer,
		'$.entities[*] ? (@.roles[*] like_regex "^registrar$" flag "i")', '{}', true) entity limit 1) via on true;
end $$;
comment on function registration_of is
	'what RDAP told last of a registered name: its registrar, where that takes complaints, since when it is registered; '
	'holder_email: the name''s own contact';

-- The newest answer on the network of an address. One that was asked about a neighbour counts where its range holds
-- the address; it is looked for in the /16, in IPv6 the /32.
create function network_of(wanted inet)
returns table (handle text, name text, low inet, high inet, abuse_email text, abuse_phone text, country text,
	asked_at timestamptz, url text, segment text, record integer)
language plpgsql stable rows 1
set search_path = fluxtrack, pg_temp
as $$
declare
	neighbours constant inet := network(set_masklen(wanted, case family(wanted) when 4 then 16 else 32 end));
begin
	return query
	select printable(r.answer ->> 'handle'), printable(r.answer ->> 'name'), r.low, r.high, a.abuse_email, a.abuse_phone,
		case when r.answer ->> 'country' ~* '^[a-z]{2}$' then upper(r.answer ->> 'country') end,
		r.asked_at, r.url, s.file_name, r.record
	from (select r.*, n.low, n.high from registration r
		cross join lateral (select inet_or_null(r.answer ->> 'startAddress') as low, inet_or_null(r.answer ->> 'endAddress') as high) n
		where r.address between neighbours and set_masklen(broadcast(neighbours), masklen(wanted))
			and r.outcome = 'answered' and r.status = 200 and r.answer is not null
			and coalesce(family(n.low) = family(wanted) and wanted between n.low and n.high,
				r.address = wanted)
		order by r.asked_at desc, r.record desc limit 1) r
	join segment s on s.id = r.segment_id
	cross join lateral rdap_abuse(r.answer) a;
end $$;
comment on function network_of is 'what RDAP told last of the network of an address: whose it is, where it takes complaints';

-- How long what came holds: an answer 30 days, anything else a day.
create or replace function rdap_holds(r registration) returns boolean
language sql stable
as $$
	select r.asked_at > now() - case when r.outcome = 'answered' and r.status = 200 and r.answer is not null
		then interval '30 days' else interval '1 day' end
$$;

-- What to ask next, at most so many: the names that were registered, of a name in a dynamic-DNS zone that zone, of names
-- that flux or may; then an address of each prefix that had their nodes within a week. Of an address on a list nobody
-- needs the network, for it is not reported. A zone may lie below the name that its provider registered, which is asked then.
create function registration_wanted(most integer)
returns table (name text, address inet)
language sql stable rows 1000
set search_path = fluxtrack, pg_temp
set jit = off
as $$
	with suspect as materialized (
		select d.id, v.score, d.registered, (select e.name from entries_above(array[d.name]) e where e.list = 'dyndns'
			order by length(e.name) desc limit 1) as zone
		from verdict v
		join domain d on d.id = v.domain_id and d.role = 'followed'
		where v.verdict in ('flux', 'double-flux', 'suspect')
	), name as (
		select coalesce(zone, registered) as name, max(score) as score,
			case when zone is null then array[registered] else array(select parents_of(zone)) end as asked
		from suspect
		where coalesce(zone, registered) is not null
		group by zone, registered
	), network as (
		select min(n.address) as address, max(s.score) as score
		from suspect s
		join node n on n.domain_id = s.id and n.last_seen > now() - interval '7 days'
		cross join lateral (select coalesce(n.prefix::inet,
			network(set_masklen(n.address, case family(n.address) when 4 then 24 else 48 end))) as prefix) p
		where is_reportable(n.address)
			and not exists (select from registration r where r.address <<= p.prefix and rdap_holds(r))
		group by p.prefix
	), wanted as (
		select n.name, null::inet as address, n.score, 0 as turn from name n
		where not exists (select from registration r where r.name = any(n.asked) and rdap_holds(r))
		union
		select null, address, score, 1 from network
	)
	select w.name, w.address from wanted w
	group by w.name, w.address
	order by min(w.turn), max(w.score) desc, w.name, w.address
	limit most
$$;
comment on function registration_wanted is
	'what to ask RDAP next: registered names and zones of dynamic DNS, then addresses, a prefix one; at most so many';
