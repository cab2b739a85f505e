# SPDX-License-Identifier: MIT
# Reads tests/lab/names and writes into the current folder all that the lab's servers and tests
# need: zones/*.zone, zones.conf and draws/* (Knot DNS), pools/* and moves (mover),
# hostile-names (unbound), domains.txt, expected, prefixes.dat. The same input in the same
# folder gives the same output, byte for byte.
#
# The prefix table is invented: network i is a /16 of its own AS, in ordinary unicast space.
# Within a network each pool has a third octet of its own, so no two pools share an address. The
# zones of Team Cymru tell the same table, and in-addr.arpa and ip6.arpa name the addresses of two
# networks out of three, one of lines and one of servers.

BEGIN {
	NETWORKS = 640
	SERIAL = 2008040801
	NS_TTL = 864 # a day, 100 times faster
	NS_NETWORK = 632 # steady nameservers live in the networks from here on
	# First octets without any special-purpose range (RFC 6890).
	octets = split("24 58 59 60 61 62 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 " \
		"81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 116 117 118 119 120 121 122 " \
		"123 124 125 126 189 190 200 201 210 211 212 213 217 218 219 220", octet, " ")
	write_prefixes()
	write_soa("root", ".", "a.root-servers.net.", 7200)
	print ". 86400 NS a.root-servers.net." > "zones/root.zone"
	print "a.root-servers.net. 86400 A " address(NS_NETWORK, 0, 1) > "zones/root.zone"
	print "zone:\n  - domain: .\n    file: root.zone" > "zones.conf"
	write_origins()
	start_zone("in-addr.arpa")
	start_zone("ip6.arpa")
}

/^#/ || NF == 0 { next }

{
	if ($2 != "-") {
		print $1 (NF > 7 ? " " $8 : "") > "domains.txt"
		print $1 "\t" $2 > "expected"
	}
	if ($3 ~ /^hostile/)
		print $1, $3 > "hostile-names"
	else if ($3 != "absent")
		write_name(zone_of($1))
}

function network_prefix(i) {
	# 29 and 256 have no common divisor: no /16 comes twice
	return octet[1 + i % octets] "." (int(i / octets) * 29 + i % octets * 11) % 256
}

# Host h (0 to 253) of the pool numbered `pool` in network i.
function address(i, pool, h) {
	return network_prefix(i) "." pool "." 1 + h * 37 % 254
}

function address6(i, pool, h) {
	return sprintf("2a0e:%x:%x::%x", 4096 + i, pool, h + 1)
}

function write_prefixes(  i) {
	for (i = 0; i < NETWORKS; i++) {
		printf "%s.0.0/16\t%d\n", network_prefix(i), 2000 + 13 * i > "prefixes.dat"
		printf "2a0e:%x::/32\t%d\n", 4096 + i, 2000 + 13 * i > "prefixes.dat"
	}
}

# A zone that tells of addresses.
function start_zone(zone) {
	write_soa(zone, zone ".", "a.root-servers.net.", 7200)
	print zone ". " NS_TTL " NS a.root-servers.net." > ("zones/" zone ".zone")
	print "zone:\n  - domain: " zone "." > "zones.conf"
}

# "3.2.1" of "1.2.3"
function backwards(text, mark,  part, i, out) {
	i = split(text, part, mark)
	for (out = part[i--]; i > 0; i--)
		out = out "." part[i]
	return out
}

function print_origin(zone, labels, origins, prefix) {
	printf "*.%s.%s. 864 TXT \"%s | %s | ZZ | lab | 2008-04-08\"\n", labels, zone, origins,
		prefix > ("zones/" zone ".zone")
}

# Some networks have two origins, and a shorter prefix above them.
function write_origins(  i, net, labels) {
	start_zone("origin.asn.cymru.com")
	start_zone("origin6.asn.cymru.com")
	for (i = 0; i < NETWORKS; i++) {
		net = network_prefix(i)
		labels = backwards(net, ".")
		print_origin("origin.asn.cymru.com", labels, 2000 + 13 * i (i % 16 ? "" : " 64511"),
			net ".0.0/16")
		if (i % 16 == 0)
			print_origin("origin.asn.cymru.com", labels, 64496,
				substr(net, 1, index(net, ".")) "0.0.0/8")
		print_origin("origin6.asn.cymru.com", backwards(sprintf("2a0e%04x", 4096 + i), ""),
			2000 + 13 * i, sprintf("2a0e:%x::/32", 4096 + i))
	}
}

