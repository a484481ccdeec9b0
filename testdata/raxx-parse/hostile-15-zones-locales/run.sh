#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# The output is the same whatever TZ and the locale say; offsets are heeded.
cat >a.log <<'L'
2026-03-29T02:30:00.000001+01:00 app[web.1]: in the hour that Berlin skips
2026-10-25T02:30:00.000001+02:00 app[web.1]: first of two
2026-10-25T02:30:00.000001+01:00 app[web.1]: second of two
2026-06-12T13:00:00.000001-03:30 app[web.1]: half an hour
2026-06-12T13:00:00.000001Z app[web.1]: zulu
L
parse a.log | records | tee want
for tz in UTC Europe/Berlin America/St_Johns Pacific/Kiritimati :nonsense; do
	for locale in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
		TZ=$tz LC_ALL=$locale parse a.log 2>/dev/null | records |
			cmp - want || echo "differs: $tz $locale"
	done
done
exit 0
