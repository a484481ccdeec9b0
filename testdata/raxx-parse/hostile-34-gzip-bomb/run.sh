#!/bin/sh
# shellcheck source=testdata/raxx-parse/hostile.sh
. "$TOP/testdata/raxx-parse/hostile.sh"

# What is small packed and large unpacked: in little memory, and not beyond
# --max-plain.
head -c 67108864 /dev/zero | gzip -1n >zeros
lines 50000 >many
gzip -1nc many >packed
n=0
while [ $n -lt 16 ]; do
	cat zeros >>zeros.log.gz
	cat packed >>lines.log.gz
	n=$((n + 1))
done
(
	small_memory
	parse -n zeros.log.gz
	echo "status $?"
	parse -n lines.log.gz
	echo "status $?"
	parse -n --max-plain 100M zeros.log.gz
	echo "status $?"
	parse -n --max-plain 1M lines.log.gz
	echo "status $?"
	parse -n --max-plain 64K many
	echo "status $?"
)
parse -q -o s.db --max-plain 1K many
parse -v -o s.db --max-plain 1K many
lines 10 >ten
gzip -nc ten >ten.gz
for f in ten ten.gz; do
	parse -o $f.db --max-plain 100 $f
	parse -o $f.db $f
done
parse --max-plain "$(wc -c <ten)" ten | records | wc -l
for n in 0 -1 1X 99999999T ''; do
	parse --max-plain "$n" ten
	echo "status $?"
done
