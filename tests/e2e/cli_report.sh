# SPDX-License-Identifier: MIT
# What the commands print where there is nothing yet, what they take from files, and what passes on.
set -uo pipefail
. "$(dirname "$0")/cli.inc"

# prints TEXT COMMAND...: exit 0, and TEXT is all of stdout.
prints() {
	local text=$1
	shift
	"$@" > out 2> err < /dev/null || {
		sed 's/^/# stderr: /' err
		return 1
	}
	[ "$(cat out)" = "$text" ] && return
	sed 's/^/# stdout: /' out
	return 1
}

# --- a new home ---

check "db start makes a home" flux db start
check "its folder is closed to others" test "$(stat -c %a "$home")" = 750
check "status: heads alone" prints "DOMAIN  VERDICT  SCORE  ADDRESSES  ASNS  TTL  LAST CHANGE" flux status
check "status: a hint" says "no name is followed yet; run fluxtrack track"
check "status as JSON: an empty array" prints "[]" flux status --json
head="timestamp,severity,ip,asn,geo,hostname,infection,family,tag,domain,first_seen,last_seen"
head+=",observations,ttl_min,ttl_max,prefix,verdict,score,node,flows"
check "export: the head line alone" prints "$head" flux export csv
check "export: a hint" says "no node of a name that fluxes passes the filter"
check "export: all filters at once" prints "$head" \
	flux export csv --asn AS64500 --family storm --verdict suspect --since 2008-04-08T14:00:00+02:00 \
	--max-age 24h --min-observations 2
refuses 1 "'a.example' is not followed here" flux export csv --domain 'A[.]example'
check "score" prints "" flux score
check "score: how many" says "scored 0 names"
check "load" prints "" flux load
check "load: how many" says "loaded 0 segments, 0 rows"

# --- files ---

flux export csv -o nodes.csv 2> err
check "export to a file" cmp -s nodes.csv <(echo "$head")
refuses 1 "nothing is known of a.example" flux evidence a.example -o evidence.txt
check "no evidence, no file" test -z "$(ls evidence.txt* 2> err)"
refuses 1 "cannot make .*nowhere/nodes.csv" flux export csv --asn 1 -o nowhere/nodes.csv

printf '; Original file : rib.20080501.0644.bz2\n192.0.2.0/24\t64500\n198.51.100.0/24\t64501\n' |
	gzip > table.gz
check "import: reads gzip" prints "" flux import prefixes table.gz
check "import: how many" says "2 prefixes: 2 new, 0 hold no longer, 0 bad"
check "import again" prints "" flux import prefixes table.gz
check "import again: nothing new" says "2 prefixes: 0 new, 0 hold no longer, 0 bad"

# --- the database ---

check "sql: options are psql's" prints 2 flux db sql -XAtc 'select count(*) from prefix_origin'
check "url: psql takes it" prints 2 psql -XAtc 'select count(*) from prefix_origin' -d "$(flux db url)"
check "--db names it too" prints "[]" env FLUXTRACK_DB="$(flux db url)" "$FLUXTRACK" -C nowhere status --json
check "--db wins over FLUXTRACK_DB" prints "[]" env FLUXTRACK_DB='host=127.0.0.1 port=1' "$FLUXTRACK" \
	--db "$(flux db url)" status --json
check "migrate again" prints "" flux db migrate
check "stop" flux db stop
check "stop again" flux db stop
check "a stopped one is started when needed" prints "[]" flux status --json
check "a folder that is no home stays as it was" test ! -e nowhere

# --- the generator: vectors of the public reverse engineering ---

check "kraken 1a" prints $'ibbwnhgh.mooo.com\nrbqdxflojkj.mooo.com\nsmhburg.dyndns.org\nbltjhzqp.dyndns.org' \
	"$FLUXTRACK" dga kraken --count 2
check "kraken 1b" prints $'hmhxnupkc.mooo.com\nquowesuqbbb.mooo.com' \
	"$FLUXTRACK" dga kraken --seed b --count 1
check "kraken 2b of a week" prints $'koqsogw.com\nkvdrvvitpyq.com' \
	"$FLUXTRACK" dga kraken --version 2 --seed b --at 2008-04-08 --count 1
check "kraken 2a of another week" prints $'xpdbwuimwag.com\nnwpegpjtx.com' \
	"$FLUXTRACK" dga kraken --version 2 --at 2015-12-22 --count 1

finish
