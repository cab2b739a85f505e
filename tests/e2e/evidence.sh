# SPDX-License-Identifier: MIT
# A dossier and its check, over the real archive: what is true holds, also without the database and with the
# segments alone; one changed octet, a cut or a missing segment, or a changed word of the dossier does not.
set -uo pipefail
. "$(dirname "$0")/cli.inc"
here=$(cd "$(dirname "$0")" && pwd)

not_in() {
	! grep -q -- "$2" "$1"
}

mkdir -p "$home"
"$TOOLS/spool_tool" play "$here/golden_observations.tsv" "$home" || exit 1
grep -v '^#' "$here/golden_prefixes.tsv" | cut -f 1,2 > prefixes.dat
flux import prefixes prefixes.dat --from 2008-05-01 2> err && flux load 2> err || { cat err; exit 1; }
# Lookups that another tool tells of, with what may act in a text; and a second segment of our own.
printf '{"rrname":"smsclubnet.com.","rrtype":"A","rdata":["192.0.2.7","192.0.2.7"],"time_first":1314875000,"time_last":1314875000,"count":1}\n' > '=<b>.cof'
flux import observations '=<b>.cof' --format cof 2> err && flux load 2> err && flux score 2> err || { cat err; exit 1; }

flux evidence smsclubnet.com --format json -o e.json
check "a dossier" test -s e.json
flux evidence smsclubnet.com -o e.txt
check "text: of 84 columns" test "$(awk '{ if (length > n) n = length } END { print (n <= 84) }' e.txt)" = 1
check "text: names are defanged" not_in e.txt 'smsclubnet\.com'
check "text: the raw message" grep -q '736d73636c75' e.txt

# A question of the dossier, in Python over e; prints what it comes to.
ask() {
	python3 -c "import json; e = json.load(open('e.json')); print($1)"
}
check "its addresses" test "$(ask 'len(e["nodes"])')" = 20
check "TTL 0, one address an answer" test "$(ask '{(c["ttl"], len(c["addresses"])) for c in e["chosen"] if not c["source"]}')" = '{(0, 1)}'
check "every chosen lookup has its message" test "$(ask 'len([c for c in e["chosen"] if c["message"]])')" = 12
check "the answer is decoded" test "$(ask 'all(c["message"]["decoded"]["answer"][0]["data"] == c["addresses"][0] for c in e["chosen"])')" = True
check "what is odd is said" test "$(ask '[c["anomalies"] for c in e["chosen"] if c["source"]]')" = "[['duplicate']]"
check "a told one says whose line it is" test "$(ask '[c["made_up_from"] for c in e["chosen"] if c["source"]]')" = "['line 1 of =<b>.cof']"

# holds TEXT COMMAND...: verify finds no difference.
holds() {
	local text=$1
	shift
	"$@" > out 2> err
	check "$text" test "$?" = 0 -a ! -s err
}

# differs TEXT PATTERN COMMAND...: verify exits with 1 and says PATTERN.
differs() {
	local text=$1 pattern=$2
	shift 2
	"$@" > out 2> err
	check "$text" test "$?" = 1 -a "$(grep -cE -- "$pattern" err)" -ge 1
}

holds "it verifies" flux verify e.json
check "all of it" not_in out ' 0 of 0'
check "and it says what it did not check" test "$(tail -n 1 out | cut -c -21)" = 'not checked: verdict,'
flux db stop 2> err
holds "without the database" flux verify e.json
check "which stays stopped" test ! -e "$home/pg/data/postmaster.pid"
holds "from stdin" sh -c '"$0" -C "$1" verify - < e.json' "$FLUXTRACK" "$home"
mkdir alone && find "$home/archive" -name '*.seg' -exec cp {} alone \;
holds "with the segments alone, and no home" "$FLUXTRACK" -C nowhere verify e.json --archive alone
differs "of an empty folder" 'segment .* is not in' flux verify e.json --archive .

