#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Far years, leap seconds and long fractions: exact, or refused; never wrapped.
for t in 0001-01-01T00:00:00 1969-12-31T23:59:59.999999 9999-12-31T23:59:59 \
	10000-01-01T00:00:00 99999-01-01T00:00:00 0000-01-01T00:00:00 \
	2262-04-11T23:47:17 2016-12-31T23:59:60 2026-06-12T13:00:00.123456789 \
	2026-06-12T13:00:00.999999999999999999999999 2026-06-12T13:00:00.; do
	{
		printf '%s+00:00 app[web.1]: %s\n' "$t" "$t"
		lines 1
	} >a.log
	parse a.log 2>err | records | head -n 1
	grep -v "$total" err >&2
	balanced err || echo 'not balanced'
done
exit 0
