# SPDX-License-Identifier: MIT
# Every option used wrongly: one line that says what and what to do, exit code 2, and nothing made.
set -uo pipefail
. "$(dirname "$0")/cli.inc"

commands="track load enrich score status evidence verify export import extract dga db doctor"

helps() {
	"$@" > out 2> err && grep -q '^usage: fluxtrack' out && grep -q '^Exit codes:' out && [ ! -s err ]
}

check "help of the whole" helps flux --help
check "version" grep -qE '^fluxtrack [0-9]+\.[0-9]+\.[0-9]+$' <(flux --version)
for command in $commands; do
	check "help of $command" helps flux "$command" --help
	refuses 2 "unknown option --nothing; see fluxtrack $command --help" flux "$command" --nothing
	refuses 2 "unknown option -Z; see" flux "$command" -Z
done

flux > out 2> err
check "no command: exit 2, and the help on stderr" test $? = 2 -a ! -s out
check "no command: it says so" says "no command given"
refuses 2 "unknown option --nothing" flux --nothing status
refuses 2 "unknown command 'follow'" flux follow
refuses 2 "unknown command '.027\[31m'" flux $'\033[31m'
refuses 2 "option --home needs a value" "$FLUXTRACK" -C
refuses 2 "--home: the value is empty" "$FLUXTRACK" -C '' status
refuses 2 "option --db needs a value" flux --db
refuses 2 "--db: the value is empty" flux --db '' status
refuses 2 "option --help takes no value" flux --help=yes
refuses 2 "option --version takes no value" flux --version=1

refuses 2 "option --resolver needs a value" flux track --resolver
for server in '' localhost 300.1.1.1 127.0.0.1:0 127.0.0.1:65536 127.0.0.1:x '[::1]53' 127.0.0.1: ; do
	refuses 2 "--resolver: " flux track --resolver "$server" a.example
done
seventeen=()
for n in {1..17}; do
	seventeen+=(--resolver "127.0.0.$n")
done
refuses 2 "--resolver: at most 16" flux track "${seventeen[@]}" a.example
refuses 2 "--rate: 'fast' is not a rate" flux track --rate fast a.example
refuses 2 "--rate: '-1' is not a rate" flux track --rate -1 a.example
refuses 2 "--rate: '1e9' is not a rate" flux track --rate 1e9 a.example
refuses 2 "--for: '10' is not a duration" flux track --for 10 a.example
refuses 2 "--for: '10y' is not a duration" flux track --for 10y a.example
refuses 2 "option --forever takes no value" flux track --forever=yes
refuses 2 "--for and --forever exclude" flux track --for 1m --forever a.example
refuses 2 "--vantage: 'a b' is no vantage" flux track --vantage 'a b' a.example
refuses 2 "option --no-load takes no value" flux track --no-load=1
refuses 2 "option --no-score takes no value" flux track --no-score=1
refuses 2 "leave out --no-load" flux track --no-load --json a.example
refuses 2 "option --quiet takes no value" flux track --quiet=1
refuses 2 "option --online takes no value" flux track --online=1
refuses 2 "leave out --no-load" flux track --no-load --online a.example
refuses 2 "run enrich from cron" flux track --forever --online a.example
refuses 2 "--no-rdap is said with --online alone" flux track --no-rdap a.example
refuses 2 "option --dga needs a value" flux track --dga
refuses 2 "--dga: no generator of a family 'storm'; there is kraken" flux track --dga storm
refuses 2 "--dga: no generator of a family ''" flux track --dga :5
refuses 2 "--dga: no generator of a family 'krak.027'" flux track --dga $'krak\033'
for number in '' x -1 1.5 1:2; do
	refuses 2 "--dga: '$number' is not a whole number" flux track --dga "kraken:$number"
done
for number in 0 10001; do
	refuses 2 "--dga: from 1 to 10000 indices, not $number" flux track --dga "kraken:$number"
done

refuses 2 "--resolver: " flux enrich --resolver localhost
refuses 2 "--rate: 'fast' is not a rate" flux enrich --rate fast
refuses 2 "--limit: 'all' is not a whole number" flux enrich --limit all
refuses 2 "--limit is 1 at least" flux enrich --limit 0
refuses 2 "together leave nothing to ask" flux enrich --no-dns --no-rdap
refuses 2 "--rdap-bootstrap: give an http or https URL" flux enrich --rdap-bootstrap file:///etc
refuses 2 "--rdap-bootstrap: give an http or https URL" flux enrich --rdap-bootstrap 'http://a b/'
refuses 2 "--allow: " flux enrich --allow 127.0.0.0/33
refuses 2 "'a.example' is one word too many" flux enrich a.example

refuses 2 "option --all takes no value" flux score --all=1
refuses 2 "--at: 'noon' is not a time" flux score --at noon
refuses 2 "--known: 'noon' is not a time" flux score --known noon
refuses 2 "option --known needs a value" flux score --known
refuses 2 "leave out --at and --known" flux score --at 2008-04-08 --online
refuses 2 "leave out --at and --known" flux score --known 2008-04-08 --online
refuses 2 "option --online takes no value" flux score --online=1
refuses 2 "--resolver is asked with --online alone" flux score --resolver 127.0.0.1
refuses 2 "--no-rdap is said with --online alone" flux score --no-rdap
refuses 2 "'now' is one word too many" flux score now
refuses 2 "option --json takes no value" flux status --json=1
refuses 2 "'x' is one word too many" flux status x

