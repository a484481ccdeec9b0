#!/bin/sh
# A dump of 40 rows, one each hour from noon of June 10th, taken on the 12th;
# the window is the 11th, from six in the morning on.
umask 077
printf '%064d\n' 7 >key
tag=20260612T000000Z
w=waitlist_signups_$tag.csv
s=sentry-events.$tag.json

rows() {
	echo 'id,created_at,email,origin'
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		printf "%d,2026-06-%02d %02d:00:00+00,a%d@b.example,x\n",
		    i + 1, 10 + int((i + 12) / 24), (i + 12) % 24, i }'
}

events() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		printf "%s{\"eventID\":\"%032d\",\"groupID\":\"1\"," \
		    "\"projectID\":\"1\",\"title\":\"t\",\"type\":\"error\"," \
		    "\"dateCreated\":\"2026-06-11T%02d:00:00Z\"}\n",
		    i ? "," : "[", i + 1, i % 24; print "]" }'
}

# try LABEL FILE...
try() {
	echo "-- $1"
	shift
	rm -f d.db
	raxx-parse -q --key-file key --app api -o d.db "$@" 2>/dev/null
	raxx-eval -R rules --from 2026-06-11T06:00Z --to 2026-06-11T22:00Z \
		d.db >run
	sed -n 's/^{"type":"verdict","rule":"\([A-Z-]*\)".*"state":"\([A-Z]*\)","result":"\([A-Z_]*\)","reason":\(.*\),"sources".*"coverage":\([^,]*\),"share_low.*/\1 \2 \3 \5 \4/p' run |
		sed '/missing: [a-z_]*"/d; s/at byte [0-9]*/at byte N/'
}

rows 40 >whole.csv
events 99 >whole.json

cp whole.csv $w
cp whole.json $s
try whole $w $s
raxx-report <run | sed -n '/^Dump /,/^$/p'
head -c 1001 whole.csv >$w
try 'the last row is cut' $w
raxx-report <run | sed -n '/^waitlist_signups table/p; /^Dump /,/^$/p; /^Not whole/,/^$/p'
head -c 1036 whole.csv >$w
try 'the last row is cut inside its last cell' $w
sed '20s/2026/2O26/' whole.csv >$w
try 'a row in the middle is refused' $w
head -1 whole.csv >$w
try 'a header' $w
: >$w
try 'no byte' $w
gzip -nc whole.csv | head -c 300 >$w.gz
try 'a cut gzip' $w.gz
{ gzip -nc whole.csv | head -c -8; printf 12345678; } >$w.gz
try 'a gzip of another sum' $w.gz
gzip -nc whole.csv | head -c 12 >$w.gz
try 'nothing but the head of a gzip' $w.gz
rows 36 >waitlist_signups_20260611T233000Z.csv
: >$w
try 'a whole one, and one without a byte' waitlist_signups_*.csv
gzip -nc whole.csv | head -c 300 >$w.gz
try 'a whole one, and a later cut one' waitlist_signups_*Z.csv $w.gz
rows 20 >waitlist_signups_20260611T070000Z.csv
rm waitlist_signups_20260611T233000Z.csv
head -c 1001 whole.csv >$w
try 'a whole one that is older, and a later cut one' waitlist_signups_*Z.csv
try 'in the other order' $w waitlist_signups_20260611T070000Z.csv
head -30 whole.json >$s
try 'an array that is not closed' $s
head -c 3000 whole.json | tail -c +2 | tr '\n' ' ' | sed 's/ ,/\n/g' >$s
try 'lines of JSON, the last one cut' $s
echo '[]' >$s
try 'no event' $s
events 100 >$s
try 'a page of events' $s
events 101 >$s
try 'more than a page' $s
