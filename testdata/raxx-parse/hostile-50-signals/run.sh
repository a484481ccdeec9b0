#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A signal at reads and writes (STEP=1: at all): the input under way is given up, the
# program ends by the signal, no file is left beside the store, and the next
# run completes it.
need_fault
need_sqlite
lines 300 >a.log
lines 300 200 >b.log
parse -q -o before.db a.log
cp before.db want.db
parse -q -o want.db b.log
for signal in 2 15 1; do
	n=$signal ended=0
	while :; do
		cp before.db s.db
		fault FAULT_AT=$n FAULT_SIGNAL=$signal FAULT_COUNT="$PWD/calls" \
			raxx-parse -q --key-file key -o s.db a.log b.log \
			--taken-at 2026-06-12T14:00Z 2>err
		rc=$?
		[ $rc != 0 ] || break
		[ $rc = $((128 + signal)) ] || echo "$n: status $rc"
		[ ! -e s.db-journal ] || echo "$n: a journal is left"
		if ! whole s.db; then
			same s.db before.db || echo "$n: something else"
			grep -q ': interrupted$' err || echo "$n: $(cat err)"
			ended=$((ended + 1))
		fi
		parse -q -o s.db a.log b.log || echo "$n: again: status $?"
		whole s.db || echo "$n: not whole again"
		n=$((n + ${STEP:-16}))
	done
	[ $ended -gt 0 ] && echo "signal $signal: gave up"
done
fault FAULT_AT=3 FAULT_SIGNAL=2 raxx-parse --key-file key -n a.log b.log
echo "status $?"
