#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# One byte over the limit, then 1 GiB from a pipe in little memory: the
# neighbours stay.
long() {
	lines 1
	head -c "$1" /dev/zero | tr '\0' x
	printf '\n'
	lines 1 1
}

long 16777216 | parse -n
echo "status $?"
long 16777217 | parse | records | cut -c 1-150
long 1073741824 | (
	small_memory
	parse -n
	echo "status $?"
)
