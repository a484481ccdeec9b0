#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Several members; a border lies inside a line, one member is empty.
lines 4 >whole
head -c 30 whole | gzip -n >a.log.gz
gzip -n </dev/null >>a.log.gz
tail -c +31 whole | gzip -n >>a.log.gz
parse whole 2>/dev/null | records >want
parse -v a.log.gz >out
records <out | cmp - want && records <out | wc -l
