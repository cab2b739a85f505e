-- SPDX-License-Identifier: MIT
-- An SP-GiST index of inet holds one family. Where the first page that splits has prefixes of both, PostgreSQL (15.20 at
-- least; inet_spg_picksplit) stops comparing at two that share no leading bit and may not see that the others are
-- of the other family: those are not found any more.

drop index prefix_origin_prefix, list_entry_prefix;
create index prefix_origin_prefix4 on prefix_origin using spgist (prefix inet_ops) where family(prefix) = 4;
create index prefix_origin_prefix6 on prefix_origin using spgist (prefix inet_ops) where family(prefix) = 6;
create index list_entry_prefix4 on list_entry using spgist (prefix inet_ops) where family(prefix) = 4;
create index list_entry_prefix6 on list_entry using spgist (prefix inet_ops) where family(prefix) = 6;
