-- SPDX-License-Identifier: MIT
-- Lookups printed in papers, with the BGP origins of their day, and the figures they have to give: Holz et
-- al., NDSS 2008; Hsu, Huang, Chen 2010; F-Secure weblog, 2009.
begin;
select plan(31);

create temporary table golden (name text, at interval, ttl integer, address inet) on commit drop;
copy golden from stdin;
thearmynext.info	0s	600	69.183.26.53
thearmynext.info	0s	600	76.205.234.131
thearmynext.info	0s	600	85.177.96.105
thearmynext.info	0s	600	217.129.178.138
thearmynext.info	0s	600	24.98.252.230
thearmynext.info	600s	600	213.47.148.82
thearmynext.info	600s	600	213.91.251.16
thearmynext.info	600s	600	69.183.207.99
thearmynext.info	600s	600	91.148.168.92
thearmynext.info	600s	600	195.38.60.79
f07b42b93.com	0s	300	68.45.212.84
f07b42b93.com	0s	300	68.174.233.245
f07b42b93.com	0s	300	87.89.53.176
f07b42b93.com	0s	300	99.35.9.172
f07b42b93.com	0s	300	116.206.183.29
f07b42b93.com	0s	300	174.57.27.8
f07b42b93.com	0s	300	200.49.146.20
f07b42b93.com	0s	300	204.198.77.248
f07b42b93.com	0s	300	207.112.105.241
f07b42b93.com	0s	300	209.42.186.67
f07b42b93.com	300s	300	64.188.129.99
f07b42b93.com	300s	300	69.76.238.227
f07b42b93.com	300s	300	69.225.51.55
f07b42b93.com	300s	300	76.10.12.224
f07b42b93.com	300s	300	76.106.49.207
f07b42b93.com	300s	300	76.127.120.38
f07b42b93.com	300s	300	76.193.216.140
f07b42b93.com	300s	300	99.35.9.172
f07b42b93.com	300s	300	200.49.146.20
f07b42b93.com	300s	300	204.198.77.248
smsclubnet.com	11:00:17	0	118.232.218.209
smsclubnet.com	11:00:22	0	211.105.220.204
smsclubnet.com	11:00:28	0	121.179.73.185
smsclubnet.com	11:00:33	0	124.8.89.29
smsclubnet.com	11:00:38	0	69.55.30.158
smsclubnet.com	11:00:44	0	116.127.184.49
smsclubnet.com	11:00:49	0	201.42.136.214
smsclubnet.com	11:00:54	0	89.35.18.27
smsclubnet.com	11:01:00	0	24.77.250.131
smsclubnet.com	11:01:05	0	118.130.83.202
smsclubnet.com	11:01:11	0	77.78.150.199
smsclubnet.com	11:01:16	0	211.180.118.70
smsclubnet.com	11:01:21	0	189.111.197.36
smsclubnet.com	11:01:27	0	121.183.32.80
smsclubnet.com	11:01:32	0	211.218.197.220
smsclubnet.com	11:01:38	0	121.183.32.80
smsclubnet.com	11:01:43	0	125.129.151.33
smsclubnet.com	11:01:48	0	151.60.88.70
smsclubnet.com	11:01:54	0	121.179.73.186
smsclubnet.com	11:01:59	0	210.207.217.154
myspace.com	0s	3600	216.178.38.116
myspace.com	0s	3600	216.178.38.121
myspace.com	0s	3600	216.178.38.104
images.pcworld.com	0s	20	212.201.100.135
images.pcworld.com	0s	20	212.201.100.141
\.
create temporary table origin (prefix cidr, asn bigint, dated date) on commit drop;
copy origin from stdin;
24.76.0.0/14	6327	2008-05-01
24.98.0.0/15	7725	2008-05-01
64.188.0.0/16	3356	2008-05-01
68.44.0.0/15	33287	2008-05-01
68.174.192.0/18	12271	2008-05-01
69.55.24.0/21	33038	2008-05-01
69.76.128.0/17	11955	2008-05-01
69.182.0.0/15	7132	2008-05-01
69.224.0.0/12	7132	2008-05-01
76.10.8.0/21	7228	2008-05-01
76.96.0.0/11	7922	2011-08-01
76.106.0.0/17	33657	2008-05-01
76.192.0.0/12	7132	2008-05-01
77.78.144.0/20	39246	2008-05-01
85.176.0.0/13	13184	2008-05-01
87.88.0.0/14	5410	2008-05-01
89.35.16.0/21	35664	2008-05-01
91.148.168.0/24	8877	2008-05-01
99.32.0.0/12	7132	2011-08-01
116.127.0.0/16	9318	2008-05-01
116.206.0.0/16	38552	2008-05-01
118.128.0.0/14	3786	2008-05-01
118.232.192.0/19	9924	2008-05-01
121.160.0.0/11	4766	2008-05-01
124.8.0.0/17	9924	2008-05-01
125.128.0.0/11	4766	2008-05-01
151.60.0.0/16	1267	2008-05-01
174.48.0.0/12	7922	2011-08-01
189.110.0.0/15	27699	2011-08-01
195.38.32.0/19	6828	2008-05-01
200.49.144.0/20	10318	2008-05-01
201.42.0.0/16	27699	2008-05-01
204.198.76.0/23	10437	2008-05-01
207.112.0.0/17	6407	2008-05-01
209.42.128.0/18	10397	2008-05-01
210.207.0.0/16	3786	2008-05-01
211.104.0.0/14	4766	2008-05-01
211.180.0.0/16	3786	2008-05-01
211.216.0.0/13	4766	2008-05-01
212.201.0.0/16	680	2008-05-01
213.47.128.0/17	6830	2008-05-01
213.91.128.0/17	8866	2008-05-01
216.178.32.0/20	33739	2008-05-01
217.129.176.0/21	13156	2008-05-01
\.
insert into prefix_origin (prefix, asn, valid_from, source) select prefix, asn, '2008-05-01', 'golden' from origin;
select fixture.observe(name, at, array_agg(address), ttl, names => case when name = 'images.pcworld.com'
	then '{images.pcworld.com.edgesuite.net,a1694.g.akamai.net}'::text[] end)
