# SPDX-License-Identifier: MIT
# Without any prefix table: origins and names of addresses come over DNS, as evidence like all else, from
# the resolver given and nobody else.
set -uo pipefail
. "$(dirname "$0")/lab.inc"
. "$(dirname "$0")/cli.inc"

sql() {
	flux db sql -XAt -F ' ' -c "$1"
}

asking=(--resolver "$RESOLVER" --rate 500)
printf '%s\n' supersameas.com thearmynext.info ipv6.google.com > names
check "track" flux track "${asking[@]}" --for 25s names
check "no origin is known at first" test "$(sql 'select count(asn) from node')" = 0
check "nor are networks among the reasons" test "$(sql "select count(*) from status
	where reasons::text like '%networks (ASNs)%'")" = 0

check "enrich" flux enrich --no-rdap "${asking[@]}"
check "score" flux score
# NETWORK ASN of the lab's table, against ADDRESS ASN of the nodes: a network is a /16, in IPv6 a /32.
right_origins() {
	sql 'select host(address), coalesce(asn, 0) from node' > nodes
	[ "$(wc -l < nodes)" -gt 20 ] &&
		awk 'FNR == NR { sub(/(\.0\.0|::)\/.*/, "", $1); asn[$1] = $2; next }
			{ mark = index($1, ":") ? ":" : "."; split($1, part, mark)
			if (asn[part[1] mark part[2]] != $2) { print "# wrong origin:", $0; wrong = 1 } }
			END { exit wrong }' "$WORK/lab/prefixes.dat" nodes
}
check "every node has the origin of its network" right_origins
check "the verdict reasons with them" grep -q 'in [0-9]* networks (ASNs)' <(sql "select unnest(reasons)
	from status where domain = 'supersameas.com' and verdict = 'flux'")

# NAME TARGET of the lab's zones, or nothing where they name nothing, for the 50 first of each name.
right_names() {
	sql "select host(address), reverse_labels(address) ||
		case family(address) when 4 then '.in-addr.arpa' else '.ip6.arpa' end || '.', name || '.'
		from reverse_name" > names.told
	[ "$(wc -l < names.told)" -gt 20 ] && grep -q dsl names.told &&
		awk 'FNR == 1 { file++ } file < 3 { if ($3 == "PTR") name[$1] = $4; next }
			name[$2] != $3 { print "# wrong name:", $0; wrong = 1 }
			END { exit wrong }' "$WORK"/lab/zones/{in-addr,ip6}.arpa.zone names.told
}
check "every address has the name that its zone gives" right_names
check "a line's name is told from a server's" test "$(sql "select bool_and(is_dynamic = (name like '%.dsl.%'))
	from reverse_name where name is not null")" = t
check "such names are not followed" test "$(sql 'select count(*) from status')" = 3
check "the lab's resolver alone was asked" test "$(sql 'select host(address), port from resolver')" \
	= "${RESOLVER/:/ }"

sql 'select count(*) from observation' > before
check "enrich again" flux enrich --no-rdap "${asking[@]}"
check "asks nothing" test "$(sql 'select count(*) from observation')" = "$(cat before)"

# It is all on record.
sql 'select address, name, is_dynamic, asked_at from reverse_name order by address' > reverse_name
sql 'drop schema fluxtrack cascade' > /dev/null 2>&1
check "load from the archive" flux load $(find "$home/archive" -name '*.seg')
check "score again" flux score
check "every node has its origin again" right_origins
check "every address its name" cmp reverse_name <(sql 'select address, name, is_dynamic, asked_at from reverse_name order by address')

online() {
	flux track "${asking[@]}" --for 3s --online --no-rdap --json "$1" | jq -e --arg name "$1" \
		'.[] | select(.domain == $name) | .addresses == 1 and .asns == 1'
}
check "track --online" online wapdailynews.com
check "track without it" flux track "${asking[@]}" --for 3s --no-score bestvaluenews.com
check "score --online" flux score --online --no-rdap --resolver "$RESOLVER"
check "gives the origin" test "$(sql "select asns from status where domain = 'bestvaluenews.com'")" = 1

check "track one more" flux track "${asking[@]}" --for 3s --no-score companynewsnetwork.com
fails 75 "no resolver answers" flux enrich --no-rdap --resolver "${RESOLVER%.*}.99:5310"
fails 0 "no resolver answers.*scoring goes on" flux score --online --no-rdap --resolver "${RESOLVER%.*}.99:5310"
check "the score does not depend on it" test "$(sql "select lookups > 0 from status
	where domain = 'companynewsnetwork.com'")" = t
finish
