# SPDX-License-Identifier: MIT
# COF, RPZ and MISP of hostile names that flux: read back by what their receivers read them with.
set -uo pipefail
. "$(dirname "$0")/cli.inc"

# Names that flux, each over 50 addresses in as many networks; each octet is in one of them. The times of one have
# fractions of a second. Beside them a name that does not, and PTR names of two addresses.
python3 - > seen.json << 'END'
import json
octets = ["".join(f"\\{octet:03d}" for octet in range(first, first + 16)) for first in range(0, 256, 16)]
injections = ["<script>alert(1)</script>", '"],"x":["', "';drop\\032table\\032node;--", "=1+1", "$INCLUDE", "a;b",
              "x\\010y\\032CNAME\\032\\046", "{{7*7}}", "\\226\\128\\174"]
names = [label + ".example.org" for label in octets + injections]
names += ["flux.example", "8.0.0.127.rpz-client-ip", "*.star.example", "a." * 95 + "long.example"]

def tell(name, kind, second, fraction, data):
    print(json.dumps({"name": name, "type": kind, "class": "IN", "status": "NOERROR", "resolver": "127.0.0.1:53",
        "proto": "UDP", "rx_ts": (1209643200 + second) * 10**9 + fraction, "data": {"answers": [
            {"ttl": 60, "type": kind, "class": "IN", "name": name, "data": item} for item in data]}}))

for number, name in enumerate(names, 60):
    for draw in range(10):
        tell(name, "A", 301 * draw, 123456789 if name == "flux.example" else 0,
            [f"{number}.{net}.7.1" for net in range(draw * 5, draw * 5 + 5)])
for draw in range(10):
    tell("still.example", "A", 301 * draw, 0, ["99.0.7.1"])
tell("1.7.0.85.in-addr.arpa", "PTR", 100, 0, ["ppp-85-0-7-1.dyn.example.net"])
tell("1.7.1.85.in-addr.arpa", "PTR", 100, 0, ["www.example.net"])
tell("flux.example", "NS", 200, 0, ['n"\\000.example'])
END
names=29

rows() {
	flux db sql -XAt -F ' ' -c "$1"
}

check "import" flux import observations --format massdns --tag 'family=<b>"kraken' seen.json
check "score" flux score
check "all of them flux" test "$(rows "select count(*) from status where verdict = 'flux'")" = $names

# COF, and back.
check "export cof" flux export cof -o nodes.cof
check "a line a node and nameserver" test "$(wc -l < nodes.cof)" = $((names * 50 + 1))
is_cof() {
	python3 - nodes.cof << 'END'
import json, sys
for line in open(sys.argv[1], encoding="ascii"):
    row = json.loads(line)
    assert list(row) == ["rrname", "rrtype", "rdata", "time_first", "time_last", "count"], row
    assert type(row["rdata"]) is list and all(type(row[k]) is int for k in ("time_first", "time_last", "count")), row
END
}
check "each in the draft's form" is_cof
seconds="select d.name, n.address, date_trunc('second', n.first_seen), date_trunc('second', n.last_seen)
	from node n join domain d on d.id = n.domain_id where d.name <> 'still.example' order by 1, 2"
delegations="select d.name, s.server, s.first_seen, s.last_seen
	from named_servers(array(select id from domain)) s join domain d on d.id = s.domain_id"
rows "$seconds; $delegations" > intervals
check "there are that many" test "$(wc -l < intervals)" = $((names * 50 + 1))
home=$WORK/other
mkdir -p "$home"
check "another imports it" flux import observations --format cof nodes.cof 2> err
check "every line of it" grep -q ' 0 lines of other types and 0 bad lines' err
check "scores" flux score
check "and has the same intervals" diff intervals <(rows "$seconds; $delegations")
home=$WORK/home

