# SPDX-License-Identifier: MIT
# The user's first command: scripts/track --lab, judged against what the lab says of its names.
set -uo pipefail
top=$(realpath "$(dirname "$0")/../..")

"$top/scripts/track" --lab --json > status.json 2> track.err || {
	cat track.err
	echo "FAIL: scripts/track --lab ended with $?"
	exit 1
}
home=$top/build/lab/home
flux() {
	"$top/build/fluxtrack" -C "$home" "$@"
}
flux status --json | jq -S . > again.json

# What leaves, of the whole lab, as those who get it would judge it.
failed=0
fail() {
	echo "FAIL: $*"
	failed=1
}
judge() {
	flux export "$1" -o "export.$1" &&
		/usr/bin/python3 "$(dirname "$0")/export_schemas.py" "$1" "export.$1" || fail "export $1"
}
printf '[reporter]\norg = Lab CERT\ncontact = abuse@cert.example\ndomain = cert.example\n' > "$home/reporter.ini"
judge xarf
judge stix

# The dossier of Storm's name: one A an answer, TTL 0, its addresses, and the proof in the archive.
dossier() {
	jq -e --slurpfile status again.json '
		($status[0][] | select(.domain == "supersameas.com")) as $known
		| .verdict == "flux" and .first_seen == $known.first_seen
		and (.nodes | length) == $known.addresses and ([.nodes[].address] | unique | length) == $known.addresses
		and ([.nodes[] | .ttl_min, .ttl_max] | unique) == [0]
		and ([.observations[], .chosen[] | select(.type == "A" and .outcome == "answered")]
			| length > 10 and all(.ttl == 0 and (.addresses | length) == 1))
		and ([.chosen[].message.hex // empty] | length) == (.chosen | length) and (.chosen | length) > 10' "$1"
}
flux evidence supersameas.com --format json -o dossier.json && dossier dossier.json || fail "the dossier of supersameas.com"
flux evidence supersameas.com > evidence.txt || fail "evidence as text"
flux verify dossier.json || fail "the dossier does not verify"
segment=$(find "$home/archive" -name "$(jq -r '.chosen[0].segment' dossier.json)")
size=$(stat -c %s "$segment")
for at in 0 $((size / 3)) $((size / 2)) $((size - 1)); do
	cp "$segment" segment.whole
	octet=$(od -An -tu1 -j "$at" -N 1 "$segment")
	printf "\\x$(printf %x $((octet ^ 1)))" | dd of="$segment" bs=1 seek="$at" conv=notrunc status=none
	flux verify dossier.json > /dev/null 2> verify.err && fail "octet $at of $segment was changed, and verify saw nothing"
	grep -q "$(basename "$segment").*octet" verify.err || fail "verify does not say where: $(cat verify.err)"
	cp segment.whole "$segment"
done
flux verify dossier.json > /dev/null || fail "the segment is whole again, and verify does not see it"
flux report -o site || fail "report"
flux db stop

diff <(jq -S . status.json) again.json || fail "status says something else than track"
grep -q 'supersameas\[.\]com' evidence.txt || fail "the dossier's text"
# expected: NAME TAB VERDICT|VERDICT...; every name of the list has a row and no other
while IFS=$'\t' read -r name wanted; do
	got=$(jq -r --arg n "$name" '.[] | select(.domain == $n) | .verdict' status.json)
	[[ "|$wanted|" == *"|$got|"* ]] && [ -n "$got" ] && continue
	fail "$name is ${got:-missing}, expected $wanted"
	jq -c --arg n "$name" '.[] | select(.domain == $n)' status.json
done < <(grep -v '^#' "$top/build/lab/expected")
extra=$(jq -r '.[].domain' status.json | grep -vxFf <(cut -f 1 "$top/build/lab/expected"))
[ -z "$extra" ] || fail "rows for names that nobody asked for: $extra"
silent=$(jq -r '.[] | select(.lookups == 0 and .failures == 0) | .domain' status.json)
[ -z "$silent" ] || fail "names without any outcome: $silent"
exit $failed
