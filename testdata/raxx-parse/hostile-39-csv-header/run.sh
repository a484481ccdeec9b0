#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A header that is none: refused before any row, the other inputs are read.
printf 'id,a,a\n1,2,3\n' >repeated.csv
printf 'id,,a\n1,2,3\n' >empty.csv
printf 'id,"a\033[2J",b\n1,2,3\n' >hostile.csv
printf 'id,"a\nb",c\n1,2,3\n' >lines.csv
printf 'id,a\342\200\256b,c\n1,2,3\n' >bidi.csv
printf 'id,a\377b,c\n1,2,3\n' >bytes.csv
awk 'BEGIN { printf "id,"; for (i = 0; i < 100000; i++) printf "a"
	print ",c\n1,2,3" }' >long.csv
printf 'id,"a,b\n1,2,3\n' >open.csv
awk 'BEGIN {
	for (i = 0; i < 5000; i++)
		printf "%sc%d", i ? "," : "", i
	print ""
}' >wide.csv
# Without a header the first row would be lost: each row here is one of data.
printf '17,2026-06-12 12:00:00+00,evil@example.com,web\n' >number.csv
printf '18,2026-06-12 12:00:01+00,b@example.com,web\n' >>number.csv
printf 'web,2026-06-12 12:00:00+00\n' >time.csv
printf 'web,"2026-06-12"\n' >day.csv
printf 'web,-1.5e3,,web\n' >real.csv
printf 'web,0A1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9\n' >uuid.csv
printf 'web,web,evil@example.com\r\n' >waitlist_signups.csv
printf '@timestamp,?column?,count(*),2fa,a b\n1,2,3,4,5\n' >names.csv
# Known tables that lack what they need, by name and by --table.
printf 'id,created_at,email\n1,2026-06-12 12:00:00+00,a@example.com\n' \
	>waitlist_signups_20260612T130000Z.csv
printf 'seq,created_at,actor_id\n1,2026-06-12 12:00:00+00,u-1\n' \
	>console_audit_events.csv
printf 'id,a,b\n1,2,3\n' >good.csv
# An aligned table of psql has a header too.
printf ' a | a\n---+---\n 1 | 2\n(1 row)\n' >aligned.csv
for f in repeated empty hostile lines bidi bytes long open wide \
    number time day real uuid waitlist_signups \
    waitlist_signups_20260612T130000Z \
    console_audit_events aligned; do
	parse -q -o s.db $f.csv good.csv 2>err
	echo "status $?"
	cat err >&2
	safe err
done
parse -q --table pg_stat_statements good.csv
echo "status $?"
parse -v -o s.db good.csv
parse -q names.csv | records
