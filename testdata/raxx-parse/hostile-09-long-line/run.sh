#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A line of 1 MiB is kept whole.
{
	lines 1
	printf '%s' "$head"
	head -c 1048576 /dev/zero | tr '\0' x
	printf '\n'
	lines 1 1
} >a.log
parse a.log >out
awk '{ gsub(/x+/, "x"); print }' out | records
tr -dc x <out | wc -c
