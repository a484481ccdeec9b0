#!/bin/sh
# usage: crash.sh BIN [RUNS]
# Kills raxx-parse -o while it writes: at random moments, and, if strace is
# here, at every write and sync of a small load.  After each, the same command
# again must give the store of an undisturbed run.  SEED=n: other moments.
set -u

bin=$(cd "${1:?usage: crash.sh BIN [RUNS]}" && pwd) || exit 3
runs=${2:-25}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/crash.XXXXXX") || exit 3
trap 'rm -rf "$tmp"' EXIT
trap 'exit 3' HUP INT TERM
cd "$tmp" || exit 3
passed=0 failed=0

have_sqlite=1
command -v sqlite3 >/dev/null 2>&1 || {
	have_sqlite=0
	echo 'crash: no sqlite3 program: contents are not compared'
}

# make FILES LINES: overlapping inputs, a dump among them
make_inputs() {
	rm -f ./*.log ./*.csv
	awk -v files="$1" -v lines="$2" 'BEGIN {
		for (f = 0; f < files; f++) {
			out = sprintf("api.drain.20260612T13%02d00Z.log", f)
			for (i = 0; i < lines; i++) {
				n = f * int(lines * 0.8) + i
				printf "<190>1 2026-06-12T%02d:%02d:%02d.%06d" \
				    "+00:00 host app web.1 - line %d of %d\n", \
				    n / 3600 % 24, n / 60 % 60, n % 60, \
				    n % 1000000, n, n * 7 % 1000 > out
			}
			close(out)
		}
		for (i = 0; i < lines / 10; i++)
			print "a,b,c\n" i "," i * 2 ",x" > "thing.csv"
	}'
}

load() {
	"$bin/raxx-parse" --key-file "$tmp/key" --taken-at 2026-06-12T23:00Z \
		-o "$1" ./*.log ./*.csv 2>"$tmp/err"
}

content() {
	if [ $have_sqlite = 1 ]; then
		sqlite3 "$1" .dump
	else
		echo 'not compared'
	fi
}

# judge NAME STORE: load again and compare
judge() {
	why=
	if ! load "$2"; then
		why="loading again: $(tail -n 1 "$tmp/err")"
	elif [ -e "$2-journal" ]; then
		why='a journal is left'
	elif [ $have_sqlite = 1 ] &&
	    [ "$(sqlite3 "$2" 'PRAGMA integrity_check')" != ok ]; then
		why='integrity_check'
	elif ! content "$2" | cmp -s - "$tmp/want"; then
		why='another content'
	fi
	rm -f "$2" "$2-journal" "$2-load"
	if [ -z "$why" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "crash: $1: $why"
	fi
}

undisturbed() {
	rm -f whole.db
	load whole.db || {
		cat "$tmp/err"
		echo 'crash: 0 passed, 1 failed'
		exit 1
	}
	content whole.db >"$tmp/want"
}

# Random moments of a load of about 5 MB.
make_inputs 6 12000
undisturbed
awk -v seed="${SEED:-1}" -v runs="$runs" 'BEGIN {
	srand(seed)
	for (i = 0; i < runs; i++)
		printf "%.3f\n", 0.01 + rand() * rand() * 0.8
}' >moments
while read -r moment; do
	"$bin/raxx-parse" --key-file key --taken-at 2026-06-12T23:00Z \
	    -o s.db ./*.log ./*.csv 2>/dev/null &
	pid=$!
	sleep "$moment"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	judge "killed after $moment s" s.db
done <moments

# at_every CALLS: killed at the first of these calls, the second ...
at_every() {
	n=1
	while strace -f -o /dev/null -e "trace=$1" -e \
	    "inject=$1:signal=KILL:when=$n" "$bin/raxx-parse" \
	    --key-file "$tmp/key" --taken-at 2026-06-12T23:00Z \
	    -o s.db ./*.log ./*.csv 2>/dev/null; [ $? = 137 ]; do
		judge "killed at $1 $n" s.db
		n=$((n + 1))
	done
	rm -f s.db s.db-journal s.db-load
}

# Every write and sync of a small one; of a larger one, that extends a copy of
# the store, what puts it in place.
if strace -o /dev/null true 2>/dev/null; then
	make_inputs 2 30
	undisturbed
	for calls in pwrite64 fdatasync,fsync unlink,unlinkat,ftruncate; do
		at_every $calls
	done
	make_inputs 2 14000
	undisturbed
	for calls in rename,renameat,renameat2 fdatasync,fsync fchmod \
	    unlink,unlinkat; do
		at_every $calls
	done
else
	echo 'crash: no strace: writes are not interrupted one by one'
fi

echo "crash: $passed passed, $failed failed"
[ $failed = 0 ]
