#!/bin/sh
# usage: hourly.sh
#
# Pull the last 1500 log lines of the app, keep them as a file, add them to the
# store, evaluate the hours they may reach back to and print what was found.
# Pulls may overlap: the store keeps each line once and knows the holes.
set -eu

# Settings; each can be given in the environment instead.
APP=${APP:-raxx-api-prod}		# the Heroku app
RAXX_DIR=${RAXX_DIR:-$HOME/raxx}	# logs/ and dumps/ are here
STORE=${STORE:-$RAXX_DIR/beta.db}	# made by the first run
OUT=${OUT:-$RAXX_DIR/reports}		# verdicts and dashboards
HOURS=${HOURS:-4}			# how far back to evaluate
HEROKU=${HEROKU:-heroku}		# the Heroku CLI
BIN=${BIN:-}				# folder of the raxx programs, else PATH

here=$(dirname "$0")
site=$here/site.yml
rules=$here/rules
bin=${BIN:+$BIN/}
# shellcheck disable=SC1091
. "$here/common.sh"
need "${bin}raxx-parse"
need "$HEROKU"

FROM=${FROM:-$(ago $((HOURS * 3600)))}	# or times of your own
TO=${TO:-$(ago 0)}

umask 077
mkdir -p "$RAXX_DIR/logs" "$OUT"
stamp=$(date -u +%Y%m%dT%H%M%SZ)
pull=$RAXX_DIR/logs/$APP.heroku-logs.$stamp.log

# Without colour the CLI leaves blanks alone. The name is given only to a pull
# that succeeded: a failed one must not look like a quiet hour.
if ! HEROKU_LOGS_COLOR=0 "$HEROKU" logs -n 1500 -a "$APP" >"$pull.part"; then
	rm -f "$pull.part"
	echo "hourly.sh: cannot pull the logs of $APP" >&2
	exit 3
fi
mv "$pull.part" "$pull"

run "${bin}raxx-parse" --site "$site" --app "$APP" -o "$STORE" "$pull"
run "${bin}raxx-eval" -R "$rules" --site "$site" --from "$FROM" --to "$TO" \
	--record --format ndjson "$STORE" >"$OUT/hourly-$stamp.ndjson"
run "${bin}raxx-report" --site "$site" <"$OUT/hourly-$stamp.ndjson"
