-- SPDX-License-Identifier: MIT
-- The tables, as an analyst sees them. The spool and the archive are the record; all here but the
-- lists and prefixes can be rebuilt from the archived segments by `fluxtrack load`.

-- The owner makes, the ingester inserts, the analyst reads: all of it, and what is made later too.
grant usage on schema fluxtrack to fluxtrack_ingest, fluxtrack_analyst;
alter default privileges in schema fluxtrack grant select on tables to fluxtrack_analyst;

create table schema_version (
	version integer primary key,
	name text not null,
	sha256 text not null,
	applied_at timestamptz not null default now()
);
comment on table schema_version is 'the numbered schema files that were applied';
comment on column schema_version.version is 'number of the file';
comment on column schema_version.name is 'name of the file';
comment on column schema_version.sha256 is 'of the file''s text, in hexadecimal; a file that was applied never changes';
comment on column schema_version.applied_at is 'when';

create table code_version (
	name text primary key,
	sha256 text not null,
	applied_at timestamptz not null default now()
);
comment on table code_version is 'the files of functions and views that are in place';
comment on column code_version.name is 'name of the file';
comment on column code_version.sha256 is 'of the file''s text, in hexadecimal; where the program''s differs, all are put in place anew';
comment on column code_version.applied_at is 'when';

-- What one lookup came to (enum outcome in resolver/lookup.h).
create type outcome as enum ('answered', 'nodata', 'nxdomain', 'servfail', 'refused',
	'other_rcode', 'truncated', 'malformed', 'timeout');

-- followed: named by the user or a feed. nameserver: followed because a followed domain is
-- delegated to it; not shown by status.
create type domain_role as enum ('followed', 'nameserver');

create table vantage (
	id smallint generated always as identity primary key,
	name text not null unique
);
comment on table vantage is 'where collectors stand';
comment on column vantage.id is 'key within this database alone';
comment on column vantage.name is 'the name given by --vantage, printable ASCII';

create table resolver (
	id integer generated always as identity primary key,
	address inet not null,
	port integer not null,
	unique (address, port)
);
comment on table resolver is 'the servers that were asked';
comment on column resolver.id is 'key within this database alone';
comment on column resolver.address is 'the server''s IP address';
comment on column resolver.port is 'the server''s UDP and TCP port';

create table domain (
	id integer generated always as identity primary key,
	name text not null unique,
	role domain_role not null,
	family text,
	tags jsonb not null default '{}',
	told_at timestamptz,
	added_at timestamptz not null default now()
);
comment on table domain is 'the names that are followed';
comment on column domain.id is 'key within this database alone';
comment on column domain.name is
	'lower case, no trailing dot, odd octets as \DDD in decimal (RFC 1035, 5.1)';
comment on column domain.role is 'followed by wish, or as nameserver of one that is';
comment on column domain.family is 'malware family, from the tag family=';
comment on column domain.tags is 'all tags of the target list, as one object of strings';
comment on column domain.told_at is
	'creation of the newest segment that names it as followed, whose tags these are; null: none does';
comment on column domain.added_at is 'when the name came into this database';

create table run (
	id uuid primary key,
	vantage_id smallint not null references vantage,
	started_at timestamptz not null,
	version text not null
);
comment on table run is 'each start of the collector';
comment on column run.id is 'random, from the segment''s RUN record';
comment on column run.vantage_id is 'where it ran';
comment on column run.started_at is 'when it began';
comment on column run.version is 'of fluxtrack';

create table segment (
	id integer generated always as identity primary key,
	uuid uuid not null unique,
	sha256 bytea not null unique,
	previous_sha256 bytea,
	collector uuid not null,
	sequence bigint not null,
	vantage_id smallint not null references vantage,
	file_name text not null,
	created_at timestamptz not null,
	rows bigint not null,
	bytes bigint not null,
	loaded_at timestamptz not null default now(),
	rolled_up boolean not null default false
);
comment on table segment is 'the ledger: a segment is here if and only if all its rows are';
comment on column segment.id is 'key within this database alone';
comment on column segment.uuid is 'random, from the segment''s HEADER: loading twice fails on it';
comment on column segment.sha256 is 'of the whole file, as sha256sum prints it';
comment on column segment.previous_sha256 is 'of the segment before it in its collector; null for the first';
comment on column segment.collector is 'the spool that wrote it';
comment on column segment.sequence is '1, 2, ... within the collector: a gap is a missing segment';
comment on column segment.vantage_id is 'where the collector stood';
comment on column segment.file_name is 'base name, in the spool and in the archive';
comment on column segment.created_at is 'when the collector began it';
comment on column segment.rows is 'observations in it';
comment on column segment.bytes is 'length of the file';
comment on column segment.loaded_at is 'when its rows came into this database';
comment on column segment.rolled_up is 'whether node counts its observations already';

