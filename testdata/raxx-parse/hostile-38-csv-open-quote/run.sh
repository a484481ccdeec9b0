#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A quote that is never closed takes no later row into its own.
printf 'id,a,b\n1,x,y\n2,"x,y\n3,x,y\n4,x,y\n' >things.csv
parse things.csv >out 2>err
echo "status $?"
records <out
cat err >&2
{
	printf 'id,a,b\n1,"x,y\n'
	awk 'BEGIN { for (i = 2; i < 20000; i++) print i ",x,y" }'
} >many.csv
parse -n many.csv
echo "status $?"
