# SPDX-License-Identifier: MIT
# No resolver answers: track says so, names the lab, records nothing, ends with 75.
set -uo pipefail
home=$WORK/home
failed=0

# A port that nobody listens on, and one where somebody listens and never answers.
python3 -c '
import socket, time
silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
silent.bind(("127.0.0.1", 0))
closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
closed.bind(("127.0.0.1", 0))
port = closed.getsockname()[1]
closed.close()
print(silent.getsockname()[1], port, flush=True)
time.sleep(60)' > ports &
listener=$!
trap 'kill $listener 2> /dev/null' EXIT
while ! [ -s ports ]; do sleep 0.1; done
read -r silent closed < ports

for resolvers in "--resolver 127.0.0.1:$closed" "--resolver 127.0.0.1:$silent" \
	"--resolver 127.0.0.1:$closed --resolver 127.0.0.1:$silent"; do
	rm -rf "$home/cache"
	"$FLUXTRACK" -C "$home" track $resolvers supersameas.com > track.out 2> track.err
	code=$?
	[ $code = 75 ] && grep -q -- '--lab' track.err && continue
	echo "FAIL: $resolvers: ended with $code"
	cat track.err
	failed=1
done
"$FLUXTRACK" -C "$home" load || failed=1
rows=$("$FLUXTRACK" -C "$home" db sql -XAtc 'select count(*) from observation')
[ "$rows" = 0 ] || {
	echo "FAIL: $rows observations of a resolver that never answered"
	failed=1
}
exit $failed
