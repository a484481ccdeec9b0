#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# One CR before LF goes, a second one stays; lines with LF alone may be among
# them.
printf '%sone\r\n%stwo\n%sthree\r\r\n\r\n%slast\r' "$head" "$head" "$head" \
	"$head" >a.log
parse a.log | records
