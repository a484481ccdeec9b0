#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A message of three lines, of the drain and of the text client: the same event,
# whichever input comes first.
need_sqlite
frame() {
	printf '%d %s' ${#1} "$1"
}
time=2026-06-12T13:00:00.000001+00:00
{
	frame "<190>1 $time host app web.1 - one
  two
three
"
	frame "<190>1 $time host app web.2 - four
"
} >app.drain.20260612T140000Z.log
{
	printf '%s app[web.1]: one\n' $time
	printf '  two\nthree\n'
	printf '%s app[web.2]: four\n' $time
} >app.heroku-logs.20260612T140000Z.log
set -- app.drain.20260612T140000Z.log app.heroku-logs.20260612T140000Z.log
parse -v -o a.db "$1" "$2" 2>&1 | sed -n 's/.*: read/read/p'
parse -v -o b.db "$2" "$1" 2>&1 | sed -n 's/.*: read/read/p'
for s in a b; do
	sqlite3 $s.db "SELECT origin, replace(message, char(10), '/') FROM app_events
		ORDER BY origin"
done
