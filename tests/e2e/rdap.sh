# SPDX-License-Identifier: MIT
# RDAP over HTTP: servers of every registry's shape and hostile ones are asked at their pace, what they say is on record
# and in the dossier, and nobody else is asked.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/cli.inc"
started=()
stop_all() {
	for pid in "${started[@]}"; do
		kill "$pid" 2> /dev/null
		wait "$pid" 2> /dev/null
	done
}
trap stop_all EXIT

sql() {
	flux db sql -XAt -F ' ' -c "$1"
}

# prints WANT COMMAND...: that is what the command prints.
prints() {
	local want=$1 got
	shift
	got=$("$@")
	[ "$got" = "$want" ] && return
	printf '# got: %s\n# want: %s\n' "${got//$'\n'/ | }" "${want//$'\n'/ | }"
	return 1
}

python3 "$here/rdap_server.py" "$WORK" &
started+=($!)
for _ in {1..100}; do
	[ -e port ] && break
	sleep 0.05
done
bootstrap=http://127.0.0.2:$(cat port)/rdap
rdap=(--no-dns --rdap-bootstrap "$bootstrap")
asked() {
	grep -v ' 127\.0\.0\.2 ' asked
}

# Names that flux over networks of four registries, as another tool saw them within the last hour.
python3 - << 'END' > seen.json
import json, time
names = ["shop." + tld for tld in "com org info biz us me cc tv ws name mobi pro asia jobs tel".split()]
for name in names + ["last.me", "t1.cx", "t2.cx", "t3.cx", "t4.cx", "bot.duckdns.org", "shop.unserved"]:
    for i in range(11):
        drawn = ["%s.%d.0.1" % (first, 5 * i + 50 * k) for k in range(3) for first in ("8", "80", "177", "41")]
        print(json.dumps({"name": name + ".", "type": "A", "class": "IN", "status": "NOERROR", "resolver": "192.0.2.53:53",
            "rx_ts": int((time.time() - 3600 + 301 * i) * 1e9), "data": {"answers": [{"ttl": 60, "type": "A", "class": "IN",
            "name": name + ".", "data": address} for address in drawn]}}))
print(json.dumps({"name": "shop.com.", "type": "AAAA", "class": "IN", "status": "NOERROR", "resolver": "192.0.2.53:53",
    "rx_ts": int((time.time() - 600) * 1e9), "data": {"answers": [{"ttl": 60, "type": "AAAA", "class": "IN",
    "name": "shop.com.", "data": "2a0e::53"}]}}))
END
check "import" flux import observations --format massdns seen.json
check "score" flux score
check "all flux or may" prints "22" sql "select count(*) from verdict where verdict in ('flux', 'double-flux', 'suspect')"
# Of their nodes five were there lately, one of each registry and one of IPv6.
sql "update node set last_seen = last_seen - interval '8 days' where host(address) not like '%.0.0.1' and family(address) = 4" > /dev/null

# Without leave no private address is contacted, and the vetoes are on record.
check "enrich, the servers being private" flux enrich "${rdap[@]}" --limit 5
check "nobody but the bootstrap was contacted" prints "" asked
check "which is on record" prints "5 vetoed" sql "select count(*), outcome from registration group by 2"
sql "update registration set asked_at = asked_at - interval '1 day'" > /dev/null

check "enrich" flux enrich "${rdap[@]}" --allow 127.0.0.0/8 2> err
check "a TLD without RDAP is told" grep -q 'no RDAP server tells of: 1' err
check "left are one whose server wants an hour, and three of one that refuses for ever" \
	grep -q 'left for another time.*: 4$' err
check "those not asked are still wanted" prints "me unserved cx" sql "select string_agg(substring(name from '[^.]*$'), ' ' order by name)
	from registration_wanted(100) where name is not null"
check "who asks, and for what" prints "application/rdap+json fluxtrack/$("$FLUXTRACK" --version | grep -o '[0-9][0-9.]*')" \
	bash -c "grep -v ' 127\.0\.0\.2 ' asked | cut -d ' ' -f 5- | sort -u"
check "each server one at a time, and a second apart" awk '$3 != "127.0.0.2" {
	if (($3 in went) && $1 - went[$3] < 0.95) { print "# too soon:", $0; wrong = 1 }
	went[$3] = $2; n++ } END { exit wrong || n < 25 }' <(sort -n asked)
