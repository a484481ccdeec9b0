#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# A store that is none of ours, cut or damaged is refused and stays as it is,
# byte for byte.
lines 2000 >a.log
lines 3 9000 >b.log
parse -q -o good.db a.log
size=$(wc -c <good.db)

# damage NAME OFFSET: eight bytes of it overwritten
damage() {
	{
		head -c "$2" good.db
		printf '\377\376\377\376\377\376\377\376'
		tail -c +$(($2 + 9)) good.db
	} >"$1.db"
}

printf 'just text\n' >text.db
head -c 4096 /dev/zero >zeros.db
head -c 100 good.db >header.db
head -c $((size - 8192)) good.db >cut.db
head -c $((size - 100)) good.db >torn.db
{
	cat good.db
	echo more
} >grown.db
damage application 68
damage version 60
damage schema 100
damage page-size 16
for s in text zeros header cut torn grown application version schema \
	page-size; do
	sha256sum $s.db >sum
	parse -o $s.db b.log 2>err
	echo "status $?"
	cat err >&2
	safe err
	sha256sum -c sum >/dev/null || echo "$s: changed"
	[ ! -e $s.db-journal ] || echo "$s: a journal is left"
done
