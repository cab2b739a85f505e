-- SPDX-License-Identifier: MIT
-- Which names are published by the same hands, as far as the addresses tell (sql/clusters.sql).

create table cluster (
	id integer generated always as identity primary key,
	first_at timestamptz not null,
	last_at timestamptz
);
comment on table cluster is 'names that share their nodes: one botnet, as far as the addresses tell';
comment on column cluster.id is 'stays while members come and go; a merger keeps that of the larger';
comment on column cluster.first_at is 'newest observation of a name, when its first members were found';
comment on column cluster.last_at is 'when the last member left it; null: it has members';

create table cluster_member (
	cluster_id integer not null references cluster,
	domain_id integer not null references domain,
	since timestamptz not null,
	until timestamptz,
	linked_to integer references domain,
	shared bigint,
	similarity double precision
) with (fillfactor = 60);
create unique index cluster_member_now on cluster_member (domain_id) where until is null;
create index cluster_member_names on cluster_member (cluster_id) where until is null;
create index cluster_member_links on cluster_member (linked_to) where until is null;
create index cluster_member_all on cluster_member (domain_id, since);
comment on table cluster_member is 'the names of a cluster, now and before';
comment on column cluster_member.cluster_id is 'the cluster';
comment on column cluster_member.domain_id is 'the name';
comment on column cluster_member.since is 'newest observation of the name when it joined';
comment on column cluster_member.until is 'newest observation of the name when it left; null: it is a member';
comment on column cluster_member.linked_to is
	'the member that it was joined to: these links make a tree over the members; null: the tree''s root';
comment on column cluster_member.shared is 'A addresses of 24 hours that it and linked_to both had';
comment on column cluster_member.similarity is
	'of these two: Jaccard x 1/(1 + e^(3 - addresses of the smaller)) (Perdisci et al., ACSAC 2009)';
