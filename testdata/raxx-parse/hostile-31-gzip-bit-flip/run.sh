#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Every byte of a gzip file of two members changed: lines before the damage
# are kept as they were, nothing crashes, the account holds.
lines 20 | gzip -n >whole.gz
lines 3 20 | gzip -n >>whole.gz
parse whole.gz 2>/dev/null >want
size=$(wc -c <whole.gz)
n=0 told=0 tried=0
while [ "$n" -lt "$size" ]; do
	byte=$(od -An -tu1 -j "$n" -N 1 whole.gz)
	{
		head -c "$n" whole.gz
		# shellcheck disable=SC2059 # an octal escape
		printf "\\$(printf %o $((byte ^ 1 << n % 8)))"
		tail -c +$((n + 2)) whole.gz
	} >flip.log.gz
	parse --format heroku-text flip.log.gz >out 2>err
	rc=$?
	[ $rc -le 1 ] || echo "byte $n: status $rc: $(cat err)"
	balanced err || echo "byte $n: not balanced"
	[ "$(safe err)" = safe ] || echo "byte $n: not safe"
	grep -q 'gzip-[a-z]*' err && told=$((told + 1))
	tried=$((tried + 1))
	n=$((n + every))
done
[ $told -gt $((tried * 3 / 4)) ] && echo 'most were told'
exit 0
