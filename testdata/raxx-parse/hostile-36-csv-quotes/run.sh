#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Quoted newlines, "" and CRLF, behind a byte order mark: exact.
printf '\357\273\277id,text,note\r\n1,"a\r\nb ""c"", d\n",""\r\n2,,"""""\n"\r\n3," x ",y' \
	>things.csv
parse -v things.csv | records
