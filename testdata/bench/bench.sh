#!/bin/sh
# usage: bench.sh [LOG]
#
# Times raxx on LOG (`heroku logs` text; without it the pulls of the demo week,
# one behind the other) beside wc -l, the limit of any reader, and awk counting
# one column, what a user would type. All in one run, since machines differ:
# read the ratios. Needs hyperfine. AUDIT_ROWS=N: rows of an audit log whose
# chain is verified (200,000).
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
bin=${BIN:-$top/build/bin}
command -v hyperfine >/dev/null || { echo 'bench: needs hyperfine' >&2; exit 2; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/raxx-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
export XDG_CONFIG_HOME="$tmp"

log=${1:-}
if [ -z "$log" ]; then
	"$bin/raxx-demo" "$tmp/week"
	cat "$tmp"/week/logs/*.log >"$tmp/log"
	log=$tmp/log
fi
gzip -c "$log" >"$tmp/log.gz"
store=$tmp/bench.db
echo "$(wc -l <"$log") lines, $(wc -c <"$log") bytes"

# shellcheck disable=SC2016
hyperfine -w 1 -r "${RUNS:-3}" --prepare "rm -f $store" \
	--export-csv "$tmp/times.csv" \
	-n 'wc -l' "wc -l $log" \
	-n 'awk: count by status' \
	"awk '/heroku.router.: /{for(i=3;i<=NF;i++)if(\$i~/^status=/)n[\$i]++}END{for(s in n)print s,n[s]}' $log" \
	-n 'gzip -dc' "gzip -dc $tmp/log.gz >/dev/null" \
	-n 'raxx-parse --dry-run' "$bin/raxx-parse -q -n --app x $log" \
	-n 'raxx-parse (NDJSON)' "$bin/raxx-parse -q --app x $log >/dev/null" \
	-n 'raxx-parse -o new.db' "$bin/raxx-parse -q --app x -o $store $log" \
	-n 'raxx-parse -o new.db (gzip)' "$bin/raxx-parse -q --app x -o $store $tmp/log.gz" \
	>"$tmp/out" 2>&1 || { cat "$tmp/out" >&2; exit 1; }
rm -f "$store"
"$bin/raxx-parse" -q --app x -o "$store" "$log"
hyperfine -i -w 1 -r "${RUNS:-3}" --export-csv "$tmp/eval.csv" \
	-n 'raxx-eval (whole catalog)' \
	"$bin/raxx-eval -R $top/pipelines/rules --format ndjson $store >/dev/null" \
	>"$tmp/out" 2>&1 || { cat "$tmp/out" >&2; exit 1; }
sed 1d "$tmp/eval.csv" >>"$tmp/times.csv"

# The chain of MACs over an audit log: twenty tenants, one key.
rows=${AUDIT_ROWS:-200000}
audit=$tmp/customer_audit_events_20260801T000000Z.csv
mkdir "$tmp/rule"
cp "$top/pipelines/rules/DET-DATA-002.sql" "$tmp/rule"
(umask 077 && printf '%064d\n' 7 >"$tmp/k1.hex")
echo 'audit_chain: {format: raxx-audit-v1, keys: {k1: k1.hex}}' >"$tmp/site.yml"
awk -v n="$rows" 'BEGIN {
	print "seq,created_at,tenant_id,actor_id,action,detail"
	for (i = 0; i < n; i++)
		printf "%d,2026-07-%02d %02d:%02d:%02d+00,t%d,u%d,item.update," \
		    "\"{\"\"id\"\": %d, \"\"request_id\"\": \"\"%032x\"\"}\"\n",
		    i / 20 + 1, 1 + int(i * 28 / n), i / 3600 % 24, i / 60 % 60,
		    i % 60, i % 20, i % 97, i, i
}' | "$bin/raxx-chain" k1="$tmp/k1.hex" >"$audit"
"$bin/raxx-parse" -q --app x --key-file "$tmp/k1.hex" -o "$tmp/audit.db" "$audit"
hyperfine -i -w 1 -r "${RUNS:-3}" --export-csv "$tmp/audit.csv" \
	-n "DET-DATA-002 ($rows rows)" "$bin/raxx-eval -R $tmp/rule \
	    --site $tmp/site.yml --format ndjson $tmp/audit.db >/dev/null" \
	>"$tmp/out" 2>&1 || { cat "$tmp/out" >&2; exit 1; }
sed 1d "$tmp/audit.csv" >>"$tmp/times.csv"
awk -F, 'NR == 1 { next } NR == 2 { one = $2 }
	{ printf "%-28s %8.3f s  cpu %8.3f s  %8.1f x wc -l\n", $1, $2, $5 + $6, $2 / one }' \
	"$tmp/times.csv"
echo "store: $(wc -c <"$store") bytes"
