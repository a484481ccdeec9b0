#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A byte order mark is dropped at the start only.
printf '\357\273\277%sone\n%s\357\273\277two\n' "$head" "$head" >a.log
parse a.log | records
printf '\357\273\277' >b.log
parse b.log | records
# Two files put one behind the other: the second has one, too.
printf '\357\273\277%sone\n' "$head" >c.log
cat c.log a.log | parse - | records
