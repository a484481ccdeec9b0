#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# An input large enough to extend a copy of the store, which takes its place:
# writes and syncs fail in turn, and the program is killed before reads
# and writes. The store is as before the input, or as after it; the next run
# makes it whole.
need_fault
need_sqlite
lines 30 >a.log
lines 14000 20 >b.log
parse -q -o before.db a.log
cp before.db want.db
parse -q -o want.db b.log
for store in before want; do
	sqlite3 $store.db .dump >$store.dump
done

# is WHICH: has s.db that content?
is() {
	sqlite3 s.db .dump | cmp -s - "$1.dump"
}

# load FAULT...: b.log into a copy of the store before
load() {
	cp before.db s.db
	fault "$@" FAULT_COUNT="$PWD/calls" raxx-parse -q --key-file key \
		--taken-at 2026-06-12T14:00Z -o s.db b.log 2>err
	rc=$?
}

again() {
	parse -q -o s.db b.log 2>err || echo "$1: $(cat err)"
	# What a killed run left goes when something is added.
	rm -f s.db-load
	is want || echo "$1: not whole again"
}

# each NAME CODE NUMBER STEP: calls of the kind that is counted as that number
each() {
	n=1 failed=0
	while :; do
		load "FAULT_$1_NTH=$n"
		calls=$(cut -d ' ' -f "$3" calls)
		[ "$calls" -ge $n ] || break
		if [ $rc = 3 ]; then
			failed=$((failed + 1))
			grep -q "$2" err || echo "$1 $n: $(cat err)"
			[ ! -e s.db-load ] || echo "$1 $n: a draft is left"
			is before || is want ||
				echo "$1 $n: neither before nor after"
		else
			is want || echo "$1 $n: status $rc"
		fi
		again "$1 $n"
		n=$((n + $4))
	done
	[ $failed -gt 1 ] && echo "$1: all failed"
}
each WRITE write-failed 2 3
each SYNC sync-failed 3 1

n=1
while :; do
	load FAULT_AT=$n FAULT_SIGNAL=9
	[ $rc = 137 ] || break
	again "killed $n"
	n=$((n + 5))
done
[ $n -gt 10 ] && echo 'killed'
