# SPDX-License-Identifier: MIT
# extract: texts in, a list out that reads back as one; patterns of one's own; wrong words.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/cli.inc
. "$here/cli.inc"

# gives TEXT COMMAND...: what it prints, in one line.
gives() {
	local want=$1 got
	shift
	got=$("$@" 2> err | tr '\n' ';')
	[ "$got" = "$want" ] && return
	echo "# got $got"
	return 1
}

printf 'Go to hxxp://lure[.]example[.]com/index.html, or mail joe@post.example.org.\r\nNot file.zip.\n' > mail.txt
printf '<a href="http://www.example.net/run.sh">LURE.example.com</a>\0two.example.com' > page.html
check 'names of a mail, in their order' gives 'lure.example.com;post.example.org;' flux extract mail.txt
check 'how many is said' says 'names: 2'
check 'of several texts each once' gives 'lure.example.com;post.example.org;www.example.net;two.example.com;' \
	flux extract mail.txt page.html
check 'from standard input' gives 'www.example.net seen=spam kind=2;lure.example.com seen=spam kind=2;two.example.com seen=spam kind=2;' \
	flux extract --tag seen=spam --tag kind=2 < page.html
check 'from -' gives 'www.example.net;lure.example.com;two.example.com;lure.example.com;' \
	sh -c "cat page.html | '$FLUXTRACK' extract -; '$FLUXTRACK' extract mail.txt | head -n 1"
check 'no name is no error' gives '' flux extract /dev/null
check 'and is said' says 'names: 0'
flux extract --tag a=b mail.txt > list.txt 2> err
check 'the list is one' gives "$(tr '\n' ';' < list.txt | sed 's/ a=b//g')" flux extract list.txt
check 'it makes no home' [ ! -e "$home" ]

# 20 MB, most of it one line, and a name in each MB.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	head -c 1000000 /dev/zero | tr '\0' x
	echo " n$i.example.com"
done > big.txt
check 'a large text' [ "$(flux extract big.txt 2> err | wc -l)" = 20 ]
large() {
	local kib
	kib=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$FLUXTRACK" extract big.txt)
	echo "# $kib KiB"
	[ "$kib" -lt 200000 ]
}
check 'in bounded memory' large

cat > patterns.ini << 'END'
[storm-lure]
match = (?i)\bpostcard=([a-z0-9.-]{4,253})
family = storm
tag = seen=spam
END
printf 'x.example.com postcard=card.example.com postcard=nothing' > spam.txt
check 'a pattern of ones own gives tags' gives 'x.example.com;card.example.com family=storm seen=spam;' \
	flux extract --patterns patterns.ini spam.txt
printf '[deep]\nmatch = (?:abcd)+=([a-z.]{1,99})\n' > deep.ini
python3 -c 'print("abcd" * 1500 + " evil.example.com =")' > deep.txt
check 'what is undecided does not hide the rest' gives 'evil.example.com;' flux extract --patterns deep.ini deep.txt
check 'and is said' grep -q '1 window of 8 KiB could not be decided: a pattern of deep.ini' err

printf '[slow]\nmatch = (a+)+$\n' > slow.ini
refuses 1 'slow.ini, line 2: \[slow\] match: the pattern may take too long' flux extract --patterns slow.ini mail.txt
refuses 1 'cannot open nowhere.ini' flux extract --patterns nowhere.ini mail.txt
refuses 1 'cannot open nowhere.txt' flux extract nowhere.txt
refuses 1 'cannot read \.: Is a directory' flux extract .
refuses 2 "'storm' is no tag" flux extract --tag storm mail.txt
finish
