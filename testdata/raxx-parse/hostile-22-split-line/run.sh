#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Heroku splits a message at 10000 bytes, also inside a character: two records,
# no byte lost.
{
	printf '%s' "$head"
	head -c 9999 /dev/zero | tr '\0' x
	printf '\303\n%s\251 rest\n' "$head"
} >a.log
parse a.log | records | awk '{ gsub(/xxx+/, "xxx"); print length(), $0 }'
parse a.log 2>/dev/null | tr -dc x | wc -c
