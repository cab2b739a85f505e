-- SPDX-License-Identifier: MIT
-- A response policy zone (draft-vixie-dnsop-dns-rpz): a resolver that has it says NXDOMAIN of names that flux, and of
-- all below them. Names are relative, so that the zone may have any origin; 64 octets are left for it.
--
-- What it blocks, it blocks for everybody, so it errs on the side of letting pass. Nameservers are no triggers: who
-- runs a name can delegate it to anybody's.

-- A name without octets that a zone file gives a meaning to, and without the labels that make a trigger of another
-- kind of it: 8.0.0.0.10.rpz-client-ip would cut off who asks. 188 letters: 255 octets less the origin's and `*.`.
create or replace function is_rpz_name(name text) returns boolean
language sql immutable
as $$ select name ~ '^[a-z0-9_-]+(\.[a-z0-9_-]+)*$' and name !~ '(^|\.)rpz-[^.]*$' and length(name) <= 188 $$;
comment on function is_rpz_name is 'can a response policy zone hold that name as what is asked for?';

-- The name of one address in such a zone: its words from the last to the first, zz for the longest run of zeros.
create or replace function rpz_address(address inet) returns text
language sql immutable
as $$
	select case family(address)
		when 4 then '32.' || reverse_labels(address)
		else '128.' || (select string_agg(w.word, '.' order by w.place desc)
			from string_to_table(trim(':' from replace(host(address), '::', ':zz:')), ':')
				with ordinality as w(word, place))
		end || '.rpz-ip'
$$;
comment on function rpz_address is 'the trigger that stands for answers with that address';

-- Those of these names under which somebody else holds one: a listed name stands below, or one that is followed and has
-- a registrable name of its own there.
create or replace function names_with_tenants(wanted text[]) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select distinct w
	from unnest(wanted) w
	join (select p, t.name
		from (select e.name from list_entry e where e.name is not null and e.removed_at is null
			union
			select d.registered from domain d where d.registered is not null) t
		cross join lateral parents_of(t.name) p) below on below.p = w and below.name <> w
$$;
comment on function names_with_tenants is 'the names below which a listed or a registered one stands';

-- Addresses only where the filter says since when: one of a home line is another customer's tomorrow. And only those
-- whose PTR name tells of a dynamic line: a name's owner can publish the address of any site, and would have us block
-- it. And none that a name has had which may not be blocked itself.
create or replace function rpz_addresses(f export_filter) returns setof inet
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with line as materialized (
		select distinct e.address
		from export_nodes(f) e
		join reverse_name r on r.address = e.address and r.replaced_at is null and r.is_dynamic
		where f.since is not null
	), holder as materialized (
		select o.address, o.domain_id from line join node o using (address)
	), blocked as materialized (
		select n.domain_id from export_names(export_filter(), array(select distinct domain_id from holder)) n
		where n.left_out is null
	)
	select address from holder
	group by address
	having bool_and(domain_id in (select domain_id from blocked))
$$;
comment on function rpz_addresses is 'the addresses that may be blocked whatever name leads to them';

-- Dead names stay: they may come back. The serial is the time, so it rises whatever changed: a verdict, a list, or that
-- a node grew too old for the filter.
create or replace function export_rpz(f export_filter default export_filter()) returns setof text
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	with name as materialized (
		select c.domain, is_rpz_name(c.domain) as fits
		from export_nodes(f) c
		group by c.domain
	), tenants as materialized (
		select t from names_with_tenants(array(select domain from name where fits)) t
	)
	select '$TTL 300'
	union all
	select format('@ IN SOA localhost. root.localhost. %s 3600 600 604800 300', unix_second(now()))
	union all
	select '@ IN NS localhost.'
	union all
	(select domain || ' CNAME .' from name where fits order by domain)
	union all
	(select '*.' || domain || ' CNAME .' from name
	where fits and domain not in (select t from tenants)
	order by domain)
	union all
	(select rpz_address(a) || ' CNAME .' from rpz_addresses(f) a order by a)
	union all
	select format('; left out: %s that a policy zone cannot hold', counted(count(*), 'name', 'names'))
	from name where not fits having count(*) > 0
	union all
	select format('; without those below: %s under which others hold names',
		counted(count(*), 'name', 'names'))
	from tenants having count(*) > 0
$$;
comment on function export_rpz is 'a zone file: names that flux, and, where the filter says since when, their addresses';
