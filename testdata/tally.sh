#!/bin/sh
# usage: tally.sh LOGDIR [-q] NAME COMMAND...   run, show, count
#        tally.sh LOGDIR --sum                  one line for all that ran
#
# COMMAND's output is shown (with -q: only if it fails) and kept in
# LOGDIR/NAME.log.  Counted are lines that end in "N passed, N failed" and
# libcheck's "Checks: N, Failures: N, Errors: N".  A command without such a
# line is one check: its exit status.  One that fails and counts no failure
# (it crashed) has failed once more.
set -u

log=$1
shift

if [ "$1" = --sum ]; then
	cat "$log"/*.count 2>/dev/null | awk '
		{ p += $1; f += $2 }
		END {
			printf "%d passed, %d failed\n", p, f
			exit f > 0 || p == 0
		}'
	exit
fi

quiet=0
if [ "$1" = -q ]; then
	quiet=1
	shift
fi
name=$1
shift

mkdir -p "$log"
rc=$log/$name.rc
{
	"$@" 2>&1
	echo $? >"$rc"
} | if [ $quiet = 1 ]; then
	cat >"$log/$name.log"
else
	tee "$log/$name.log"
fi
status=$(cat "$rc")
rm -f "$rc"

awk -v status="$status" '
	/[0-9]+ passed, [0-9]+ failed$/ {
		n++; p += $(NF - 3); f += $(NF - 1)
	}
	/Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
		n++; bad = $(NF - 2) + $NF; f += bad; p += $(NF - 4) - bad
	}
	END {
		if (status && !f)
			f = 1
		else if (!n)
			p = 1
		print p + 0, f + 0
	}' "$log/$name.log" >"$log/$name.count"

read -r passed failed <"$log/$name.count"
if [ $quiet = 1 ] && [ "$failed" != 0 ]; then
	cat "$log/$name.log"
fi
line="$name: $passed passed, $failed failed"
if [ $quiet = 1 ] || ! tail -n 1 "$log/$name.log" | grep -qx "$line"; then
	echo "$line"
fi
[ "$failed" = 0 ] && [ "$status" = 0 ]
