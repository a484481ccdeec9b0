#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A small gzip file of three members cut at every byte: what was decoded up to
# there is kept, the damage is told, the account holds.
lines 3 >a
lines 3 3 >b
lines 3 6 >c
for f in a b c; do
	gzip -nc $f
done >whole.gz
size=$(wc -c <whole.gz)
a=$(gzip -nc a | wc -c)
b=$(gzip -nc b | wc -c)
n=1 last=0
while [ "$n" -lt "$size" ]; do
	head -c "$n" whole.gz >cut.log.gz
	parse --format heroku-text cut.log.gz >out 2>err
	rc=$?
	kept=$(grep -c '"kind":"app"' out)
	want=1
	case $n in
	1 | "$((a + 1))" | "$((a + b + 1))") damage= ;;
	"$a" | "$((a + b))") want=0 damage= ;;
	*) damage="gzip-truncated at byte $n" ;;
	esac
	[ $rc = $want ] || echo "cut at $n: status $rc"
	[ -z "$damage" ] || grep -q ": $damage\$" err ||
		echo "cut at $n: $(cat err)"
	[ "$kept" -ge "$last" ] || echo "cut at $n: $kept lines, $last before"
	balanced err || echo "cut at $n: not balanced"
	last=$kept
	n=$((n + every))
done
[ "$last" -ge 6 ] && echo 'more and more lines'