create table observation (
	observed_at timestamptz not null,
	soa_serial bigint,
	soa_retry bigint,
	segment_id integer not null,
	record integer not null,
	domain_id integer not null,
	resolver_id integer not null,
	rtt integer not null,
	anomalies integer not null,
	outcome outcome not null,
	qtype integer not null,
	ttl integer,
	flags integer,
	rcode smallint,
	vantage_id smallint not null,
	over_tcp boolean not null,
	addresses inet[],
	names text[]
) partition by range (observed_at);
comment on table observation is 'a row a lookup; append-only, partitioned by day';
comment on column observation.observed_at is 'when the question was sent (the collector''s wall clock)';
comment on column observation.segment_id is 'the segment that holds the raw message';
comment on column observation.record is 'number of the record in the segment, HEADER being 0';
comment on column observation.domain_id is 'the name that was asked for';
comment on column observation.resolver_id is 'the server that was asked';
comment on column observation.vantage_id is 'where the collector stood';
comment on column observation.qtype is '1 A, 2 NS, 6 SOA, 28 AAAA';
comment on column observation.rcode is 'response code with EDNS''s upper bits; null without a message';
comment on column observation.flags is 'second word of the DNS header; null without a message';
comment on column observation.anomalies is 'bits of what was odd in the message; see anomaly_names()';
comment on column observation.outcome is 'what the lookup came to';
comment on column observation.over_tcp is 'whether it was asked over TCP';
comment on column observation.ttl is
	'seconds; lowest of the record set asked for, or the negative TTL (RFC 2308); null without';
comment on column observation.rtt is
	'microseconds from the question to the message or time-out; 2147483647: that or longer';
comment on column observation.soa_serial is 'serial of the SOA in the message, if any';
comment on column observation.soa_retry is 'seconds; retry of the SOA in the message, if any';
comment on column observation.addresses is
	'A or AAAA records at the end of the CNAME chain, in order; null: none';
comment on column observation.names is
	'for A and AAAA the CNAME targets in order, for NS the nameservers, for SOA primary and mailbox; null: none';

create index observation_domain on observation (domain_id, observed_at);
-- The rows of a segment lie together: the roll-up finds them by their segment.
create index observation_time on observation using brin (observed_at, segment_id);
-- Takes what no day's partition takes: a clock step must not stop the loader.
create table observation_default partition of observation default;

create table clock_jump (
	segment_id integer not null references segment,
	noticed_at timestamptz not null,
	jumped interval not null
);
comment on table clock_jump is 'where a collector''s wall clock moved against its boot clock';
comment on column clock_jump.segment_id is 'the segment that records it';
comment on column clock_jump.noticed_at is 'wall time after the jump';
comment on column clock_jump.jumped is 'how far the wall clock moved more than the boot clock';

create table prefix_table (
	family integer not null,
	valid_from date not null,
	source text not null,
	imported_at timestamptz not null default now(),
	primary key (family, valid_from)
);
comment on table prefix_table is 'the whole routing tables that were imported';
comment on column prefix_table.family is '4 or 6: a table speaks for the address families it holds';
comment on column prefix_table.valid_from is 'date of the table';
comment on column prefix_table.source is 'file it was imported from';
comment on column prefix_table.imported_at is 'when';

create table prefix_origin (
	prefix cidr not null,
	asn bigint not null,
	valid_from date not null,
	valid_to date check (valid_to > valid_from),
	source text not null,
	unique (prefix, asn, valid_from)
);
create index prefix_origin_prefix on prefix_origin using spgist (prefix inet_ops); -- GiST: 20 times slower
comment on table prefix_origin is 'which network announced a prefix, by imported routing tables';
comment on column prefix_origin.prefix is 'the announced prefix';
comment on column prefix_origin.asn is 'origin AS number; several rows for a prefix with several origins';
comment on column prefix_origin.valid_from is 'date (UTC) of the routing table that has it first';
comment on column prefix_origin.valid_to is 'date of the first table after it that has it no more; null: holds still';
comment on column prefix_origin.source is 'file it was imported from';

