#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# UTF-16 of either order, with CRLF; places are offsets into the file. Half a
# character at the end is told. Without a byte order mark the NULs tell. In a file
# that is none such lines are rejected, and a secret in them is not shown.
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
for order in LE BE; do
	iconv -f UTF-8 -t UTF-16$order <a.log >bare.log
	parse bare.log >out
	echo "status $?"
	records <out
done
{
	printf '%s%s\n' "$head" one
	printf '%sDATABASE_PASSWORD=hunter2\r\npassword: hunter2\r\n' "$head" |
	    iconv -f UTF-8 -t UTF-16LE
} >mixed.log
for format in heroku-text rfc5424 drain-frames csv unknown; do
	parse -q --format $format --rejects $format.rejects mixed.log >$format.out
done
records <heroku-text.out
tr -d '\000' <mixed.log | grep -c hunter2
for f in *.rejects *.out; do
	sed -e 's/\\u0000//g' -e 's/\\x00//g' <"$f" | tr -d '\000' |
	    grep -c hunter2 | sed "s/^/$f /"
done
