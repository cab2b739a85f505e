# SPDX-License-Identifier: MIT
# What other tools saw becomes rows that equal what their files say, each once, and say so.
set -uo pipefail
. "$(dirname "$0")/cli.inc"

rows() {
	flux db sql -At -F ' ' -c "$1" 2> /dev/null
}

# The rows of a source: line, name, time, server, type, outcome, TTL, addresses and names.
told() {
	rows "select o.source_line, d.name, to_char(o.observed_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US'),
		host(r.address) || ' ' || r.port, o.qtype, o.outcome, coalesce(o.ttl::text, '-'),
		coalesce(o.addresses::text, '-'), coalesce(o.names::text, '-')
		from observation o join source s on s.id = o.source_id join domain d on d.id = o.domain_id
		join resolver r on r.id = o.resolver_id where s.name = '$1' order by 1, o.observed_at"
}

# same TEXT FILE COMMAND...: the command prints what the file holds.
same() {
	local text=$1 want=$2
	shift 2
	check "$text" diff "$want" <("$@")
}

cat > massdns.json << 'END'
{"name":"d0.example.","type":"A","class":"IN","status":"NOERROR","rx_ts":1795437507646848776,"data":{"answers":[{"ttl":180,"type":"A","class":"IN","name":"d0.example.","data":"192.0.2.1"}]},"flags":["aa","rd"],"resolver":"127.0.0.1:53","proto":"UDP"}
garbage \o/
{"name":"d1.example.","type":"A","class":"IN","status":"NXDOMAIN","rx_ts":1795437508000000000,"data":{},"resolver":"[::1]:5353","proto":"UDP"}
{"name":"d2.example.","type":"A","class":"IN","error":"TIMEOUT","rx_ts":1795437509000000000}
{"name":"d2.example.","type":"MX","class":"IN","status":"NOERROR","rx_ts":1795437509000000000,"data":{}}
{"name":"d3.example.","type":"A","class":"IN","status":"NOERROR","data":{"answers":[]}}
END
cat > massdns.json.want << 'END'
1 d0.example 2026-11-23T12:38:27.646848 127.0.0.1 53 1 answered 180 {192.0.2.1} -
3 d1.example 2026-11-23T12:38:28.000000 ::1 5353 1 nxdomain - - -
4 d2.example 2026-11-23T12:38:29.000000 0.0.0.0 0 1 timeout - - -
END
fields='ts uid id.resp_h id.resp_p proto rtt query qclass_name qtype_name rcode_name AA TC answers TTLs'
{
	printf '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#fields'
	# shellcheck disable=SC2086
	printf '\t%s' $fields
	printf '\n1300475168.853899\tCmES5u\t141.142.2.2\t53\tudp\t0.000435\tw.example\tC_INTERNET\tA\tNOERROR\tT\tF\t'
	printf 'e.cdn.example,192.0.2.7,192.0.2.8\t3600.000000,60.000000,61.000000\n'
	printf '1300475168.9\tCmES5u\t141.142.2.2\t53\tudp\t-\tx.example\tC_INTERNET\tAAAA\t-\tF\tF\t-\t-\n'
	printf 'cut off\n#close\t2011-03-18-19-07-08\n'
} > dns.log
cat > dns.log.want << 'END'
6 w.example 2011-03-18T19:06:08.853899 141.142.2.2 53 1 answered 60 {192.0.2.7,192.0.2.8} {e.cdn.example}
7 x.example 2011-03-18T19:06:08.900000 141.142.2.2 53 28 timeout - - -
END
cat > zeek.json << 'END'
{"ts":1300475170.5,"id.resp_h":"2001:db8::53","id.resp_p":53,"proto":"udp","query":"7.2.0.192.in-addr.arpa","qclass_name":"C_INTERNET","qtype_name":"PTR","rcode_name":"NOERROR","answers":["c-192-0-2-7.hsd1.example.net"],"TTLs":[30.0]}
END
echo '1 7.2.0.192.in-addr.arpa 2011-03-18T19:06:10.500000 2001:db8::53 53 12 answered 30 - {c-192-0-2-7.hsd1.example.net}' > zeek.json.want
cat > cof.json << 'END'
{"count":9,"rrname":"c.example","rrtype":"A","rdata":["192.0.2.1","192.0.2.2"],"time_first":1315586409,"time_last":"1333600409"}
{"count":9,"rrname":"c.example","rrtype":"NS","rdata":"ns.c.example.","time_first":"2011-09-09T16:40:09Z"}
END
cat > cof.json.want << 'END'
1 c.example 2011-09-09T16:40:09.000000 0.0.0.0 0 1 answered - {192.0.2.1,192.0.2.2} -
1 c.example 2012-04-05T04:33:29.000000 0.0.0.0 0 1 answered - {192.0.2.1,192.0.2.2} -
2 c.example 2011-09-09T16:40:09.000000 0.0.0.0 0 2 answered - - {ns.c.example}
END
gzip -k cof.json

