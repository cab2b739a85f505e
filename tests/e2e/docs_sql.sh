# SPDX-License-Identifier: MIT
# What docs/sql.md prints is what its statements give, over the day that this script makes up.
set -uo pipefail
. "$(dirname "$0")/cli.inc"
here=$(realpath "$(dirname "$0")")

# 9 April 2008, a lookup each ten minutes, as massdns writes them. Two names show one address of a pool, a new one
# each time; the third gets the same ones 100 minutes later; the fourth keeps its own.
awk '
	function say(name, time, ttl, address) {
		printf "{\"name\":\"%s.\",\"type\":\"A\",\"class\":\"IN\",\"status\":\"NOERROR\",\"rx_ts\":%d000000000,", name, time
		printf "\"data\":{\"answers\":[{\"ttl\":%d,\"type\":\"A\",\"class\":\"IN\",\"name\":\"%s.\",\"data\":\"%s\"}]}}\n", ttl,
			name, address
	}
	function node(i) {
		return sprintf("24.%d.%d.%d", i % 16, int(i / 16), 10 + i)
	}
	BEGIN {
		for (i = 0; i < 144; i++) {
			time = 1207699200 + 600 * i
			say("supersameas.com", time, 0, node(i))
			say("armsummer.com", time + 2, 0, node(i))
			if (i >= 10)
				say("boardhour.com", time + 4, 0, node(i - 10))
			say("www.example-library.org", time + 6, 3600, "24.99.0.1")
		}
	}' > day.json
for ((i = 0; i < 16; i++)); do
	printf '24.%d.0.0/16\t%d\n' $i $((64496 + i))
done > prefixes.dat
check "import prefixes" flux import prefixes prefixes.dat --from 2008-04-01
check "import observations" flux import observations day.json --format massdns --tag family=storm
check "score" flux score

check "docs/sql.md prints what comes" python3 "$here/docs_sql.py" "$here/../../docs/sql.md" \
	"$FLUXTRACK" -C "$home" db sql -X -P pager=off
finish
