#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A header that is none: refused before any row, the other inputs are read.
printf 'id,a,a\n1,2,3\n' >repeated.csv
printf 'id,,a\n1,2,3\n' >empty.csv
printf 'id,"a\033[2J",b\n1,2,3\n' >hostile.csv
printf 'id,"a,b\n1,2,3\n' >open.csv
awk 'BEGIN {
	for (i = 0; i < 5000; i++)
		printf "%sc%d", i ? "," : "", i
	print ""
}' >wide.csv
printf 'id,a,b\n1,2,3\n' >good.csv
for f in repeated empty hostile open wide; do
	parse -q -o s.db $f.csv good.csv 2>err
	echo "status $?"
	cat err >&2
	safe err
done
parse -v -o s.db good.csv
