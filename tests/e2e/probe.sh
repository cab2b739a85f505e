# SPDX-License-Identifier: MIT
# The codec page from 20 nodes: what is asked of whom, and what becomes of it in tag, verdict and dossier. Then every
# case of the hostile server: each is a record, within its limits.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/cli.inc
. "$here/cli.inc"

rows() {
	flux db sql -At -F ' ' -c "$1" 2> /dev/null
}

# gives EXPECTED SQL: the rows that it must give.
gives() {
	local got
	got=$(rows "$2")
	[ "$got" = "$1" ] && return
	printf '# expected %s\n# got %s\n' "$1" "$got"
	return 1
}

connections() {
	grep -c '^connection' log
}

# A lookup, as massdns writes it: of name, so many seconds ago, with that address.
lookup() {
	printf '{"name":"%s.","type":"A","class":"IN","status":"NOERROR","rx_ts":%s000000000,"data":{"answers":[%s]}}\n' "$1" \
		$(($(date +%s) - $2)) "{\"ttl\":0,\"type\":\"A\",\"class\":\"IN\",\"name\":\"$1.\",\"data\":\"$3\"}"
}

printf '<html><title>I love you</title><a href="/StormCodec8.exe">Download it</a></html>' > page.html
nodes=()
for i in $(seq 60 79); do
	nodes+=("127.$i.0.1")
	lookup storm.example $((100 - i)) "127.$i.0.1" >> storm.json
	printf '127.%s.0.0/16\t%s\n' "$i" $((1000 + i)) >> prefixes.dat
done
for name in $(python3 "$here/hostile_http.py" --list | awk '!/^tls-/ {print $1}'); do
	lookup "$name.test" 10 127.90.0.1 >> hostile.json
done
python3 "$here/codec_server.py" page.html log "${nodes[@]}" > port &
server=$!
python3 "$here/hostile_http.py" 127.90.0.1 > hostile_port &
hostile=$!
trap 'kill "$server" "$hostile"' EXIT

flux import prefixes prefixes.dat --from 2020-01-01 2> err &&
	flux import observations --format massdns --tag registrar=nic.ru storm.json 2> err &&
	flux import observations --format massdns hostile.json 2> err && flux score 2> err || { cat err; exit 1; }
check 'a name that fluxes' gives flux "select verdict from status where domain = 'storm.example'"
until [ -s port ] && [ -s hostile_port ]; do sleep 0.05; done
ask=(flux probe --port "$(cat port)" --rate 0 --nodes 20)

# Who asks has to be known, and whom.
refuses 2 'write names, or --flux' flux probe
refuses 2 'write names, or --flux' flux probe --flux storm.example
refuses 2 '--port: from 1 to 65535' flux probe --flux --port 65536
refuses 2 '--nodes: from 1 to 1000' flux probe --flux --nodes 0
refuses 2 '--path: a path begins with /' flux probe --flux --path 'a b'
refuses 2 '--timeout: from 1s to 600s' flux probe --flux --timeout 11m
refuses 2 '--allow: ' flux probe --flux --allow 127.0.0.0/33
refuses 1 'who is asked has to know who asks: who reports is not known: write .*reporter.ini' "${ask[@]}" --flux
printf '[reporter]\norg = O\ncontact = abuse@o.example\ndomain = o.example\n' > "$home/reporter.ini"
refuses 1 'cannot open nowhere.ini' "${ask[@]}" --flux --signatures nowhere.ini
printf 'not an entry\n' > "$home/opt-out.txt"
refuses 1 'opt-out.txt, line 1: ' "${ask[@]}" --flux
printf '# on the phone\n*.storm.example\n' > "$home/opt-out.txt"
fails 1 'storm.example is not asked: it opted out' "${ask[@]}" storm.example --allow 127.0.0.0/8
check 'and the failure is said' says 'there is no node to ask'
fails 1 'other.example is not asked: nothing is known of it' "${ask[@]}" other.example
rm "$home/opt-out.txt"
check 'none of these connected anywhere' test "$(connections)" = 0

# Private addresses are not reached, whoever publishes them; what was not asked is on record too.
"${ask[@]}" --flux > out 2> err
check 'a probe that may reach none' test $? = 0
check 'connects nowhere' test "$(connections)" = 0
check 'and records that' gives '20 vetoed' 'select count(*), outcome from page group by outcome'

