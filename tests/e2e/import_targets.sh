# SPDX-License-Identifier: MIT
# import targets: each format by itself, feeds over HTTP with all that may go wrong there, what is asked again and
# what is not, what a feed that shrank ends, and where a secret comes to.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/cli.inc
. "$here/cli.inc"
secret=s3cret-of-the-feed
uuid=11111111-1111-4111-8111-11111111111
server=
drip=
stop_started() {
	# shellcheck disable=SC2086
	kill $server $drip 2> /dev/null
}
trap stop_started EXIT

mkdir www other
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 \
	-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2> /dev/null
python3 "$here/feed_server.py" www asked cert.pem key.pem > ports &
server=$!
for _ in $(seq 100); do
	[ -s ports ] && break
	sleep 0.05
done
read -r port secure < ports
url=http://127.0.0.1:$port

# A drip takes its ten seconds beside all else; nothing of it reaches a database.
timeout 60 "$FLUXTRACK" -C "$WORK/drip" import targets "$url/drip" > drip.out 2> drip.err &
drip=$!

# gives EXPECTED SQL: the one value that it must give.
gives() {
	local got
	got=$(flux db sql -XAtc "$2")
	[ "$got" = "$1" ] && return
	echo "# expected $1, got $got"
	return 1
}

# names FEED EXPECTED: what it names now.
names() {
	gives "$2" "select string_agg(t.name, ' ' order by t.name) from feed f join feed_target t on t.feed_id = f.id
		where f.name = '$1' and t.until is null"
}

# imports PATTERN WORD...: it succeeds, and says PATTERN.
imports() {
	local pattern=$1
	shift
	flux import targets "$@" > out 2> err < /dev/null && grep -qE -- "^fluxtrack: $pattern" err && [ ! -s out ] && return
	sed 's/^/# stderr: /' err
	return 1
}

# asked N PATTERN: so many requests were like that.
asked() {
	local got
	got=$(grep -cE -- "^$2" asked)
	[ "$got" = "$1" ] && return
	echo "# asked $got times"
	return 1
}

cat > plain << 'END'
# a list
P1.Test.
*.p2[.]test
127.0.0.1
localhost
END
printf '# hosts\n127.0.0.1\tlocalhost\n0.0.0.0\th1.test\n0.0.0.0 h2.test\n' > hosts
cat > urlhaus << 'END'
# URLhaus
# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter
"1","2024-01-01 00:00:00","http://u1.test/a.exe","online","None","malware_download","exe,elf","https://x.test/1","r"
"2","2024-01-01 00:00:00","http://192.0.2.1:80/i","online","None","malware_download","exe","https://x.test/2","r"
END
cat > threatfox << 'END'
# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","fk_malware","malware_alias","malware_printable","last_seen_utc","confidence_level","reference","tags","anonymous","reporter"
"2024-01-01 00:00:00", "1", "t1.test", "domain", "botnet_cc", "win.storm", "None", "Storm", "", "100", "None", "x", "0", "r"
# Number of entries: 1
END
printf 'first_seen_utc,dst_ip,dst_port,c2_status,last_online,malware\n2024-01-01 00:00:00,192.0.2.1,443,online,2024-01-01,Emotet\n' > feodo
printf 'https://o1.test/login\nhttp://o2.test/a?b\n' > openphish
printf '## banner\nb1.test,Domain used by kraken,2024-01-01 00:00,http://x.test/manual/kraken.txt\n' > bambenek
printf '{"storm_dga_1a2b": ["d1.test", "192.0.2.1"]}\n' > dgarchive
mkdir misp
for i in 1 2; do
	printf '{"Event": {"info": "e", "Attribute": [{"type": "domain", "value": "m%d.test", "to_ids": true}]}}' $i > misp/$uuid$i.json
done
printf '{"%s1": {"timestamp": "100"}, "%s2": {"timestamp": 100}}' $uuid $uuid > misp/manifest.json
cp -r misp www/misp

refuses 2 'no feeds: give a URL or a file, or write them to .*/home/feeds.ini' flux import targets
check 'a plain list' imports 'plain \(plain\): names 2, ' plain
check 'its names are followed' names plain 'p1.test p2.test'
check 'hosts, with a family' imports 'hosts \(hosts\): names 2, .* refused: ' hosts --family storm --tag a=b
check 'the list that track follows has them' grep -qx 'h1.test feed=hosts family=storm a=b' "$home/targets.txt"
check 'URLhaus' imports 'urlhaus \(urlhaus\): names 1, .* refused: 1 address$' urlhaus
check 'ThreatFox' imports 'threatfox \(threatfox\): names 1, ' threatfox
fails 1 'feed feodo holds no name to follow, refused: 1 address' flux import targets feodo
check 'OpenPhish' imports 'openphish \(openphish\): names 2, ' openphish
check 'Bambenek' imports 'bambenek \(bambenek\): names 1, ' bambenek
check 'DGArchive' imports 'dgarchive \(dgarchive\): names 1, ' dgarchive
check 'MISP' imports 'misp \(misp\): names 2, ' misp
gzip -k plain
check 'gzip' imports 'plain.gz \(plain\): names 2, ' plain.gz
check 'a file given twice changes nothing' imports 'plain \(plain\): names 2, of them new 0, .* gone 0' plain

# A feed at a URL.
for i in $(seq 12); do
	echo "f$i.test"
done > www/feed
check 'a URL is fetched' imports 'feed \(plain\): names 12, of them new 12,' "$url/feed"
check 'its ETag is sent, and nothing is imported again' imports 'feed: nothing new' "$url/feed"
check 'with the ETag' asked 1 'feed "[0-9a-f]{64}" None'
printf 'f1.test\nf13.test\n' > www/feed
check 'it changed and shrank: what it lacks is kept' imports 'feed \(plain\): names 2, of them new 1, .* gone 0' "$url/feed"
check 'and that is said' grep -q -- '--drop' err
check 'all are named still' gives 13 "select count(*) from feed_target t join feed f on f.id = t.feed_id
	where f.name = 'feed' and until is null"
