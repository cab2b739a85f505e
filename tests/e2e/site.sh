# SPDX-License-Identifier: MIT
# The static site: every page well-formed, every link leading to a page, hostile names harmless, and
# a folder that is replaced as a whole and never when it is somebody else's.
set -u
here=$(dirname "$0")
. "$here/cli.inc"
. "$here/browser.inc"

pages() {
	find "$1" -name '*.html' | sort
}

sql() {
	flux db sql -XqAt -c "$1"
}

# is_sound DIR: all its pages are, and all lead to one another.
is_sound() {
	# shellcheck disable=SC2046 # no name of a page has a blank
	python3 "$here/html_check.py" $(pages "$1") && python3 "$here/site_check.py" "$1"
}

# ordered FILE NAME...: the names stand in the page in this order.
ordered() {
	local file=$1 got
	shift
	got=$(grep -oE '^<tr><th scope="row"><a href="domains/[^"]*">[^<]*' "$file" | sed 's/.*>//' | grep -xF "$(printf '%s\n' "$@")" | uniq)
	[ "$got" = "$(printf '%s\n' "$@")" ] && return
	echo "# got: $got"
	return 1
}

mkdir -p "$home"
refuses 2 "-o DIR" flux report
refuses 2 "one word too many" flux report -o site word
flux db start > out 2> err
flux report -o empty 2> err
check "an empty database gives a site" is_sound empty
check "that says so" grep -q "No name is followed yet" empty/index.html

"$TOOLS/spool_tool" play "$here/golden_observations.tsv" "$home" > play.out
grep -v '^#' "$here/golden_prefixes.tsv" | cut -f 1,2 > prefixes.dat
flux import prefixes prefixes.dat --from 2008-05-01 2> err
flux load 2> err
flux score 2> err
# As a target list could tell them, and enough for a second page.
sql "insert into domain (name, role, family, registered) select n, 'followed', '<b>\"x''y\"= & \\009', n from unnest(array[
	'<script>alert(1)</script>.example', '\"onload=\"x.example', '&amp;.example', 'con.example', '-o.example', '\\\\.\\.example',
	'=1+1.example', repeat('\\255', 63) || '.' || repeat('\\001', 63) || '.' || repeat('\\046', 63) || '.example']) n;
	insert into domain (name, role, registered) select 'n' || n || '.example', 'followed', 'example' from generate_series(1, 500) n"
followed=$(sql "select count(*) from status")

check "a site" flux report -o site 2> err
check "it says how large it is" says "wrote a site of $(pages site | wc -l) pages to site"
check "every page is sound and every link leads to one" is_sound site
check "a page a name" test "$(find site/domains -name '*.html' | wc -l)" = "$followed"
check "nothing is left beside it" test "$(echo site*)" = site

check "the index begins with who fluxes most" test "$(sql 'select domain from status order by score desc, domain limit 1')" = \
	"$(sed -n '/<h2 id="names">/,$p' site/index.html | grep -oE -m 1 '^<tr><th scope="row"><a href="domains/[^"]*">[^<]*' | sed 's/.*>//')"
check "by addresses" ordered site/index-by-addresses.html smsclubnet.com f07b42b93.com thearmynext.info
check "by name" ordered site/index-by-name.html f07b42b93.com images.pcworld.com myspace.com
check "500 names a page" test "$(grep -c '^<tr><th scope="row"><a href="domains/' site/index-by-name.html)" = 500
check "and the rest on the next" test "$(grep -c '^<tr><th scope="row"><a href="domains/' site/index-by-name_p2.html)" = $((followed - 500))
check "the names of a verdict" grep -q 'smsclubnet.com</a>' site/verdicts/flux.html
check "and none of another" test -z "$(grep 'myspace.com' site/verdicts/flux.html)"
check "what changed" grep -q '<h2 id="changes">' site/index.html
asn=$(sql "select asn from node join domain d on d.id = domain_id where name = 'smsclubnet.com' order by 1 limit 1")
check "a network's page has its nodes" grep -q 'smsclubnet.com</a>' "site/networks/as$asn.html"
check "and a name's page leads to networks" grep -q 'href="../networks/as' site/domains/smsclubnet.com.html
check "a name with markup is text" grep -q '&lt;script&gt;alert(1)&lt;/script&gt;.example' site/index-by-name.html

flux report -o site 2> err
check "it is replaced" test "$(echo site*)" = site
mkdir other && touch other/precious
refuses 1 "other holds files that are no site" flux report -o other
check "somebody else's folder stays" test "$(ls other)" = precious

if command -v chromium > /dev/null; then
	for page in index.html domains/smsclubnet.com.html; do
		check "a browser opens $page" browse "site/$page" --log-net-log="$WORK/net.json" --screenshot="$WORK/page.png"
		check "without an error" test -z "$(grep CONSOLE browser.err)"
		check "and asks for nothing" test -z "$(requests net.json)"
	done
	for page in index.html index-by-name.html "networks/as$asn.html"; do
		frame "site/$page" > frame.html
		browse frame.html --allow-file-access-from-files --virtual-time-budget=3000 --dump-dom
		check "$page fits a phone" grep -q "<title>fits</title>" browser.out
	done
else
	skip "in a browser" "there is no chromium"
fi
finish
