-- SPDX-License-Identifier: MIT
-- A small set of names and address ranges that are something else than flux, so that the first
-- verdicts are not fooled. Ours has the source 'built-in' and is replaced as a whole; entries of
-- other sources are never touched, and win where both have the same.

-- name itself and every name above it, as list_entry.name matches: www.a.org gives www.a.org, a.org, org.
-- A dot inside a label is stored as \046, so a dot always parts labels.
create or replace function parents_of(name text) returns setof text
language sql immutable
as $$
	select array_to_string(label[i:], '.')
	from string_to_array(name, '.') as label, generate_subscripts(label, 1) as i
$$;

-- Reserved addresses are nobody's; the others are not the criminal's.
create or replace function is_reportable(address inet) returns boolean
language sql stable
set search_path = fluxtrack, pg_temp
as $$
	select not exists (select from list_entry e
		where e.prefix >>= address
			and e.list in ('reserved', 'sinkhole', 'parking', 'cdn', 'pool', 'allow'))
$$;
comment on function is_reportable is 'may this address leave in an export: is it on no list?';

delete from list_entry where source = 'built-in';

-- Not globally reachable, or not one machine's own (RFC 6890 and IANA's special-purpose registries).
insert into list_entry (list, prefix, source, listed_on)
select 'reserved', prefix::cidr, 'built-in', date '2026-11-01'
from unnest(array['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16',
	'172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24',
	'192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24',
	'203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
	'::/96', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23',
	'2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10',
	'ff00::/8']) as prefix
on conflict do nothing;

insert into list_entry (list, name, source, listed_on)
select list, unnest(string_to_array(names, ' ')), 'built-in', date '2026-11-01'
from (values
	-- Who runs the zone can end a name in it; no registrar can. Kraken's four parents first.
	('dyndns', 'dyndns.org yi.org mooo.com dynserv.com 1dumb.com no-ip.org no-ip.com no-ip.biz no-ip.info'
		' hopto.org zapto.org sytes.net ddns.net myftp.org redirectme.net servebeer.com serveblog.net'
		' servegame.com dyndns.info dyndns.biz homeip.net homelinux.org gotdns.org ath.cx 3322.org 8866.org'
		' afraid.org chickenkiller.com duckdns.org dynu.net changeip.com ddns.us ddns.info dns-dns.com'),
	-- Many volunteers in many networks, a low TTL, growing for weeks: the look of flux.
	('pool', 'pool.ntp.org mirrors.fedoraproject.org mirrorlist.centos.org pool.sks-keyservers.net'
		' keys.gnupg.net seed.bitcoin.sipa.be dnsseed.bluematt.me seed.bitcoinstats.com'
		' seed.bitcoin.jonasschnelli.ch seed.btc.petertodd.org seed.bitcoin.sprovoost.nl dnsseed.emzy.de'
		' irc.libera.chat chat.freenode.net irc.oftc.net irc.efnet.org irc.undernet.org irc.quakenet.org'
		' open.ircnet.net'),
	-- Where a chain of CNAMEs ends when a content network serves the name.
	('cdn', 'akamai.net akamaiedge.net akadns.net edgesuite.net edgekey.net cloudfront.net fastly.net'
		' fastlylb.net cloudflare.net azureedge.net azurefd.net trafficmanager.net edgecastcdn.net'
		' llnwd.net footprint.net cdn77.org b-cdn.net cdngc.net awsglobalaccelerator.com'),
	-- Nameservers of firms that park names.
	('parking', 'sedoparking.com parkingcrew.net bodis.com above.com afternic.com dan.com'
		' uniregistrymarket.link parklogic.com cashparking.com'),
	-- Nameservers of those who take names over to study or end them.
	('sinkhole', 'sinkhole.shadowserver.org microsoftinternetsafety.net torpig-sinkhole.org csof.net'
		' sinkhole.cert.pl')
) as built_in (list, names)
on conflict do nothing;
