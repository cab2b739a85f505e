# SPDX-License-Identifier: MIT
# A database that was never migrated and is away when track starts comes up during the run: the
# loader makes its tables and brings in what waits.
set -uo pipefail
. "$(dirname "$0")/lab.inc"
other=$WORK/other

"$FLUXTRACK" -C "$other" db start || exit 1
url=$("$FLUXTRACK" -C "$other" db url)
"$FLUXTRACK" -C "$other" db sql -XAtqc 'drop schema fluxtrack cascade' 2> /dev/null || exit 1
data=$(realpath "$other/pg")/data
"$FLUXTRACK" -C "$other" db stop

"$FLUXTRACK" --db "$url" -C "$home" track --resolver "$RESOLVER" --rate 500 --for 14s --no-score \
	"$WORK/lab/domains.txt" > /dev/null 2> track.err &
pid=$!
sleep 5
postgres=(pg_ctl start -s -w -D "$data" -l "$data/late.log")
PATH=$PATH:$(pg_config --bindir 2> /dev/null || dirname "$(ls /usr/lib/postgresql/*/bin/pg_ctl | tail -n 1)")
if [ "$(id -u)" = 0 ]; then
	(cd "$data" && setpriv --reuid postgres --regid postgres --init-groups env PATH="$PATH" "${postgres[@]}")
else
	"${postgres[@]}"
fi
wait $pid
code=$?
rows=$(psql "$url" -XAtc 'select count(*) from fluxtrack.observation')
"$FLUXTRACK" -C "$other" db stop
echo "exit $code, $rows rows of $(recorded | wc -l) answers"
[ "$code" = 0 ] && [ "$rows" -gt 0 ] && [ "$rows" = "$(recorded | wc -l)" ] || {
	cat track.err
	exit 1
}