check "massdns" flux import observations --format massdns --tag family=storm massdns.json > out 2> err
check "massdns: bad lines are said" grep -q 'massdns.json line 2: no JSON object' err
check "massdns: a line without a time too" grep -q 'massdns.json line 6: no time' err
check "massdns: and counted" grep -q '6 lines: 3 lookups; 1 lines of other types and 2 bad lines' err
check "the score is named as what comes next" says 'run fluxtrack score next'
check "zeek, TSV" flux import observations --format zeek dns.log 2> err
check "zeek: counted" grep -q '9 lines: 2 lookups; 0 lines of other types and 1 bad lines' err
check "zeek, JSON" flux import observations --format zeek zeek.json 2> err
check "cof, gzip" flux import observations --format cof --vantage farm cof.json.gz 2> err
for file in massdns.json dns.log zeek.json; do
	same "rows of $file" $file.want told $file
done
same "rows of cof.json.gz" cof.json.want told cof.json.gz

check "the source is that file" test "$(rows "select name, format from source
	where sha256 = decode('$(sha256sum < cof.json.gz | cut -d ' ' -f 1)', 'hex')")" = "cof.json.gz cof"
check "the vantage" test "$(rows "select distinct s.name, v.name from observation o
	join source s on s.id = source_id join vantage v on v.id = vantage_id where s.name ~ '^(cof|dns)' order by 1")" \
	= $'cof.json.gz farm\ndns.log import'
check "names are followed, those of addresses are not" test "$(rows "select name, role, family
	from domain where name in ('d0.example', '7.2.0.192.in-addr.arpa') order by name desc")" \
	= $'d0.example followed storm\n7.2.0.192.in-addr.arpa address '
check "the line is dynamic" test "$(rows "select is_dynamic from observation where qtype = 12")" = t
check "where the chain leads" test "$(rows "select chain_zone from observation where names[1] = 'e.cdn.example'")" \
	= cdn.example
check "nothing was scored" test "$(rows 'select count(*) from verdict')" = 0

fails 1 "massdns.json was imported already, at 20.*Z as massdns.json" \
	flux import observations --format massdns massdns.json
cp massdns.json other.json
fails 1 "other.json was imported already, at 20.*Z as massdns.json" \
	flux import observations --format massdns other.json
echo garbage > garbage
fails 1 "garbage has no line that tells of a lookup" flux import observations --format cof garbage
refuses 1 "cannot open missing" flux import observations --format cof missing
refuses 1 "is no regular file" flux import observations --format cof /dev/null
refuses 1 "no regular file" flux import observations --format cof "$WORK"

# It writes to the spool: alone.
exec 9< "$home/lock"
flock -n 9
refuses 75 "another fluxtrack holds .*/lock" flux import observations --format cof cof.json
exec 9<&-

awk 'BEGIN { for (i = 1; i <= 200000; i++) printf "{\"name\":\"k%d.example.\",\"type\":\"A\",\"class\":\"IN\"," \
	"\"status\":\"NOERROR\",\"rx_ts\":%d000000000,\"data\":{\"answers\":[{\"ttl\":%d,\"type\":\"A\"," \
	"\"class\":\"IN\",\"name\":\"k%d.example.\",\"data\":\"192.0.2.%d\"}]}}\n", i, 1300000000 + i, i % 300, i,
	i % 200 }' > killed.json

# A file that cannot be read to its end: what was read is there.
gzip < killed.json | head -c 100000 > cut.json.gz
fails 1 "the gzip file is damaged or cut off" flux import observations --format massdns cut.json.gz
check "its front is there" test "$(rows "select count(*) > 1000 from observation o
	join source s on s.id = source_id where s.name = 'cut.json.gz'")" = t

# Cut short by kill -9: what was recorded is loaded, and is what those lines say.
"$FLUXTRACK" -C "$home" import observations --format massdns killed.json 2> err &
pid=$!
while ! find "$home/spool" -name '*.part' | grep -q .; do
	kill -0 $pid || break
done
sleep 0.2
kill -9 $pid
wait $pid 2> /dev/null
check "killed while it recorded" test "$(find "$home/spool" -name '*.part' | wc -l)" = 1
check "load" flux load 2> err
recorded=$(rows "select count(*) from observation o join source s on s.id = source_id where s.name = 'killed.json'")
wrong=$(rows "select count(*) from observation o join source s on s.id = source_id join domain d on d.id = domain_id
	where s.name = 'killed.json' and (d.name, extract(epoch from observed_at), ttl, addresses, outcome) is distinct from
	('k' || source_line || '.example', 1300000000 + source_line, source_line % 300,
	array[('192.0.2.' || source_line % 200)::inet], 'answered')")
last=$(rows "select max(source_line) from observation o join source s on s.id = source_id where s.name = 'killed.json'")
echo "# $recorded of 200000 lines were recorded"
check "a part of it, and no gap" test "$recorded" -gt 0 -a "$recorded" -lt 200000 -a "$recorded" = "$last"
check "each as the file says" test "$wrong" = 0
check "imported again, it goes on" flux import observations --format massdns killed.json 2> err
check "and says behind which line" grep -q "cut short, at 20.*: lines up to $last were" err
check "now each line is there, once" test "$(rows "select count(*), count(distinct source_line), max(source_line)
	from observation o join source s on s.id = source_id where s.name = 'killed.json'")" = '200000 200000 200000'
fails 1 "killed.json was imported already" flux import observations --format massdns killed.json
finish
