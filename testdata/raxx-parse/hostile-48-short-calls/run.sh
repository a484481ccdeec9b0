#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Short reads and writes, interrupted calls: the same bytes.
need_fault
need_sqlite
lines 200 >a.log
gzip -nc a.log >b.log.gz
printf 'id,a\n1,"x\ny"\n2,z\n' >c.csv
awk '{ s = "<190>1 " $1 " host app web.1 - " $3 " " $4
	printf "%d %s\n", length(s) + 1, s }' a.log >d.log
set -- a.log b.log.gz c.csv d.log
parse "$@" >want 2>want.err
parse -q -o want.db "$@"
for f in FAULT_SHORT=1 FAULT_EINTR=2 'FAULT_SHORT=1 FAULT_EINTR=3'; do
	# shellcheck disable=SC2086 # one word a variable
	fault $f raxx-parse --key-file key --taken-at 2026-06-12T14:00Z "$@" \
		>out 2>err
	echo "status $?"
	cmp out want && cmp err want.err
	# shellcheck disable=SC2086,SC2002 # a pipe, no file
	cat a.log | fault $f raxx-parse --key-file key \
		--taken-at 2026-06-12T14:00Z -n
	# shellcheck disable=SC2086
	fault $f raxx-parse -q --key-file key --taken-at 2026-06-12T14:00Z \
		-o s.db "$@"
	echo "status $?"
	whole s.db || echo "$f: another store"
	rm -f s.db made
	# shellcheck disable=SC2086
	fault $f raxx-parse -q --key-file made -n a.log
	parse -q --key-file made -n a.log
	echo "status $?"
done
