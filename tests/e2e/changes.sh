# SPDX-License-Identifier: MIT
# changes: told once and never lost, whatever else runs and wherever it ends; and its webhook.
set -uo pipefail
. "$(dirname "$0")/cli.inc"
here=$(cd "$(dirname "$0")" && pwd)
started=()
stop_started() {
	[ ${#started[@]} = 0 ] || kill "${started[@]}" 2> /dev/null
}
trap stop_started EXIT

# prints TEXT COMMAND...: exit 0, TEXT is all it prints, on stderr too.
prints() {
	local text=$1
	shift
	"$@" > out 2>&1 < /dev/null && [ "$(cat out)" = "$text" ] && return
	sed 's/^/# printed: /' out
	return 1
}

# tells PATTERN COMMAND...: exit 0, and a line of stdout is PATTERN.
tells() {
	local pattern=$1
	shift
	"$@" > out 2> err < /dev/null && grep -qE -- "$pattern" out && return
	sed 's/^/# printed: /' out err
	return 1
}

# play NAME ADDRESS...: the name has another answer, loaded but not scored.
lookup=100
play() {
	local name=$1 address
	shift
	lookup=$((lookup + 1))
	for address in "$@"; do
		printf '%s\t%s\t%s\t0\tA %s\ttest\n' "$name" $lookup "11:$((lookup / 60 + 10)):$((lookup % 60))" "$address"
	done > play.tsv
	"$TOOLS/spool_tool" play play.tsv "$home" && flux load 2> err
}

flux db start 2> err
check "an empty database has no news" prints "" flux changes
flux db sql -qc 'delete from fluxtrack.reader'
"$TOOLS/spool_tool" play "$here/golden_observations.tsv" "$home"
grep -v '^#' "$here/golden_prefixes.tsv" | cut -f 1,2 > prefixes.dat
flux import prefixes prefixes.dat --from 2008-05-01 2> err
flux load 2> err
flux score 2> err

# --- told once ---

check "the first call tells the name that fluxes" tells '^smsclubnet\[\.\]com$' flux changes
check "and no other" test "$(grep -c '^[^ ]' out)" = 1
check "its verdict" grep -q '^  - flux: 19 distinct addresses in 20 lookups' out
check "its nodes on a line" grep -qE '^  - 19 new nodes in [0-9]+ networks: ([0-9.]+, ){3}\.\.\.$' out
check "then nothing" prints "" flux changes
check "nor as JSON" prints "" flux changes --json
check "another reader is told all" tells '^smsclubnet' flux changes --reader second
check "and then nothing" prints "" flux changes --reader second
whole() {
	flux changes --since 2008-01-01 --json > all.ndjson && python3 - <<'END'
import json
events = [json.loads(line) for line in open("all.ndjson")]
assert {e["domain"] for e in events if e["event"] == "flux"} == {"smsclubnet.com"}
nodes = [e for e in events if e["event"] == "node"]
assert len(nodes) == len({e["address"] for e in nodes}) == 19
assert all(e["at"].startswith("2011-09-01T11:0") and e["known_at"] > "2020" for e in nodes)
assert len([e for e in events if e["event"] == "network"]) == len({e["asn"] for e in nodes if "asn" in e}) > 3
END
}
check "--since tells all as JSON, a line an event" whole
check "and no reader is told by it" prints "" flux changes

play smsclubnet.com 192.0.2.1 192.0.2.2 && flux score 2> err
flux changes > /dev/full 2> err
check "what cannot be written is a failure" test $? = 1
flux changes 2> err | true
check "is told again" tells '^  - 2 new nodes: 192\.0\.2\.[12], 192\.0\.2\.[12]$' flux changes

# --- what is on its way while a reader is told ---

# behind NAME: runs the SQL of stdin in a session of its own; waits until it says \! touch NAME.
behind() {
	flux db sql -qXo sql.out <&0 > sql.err 2>&1 &
	session=$!
	for _ in {1..100}; do
		[ -e "$1" ] && return
		sleep 0.05
	done
	sed 's/^/# sql: /' sql.err
}

play smsclubnet.com 192.0.2.3
behind rolled <<- 'END'
	begin;
	select roll_up_nodes();
	\! touch rolled
	select pg_sleep(1);
	commit;
END
check "a roll-up that is not committed yet is waited for" tells '^  - 1 new node: 192\.0\.2\.3$' flux changes
wait "$session"
check "and told once" prints "" flux changes

play smsclubnet.com 192.0.2.4
behind began <<- 'END'
	begin;
	select now();
	\! touch began
	select pg_sleep(1);
	select roll_up_nodes();
	commit;
END
check "a transaction that rolls up later has nothing to tell yet" prints "" flux changes
wait "$session"
check "and is told then, though it began before" tells '^  - 1 new node: 192\.0\.2\.4$' flux changes

# --- the webhook ---

mkdir received
printf 'a secret\nwhat follows is not of it\n' > secret
chmod 600 secret
python3 "$here/receiver.py" received 'a secret' &
started+=($!)
for _ in {1..100}; do
	[ -e received/port ] && break
	sleep 0.05
done
url=http://127.0.0.1:$(cat received/port)/flux
post() {
	: > received/posts
	flux changes --webhook "$url" "$@"
}
posts() {
	[ "$(cat received/posts)" = "$1" ] && return
	sed 's/^/# post: /' received/posts
	return 1
}
ndjson=application/x-ndjson

check "nothing new: nothing is posted" prints "" post --webhook-secret secret
check "nothing came" posts ""
echo '503' > received/answers
check "all there is is posted, signed; a 503 is tried again" prints "" post --reader hook --webhook-secret secret
check "twice" posts "signed $ndjson 503
signed $ndjson 204"
check "with the lines of --json" cmp -s received/body.2 <(flux changes --reader new --json)
play smsclubnet.com 192.0.2.5 && flux score 2> err
echo '400' > received/answers
fails 1 'webhook: the receiver answered 400' post --reader hook --webhook-secret secret
echo '301 Location:http://127.0.0.1:1/' > received/answers
fails 1 'no redirect is followed' post --reader hook --webhook-secret secret
echo '429 Retry-After:3000' > received/answers
fails 75 'webhook: the receiver answered 429' post --reader hook --webhook-secret secret
check "the URL, which may be a secret, is not said" test -z "$(grep flux$ err)"
check "what failed is posted again, here without a secret" prints "" post --reader hook
check "unsigned" posts "unsigned $ndjson 204"

check "the one node" test "$(jq -r .address received/body.6)" = 192.0.2.5
check "then nothing" prints "" post --reader hook
check "a secret in the environment signs too" prints "" env FLUXTRACK_WEBHOOK_SECRET='a secret' \
	"$FLUXTRACK" -C "$home" changes --webhook "$url"
check "signed" posts "signed $ndjson 204"

chmod 644 secret
fails 1 'secret is open to everybody; run chmod 600' post --webhook-secret secret
printf '\n' > empty
chmod 600 empty
fails 1 'empty: its first line is empty' post --webhook-secret empty
fails 1 'cannot open nowhere' post --webhook-secret nowhere
mkdir folder
fails 1 'folder is a folder: name a file in it' post --webhook-secret folder
printf 'ab\0cd\n' > nul
chmod 600 nul
fails 1 'nul: a NUL in its first line' post --webhook-secret nul
fails 1 'cannot open no\\009where: ' post --webhook-secret $'no\twhere'
printf '%01022d\r\n' 1 > longest
printf '%01023d\n' 1 > longer
chmod 600 longest longer
check "a secret of 1022 octets" prints "" post --webhook-secret longest
fails 1 'longer: a secret has 1022 octets at most' post --webhook-secret longer

# --- wrong use ---

refuses 2 "a URL begins with https:// or http://" flux changes --webhook file:///etc/passwd
refuses 2 "is no reader" flux changes --reader 'a b'
refuses 2 "leave out --since or --reader" flux changes --since 2008-01-01 --reader a
refuses 2 "for --webhook alone" flux changes --webhook-secret secret
refuses 2 "--since: 'noon' is not a time" flux changes --since noon
refuses 2 "'x' is one word too many" flux changes x
finish
