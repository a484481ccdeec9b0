#!/bin/sh
# usage: count.sh NAME FILE...   how many of the needles the files hold
name=$1
shift
found=0 control=missing
while read -r needle; do
	grep -aFq -e "$needle" "$@" || continue
	if [ "$needle" = Control7Needle ]; then
		control=found
	else
		found=$((found + 1))
		echo "$name: found $needle"
	fi
done < needles
echo "$name: $found found, control $control"
