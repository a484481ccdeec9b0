#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# While an input is under way a reader sees what was committed before it.
lines 10 >a.log
parse -q -o s.db a.log
mkfifo fifo
parse -q -o s.db - <fifo 2>first.err &
exec 3>fifo
lines 5 200 >&3
until locked s.db; do
	sleep 0.02
done
mkdir rules
: >site.yml
inputs() {
	raxx-eval --rules rules --site site.yml --format ndjson s.db |
		grep -o '"read":[0-9]*'
}
inputs
exec 3>&-
wait $!
echo "status $?"
inputs
cat first.err >&2

# An input whose changes exceed the page cache locks the store until it is in:
# a reader waits for it, longer than a second writer would.
mkfifo sql
sqlite3 s.db <sql &
exec 3>sql
printf '.timeout 10000\nBEGIN EXCLUSIVE;\n' >&3
echo "SELECT 'locked';" >&3
until ! sqlite3 s.db 'SELECT 1 FROM sqlite_schema' >/dev/null 2>&1; do
	sleep 0.02
done
{
	sleep 11
	echo 'ROLLBACK;' >&3
} &
exec 3>&-
inputs
wait