create table node (
	domain_id integer not null references domain,
	address inet not null,
	first_seen timestamptz not null,
	last_seen timestamptz not null,
	observations bigint not null,
	ttl_min integer,
	ttl_max integer,
	asn bigint,
	prefix cidr,
	primary key (domain_id, address)
) with (fillfactor = 60);
create index node_address on node (address);
comment on table node is 'an address seen under a name; rolled up from observation by score';
comment on column node.domain_id is 'the name';
comment on column node.address is 'the address';
comment on column node.first_seen is 'first observation with it';
comment on column node.last_seen is 'last observation with it';
comment on column node.observations is 'how many observations had it';
comment on column node.ttl_min is 'seconds; lowest TTL it was seen with';
comment on column node.ttl_max is 'seconds; highest TTL it was seen with';
comment on column node.asn is 'origin AS of its longest prefix when last seen; null: not known';
comment on column node.prefix is 'that prefix; null: not known';

create table tally (
	domain_id integer primary key references domain,
	lookups bigint not null,
	failures bigint not null,
	first_lookup timestamptz not null,
	last_lookup timestamptz not null
) with (fillfactor = 60);
comment on table tally is 'how often a name was asked for; rolled up from observation by score';
comment on column tally.domain_id is 'the name';
comment on column tally.lookups is 'observations of all types';
comment on column tally.failures is 'of them those without a definite outcome (answered, nodata, nxdomain)';
comment on column tally.first_lookup is 'first observation';
comment on column tally.last_lookup is 'last observation';

create table list_entry (
	list text not null check (list in ('sinkhole', 'parking', 'cdn', 'pool', 'allow', 'dyndns', 'reserved')),
	name text,
	prefix cidr,
	source text not null,
	listed_on date not null,
	check (num_nonnulls(name, prefix) = 1),
	unique nulls not distinct (list, name, prefix)
);
create index list_entry_prefix on list_entry using spgist (prefix inet_ops);
comment on table list_entry is 'names and addresses known to be something else than flux';
comment on column list_entry.list is 'what the entry is';
comment on column list_entry.name is 'a name: it and all below it; null for an address';
comment on column list_entry.prefix is 'an address range; null for a name';
comment on column list_entry.source is 'who says so';
comment on column list_entry.listed_on is 'when';

create table verdict (
	domain_id integer primary key references domain,
	verdict text not null,
	score real not null check (score between 0 and 1),
	window_end timestamptz not null,
	lookups bigint,
	reasons text[] not null,
	holz_score double precision,
	holz_flux boolean,
	atlas_points smallint,
	atlas_flux boolean,
	features jsonb not null,
	scored_at timestamptz not null default now()
) with (fillfactor = 60);
comment on table verdict is 'what we say of a name now';
comment on column verdict.domain_id is 'the name';
comment on column verdict.verdict is 'flux, double-flux, suspect, cdn, pool, rotating, static, parked, sinkholed, dead, silent, unknown';
comment on column verdict.score is '0 to 1: how sure that it fluxes';
comment on column verdict.window_end is
	'end of the 24 hours it rests on: the newest observation not in the future, or score --at';
comment on column verdict.lookups is
	'tally.lookups when it was computed; where they differ, score computes it anew; null: it is due, after score --at or an import';
comment on column verdict.reasons is 'in plain words, with the figures';
comment on column verdict.holz_score is '1.32 n_A + 18.54 n_ASN over two lookups (Holz et al., NDSS 2008); null without two';
comment on column verdict.holz_flux is 'holz_score > 142.38 and TTL < 1800 s';
comment on column verdict.atlas_points is 'nine points (Nazario and Holz, MALWARE 2008)';
comment on column verdict.atlas_flux is 'atlas_points > 4';
comment on column verdict.features is 'the row of flux_features() it rests on';
comment on column verdict.scored_at is 'when it was computed';

create table verdict_history (
	domain_id integer not null references domain,
	verdict text not null,
	score real not null,
	from_at timestamptz not null,
	to_at timestamptz,
	reasons text[] not null
);
create index verdict_history_domain on verdict_history (domain_id, from_at);
comment on table verdict_history is 'the verdicts of a name one after the other';
comment on column verdict_history.domain_id is 'the name';
comment on column verdict_history.verdict is 'as in verdict';
comment on column verdict_history.score is 'when it began to hold';
comment on column verdict_history.from_at is 'newest observation when it began to hold';
comment on column verdict_history.to_at is 'newest observation when another took its place; null: holds still';
comment on column verdict_history.reasons is 'when it began to hold';
