#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Lines without a time and source: those of a stack trace belong to the message
# before them, those that no message comes before are rejected.
{
	printf 'the end of something \033[2J\n'
	lines 1
	printf 'Traceback (most recent call last):\n'
	printf '  File "/app/x.py", line 3, in f\n'
	printf 'ValueError: \033[31mno\033[0m\n'
	lines 1 1
} >a.log
parse a.log >out 2>err
echo "status $?"
records <out
cat err >&2
safe err
balanced err && echo balanced
