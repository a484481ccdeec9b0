#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# The bytes decide, not the name; gzip inside gzip is not opened.
lines 2 >a.log
cp a.log plain.log.gz
gzip -nc a.log >zipped.log
gzip -nc a.log >right.log.gz
gzip -nc right.log.gz >twice.log.gz
parse plain.log.gz zipped.log right.log.gz | records
parse -q <zipped.log | records
parse --rejects rejects twice.log.gz >/dev/null 2>err
echo "status $?"
cat err >&2
safe err rejects
wc -l <rejects
: >empty.gz
parse -q empty.gz | records
