#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Allocations fail in their turn (STEP=1: all): exit 3 with a word about memory, no
# crash, and the next run completes the store.
need_fault
need_sqlite
lines 30 >a.log
lines 30 20 | gzip -n >b.log.gz
printf 'id,a\n1,"x""y"\n2,z\n' >c.csv
set -- a.log b.log.gz c.csv
fault FAULT_COUNT="$PWD/calls" raxx-parse -q --key-file key -o want.db "$@" \
	--taken-at 2026-06-12T14:00Z
read -r _ _ _ allocations <calls
n=1 failed=0
while [ $n -le "$allocations" ]; do
	rm -f s.db s.db-journal
	fault FAULT_MALLOC_NTH=$n raxx-parse -q --key-file key -o s.db "$@" \
		--taken-at 2026-06-12T14:00Z 2>err
	rc=$?
	if [ $rc = 3 ]; then
		grep -q -e out-of-memory -e 'annot allocate' err ||
			echo "$n: $(cat err)"
		failed=$((failed + 1))
	elif [ $rc = 0 ]; then
		whole s.db || echo "$n: another store"
	else
		echo "$n: status $rc: $(cat err)"
	fi
	parse -q -o s.db "$@" || echo "$n: again: status $?"
	whole s.db || echo "$n: not whole again"
	n=$((n + ${STEP:-1 + n / 5}))
done
[ $failed -gt 15 ] && echo 'gave up each time'
exit 0