check 'they go when the user says so, unmodified as it is' imports 'feed \(plain\): names 2, .* gone 11' "$url/feed" --drop
check 'now' names feed 'f1.test f13.test'
printf 'f9.test\n' > other/feed
: > www/empty
refuses 2 'the feed feed came from another URL: give this one a section' flux import targets "$url/other/feed"
refuses 2 'two feeds of the name feed: ' flux import targets "$url/feed" other/feed
refuses 75 'feed away: the server answered 500' flux import targets "$url/away"
refuses 75 'feed busy: the server answered 429' flux import targets "$url/busy"
refuses 1 'feed moved: it moved to http://127.0.0.1:[0-9]+/plain: give that' flux import targets "$url/moved"
check 'where it moved to nobody went' asked 0 plain
refuses 1 'feed empty: an empty answer' flux import targets "$url/empty"
refuses 1 'feed lost: the server answered 404' flux import targets "$url/lost"
refuses 1 'feed tls: .*certificate' flux import targets "https://127.0.0.1:$secure/tls"
check 'a MISP feed by the URL of its manifest' imports 'misp \(misp\): names 2, ' "$url/misp/manifest.json"

# Feeds of the feeds file.
printf 'one.test\n' > www/one
printf 'private.test\n' > www/private
cat > "$home/feeds.ini" << END
[one]
url = $url/one
tag = k=v
[secret]
url = https://127.0.0.1:$secure/private
ca = $WORK/cert.pem
header = Auth-Key: $secret
[events]
url = $url/misp
format = misp
interval = 1s
[later]
url = $url/busy
END
refuses 1 "a header's value stands in it: .*/feeds.ini is open to everybody; run chmod 600 on it" flux import targets
chmod 600 "$home/feeds.ini"
fails 75 'feed later: the server answered 429' flux import targets
check 'one feed that fails stops no other' names one one.test
check 'the secret was sent, over TLS that its certificate vouches for' asked 1 "private None $secret"
check 'and brought what it should' names secret private.test
printf '%s\n' "$secret" > key
chmod 600 key
sed -i "s|: $secret|: file:$WORK/key|; s|private|private2|" "$home/feeds.ini"
cp www/private www/private2
check 'a secret in a file' imports 'secret' secret
check 'was sent too' asked 1 "private2 None $secret"
check 'it stands nowhere but in its file' test -z "$(grep -rlF "$secret" "$home" err out)"
chmod 644 key
refuses 1 'feed secret: header Auth-Key: .*/key is open to everybody' flux import targets secret
asked_before=$(wc -l < asked)
sleep 1
flux import targets > out 2> err
check 'what is not due is not asked' [ "$(tail -n +$((asked_before + 1)) asked | cut -d' ' -f1 | tr '\n' ' ')" = misp/manifest.json\  ]
check 'and where nothing is new nothing is said' [ ! -s err ]

# The database is away: what was fetched waits.
printf 'one.test\ntwo.test\n' > www/one
refuses 75 'what was fetched waits in the cache: ' "$FLUXTRACK" -C "$home" --db 'host=/nonexistent' import targets one
asked_before=$(grep -c '^one' asked)
check 'it is imported by the next call' imports 'one \(plain\): names 2, of them new 1' --feeds "$home/feeds.ini"
check 'without being fetched again' asked "$asked_before" one
check 'with the tags of its section' grep -qx 'two.test feed=one k=v' "$home/targets.txt"

# Another database: what is in the cache is imported into it, and nothing goes from the list.
flux db sql -XAtc "delete from feed_target; delete from feed" > /dev/null
check 'a feed that the database forgot is imported again' imports 'one \(plain\): names 2, of them new 2' one
check 'with those that were not asked for' names secret private.test
check 'so nothing goes from the list' grep -qx 'private.test feed=secret' "$home/targets.txt"

# A page of the server's where a feed was.
printf '<html>busy</html>\n' > www/html
fails 1 'holds no name to follow' flux import targets "$url/html"
fails 1 'holds no name to follow' flux import targets "$url/html"
check 'though not modified it was read again' asked 1 'html "'

refuses 2 "--format: 'pdf' is no format; there are auto, plain, hosts" flux import targets plain --format pdf
refuses 2 'are for URLs and files' flux import targets --tag a=b
refuses 2 'are for URLs and files' flux import targets one --family storm
refuses 2 '--drop: name the feeds that may shrink' flux import targets --drop
refuses 1 'cannot open nowhere.ini' flux import targets --feeds nowhere.ini
refuses 1 'nowhere.txt' flux import targets nowhere.txt
timeout 60 "$FLUXTRACK" -C "$WORK/signal" import targets "$url/drip" 2> err &
signal=$!
for _ in $(seq 100); do
	[ "$(grep -c '^drip' asked)" = 2 ] && break
	sleep 0.05
done
kill "$signal"
wait "$signal"
check 'a signal ends it' [ $? = 75 ]
check 'and it says so' says 'a signal ended it'
check 'as if it had not begun' test -z "$(find "$WORK/signal/cache/feeds" -type f)"
refuses 2 'a password in a URL' flux import targets http://user:pw@127.0.0.1/

wait "$drip"
check 'a drip is ended' [ $? = 75 ]
check 'and said' grep -q 'fluxtrack: feed drip: ' drip.err
check 'nothing of it is kept' test -z "$(find "$WORK/drip/cache" -name 'drip' -o -name 'drip.part')"
finish
