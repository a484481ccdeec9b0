#!/bin/sh
# usage: train.sh BINDIR
#
# Runs the programs over a log as `make pgo` needs it: what they do most is what
# the compiler should favour. The log has another seed than that of bench.sh.
# One thread: the same profile each time.
set -eu

bin=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/raxx-train.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
export XDG_CONFIG_HOME="$tmp"

# finds: what raxx-eval ends with when there are findings
eval_all() {
	rc=0
	"$bin/raxx-eval" --threads 1 -R "$top/pipelines/rules" "$@" \
		>/dev/null || rc=$?
	[ "$rc" -le 1 ]
}

"$bin/raxx-loggen" --lines 200000 --seed 2 >"$tmp/log"
gzip -1 -k "$tmp/log"
parse="$bin/raxx-parse -q --app shop --threads 1"
$parse -n "$tmp/log"
$parse -o "$tmp/store.db" "$tmp/log"
$parse -o "$tmp/store.db" "$tmp/log"
$parse -o "$tmp/gz.db" "$tmp/log.gz"
$parse "$tmp/log" >"$tmp/ndjson"
eval_all "$tmp/store.db"
eval_all <"$tmp/ndjson"
