-- SPDX-License-Identifier: MIT
-- The questions that analysts ask most, as views over the nodes that would leave in an export; docs/sql.md has an
-- example of each. Ask them with a where and a limit of your own.

create or replace view flux_node as
select n.*, r.name as reverse_name
from export_nodes() n
left join reverse_name r on r.address = n.address and r.replaced_at is null;
comment on view flux_node is 'the nodes of names that flux, or did until they fell silent, as an export has them';
comment on column flux_node.domain_id is 'of the name';
comment on column flux_node.domain is 'the name';
comment on column flux_node.family is 'malware family, from the target list';
comment on column flux_node.verdict is 'flux or double-flux: the last word said of the name while it answered';
comment on column flux_node.score is '0 to 1: how sure that the name fluxes';
comment on column flux_node.address is 'the node';
comment on column flux_node.asn is 'its origin AS when last seen; null: not known';
comment on column flux_node.prefix is 'the longest prefix that held it then';
comment on column flux_node.first_seen is 'first answer of this name with it';
comment on column flux_node.last_seen is 'last answer of this name with it';
comment on column flux_node.observations is 'answers of this name with it';
comment on column flux_node.ttl_min is 'seconds; lowest TTL of these';
comment on column flux_node.ttl_max is 'seconds; highest';
comment on column flux_node.reverse_name is 'what its PTR record names, as last asked; null: not asked, or none';

create or replace view new_flux as
select d.name as domain, d.family, v.verdict, v.score, h.from_at as since, h.scored_at as known_since, s.addresses, s.asns,
	s.cluster
from verdict v
join domain d on d.id = v.domain_id
join status s on s.domain = d.name
cross join lateral (select min(h.from_at) as from_at, min(h.scored_at) as scored_at
	from verdict_history h
	where h.domain_id = v.domain_id and h.verdict in ('flux', 'double-flux')
		and not exists (select from verdict_history o where o.domain_id = h.domain_id and o.from_at > h.from_at
			and o.verdict not in ('flux', 'double-flux'))) h
where v.verdict in ('flux', 'double-flux');
comment on view new_flux is 'names that flux now, with since when; where since > now() - interval ''1 day'': those new today';
comment on column new_flux.domain is 'the name';
comment on column new_flux.family is 'malware family, from the target list';
comment on column new_flux.verdict is 'flux or double-flux';
comment on column new_flux.score is '0 to 1: how sure that it fluxes';
comment on column new_flux.since is 'the observation by which it was first seen to flux, without a break since';
comment on column new_flux.known_since is 'when that was computed';
comment on column new_flux.addresses is 'distinct addresses ever seen under it';
comment on column new_flux.asns is 'distinct known ASNs of these';
comment on column new_flux.cluster is 'the names that share its nodes (table cluster); null: none';

create or replace view network as
select asn, count(distinct address) as nodes, count(distinct domain_id) as names, min(first_seen) as first_seen,
	max(last_seen) as last_seen
from flux_node
group by asn;
comment on view network is 'the networks that nodes of names that flux are in';
comment on column network.asn is 'origin AS; null: those whose origin is not known';
comment on column network.nodes is 'distinct addresses in it';
comment on column network.names is 'names that these were seen under';
comment on column network.first_seen is 'first answer with one of them';
comment on column network.last_seen is 'last answer with one of them';

create or replace view long_lived_node as
select address, min(asn) as asn, count(*) as names, min(first_seen) as first_seen, max(last_seen) as last_seen,
	max(last_seen) - min(first_seen) as lived, sum(observations)::bigint as observations
from flux_node
group by address;
comment on view long_lived_node is 'each node once, over all names that flux; order by lived desc: those that last';
comment on column long_lived_node.address is 'the node';
comment on column long_lived_node.asn is 'its origin AS';
comment on column long_lived_node.names is 'names that flux it was seen under';
comment on column long_lived_node.first_seen is 'first answer with it';
comment on column long_lived_node.last_seen is 'last answer with it';
comment on column long_lived_node.lived is 'between these two';
comment on column long_lived_node.observations is 'answers with it';

create or replace view cluster_names as
select m.cluster_id as cluster, count(*) as names, array_agg(d.name order by d.name) as domains, min(m.since) as since
from cluster_member m
join domain d on d.id = m.domain_id
where m.until is null
group by m.cluster_id;
comment on view cluster_names is 'the clusters that stand, each with its names';
comment on column cluster_names.cluster is 'table cluster';
comment on column cluster_names.names is 'how many';
comment on column cluster_names.domains is 'the names';
comment on column cluster_names.since is 'when the first of these joined it';

-- At most one row a node and pair of names: no pair that overlaps in time moved.
create or replace view moved_node as
select b.address, b.asn, a.domain as left_domain, a.last_seen as left_at, b.domain as came_to, b.first_seen as came_at
from flux_node a
join flux_node b on b.address = a.address and b.first_seen > a.last_seen;
comment on view moved_node is 'nodes that were last seen under one name that fluxes before they were first seen under another';
comment on column moved_node.address is 'the node';
comment on column moved_node.asn is 'its origin AS';
comment on column moved_node.left_domain is 'the name that it left';
comment on column moved_node.left_at is 'last answer of that with it';
comment on column moved_node.came_to is 'the name that it came to';
comment on column moved_node.came_at is 'first answer of that with it';
