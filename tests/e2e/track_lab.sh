# SPDX-License-Identifier: MIT
# The user's first command: scripts/track --lab, judged against what the lab says of its names.
set -uo pipefail
top=$(realpath "$(dirname "$0")/../..")

"$top/scripts/track" --lab --json > status.json 2> track.err || {
	cat track.err
	echo "FAIL: scripts/track --lab ended with $?"
	exit 1
}
"$top/build/fluxtrack" -C "$top/build/lab/home" status --json | jq -S . > again.json
"$top/build/fluxtrack" -C "$top/build/lab/home" evidence supersameas.com > evidence.txt || exit 1
"$top/build/fluxtrack" -C "$top/build/lab/home" db stop

failed=0
diff <(jq -S . status.json) again.json || failed=1
grep -q 'supersameas' evidence.txt || failed=1
# expected: NAME TAB VERDICT|VERDICT...; every name of the list has a row and no other
while IFS=$'\t' read -r name wanted; do
	got=$(jq -r --arg n "$name" '.[] | select(.domain == $n) | .verdict' status.json)
	[[ "|$wanted|" == *"|$got|"* ]] && [ -n "$got" ] && continue
	echo "FAIL: $name is ${got:-missing}, expected $wanted"
	jq -c --arg n "$name" '.[] | select(.domain == $n)' status.json
	failed=1
done < <(grep -v '^#' "$top/build/lab/expected")
extra=$(jq -r '.[].domain' status.json | grep -vxFf <(cut -f 1 "$top/build/lab/expected"))
[ -z "$extra" ] || {
	echo "FAIL: rows for names that nobody asked for: $extra"
	failed=1
}
silent=$(jq -r '.[] | select(.lookups == 0 and .failures == 0) | .domain' status.json)
[ -z "$silent" ] || {
	echo "FAIL: names without any outcome: $silent"
	failed=1
}
exit $failed
