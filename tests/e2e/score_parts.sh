#!/bin/bash
# SPDX-License-Identifier: MIT
# So many names that several connections judge them: each name once, all by one moment, the same as by one.
set -uo pipefail
. "$(dirname "$0")/cli.inc"

names=20500
sql() {
	flux db sql -XAtc "$1"
}

# Three lookups of each name; every tenth has another address each time.
awk -v names=$names 'BEGIN {
	for (k = 0; k < 3; k++)
		for (i = 0; i < names; i++) {
			printf "{\"name\":\"n%d.example.\",\"type\":\"A\",\"class\":\"IN\",\"status\":\"NOERROR\",", i
			printf "\"rx_ts\":%d000000000,\"data\":{\"answers\":[{\"ttl\":60,\"type\":\"A\",\"class\":\"IN\",", 1700000000 + k * 100
			printf "\"name\":\"n%d.example.\",\"data\":\"60.%d.%d.%d\"}]}}\n", i, i % 200, i % 10 ? 0 : k, 1 + i % 250
		}
}' > names.json
flux import observations --format massdns names.json 2> import.err
flux score 2> score.err
check "it says how many" grep -q "scored $names names" score.err
check "each has its verdict, all of one moment" \
	test "$(sql 'select count(*), count(distinct scored_at) from verdict')" = "$names|1"
check "none is due any more" test "$(sql 'select count(*) from due_name')" = 0

verdicts='select d.name, v.verdict, v.score, v.reasons, v.features
	from verdict v join domain d on d.id = v.domain_id order by 1'
sql "$verdicts" > parts
check "names that change too" grep -q '^n10\.example|rotating|' parts
sql 'select score_domains(everything => true)' > again
sql "$verdicts" > whole
check "one connection comes to the same" cmp parts whole
flux score 2> score.err
check "a second score has nothing to do" grep -q 'scored 0 names' score.err
finish
