#!/bin/sh
# usage: rebaseline.sh
#
# Review the thresholds against the traffic that the store holds. Nothing is
# changed: the proposals are printed and kept beside the other reports.
set -eu

# Settings; each can be given in the environment instead.
RAXX_DIR=${RAXX_DIR:-$HOME/raxx}	# logs/ and dumps/ are here
STORE=${STORE:-$RAXX_DIR/beta.db}
OUT=${OUT:-$RAXX_DIR/reports}		# verdicts and dashboards
BIN=${BIN:-}				# folder of the raxx programs, else PATH

here=$(dirname "$0")
rules=$here/rules
bin=${BIN:+$BIN/}
# shellcheck disable=SC1091
. "$here/common.sh"
need "${bin}raxx-baseline"

umask 077
mkdir -p "$OUT"
out=$OUT/baseline-$(date -u +%Y-%m-%d).txt
run "${bin}raxx-baseline" -R "$rules" "$STORE" >"$out"
cat "$out"