from golden group by name, at, ttl;
select score_domains();

create temporary view figures as
select d.name, f.* from domain d cross join lateral flux_features(d.name) f where d.role = 'followed';

-- thearmynext.info: two lookups 600 s apart, TTL 600, five A each.
select is(addresses, 10::bigint, 'thearmynext.info: 10 distinct addresses'),
	is(holz_overlap, 0::bigint, 'thearmynext.info: none in both lookups'),
	is(fluxiness, 2.0::float, 'thearmynext.info: fluxiness 2.0'),
	is(networks16, 9::bigint, 'thearmynext.info: 9 distinct /16'),
	is(round(holz_first::numeric, 2), 80.76, 'thearmynext.info: 80.76 from the first lookup by itself'),
	ok(holz_first < 142.38, 'thearmynext.info: which is below the threshold'),
	ok(holz_score > 142.38, 'thearmynext.info: both together pass it'),
	ok(holz_flux, 'thearmynext.info: flux by the rule')
from figures where name = 'thearmynext.info';

-- f07b42b93.com: two lookups 300 s apart, TTL 300, ten A each.
select is(addresses, 17::bigint, 'f07b42b93.com: 17 distinct addresses'),
	is(holz_overlap, 3::bigint, 'f07b42b93.com: 3 in both lookups'),
	is(holz_jaccard, 3::float / 17, 'f07b42b93.com: Jaccard 3/17'),
	is(fluxiness, 1.7::float, 'f07b42b93.com: fluxiness 1.7'),
	ok(holz_flux, 'f07b42b93.com: flux by Holz''s rule')
from figures where name = 'f07b42b93.com';

-- smsclubnet.com: 20 lookups in 102 s, TTL 0, one A each.
select is(addresses, 19::bigint, 'smsclubnet.com: 19 distinct addresses'),
	is(networks16, 18::bigint, 'smsclubnet.com: 18 distinct /16'),
	is(fluxiness, 19::float, 'smsclubnet.com: fluxiness 19'),
	is(fixture.verdict_of(name), 'flux', 'smsclubnet.com fluxes')
from figures where name = 'smsclubnet.com';

-- myspace.com: three A of one /24, TTL 3600. images.pcworld.com: two CNAMEs to two A of one /24, TTL 20.
select is(fixture.verdict_of('myspace.com'), 'static', 'myspace.com: TTL 3600 s needs no second lookup');
select is(fixture.verdict_of('images.pcworld.com'), 'cdn', 'images.pcworld.com: a chain into a content network');
select is(holz_flux, null, name || ': no second lookup, no rule'), is(atlas_flux, false, name || ': not flux by ATLAS')
from figures where name in ('myspace.com', 'images.pcworld.com') order by name;

-- The same answers again and again do not make them flux.
select fixture.observe(name, (k * 3601 || ' s')::interval, array_agg(address), ttl, names => case
	when name = 'images.pcworld.com' then '{images.pcworld.com.edgesuite.net,a1694.g.akamai.net}'::text[] end)
from golden, generate_series(1, 20) k
where name in ('myspace.com', 'images.pcworld.com')
group by name, k, ttl;
select score_domains();
select is(fixture.verdict_of('myspace.com'), 'static', 'myspace.com after 21 lookups');
select is(fixture.verdict_of('images.pcworld.com'), 'cdn', 'images.pcworld.com after 21 lookups');
select is(holz_flux, false, name || ': two lookups, not flux by Holz') from figures
where name in ('myspace.com', 'images.pcworld.com');
select is(round(holz_score::numeric, 2), case name when 'myspace.com' then 3 * 1.32 + 18.54 else 2 * 1.32 + 18.54 end,
	name || ': Holz''s score') from figures where name in ('myspace.com', 'images.pcworld.com');

-- Two lookups are too few for us, whatever they show; but ten addresses in ten networks are a suspicion.
select is(fixture.verdict_of('thearmynext.info'), 'suspect', 'thearmynext.info: more lookups needed');
select matches((select reasons[1] from status where domain = 'thearmynext.info'), 'few lookups', 'and it says so');

select * from finish();
rollback;
