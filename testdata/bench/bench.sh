#!/bin/sh
# usage: bench.sh [LOG]
#
# Times raxx on LOG (`heroku logs` text; without it the pulls of the demo week,
# one behind the other) beside wc -l, the limit of any reader, and awk counting
# one column, what a user would type. All in one run, since machines differ:
# read the ratios. Needs hyperfine.
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
awk -F, 'NR == 1 { next } NR == 2 { one = $2 }
	{ printf "%-28s %8.3f s  cpu %8.3f s  %8.1f x wc -l\n", $1, $2, $5 + $6, $2 / one }' \
	"$tmp/times.csv"
echo "store: $(wc -c <"$store") bytes"
