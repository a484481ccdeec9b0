#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A wrong checksum or length: all lines are kept, the source is marked.
lines 3 | gzip -n >whole.gz
n=$(wc -c <whole.gz)
{
	head -c $((n - 8)) whole.gz
	printf '\0\0\0\0'
	tail -c 4 whole.gz
} >crc.log.gz
{
	head -c $((n - 4)) whole.gz
	printf '\377\377\377\377'
} >length.log.gz

# The members behind such a one are read too, with a line across the border.
{
	cat crc.log.gz
	lines 9 3 | gzip -n
} >first.log.gz
lines 12 >twelve
head -c 200 twelve | gzip -n >one.gz
n=$(wc -c <one.gz)
{
	head -c $((n - 4)) one.gz
	printf '\377\377\377\377'
	tail -c +201 twelve | gzip -n
	printf '%sno newline' "$head" | gzip -n
} >border.log.gz
for f in crc length first border; do
	parse $f.log.gz >out
	echo "status $?"
	grep -c '"kind":"app"' out
	grep -o '"damaged":"[^"]*"' out
done
