#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# CR, VT, FF, NEL, U+2028 and U+2029 inside a line end no line.
printf '%sa\rb\013c\014d\302\205e\342\200\250f\342\200\251g\n' "$head" >a.log
parse -v a.log 2>err | records
cat err >&2
safe err
