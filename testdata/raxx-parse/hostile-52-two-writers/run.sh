#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A second writer waits for the first; when that takes too long, it gives up.
# Neither loses a record.
lines 10 >a.log
lines 10 100 >b.log

# first SECONDS: a writer that holds the store that long
first() {
	{
		lines 5 200
		sleep "$1"
		lines 5 205
	} | parse -q -o s.db 2>first.err &
	first=$!
	until locked s.db; do
		sleep 0.02
	done
}

first 1
parse -o s.db a.log
echo "status $?"
wait $first
echo "first: status $?"
# Where programs are slow the second one starts late.
hold=11
[ -n "$FAULT" ] || hold=20
first $hold
parse -o s.db b.log
echo "status $?"
wait $first
echo "first: status $?"
cat first.err >&2
parse -v -o s.db a.log b.log
