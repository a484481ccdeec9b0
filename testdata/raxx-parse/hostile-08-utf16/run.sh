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

# Places are those in the input, where these have two bytes each.
places() {
	sed -n 's/.*"byte":\([0-9]*\).*/\1/p'
}
printf '[%s,\n   %s]' '{"version":1,"description":"x","user":null,"created_at":"zz"}' \
	'{"version":1,"description":"x","user":null,"created_at":"2026-06-12T13:00:00Z"}' \
	>raxx-api-prod.releases.json
for f in "$TOP/testdata/formats/otlp" "$TOP/testdata/formats/papertrail-json" \
	raxx-api-prod.releases.json; do
	name=${f##*/}
	mkdir -p wide
	iconv -f UTF-8 -t UTF-16LE "$f" >"wide/$name"
	parse -q --rejects narrow.rejects "$f" 2>/dev/null | cat - narrow.rejects |
	    places | awk '{ print 2 * $1 }' >narrow
	parse -q --rejects wide.rejects "wide/$name" 2>/dev/null |
	    cat - wide.rejects | places | cmp - narrow && wc -l <narrow
	rm -f ./*.rejects
done
