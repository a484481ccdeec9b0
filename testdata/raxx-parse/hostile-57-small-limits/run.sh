#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Few descriptors, a small stack, little memory: success or a clear reason.
[ -n "$FAULT" ] || skip 'not with sanitizers'
need_sqlite
lines 3000 >a.log
gzip -nc a.log >b.log.gz
parse -q -o want.db a.log b.log.gz

limited() {
	what=$*
	(
		ulimit "$@" || exit 77
		parse -q -o s.db a.log b.log.gz
	) 2>err
	rc=$?
	if [ $rc = 0 ]; then
		whole s.db && echo "$what: success"
	else
		[ $rc = 3 ] || [ $rc = 127 ] || echo "$what: status $rc"
		grep -q -e out-of-memory -e 'annot allocate' \
			-e 'Too many open files' -e 'shared librar' \
			-e 'unable to open' err || echo "$what: $(cat err)"
		parse -q -o s.db a.log b.log.gz && whole s.db ||
			echo "$what: not whole again"
	fi
	rm -f s.db
}

limited -n 8
limited -s 64
for n in 3 4 5 6 7; do
	limited -n $n | grep -v success
done
kb=4000
while [ $kb -lt 60000 ]; do
	limited -v $kb | grep -v success
	kb=$((kb + 4000))
done
limited -v 100000
