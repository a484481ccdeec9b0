#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Every write fails in its turn, for want of space or quota or by the device:
# exit 3, the store as before
# the input, and whole after the next run.
need_fault
need_sqlite
lines 30 >a.log
lines 30 20 >b.log
parse -q -o before.db a.log
cp before.db want.db
parse -q -o want.db b.log
each_write() {
	n=1 named=0
	while :; do
		cp before.db s.db
		fault FAULT_WRITE_NTH=$n FAULT_ERRNO="$1" \
			FAULT_COUNT="$PWD/calls" raxx-parse -q --key-file key \
			--taken-at 2026-06-12T14:00Z -o s.db b.log 2>err
		rc=$?
		read -r _ writes _ <calls
		[ "$writes" -ge $n ] || break
		[ $rc = 3 ] || whole s.db || echo "write $n: status $rc"
		[ $rc != 3 ] || grep -q ': write-failed: ' err ||
			echo "write $n: $(cat err)"
		named=$((named + $(grep -c "$2" err)))
		parse -q -o s.db b.log 2>err || echo "write $n: $(cat err)"
		whole s.db || echo "write $n: not whole again"
		n=$((n + 1))
	done
	# SQLite keeps what the system said of the store, not of its journal.
	[ $n -gt 5 ] && [ $named -gt 5 ] && echo "all writes failed: $2"
}
each_write 28 'full'
each_write 122 'Disk quota exceeded'
each_write 5 'Input/output error'

# The same for records on a pipe, and for other outputs.
fault FAULT_WRITE_NTH=1 raxx-parse --key-file key a.log >out
echo "status $?"
parse -q a.log >/dev/full
echo "status $?"
printf '%sx\n' "$bad" >>a.log
echo old >rj
fault FAULT_WRITE_NTH=1 raxx-parse --key-file key -nq --force --rejects rj \
	a.log 2>err
echo "status $?, $(cat rj*) is there"
tail -n 1 err >&2
parse -q -o /dev/full a.log
echo "status $?"