refuses 2 "too few words; usage: fluxtrack evidence NAME" flux evidence
refuses 2 "'b.example' is one word too many" flux evidence a.example b.example
refuses 2 "--format: 'pdf' is no format; write text, json or html" flux evidence a.example --format pdf
refuses 2 "option --output needs a value" flux evidence a.example -o
refuses 2 "too few words; usage: fluxtrack verify FILE" flux verify
refuses 2 "'b.json' is one word too many" flux verify a.json b.json
refuses 2 "--archive: the value is empty" flux verify a.json --archive ''
refuses 2 "192.0.2.1" flux evidence 192.0.2.1

refuses 2 "too few words; usage: fluxtrack export FORMAT" flux export
refuses 2 "unknown format 'xml'; there are csv, cof, xarf, stix, misp and rpz" flux export xml
for asn in x 0 -1 4294967296 AS; do
	refuses 2 "--asn: .* is not an AS number" flux export csv --asn "$asn"
done
refuses 2 "--domain: the value is empty" flux export csv --domain ''
refuses 2 "single label" flux export csv --domain nodot
refuses 2 "--since: 'yesterday' is not a time" flux export csv --since yesterday
refuses 2 "--output: the value is empty" flux export csv -o ''
for verdicts in cdn flux,dead flux, ,flux 'flux suspect' fluxx flu; do
	refuses 2 "--verdict: '.*' is not a list of flux, double-flux and suspect" flux export csv --verdict "$verdicts"
done
refuses 2 "--family: '.*' is no family" flux export csv --family $'\xff'
for format in xarf misp rpz; do
	refuses 2 "$format asks others to act: there is none of suspects" flux export $format --verdict flux,suspect -o x
done
refuses 2 "--max-age: " flux export csv --max-age yesterday
refuses 2 "--min-observations: 'x' is not a whole number" flux export csv --min-observations x
refuses 2 "--split: cannot split by 'domain'; by asn alone" flux export csv --split domain -o x
refuses 2 "--split is for csv, not for rpz" flux export rpz --split asn -o x
refuses 2 "this writes a folder: say which with -o DIR" flux export csv --split asn
refuses 2 "this writes a folder: say which with -o DIR" flux export misp -o -

refuses 2 "too few words; usage: fluxtrack import targets " flux import
refuses 2 "wrong number of words; usage: fluxtrack import prefixes FILE" flux import prefixes
refuses 2 "cannot import 'names'; there are targets, observations, prefixes, list, families" flux import names file
refuses 2 "--from: 'May 2008' is not a day" flux import prefixes file --from 'May 2008'
refuses 2 "wrong number of words; usage: fluxtrack import prefixes FILE" flux import prefixes a b
refuses 2 "wrong number of words; usage: fluxtrack import list LIST FILE" flux import list cdn
refuses 2 "for import prefixes alone" flux import observations file --from 2008-05-01
refuses 2 "say what wrote the file: --format massdns, zeek or cof" flux import observations file
refuses 2 "--format: 'pcap' is no format; there are massdns, zeek, cof" flux import observations file --format pcap
refuses 2 "--vantage: 'a b' is no vantage" flux import observations file --vantage 'a b'
for tag in family 'a b=c' '=storm' 'a=b #c'; do
	refuses 2 "--tag: '.*' is no tag; write KEY=VALUE" flux import observations file --tag "$tag"
done
refuses 2 "alone" flux import prefixes file --format cof
refuses 2 "alone" flux import list cdn file --tag a=b
refuses 2 "--vantage is for import observations alone" flux import targets file --vantage here
refuses 2 "alone" flux import list cdn file --family storm
refuses 2 "--family: 'family=a b' is no tag" flux import targets file --family 'a b'
for option in '--feeds x' --drop; do
	# shellcheck disable=SC2086
	refuses 2 "--feeds and --drop are for import targets alone" flux import prefixes file $option
done

refuses 2 "too few words; usage: fluxtrack dga kraken" flux dga
refuses 2 "no generator of a family 'storm'; there is kraken" flux dga storm
refuses 2 "version" flux dga kraken --version 3
refuses 2 "seed" flux dga kraken --seed c
refuses 2 "seed" flux dga kraken --seed ab
refuses 2 "tlds|parents" flux dga kraken --version 2 --tlds 3
refuses 2 "--version: 'one' is not a whole number" flux dga kraken --version one
refuses 2 "--tlds: 'x' is not a whole number" flux dga kraken --tlds x
refuses 2 "--at: 'noon' is not a time" flux dga kraken --at noon
refuses 2 "--count: '-5' is not a whole number" flux dga kraken --count -5
refuses 2 "--count: at most" flux dga kraken --count 1000001
refuses 2 "'storm' is one word too many; usage: fluxtrack dga kraken" flux dga kraken storm

refuses 2 "too few words; usage: fluxtrack db start" flux db
refuses 2 "unknown action 'drop'; there are start, stop" flux db drop
for action in start stop migrate url; do
	refuses 2 "'x' is one word too many; usage: fluxtrack db $action" flux db $action x
done
for action in start stop; do
	refuses 2 "not fluxtrack's to start or stop" flux --db host=127.0.0.1 db $action
	refuses 2 "not fluxtrack's to start or stop" env FLUXTRACK_DB=host=127.0.0.1 "$FLUXTRACK" db $action
	refuses 2 "not fluxtrack's to start or stop" env PGHOST=127.0.0.1 "$FLUXTRACK" db $action
done
refuses 2 "--resolver: " flux doctor --resolver localhost
refuses 2 "'x' is one word too many" flux doctor x

# Commands that only read make no home where a path was mistyped.
for command in load score status "evidence a.example" "export csv" "db stop" "db url" "db sql"; do
	# shellcheck disable=SC2086
	refuses 1 "no home at .*home yet" flux $command
done
check "nothing was made" test ! -e "$home"
finish
