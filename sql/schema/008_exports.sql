-- SPDX-License-Identifier: MIT
-- What leaves: which nodes are wanted, and what asks for the nodes of one network or for the names that ever had a
-- verdict.

create type export_filter as (asn bigint, domain text, family text, verdicts text[], since timestamptz,
	min_observations bigint);
comment on type export_filter is 'which nodes are wanted; made by the function of this name';
comment on column export_filter.asn is 'of networks with this origin, or with it among others, alone';
comment on column export_filter.domain is 'of this name alone';
comment on column export_filter.family is 'of names of this family alone, by whichever of its names';
comment on column export_filter.verdicts is 'of names that have one of these verdicts';
comment on column export_filter.since is 'seen at that time or later';
comment on column export_filter.min_observations is 'in so many answers or more';

create index node_asn on node (asn, domain_id) where asn is not null;
create index node_origins on node using gin (origins) where origins is not null;
create index verdict_history_verdict on verdict_history (verdict, domain_id);