# One octet of the archive, anywhere.
segment=$(find alone -name '*01.seg')
size=$(stat -c %s "$segment")
cp "$segment" kept
for at in 3 9 40 $((size / 2)) $((size - 1)); do
	python3 - "$segment" "$at" << 'END'
import sys
with open(sys.argv[1], 'r+b') as file:
    file.seek(int(sys.argv[2]))
    octet = file.read(1)[0]
    file.seek(int(sys.argv[2]))
    file.write(bytes([octet ^ 0x20]))
END
	differs "octet $at of $size changed" 'is no segment|record [0-9]+, octet [0-9]+' \
		flux verify e.json --archive alone
	cp kept "$segment"
done
head -c $((size - 20)) kept > "$segment"
differs "a cut segment" 'cut at record' flux verify e.json --archive alone
cp "$(find alone -name '*02.seg')" "$segment"
differs "another segment in its place" 'sha256 is' flux verify e.json --archive alone
cp kept "$segment"
holds "as it was" flux verify e.json --archive alone

# One word of the dossier.
while read -r word change; do
	python3 -c "import json; e = json.load(open('e.json')); $change; json.dump(e, open('changed.json', 'w'))"
	differs "changed: $word" "$word" flux verify changed.json
done << 'END'
addresses e["observations"][0]["addresses"] = ["192.0.2.99"]
observed_at e["observations"][0]["observed_at"] = "2011-09-01T00:00:00Z"
ttl e["chosen"][3]["ttl"] = 300
hex m = e["chosen"][3]["message"]; m["hex"] = m["hex"][:-1] + "f" * (m["hex"][-1] != "f") + "0" * (m["hex"][-1] == "f")
decoded e["chosen"][3]["message"]["decoded"]["answer"][0]["data"] = "192.0.2.99"
sha256 s = e["segments"][0]; t = "0" * 64; [x.update(sha256=t) for x in e["observations"] + e["chosen"] + [s] if x["sha256"] == s["sha256"]]
previous_sha256 e["segments"][1]["previous_sha256"] = None
source e["sources"][0]["sha256"] = "0" * 64
name e["domain"] = "www.example"
anomalies e["chosen"][3]["anomalies"] = ["cap"]
anomalies [c.update(anomalies=[]) for c in e["chosen"] if c["source"]]
no.link e["chain"] = []
no.link [c.update(links=[]) for c in e["chain"]]
the.last.link.number c = e["chain"][0]; c["head"] = c["links"][0]
cites.no.lookup e.update({x: [] for x in ("observations", "chosen", "segments", "chain", "sources")})
no.name.of.a.segment e["segments"][0]["segment"] = "../../" + e["segments"][0]["segment"]
END

# Refused before any segment is read: what would run over, and what would be read again and again.
while read -r word change; do
	python3 -c "import json; e = json.load(open('e.json')); c = e['chain'][0]; $change; json.dump(e, open('changed.json', 'w'))"
	fails 1 "no dossier: .*$word" flux verify changed.json
done << 'END'
omitted c["omitted"] = 2**63 - 1
sequence c["links"][0]["sequence"] = 2**63 - 1
links c["links"] = c["links"][:1] * 2000
chain e["chain"] *= 2
END

printf '{"domain": "a.example"' > bad.json
fails 1 "bad.json: no JSON: line 1" flux verify bad.json
fails 1 "cannot open nowhere.json: No such file" flux verify nowhere.json
head -c 200000 /dev/zero | tr '\0' '[' > deep.json
fails 1 "deep.json: no JSON" flux verify deep.json
printf '[]' > list.json
fails 1 "list.json: no dossier" flux verify list.json
refuses 2 "too few words; usage: fluxtrack verify FILE" flux verify

# Without the archive the dossier says why it has no messages.
mv "$home/archive" "$home/elsewhere"
flux evidence smsclubnet.com --format json -o e.json
check "no archive: it says so" test "$(ask '{c["message_missing"] for c in e["chosen"]}')" = "{'its segment is not in the archive here'}"

finish
