# SPDX-License-Identifier: MIT
# Names, nameservers, PTR names and texts of every octet, markup, formulas and marks that turn text: through every
# format, whose own parser then has to find them all, and nothing that acts.
set -uo pipefail
. "$(dirname "$0")/cli.inc"
here=$(realpath "$(dirname "$0")")

hostile() {
	python3 "$here/hostile_formats.py" "$@"
}

# gives FILE COMMAND...: exit code 0. What it prints goes into made/FILE, what it says into made/FILE.err.
gives() {
	local file=$1
	shift
	flux "$@" > "made/$file" 2> "made/$file.err"
	check "$file" test $? = 0
}

mkdir made "$home"
check "make the data" hostile make .
mv reporter.ini "$home"
gives prefixes import prefixes prefixes.dat --from 2008-04-01
for list in dyndns cdn; do
	gives "list.$list" import list $list $list/*
done
gives families import families families/*
number=0
while read -r family other; do
	gives "told.$number" import observations "$(hostile file $number)" --format massdns --vantage "<i>\"@v'\\" \
		--tag "$family" --tag "$other"
	number=$((number + 1))
done < tags
gives score score

# What no file may say is refused, and not repeated as it is.
for file in refused/*; do
	fails 1 'a control character in it' flux import families "$file"
	cp err "made/${file##*/}.err"
done
for word in $'family=\e[2J' $'family=\xe2\x80\xae'; do
	fails 2 'is no tag' flux import observations prefixes.dat --format massdns --tag "$word"
	cp err "made/tag.$((number += 1)).err"
done

gives status status
gives status.json status --json
gives changes changes
gives changes.json changes --reader json --json
gives nodes.csv export csv
gives split.said export csv --split asn -o made/split
gives nodes.cof export cof
gives reports.xarf export xarf
gives bundle.stix export stix
gives feed.said export misp -o made/feed
gives names.rpz export rpz --since 2008-04-01
gives site.said report -o made/site
# The longest name, markup, a formula, and what a terminal would obey.
for number in 13 16 26 43; do
	name=$(hostile name $number)
	gives $number.txt evidence "$name"
	gives $number.json evidence "$name" --format json
	gives $number.html evidence "$name" --format html
	gives $number.verified verify made/$number.json
	gives $number.csv export csv --domain "$name"
done
check "each is read back whole, and nothing in it acts" hostile check .
check "the XARF reports are to their schemas" python3 "$here/export_schemas.py" xarf made/reports.xarf
check "the STIX bundle is to its own" python3 "$here/export_schemas.py" stix made/bundle.stix
check "the pages are well-formed" python3 "$here/html_check.py" made/*.html made/site/index.html

if ! command -v unbound > /dev/null; then
	skip "unbound reads the zone" "there is no unbound here"
	finish
	exit
fi
cat > unbound.conf << END
server:
	chroot: ""
	username: ""
	directory: "$WORK"
	use-syslog: no
	do-daemonize: no
	verbosity: 1
	interface: 127.$((RANDOM % 200 + 20)).$((RANDOM % 250)).3
	port: 5300
	pidfile: "$WORK/unbound.pid"
	module-config: "respip iterator"
rpz:
	name: rpz.test
	zonefile: "$WORK/made/names.rpz"
remote-control:
	control-enable: no
END
timeout 1 unbound -c unbound.conf 2> unbound.log
check "unbound starts with the zone" grep -q 'start of service' unbound.log
check "and finds no fault with it" test -z "$(grep -E 'error|warning' unbound.log)"
finish
