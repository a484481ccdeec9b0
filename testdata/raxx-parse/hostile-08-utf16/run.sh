#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# UTF-16 of either order, with CRLF; places are offsets into the file. Half a
# character at the end is told.
{
	printf '%sone\303\251\360\237\230\200\r\n' "$head"
	printf '%sx\r\n%stwo' "$bad" "$head"
} >a.log
command -v iconv >/dev/null 2>&1 || skip 'no iconv program'
for order in LE BE; do
	case $order in
	LE) printf '\377\376' ;;
	BE) printf '\376\377' ;;
	esac >$order.log
	iconv -f UTF-8 -t UTF-16$order <a.log >>$order.log
	parse $order.log >out
	echo "status $?"
	records <out
done
cp LE.log odd.log
printf '\n' >>odd.log
parse -q odd.log >out
echo "status $?"
grep -c '"kind":"app"' out
