-- SPDX-License-Identifier: MIT
-- Where a network is registered.

alter table prefix_origin add column country text check (length(country) = 2);
comment on column prefix_origin.country is
	'the registry''s country of the prefix, ISO 3166 or EU, AP; not where its machines stand; null: no table told';
