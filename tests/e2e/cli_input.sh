# SPDX-License-Identifier: MIT
# Bad lists, paths, databases and disks: each a clear line with the right exit code, nothing lost and
# nothing half done.
set -uo pipefail
. "$(dirname "$0")/cli.inc"
command -v unbound > /dev/null || exit 77
pids=()
trap '[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2> /dev/null' EXIT

# A resolver that knows one name. The port is in use where unbound ends at once: another is tried.
start_resolver() {
	local port=$((20000 + RANDOM % 10000))
	printf '%s\n' "server:" "interface: 127.0.0.1" "port: $port" "directory: \"$WORK\"" \
		'username: ""' 'chroot: ""' 'pidfile: ""' "do-daemonize: no" "use-syslog: no" \
		"local-zone: \".\" static" "local-data: \". 60 IN NS localhost.\"" \
		"local-data: \"a.example. 60 IN A 192.0.2.1\"" \
		"remote-control:" "control-enable: no" > unbound.conf
	unbound -c unbound.conf 2> unbound.log &
	pids+=($!)
	sleep 0.5
	kill -0 $! 2> /dev/null && resolver=127.0.0.1:$port
}
until start_resolver; do :; done

# tracks ARGUMENT...: one pass that records and does not load.
tracks() {
	flux track --no-load --quiet --rate 0 --resolver "$resolver" "$@"
}

recorded() {
	find "$home" -name '*.seg' -size +0 | grep -q .
}

fresh() {
	rm -rf "$home"
}

# --- lists ---

mkdir folder
head -c 200000 /dev/urandom > garbage
ln -s nowhere broken_link
printf '# nothing but this\n\n' > empty

tracks garbage > out 2> err < /dev/null
check "garbage: exit 2" test $? = 2
check "garbage: said" says 'garbage holds no name to follow'
check "garbage: some lines, then a count" test "$(wc -l < err)" -le 30
check "garbage: no byte of it reaches the terminal" test "$(tr -d '\n\40-\176' < err | wc -c)" = 0
check "garbage: nothing on stdout" test ! -s out
refuses 2 "folder is a folder" tracks "$WORK/folder"
refuses 2 "cannot open list .*missing: No such file" tracks "$WORK/missing"
refuses 2 "cannot open list .*broken_link" tracks "$WORK/broken_link"
refuses 2 "empty holds no name" tracks empty
refuses 2 "stdin holds no name" tracks -
refuses 2 "an empty word" tracks ''
refuses 2 "single label" tracks a.example nodot
refuses 2 "nothing to follow: .*$home/domains.txt, or run fluxtrack import targets" tracks
check "nothing was recorded" test ! -e "$home/spool"

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
if [ "$(id -u)" = 0 ] && as_nobody test -x "$FLUXTRACK"; then
	echo a.example > secret
	chmod 600 secret
	install -d -o 65534 -g 65534 nobody
	refuses 2 "cannot open list .*secret: Permission denied" \
		as_nobody "$FLUXTRACK" -C nobody/home track --no-load "$WORK/secret"
	check "help needs no HOME" grep -q '^usage' <(as_nobody env -i "$FLUXTRACK" track --help)
	refuses 1 "cannot make folder .*: Permission denied" \
		as_nobody "$FLUXTRACK" -C "$WORK/folder/home" track --no-load a.example
else
	skip "an unreadable list, a home that cannot be made" "needs root, and a build that all can read"
fi

# One line of 1 GB does not come into memory, and the line after it is taken.
huge() {
	head -c 1G /dev/zero | tr '\0' a
	printf '\na.example\n'
}
if grep -q __asan_init "$FLUXTRACK"; then
	skip "a line of 1 GB" "the sanitizer needs more address space than the test allows"
else
	huge | (ulimit -v 500000 && tracks -) > out 2> err
	check "a line of 1 GB: exit 0" test $? = 0
	check "a line of 1 GB: said" says 'stdin:1: longer than'
	check "a line of 1 GB: the next one is recorded" recorded
fi

# --- the lists of the home, and names foretold ---

# follows TEXT ARGUMENT...: one pass, after which a target with these tags is on record. Without TEXT
# none of the home's is.
follows() {
	local text=$1
	shift
	rm -rf "$home/spool" "$home/cache"
	tracks "$@" 2> err && recorded || return 1
	if [ -n "$text" ]; then grep -rqaF "$text" "$home/spool"; else ! grep -rqa at=home "$home/spool"; fi
}

fresh
mkdir -p "$home"
echo 'a.example at=home feed=kept' > "$home/targets.txt"
check "targets.txt alone is followed" follows "at=home feed=kept"
check "a word is followed alone" follows "" a.example
echo 'a.example at=home,too feed=own' > "$home/domains.txt"
check "both lists are, and domains.txt has the first word" follows "at=home,too feed=own,kept"
echo '# all feeds were let go' > "$home/targets.txt"
check "a list of the home may name nothing" follows "at=home,too feed=own"
rm "$home/targets.txt"
check "domains.txt alone is followed" follows "at=home,too feed=own"
check "names foretold come beside it" follows "dga=kraken-v1-b-i1-ex" --dga kraken:2
check "and it beside them" grep -rqaF at=home,too "$home/spool"
check "no index but those asked for" test -z "$(grep -raF -- -i2-nex "$home/spool")"
check "names foretold come beside a word" follows "" --dga kraken:1 a.example
check "and are there" grep -rqaF dga=kraken-v1-a-i0-nex "$home/spool"
rm "$home/domains.txt"
check "names foretold are enough" follows "family=kraken dga=kraken-v2-a-t2-w" --dga kraken:1

