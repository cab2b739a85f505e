# SPDX-License-Identifier: MIT
# import list: a plain list and a warning list as MISP writes them, what a second import changes, wrong words.
# import families: what a file tells stands before what comes with the program.
# With MISP's own lists in ../shared/data/lists beside the project, these too.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/cli.inc
. "$here/cli.inc"

sql() {
	flux db sql -XAtc "$1"
}

# gives EXPECTED SQL: the one value that it must give.
gives() {
	local got
	got=$(sql "$2")
	[ "$got" = "$1" ] && return
	echo "# expected $1, got $got"
	return 1
}

printf '# date: 2024-02-29\r\nA.Example.\r\n*.b[.]example ; why\r\n198.51.100.0/24\r\nno name\r\n0.0.0.0/0\r\n' > mine.txt
cat > misp.json << 'END'
{"description": "parked", "list": ["c.example", ".D.example", "203.0.113.7"], "matching_attributes": ["domain"],
"name": "Parked", "type": "hostname", "version": 20230102}
END

flux import list cdn mine.txt 2> err
check 'a plain list is imported' [ $? = 0 ]
check 'its bad lines are said' grep -q 'mine.txt line 5: "no name"' err
check 'a prefix of everything is one' grep -q '"0.0.0.0/0" is too large' err
check 'its entries are there, with the date' gives '2024-02-29 198.51.100.0/24 a.example b.example' \
	"select listed_on || ' ' || string_agg(coalesce(prefix::text, name), ' ' order by prefix, name) from list_entry
	where source = 'mine.txt' and list = 'cdn' and removed_at is null group by listed_on"
gzip misp.json
flux import list parking misp.json.gz 2> err
check 'a warning list is imported' [ $? = 0 ]
check 'with the date of its version' gives '2023-01-02 3' \
	"select listed_on || ' ' || count(*) from list_entry where source = 'misp.json.gz' group by listed_on"
check 'a name below an entry is on the list' gives 'parking' "select list from entries_above('{www.d.example}')"

printf 'a.example\n' > mine.txt
flux import list cdn mine.txt 2> err
check 'imported again, it replaces what it said' gives 'a.example' \
	"select string_agg(coalesce(prefix::text, name), ' ') from list_entry where source = 'mine.txt' and removed_at is null"
check 'what it says no longer is marked, not deleted' gives 2 \
	"select count(*) from list_entry where source = 'mine.txt' and removed_at is not null"

printf '<html>404</html>\n' > page.txt
printf '{"list": [".*"], "type": "regex"}' > regex.json
fails 1 'page.txt holds no name, address or prefix' flux import list cdn page.txt
refuses 1 'regex.json is a warning list of regular expressions' flux import list cdn regex.json
refuses 1 'cannot open nowhere.txt' flux import list cdn nowhere.txt
refuses 2 "there is no list 'reserved'" flux import list reserved mine.txt

printf '[Kraken]\nnode = command\nalias = bobax2\nflow = tcp/8080 what we saw\n' > families.ini
flux import families families.ini 2> err
check 'families are imported' [ $? = 0 ]
check 'how many is said' says 'families: 1, of them new or told otherwise than before 1'
check 'and count by any of their names' gives 8080 "select family_facts('BOBAX2') #>> '{flows,0,port}'"
printf '[b]\nnode = proxy\n[kraken]\nnode = bot\n' > families.ini
refuses 1 'families.ini, line 4: a node is command or proxy' flux import families families.ini
check 'a fault imports nothing' gives 8080 "select family_facts('kraken') #>> '{flows,0,port}'"
refuses 2 'wrong number of words; usage: fluxtrack import families FILE' flux import families a b
refuses 2 '--from is for import prefixes alone' flux import families families.ini --from 2024-01-01

lists=$here/../../../shared/data/lists
if [ -d "$lists" ]; then
	while read -r list name; do
		flux import list "$list" "$lists/$name" 2> err
		check "$name" [ $? = 0 ]
		check "$name: every entry is there" gives "$(grep -cE '^    "' <(sed '/"matching_attributes"/,$d' "$lists/$name"))" \
			"select count(*) from list_entry where source = '$name' and removed_at is null"
	done <<- 'END'
		cdn misp-akamai.json
		cdn misp-cloudflare.json
		cdn misp-fastly.json
		parking misp-parking-domain-ns.json
		parking misp-parking-domain.json
		sinkhole misp-sinkholes.json
	END
else
	skip "MISP's own lists" 'not beside the project'
fi
finish
