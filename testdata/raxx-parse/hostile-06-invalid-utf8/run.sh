#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# No UTF-8, overlong, a surrogate, beyond Unicode, a cut character: \xNN.
{
	printf '%sa\377b\n%sa\300\257b\n' "$head" "$head"
	printf '%sa\355\240\200b\n%sa\364\220\200\200b\n' "$head" "$head"
	printf '%sa\342\202\n%sa\303\251 fine\n' "$head" "$head"
	printf '%sx\377\n' "$bad"
} >a.log
parse a.log >out 2>err
echo "status $?"
cat err >&2
records <out
if command -v iconv >/dev/null 2>&1; then
	iconv -f UTF-8 -t UTF-8 <out >/dev/null && iconv -f UTF-8 <err >/dev/null
	echo "valid: $?"
else
	echo 'valid: 0'
fi
