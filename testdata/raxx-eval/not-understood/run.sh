#!/bin/sh
# One pull of the demo week, as it is and as it may come: what do rules over it
# say that have nothing to find?
set -eu

raxx-demo week
printf '%064d\n' 7 >key
pull=raxx-api-prod.heroku-logs.20260616T150214Z.log
other=raxx-other.heroku-logs.20260616T150214Z.log
whole=week/logs/$pull

# show TITLE FILE...: the verdicts over these inputs
show() {
	echo "$1"
	shift
	rm -f s.db
	raxx-parse -q --key-file key -o s.db "$@" 2>/dev/null || test $? -eq 1
	raxx-eval s.db >run.ndjson || test $? -eq 1
	sed -nE 's/^\{"type":"verdict","rule":"(DET-AUTH-001|DET-BETA-002|POST-XFF-TRUST)".*"result":"([A-Z_]*)","reason":(.*),"sources".*/  \1 \2 \3/p' run.ndjson |
		sed 's| at byte [0-9]*||'
	rm -f raxx-*.log raxx-*.gz
}

cp "$whole" "$pull"
show 'as it is' "$pull"

awk 'NR == 700 { print "garbage"; print "more of it" } { print }' "$whole" >"$pull"
show 'two lines rejected' "$pull"

awk '/heroku\[router\]/ && ++n <= 3 { sub(/ dyno=.*/, "") } { print }' "$whole" >"$pull"
show 'three router lines cut' "$pull"

awk '/heroku\[router\]/ && ++n <= 3 { $0 = substr($0, 1, 60) } { print }' "$whole" >"$pull"
show 'three router lines that are mere text' "$pull"

gzip -nc "$whole" >whole.gz
size=$(wc -c <whole.gz)
{ head -c $((size - 8)) whole.gz; printf '\1\2\3\4\5\6\7\10'; } >"$pull.gz"
show 'a wrong sum of the gzip file' "$pull.gz"

awk '/heroku\[router\]/ && ++n % 2 { next } { print }' "$whole" >"$pull"
show 'every other router line missing' "$pull"

cp "$whole" "$other"
show 'the log of another app' "$other"

cp "$whole" "$pull"
{
	tail -n 900 "$whole"
	echo '2026-06-16T15:02:00.000000+00:00 heroku[logplex]: Error L10 (output buffer overflow): 13 messages dropped since 2026-06-16T14:50:00+00:00.'
} >"$other"
show 'lines that another app lost' "$pull" "$other"

awk '/T14:(1|2)/ { next } { print }' "$whole" >"$pull"
show 'twenty minutes without a line' "$pull"
