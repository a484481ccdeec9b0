#!/bin/sh
# usage: replay.sh FROM TO [EVERY]
#
# Evaluate past windows of the store, read-only, as if each run had been made
# then: replay.sh 2026-06-12T13:00Z 2026-06-12T20:00Z 1h
set -eu

# Settings; each can be given in the environment instead.
RAXX_DIR=${RAXX_DIR:-$HOME/raxx}	# logs/ and dumps/ are here
STORE=${STORE:-$RAXX_DIR/beta.db}
BIN=${BIN:-}				# folder of the raxx programs, else PATH

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
	echo 'usage: replay.sh FROM TO [EVERY]' >&2
	exit 2
fi
here=$(dirname "$0")
site=$here/site.yml
rules=$here/rules
bin=${BIN:+$BIN/}
# shellcheck disable=SC1091
. "$here/common.sh"
need "${bin}raxx-eval"

run "${bin}raxx-eval" -R "$rules" --site "$site" --from "$1" --to "$2" \
	--every "${3:-1h}" "$STORE"
