#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Lines in any order: all kept, counted, and the same records as when sorted.
lines 40 >sorted.log
awk '{ line[NR] = $0 }
END {
	for (i = 1; i <= NR; i++)
		print line[i * 7 % (NR + 1)]
}' sorted.log >shuffled.log
parse -v shuffled.log >out
echo "status $?"
records <out | sed 's/"src":{[^}]*},//' | sort >a
parse -q sorted.log | records | sed 's/"src":{[^}]*},//' | sort | cmp - a &&
	wc -l <a
