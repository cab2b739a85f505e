-- SPDX-License-Identifier: MIT
-- What is new since somebody asked last (sql/changes.sql): who asked, and when we came to know what.

create table reader (
	login text not null default session_user,
	name text not null,
	known_at timestamptz not null,
	primary key (login, name)
);
comment on table reader is 'who is told what is new, and how far: each login has readers of its own';
comment on column reader.login is 'whose it is';
comment on column reader.name is 'as given by changes --reader';
comment on column reader.known_at is 'all that this database knew by then has been told';

create table nameserver (
	domain_id integer not null,
	name text not null,
	first_seen timestamptz not null,
	added_at timestamptz not null default clock_timestamp(),
	primary key (domain_id, name)
);
comment on table nameserver is 'a nameserver that the NS answers of a name named; rolled up from observation by score';
comment on column nameserver.domain_id is 'the name that is delegated';
comment on column nameserver.name is 'the nameserver''s name';
comment on column nameserver.first_seen is 'first observation with it, of those that were rolled up with it first';
comment on column nameserver.added_at is 'when this database came to know it';

-- The moment of the row, not of its transaction: that may have begun long before it got the lock of who scores
-- (lock_scoring), and a reader whose cursor was set meanwhile would never be told.
alter table node alter column added_at set default clock_timestamp();

create index node_added on node (added_at);
create index nameserver_added on nameserver (added_at);
create index nameserver_name on nameserver (name);
create index verdict_history_scored on verdict_history (scored_at);

insert into nameserver (domain_id, name, first_seen, added_at)
select o.domain_id, u.name, min(o.observed_at), min(s.loaded_at)
from observation o
join segment s on s.id = o.segment_id
cross join unnest(o.names) as u(name)
where s.rolled_up and o.qtype = 2 and o.outcome = 'answered'
group by 1, 2;
