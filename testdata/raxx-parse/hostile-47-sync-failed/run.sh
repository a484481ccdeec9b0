#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Every sync fails in its turn with EIO: told as such, and the store is as
# before; or, when the last sync of a commit failed, with the whole input.  The
# next run completes it.
need_fault
need_sqlite
lines 30 >a.log
lines 30 20 >b.log
parse -q -o before.db a.log
cp before.db want.db
parse -q -o want.db b.log
n=1 failed=0
while :; do
	cp before.db s.db
	fault FAULT_SYNC_NTH=$n FAULT_COUNT="$PWD/calls" raxx-parse -q \
		--key-file key --taken-at 2026-06-12T14:00Z -o s.db b.log 2>err
	rc=$?
	read -r _ _ syncs _ <calls
	[ "$syncs" -ge $n ] || break
	if [ $rc = 3 ]; then
		failed=$((failed + 1))
		grep -q ': sync-failed: ' err || echo "sync $n: $(cat err)"
		same s.db before.db || whole s.db || echo "sync $n: a part"
	else
		whole s.db || echo "sync $n: status $rc, not whole"
	fi
	parse -q -o s.db b.log || echo "sync $n: again: status $?"
	whole s.db || echo "sync $n: not whole again"
	n=$((n + 1))
done
[ $failed -ge 3 ] && echo 'failed syncs were told'

# That of the rejects too, and what was there stays.
echo old >rj
fault FAULT_SYNC_NTH=1 raxx-parse -nq --key-file key --force --rejects rj \
	a.log 2>&1
echo "status $?, $(cat rj*) is there"