check "what came of each name" prints "asia answered 200
biz answered 404
cc answered 302
cc answered 200
com answered 200
cx answered 429
cx answered 429
cx answered 429
info answered 200
jobs answered 200
mobi cut 200
name answered 302
name answered 302
name answered 302
name answered 302
org answered 200
org answered 200
pro answered 200
tel answered 200
tv answered 302
us answered 429
us answered 200
ws answered 302
ws vetoed -" sql "select substring(name from '[^.]*$') as tld, outcome, coalesce(status::text, '-') from registration
	where name not like '%.me' and asked_at > now() - interval '1 hour' order by tld, asked_at"
check "what is said of each" prints "cc 5 abuse@registrar.example 2008-03-01
com 292 abuse@registrar.example 2008-03-01
info 7 - 2008-03-01
jobs - - -
org 81 abuse@registrar.example 2008-03-01
org 6 abuse@registrar.example 2008-03-01
us 9 abuse@registrar.example 2008-03-01" sql "select substring(d.name from '[^.]*$') as tld, coalesce(r.iana_id::text, '-'),
	coalesce(r.abuse_email, '-'), coalesce(r.registered_on::date::text, '-')
	from (select distinct name from registration) d, registration_of(d.name) r order by tld, r.name desc"
check "of each registry's networks" prints "8 NET-8 abuse@net.example
41 41.0.0.0 - 41.255.255.255 -
80 80.0.0.0 - 80.0.255.255 abuse@net.example
177 177.0.0.0/8 -
2a0e::1 V6 abuse@net.example" sql "select split_part(host(a), '.', 1) as first, handle, coalesce(abuse_email, '-')
	from (values (inet '8.0.0.9'), ('80.0.0.9'), ('177.0.0.9'), ('41.0.0.9'), ('2a0e::1')) as v(a), network_of(a) order by v.a"
check "no scheme but http was followed" prints "0" sql "select count(*) from registration where url !~ '^http://'"

check "the dossier names the registrar" grep -q '^Registrar:   Registrar 292 (IANA 292), abuse@registrar.example,' \
	<<< "$(flux evidence shop.com)"
check "its page too" grep -q 'Registrar 292' <<< "$(flux evidence shop.com --format html)"
check "the provider's desk, not its registrar's" grep -q '^Contact:     abuse@duckdns.example; told by RDAP' \
	<<< "$(flux evidence bot.duckdns.org)"
check "the networks' desks" grep -q '^  8.0.0.0 - 8.255.255.255, NL: 1 address; abuse@net.example; told by RDAP on' \
	<<< "$(flux evidence shop.com)"
printf '[reporter]\norg = O\ncontact = desk@o.example\ndomain = o.example\n' > "$home/reporter.ini"
check "reports" flux export xarf -o reports
check "with the date of registration where it is known" prints "malware 17
suspicious_registration 5" bash -c "jq -r 'select(.category == \"content\").type' reports | sort | uniq -c | awk '{ print \$2, \$1 }'"
check "which receivers take" python3 "$here/export_schemas.py" xarf reports

# Asked again, nothing is; the bootstrap is not fetched twice a day.
wc -l < asked > before
check "enrich again" flux enrich "${rdap[@]}" --allow 127.0.0.0/8 --limit 1
check "asks one more alone" test "$(wc -l < asked)" -le $(($(cat before) + 1))
check "with the contact in reporter.ini" grep -q '(desk@o.example)' asked

# It is all on record.
told="select name, address, asked_at, outcome, status, url, answer from registration where asked_at > now() - interval '1 hour'
"
sql "$told" | sort > registration
sql 'drop schema fluxtrack cascade' > /dev/null 2>&1
check "load from the archive" flux load $(find "$home/archive" -name '*.seg' | sort)
check "every answer again" prints "" comm -23 registration <(sql "$told" | sort)

# The server is away.
stop_all
check "score again" flux score
find "$home/cache/rdap" -type f -exec touch -d '2 days ago' {} +
sql "delete from registration" > /dev/null
check "an older copy serves" flux enrich "${rdap[@]}" --allow 127.0.0.0/8 --limit 1 2> err
check "and that is said" grep -q 'cannot fetch .*the copy of 20.* is used' err
rm -r "$home/cache/rdap"
sql "delete from registration" > /dev/null
fails 75 'which RDAP server to ask is not known: cannot fetch' flux enrich "${rdap[@]}"
finish
