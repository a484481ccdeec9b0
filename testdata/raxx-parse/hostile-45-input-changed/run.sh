#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# An input that grows, shrinks or is replaced while it is read: told, and what
# was read from the one open file is accounted for.
need_fault
lines 20000 >whole
for change in 'cat rest >>a.log' ': >a.log' 'mv whole a.log'; do
	lines 20000 >whole
	lines 10 >rest
	cp whole a.log
	touch -d 2026-06-12T13:00:00Z a.log
	fault FAULT_AT=4 "FAULT_RUN=$change" \
		raxx-parse --key-file key a.log >out 2>err
	echo "$change: status $?"
	grep input-changed err
	balanced err || echo 'not balanced'
	tail -n 1 out | grep -o '"bytes":[0-9]*\|"damaged":"[^"]*"'
done
exit 0
