#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Name, comment and extra field of a gzip header are skipped: no path, never
# printed.
lines 2 | gzip -n >a.gz
{
	printf '\037\213\010\034\0\0\0\0\0\003\377\377'
	head -c 65535 /dev/zero | tr '\0' E
	printf '../../../../tmp/raxx-hostile\0'
	printf '\033]0;comment\007\033[2J\0'
	tail -c +11 a.gz
} >a.log.gz
parse -v a.log.gz >out 2>err
echo "status $?"
cat err >&2
safe err out
records <out
test -e /tmp/raxx-hostile || ls
