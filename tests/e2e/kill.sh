# SPDX-License-Identifier: MIT
# Killing track with -9 at any moment, collector and loader both, loses no recorded answer and
# doubles none.
set -uo pipefail
. "$(dirname "$0")/lab.inc"
rounds=${ROUNDS:-50}

: > seen
for ((round = 1; round <= rounds; round++)); do
	"$FLUXTRACK" -C "$home" track --resolver "$RESOLVER" --rate 1000 --for 60s --quiet --no-score \
		"$WORK/lab/domains.txt" > /dev/null 2> track.err &
	pid=$!
	sleep "$((RANDOM % 2)).$((RANDOM % 9 + 1))"
	kill -9 $pid || {
		echo "FAIL: round $round: track ended by itself"
		cat track.err
		exit 1
	}
	wait $pid 2> /dev/null
	recorded > now
	# What was recorded before is still there, once.
	lost=$(comm -23 seen now | wc -l)
	twice=$(uniq -d now | wc -l)
	[ "$lost" = 0 ] && [ "$twice" = 0 ] || {
		echo "FAIL: round $round: $lost records lost, $twice twice"
		exit 1
	}
	mv now seen
done

"$FLUXTRACK" -C "$home" track --resolver "$RESOLVER" --rate 1000 --for 3s --quiet --no-score \
	"$WORK/lab/domains.txt" > /dev/null || exit 1
"$FLUXTRACK" -C "$home" load || exit 1
recorded > now
lost=$(comm -23 seen now | wc -l)
cut -f 1,2 now | sort > wanted
loaded > rows
left=$(find "$home/spool" -name '*.seg' -o -name '*.part' | wc -l)
echo "$rounds kills: $(wc -l < seen) answers recorded before the last run, $lost lost," \
	"$(wc -l < wanted) in all, $(wc -l < rows) rows, $left segments left in the spool"
[ "$(wc -l < seen)" -gt "$rounds" ] && [ "$lost" = 0 ] && [ "$left" = 0 ] && cmp wanted rows
