-- SPDX-License-Identifier: MIT
-- A small set of names and address ranges that are something else than flux, so that the first verdicts are
-- not fooled. Its source is 'built-in'; what others import stands beside it. Merged as an import is: an entry
-- that stays keeps its dates. After nodes.sql, whose functions the merge calls.

-- Not globally reachable, or not one machine's own (RFC 6890 and IANA's special-purpose registries).
select merge_list('reserved', '{}', array['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8',
	'169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24',
	'192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24',
	'203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
	'::/96', '::ffff:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23',
	'2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10',
	'ff00::/8']::cidr[], 'built-in', '2026-11-23');

select merge_list(list, string_to_array(names, ' '), '{}', 'built-in', '2026-11-23')
from (values
	-- Who runs the zone can end a name in it; no registrar can. Kraken's parents first.
	('dyndns', 'yi.org mooo.com dynserv.com 1dumb.com dyndns.org'
		-- Dyn
		' ath.cx blogdns.com blogdns.net blogdns.org blogsite.org dnsalias.com dnsalias.net dnsalias.org dnsdojo.com'
		' dnsdojo.net dnsdojo.org doesntexist.com doesntexist.org dontexist.com dontexist.net dontexist.org'
		' dvrdns.org dyn-o-saur.com dynalias.com dynalias.net dynalias.org dyndns-at-home.com dyndns-at-work.com'
		' dyndns-blog.com dyndns-free.com dyndns-home.com dyndns-ip.com dyndns-mail.com dyndns-office.com'
		' dyndns-pics.com dyndns-remote.com dyndns-server.com dyndns-web.com dyndns-wiki.com dyndns-work.com'
		' dyndns.biz dyndns.info dyndns.tv dyndns.ws endofinternet.net endofinternet.org ftpaccess.cc game-host.org'
		' game-server.cc getmyip.com gotdns.com gotdns.org hobby-site.com hobby-site.org homedns.org homeftp.net'
		' homeftp.org homeip.net homelinux.com homelinux.net homelinux.org homeunix.com homeunix.net homeunix.org'
		' is-a-geek.com is-a-geek.net is-a-geek.org isa-geek.com isa-geek.net isa-geek.org kicks-ass.net'
		' kicks-ass.org merseine.nu mine.nu podzone.net podzone.org scrapping.cc selfip.biz selfip.com selfip.info'
		' selfip.net selfip.org servebbs.com servebbs.net servebbs.org serveftp.net serveftp.org servegame.org'
		' shacknet.nu thruhere.net webhop.biz webhop.info webhop.net webhop.org'
		-- No-IP
		' 3utilities.com bounceme.net ddns.me ddns.net ddnsking.com gotdns.ch hopto.me hopto.org myftp.biz myftp.net'
		' myftp.org myvnc.com no-ip.biz no-ip.ca no-ip.co.uk no-ip.com no-ip.info no-ip.net no-ip.org noip.me noip.us'
		' onthewifi.com redirectme.net servebeer.com serveblog.net servecounterstrike.com serveexchange.com'
		' serveftp.com servegame.com servehalflife.com servehttp.com servehumour.com serveirc.com'
		' serveminecraft.net servemp3.com servep2p.com servepics.com servequake.com servesarcasm.com sytes.net'
		' webhop.me zapto.org'
		-- FreeDNS, as mooo.com
		' afraid.org allowed.org chickenkiller.com crabdance.com homenet.org ignorelist.com jumpingcrab.com'
		' strangled.net twilightparadox.com uk.to us.to'
		-- ChangeIP, as 1dumb.com
		' changeip.com changeip.net changeip.org ddns.info ddns.ms ddns.us dns-dns.com dns04.com dns05.com dns1.us'
		' dns2.us dnsrd.com dnset.com dsmtp.com dynamic-dns.net dynamicdns.biz faqserv.com freewww.biz freewww.info'
		' got-game.org ikwb.com itemdb.com itsaol.com jetos.com jkub.com jungleheart.com lflink.com lflinkup.com'
		' longmusic.com mefound.com mrbasic.com mrface.com my03.com myddns.com mylftv.com mynumber.org mypicture.info'
		' mysecondarydns.com mywww.biz myz.info ns01.biz ns01.info ns01.us ns02.biz ns02.info ns02.us ocry.com'
		' onedumb.com onmypc.biz onmypc.info onmypc.net onmypc.org onmypc.us organiccrap.com otzo.com ourhobby.com'
		' port25.biz proxydns.com qhigh.com qpoe.com sendsmtp.com serveuser.com serveusers.com sexidude.com toh.info'
		' toythieves.com trickip.net trickip.org vizvaz.com wikaba.com wwwhost.biz wwwhost.us x24hr.com xxuz.com'
		' ygto.com youdontcare.com yourtrap.com zyns.com zzux.com'
		-- Dynu, Now-DNS, Pubyun (3322), Oray, Synology, TwoDNS, Securepoint, ddnss.de and others
		' accesscam.org camdvr.org casacam.net ddnsfree.com ddnsgeek.com dynu.net freeddns.org giize.com gleeze.com'
		' kozow.com loseyourip.com mywire.org ooguy.com theworkpc.com webredirect.org'
		' ddnslive.com dnsup.net dynserv.org freeddns.us hicam.net myiphost.com now-dns.net now-dns.org now-dns.top'
		' ownip.net vpndns.net zapto.xyz 2288.org 3322.org 6600.org 7766.org 8800.org 8866.org 9966.org f3322.net'
		' f3322.org eicp.net gicp.net imwork.net oicp.net vicp.cc vicp.net xicp.net'
		' diskstation.me dscloud.biz dscloud.me dscloud.mobi dsmynas.com dsmynas.net dsmynas.org familyds.com'
		' familyds.net familyds.org i234.me myds.me synology.me'
		' dd-dns.de dray-dns.de drayddns.com dynvpn.de my-vigor.de firewall-gateway.com firewall-gateway.de'
		' firewall-gateway.net my-firewall.org my-gateway.de my-router.de spdns.de spdns.eu spdns.org'
		' ddnss.de ddnss.org dyn-ip24.de dyndns1.de dnshome.de dedyn.io dtdns.net duckdns.org dy.fi dynv6.net goip.de'
		' linkpc.net publicvm.com myfritz.net myqnapcloud.com nsupdate.info selfhost.eu ydns.eu'),
	-- Many volunteers in many networks, a low TTL, growing for weeks: the look of flux.
	('pool', 'pool.ntp.org'
		-- distributions and their keys
		' mirrors.fedoraproject.org mirrorlist.centos.org mirror.centos.org msync.centos.org rsync.gentoo.org'
		' db.local.clamav.net database.clamav.net http.debian.net pool.sks-keyservers.net keys.gnupg.net'
		' subkeys.pgp.net wwwkeys.pgp.net'
		-- where the nodes of peer-to-peer currencies find each other
		' seed.bitcoin.sipa.be dnsseed.bluematt.me dnsseed.bitcoin.dashjr.org'
		' dnsseed.bitcoin.dashjr-list-of-p2p-nodes.us seed.bitcoinstats.com seed.bitcoin.jonasschnelli.ch'
		' seed.btc.petertodd.org seed.btc.petertodd.net seed.bitcoin.sprovoost.nl dnsseed.emzy.de'
		' seed.bitcoin.wiz.biz seed.mainnet.achownodes.xyz testnet-seed.bitcoin.jonasschnelli.ch'
		' testnet-seed.bluematt.me seed.tbtc.petertodd.org seed.tbtc.petertodd.net seed.testnet.bitcoin.sprovoost.nl'
		' seed.bitcoinabc.org seed.flowee.cash seed-a.litecoin.loshan.co.uk dnsseed.thrasher.io'
		' dnsseed.litecointools.com dnsseed.litecoinpool.org dnsseed.koin-project.com seed.multidoge.org'
		' seed2.multidoge.org dnsseed.dash.org dnsseed.dashdot.io dnsseed.z.cash dnsseed.str4d.xyz'
		' mainnet.seeder.zfnd.org'
		-- chat networks of many servers
		' irc.libera.chat chat.freenode.net irc.freenode.net irc.oftc.net irc.efnet.org irc.efnet.net irc.undernet.org'
		' us.undernet.org eu.undernet.org irc.quakenet.org open.ircnet.net irc.dal.net irc.rizon.net irc.hackint.org'
		' irc.snoonet.org'),
	-- Where a chain of CNAMEs ends when a content network serves the name.
	('cdn', 'akadns.net akam.net akamai.net akamaiedge.net akamaihd.net akamaized.net edgekey.net edgesuite.net srip.net'
		' cloudfront.net awsglobalaccelerator.com fastly.net fastlylb.net cloudflare.net azureedge.net azurefd.net'
		' msedge.net t-msedge.net trafficmanager.net vo.msecnd.net alphacdn.net edgecastcdn.net omegacdn.net'
		' phicdn.net systemcdn.net v0cdn.net v2cdn.net v4cdn.net v5cdn.net lldns.net llnwd.net llnwi.net'
		' footprint.net fpbns.net hwcdn.net netdna-cdn.com netdna-ssl.com stackpathcdn.com stackpathdns.com'
		' cdn77.net cdn77.org b-cdn.net kxcdn.com cachefly.net gcdn.co incapdns.net cdngc.net gccdn.net panthercdn.com'
		' bitgravity.com mirror-image.net ngenix.net ccgslb.com ccgslb.net chinacache.net lxdns.com wscdns.com'
		' wsdvs.com alicdn.com alikunlun.com l.google.com l.googleusercontent.com ghs.googlehosted.com yahoodns.net'
		' fbcdn.net c10r.facebook.com'),
	-- Nameservers of firms that park names.
	('parking', 'above.com afternic.com bodis.com brandbucket.com cashparking.com dan.com dsredirection.com eftydns.com'
		' fabulous.com fastpark.net giantpanda.com hitfarm.com internettraffic.com namedrive.com parked.com'
		' parkingcrew.net parklogic.com sedoparking.com smartname.com this-domain-for-sale.com undeveloped.com'
		' uniregistrymarket.link voodoo.com ztomy.com'),
	-- Nameservers of those who take names over to study or end them.
	('sinkhole', 'arbor-sinkhole.net arbors1nkh0le.com asertdns.com csof.net honeybot.us kryptoslogicsinkhole.com'
		' kryptoslogicsinkhole.me kryptoslogicsinkhole.net kryptoslogicsinkhole.org microsoftinternetsafety.net'
		' seized.gov seizedservers.com sinkhole.cert.pl sinkhole.shadowserver.org torpig-sinkhole.org')
) as built_in (list, names);
