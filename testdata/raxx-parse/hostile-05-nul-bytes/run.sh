#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A NUL byte ends no text: the record has \x00, and what is behind it.
printf '%sa\0b\0\0c\n%splain\n%sx\0y\n' "$head" "$head" "$bad" >a.log
parse a.log >out 2>err
echo "status $?"
cat err >&2
safe err out
records <out
