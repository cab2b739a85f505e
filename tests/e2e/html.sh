# SPDX-License-Identifier: MIT
# The dossier as a page: well-formed, readable, and in a browser without an error or a request.
set -u
here=$(dirname "$0")
. "$here/cli.inc"
. "$here/browser.inc"

mkdir -p "$home"
"$TOOLS/spool_tool" play "$here/golden_observations.tsv" "$home" > play.out
grep -v '^#' "$here/golden_prefixes.tsv" | cut -f 1,2 > prefixes.dat
flux import prefixes prefixes.dat --from 2008-05-01 2> err
flux load 2> err
flux score 2> err

check "a page of a flux name" flux evidence smsclubnet.com --format html -o flux.html
check "a page of another" flux evidence myspace.com --format html -o other.html
check "nothing is wrong with them" python3 "$here/html_check.py" flux.html other.html
check "it says the verdict" grep -q '<b class="badge bad">flux</b>' flux.html
check "it has the raw messages, decoded" grep -q '^<pre>id [0-9]*, flags 0x' flux.html
check "and the plots" test "$(grep -c '<svg class="plot" role="img"' flux.html)" -ge 3
fails 1 "nothing is known of nowhere.example" flux evidence nowhere.example --format html

if command -v chromium > /dev/null; then
	check "a browser opens it" browse flux.html --log-net-log="$WORK/net.json" --screenshot="$WORK/flux.png"
	check "without an error" test -z "$(grep CONSOLE browser.err)"
	check "and asks for nothing" test -z "$(requests net.json)"
	echo '<!DOCTYPE html><img src="http://127.0.0.1:9/control">' > asks.html
	browse asks.html --log-net-log="$WORK/asked.json" --screenshot="$WORK/asks.png"
	check "as another would be seen to" test "$(requests asked.json)" = http://127.0.0.1:9/control
	frame flux.html > frame.html
	browse frame.html --allow-file-access-from-files --virtual-time-budget=3000 --dump-dom
	check "it fits a phone" grep -q "<title>fits</title>" browser.out
else
	skip "in a browser" "there is no chromium"
fi
finish
