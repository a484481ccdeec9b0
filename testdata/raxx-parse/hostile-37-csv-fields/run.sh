#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

printf 'id,a,b\n1,x,y\n2,x\n3,x,y,z\n\n4,x,y\n5\033[2J\n' >things.csv
parse things.csv >out 2>err
echo "status $?"
records <out
cat err >&2
safe err
balanced err && echo balanced
