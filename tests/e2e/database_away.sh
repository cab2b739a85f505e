# SPDX-License-Identifier: MIT
# PostgreSQL stops during a run: collecting goes on, the exit code says so, load brings all in.
set -uo pipefail
. "$(dirname "$0")/lab.inc"

"$FLUXTRACK" -C "$home" track --resolver "$RESOLVER" --rate 500 --for 25s \
	"$WORK/lab/domains.txt" > track.out 2> track.err &
pid=$!
sleep 6
"$FLUXTRACK" -C "$home" db stop || exit 1
recorded | wc -l > before
wait $pid
code=$?
recorded > now
failed=0
[ "$code" = 75 ] || {
	echo "FAIL: track ended with $code"
	cat track.err
	failed=1
}
grep -q 'fluxtrack load' track.err || {
	echo "FAIL: track does not say how to go on"
	cat track.err
	failed=1
}
[ "$(wc -l < now)" -gt "$(($(cat before) + 100))" ] || {
	echo "FAIL: collecting stopped: $(cat before) records, then $(wc -l < now)"
	failed=1
}
"$FLUXTRACK" -C "$home" load || failed=1
cmp <(cut -f 1,2 now | sort) <(loaded) || failed=1
# Loading again, or from the archive, changes nothing.
"$FLUXTRACK" -C "$home" load $(find "$home/archive" -name '*.seg') || failed=1
cmp <(cut -f 1,2 now | sort) <(loaded) || failed=1

# The database can be dropped: the archive gives the same rows again.
columns="observed_at, d.name, d.role, d.tags, s.uuid, record, r.address, r.port, v.name, qtype, rcode,
	flags, anomalies, outcome, over_tcp, ttl, rtt, soa_serial, soa_retry, addresses, names"
rows="select $columns from observation o join domain d on d.id = domain_id join segment s on s.id = segment_id
	join resolver r on r.id = resolver_id join vantage v on v.id = o.vantage_id order by s.uuid, record"
"$FLUXTRACK" -C "$home" db sql -XAtc "$rows" > first
"$FLUXTRACK" -C "$home" db sql -XAtqc 'drop schema fluxtrack cascade' 2> /dev/null || failed=1
"$FLUXTRACK" -C "$home" load $(find "$home/archive" -name '*.seg') || failed=1
"$FLUXTRACK" -C "$home" db sql -XAtc "$rows" > second
[ -s first ] && cmp first second || failed=1
exit $failed
