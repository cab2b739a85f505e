# SPDX-License-Identifier: MIT
# The lookups that papers print, played through segment, loader, parser and score, give the figures
# that follow from them by hand (golden_observations.tsv; Holz et al. 2008, Hsu et al. 2010).
set -euo pipefail
here=$(dirname "$0")
home=$WORK/home

mkdir -p "$home"
"$TOOLS/spool_tool" play "$here/golden_observations.tsv" "$home"
grep -v '^#' "$here/golden_prefixes.tsv" | cut -f 1,2 > prefixes.dat
"$FLUXTRACK" -C "$home" import prefixes prefixes.dat --from 2008-05-01
"$FLUXTRACK" -C "$home" load
"$FLUXTRACK" -C "$home" score

sql() {
	"$FLUXTRACK" -C "$home" db sql -XAtc "$1"
}

failed=0
is() {
	local got
	got=$(sql "$2")
	[ "$got" = "$1" ] && return
	echo "FAIL: $3: expected $1, got $got"
	failed=1
}

f() {
	echo "select $2 from flux_features('$1')"
}

is 10 "$(f thearmynext.info addresses)" 'thearmynext.info: distinct addresses'
is 9 "$(f thearmynext.info networks16)" 'thearmynext.info: distinct /16'
is 2.00 "$(f thearmynext.info 'round(fluxiness::numeric, 2)')" 'thearmynext.info: fluxiness'
is 0 "$(f thearmynext.info holz_overlap)" 'thearmynext.info: addresses in both lookups'
is 80.76 "$(f thearmynext.info 'round(holz_first::numeric, 2)')" 'thearmynext.info: Holz, one lookup'
# 1.32 * 10 + 18.54 * 8: AS 7132, 13184, 13156, 7725, 6830, 8866, 8877, 6828
is 161.52 "$(f thearmynext.info 'round(holz_score::numeric, 2)')" 'thearmynext.info: Holz, both'
is t "$(f thearmynext.info holz_flux)" 'thearmynext.info: Holz says flux'
is 17 "$(f f07b42b93.com addresses)" 'f07b42b93.com: distinct addresses'
is 3 "$(f f07b42b93.com holz_overlap)" 'f07b42b93.com: repeated addresses'
is 1.70 "$(f f07b42b93.com 'round(fluxiness::numeric, 2)')" 'f07b42b93.com: fluxiness'
is 0.1765 "$(f f07b42b93.com 'round(holz_jaccard::numeric, 4)')" 'f07b42b93.com: Jaccard 3/17'
is 19 "$(f smsclubnet.com addresses)" 'smsclubnet.com: distinct addresses'
is 18 "$(f smsclubnet.com networks16)" 'smsclubnet.com: distinct /16'
is 19.00 "$(f smsclubnet.com 'round(fluxiness::numeric, 2)')" 'smsclubnet.com: fluxiness'
is 20 "$(f smsclubnet.com a_answered)" 'smsclubnet.com: lookups'
is flux "select verdict from status where domain = 'smsclubnet.com'" 'smsclubnet.com: verdict'
is 0 "select count(*) from status where domain in ('myspace.com', 'images.pcworld.com')
	and verdict in ('flux', 'double-flux', 'suspect')" 'lookalikes: no flux'
is '{212.201.100.135,212.201.100.141}' "select addresses from observation join domain on domain.id = domain_id
	where name = 'images.pcworld.com'" 'images.pcworld.com: addresses behind two CNAMEs'
exit $failed
