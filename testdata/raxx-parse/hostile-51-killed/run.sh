#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Killed at reads and writes of a small load, those of a new store too: the
# same command again gives what an undisturbed run gives, and says when there
# was something to undo.  STEP=1: at all.
need_fault
need_sqlite
lines 30 >a.log
lines 30 20 >b.log
parse -q -o want.db a.log b.log
n=1
resumed=0
while :; do
	rm -f s.db s.db-journal
	fault FAULT_AT=$n FAULT_SIGNAL=9 raxx-parse -q --key-file key \
		--taken-at 2026-06-12T14:00Z -o s.db a.log b.log 2>err
	rc=$?
	[ $rc = 137 ] || break
	parse -q -o s.db a.log b.log 2>err || echo "$n: $(cat err)"
	grep -v ': resumed s.db @0: ' err
	resumed=$((resumed + $(grep -c resumed err)))
	whole s.db || echo "$n: not whole again"
	n=$((n + ${STEP:-7}))
done
echo "status $rc"
[ $n -gt 100 ] && echo 'killed'
[ $resumed -gt 0 ] && echo 'resumed'
