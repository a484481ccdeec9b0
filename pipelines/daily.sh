#!/bin/sh
# usage: daily.sh
#
# Add what lies in logs/ and dumps/ to the store, evaluate the last day and
# write the dashboard as Markdown. A file that was added before adds nothing,
# so new dumps only have to be put into the folder.
set -eu

# Settings; each can be given in the environment instead.
APP=${APP:-raxx-api-prod}		# the Heroku app
RAXX_DIR=${RAXX_DIR:-$HOME/raxx}	# logs/ and dumps/ are here
STORE=${STORE:-$RAXX_DIR/beta.db}	# made by the first run
OUT=${OUT:-$RAXX_DIR/reports}		# verdicts and dashboards
BIN=${BIN:-}				# folder of the raxx programs, else PATH

here=$(dirname "$0")
site=$here/site.yml
rules=$here/rules
bin=${BIN:+$BIN/}
# shellcheck disable=SC1091
. "$here/common.sh"
need "${bin}raxx-parse"

FROM=${FROM:-$(ago 86400)}		# or times of your own
TO=${TO:-$(ago 0)}

umask 077
mkdir -p "$OUT"
for f in "$RAXX_DIR"/logs/*.log "$RAXX_DIR"/logs/*.gz "$RAXX_DIR"/dumps/*; do
	[ -f "$f" ] && set -- "$@" "$f"
done
if [ $# -gt 0 ]; then
	run "${bin}raxx-parse" --site "$site" --app "$APP" -o "$STORE" "$@"
else
	echo "daily.sh: nothing in $RAXX_DIR/logs and $RAXX_DIR/dumps" >&2
	[ -f "$STORE" ] || exit 3
fi

name=dashboard-$(date -u +%Y-%m-%d)
run "${bin}raxx-eval" -R "$rules" --site "$site" --from "$FROM" --to "$TO" \
	--record --format ndjson "$STORE" >"$OUT/$name.ndjson"
run "${bin}raxx-report" --site "$site" --format md <"$OUT/$name.ndjson" \
	>"$OUT/$name.md.part"
mv "$OUT/$name.md.part" "$OUT/$name.md"
echo "$OUT/$name.md"
