#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

{
	lines 1
	for t in 2026-02-30T13:00:00 2026-13-01T13:00:00 2026-06-12T24:00:01 \
		2026-06-12T13:60:00 2026-06-12T13:00:61 2025-02-29T13:00:00 \
		2026-00-10T13:00:00 2026-06-00T13:00:00; do
		printf '%s.000001+00:00 app[web.1]: x\n' "$t"
	done
	for zone in +99:99 +24:00 -13:60 +0000x '' Z+1; do
		printf '2026-06-12T13:00:00.1%s app[web.1]: x\n' "$zone"
	done
	lines 1 1
} >a.log
parse a.log 2>err >out
echo "status $?"
records <out
cat err >&2
balanced err && echo balanced
