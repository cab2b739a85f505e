# SPDX-License-Identifier: MIT
# A verdict stands on what was known when it was made: what comes into the database later, of a later time or of
# the same, changes none of it for `score --at --known`, and is told of where it is used.
set -uo pipefail
. "$(dirname "$0")/cli.inc"

day=86400
start=1748736000 # 2025-06-01

# observations START ADDRESS: 20 rounds, an hour apart, as massdns writes them. flux.example takes five addresses
# of 200 networks in turn, static.example keeps ADDRESS.
observations() {
	awk -v start="$1" -v address="$2" '
	function say(name, time, ttl, addresses, count, i) {
		printf "{\"name\":\"%s.\",\"type\":\"A\",\"class\":\"IN\",\"status\":\"NOERROR\",\"rx_ts\":%d000000000,", name, time
		printf "\"data\":{\"answers\":["
		for (i = 1; i <= count; i++)
			printf "%s{\"ttl\":%d,\"type\":\"A\",\"class\":\"IN\",\"name\":\"%s.\",\"data\":\"%s\"}", (i > 1 ? "," : ""), ttl,
				name, addresses[i]
		print "]}}"
	}
	BEGIN {
		for (round = 0; round < 20; round++) {
			for (i = 1; i <= 5; i++) {
				number = start / 3600 + 5 * round + i
				flux[i] = "60." number % 200 "." int(number / 200) % 200 ".7"
			}
			say("flux.example", start + 3600 * round, 180, flux, 5)
			own[1] = address
			say("static.example", start + 3600 * round, 3600, own, 1)
		}
	}'
}

# names WORD: the addresses that flux.example has on the second day, with names of customers' lines or of servers.
names() {
	observations $((start + day)) 192.0.2.1 | grep -o '"60[0-9.]*"' | tr -d '"' | awk -F . -v time=$((start + day)) -v word="$1" '{
		printf "{\"name\":\"%s.%s.%s.%s.in-addr.arpa.\",\"type\":\"PTR\",\"class\":\"IN\",\"status\":\"NOERROR\",", $4, $3, $2, $1
		printf "\"rx_ts\":%d000000000,\"data\":{\"answers\":[{\"ttl\":60,\"type\":\"PTR\",\"class\":\"IN\",", time
		printf "\"name\":\"%s.%s.%s.%s.in-addr.arpa.\",\"data\":\"%s-%s-%s-%s-%s.isp.example.\"}]}}\n", $4, $3, $2, $1,
			word, $1, $2, $3, $4 }'
}

verdicts() {
	flux db sql -XAtc "select d.name, v.verdict, v.score, v.window_end, v.reasons
		from verdict v join domain d on d.id = v.domain_id order by 1"
}

imports() {
	check "import observations $1" flux import observations --format massdns "$1" 2> err
}

# as TEXT FILE: the verdicts are those of the file.
as() {
	check "$1" diff "$2" <(verdicts)
}

{
	observations $start 65.0.0.1
	observations $((start + day)) 65.0.0.1
	names dsl
} > first.json
imports first.json
check "score" flux score 2> err
verdicts > first
check "the name that fluxes is said to" grep -q '^flux.example|flux|.*by their names 100 of 100 addresses are dynamic' first
check "its networks are not known" grep -q '^flux.example.*no prefix table of that time is imported' first
check "the other is static" grep -q '^static.example|static|' first

times=$(flux db sql -XAt -F ' ' -c "select distinct to_json(window_end) #>> '{}', to_json(known_at) #>> '{}' from verdict")
check "all were judged as of one time" test "$(wc -l <<< "$times")" = 1
read -r end known <<< "$times"

# What comes later: the day after, another answer and other names within the time judged, networks, a list.
observations $((start + 2 * day)) 65.0.0.1 > after.json
observations $((start + day + 1800)) 65.9.9.9 | grep static > meanwhile.json
names static | sed "s/$((start + day))0/$((start + day + 60))0/" > renamed.json
imports after.json
imports meanwhile.json
imports renamed.json
awk 'BEGIN { for (i = 0; i < 200; i++) printf "60.%d.0.0/16\t%d\n65.%d.0.0/16\t%d\n", i, 65000 + i, i, 64500 }' > table.dat
check "import prefixes" flux import prefixes table.dat --from 2025-05-01 2> err
printf '# date: 2025-05-02\nflux.example\n' > mirrors.txt
check "import list" flux import list pool mirrors.txt 2> err
check "score with all that" flux score 2> err
verdicts > second
check "the list wins" grep -q '^flux.example|pool|' second
check "the verdicts moved on" test "$(grep -c '2025-06-03' second)" = 2

check "score --at --known" flux score --at "$end" --known "$known" 2> err
as "the first verdicts, exactly" first
check "status shows them" grep -qE '^flux.example +flux ' <(flux status 2> err)

check "score --at alone" flux score --at "$end" 2> err
verdicts > late
check "the table came later, and that is said" grep -q \
	'^flux.example.*the ASNs are from table.dat of 2025-05-01, imported on 20[^,]*, after these observations' late
check "the list did too" grep -q \
	'^flux.example|pool|.*pool list: flux.example (source: mirrors.txt, of 2025-05-02), imported after these observations' late
check "the newer names count" grep -q '^flux.example.*by their names 0 of 100 addresses are dynamic' late
check "the answer meanwhile counts" grep -q '^static.example|rotating|.*2 distinct addresses' late

check "score --known alone" flux score --known "$known" 2> err
as "by what was known then, its newest window is the same" first
check "score" flux score 2> err
as "the next score sets all right" second
check "score --all" flux score --all 2> err
as "and it was right" second
finish
