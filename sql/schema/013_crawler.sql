-- SPDX-License-Identifier: MIT
-- Where names come from (feeds), and what stands behind them: pages that nodes serve, and what RDAP tells.

create table feed (
	id integer generated always as identity primary key,
	name text not null unique,
	format text not null,
	read_at timestamptz not null,
	names bigint not null,
	refused jsonb not null default '{}'
);
comment on table feed is 'the feeds and files that targets were imported from';
comment on column feed.id is 'key within this database alone';
comment on column feed.name is 'its section in feeds.ini, else the base name of the file or URL';
comment on column feed.format is 'as it was read last: plain, hosts, urlhaus, ...';
comment on column feed.read_at is 'when it was read last';
comment on column feed.names is 'good names it held then, each counted once';
comment on column feed.refused is 'how many entries were refused then, by reason';

create table feed_target (
	feed_id integer not null, -- no reference: the check of one would take twice as long as the import of a row
	name text not null collate "C",
	tags text not null,
	since timestamptz not null,
	until timestamptz check (until >= since)
);
create unique index feed_target_now on feed_target (name, feed_id) where until is null;
comment on table feed_target is 'which feed named a target, since when and until when: a row an interval';
comment on column feed_target.feed_id is 'the feed';
comment on column feed_target.name is 'the name, lower case, no trailing dot';
comment on column feed_target.tags is 'what the feed says of it, as tags of a target: "family=storm"';
comment on column feed_target.since is 'when the feed was read that had it first';
comment on column feed_target.until is 'when the feed was read that had it no longer; null: it has it';

create type fetch_outcome as enum ('answered', 'cut', 'partial', 'malformed', 'timeout', 'refused', 'tls',
	'vetoed');
comment on type fetch_outcome is
	'what an HTTP request came to: answered whole; cut by our limit; ended early; no HTTP; too slow; '
	'no connection; no TLS that holds; not sent, for the address may not be contacted';

create table page (
	segment_id integer not null references segment,
	record integer not null,
	domain_id integer not null references domain,
	address inet not null,
	port integer not null,
	asked_at timestamptz not null,
	took interval not null,
	outcome fetch_outcome not null,
	status integer,
	url text not null,
	head text not null,
	body_sha256 bytea,
	body_octets integer not null,
	signatures text[] not null,
	primary key (segment_id, record)
);
create index page_domain on page (domain_id);
comment on table page is 'what nodes served when they were asked for a page under a name (probe)';
comment on column page.segment_id is 'segment with the raw answer';
comment on column page.record is 'its place there, 0 being the header';
comment on column page.domain_id is 'the name that was asked for (Host)';
comment on column page.address is 'the node that was asked';
comment on column page.port is 'its TCP port';
comment on column page.asked_at is 'when it was asked';
comment on column page.took is 'how long it took, to the end';
comment on column page.outcome is 'what it came to';
comment on column page.status is 'of HTTP; null: none came';
comment on column page.url is 'what was asked for';
comment on column page.head is 'status line and headers, odd octets as \DDD; lines end with \013\010';
comment on column page.body_sha256 is 'of the body''s octets that were kept; null: none came';
comment on column page.body_octets is 'how many were kept, at most 262144';
comment on column page.signatures is 'names of the signatures that it bears';

create table registration (
	segment_id integer not null references segment,
	record integer not null,
	name text,
	address inet,
	asked_at timestamptz not null,
	outcome fetch_outcome not null,
	status integer,
	url text not null,
	answer jsonb,
	primary key (segment_id, record),
	check ((name is null) <> (address is null))
);
create index registration_name on registration (name, asked_at);
create index registration_address on registration (address, asked_at);
comment on table registration is 'what RDAP told of registered names and of networks';
comment on column registration.segment_id is 'segment with the raw answer';
comment on column registration.record is 'its place there, 0 being the header';
comment on column registration.name is 'the registered name that was asked about; null: an address was';
comment on column registration.address is 'the address whose network was asked about';
comment on column registration.asked_at is 'when it was asked';
comment on column registration.outcome is 'what it came to';
comment on column registration.status is 'of HTTP; null: none came';
comment on column registration.url is 'what was asked for';
comment on column registration.answer is 'the JSON object that came; null: none, or no JSON';