# --- lock, spool ---

fresh
mkdir -p "$home"
exec 9> "$home/lock"
flock 9
refuses 75 "another fluxtrack holds .*lock; try again later" tracks a.example
check "a taken lock: nothing was made" test ! -e "$home/spool"
exec 9>&-
fresh
: > home
refuses 1 "$home" tracks a.example
rm home

# --- databases: told before anything is tracked, but for a server that is away ---

# An old server: what one says before a client may ask.
python3 -c '
import socket, struct
def say(conn, kind, body):
    conn.sendall(kind + struct.pack("!I", len(body) + 4) + body)
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
print(server.getsockname()[1], flush=True)
while True:
    conn = server.accept()[0]
    while struct.unpack("!II", conn.recv(8))[1] in (80877103, 80877104): # TLS, GSSAPI: no
        conn.sendall(b"N")
    conn.recv(4096)
    say(conn, b"R", struct.pack("!I", 0))
    say(conn, b"S", b"server_version\0" + b"14.9\0")
    say(conn, b"S", b"client_encoding\0" + b"UTF8\0")
    say(conn, b"Z", b"I")
    conn.recv(4096)
    conn.close()' > old_port &
pids+=($!)
until [ -s old_port ]; do sleep 0.1; done

loads() {
	local conninfo=$1
	shift
	flux --db "$conninfo" track --quiet --rate 0 --resolver "$resolver" "$@" a.example
}
flux db start 2> err || sed 's/^/# /' err
own=$(flux db url)
refuses 1 "connection string|conninfo" loads 'host=127.0.0.1 colour=blue'
refuses 1 "connection string|conninfo" loads 'host='"'"'unclosed'
refuses 1 "version|15 or newer" loads "host=127.0.0.1 port=$(cat old_port) sslmode=disable"
refuses 1 "nope" loads "$own dbname=nope"
refuses 1 "authentication|role" loads "$own user=nobody_we_know"
check "a wrong database: nothing was tracked" test ! -e "$home/spool"
loads 'host=127.0.0.1 port=1' > out 2> err
check "a server that is away: exit 75" test $? = 75
check "a server that is away: said how to go on" says 'safe in the spool, run fluxtrack load'
check "a server that is away: all is recorded" recorded
check "load brings it in" flux load
check "and then it is there" grep -q '^a.example ' <(flux status)
refuses 1 "nothing is known of b.example" flux evidence b.example
fails 1 "cannot open segment .*missing: No such file" flux load "$WORK/missing"
fails 1 "garbage is no segment" flux load "$WORK/garbage"
refuses 1 "missing" flux import prefixes "$WORK/missing"
fails 1 "garbage holds no line" flux import prefixes "$WORK/garbage"

# --- full disks ---

flux dga kraken > /dev/full 2> err
check "stdout full: exit 1" test $? = 1
check "stdout full: said" says 'cannot write to standard output: No space left'
flux dga kraken --count 100000 2> err | true
check "stdout closed: exit 1" test "${PIPESTATUS[0]}" = 1
check "stdout closed: said" says 'cannot write to standard output: Broken pipe'

# limited COMMAND...: no file may grow beyond 4 KiB.
limited() {
	(ulimit -f 4 && "$@")
}
limited flux dga kraken --count 1000 > big 2> err
check "a file at ulimit's end: exit 1" test $? = 1
check "a file at ulimit's end: said" says 'cannot write to standard output: File too large'
home=$WORK/limited refuses 75 "no room on the disk" limited tracks a.example

# on_small_disk SIZE COMMAND...: $WORK/small is a disk of its own that only COMMAND sees.
on_small_disk() {
	mkdir -p small
	unshare -m bash -c 'mount -t tmpfs -o mode=755,size="$1" none small && shift && "$@"' - "$@"
}
export -f tracks flux
export FLUXTRACK resolver home
if on_small_disk 64k true 2> /dev/null; then
	home=$WORK/small/home refuses 75 "no room|no space" on_small_disk 1m bash -c 'tracks a.example'
	home=$WORK/small/home refuses 1 "private database" on_small_disk 20m bash -c 'flux db start'
	on_small_disk 1m bash -c 'head -c 2M /dev/zero > small/fill
		flux evidence a.example -o small/evidence.txt; code=$?; ls small; exit $code' \
		> out 2> err
	check "a full disk under -o: exit 1" test $? = 1
	check "a full disk under -o: said" says 'cannot (make|write) small/evidence.txt.*: No space left'
	check "a full disk under -o: nothing half written" test "$(cat out)" = fill
else
	skip "full disks" "no mount namespace of our own is allowed here"
fi

finish
