# SPDX-License-Identifier: MIT
# The nodes of names that papers call flux, as CSV for one receiver and for each network's.
set -uo pipefail
. "$(dirname "$0")/cli.inc"
here=$(dirname "$0")

mkdir -p "$home"
"$TOOLS/spool_tool" play "$here/golden_observations.tsv" "$home"
grep -v '^#' "$here/golden_prefixes.tsv" | cut -f 1,2 > prefixes.dat
check "import prefixes" flux import prefixes prefixes.dat --from 2008-05-01
check "load" flux load
check "score" flux score

# cells FILE EXPRESSION: EXPRESSION of Python holds, where `rows` is a list of dictionaries, one a row.
cells() {
	python3 -c 'import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
sys.exit(0 if eval(sys.argv[2]) else f"rows are: {rows[:3]}")' "$1" "$2"
}

check "export csv" flux export csv -o nodes.csv 2> err
check "says what leaves" grep -qx "fluxtrack: 19 addresses of 1 name" err
check "one name fluxes, by 19 addresses" cells nodes.csv \
	'len(rows) == 19 == len({r["ip"] for r in rows}) and {r["domain"] for r in rows} == {"smsclubnet.com"}'
check "every row is whole" cells nodes.csv \
	'all(None not in r and None not in r.values() and r["verdict"] == "flux" for r in rows)'
check "no cell is a formula" cells nodes.csv \
	'all(cell[:1] not in list("=+-@\t\r") or not cell for r in rows for cell in r.values())'
asn=$(sed -n 2p nodes.csv | cut -d , -f 4)
check "of one network" flux export csv --asn "$asn" -o one.csv
check "only its nodes" cells one.csv "0 < len(rows) < 19 and {r['asn'] for r in rows} == {'$asn'}"
check "of no age" flux export csv --max-age 1h -o none.csv 2> err
check "nothing is that new" cells none.csv 'rows == []'
check "a hint" says "no node of a name that fluxes passes the filter"

# The networks' files.
mkdir networks
touch networks/AS1.csv networks/unknown.csv.aB3xY9 networks/AS1.csv.mine networks/notes networks/$'x\xff.csv'
check "split" flux export csv --split asn -o networks
listed() {
	python3 - networks <<'END'
import csv, json, os, sys
os.chdir(sys.argv[1])
files = json.load(open("manifest.json"))["files"]
rows = []
for file in files:
    found = list(csv.DictReader(open(file["file"], newline="")))
    assert len(found) == file["nodes"] > 0, file
    assert {r["asn"] for r in found} == {str(file["asn"] or "")}, file
    assert len({r["domain"] for r in found}) == file["domains"], file
    rows += found
whole = list(csv.DictReader(open("../nodes.csv", newline="")))
order = lambda r: (r["domain"], r["ip"])
assert sorted(rows, key=order) == sorted(whole, key=order)
assert len(files) > 3
present = set(os.listdir(b"."))
assert present == {f["file"].encode() for f in files} | {b"manifest.json", b"AS1.csv.mine", b"notes", b"x\xff.csv"}, present
END
}
check "the files are the whole, and what is not listed is gone" listed
check "split again" flux export csv --split asn -o networks --asn "$asn"
check "one network is left" test "$(ls networks | grep -c '^AS[0-9]*\.csv$')" = 1

# Two that write the same file do not meet; a file keeps its mode.
chmod 600 nodes.csv
for ((i = 0; i < 4; i++)); do
	flux export csv -o nodes.csv 2> "err.$i" &
done
wait
check "four at once leave a whole file" cells nodes.csv 'len(rows) == 19'
check "of the mode it had" test "$(stat -c %a nodes.csv)" = 600
check "and nothing beside it" test "$(echo nodes.csv*)" = nodes.csv
fails 1 "cannot write" flux export csv -o /dev/full
# Whoever closes a descriptor gets nothing of ours into a file.
check "no stdout: it fails" test "$(flux export csv >&- 2> /dev/null; echo $?)" = 1
check "no stderr: it says nothing" flux export csv -o nodes.csv 2>&-

refuses 1 "cannot make .*nowhere/x.csv" flux export csv -o nowhere/x.csv
refuses 1 "reporter.ini" flux export xarf
finish