# MISP.
printf '[reporter]\norg = A "CERT" </b>\ncontact = abuse@cert.example\ndomain = cert.example\n' > "$home/reporter.ini"
mkdir feed
echo '{}' > feed/0cc175b9-c0f1-46a8-91c3-99e269772661.json # of a family that has gone
check "export misp" flux export misp -o feed
is_feed() {
	python3 - feed seen.json << 'END'
import csv, hashlib, json, re, sys
feed, seen = sys.argv[1:]
manifest = json.load(open(f"{feed}/manifest.json", encoding="ascii"))
shared = ("info", "date", "threat_level_id", "analysis", "timestamp", "Orgc", "Tag")
uuids, hashes, names = [], set(), []

def check(thing, *texts):
    uuids.append(thing["uuid"])
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", thing["uuid"]), thing
    assert thing["timestamp"].isdigit() and all(type(thing[text]) is str for text in texts), thing

def values_of(thing, event):
    values = {}
    check(thing, "name", "meta-category", "description", "template_uuid", "template_version", "distribution")
    for part in thing["Attribute"]:
        check(part, "type", "category", "value", "comment", "distribution", "object_relation")
        assert part["to_ids"] is (part["type"] == "domain"), part
        values.setdefault(part["object_relation"], []).append(part["value"])
        if part["object_relation"] in ("domain", "text", "ip", "rrname", "rdata"):
            hashes.add((hashlib.md5(part["value"].encode()).hexdigest(), event))
    return values

for uuid, entry in manifest.items():
    event = json.load(open(f"{feed}/{uuid}.json", encoding="ascii"))["Event"]
    check(event, "info", "date", "threat_level_id", "analysis", "distribution", "publish_timestamp")
    assert event["uuid"] == uuid and event["published"] is True and entry == {key: event[key] for key in shared}, entry
    for thing in event["Object"]:
        values = values_of(thing, uuid)
        if thing["name"] == "domain-ip":
            assert len(values["ip"]) == 50 and ("domain" in values) != ("text" in values), thing
            names += values.get("domain") or values["text"]
        else:
            assert set(values) == {"rrname", "rrtype", "rdata", "time_first", "time_last", "count"}, thing
assert len(manifest) == 1 and event["info"] == 'Fast flux: names of <b>"kraken', event["info"]
assert event["Orgc"]["name"] == 'A "CERT" </b>' and event["Tag"][0]["name"] == "tlp:amber", event["Orgc"]
assert len(uuids) == len(set(uuids)) == 1 + len(names) * (1 + 53 + 50 * 7), len(uuids)
assert sorted(map(tuple, csv.reader(open(f"{feed}/hashes.csv")))) == sorted(hashes)

def octets(name):
    return re.sub(rb"\\(\d{3})", lambda escape: bytes([int(escape[1])]), name.encode()).lower()

told = {octets(json.loads(line)["name"]) for line in open(seen) if '"A"' in line} - {b"still.example"}
assert set(map(octets, names)) == told, set(map(octets, names)) ^ told
END
}
check "is a feed of one event, whole, with every name" is_feed
check "again" flux export misp -o again
rm feed/0cc175b9-c0f1-46a8-91c3-99e269772661.json
check "it is the same" diff -r feed again
check "of no node" flux export misp --max-age 1h -o none 2> err
check "a feed of no event" test "$(cat none/manifest.json none/hashes.csv)" = '{}'

# RPZ.
check "export rpz" flux export rpz -o names.rpz
check "with addresses" flux export rpz --since 2008-05-01 -o addresses.rpz
is_zone() {
	# shellcheck disable=SC2016
	! grep -vxE '\$TTL 300|@ IN (SOA localhost\. root\.localhost\. [0-9]+ 3600 600 604800 300|NS localhost\.)|(\*\.)?[a-z0-9_.-]+ CNAME \.|; .*' "$1"
}
check "it holds nothing else than it should" is_zone names.rpz
check "the addresses neither" is_zone addresses.rpz
check "names that fit, and what does not is counted" test "$(tail -n +4 names.rpz)" \
	= $'flux.example CNAME .\n*.flux.example CNAME .\n; left out: 28 names that a policy zone cannot hold'
check "of the addresses the home line alone" test "$(diff <(tail -n +4 names.rpz) <(tail -n +4 addresses.rpz))" \
	= $'2a3\n> 32.1.7.0.85.rpz-ip CNAME .'
if ! command -v unbound > /dev/null || ! command -v kdig > /dev/null; then
	skip "unbound loads it" "no unbound or kdig here"
	finish
	exit
fi

# A resolver with the zone, before one that has an answer for everything.
resolver=127.$((RANDOM % 200 + 20)).$((RANDOM % 250)).1
upstream=${resolver%.1}.2
write_conf() {
	cat << END
server:
	chroot: ""
	username: ""
	directory: "$WORK"
	use-syslog: no
	do-daemonize: no
	interface: $1
	port: 5300
	pidfile: "$WORK/$1.pid"
	do-not-query-localhost: no
remote-control:
	control-enable: no
END
	cat
}
write_conf "$upstream" > upstream.conf << END
server:
	local-zone: "example." redirect
	local-data: "example. A 198.51.100.7"
	local-zone: "home.test." redirect
	local-data: "home.test. A 85.0.7.1"
END
write_conf "$resolver" > resolver.conf << END
server:
	module-config: "respip iterator"
	local-zone: "test." nodefault
rpz:
	name: rpz.test
	zonefile: "$WORK/addresses.rpz"
forward-zone:
	name: "."
	forward-addr: $upstream@5300
END
check "unbound-checkconf" unbound-checkconf resolver.conf
unbound -c upstream.conf 2> upstream.log &
pids=$!
unbound -c resolver.conf 2> resolver.log &
pids="$pids $!"
# shellcheck disable=SC2064
trap "kill $pids" EXIT

asked() {
	kdig +timeout=2 +retry=5 "@$resolver" -p 5300 "$1" A 2> /dev/null |
		sed -n 's/.*status: \([A-Z]*\);.*/\1/p; s/^[^;].*\tA\t//p' | tr '\n' ' '
}
up() {
	for _ in $(seq 50); do
		[ "$(asked free.example)" = 'NOERROR 198.51.100.7 ' ] && return
		sleep 0.1
	done
	cat resolver.log
	return 1
}
check "another name passes" up
check "the name is blocked" test "$(asked flux.example)" = 'NXDOMAIN '
check "so is one below it" test "$(asked www.flux.example)" = 'NXDOMAIN '
check "one that ends alike passes" test "$(asked influx.example)" = 'NOERROR 198.51.100.7 '
check "what leads to the home line is blocked" test "$(asked any.home.test)" = 'NXDOMAIN '
check "unbound finds no fault with the zone" test -z "$(grep -E 'error|warning' resolver.log)"
finish
