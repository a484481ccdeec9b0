#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

printf '\n%sone\n\n  \t\n\r\n%stwo\n\n' "$head" "$head" >a.log
parse -v a.log | records