# What address number h of the pool is called in network i, if anything: the networks that the flux
# names use are of home lines, but for one in 13.
function write_reverse(v6, i, pool, h,  zone, labels, line) {
	if (i % 3 == 2)
		return
	zone = v6 ? "ip6.arpa" : "in-addr.arpa"
	line = v6 ? sprintf("%x-%x", pool, h + 1) : address(i, pool, h)
	labels = v6 ? backwards(sprintf("2a0e%04x%04x%016x%04x", 4096 + i, pool, 0, h + 1), "") : \
		backwards(line, ".")
	gsub(/\./, "-", line)
	printf "%s.%s. 864 PTR %s.as%d.example.\n", labels, zone,
		i < 405 && i % 13 != 3 ? line ".dsl" : "srv" h ".static", 2000 + 13 * i > ("zones/" zone ".zone")
}

function zone_of(name,  labels, n) {
	n = split(name, labels, ".")
	return labels[n - 1] "." labels[n]
}

function write_soa(file, zone, primary, retry) {
	printf "%s 864 SOA %s hostmaster.%s %d 10800 %d 604800 3\n", zone, primary,
		zone == "." ? "" : zone, SERIAL, retry > ("zones/" file ".zone")
}

function nameservers(spec, zone, hosts,  range, n, i) {
	if (spec ~ /^@/) {
		hosts[1] = "ns." substr(spec, 2)
		for (i = 2; i <= 6; i++)
			hosts[i] = "ns" i "." substr(spec, 2)
		return 6
	}
	if (spec == "moving")
		spec = "2-13"
	split(spec, range, "-")
	for (i = range[1]; i <= range[2]; i++)
		hosts[++n] = "ns" i "." zone
	return n
}

# Knot's mod-geoip answers each query with one of the entries of draws/ID, by their weights; for
# types that it has not, the zone answers.
function write_module(id, ttl) {
	print "mod-geoip:\n  - id: " id "\n    mode: weighted\n    ttl: " ttl > "zones.conf"
	print "    config-file: \"" ENVIRON["PWD"] "/draws/" id "\"" > "zones.conf"
}

# Starts a zone at its first name: SOA, NS, and the addresses of nameservers within it.
function write_zone(zone, spec, verdict,  file, ttl, hosts, n, i) {
	file = "zones/" zone ".zone"
	ttl = spec == "moving" ? 6 : NS_TTL
	n = nameservers(spec, zone, hosts)
	# Flux zones had a short retry, which ATLAS's rule counts (< 900 s); it is no TTL, so
	# not scaled
	write_soa(zone, zone ".", hosts[1] ".", verdict ~ /flux/ ? 600 : 7200)
	for (i = 1; i <= n; i++) {
		print zone ". " ttl " NS " hosts[i] "." > file
		if (zone_of(hosts[i]) == zone)
			print hosts[i] ". " ttl " A " \
				address(NS_NETWORK + zones % 8, 200 + int(zones / 8), i) > file
	}
	if ($6 == "each")
		write_module(zone, $5)
	print "zone:\n  - domain: " zone "." > ($6 == "dies" ? "dying.conf" : "zones.conf")
	if ($6 == "each")
		print "    module: mod-geoip/" zone > "zones.conf"
	seen[zone] = ++zones
}

# A pool's file, made once: names that give the same pool share its addresses.
function write_pool(spec,  part, i, v6, net, h) {
	if (spec in pool)
		return
	pool[spec] = ++pools
	v6 = sub(/^v6:/, "", spec)
	split(spec, part, "[/@]")
	for (i = 0; i < part[1]; i++) {
		net = part[3] + i % part[2]
		h = int(i / part[2])
		print v6 ? address6(net, pools, h) : address(net, pools, h) > ("pools/" pools)
		write_reverse(v6, net, pools, h)
	}
	close("pools/" pools)
}

function write_addresses(file,  type, line, i) {
	write_pool($3)
	type = $3 ~ /^v6:/ ? "AAAA" : "A"
	for (i = 0; i < $4 && (getline line < ("pools/" pool[$3])) > 0; i++)
		print $1 ". " $5 " " type " " line > file
	close("pools/" pool[$3])
	if ($6 != "fixed" && $6 != "dies")
		print zone_of($1), $1, $5, $4, $6, pool[$3] > "moves"
}

# The whole pool, an entry an address.
function write_draws(name,  line) {
	write_pool($3)
	print name ".:" > ("draws/" name)
	while ((getline line < ("pools/" pool[$3])) > 0)
		print "  - weight: 1\n    A: " line > ("draws/" name)
	close("pools/" pool[$3])
}

function write_name(zone,  file) {
	file = "zones/" zone ".zone"
	if (!(zone in seen)) {
		write_zone(zone, $7, $2)
		if ($7 == "moving") {
			write_pool($3)
			print zone, zone, 6, 8, "nameservers", pool[$3] > "moves"
		}
	}
	if ($3 ~ /^cname:/)
		print $1 ". " $5 " CNAME " substr($3, 7) "." > file
	else if ($3 == "nodata")
		print $1 ". " $5 " TXT \"no address\"" > file
	else if ($6 == "each")
		write_draws($1)
	else
		write_addresses(file)
}
