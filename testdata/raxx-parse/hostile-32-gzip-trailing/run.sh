#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Bytes behind the last member: garbage is told, zero padding is none.
lines 3 | gzip -n >a.log.gz
{
	cat a.log.gz
	head -c 100000 /dev/zero
} >padded.log.gz
{
	cat a.log.gz
	printf 'garbage \033[2J'
} >garbage.log.gz
{
	cat padded.log.gz
	printf '\037'
} >both.log.gz
for f in padded garbage both; do
	parse $f.log.gz 2>err >out
	echo "status $?"
	cat err >&2
	safe err
	grep -c '"kind":"app"' out
	grep -o '"damaged":"[^"]*"' out
done
exit 0
