#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# Heroku splits a message at 10000 bytes, also inside a character: two records,
# no byte lost.
{
	printf '%s' "$head"
	head -c 9999 /dev/zero | tr '\0' x
	printf '\303\n%s\251 rest\n' "$head"
} >a.log
parse a.log | records | awk '{ gsub(/xxx+/, "xxx"); print length(), $0 }'
parse a.log 2>/dev/null | tr -dc x | wc -c

# Colours of the app are cut as the rest is, here inside of one; the client that
# colours the header adds bytes which were not.
{
	printf '\033[36m%s\033[0m \033[1mSELECT\033[0m ' "${head% }"
	head -c 9982 /dev/zero | tr '\0' x
	printf '\033[3\n%s1mred\033[0m end\n' "$head"
} >colour.log
parse colour.log | records | awk '{ gsub(/xxx+/, "xxx"); print length(), $0 }'

# A blank at the cut is gone, for the client trims: the start of an object shows
# that there was more.
{
	printf '%s{"evt":"x","text":"' "$head"
	head -c 9980 /dev/zero | tr '\0' x
	printf '\n%smore"}\n' "$head"
} >trimmed.log
parse trimmed.log | records | awk '{ gsub(/xxx+/, "xxx"); print length(), $0 }'
