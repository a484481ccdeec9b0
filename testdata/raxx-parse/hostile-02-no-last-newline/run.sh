#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

lines 3 >a.log
printf '%slast' "$head" >>a.log
parse a.log | records