# Those that do not want to are not asked; the others are, once each.
printf '127.60.0.0/16\n' > "$home/opt-out.txt"
"${ask[@]}" --flux --allow 127.0.0.0/8 > out 2> err
check 'a probe' test $? = 0
check 'who opted out is told of' grep -q '127.60.0.1 of storm.example is not asked: it opted out' err
check 'and counted' grep -q 'names and addresses that are not asked: 1$' err
check 'the same page is told of' grep -q 'storm.example: the same page from 19 of 19 nodes with one, in 19 networks' err
check 'each of the others was asked once' diff <(printf '%s\n' "${nodes[@]:1}") <(awk '/^connection/ {print $2}' log | sort)
check 'by who says so, for this name' test "$(awk '/^request/ {$2 = ""; print}' log | sort -u | sed "s/$(cat port)/PORT/; s|fluxtrack/[0-9.]*|fluxtrack|")" = \
	'request  / storm.example:PORT fluxtrack (abuse research; abuse@o.example)'
check 'a line a node' test "$(grep -c 'answered *200 *80  .*storm-codec$' out)" = 19
rm "$home/opt-out.txt"
"${ask[@]}" storm.example --allow 127.0.0.0/8 > out 2> err
check 'the same page from all 20' grep -q 'the same page from 20 of 20 nodes with one, in 20 networks' err
check 'a tag, a family, and the tags from before' gives 'storm {"lure": "storm-codec", "family": "storm", "registrar": "nic.ru"}' \
	"select family, tags from domain where name = 'storm.example'"
check 'a row an answer' gives '20 vetoed 
39 answered 200' 'select count(*), outcome, status from page group by outcome, status order by 1'
flux score 2> err
check 'figures of it' gives '20 20 20' "select page_nodes, page_networks, page_answered from flux_features('storm.example')"
hash=$(sha256sum page.html)
check 'a reason' gives 1 "select count(*) from status, unnest(reasons) r where domain = 'storm.example'
	and r = 'the same page (SHA-256 ${hash:0:16}...) came from 20 addresses in 20 networks: proxies'"
check 'the verdict is the same' gives flux "select verdict from status where domain = 'storm.example'"

# The dossier, and its check against the record.
flux evidence storm.example -o e.txt
check 'dossier: what the nodes agree on' grep -q '20 of the 20 nodes served the same' e.txt
check 'dossier: the signature' grep -q 'signature storm-codec: 20 addresses in 20 networks' e.txt
check 'dossier: the hash' grep -q "SHA-256 ${hash%% *}" e.txt
flux evidence storm.example --format json -o e.json
flux evidence storm.example --format html -o e.html
check 'page: the same' grep -q '20 of the 20 nodes that served one served the same, in 20 networks' e.html
check 'no page is shown' sh -c '! grep -qi "i love you" e.txt e.json e.html'
flux verify e.json > out 2> err
check 'dossier: it holds' test $? = 0
check 'dossier: and its pages' grep -q '^pages as recorded: 2 of 2$' out
sed "s/${hash%% *}/${hash:1:63}0/" e.json > changed.json
flux verify changed.json > out 2> err
check 'another hash does not' grep -q 'record .*: body_sha256 is' err

# The hostile server: by name, and each case its own outcome, octets and time within the limits.
mapfile -t cases < <(python3 "$here/hostile_http.py" --list | awk '!/^tls-/ {print $1 ".test"}')
check 'cases' test "${#cases[@]}" -ge 25
flux probe "${cases[@]}" --port "$(cat hostile_port)" --rate 0 --timeout 2s --allow 127.90.0.1 > out 2> err
check 'a probe of hostile nodes' test $? = 0
rows "select split_part(d.name, '.', 1), p.outcome from page p join domain d on d.id = p.domain_id where d.name like '%.test'
	order by 1" > outcomes
check 'each case is a record with its outcome' diff <(python3 "$here/hostile_http.py" --list | grep -v ^tls- | sort) <(sort outcomes)
check 'none over 256 KiB' gives 262144 'select max(body_octets) from page'
# The rest is for a machine that is busy: a case that no limit ends takes a minute.
check 'none over its time' gives t "select max(took) < interval '9 s' from page"
check 'nor is anything printed raw' sh -c '! LC_ALL=C grep -q "[^[:print:][:space:]]" out err'
python3 -c "import urllib.request as r; print(r.urlopen('http://127.90.0.1:$(cat hostile_port)/count').read().decode())" > counts
check 'one connection a case, and none to where they lead' diff <(printf 'all %s\n' "${#cases[@]}") <(grep -E '^(all|trap) ' counts)
finish
