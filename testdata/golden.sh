#!/bin/sh
# usage: golden.sh [CASE...]            run all cases, or those named
#        golden.sh --update CASE...     rewrite what they want, show the diff
#
# A case is a folder testdata/PROGRAM/NAME with a file `cmd`, one shell line,
# run in a copy of the folder with the built programs first in PATH.
# want.out, want.err and want.rc (0 if absent) are what it must give; without
# want.out or want.err that stream is not compared.  In the line, $TOP is the
# top of the sources and $CASE the folder of the case.  A case that needs what
# this machine lacks says so on stderr and exits with 77: it is skipped.
# FAULT, when set, is build/fault.so: see testdata/fault/fault.c.
set -u

TOP=$(cd "$(dirname "$0")/.." && pwd) || exit 3
cd "$TOP" || exit 3
bin=$(cd "${BIN:-build/bin}" && pwd) || exit 3

FAULT=${FAULT:+$(cd "$(dirname "$FAULT")" && pwd)/${FAULT##*/}}

update=0
if [ "${1-}" = --update ]; then
	update=1
	shift
	if [ $# = 0 ]; then
		echo 'golden: --update needs a case: CASE=raxx-parse/crlf' >&2
		exit 2
	fi
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/golden.XXXXXX") || exit 3
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
trap 'exit 3' HUP INT TERM

limit=
if timeout 1 true 2>/dev/null; then
	limit="timeout ${CASE_SECONDS:-300}"
fi

unset RAXX_RULES RAXX_SITE NO_COLOR CLICOLOR_FORCE CDPATH
PATH=$bin:$PATH
LC_ALL=C
TZ=UTC
export TOP PATH LC_ALL TZ FAULT
umask 022

# run CASE: leaves $tmp/out, $tmp/err, $tmp/rc
run() {
	chmod -R u+w "$tmp"
	rm -rf "${tmp:?}"/*
	mkdir "$tmp/home" "$tmp/config" "$tmp/tmp"
	cp -R "testdata/$1" "$tmp/case"
	rm -f "$tmp"/case/want.*
	(
		cd "$tmp/case" || exit 3
		HOME=$tmp/home XDG_CONFIG_HOME=$tmp/config TMPDIR=$tmp/tmp \
			CASE=$TOP/testdata/$1 \
			$limit sh ./cmd >"$tmp/out" 2>"$tmp/err" </dev/null
	)
	echo $? >"$tmp/rc"
}

# want CASE PART: the file that PART is compared with
want() {
	if [ -f "testdata/$1/want.$2" ]; then
		echo "testdata/$1/want.$2"
	elif [ "$2" = rc ]; then
		echo 0 >"$tmp/zero"
		echo "$tmp/zero"
	fi
}

# differ CASE: prints the differences; true if there are any
differ() {
	differs=1
	for part in rc err out; do
		w=$(want "$1" $part)
		[ -n "$w" ] || continue
		cmp -s "$w" "$tmp/$part" && continue
		differs=0
		diff -u -L "$1/want.$part" -L "$1: $part" "$w" "$tmp/$part"
	done
	return $differs
}

rewrite() {
	cp "$tmp/out" "testdata/$1/want.out"
	if [ -s "$tmp/err" ] || [ -f "testdata/$1/want.err" ]; then
		cp "$tmp/err" "testdata/$1/want.err"
	fi
	if [ "$(cat "$tmp/rc")" = 0 ]; then
		rm -f "testdata/$1/want.rc"
	else
		cp "$tmp/rc" "testdata/$1/want.rc"
	fi
}

cases() {
	for c in testdata/*/*/cmd; do
		c=${c#testdata/}
		c=${c%/cmd}
		case $c in
		'*/*' | fuzz/* | gen/* | bench/*) ;;
		*) echo "$c" ;;
		esac
	done
}

if [ $# = 0 ]; then
	# Names of cases hold no white space.
	# shellcheck disable=SC2046
	set -- $(cases)
fi

passed=0 failed=0
for c; do
	c=${c#testdata/}
	c=${c%/}
	if [ ! -f "testdata/$c/cmd" ]; then
		echo "golden: no such case: testdata/$c/cmd" >&2
		exit 2
	fi
	run "$c"
	if [ "$(cat "$tmp/rc")" = 77 ]; then
		echo "golden: $c: skipped: $(tail -n 1 "$tmp/err")"
	elif [ $update = 1 ]; then
		for part in out err; do
			[ -f "testdata/$c/want.$part" ] || [ ! -s "$tmp/$part" ] ||
				: >"testdata/$c/want.$part"
		done
		differ "$c"
		rewrite "$c"
	elif differ "$c"; then
		failed=$((failed + 1))
		echo "golden: $c: failed"
		if [ -z "$(want "$c" err)" ] && [ -s "$tmp/err" ]; then
			sed 's/^/    stderr: /' "$tmp/err"
		fi
	else
		passed=$((passed + 1))
	fi
done

[ $update = 1 ] && exit 0
echo "golden: $passed passed, $failed failed"
[ $failed = 0 ]
