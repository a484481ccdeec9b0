#!/bin/sh
# usage: fuzz.sh BUILD SECONDS TARGET...
# Run each libFuzzer target.  What it learns stays in BUILD/corpus, an input
# that breaks it goes to BUILD/crash: once mended, copy it to
# testdata/fuzz/TARGET/, where `make check` replays it for ever.
set -u

build=$1 seconds=$2
shift 2
passed=0 failed=0

# The memory limit is for the program, not for the many copies that a fast
# target's inputs leave in the sanitizer's quarantine.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=32
export ASAN_OPTIONS

for t; do
	seeds=testdata/fuzz/$t
	[ -d "$seeds" ] || seeds=
	dict=testdata/fuzz/$t.dict
	[ -f "$dict" ] || dict=
	mkdir -p "$build/corpus/$t" "$build/crash" "$build/log"
	log=$build/log/$t.log
	echo "fuzz: $t, $seconds s"
	if "$build/libfuzzer/$t" -max_total_time="$seconds" -max_len=65536 \
	    -timeout=5 -rss_limit_mb=512 -use_value_profile=1 \
	    -print_final_stats=1 -artifact_prefix="$build/crash/$t-" \
	    ${dict:+-dict="$dict"} "$build/corpus/$t" ${seeds:+"$seeds"} \
	    >"$log" 2>&1; then
		passed=$((passed + 1))
		grep number_of_executed_units "$log"
	else
		failed=$((failed + 1))
		tail -n 60 "$log"
	fi
done

echo "fuzz: $passed passed, $failed failed"
[ $failed = 0 ]
