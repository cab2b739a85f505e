-- SPDX-License-Identifier: MIT
-- What the DNS tells of addresses: their origins and their names.

alter type domain_role add value 'address';
comment on column domain.role is
	'followed by wish, as nameserver of one that is, or (address) asked for what it tells of an address';
comment on column observation.qtype is '1 A, 2 NS, 6 SOA, 12 PTR, 16 TXT, 28 AAAA';
comment on column observation.names is
	'for A and AAAA the CNAME targets in order, for NS the nameservers, for PTR the targets, for SOA primary'
	' and mailbox, for TXT the texts (odd octets as \DDD); null: none';

alter table segment add column enriched boolean not null default false;
comment on column segment.enriched is 'whether reverse_name and origin_answer have what it tells of addresses';
create index segment_untold on segment (id) where not enriched;
create index observation_told on observation (segment_id) where qtype in (12, 16);

create table reverse_name (
	address inet not null,
	name text,
	is_dynamic boolean,
	asked_at timestamptz not null,
	taken_at timestamptz not null,
	replaced_at timestamptz
);
create unique index reverse_name_held on reverse_name (address) where replaced_at is null;
create index reverse_name_address on reverse_name (address);
comment on table reverse_name is 'the name that an address has under in-addr.arpa or ip6.arpa';
comment on column reverse_name.address is 'the address';
comment on column reverse_name.name is 'the first PTR target of the newest definite answer; null: none, or none came';
comment on column reverse_name.is_dynamic is 'is that the name of a dynamic line? null: it does not tell, or there is none';
comment on column reverse_name.asked_at is 'when it was asked for last';
comment on column reverse_name.taken_at is 'when this database came to know it';
comment on column reverse_name.replaced_at is 'when it came to know another; null: holds still';

create table origin_answer (
	address inet primary key,
	prefix cidr,
	asked_at timestamptz not null
);
comment on table origin_answer is
	'the addresses whose origin was asked over DNS: so that nobody is asked twice; the origins are in prefix_origin';
comment on column origin_answer.address is 'the address';
comment on column origin_answer.prefix is 'the longest prefix that the newest answer gave; null: none, or none came';
comment on column origin_answer.asked_at is 'when it was asked for last';
